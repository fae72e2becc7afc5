"""Readings: each number beside another way of getting it, from runs that are known to go so."""

import dataclasses

import numpy as np
import pytest

from helpers.classroom import readings
from helpers.classroom.readings import Reader
from helpers.faces.stored_pictures import StoredPictures
from helpers.training import CHAPTER_TUNED, QUICK, BrokenRun, Run
from tests.pictures import flat_pictures

PICTURES = np.random.default_rng(5).random((40, 50, 50, 3), dtype="float32")
STILL = dataclasses.replace(QUICK, batch_size=8, generator_learning_rate=0.0)
FROZEN = dataclasses.replace(STILL, discriminator_learning_rate=0.0)


def read(run, steps, held_out=None):
    reader = Reader(run, held_out)
    run.train(steps=steps)
    return reader.read()


def stretched(recipe, images):
    """A run whose untrained generator draws pictures that differ, in place of gray."""
    run = Run(recipe, images, width=1 / 16)
    for net in (run.gan.generator, run.gan.averaged_generator):
        for weight in net.layers[-1].weights:
            weight.assign(8 * weight)
    return run


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (None, {"new_latents": 1, "from_the_album": 1}),
        ("labels above 1", {"new_latents": 1, "from_the_album": 1}),
        ("the same latents", {"new_latents": 0, "from_the_album": 1}),
        ("augmented photographs only", {"new_latents": 1, "from_the_album": 0}),
        ("two ranges", {"new_latents": 1, "from_the_album": 1}),
    ],
)
def test_what_goes_in_is_what_the_next_steps_take(fault, expected):
    run = BrokenRun([fault] if fault else [], PICTURES, width=1 / 16)
    now = read(run, steps=2)
    stream = run.batches(after_step=2)
    batches = [next(stream), next(stream)]
    assert now.largest_label == max(batch["labels"].max() for batch in batches)
    assert now.smallest_label == min(batch["labels"].min() for batch in batches)
    assert now.darkest == min(batch["photographs"].min() for batch in batches)
    for name, value in expected.items():
        assert getattr(now, name) == value
    assert (now.largest_label > 1) == (fault == "labels above 1")
    assert (now.darkest > -0.5) == (fault == "two ranges")


def test_mirrored_photographs_are_still_those_of_the_album():
    run = Run(dataclasses.replace(QUICK, mirrored=True), PICTURES, width=1 / 16)
    assert read(run, steps=1).from_the_album == 1


def test_stored_photographs_are_known_block_by_block(tmp_path, monkeypatch):
    monkeypatch.setattr(readings, "BLOCK", 16)  # 40 make two and a half
    np.uint8(255 * PICTURES).tofile(tmp_path / "pictures.bin")
    stored = StoredPictures(tmp_path / "pictures.bin", 50, np.arange(40))
    run = Run(dataclasses.replace(QUICK, mirrored=True), stored, width=1 / 16)
    assert read(run, steps=1).from_the_album == 1


def test_a_net_moves_as_far_as_its_weights_do():
    """Doubled weights are a move by their own length; the other net stands still."""
    run = Run(FROZEN, PICTURES, width=1 / 16)
    reader = Reader(run)
    run.train(steps=4)
    assert reader.read().discriminator_moves == 0
    for weight in run.discriminator.trainable_variables:
        weight.assign(2 * weight)
    run.train(steps=6)
    now = reader.read()
    assert now.discriminator_moves == pytest.approx(1 / 2) and now.generator_moves == 0


def test_modes_are_apart_where_statistics_stand_still():
    faces = flat_pictures(40)
    healthy, broken = (
        read(BrokenRun(faults, faces, width=1 / 4), steps=40)
        for faults in ([], ["normalisation without statistics"])
    )
    assert broken.modes_apart > 2 * healthy.modes_apart


def test_photographs_known_by_heart_are_told_from_those_held_out():
    """All are the still generator's own: nothing but memory tells them from its fakes."""
    run = stretched(FROZEN, PICTURES)
    run.train(steps=60)  # its normalisation settles
    own = run.sample(40, seed=9, averaged=False)
    now = read(stretched(STILL, own[:8]), 300, held_out=own[8:])
    assert now.photographs_right - now.held_out_right > 0.35
    assert now.known_by > 1


def test_scores_of_both_kinds_of_discriminators_are_read_as_logits():
    """The chapter's discriminator gives shares, the compact one logits."""
    for recipe in (CHAPTER_TUNED, QUICK):
        run = Run(recipe, PICTURES, width=1 / 32)
        now = read(run, steps=2, held_out=PICTURES[:20])
        scores = np.array(run.discriminator(2 * PICTURES[:20] - 1, training=False))[:, 0]
        limit = 0 if recipe is QUICK else 0.5
        assert now.held_out_right == np.mean(scores <= limit)
        assert np.isfinite(now.known_by)
