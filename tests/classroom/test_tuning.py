"""The table of lesson 07: what luck is, what is marked, and which guesses are borne out."""

import pytest

from helpers.classroom import tuning as room
from helpers.classroom.tuning import Row, Tuning, grid_table
from helpers.training import QUICK
from tests.pictures import flat_pictures

PICTURES = flat_pictures(60)


def filled(*rows):
    """A table with these rows: (name, face rate, coverage, distance)."""
    table = Tuning(PICTURES[:40], PICTURES[40:], steps=1)
    table.rows = [Row(name, 0, 1.0, numbers) for name, *numbers in rows]
    return table


LUCK = (("as it is", 0.5, 0.3, 0.10), ("as it is", 0.7, 0.5, 0.12), ("as it is", 0.6, 0.4, 0.11))


def test_luck_is_what_the_seeds_alone_do():
    assert filled(*LUCK, ("more", 0.9, 0.9, 0.0)).luck() == {
        "face rate": (0.5, 0.7),
        "coverage": (0.3, 0.5),
        "distance": (0.10, 0.12),
    }


@pytest.mark.parametrize(
    ("numbers", "marks", "verdict"),
    [
        ((0.7, 0.3, 0.12), "   ", "luck"),
        ((0.89, 0.11, 0.139), "   ", "luck"),  # outside, but by less than the three lie apart
        ((0.91, 0.4, 0.11), "▲  ", "better"),
        ((0.6, 0.4, 0.079), "  ▼", "better"),
        ((0.29, 0.09, 0.141), "▼▼▲", "worse"),
        ((0.91, 0.4, 0.141), "▲ ▲", "luck"),  # the marks contradict each other
    ],
)
def test_a_mark_stands_outside_of_luck_and_less_distance_is_better(numbers, marks, verdict):
    table = filled(*LUCK, ("knob", *numbers))
    assert "".join(table.marks(table.rows[-1])) == marks
    assert table.verdict(table.rows[-1]) == verdict
    line = table.table().splitlines()[-1]
    assert line.startswith("knob") and all(line.count(m) == marks.count(m) for m in "▲▼")


def test_where_all_lines_are_the_same_a_hundredth_is_no_mark():
    same = [("as it is", 1.0, 0.4, 0.11)] * 3
    assert filled(*same).marks(Row("knob", 0, 1.0, (0.99, 0.4, 0.11)))[0] == " "
    assert filled(*same).marks(Row("knob", 0, 1.0, (0.97, 0.4, 0.11)))[0] == "▼"


def test_guesses_are_counted(capsys):
    table = filled(*LUCK, ("one", 0.95, 0.4, 0.11), ("two", 0.6, 0.4, 0.11))
    assert table.count_guesses() == "No guess was written down."
    table.guesses = {"one": "better", "two": "worse"}
    assert table.count_guesses() == "1 of 2 guesses are what the marks say."


def test_a_training_becomes_a_row_and_a_sheet(monkeypatch, capsys):
    sheets = []
    monkeypatch.setattr(room, "show_sheet", lambda *page: sheets.append(page))
    table = Tuning(PICTURES[:40], PICTURES[40:], steps=2, width=1 / 16)
    row = table.turn("as it is", QUICK, seed=4, guess="luck")
    assert table.rows == [row] and (row.name, row.seed) == ("as it is", 4)
    assert all(number == number for number in row.numbers) and len(sheets[0][0]) == 10
    told = capsys.readouterr().out
    assert "You expected 'luck'. The marks say 'luck'." in told
    with pytest.raises(ValueError, match="'good' is no guess"):
        table.turn("more", QUICK, guess="good")


def test_a_grid_is_marked_group_against_group():
    answers = {
        "as it is": [[0.5, 0.3, 0.1], [0.6, 0.4, 0.2]],
        "more": [[0.7, 0.35, 0.05], [0.8, 0.9, 0.01]],
    }
    head, plain, more = grid_table(answers).splitlines()
    assert head.split() == ["face", "rate", "coverage", "distance"]
    assert plain.split()[-1] == "·" and "+" not in plain
    assert [mark for mark in more if mark in "+−·"] == ["+", "·", "−"]
