"""Files that are whole or not there."""

import os

import pytest

from helpers.whole_files import write_whole


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
