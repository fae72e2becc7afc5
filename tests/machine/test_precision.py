"""Which numbers a net computes with: what is measured, what is chosen, and what a timing takes."""

import time

import pytest

from helpers.machine import Machine, faster_precision, import_keras, precision
from tests.machine.computers import GIB


@pytest.fixture
def timings(monkeypatch):
    """A function that says how long a convolution takes in each type; the list of those asked."""
    asked = []

    def pretend(float32, bfloat16, machine_has_it=True):
        seconds = {"float32": float32, "bfloat16": bfloat16}
        machine = Machine(cores=2, memory=GIB, gpu=None, bfloat16=machine_has_it)
        monkeypatch.setattr(precision, "machine", lambda: machine)
        monkeypatch.setattr(
            precision, "_convolution_seconds", lambda dtype: asked.append(dtype) or seconds[dtype]
        )
        return asked

    precision._bfloat16_gain.cache_clear()
    yield pretend
    precision._bfloat16_gain.cache_clear()


@pytest.mark.parametrize(
    ("float32", "bfloat16", "expected"),
    [
        (0.026, 0.010, "mixed_bfloat16"),
        (0.0131, 0.010, "mixed_bfloat16"),
        (0.0129, 0.010, "float32"),  # faster, but not worth its rounding
        (0.010, 0.020, "float32"),  # has the instructions, and is slower with them
    ],
)
def test_short_numbers_only_where_they_are_clearly_faster(timings, float32, bfloat16, expected):
    timings(float32, bfloat16)
    assert faster_precision() == expected


def test_nothing_is_measured_where_the_machine_has_no_short_numbers(timings):
    asked = timings(float32=1.0, bfloat16=0.1, machine_has_it=False)
    assert faster_precision() == "float32"
    assert asked == []


def test_each_type_is_measured_once_a_process(timings):
    asked = timings(float32=1.0, bfloat16=0.1)
    assert [faster_precision() for _ in range(3)] == ["mixed_bfloat16"] * 3
    assert sorted(asked) == ["bfloat16", "float32"]


@pytest.mark.parametrize("chosen", ["float32", "mixed_bfloat16"])
def test_a_chosen_precision_wins_without_measuring(timings, monkeypatch, chosen):
    asked = timings(float32=1.0, bfloat16=1.0)
    monkeypatch.setenv("COURSE_PRECISION", chosen)
    assert faster_precision() == chosen
    assert asked == []


def test_auto_measures(timings, monkeypatch):
    timings(float32=1.0, bfloat16=0.1)
    monkeypatch.setenv("COURSE_PRECISION", "auto")
    assert faster_precision() == "mixed_bfloat16"


def test_an_unknown_precision_is_a_sentence(monkeypatch):
    monkeypatch.setenv("COURSE_PRECISION", "float16")
    with pytest.raises(ValueError, match=r"'float16'.*auto, float32 or mixed_bfloat16\.$"):
        faster_precision()


def test_a_real_measurement_is_short():
    import_keras()
    began = time.perf_counter()
    seconds = [precision._convolution_seconds(dtype) for dtype in ("float32", "bfloat16")]
    took = time.perf_counter() - began
    assert all(0 < each < took / 4 for each in seconds)
    assert took < 10  # about 0.5 s; other work may run beside the test
