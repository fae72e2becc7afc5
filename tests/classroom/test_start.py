"""The start on a learner's computer: which Python, a copy that keeps her work, an environment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from helpers.classroom.stick import start
from tests.doors.environments import interpreter
from tests.lesson_tools import ROOT

HERE, THIS = start.platform_name(), ".".join(map(str, sys.version_info[:2]))
PROGRAM = Path("course", "helpers", "classroom", "stick", "start.py")
needs_sh = pytest.mark.skipif(os.name == "nt", reason="start.sh is not for Windows")


@pytest.fixture
def stick(tmp_path, monkeypatch):
    """A stick with a small course and a start, for this computer and this Python."""
    place = tmp_path / "stick with a space ü"
    (place / PROGRAM).parent.mkdir(parents=True)
    folder = ROOT / "helpers" / "classroom" / "stick"
    (place / PROGRAM).write_bytes((folder / "start.py").read_bytes())
    (place / "start.sh").write_bytes((folder / "start.sh").read_bytes())
    (place / "course" / "notebooks").mkdir()
    (place / "course" / "course.toml").write_text('faces = "drawn"', encoding="utf-8")
    (place / "course" / "requirements.lock").write_text("# nothing\n", encoding="utf-8")
    write_contents(place, {HERE: [THIS]})
    monkeypatch.setattr(start, "STICK", place)
    return place


def write_contents(stick, wheels):
    (stick / "bundle.json").write_text(json.dumps({"wheels": wheels}), encoding="utf-8")


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [
        ("Linux", "x86_64", "linux-x86-64"),
        ("Darwin", "arm64", "macos-arm64"),
        ("Windows", "AMD64", "windows-x86-64"),
        ("Darwin", "x86_64", "macos-x86-64"),
        ("Windows", "ARM64", "windows-arm64"),
        ("Linux", "aarch64", "linux-arm64"),
    ],
)
def test_a_computer_is_named_as_the_folders_of_wheels_are(monkeypatch, system, machine, name):
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr("platform.machine", lambda: machine)
    assert start.platform_name() == name


def test_the_right_python_is_told_so(stick):
    assert start.main(["--fits"]) == 0


def test_another_python_is_told_which_one_it_needs(stick, capsys):
    write_contents(stick, {HERE: ["3.98", "3.99"]})
    assert start.main([]) == 1
    said = capsys.readouterr().err
    assert f"This is Python {THIS}," in said and "3.98, 3.99" in said and "folder python" in said


def test_another_computer_is_told_which_ones_the_stick_is_for(stick, capsys):
    write_contents(stick, {"macos-x86-64-old": [THIS]})
    assert start.main(["--fits"]) == 1
    assert f"This computer is {HERE}," in capsys.readouterr().err


@pytest.mark.parametrize("version", ["3.6", "3.7", "3.8", "3.9"])
def test_an_old_python_can_read_the_start_and_says_that_it_is_too_old(stick, version):
    try:
        python = interpreter(version)
    except RuntimeError as error:
        pytest.skip(str(error))
    done = subprocess.run([python, "-I", stick / PROGRAM], capture_output=True, encoding="utf-8")
    assert done.returncode == 1
    assert done.stderr.startswith(f"This is Python {version},") and "Traceback" not in done.stderr


def test_the_course_is_copied_whole_and_a_second_start_keeps_the_learners_work(stick, tmp_path):
    folder = tmp_path / "home" / "gans"
    folder.parent.mkdir()
    start.copy_course(stick, folder)
    assert (folder / "course.toml").is_file()
    (folder / "notebooks" / "mine.ipynb").write_text("hers", encoding="utf-8")
    start.copy_course(stick, folder)
    assert (folder / "notebooks" / "mine.ipynb").read_text(encoding="utf-8") == "hers"
    assert [path.name for path in folder.parent.iterdir()] == ["gans"]


def test_a_folder_with_other_things_stays_as_it_is(stick, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "letter.txt").write_text("dear", encoding="utf-8")
    with pytest.raises(start.StartError, match="is not this course"):
        start.copy_course(stick, tmp_path / "other")
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["letter.txt"]


def test_a_copy_that_fails_leaves_nothing_behind(stick, tmp_path, monkeypatch):
    def full(source, target):
        Path(target).mkdir()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("shutil.copytree", full)
    with pytest.raises(start.StartError, match="No space left"):
        start.copy_course(stick, tmp_path / "home")
    assert [path.name for path in tmp_path.iterdir()] == [stick.name]


def test_a_long_path_is_refused_on_windows_before_anything_is_copied(stick, tmp_path, monkeypatch):
    long, copied = tmp_path / ("long" * 20), []
    monkeypatch.setattr("shutil.copytree", lambda *places: copied.append(places))
    monkeypatch.setattr(start, "os", type("Windows", (), {"name": "nt"}))
    with pytest.raises(start.StartError, match=r"too long for Windows.*C:\\gans"):
        start.copy_course(stick, long)
    assert copied == []


class Commands(list):
    failing = ()  # words: a command with one of them fails


@pytest.fixture
def commands(stick, monkeypatch):
    """The commands that are run, as lists of words; they succeed unless `failing` names one."""
    ran = Commands()

    def run(command, **options):
        ran.append([str(word) for word in command])
        if "venv" in command and "--clear" in command:
            Path(command[-1]).mkdir(exist_ok=True)
        status = 1 if any(word in ran.failing for word in ran[-1]) else 0
        return subprocess.CompletedProcess(command, status)

    (stick / "wheels" / "any").mkdir(parents=True)
    (stick / "wheels" / "any" / "pip-1.0-py3-none-any.whl").touch()
    monkeypatch.setattr("subprocess.run", run)
    return ran


def test_all_is_installed_from_the_stick_alone_and_once(stick, commands, tmp_path):
    folder = tmp_path / "course"
    folder.mkdir()
    start.make_environment(stick, folder)
    make, install = commands
    assert "--without-pip" in make
    assert "--no-index" in install and "--require-hashes" in install and "--isolated" in install
    assert str(stick / "wheels" / HERE) in install and str(stick / "wheels" / "any") in install
    start.make_environment(stick, folder)
    assert len(commands) == 2
    (stick / "course" / "requirements.lock").write_text("another==1\n", encoding="utf-8")
    start.make_environment(stick, folder)
    assert len(commands) == 4


def test_an_installation_that_failed_is_begun_anew(stick, commands, tmp_path):
    folder = tmp_path / "course"
    folder.mkdir()
    commands.failing = ("install",)
    for _ in range(2):
        with pytest.raises(start.StartError, match="could not be installed"):
            start.make_environment(stick, folder)
    assert len(commands) == 4
    assert not (folder / ".venv" / "learner.done").exists()


def test_the_setup_is_checked_before_jupyterlab_opens(stick, commands, tmp_path):
    assert start.main([str(tmp_path / "home")]) == 0
    assert "helpers.classroom.check_setup" in commands[2]
    assert "jupyter-lab" in commands[3][0] and len(commands) == 4


def test_where_the_check_says_stop_jupyterlab_stays_closed(stick, commands, tmp_path):
    commands.failing = ("helpers.classroom.check_setup",)
    assert start.main([str(tmp_path / "home")]) == 1
    assert len(commands) == 3


def programs(place, *names):
    """A folder with these programs, which tell their names and words; only those of 3.13 fit."""
    place.mkdir()
    for name in names:
        answer = 0 if name.endswith("13") else 1
        text = f'#!/bin/sh\ncase "$*" in *--fits) exit {answer};; esac\necho {name} "$@"\n'
        (place / name).write_text(text, encoding="utf-8")
        (place / name).chmod(0o755)
    return place


def run_start(stick, path, *words):
    """start.sh, with only these programs and the system's own few."""
    (path / "dirname").symlink_to("/usr/bin/dirname")
    command = ["/bin/sh", str(stick / "start.sh"), *words]
    return subprocess.run(command, env={"PATH": str(path)}, capture_output=True, encoding="utf-8")


@needs_sh
def test_start_takes_the_python_that_fits(stick, tmp_path):
    path = programs(tmp_path / "bin", "python3", "python3.12", "python3.13")
    done = run_start(stick, path, "/my folder")
    assert done.stdout == f"python3.13 -I {stick / PROGRAM} /my folder\n"


@needs_sh
def test_start_lets_a_python_that_does_not_fit_say_so(stick, tmp_path):
    done = run_start(stick, programs(tmp_path / "bin", "python3"))
    assert done.stdout == f"python3 -I {stick / PROGRAM}\n"


@needs_sh
@pytest.mark.skipif(Path("/usr/local/bin/python3").exists(), reason="there is always a Python here")
def test_start_says_that_there_is_no_python(stick, tmp_path):
    done = run_start(stick, programs(tmp_path / "bin"))
    assert done.returncode == 1 and "There is no Python on this computer" in done.stderr
