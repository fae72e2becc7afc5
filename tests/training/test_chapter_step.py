"""The pieces of the chapter's step: who moves, which losses, which labels."""

import numpy as np
import pytest

from helpers.nets import chapter
from helpers.nets.latents import draw_latents
from helpers.training import chapter_step
from helpers.training.chapter_loop import ChapterLoop
from helpers.training.recipes import CHAPTER_AS_PRINTED, CHAPTER_TUNED
from tests.pictures import flat_pictures
from tests.weights import moved

NARROW = 1 / 64


def test_the_books_order_of_freezing_never_trains_the_discriminator():
    """Keeps lesson 05's trap honest: if Keras mends it one day, the lesson must change."""
    discriminator = chapter.build_discriminator(NARROW)
    chapter_step.compile_discriminator(discriminator, CHAPTER_AS_PRINTED)
    discriminator.trainable = False
    before = [weight.numpy() for weight in discriminator.weights]
    with pytest.warns(UserWarning, match="does not have any trainable weights"):
        discriminator.train_on_batch(flat_pictures(40), chapter_step.labels_without_noise(20))
    assert not moved(before, [weight.numpy() for weight in discriminator.weights])


def test_the_discriminator_learns_that_fakes_are_one_and_photographs_zero():
    random = np.random.default_rng(0)
    loop = ChapterLoop(CHAPTER_TUNED, flat_pictures(47), width=1 / 16)
    noise = random.random((20, 50, 50, 3), dtype="float32") * 2 - 1
    batch = chapter_step.combine(noise, loop.photographs[:20])
    for _ in range(40):
        u = chapter_step.draw_label_noise(20, random)
        labels = chapter_step.labels_inward(20, 0.1, u)
        chapter_step.train_discriminator(loop.discriminator, batch, labels)
    scores = loop.discriminator.predict_on_batch(batch)
    assert scores[:20].mean() > scores[20:].mean() + 0.3


def test_the_generators_step_lowers_the_score_of_its_pictures():
    """The target of the generator is 0, "photograph": swapped, its step would raise the score."""
    loop = ChapterLoop(CHAPTER_TUNED, flat_pictures(47), width=1 / 16, seed=1)
    latents = draw_latents(20, np.random.default_rng(0))

    def mean_score():
        pictures = loop.generator(latents, training=True)  # as the generator's step sees them
        return float(np.mean(loop.discriminator(pictures, training=False)))

    before = mean_score()
    for _ in range(25):
        chapter_step.train_generator(loop.gan, loop.discriminator, latents)
    assert mean_score() < before - 0.02


def cross_entropy(labels, scores):
    return float(-np.mean(labels * np.log(scores) + (1 - labels) * np.log(1 - scores)))


def test_a_loss_is_that_of_its_own_batch_and_not_a_mean_over_the_steps():
    """Some versions of Keras return a running mean; computed apart, in numpy, without dropout."""
    loop = ChapterLoop(CHAPTER_TUNED, flat_pictures(47), width=NARROW)
    loop.discriminator.layers[-2].rate = 0.0
    random = np.random.default_rng(0)
    labels = chapter_step.labels_without_noise(20)
    for _ in range(4):
        batch = random.random((40, 50, 50, 3), dtype="float32") * 2 - 1
        expected = cross_entropy(labels, loop.discriminator.predict_on_batch(batch))
        loss = chapter_step.train_discriminator(loop.discriminator, batch, labels)
        assert loss == pytest.approx(expected, rel=1e-4)
        labels = 1 - labels  # the next batch's loss is another one
    for _ in range(4):
        latents = draw_latents(20, random)
        scores = loop.discriminator(loop.generator(latents, training=True), training=False)
        loss = chapter_step.train_generator(loop.gan, loop.discriminator, latents)
        assert loss == pytest.approx(cross_entropy(0, np.asarray(scores)), rel=1e-3)


def test_labels_as_printed_leave_the_range_and_mended_ones_stay():
    u = chapter_step.draw_label_noise(20, np.random.default_rng(0))
    printed = chapter_step.labels_as_printed(20, 0.1, u)
    inward = chapter_step.labels_inward(20, 0.1, u)
    for labels in (printed, inward):
        assert labels.shape == (40, 1) and labels.dtype == np.float32
        assert labels[:20].mean() > 0.9 and labels[20:].mean() < 0.1  # fakes first
        assert len(np.unique(labels)) == 40
    assert printed.max() > 1
    assert inward.min() >= 0 and inward.max() <= 1


def test_the_restart_is_among_the_first_ten_rows():
    random = np.random.default_rng(0)
    restarts = {chapter_step.next_first_row_as_printed(500, 530, 20, random) for _ in range(300)}
    assert restarts == set(range(10))
    assert chapter_step.next_first_row_as_printed(489, 530, 20, random) == 509
    assert chapter_step.next_first_row_as_printed(490, 530, 20, random) < 10
