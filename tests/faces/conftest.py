"""What several tests of faces need."""

import gc
import warnings

import pytest


@pytest.fixture
def strict(monkeypatch, tmp_path):
    """No cache but a new one, and every warning an error."""
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("COURSE_FACES", raising=False)
    gc.collect()  # what tests before this one have left open is not its fault
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
