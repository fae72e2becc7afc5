"""A real process, killed with -9 at random moments and during saves, resumed: nothing is lost."""

import os
import subprocess
import sys

import pytest

from tests.training.runs import differences_between_runs


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Killing needs a POSIX system")
def test_a_killed_training_ends_as_if_nothing_had_happened(tmp_path):
    """Two kills only, one in a save; `make endurance` does it at length."""
    program = f"""
import os, random
from pathlib import Path
import helpers.training.run
from tests.training import kill_training as kill
place = Path({str(tmp_path)!r})
os.waitpid(kill.begin_a_life(place / "whole"), 0)
print(kill.kill_again_and_again(place / "killed", 2, random.Random(1)))
print(kill.differences_between_runs(place / "whole", place / "killed"))
"""
    # A process of its own: a fork of pytest's, where TensorFlow has run, could hang.
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    in_a_save, differing = done.stdout.split("\n")[:2]
    assert int(in_a_save) >= 1 and differing == "[]"


def test_the_comparison_of_two_runs_can_fail(tmp_path):
    import numpy as np

    from helpers.training import checkpoint_files

    for name, value in (("a", 0.0), ("b", 1e-7)):
        (tmp_path / name / "samples").mkdir(parents=True)
        (tmp_path / name / "history.csv").write_text("step\n", encoding="utf-8")
        weights = {"w": np.full(3, value, "float32")}
        checkpoint_files.save(tmp_path / name / "checkpoints", 1, weights, {"history": {}})
    assert differences_between_runs(tmp_path / "a", tmp_path / "a") == []
    assert differences_between_runs(tmp_path / "a", tmp_path / "b") == ["w"]
