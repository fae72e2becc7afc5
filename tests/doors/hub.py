"""The hub's door: a course that lies in a folder which its learners can read and not write.

python -m pytest tests/doors/hub.py

A mount that only the child process sees makes the folder read-only, for root, too. Needs Linux.
"""

import os
import shutil
import subprocess
import sys

import pytest

from helpers.classroom.setup.lines import copy_course
from helpers.faces.drawn_files import drawn_folder
from tests import lesson_tools
from tests.doors.container import read_only
from tests.doors.kernels import client_of, environment_variables, faults
from tests.doors.lab import copy_course as course_without_ignored_files


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The course as its instructor left it, with the room's faces in its cache."""
    place = tmp_path_factory.mktemp("hub") / "course"
    course_without_ignored_files(place)
    for album in ("drawn", "crowd"):
        faces = drawn_folder(500, 0, album)
        shutil.copytree(faces, place / "data" / "cache" / faces.name)
    return place


@pytest.fixture
def variables(tmp_path):
    """A learner's environment variables, who has chosen no folder and has a home of her own."""
    ours = environment_variables(
        HOME=tmp_path,
        COURSE_PROFILE="smoke",
        COURSE_FACES="drawn",
        IPYTHONDIR=tmp_path / "ipython",
        PYTHONDONTWRITEBYTECODE=1,
    )
    return {key: value for key, value in ours.items() if key not in ("COURSE_CACHE", "COURSE_RUNS")}


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_lesson_runs_and_what_it_leaves_is_in_the_learners_home(course, variables, tmp_path):
    lesson = next((course / "notebooks").glob("06_*.ipynb"))
    before = names(course)
    client = client_of(lesson, read_only([sys.executable], course), lesson.parent, timeout=300)
    client.execute(env=variables)
    assert faults(client.nb) == []
    said = lesson_tools.code_cells(client.nb)[0].outputs[0].text
    assert "can't be written" in said and copy_course().split(" ")[0] in said
    assert str(tmp_path / "gans_for_faces" / "runs") in said
    assert (tmp_path / "gans_for_faces" / "runs" / "judging_001" / "run.json").is_file()
    fetched = names(tmp_path / "gans_for_faces" / "cache")
    assert not any("n500" in name for name in fetched)  # the instructor has put those there
    assert names(course) == before


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("from helpers.files import new_run_folder; new_run_folder('mine')", "COURSE_RUNS"),
        ("from helpers.faces import load_faces; load_faces('crowd', n=20)", "COURSE_CACHE"),
    ],
)
def test_where_the_home_has_no_room_either_a_sentence_says_what_to_do(
    course, variables, tmp_path, code, sentence
):
    command = read_only(read_only([sys.executable, "-c", code], course), tmp_path)
    done = subprocess.run(command, cwd=course, env=variables, capture_output=True, text=True)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert sentence in last and os.fspath(tmp_path) in last


def test_the_check_before_the_class_says_that_the_course_is_to_be_copied(course, variables):
    command = [sys.executable, "-m", "helpers.classroom.check_setup"]
    done = subprocess.run(
        read_only(command, course), cwd=course, env=variables, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    assert "look  folder         it can't be written" in done.stdout
    assert "cp -r" in done.stdout
