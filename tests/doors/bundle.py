"""The stick's door: a bundle for this system is made, and installed in a room without a network.

python -m pytest tests/doors/bundle.py

The room is a network namespace of Linux in which only the computer itself can be reached; the
learner has an empty home and Python 3.12. Wheels that are not here yet are downloaded: 760 MB.
"""

import json
import shutil
import subprocess
import sys
import time

import pytest

from helpers.classroom.bundle import NEWCOMERS_PYTHON
from helpers.classroom.stick.start import NAME, platform_name
from tests import lesson_tools
from tests.doors.binder import tell
from tests.doors.environments import interpreter

LARGEST = 900_000_000  # bytes; for one system and one Python

ROOM = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
FACES = """
import sys
sys.path.insert(0, "..")
from helpers.faces import load_faces
load_faces("auto")
"""


def in_the_room(command, home, **options):
    """The finished process of a command without a network, with little but a home."""
    path = f"{home.parent / 'bin'}:/usr/bin:/bin:/usr/sbin:/sbin"
    variables = {"HOME": str(home), "PATH": path, "LANG": "C.UTF-8", "TQDM_DISABLE": "1"}
    variables["COURSE_PROFILE"] = "smoke"
    command = [*ROOM, *map(str, command)]
    return subprocess.run(command, env=variables, capture_output=True, text=True, **options)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder with `stick`, the bundle, an empty `home`, and `bin`, where Python 3.12 is."""
    tried = subprocess.run([*ROOM, "true"], capture_output=True, text=True)
    if tried.returncode != 0:
        pytest.skip(f"No network namespace can be made here: {tried.stderr}")
    place = tmp_path_factory.mktemp("room")
    for name in ("home", "bin"):
        (place / name).mkdir()
    (place / "bin" / "python3.12").symlink_to(interpreter(NEWCOMERS_PYTHON))
    asked = [str(place / "stick"), "--platforms", platform_name(), "--pythons", NEWCOMERS_PYTHON]
    command = [sys.executable, "-m", "helpers.classroom.bundle", *asked]
    made = subprocess.run(command, cwd=lesson_tools.ROOT, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    yield place
    shutil.rmtree(place)  # 3.4 GB


@pytest.fixture(scope="module")
def course(request, place):
    """The course as it was installed into the empty home."""
    began = time.monotonic()
    done = in_the_room(["sh", place / "stick" / "start.sh", "--install-only"], place / "home")
    seconds = time.monotonic() - began
    assert done.returncode == 0, done.stdout + done.stderr
    tell(request, f"Installed and checked without a network in {seconds:.0f} s.")
    return place / "home" / NAME


def test_the_bundle_fits_on_a_stick(place):
    files = [path for path in (place / "stick").rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= LARGEST


def test_the_room_has_no_network(place):
    code = "import socket; socket.create_connection(('1.1.1.1', 80), 3)"
    assert in_the_room([sys.executable, "-c", code], place / "home").returncode != 0


def test_the_faces_of_the_room_are_there_without_drawing(course):
    python = course / ".venv" / "bin" / "python"
    said = in_the_room([python, "-c", FACES], course.parent, cwd=course / "notebooks")
    assert said.stdout.count("\n") == 1, said.stdout + said.stderr
    assert "as the room's course.toml asks" in said.stdout


def test_a_lesson_runs_as_it_was_installed(course):
    lesson = course / "notebooks" / "00_start_here.ipynb"
    options = ["--to", "notebook", "--execute", "--output", course.parent / "ran.ipynb"]
    command = [course / ".venv" / "bin" / "python", "-m", "nbconvert", *options, lesson]
    done = in_the_room(command, course.parent)
    assert done.returncode == 0, done.stderr[-3000:]


def test_what_was_installed_is_the_lock(course):
    asked = [course / ".venv" / "bin" / "python", "-m", "pip", "list", "--format", "json"]
    listed = in_the_room(asked, course.parent)
    installed = {each["name"].lower(): each["version"] for each in json.loads(listed.stdout)}
    text = (course / "requirements.lock").read_text(encoding="utf-8")
    assert f"tensorflow=={installed['tensorflow']}" in text
    assert f"jupyterlab=={installed['jupyterlab']}" in text


def test_a_second_start_installs_nothing(place, course):
    changed = (course / ".venv" / "learner.done").stat().st_mtime_ns
    done = in_the_room(["sh", place / "stick" / "start.sh", "--install-only"], place / "home")
    assert done.returncode == 0 and "Installing" not in done.stdout, done.stdout + done.stderr
    assert (course / ".venv" / "learner.done").stat().st_mtime_ns == changed
