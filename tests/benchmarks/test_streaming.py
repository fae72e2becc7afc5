"""Streaming: each part is measured, and parts are kept that are not asked for."""

import json

from benchmarks import streaming


def test_streaming_measures_its_parts_and_keeps_those_that_are_not_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(streaming, "DRAWN", 20)
    words = ["--count", "24", "--size", "50", "--steps", "2", "--rounds", "2", "--stored", "200"]
    words += ["--stream-sizes", "50", "--folder", str(tmp_path)]
    streaming.main([*words, "--parts", "fill", "start"])
    streaming.main([*words, "--parts", "speed", "stream"])
    record = json.loads((tmp_path / "streaming.json").read_text(encoding="utf-8"))
    assert record["count"] == 24 and record["fill"]["bytes_on_disk"] == 24 * 50 * 50 * 3
    assert 0 < record["start"]["loaded"] < record["start"]["first_step"]
    assert record["start"]["peak"] > 100 * 2**20  # TensorFlow alone takes more
    assert {name: len(seconds) for name, seconds in record["speed"].items()} == {
        "disk": 2,
        "memory": 2,
    }
    [row] = record["stream"]
    assert row["size"] == 50 and min(row["cached"], row["needed"]) > 0
    told = (tmp_path / "streaming.md").read_text(encoding="utf-8")
    assert told.startswith("24 pictures of 50 x 50; ") and "| 50 x 50 | " in told
    assert "median of 2 pairs" in told
