"""Sharing a step: all contestants take their turns, and the table holds what was measured."""

from benchmarks import sharing
from tests.benchmarks.runs import read

NAMES = [sharing.ONE_CORE, "two workers, a core each, batch of 32"]


def test_contestants_take_turns_and_are_compared_within_a_round(tmp_path):
    words = ["--rounds", "1", "--steps", "10", "--size", "50", "--width", "0.1"]
    sharing.main([*words, "--folder", str(tmp_path), "--names", *NAMES])
    record, rows = read(tmp_path, "sharing")
    assert [row[0] for row in rows[1:]] == NAMES
    one, two = (record["seconds"][name][0] for name in NAMES)
    assert one > 0 and two > 0 and rows[1][3].startswith("1.00 ")
    assert rows[2][2] == f"{32 / two:.0f}" and rows[2][3].startswith(f"{32 / two / (16 / one):.2f}")


def test_the_committed_measurement_makes_the_committed_table():
    record, _ = read(sharing.RESULTS, "sharing")
    text = (sharing.RESULTS / "sharing.md").read_text(encoding="utf-8")
    assert sharing.table(record) == text
    assert list(record["seconds"]) == list(sharing.CONTESTANTS)
