"""How fast a step is, of whom, and how much memory it takes."""

import json
import math
import platform
import sys

import psutil
import pytest

from benchmarks import common, step_by_layer, step_speed
from benchmarks import step_speed_worker as worker
from tests.benchmarks.runs import read, size_of

CPU_INFO = """processor\t: 0
model name\t: AMD EPYC 7B13
cpu family\t: 25
model\t\t: 1

processor\t: 1
model name\t: another
"""


def test_a_step_is_profiled_layer_by_layer(tmp_path):
    """Every layer with weights is there, and the discriminator's noise; times are above 0."""
    words = ["--sizes", "50", "--width", "0.03125", "--folder", str(tmp_path)]
    step_by_layer.main(words, rounds=1)
    record = json.loads((tmp_path / "step_by_layer.json").read_text(encoding="utf-8"))
    found = [row["layer"] for row in record["rows"] if row["net"] == "discriminator"]
    assert found.count("Conv2D") == 4 and "UniformNoise" in found
    drawn = [row["to"] for row in record["rows"] if row["net"] == "generator"]
    assert drawn[-1] == [50, 50, 3]
    assert all(row["ms"] > 0 for row in record["rows"])
    text = (tmp_path / "step_by_layer.md").read_text(encoding="utf-8")
    assert "50 × 50, generator, 16 pictures" in text and "| all others |" in text


def test_step_speed_measures_contestants_in_processes_of_their_own(tmp_path):
    names = ["the chapter's loop, float32", "a convolution alone, float32"]
    measured = step_speed.measure(rounds=1, names=names, width=1 / 32)
    step_speed.write_all(measured, tmp_path)
    record, rows = read(tmp_path, "step_speed")
    assert [row[0] for row in rows[1:]] == names
    assert record["versions"].keys() == {"python", "tensorflow", "keras", "numpy"}
    assert 0 < record["compact_step_flop"] < record["step_flop"] < 1.75e12 / 100
    for name in names:
        result = record["results"][name]
        assert set(result) == {"first_step", "seconds", "peak"}
        assert len(result["seconds"]) == 1 and 0 < result["seconds"][0] < result["first_step"]
        assert result["peak"] > 2**27  # TensorFlow alone takes more
    assert size_of(tmp_path / "step_speed.png")[0] > 300


@pytest.mark.parametrize("kind", ["engine", "compact"])
def test_the_other_workers_take_a_step_too(monkeypatch, kind):
    """In this process: their own ones would only begin, which takes longest."""
    monkeypatch.setattr(worker, "COMPACT_STEPS", 2)
    step = worker.CONTESTANTS[kind]("float32", 1 / 32)
    losses = step(), step()
    assert all(math.isfinite(loss) for both in losses for loss in both.values())
    assert losses[0] != losses[1]


def test_the_committed_step_speed_makes_the_committed_table():
    measured, rows = read(common.RESULTS, "step_speed")
    text = (common.RESULTS / "step_speed.md").read_text(encoding="utf-8")
    assert step_speed.table(measured) == text
    assert [row[0] for row in rows[1:]] == list(step_speed.CONTESTANTS)


def test_a_worker_that_dies_ends_the_benchmark():
    with pytest.raises(SystemExit, match="A worker died: .*step_speed_worker unheard"):
        step_speed.Contestant("unheard", "float32", 1.0, sys.executable)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows doesn't tell it")
def test_the_peak_of_memory_is_in_bytes():
    peak, now = worker.peak_bytes(), psutil.Process().memory_info().rss
    assert 0.9 * now < peak < 20 * now


@pytest.mark.skipif(sys.platform == "win32", reason="Windows doesn't tell it")
def test_the_peak_of_memory_is_in_bytes_on_macos_too(monkeypatch):
    """There the system counts in bytes already."""
    import resource
    from types import SimpleNamespace

    monkeypatch.setattr(resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=3 * 2**20))
    monkeypatch.setattr(sys, "platform", "darwin")
    assert worker.peak_bytes() == 3 * 2**20
    monkeypatch.setattr(sys, "platform", "linux")
    assert worker.peak_bytes() == 3 * 2**30


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (CPU_INFO, "AMD EPYC 7B13, family 25, model 1"),
        ("processor\t: 0\nCPU part\t: 0xd0c\n", "arm64 of some kind"),
        (None, "arm64 of some kind"),  # macOS, Windows: there is no such file
    ],
)
def test_a_processor_has_a_name_on_every_system(tmp_path, monkeypatch, told, expected):
    monkeypatch.setattr(platform, "processor", lambda: "arm64 of some kind")
    monkeypatch.setattr(step_speed, "CPU_INFO", tmp_path / "cpuinfo", raising=False)
    if told is not None:
        step_speed.CPU_INFO.write_text(told, encoding="utf-8")
    assert step_speed.processor() == expected
