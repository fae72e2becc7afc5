"""Each fault's symptom: there with the switch, not there without it, on two seeds each.

What shows within a few steps is trained here; what needs some hundred is read from the trainings
that `make clinic` recorded.
"""

import functools

import pytest

from benchmarks import clinic as benchmark
from benchmarks.common import RESULTS
from helpers.classroom.diagnosis import strength
from helpers.classroom.readings import Reader
from helpers.training import FAULTS, BrokenRun
from tests.pictures import flat_pictures

SEEDS = (1, 3)  # of the record: seeds on which no limit was chosen
AT_ONCE = {  # by fault: what a reading after `STEPS` steps shows
    "frozen discriminator": lambda now: now.discriminator_moves == 0,
    "two ranges": lambda now: now.darkest >= 0,
    "labels above 1": lambda now: now.largest_label > 1,
    "discriminator too strong": lambda now: strength(now) > 10,
    "discriminator too weak": lambda now: strength(now) < 0.1,
    "augmented photographs only": lambda now: now.from_the_album == 0,
    "the same latents": lambda now: now.new_latents == 0,
    "rates too large": lambda now: now.generator_loss > 20,
}
STEPS = 6
LATER = {  # by fault: what the last reading of a recorded training shows
    "swapped labels": lambda now: now.fakes_right < 0.3 and now.discriminator_loss < 0.5,
    "too much momentum": lambda now: now.generator_loss > 2.6 and now.face_rate < 0.7,
    "normalisation without statistics": lambda now: now.modes_apart > 0.15,
    "too few photographs": lambda now: now.photographs_right > now.held_out_right + 0.3,
}
RECORD = benchmark.former(RESULTS)


def test_every_fault_has_one_symptom_here():
    assert sorted([*AT_ONCE, *LATER]) == sorted(FAULTS)


@functools.cache
def reading_of(fault, seed):
    """After a few steps with this fault, or with none for None."""
    run = BrokenRun([fault] if fault else [], flat_pictures(40), width=1 / 16, seed=seed)
    reader = Reader(run)
    run.train(steps=STEPS)
    return reader.read()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fault", AT_ONCE)
def test_a_symptom_that_shows_at_once(fault, seed):
    shows = AT_ONCE[fault]
    assert shows(reading_of(fault, seed)) and not shows(reading_of(None, seed))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fault", LATER)
@pytest.mark.parametrize("album", RECORD["albums"])
def test_a_symptom_that_the_record_shows(album, fault, seed):
    ill, well = (
        benchmark.readings_of(RECORD, run)[-1]
        for name in (fault, benchmark.HEALTHY)
        for run in RECORD["albums"][album]["runs"]
        if (run["fault"], run["seed"]) == (name, seed)
    )
    shows = LATER[fault]
    assert shows(ill) and not shows(well)
