"""Ways to break a training: each switch changes one thing, and has its symptom.

A symptom that shows within a few steps is trained here; one that needs some hundred is read from
the trainings that `make clinic` recorded.
"""

import dataclasses
import functools
import itertools

import numpy as np
import pytest

from benchmarks import clinic as benchmark
from benchmarks.common import RESULTS
from helpers.classroom.diagnosis import strength
from helpers.classroom.readings import Reader
from helpers.training import FAULTS, QUICK, BrokenRun, Run
from tests.pictures import flat_pictures

PICTURES = flat_pictures(40)
WIDTH = 1 / 16


def first_batches(run, count=2):
    return list(itertools.islice(run.batches(), count))


def differences(fault):
    """What differs between a broken run and a healthy one before the first step, as words."""
    healthy, broken = (BrokenRun(names, PICTURES, width=WIDTH) for names in ([], [fault]))
    found = {
        f"recipe {field.name}"
        for field in dataclasses.fields(QUICK)
        if field.name != "name"
        and getattr(healthy.recipe, field.name) != getattr(broken.recipe, field.name)
    }
    if len(healthy.images) != len(broken.images):
        return found | {"album"}
    for name in ("latents", "photographs", "labels", "next_latents"):
        pairs = zip(first_batches(healthy), first_batches(broken), strict=True)
        if any(not np.array_equal(one[name], other[name]) for one, other in pairs):
            found.add(f"batch {name}")
    momenta = [
        [getattr(layer, "momentum", None) for layer in run.generator.layers]
        for run in (healthy, broken)
    ]
    if momenta[0] != momenta[1]:
        found.add("nets")
    return found


EXPECTED = {
    "frozen discriminator": {"recipe discriminator_learning_rate"},
    "two ranges": {"recipe same_range", "batch photographs"},
    "labels above 1": {"recipe noise_points_inward", "batch labels"},
    "swapped labels": {"batch labels"},
    "discriminator too strong": {"recipe generator_learning_rate"},
    "discriminator too weak": {"recipe discriminator_learning_rate"},
    "too much momentum": {"recipe beta_1"},
    "augmented photographs only": {"batch photographs"},
    "normalisation without statistics": {"nets"},
    "the same latents": {"batch latents", "batch next_latents"},
    "rates too large": {"recipe generator_learning_rate", "recipe discriminator_learning_rate"},
    "too few photographs": {"album"},
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_switch_changes_one_thing(fault):
    assert differences(fault) == EXPECTED[fault]


def test_without_a_fault_a_broken_run_is_a_run():
    """The same stream, and the same weights after three steps, to the last bit."""
    runs = BrokenRun([], PICTURES, width=WIDTH), Run(QUICK, PICTURES, width=WIDTH)
    for one, other in zip(*map(first_batches, runs), strict=True):
        for name, values in one.items():
            np.testing.assert_array_equal(values, other[name])
    for run in runs:
        run.train(steps=3)
    for one, other in zip(*(run.generator.get_weights() for run in runs), strict=True):
        np.testing.assert_array_equal(one, other)


def test_two_faults_are_both_there():
    run = BrokenRun(["two ranges", "labels above 1"], PICTURES, width=WIDTH)
    [batch] = first_batches(run, 1)
    assert batch["photographs"].min() >= 0 and batch["labels"].max() > 1


def test_swapped_labels_swapped_again_are_right():
    [right] = first_batches(BrokenRun([], PICTURES, width=WIDTH), 1)
    swap = FAULTS["swapped labels"].change_batch
    np.testing.assert_array_equal(swap(swap(right))["labels"], right["labels"])
    assert swap(right)["labels"][0, 0] < 0.2 < 0.8 < right["labels"][0, 0]


def test_a_switch_is_the_function_that_does_the_harm():
    for fault in FAULTS.values():
        assert fault.switch.__name__ != "_as_it_is"
        assert fault.cause.endswith(".") and fault.cure.endswith(".")


def test_an_unknown_fault_is_named():
    with pytest.raises(KeyError, match="no such fault"):
        BrokenRun(["no such fault"], PICTURES, width=WIDTH)


SEEDS = (1, 3)  # of the record: seeds on which no limit was chosen
AT_ONCE = {  # by fault: what a reading after `STEPS` steps shows
    "frozen discriminator": lambda now: now.discriminator_moves == 0,
    "two ranges": lambda now: now.darkest >= 0,
    "labels above 1": lambda now: now.largest_label > 1,
    "discriminator too strong": lambda now: strength(now) > 10,
    "discriminator too weak": lambda now: strength(now) < 0.1,
    "augmented photographs only": lambda now: now.from_the_album == 0,
    "the same latents": lambda now: now.new_latents == 0,
    "rates too large": lambda now: max(now.generator_loss, now.discriminator_loss) > 20,
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
    run = BrokenRun([fault] if fault else [], PICTURES, width=WIDTH, seed=seed)
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
