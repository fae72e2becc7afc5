"""The check of a set-up: what it says where a thing is missing, and the cure for each system.

The tests change what a check reads, never the check.
"""

import getpass
import importlib
import os
import platform
import re
import shutil
import site
import subprocess
import sys
import sysconfig
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from helpers.classroom.profiles import PROFILES
from helpers.classroom.setup import course, lessons, lines, machine, training
from helpers.faces import choice, download
from helpers.machine import hardware
from tests.fresh_python import run_python
from tests.lesson_tools import ROOT
from tests.machine.computers import GIB, forget_limits

check_setup = importlib.import_module("helpers.classroom.check_setup")  # not the function
SYSTEMS = ("Linux", "Darwin", "Windows")
PROCESSOR = {"Linux": "x86_64", "Darwin": "arm64", "Windows": "AMD64"}
on_each_system = pytest.mark.parametrize("system", SYSTEMS, indirect=True)


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch, tmp_path):
    forget_limits(monkeypatch)
    monkeypatch.delenv("COURSE_FACES", raising=False)
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(choice, "COURSE_FILE", tmp_path / "course.toml")


@pytest.fixture
def system(monkeypatch, request):
    """The name of the system that this computer is taken for."""
    name = request.param
    monkeypatch.setattr(platform, "system", lambda: name)
    monkeypatch.setattr(platform, "machine", lambda: PROCESSOR[name])
    monkeypatch.setattr(sysconfig, "get_platform", lambda: "win-amd64")
    return name


def cured(line, state, check):
    """The cure of a line that must have this state and check, and be for the computer's system."""
    assert (line.state, line.check) == (state, check), line
    assert line.told and line.cure
    assert line.text().splitlines()[0].split()[0] == state
    return line.cure


# Python and computer


@on_each_system
@pytest.mark.parametrize("version", [(3, 9, 18), (3, 14, 0), (2, 7, 18), (4, 0, 0)])
def test_a_python_without_a_wheel_of_tensorflow_is_a_stop(monkeypatch, system, version):
    monkeypatch.setattr(sys, "version_info", version)
    cure = cured(check_setup.check_python(), "stop", "Python")
    assert "3.10 to 3.13" in check_setup.check_python().told
    commands = {
        "Linux": "apt install python3.12-venv",
        "Darwin": "brew install python@3.12",
        "Windows": "winget install Python.Python.3.12",
    }
    in_course = lines.in_course_environment() or not (ROOT / ".venv").is_dir()
    assert (commands[system] if in_course else "helpers.classroom.check_setup") in cure
    assert [name for name in commands.values() if name in cure] in ([], [commands[system]])


@pytest.mark.parametrize("version", [(3, 10, 0), (3, 11, 7), (3, 12, 1), (3, 13, 9)])
def test_the_pythons_of_the_readme_are_good(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    assert check_setup.check_python().state == "ok"


@pytest.mark.parametrize(
    ("of", "name", "value"),
    [
        (sys, "maxsize", 2**31 - 1),
        (platform, "python_implementation", lambda: "PyPy"),
        (sysconfig, "get_config_var", lambda name: 1 if name == "Py_GIL_DISABLED" else None),
    ],
)
def test_a_python_of_another_kind_is_a_stop(monkeypatch, of, name, value):
    monkeypatch.setattr(of, name, value)
    cured(check_setup.check_python(), "stop", "Python")


@on_each_system
def test_a_usual_computer_is_good(system):
    assert check_setup.check_computer().state == "ok"


@pytest.mark.parametrize(
    ("system", "processor", "wheels", "state"),
    [
        ("Darwin", "x86_64", "macosx-10.9-universal2", "look"),
        ("Windows", "ARM64", "win-arm64", "stop"),
        ("Windows", "x86", "win32", "stop"),
        ("Windows", "ARM64", "win-amd64", "look"),
        ("Linux", "aarch64", "linux-aarch64", "look"),
        ("Linux", "riscv64", "linux-riscv64", "stop"),
        ("FreeBSD", "amd64", "freebsd-14-amd64", "stop"),
    ],
)
def test_a_computer_without_a_wheel_is_led_to_the_browser(
    monkeypatch, system, processor, wheels, state
):
    monkeypatch.setattr(platform, "system", lambda: system)
    monkeypatch.setattr(platform, "machine", lambda: processor)
    monkeypatch.setattr(sysconfig, "get_platform", lambda: wheels)
    monkeypatch.setattr(subprocess, "check_output", lambda *_, **__: b"0\n")
    line = check_setup.check_computer()
    assert lines.BROWSER in cured(line, state, "computer")
    assert processor in line.fact


@pytest.mark.parametrize("version", [(3, 10, 0), (3, 12, 1), (3, 13, 0)])
def test_an_intel_mac_has_a_tensorflow_for_the_older_pythons(monkeypatch, version):
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(sys, "version_info", version)

    def unknown(command, **_):
        raise subprocess.CalledProcessError(1, command)

    monkeypatch.setattr(subprocess, "check_output", unknown)
    line = check_setup.check_computer()
    assert "2.16.2" in line.told
    if version < (3, 13):
        assert lines.BROWSER in cured(line, "look", "computer")
    else:
        assert "3.10 to 3.12" in line.told
        assert "python@3.12" in cured(line, "stop", "computer")


def test_python_under_rosetta_gets_the_command_for_apple_silicon(monkeypatch):
    monkeypatch.setattr(platform, "system", lambda: "Darwin")
    monkeypatch.setattr(platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(subprocess, "check_output", lambda *_, **__: b"1\n")
    cure = cured(check_setup.check_computer(), "stop", "computer")
    assert "arch -arm64" in cure and lines.BROWSER not in cure


def test_alpine_has_no_wheel(monkeypatch):
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    monkeypatch.setattr(sysconfig, "get_config_var", lambda _: "x86_64-pc-linux-musl")
    cured(check_setup.check_computer(), "stop", "computer")


# Other Pythons


def pythons():
    """Every other Python 3 of this machine that can be found, by its version."""
    found, ours = {}, ".".join(map(str, sys.version_info[:2]))
    places = [Path.home() / ".pyenv" / "versions", Path("/usr/bin"), Path("/usr/local/bin")]
    for path in [each for place in places for each in place.glob("*/bin/python3")] + [
        place / f"python3.{minor}" for place in places[1:] for minor in range(6, 16)
    ]:
        if not path.exists():
            continue
        question = [str(path), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(question, capture_output=True, text=True)
        if answer.returncode == 0 and answer.stdout.strip() != ours:
            found.setdefault(answer.stdout.strip(), path)
    return found


PYTHONS = pythons()


@pytest.mark.parametrize("version", PYTHONS or ["none"])
def test_another_python_says_what_is_missing_and_ends_with_one(version, tmp_path):
    if not PYTHONS:
        pytest.skip("there is no other Python 3 on this machine")
    process = subprocess.run(
        [str(PYTHONS[version]), "-I", "-c", RUN_IT],
        cwd=ROOT,
        env={**os.environ, "COURSE_CACHE": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert (process.returncode, process.stderr) == (1, "")
    states = states_of(process.stdout)
    in_range = (3, 10) <= tuple(map(int, version.split("."))) <= (3, 13)
    assert states["packages" if in_range else "Python"] == "stop"
    assert in_range == (states["Python"] == "ok")
    assert process.stdout.splitlines()[-1].startswith(f"For your instructor: Python {version}.")


# As python -m, but without the site-packages of that Python: -I alone would hide the course, too.
RUN_IT = (
    "import runpy, sys; sys.path[:] = [p for p in sys.path if 'site-packages' not in p]; "
    f"sys.path.insert(0, {str(ROOT)!r}); sys.argv[:] = ['check_setup']; "
    "runpy.run_module('helpers.classroom.check_setup', run_name='__main__', alter_sys=True)"
)


def states_of(said):
    """{check: state} of what was printed."""
    rows = re.findall(r"^(ok|look|stop) +(.+?)  ", said, re.MULTILINE)
    return {check: state for state, check in rows}


@pytest.mark.parametrize("version", PYTHONS or ["none"])
def test_the_first_cell_says_which_python_is_needed(version, tmp_path):
    """Also where an old Python has the packages: this lazy_loader is never asked."""
    if not PYTHONS:
        pytest.skip("there is no other Python 3 on this machine")
    if version == "3.6":
        pytest.skip("a module of Python 3.6 can't answer for names that it has not")
    in_range = (3, 10) <= tuple(map(int, version.split("."))) <= (3, 13)
    loader = "None" if in_range else "object()"
    first_cell = (
        "import sys; sys.path[:] = [p for p in sys.path if 'site-packages' not in p]\n"
        f"sys.path.insert(0, {str(ROOT)!r}); sys.modules['lazy_loader'] = {loader}\n"
        "from helpers.classroom import start\n"
    )
    process = subprocess.run(
        [str(PYTHONS[version]), "-I", "-c", first_cell], cwd=ROOT, capture_output=True, text=True
    )
    said = process.stderr.splitlines()[-1]
    if in_range:
        assert said.startswith("ModuleNotFoundError: The course's packages are not installed")
    else:
        assert said.startswith("RuntimeError: The course can't run here. Python: this is ")
        assert "the course needs 3.10 to 3.13" in said


def test_before_anything_is_installed_only_python_and_the_computer_are_looked_at(capsys):
    assert check_setup.main(["--computer"]) == 0
    assert list(states_of(capsys.readouterr().out)) == ["Python", "computer"]


def test_without_packages_a_notebook_gets_the_check_and_a_sentence_for_everything_else():
    process = run_python(
        "import sys; sys.modules['lazy_loader'] = None\n"  # as if it were not installed
        "from helpers.classroom import check_setup\n"
        "assert callable(check_setup), check_setup\n"
        "try:\n    from helpers.classroom import start\n"
        "except ModuleNotFoundError as error:\n    print(error)\n"
    )
    assert process.returncode == 0, process.stderr
    assert "pip install" in process.stdout or "check_setup" in process.stdout


# The course's files, its folder, its packages


@pytest.fixture
def copy(monkeypatch, tmp_path):
    """The folder of a copy of the course, which the checks look at."""
    folder = tmp_path / "course"
    ignore = shutil.ignore_patterns("cache", "__pycache__", ".ipynb_checkpoints", "runs")
    for part in ("helpers", "data", "notebooks"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignore)
    for part in ("README.md", "requirements.txt"):
        shutil.copy(ROOT / part, folder)
    monkeypatch.setattr(course, "REPOSITORY_FOLDER", folder)
    monkeypatch.setattr(course, "DATA_FOLDER", folder / "data")
    return folder


def test_a_whole_course_is_good(copy):
    assert course.check_files().state == "ok"


@on_each_system
@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "notebooks" / "00_start_here.ipynb").unlink(),
        lambda folder: os.truncate(folder / "notebooks" / "08_faces_in_minutes.ipynb", 1000),
        lambda folder: os.truncate(folder / "data" / "lfw_registry.txt", 0),
        lambda folder: (folder / "data" / "growing_generator" / "weights.npz").unlink(),
        lambda folder: shutil.rmtree(folder / "helpers" / "training"),
        lambda folder: shutil.rmtree(folder / "data"),
        lambda folder: (folder / "README.md").unlink(),
    ],
)
def test_half_a_course_is_a_stop(copy, system, damage):
    damage(copy)
    cure = cured(course.check_files(), "stop", "files")
    assert ("Expand-Archive" if system == "Windows" else "unzip") in cure


def test_the_check_knows_all_of_the_courses_data():
    kept = [path for path in (ROOT / "data").rglob("*") if path.is_file()]
    names = {path.relative_to(ROOT / "data").as_posix() for path in kept}
    unread = {"README.md", "growing_faces.gif", "what_the_nets_draw.png"}  # pages show them
    unread.add("recorded_mistakes/mistakes.md")
    unread |= {name for name in names if name.endswith("/directions.json")}  # the site's alone
    elsewhere = ("cache/", "small_generator/", "drawn_generator/")  # the last two are the site's
    assert set(course.DATA) == {name for name in names if not name.startswith(elsewhere)} - unread


def test_every_wing_of_the_house_is_looked_for():
    wings = {path.parent.name for path in (ROOT / "helpers").glob("*/__init__.py")}
    assert set(course.WINGS) == wings


def test_where_a_part_of_the_code_is_missing_it_is_a_line_too(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "helpers.classroom.setup.machine", None)
    monkeypatch.delattr("helpers.classroom.setup.machine")
    assert check_setup.main([]) == 1
    assert states_of(capsys.readouterr().out)["files"] == "stop"


@pytest.mark.parametrize(
    ("system", "folder", "state"),
    [
        ("Windows", "/c/gans", "ok"),
        ("Windows", "/c/" + "long/" * 20, "look"),
        ("Linux", "/c/" + "long/" * 20, "ok"),
        ("Windows", "/c/OneDrive - School/gans", "look"),
        ("Darwin", "/Users/me/Library/Mobile Documents/gans", "look"),
        ("Linux", "/home/me/Dropbox/gans", "look"),
    ],
    indirect=["system"],
)
def test_a_long_or_shared_folder_is_told(monkeypatch, system, folder, state):
    monkeypatch.setattr(course, "REPOSITORY_FOLDER", Path(folder))
    line = course.check_folder()
    assert line.state == state
    if state == "look":
        assert ("Move-Item" if system == "Windows" else "mv ") in cured(line, "look", "folder")


@on_each_system
def test_a_course_that_can_not_be_written_is_to_be_copied(monkeypatch, system):
    monkeypatch.setattr(course, "can_be_written", lambda folder: False)
    cure = cured(course.check_folder(), "look", "folder")
    assert ("Copy-Item -Recurse" if system == "Windows" else "cp -r") in cure


@pytest.fixture
def installed(monkeypatch):
    """A function: from now on these packages have these versions; None stands for missing."""

    def install(**versions):
        real = metadata.version

        def version(name):
            found = versions.get(name.replace("-", "_"), "") or None
            if name.replace("-", "_") not in versions:
                return real(name)
            if found is None:
                raise metadata.PackageNotFoundError(name)
            return found

        monkeypatch.setattr(metadata, "version", version)

    return install


def test_what_is_installed_here_is_good():
    assert course.check_packages().state == "ok"


@on_each_system
@pytest.mark.parametrize(
    ("versions", "named"),
    [
        ({"pooch": None}, "pooch"),
        ({"keras": "3.4.0"}, "keras"),
        ({"tensorflow": None, "tensorflow_cpu": None}, "tensorflow"),
        ({"tensorflow": "2.15.1"}, "tensorflow"),
        ({"jupyterlab": None, "nbval": None}, "jupyterlab"),
    ],
)
def test_a_missing_or_old_package_is_a_stop(monkeypatch, system, installed, versions, named):
    monkeypatch.setattr(lines, "in_course_environment", lambda: True)
    installed(**versions)
    line = course.check_packages()
    cure = cured(line, "stop", "packages")
    assert named in line.told
    python = r".venv\Scripts\python" if system == "Windows" else ".venv/bin/python"
    assert f"{python} -m pip install" in cure and "requirements.txt" in cure


def test_binders_tensorflow_counts(installed):
    installed(tensorflow=None, tensorflow_cpu="2.20.0")
    line = course.check_packages()
    assert line.state == "ok" and "2.20.0" in line.fact


def test_what_only_tests_need_is_no_stop(installed):
    installed(nbval=None)
    cured(course.check_packages(), "look", "packages")


def test_a_notebook_that_runs_elsewhere_needs_no_jupyterlab(monkeypatch, installed):
    installed(jupyterlab=None, nbval=None)
    shell = SimpleNamespace(kernel=object())
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    assert course.check_packages().state == "ok"


def test_a_python_without_anything_is_a_stop(monkeypatch):
    monkeypatch.setitem(sys.modules, "packaging.requirements", None)
    cured(course.check_packages(), "stop", "packages")


def test_another_python_than_the_courses_is_led_to_it(monkeypatch, tmp_path, installed):
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(lines, "COURSE_FOLDER", tmp_path)
    installed(pooch=None)
    assert "-m helpers.classroom.check_setup" in cured(course.check_packages(), "stop", "packages")


@on_each_system
def test_where_there_is_no_environment_the_cure_makes_one(monkeypatch, tmp_path, system, installed):
    monkeypatch.setattr(lines, "COURSE_FOLDER", tmp_path)
    monkeypatch.setattr(sys, "prefix", sys.base_prefix)
    installed(pooch=None)
    make = "py -3.12 -m venv .venv" if system == "Windows" else "python3.12 -m venv .venv"
    assert make in cured(course.check_packages(), "stop", "packages")


# The machine


@on_each_system
def test_one_core_is_a_limit(monkeypatch, system):
    monkeypatch.setenv("CPU_LIMIT", "1")
    see = {"Linux": "nproc", "Darwin": "sysctl", "Windows": "$env:NUMBER_OF_PROCESSORS"}
    line = machine.check_cores()
    assert see[system] in cured(line, "look", "cores")
    assert line.fact == "1 core"


@pytest.fixture
def memory(monkeypatch):
    """A function: so many GiB are left, and so many this process holds."""

    def leave(left, own=0.0):
        process = SimpleNamespace(memory_full_info=lambda: SimpleNamespace(uss=own * GIB))
        monkeypatch.setattr(psutil, "Process", lambda: process)
        monkeypatch.setattr(hardware, "memory_left", lambda: left * GIB)
        monkeypatch.setattr(training, "memory_left", lambda: left * GIB)

    return leave


@on_each_system
@pytest.mark.parametrize(("left", "state"), [(0.3, "stop"), (1.0, "look")])
def test_short_memory_is_told_with_what_shows_it(system, memory, left, state):
    memory(left)
    see = {"Linux": "ps aux", "Darwin": "top -o mem", "Windows": "Get-Process"}
    assert see[system] in cured(machine.check_memory(), state, "memory")


def test_what_a_notebook_holds_already_is_not_missing(memory):
    need = PROFILES["workshop"].memory
    memory(need / 2, own=need / 2)
    assert machine.check_memory().state == "ok"


def test_the_profile_decides_how_much_memory_is_needed(monkeypatch, memory):
    memory(2)
    assert machine.check_memory().state == "ok"
    monkeypatch.setenv("COURSE_PROFILE", "full")
    cured(machine.check_memory(), "look", "memory")
    monkeypatch.setenv("COURSE_PROFILE", "fulll")
    assert machine.check_memory().state == "ok"


@on_each_system
@pytest.mark.parametrize(("free", "state"), [(0.01, "stop"), (0.5, "look")])
def test_a_full_disk_is_told(monkeypatch, system, free, state):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free * GIB))
    see = {"Linux": "df -h", "Darwin": "df -h", "Windows": "Get-PSDrive"}
    assert see[system] in cured(machine.check_disk(), state, "disk")


@on_each_system
def test_a_cache_that_cannot_be_written_is_a_stop(monkeypatch, tmp_path, system):
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "file" / "cache"))
    cure = cured(machine.check_disk(), "stop", "disk")
    assert ("$env:COURSE_CACHE = " if system == "Windows" else "export COURSE_CACHE=") in cure


def test_the_check_leaves_nothing_in_the_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    assert machine.check_disk().state == "ok"
    assert list(tmp_path.iterdir()) == []


# What lessons are asked for


@on_each_system
def test_an_unknown_profile_is_a_stop(monkeypatch, system):
    monkeypatch.setenv("COURSE_PROFILE", "fast")
    forget = "Remove-Item Env:" if system == "Windows" else "unset "
    assert f"{forget}COURSE_PROFILE" in cured(lessons.check_profile(), "stop", "profile")


@pytest.fixture
def no_network(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the check asked the network")

    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)


@pytest.mark.parametrize(
    ("asked", "state"), [("drawn", "ok"), ("crowd", "ok"), ("auto", "ok"), ("", "ok")]
)
def test_faces_that_come_by_themselves_are_good(monkeypatch, no_network, asked, state):
    monkeypatch.setenv("COURSE_FACES", asked)
    line = lessons.check_faces()
    assert line.state == state and (asked or "auto") in line.told


@on_each_system
def test_photographs_that_are_not_there_yet_are_a_limit(monkeypatch, no_network, system):
    monkeypatch.setenv("COURSE_FACES", "lfw")
    python = r".venv\Scripts\python" if system == "Windows" else ".venv/bin/python"
    cure = cured(lessons.check_faces(), "look", "faces")
    assert f"{python} -c" in cure and "load_faces('lfw')" in cure


def test_photographs_in_the_cache_are_good(monkeypatch, no_network):
    monkeypatch.setenv("COURSE_FACES", "lfw")
    monkeypatch.setattr(download.Album, "missing", lambda self, folder: [])
    assert "530 of 530" in lessons.check_faces().told
    assert lessons.check_faces().state == "ok"


@on_each_system
@pytest.mark.parametrize("pictures", [None, 0, 19])
def test_a_folder_without_enough_pictures_is_a_stop(monkeypatch, tmp_path, system, pictures):
    folder = tmp_path / "mine"
    if pictures is not None:
        folder.mkdir()
    for number in range(pictures or 0):
        (folder / f"{number}.JPG").write_bytes(b"picture")
    monkeypatch.setenv("COURSE_FACES", str(folder))
    line = lessons.check_faces()
    forget = "Remove-Item Env:" if system == "Windows" else "unset "
    assert f"{forget}COURSE_FACES" in cured(line, "stop", "faces")
    assert "mine" not in line.fact


def test_a_folder_with_enough_pictures_is_good(monkeypatch, tmp_path):
    for number in range(20):
        (tmp_path / f"{number}.png").write_bytes(b"picture")
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    monkeypatch.setenv("COURSE_FACES", str(tmp_path))
    line = lessons.check_faces()
    assert line.state == "ok" and line.told.startswith("20 ")


def test_what_is_not_read_and_folders_inside_are_told(monkeypatch, tmp_path):
    (tmp_path / "school").mkdir()
    for number in range(20):
        (tmp_path / "school" / f"{number}.png").write_bytes(b"picture")
    (tmp_path / "logo.svg").write_text("<svg/>", encoding="utf-8")
    monkeypatch.setenv("COURSE_FACES", str(tmp_path))
    line = lessons.check_faces()
    assert cured(line, "stop", "faces") and line.told.startswith("0 pictures")
    assert "1 SVG drawing (logo.svg)" in line.told and "school (20 pictures)" in line.told


def test_the_rooms_faces_are_told_and_a_wrong_file_is_a_stop():
    choice.COURSE_FILE.write_text('faces = "crowd"\n', encoding="utf-8")
    line = lessons.check_faces()
    assert line.state == "ok" and "crowd" in line.told and "course.toml" in line.told
    choice.COURSE_FILE.write_text("faces = 3\n", encoding="utf-8")
    cured(lessons.check_faces(), "stop", "faces")


def test_widgets_can_be_made_and_shown_here():
    assert lessons.check_widgets().state == "ok"


@on_each_system
def test_a_lab_without_the_widgets_part_is_a_limit(monkeypatch, tmp_path, system):
    monkeypatch.setattr(lines, "in_course_environment", lambda: True)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(site, "getuserbase", lambda: str(tmp_path))
    python = r".venv\Scripts\python" if system == "Windows" else ".venv/bin/python"
    cure = cured(lessons.check_widgets(), "look", "widgets")
    assert f"{python} -m pip install" in cure and "jupyterlab_widgets" in cure


def test_widgets_that_cannot_be_imported_are_a_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "ipywidgets", None)
    (line,) = check_setup._guarded(lessons.check_widgets)
    cured(line, "stop", "widgets")


# The training, in a child


@pytest.fixture
def broken_keras(monkeypatch, tmp_path):
    """A function: the child that trains meets this code where it imports Keras."""

    def put(code):
        (tmp_path / "modules").mkdir()
        (tmp_path / "modules" / "keras.py").write_text(code, encoding="utf-8")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path / "modules"))

    return put


posix_only = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals of this kind")


@posix_only
@pytest.mark.parametrize(
    ("signal", "word"), [("SIGILL", "AVX"), ("SIGABRT", "pip install"), ("SIGKILL", "free -h")]
)
def test_a_training_that_crashes_is_a_line(monkeypatch, broken_keras, signal, word):
    monkeypatch.setattr(lines, "in_course_environment", lambda: True)
    broken_keras(f"import os, signal; os.kill(os.getpid(), signal.{signal})")
    (line,) = training.check_training()
    assert word in cured(line, "stop", "training")
    assert signal in line.told


@pytest.mark.parametrize("system", SYSTEMS[1:], indirect=True)
def test_in_conda_a_crash_leads_out_of_it(monkeypatch, tmp_path, broken_keras, system):
    (tmp_path / "conda-meta").mkdir()
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    broken_keras("import os; os.abort()")
    (line,) = training.check_training()
    make = "py -3.12 -m venv" if system == "Windows" else "python3.12 -m venv"
    cure = cured(line, "stop", "training")
    assert "pyarrow" in cure and make in cure


def test_a_training_that_hangs_is_a_line_and_is_ended(monkeypatch, tmp_path, broken_keras):
    mark = tmp_path / "began"
    broken_keras(
        f"import os, time; open({str(mark)!r}, 'w', encoding='utf-8').write(str(os.getpid()))\n"
        "time.sleep(600)"
    )
    monkeypatch.setattr(training, "LIMIT", 8)
    (line,) = training.check_training()
    cured(line, "stop", "training")
    assert "8 s" in line.told
    if mark.exists():  # where the machine was slow, it did not come so far
        assert not psutil.pid_exists(int(mark.read_text(encoding="utf-8")))


@on_each_system
def test_an_import_that_fails_is_a_line_with_the_library_for_windows(
    monkeypatch, system, broken_keras
):
    monkeypatch.setattr(lines, "in_course_environment", lambda: True)
    broken_keras("raise ImportError('DLL load failed')")
    (line,) = training.check_training()
    cure = cured(line, "stop", "training")
    assert "DLL load failed" in line.told
    assert ("Microsoft.VCRedist" in cure) == (system == "Windows")
    assert "pip install" in cure


def test_a_child_that_says_nothing_is_a_line(broken_keras):
    broken_keras("import os; os._exit(0)")
    (line,) = training.check_training()
    cured(line, "stop", "training")


def test_on_a_processor_without_avx_no_training_is_tried(monkeypatch):
    monkeypatch.setattr(training, "lacks_avx", lambda: True)
    monkeypatch.setattr(subprocess, "run", None)
    (line,) = training.check_training()
    assert lines.BROWSER in cured(line, "stop", "training")


def test_with_too_little_memory_no_training_is_tried(monkeypatch, memory):
    def never(*_, **__):
        raise AssertionError("a child was started")

    memory(training.MEMORY / 2, own=4)
    monkeypatch.setattr(subprocess, "run", never)
    (line,) = training.check_training()
    cured(line, "look", "training")


@pytest.fixture
def trained(monkeypatch):
    """A function: the Lines where the child has found this."""

    def lines_of(answer):
        child = SimpleNamespace(stdout=f"noise\n{answer}\n".encode(), returncode=0)
        monkeypatch.setattr(subprocess, "run", lambda *_, **__: child)
        return training.check_training()

    return lines_of


@on_each_system
def test_a_slow_step_is_a_limit(system, trained):
    line, gpu = trained('{"seconds": 0.5, "gpu": null}')
    assert ("Get-Process" if system == "Windows" else "top") in cured(line, "look", "training")
    assert "0.500 s a step" in line.fact
    assert gpu.state == "ok" and gpu.fact == "no GPU"


def test_a_gpu_that_tensorflow_uses_is_named(trained):
    line, gpu = trained('{"seconds": 0.01, "gpu": "NVIDIA T4"}')
    assert (line.state, gpu.state, gpu.fact) == ("ok", "ok", "NVIDIA T4")


def test_apples_code_for_gpus_is_a_limit(monkeypatch, trained):
    monkeypatch.setattr(training, "metal_plugin", lambda: "1.2.0")
    _, gpu = trained('{"seconds": 0.01, "gpu": "a GPU"}')
    assert "pip uninstall tensorflow-metal" in cured(gpu, "look", "GPU")


@on_each_system
def test_the_full_profile_without_a_gpu_is_a_limit(monkeypatch, system, trained):
    monkeypatch.setattr(lines, "other_python", lambda: None)  # whichever runs this test
    monkeypatch.setenv("COURSE_PROFILE", "full")
    _, gpu = trained('{"seconds": 0.05, "gpu": null}')
    cure = cured(gpu, "look", "GPU")
    assert ("Remove-Item Env:" if system == "Windows" else "unset ") in cure
    assert ("WSL2" in cure, "and-cuda" in cure) == (system == "Windows", system == "Linux")


# All of it


def test_the_status_is_one_where_a_check_says_stop(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 18))
    assert check_setup.main([]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[-1].endswith("; stop: Python")


def test_the_status_is_zero_where_there_are_only_limits(monkeypatch, capsys, trained):
    monkeypatch.setenv("CPU_LIMIT", "1")
    trained('{"seconds": 0.05, "gpu": null}')
    assert check_setup.main([]) == 0
    said = capsys.readouterr().out
    assert states_of(said)["cores"] == "look"
    assert said.splitlines()[-1].endswith("; look: cores")


def test_without_packages_what_needs_them_is_named_and_not_tried(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "packaging.requirements", None)
    assert check_setup.main([]) == 1
    states = states_of(capsys.readouterr().out)
    assert states["packages"] == "stop" and states["not tried"] == "look"
    assert not {"memory", "faces", "widgets", "training"} & states.keys()


def test_a_check_that_fails_itself_is_a_line_and_the_others_go_on(monkeypatch, capsys, trained):
    def broken():
        raise RuntimeError("no such counter")

    trained('{"seconds": 0.05, "gpu": null}')
    monkeypatch.setattr(hardware, "memory_left", broken)
    check_setup.check_setup()
    said = capsys.readouterr().out
    states = states_of(said)
    assert states["memory"] == "stop" and states["training"] == "ok"
    assert "no such counter" in said


def test_a_real_check_of_this_computer_as_a_notebook_calls_it():
    """Its last line names neither a person nor a folder, and TensorFlow is not imported here."""
    process = run_python(
        "import sys\nfrom helpers.classroom import check_setup\n"
        "assert check_setup() is None\n"
        "assert not {'keras', 'tensorflow'} & set(sys.modules)\n"
    )
    assert (process.returncode, process.stderr) == (0, "")
    states = states_of(process.stdout)
    assert {
        "Python",
        "computer",
        "files",
        "packages",
        "training",
        "GPU",
        "widgets",
    } <= states.keys()
    assert states["training"] != "stop", process.stdout
    last = process.stdout.splitlines()[-1]
    assert re.search(r"TensorFlow \d.*; \d+ cores?; .*; \d\.\d{3} s a step", last)
    assert "/" not in last.replace("a step", "") and "\\" not in last
    assert not re.search(rf"\b{re.escape(getpass.getuser())}\b", last)
