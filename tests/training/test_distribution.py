"""Replicas with a share of each batch take the steps that one device takes with the whole.

In real processes: two workers on loopback, and two parts of a CPU.
"""

import os
import subprocess
import sys

import imageio.v3 as iio
import numpy as np
import pytest

from helpers.training.distribution import Shares, mirrored, share_of, what_sharing_changes
from helpers.training.workers import local_configs
from tests.lesson_tools import ROOT
from tests.training.shared_steps import CASES, STEPS

# What rounding makes in ten steps, at most: of losses, and as a share of how far weights moved.
OF_LOSSES, OF_MOVES = 5e-5, 0.05
LEAST_MOVE = 1e-4  # biases before a normalisation move by rounding only


def begin(who, folder, cases, **environment):
    command = [sys.executable, "-m", "tests.training.shared_steps", who, str(folder), *cases]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={
            **os.environ,
            "TQDM_DISABLE": "1",
            "COURSE_CACHE": str(folder / "cache"),
            **environment,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.fixture(scope="module")
def steps(tmp_path_factory):
    """A function: the numbers after ten steps of a case, as "alone 0", "workers 1" and others."""
    folder = tmp_path_factory.mktemp("steps")
    (folder / "pictures").mkdir()
    for number, picture in enumerate(np.random.default_rng(0).random((24, 100, 100, 3))):
        iio.imwrite(folder / "pictures" / f"{number:02}.png", (255 * picture).astype("uint8"))
    workers = [begin("workers", folder, CASES, TF_CONFIG=told) for told in local_configs(2)]
    done = [(process.communicate(timeout=600)[0], process.returncode) for process in workers]
    others = [begin("alone", folder, CASES), begin("devices", folder, ["compact"])]
    done += [(process.communicate(timeout=600)[0], process.returncode) for process in others]
    for said, status in done:
        assert status == 0, said[-3000:]

    def numbers(who, case):
        with np.load(folder / f"{who} {case}.npz") as stored:
            return dict(stored)

    return numbers


def differences(numbers, others):
    """(of losses, of moves): the largest; that of moves as a share of an array's largest move."""
    assert numbers.keys() == others.keys()
    of_losses, of_moves = 0.0, 0.0
    for name, one in numbers.items():
        difference = np.abs(one.astype("float64") - others[name]).max()
        if name.endswith("loss"):
            of_losses = max(of_losses, difference)
        else:
            of_moves = max(of_moves, difference / max(np.abs(one).max(), LEAST_MOVE))
    return of_losses, of_moves


def assert_as_one(numbers, others):
    of_losses, of_moves = differences(numbers, others)
    assert of_losses < OF_LOSSES and of_moves < OF_MOVES


@pytest.mark.parametrize("case", CASES[:3])
def test_two_workers_with_half_a_batch_each_are_one_with_the_whole(steps, case):
    """Losses, weights, statistics, seeds' states, and the averaged generator.

    The workers' pictures come from the disk, those of the one from memory.
    """
    one, two = steps("alone 0", case), steps("workers 0", case)
    assert len(one["generator_loss"]) == STEPS
    assert_as_one(one, two)


@pytest.mark.parametrize("case", CASES)
def test_both_workers_hold_the_same_nets_to_the_last_bit(steps, case):
    assert differences(steps("workers 0", case), steps("workers 1", case)) == (0, 0)


def test_two_devices_in_one_process_are_two_workers(steps):
    assert_as_one(steps("devices 0", "compact"), steps("workers 0", "compact"))


def test_statistics_of_ones_own_share_are_another_step(steps):
    """And so the comparison sees more than rounding where there is more."""
    one, two = steps("alone 0", "own statistics"), steps("workers 0", "own statistics")
    of_losses, of_moves = differences(one, two)
    assert of_losses > 5 * OF_LOSSES and of_moves > 5 * OF_MOVES


def test_a_share_has_its_fakes_first_and_then_its_photographs():
    stream = [{"latents": np.arange(6).reshape(6, 1), "noise": np.arange(12).reshape(12, 1)}]
    shares = list(Shares(3, (0, 2)).of(stream, 6))
    assert [list(share["latents"][:, 0]) for share in shares] == [[0, 1], [4, 5]]
    assert [list(share["noise"][:, 0]) for share in shares] == [[0, 1, 6, 7], [4, 5, 10, 11]]


def test_a_batch_that_can_not_be_shared_is_a_sentence():
    assert share_of(16, 4) == 4
    with pytest.raises(ValueError, match="A batch of 20 can't be shared by 8.*1, 2, 4, 5, 10, 20,"):
        share_of(20, 8)


def test_what_sharing_changes_is_said():
    assert what_sharing_changes(1, None, True) is what_sharing_changes(2, 2, False) is None
    assert "2 replicas share each step, and each normalises its own" in what_sharing_changes(
        2, None, True
    )
    assert "had 2 replicas before, and has 3 now" in what_sharing_changes(3, 2, False)


def test_one_device_shares_with_nobody():
    assert mirrored(1) is None
    with pytest.raises(ValueError, match="devices is 0, but it must be a whole number"):
        mirrored(0)
