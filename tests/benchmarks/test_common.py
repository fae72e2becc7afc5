"""What all benchmarks share, and what is committed of them."""

import numpy as np
import pytest

from benchmarks import common
from helpers.training import Stop
from tests.benchmarks.runs import FINER, SCORES, SINCE, assert_finite, read


def test_a_training_that_broke_down_is_no_measurement_either():
    class Broken:
        stop_reason, stopped = Stop.DIVERGED, "The training broke down: a loss is NaN."

    with pytest.raises(SystemExit, match="broke down: a loss is NaN. The files hold"):
        common.whole(Broken)


@pytest.mark.parametrize(("count", "held_out"), [(530, 60), (240, 60), (239, 59), (28, 7)])
def test_sixty_faces_or_a_quarter_stay_out(count, held_out):
    training, others = common.split_faces(np.arange(count))
    assert len(others) == held_out
    assert sorted([*training, *others]) == list(range(count))


@pytest.mark.parametrize(
    "name",
    [
        "ablation",
        "ablation_100",
        "ablation_drawn",
        "faces_in_minutes",
        "faces_in_minutes_100",
        "faces_in_minutes_200",
        "faces_on_one_core",
        "faces_on_one_core_100",
        "known_modes",
        "known_modes_100",
        "rivals",
        "rivals_100",
    ],
)
def test_what_is_committed_has_the_numbers_that_the_code_writes_today(name):
    record, _ = read(common.RESULTS, name)
    rows = record.get("answers", record.get("rows"))
    rows = rows if isinstance(rows, list) else [row for group in rows.values() for row in group]
    for row in rows:
        beside = {"seed", "step", "steps", "minutes", "modes", *SINCE, *FINER} & set(row)
        assert_finite(row, (SCORES - SINCE) | beside)


def test_a_number_that_an_older_row_lacks_is_a_dash():
    rows = {
        "then": [{"step": 3, "face rate": 0.5}],
        "now": [{"step": 4, "face rate": 1, "nearest": 0.2}],
    }
    lines = common.table("", rows, {"face rate": 1.0, "nearest": 0.25}).splitlines()
    assert lines[2] == "| then | 3 | 0.500 | – |" and lines[3] == "| now | 4 | 1.000 | 0.200 |"
