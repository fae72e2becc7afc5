"""What several tests of faces need."""

import gc
import warnings

import pytest

from helpers.faces import choice


@pytest.fixture(scope="module", autouse=True)
def nothing_left_open():
    """What tests before these have left open is not their fault."""
    gc.collect()


@pytest.fixture
def strict(monkeypatch, tmp_path):
    """No cache but a new one, no faces that a room fixes, and every warning an error."""
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("COURSE_FACES", raising=False)
    monkeypatch.setattr(choice, "COURSE_FILE", tmp_path / "course.toml")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
