"""The benchmarks' own code: what they say of a computer."""

import platform
import sys

import psutil
import pytest

from benchmarks import step_speed, worker

CPU_INFO = """processor\t: 0
model name\t: AMD EPYC 7B13
cpu family\t: 25
model\t\t: 1

processor\t: 1
model name\t: another
"""


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
