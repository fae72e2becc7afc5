"""The Colab door: each lesson as Colab runs it, alone in an empty folder, with Colab's versions.

A kernel there has imported `google.colab`, and gets the course by git. Here git is led to a copy of
this checkout, and the faces are twenty pictures of one's own. What Colab adds in the browser can't
be tried here.
"""

import os
import re
import subprocess
from pathlib import Path

import imageio.v3 as iio
import pytest

from tests import lesson_tools
from tests.doors import own_pictures
from tests.doors.environments import colab_environment
from tests.doors.kernels import client_of, environment_variables, faults
from tests.pictures import images_of

HERE = Path(__file__).parent
STARTUP = "import google.colab\n"  # Colab's kernels do it before the first cell


@pytest.fixture(scope="module")
def python():
    return colab_environment()


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A git repository that holds this checkout as it is now, on the course's branch."""
    place = tmp_path_factory.mktemp("course") / "course.git"
    _, branch = lesson_tools.address()
    git = ["git", "-c", "user.name=door", "-c", "user.email=door@localhost"]
    subprocess.run([*git, "init", "-q", "--bare", "-b", branch, place], check=True)
    whole = [*git, f"--git-dir={place}", f"--work-tree={lesson_tools.ROOT}"]
    subprocess.run([*whole, "add", "--all"], check=True, cwd=lesson_tools.ROOT)
    subprocess.run([*whole, "commit", "-q", "-m", "as it is now"], check=True)
    return place


@pytest.fixture(scope="module")
def drawn_faces(tmp_path_factory):
    """A cache for the drawn faces: drawing them anew for each lesson takes half a minute."""
    mine = lesson_tools.ROOT / "data" / "cache"
    return mine if mine.exists() else tmp_path_factory.mktemp("cache")


@pytest.fixture
def machine(tmp_path, course, drawn_faces, monkeypatch):
    """A new Colab machine: the folder in which its kernels begin."""
    own_pictures.fill(tmp_path / "my pictures")
    startup = tmp_path / "home" / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "colab.py").write_text(STARTUP, encoding="utf-8")
    repository, _ = lesson_tools.address()
    here = {
        "HOME": str(tmp_path / "home"),
        "IPYTHONDIR": str(startup.parent.parent),
        "PYTHONPATH": str(HERE / "colab_stand_in"),
        "COURSE_PROFILE": "smoke",
        "COURSE_FACES": str(tmp_path / "my pictures"),
        "COURSE_CACHE": str(drawn_faces),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.file://{course}.insteadOf",
        "GIT_CONFIG_VALUE_0": f"https://github.com/{repository}",
    }
    for name, value in here.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TQDM_DISABLE", raising=False)  # bars must not become red boxes either
    content = tmp_path / "content"
    content.mkdir()
    return content


def run(path, folder, python):
    """The lesson after a whole run by a new kernel that begins in `folder`."""
    client = client_of(path, [python], folder, timeout=300)
    client.execute(env=environment_variables())
    return client.nb


def pictures_in(notebook):
    forms = (
        output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", [])
    )
    return sum(len(images_of(form.get("text/html", ""))) for form in forms)


def said_first(notebook):
    """What the first cell printed: git has nothing to say where all is well."""
    [output] = lesson_tools.code_cells(notebook)[0].outputs
    return output.text


@pytest.mark.parametrize("path", lesson_tools.lessons(), ids=lambda path: path.stem)
def test_a_lesson_runs_alone_on_a_new_machine(path, python, machine):
    notebook = run(path, machine, python)
    assert faults(notebook) == []
    assert pictures_in(notebook) > 0
    assert re.fullmatch(r"Profile: smoke\. .+\n", said_first(notebook))
    assert (machine / "course" / "helpers").is_dir()


def test_a_restarted_runtime_finds_the_course_there_and_goes_on(python, machine):
    lesson = lesson_tools.lessons()[1]
    run(lesson, machine, python)
    mark = machine / "course" / "mark.txt"
    mark.write_text("not fetched again", encoding="utf-8")
    notebook = run(lesson, machine, python)
    assert faults(notebook) == []
    assert re.fullmatch(r"Profile: smoke\. .+\n", said_first(notebook))
    assert mark.exists()


def test_without_the_courses_address_a_lesson_says_what_is_missing(python, machine, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "url.file:///nowhere.insteadOf")
    with pytest.raises(Exception, match="This lesson needs the course's other files"):
        run(lesson_tools.lessons()[0], machine, python)


def test_a_run_from_the_command_line_draws_sheets_of_the_right_size(python, machine, tmp_path):
    """The sheet's side is a whole number of pictures of 50 pixels, not of 64."""
    command = [python, "-m", "helpers.training", "--recipe", "compact", "--faces", "drawn"]
    done = subprocess.run(
        [*command, "--steps", "4", "--picture-every", "2", "--folder", tmp_path / "run"],
        cwd=lesson_tools.ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    sheets = list((tmp_path / "run" / "samples").glob("*.png"))
    assert len(sheets) == 2
    for sheet in sheets:
        assert [side % 50 for side in iio.imread(sheet).shape[:2]] == [0, 0]
