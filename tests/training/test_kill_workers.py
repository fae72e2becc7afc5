"""One of two workers is killed with -9: the other ends with a sentence, and nothing is lost."""

import os
import random
import signal
import time

import numpy as np
import pytest

from helpers.training.checkpoint_files import load_newest
from helpers.training.run_folder import read_record
from tests.training import kill_workers as kill
from tests.training.runs import differences_between_runs, stored_steps

STEPS = 24


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """(whole, killed): a run that nobody disturbed, and one in which both were killed once."""
    place = tmp_path_factory.mktemp("workers")
    whole, killed = place / "whole", place / "killed"
    kill.to_the_end(whole, STEPS)
    choice = random.Random(1)
    told = [kill.killed_once(killed, STEPS, number, choice) for number in (1, 0)]
    kill.to_the_end(killed, STEPS - 4)
    return whole, killed, told


def test_the_others_end_at_once_with_a_sentence(runs):
    for (status, said, seconds), who in zip(runs[2], ("Worker 1", "The chief"), strict=True):
        assert status != 0 and seconds < kill.PATIENCE
        assert f"{who} (127.0.0.1:" in said and "is gone" in said and "--resume" in said
        assert "Traceback" not in said


def test_the_run_goes_on_as_if_nothing_had_happened_and_with_another_number_of_workers(runs):
    whole, killed, _ = runs
    said = kill.to_the_end(killed, STEPS, workers=1)  # four steps alone
    assert "had 2 replicas before, and has 1 now" in said
    first, second = (load_newest(folder / "checkpoints") for folder in (whole, killed))
    assert first.step == second.step == STEPS
    losses = [np.array(stored.record["history"]["generator_loss"]) for stored in (first, second)]
    assert np.array_equal(losses[0][: STEPS - 4], losses[1][: STEPS - 4])
    assert "generator/000" in differences_between_runs(killed, whole)


def test_ctrl_c_ends_all_after_the_same_step_and_the_run_is_stored(tmp_path):
    """As a terminal sends it: to the one that began and to all workers."""
    process = kill.begin(tmp_path, 100_000, start_new_session=True)
    while max(stored_steps(tmp_path), default=0) < 3 and process.poll() is None:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=kill.PATIENCE)
    assert process.returncode == 130
    assert "Interrupted." in said and "To go on: " in said and "is gone" not in said
    record = read_record(tmp_path)
    assert record["steps_done"] == max(stored_steps(tmp_path)) >= 3
