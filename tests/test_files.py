"""Files that are whole or not there, and the folders for them."""

import errno
import hashlib
import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpers import files
from helpers.files import (
    DATA_FOLDER,
    cache_folder,
    cached,
    can_be_written,
    file_digest,
    new_run_folder,
    runs_folder,
    write_whole,
)
from tests.lesson_tools import ROOT


def test_text_and_bytes_are_written_and_nothing_else_is_left(tmp_path):
    write_whole(str(tmp_path / "text"), "grüße\n")  # a learner gives a string
    write_whole(tmp_path / "bytes", b"\x00\xff")
    assert (tmp_path / "text").read_bytes() == "grüße\n".encode()
    assert (tmp_path / "bytes").read_bytes() == b"\x00\xff"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bytes", "text"]


def test_a_disk_that_is_full_leaves_the_older_file_as_it_was(tmp_path, monkeypatch):
    write_whole(tmp_path / "file", "old")

    def full(number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "file", "new")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_older_file_stays_whole_until_the_newer_one_is_on_the_disk(tmp_path, monkeypatch):
    seen = []
    write_whole(tmp_path / "file", "old")
    monkeypatch.setattr(os, "fsync", lambda number: seen.append((tmp_path / "file").read_bytes()))
    write_whole(tmp_path / "file", "new")
    assert seen == [b"old"]
    assert (tmp_path / "file").read_bytes() == b"new"


def test_the_courses_folders_are_those_of_the_repository():
    assert files.REPOSITORY_FOLDER == ROOT
    assert (DATA_FOLDER / "lfw_registry.txt").is_file()


def test_the_cache_is_in_data_where_no_other_folder_is_chosen(monkeypatch):
    monkeypatch.delenv("COURSE_CACHE", raising=False)
    assert cache_folder() == ROOT / "data" / "cache"
    monkeypatch.setenv("COURSE_CACHE", "")
    assert cache_folder() == ROOT / "data" / "cache"


def test_a_chosen_cache_may_begin_with_a_home_sign(monkeypatch):
    monkeypatch.setenv("COURSE_CACHE", "~/faces")
    assert cache_folder() == Path.home() / "faces"


def test_a_files_digest_is_its_sha_256_and_what_is_no_file_has_none(tmp_path):
    (tmp_path / "file").write_bytes(b"content")
    assert file_digest(tmp_path / "file") == hashlib.sha256(b"content").hexdigest()
    assert file_digest(str(tmp_path / "file")) == file_digest(tmp_path / "file")
    assert file_digest(tmp_path / "missing") is None
    assert file_digest(tmp_path) is None


def test_each_run_gets_a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    assert new_run_folder("lesson") == tmp_path / "runs" / "lesson_001"
    for name in ("lesson_004", "other_009", "lesson_abc", "lesson_5"):
        (tmp_path / "runs" / name).mkdir()
    assert new_run_folder("lesson") == tmp_path / "runs" / "lesson_005"
    assert new_run_folder("other") == tmp_path / "runs" / "other_010"
    assert list(new_run_folder("lesson").iterdir()) == []


def test_lessons_that_ask_at_once_get_a_folder_each(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path))
    with ThreadPoolExecutor(8) as learners:
        folders = list(learners.map(new_run_folder, 100 * ["lesson"]))
    assert len(set(folders)) == 100


def test_a_run_that_can_be_kept_nowhere_says_what_to_do(tmp_path, monkeypatch):
    (tmp_path / "runs").write_text("a file", encoding="utf-8")
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    with pytest.raises(OSError, match="No folder can be made in .*runs .* COURSE_RUNS"):
        new_run_folder("lesson")


@pytest.fixture
def no_writing(monkeypatch):
    """A function: from now on what lies below this folder can only be read, as on a hub."""
    real = tempfile.TemporaryFile

    def forbid(place):
        def refuse(*words, dir=None, **more):
            if dir is not None and Path(dir).is_relative_to(place):
                raise OSError(errno.EROFS, "Read-only file system")
            return real(*words, dir=dir, **more)

        monkeypatch.setattr(tempfile, "TemporaryFile", refuse)

    return forbid


@pytest.fixture
def a_home(monkeypatch, tmp_path):
    """A home of our own; neither folder is chosen."""
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("COURSE_CACHE", "COURSE_RUNS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "gans_for_faces"


def test_where_the_course_can_not_be_written_both_folders_are_in_the_home(no_writing, a_home):
    assert (cache_folder(), runs_folder()) == (ROOT / "data" / "cache", ROOT / "runs")
    no_writing(ROOT)
    assert (cache_folder(), runs_folder()) == (a_home / "cache", a_home / "runs")


def test_faces_that_a_shared_course_has_are_for_all(no_writing, a_home, monkeypatch, tmp_path):
    shared = tmp_path / "shared" / "cache"
    (shared / "lfw").mkdir(parents=True)
    monkeypatch.setattr(files, "COURSE_CACHE_FOLDER", shared)
    no_writing(shared)
    assert cached("lfw") == shared / "lfw"
    assert cached("drawn_n500_seed0") == a_home / "cache" / "drawn_n500_seed0"
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "mine"))
    assert cached("lfw") == tmp_path / "mine" / "lfw"


def test_whether_a_folder_can_be_written_is_tried_and_leaves_nothing(no_writing, tmp_path):
    assert can_be_written(tmp_path / "not" / "there")
    (tmp_path / "file").touch()
    assert not can_be_written(tmp_path / "file" / "below")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    no_writing(tmp_path)
    assert not can_be_written(tmp_path)
