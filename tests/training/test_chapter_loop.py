"""The chapter's loop against an independent model of it."""

import imageio.v3 as iio
import numpy as np
import pytest

from helpers.nets.latents import LATENT_SIZE, draw_latents
from helpers.training import chapter_step
from helpers.training.chapter_loop import ChapterLoop
from helpers.training.recipes import CHAPTER, CHAPTER_AS_PRINTED, CHAPTER_TUNED
from tests.pictures import flat_pictures
from tests.weights import moved, weights_of

NARROW = 1 / 64
RECIPES = [CHAPTER_AS_PRINTED, CHAPTER, CHAPTER_TUNED]


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_each_net_moves_in_its_own_step_and_stays_still_in_the_others(recipe):
    loop = ChapterLoop(recipe, flat_pictures(47), width=NARROW)
    for _ in range(3):  # more than once: the trap of a frozen net shows at the first trace only
        generator, discriminator = weights_of(loop.generator), weights_of(loop.discriminator)
        pictures = np.random.default_rng(1).random((40, 50, 50, 3), dtype="float32")
        labels = chapter_step.labels_without_noise(20)
        chapter_step.train_discriminator(loop.discriminator, pictures, labels)
        after = weights_of(loop.discriminator)
        assert all(moved([a], [b]) for a, b in zip(discriminator, after, strict=True))
        assert not moved(generator, weights_of(loop.generator))

        latents = draw_latents(20, np.random.default_rng(2))
        chapter_step.train_generator(loop.gan, loop.discriminator, latents)
        assert not moved(after, weights_of(loop.discriminator))
        assert moved(generator, weights_of(loop.generator))


def rows_by_an_independent_model(recipe, count, steps, seed):
    """The rows each step takes, computed apart, from the words of the chapter and the recipe."""
    random = np.random.default_rng(seed)
    batch = recipe.batch_size
    latents = (batch, LATENT_SIZE)
    order, visited, first = list(range(count)), [], 1  # counts from 1, as R does
    if recipe.shuffled:
        order = np.arange(count)
        random.shuffle(order)
    for _ in range(steps):
        random.standard_normal(latents)
        visited.append([int(row) for row in order[first - 1 : first + batch - 1]])
        random.random((2 * batch, 1), dtype="float32")
        random.standard_normal(latents)
        first = first + batch
        if recipe.shuffled:
            if first > count - batch + 1:
                random.shuffle(order)
                first = 1
        elif first > count - batch:
            first = int(random.integers(0, 10)) + 1
    return visited


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_step_shows_fakes_then_the_right_photographs_with_the_right_labels(recipe, monkeypatch):
    images, steps = flat_pictures(67), 14
    loop = ChapterLoop(recipe, images, width=NARROW, seed=5)
    shown, order_of_play = [], []

    def record_discriminator(discriminator, pictures, labels):
        shown.append((pictures, labels))
        order_of_play.append("discriminator")
        return 0.0

    def record_generator(gan, discriminator, latents):
        assert latents.shape == (20, 100)
        order_of_play.append("generator")
        return 0.0

    monkeypatch.setattr(chapter_step, "train_discriminator", record_discriminator)
    monkeypatch.setattr(chapter_step, "train_generator", record_generator)
    for _ in range(steps):
        loop.step()

    expected_rows = rows_by_an_independent_model(recipe, len(images), steps, seed=5)
    expected_photographs = images * 2 - 1 if recipe.same_range else images
    assert order_of_play == ["discriminator", "generator"] * steps
    for (pictures, labels), rows in zip(shown, expected_rows, strict=True):
        assert pictures.shape == (40, 50, 50, 3)
        np.testing.assert_allclose(pictures[20:], expected_photographs[rows], atol=1e-6)
        assert not np.allclose(pictures[:20], pictures[20:], atol=0.05)
        assert labels[:20].min() >= 0.9 and labels[20:].max() <= 0.1
        assert (labels.max() > 1) == (not recipe.noise_points_inward)


def test_the_mended_loop_visits_every_photograph_and_the_printed_one_never_the_last():
    printed = rows_by_an_independent_model(CHAPTER_AS_PRINTED, 530, 5000, seed=0)
    mended = rows_by_an_independent_model(CHAPTER, 530, 200, seed=0)
    assert {row for rows in mended for row in rows} == set(range(530))
    assert max(row for rows in printed for row in rows) == 528  # counted from 0: the last is 529


def test_the_same_seed_gives_the_same_losses_and_pictures():
    runs = []
    for seed in (7, 7, 8):
        loop = ChapterLoop(CHAPTER_TUNED, flat_pictures(47), width=NARROW, seed=seed)
        losses = [loop.step() for _ in range(3)]
        runs.append((losses, loop.sample(2)))
    assert runs[0][0] == runs[1][0]
    np.testing.assert_array_equal(runs[0][1], runs[1][1])
    assert runs[0][0] != runs[2][0]


def test_samples_are_pictures_and_do_not_disturb_the_loop():
    loops = [ChapterLoop(CHAPTER, flat_pictures(47), width=NARROW) for _ in range(2)]
    for loop in loops:
        loop.step()
    sample = loops[0].sample(3, seed=1)
    assert sample.shape == (3, 50, 50, 3)
    assert sample.min() >= 0 and sample.max() <= 1
    assert loops[0].step()[1] == pytest.approx(loops[1].step()[1], rel=1e-6)


@pytest.mark.parametrize(
    ("pictures", "words"),
    [
        (flat_pictures(15), "There are 15 photographs, but a training needs 16 or more"),
        (flat_pictures(30)[:, :40], "40 x 50 pixels, but the nets need squares"),
        (flat_pictures(30)[:, :40, :40], "for pictures of 50 x 50, not of 40 x 40"),
        (flat_pictures(30) * 255, "whole numbers from 0 to 255 are divided by 255"),
        (flat_pictures(30) * np.nan, "is needed"),
    ],
    ids=["too few", "no squares", "wrong size", "up to 255", "not numbers"],
)
def test_photographs_that_cannot_be_used_are_refused_with_a_sentence(pictures, words):
    with pytest.raises(ValueError, match=words):
        ChapterLoop(CHAPTER, pictures, width=NARROW)


def test_an_interrupt_keeps_history_and_pictures_and_the_loop_goes_on(tmp_path, monkeypatch):
    """Stopped in the middle of step 5, then gone on with to step 8."""
    loop = ChapterLoop(CHAPTER, flat_pictures(47), width=NARROW, seed=2)
    train_generator, calls = chapter_step.train_generator, []

    def interrupted_once(*arguments):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return train_generator(*arguments)

    monkeypatch.setattr(chapter_step, "train_generator", interrupted_once)
    loop.run(8, tmp_path / "stopped", picture_every=2)
    assert loop.steps_done == 4
    assert len(loop.history["generator_loss"]) == 4
    assert {path.name for path in (tmp_path / "stopped").iterdir()} == {
        f"step_0000{step}_{kind}.png" for step in (2, 4) for kind in ("fake", "photograph")
    }
    loop.run(8, tmp_path / "stopped", picture_every=2)
    assert loop.steps_done == len(loop.history["generator_loss"]) == 8
    assert len(list((tmp_path / "stopped").iterdir())) == 8


@pytest.mark.parametrize("recipe", [CHAPTER_AS_PRINTED, CHAPTER], ids=lambda recipe: recipe.name)
def test_the_saved_photograph_is_the_photograph_that_was_shown(recipe, tmp_path):
    images = flat_pictures(47)
    loop = ChapterLoop(recipe, images, width=NARROW)
    loop.run(1, tmp_path, picture_every=1)
    saved = iio.imread(tmp_path / "step_00001_photograph.png")
    distances = np.abs(images - saved / 255).max(axis=(1, 2, 3))
    assert distances.min() < 0.5 / 255 + 1e-6
    fake = iio.imread(tmp_path / "step_00001_fake.png") / 255
    expected = (loop.last_fakes[0] + 1) / 2 if recipe.same_range else loop.last_fakes[0]
    np.testing.assert_allclose(fake, np.clip(expected, 0, 1), atol=0.5 / 255 + 1e-6)


def test_the_averaged_generator_is_the_mean_of_the_generators_of_each_step():
    loop = ChapterLoop(CHAPTER_TUNED, flat_pictures(47), width=NARROW)
    mean = weights_of(loop.generator)
    for count in range(4):
        loop.step()
        share = 1 - min(CHAPTER_TUNED.average_decay, (1 + count) / (10 + count))
        now = weights_of(loop.generator)
        mean = [(1 - share) * old + share * new for old, new in zip(mean, now, strict=True)]
    before = weights_of(loop.generator)
    sample = loop.sample(23, seed=5)
    assert not moved(before, weights_of(loop.generator))
    loop.generator.set_weights(mean)
    latents = draw_latents(23, np.random.default_rng(5))
    expected = (loop.generator.predict_on_batch(latents) + 1) / 2
    np.testing.assert_allclose(sample, expected, atol=1e-4)
    loop.generator.set_weights(before)
    assert np.abs(loop.sample(23, seed=5, averaged=False) - expected).max() > 1e-3
