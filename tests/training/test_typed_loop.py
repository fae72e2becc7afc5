"""The loop that a learner types takes the very steps of `ChapterLoop`."""

import inspect
from types import SimpleNamespace

import imageio.v3 as iio
import numpy as np
import pytest

from helpers.images import to_net_range, to_picture_range
from helpers.machine import set_seed
from helpers.nets import chapter
from helpers.training import (
    CHAPTER_AS_PRINTED,
    CHAPTER_TUNED,
    ChapterLoop,
    chapter_step,
    typed_loop,
)
from tests.pictures import flat_pictures

NARROW = 1 / 64
PHOTOGRAPHS = 47  # two full batches and a rest: the third step begins anew
STEPS = 5


def nets_of(recipe):
    set_seed(0)
    generator = chapter.build_generator(NARROW)
    discriminator = chapter.build_discriminator(NARROW)
    chapter_step.compile_discriminator(discriminator, recipe)
    return generator, discriminator, chapter_step.build_gan(generator, discriminator, recipe)


def printed_row(first_row, photographs, random):
    return chapter_step.next_first_row_as_printed(first_row, len(photographs), 20, random)


def shuffled_row(first_row, photographs, random):
    first_row += 20
    if first_row + 20 > len(photographs):
        random.shuffle(photographs)
        first_row = 0
    return first_row


def train(recipe, images, folder, steps=STEPS):
    """The losses of `typed_loop` with the rules of the recipe."""
    random, losses = np.random.default_rng(0), []
    photographs = to_net_range(images) if recipe.same_range else images
    if recipe.shuffled:
        random.shuffle(photographs)
    inward = recipe.noise_points_inward
    rules = SimpleNamespace(
        make_labels=chapter_step.labels_inward if inward else chapter_step.labels_as_printed,
        next_row=shuffled_row if recipe.shuffled else printed_row,
        to_picture=to_picture_range,
    )
    nets = nets_of(recipe)
    typed_loop(nets, photographs, steps, folder, lambda *told: losses.append(told), random, rules)
    return losses


@pytest.mark.parametrize("recipe", [CHAPTER_AS_PRINTED, CHAPTER_TUNED], ids=lambda each: each.name)
def test_its_losses_are_those_of_the_chapter_loop(recipe, tmp_path):
    images = flat_pictures(PHOTOGRAPHS)
    loop = ChapterLoop(recipe, images, width=NARROW, seed=0)
    expected = [(step, *loop.step()) for step in range(1, STEPS + 1)]
    np.testing.assert_array_equal(train(recipe, images, tmp_path), expected)
    assert list(tmp_path.iterdir()) == []  # no hundredth step was taken


def test_every_hundredth_step_leaves_a_fake_and_a_real_picture(tmp_path, capsys):
    images = flat_pictures(20)
    train(CHAPTER_TUNED, images, tmp_path, steps=101)
    assert {path.name for path in tmp_path.iterdir()} == {"fake_gwb100.png", "real_gwb100.png"}
    assert capsys.readouterr().out.startswith("step 100: losses ")
    real = iio.imread(tmp_path / "real_gwb100.png")
    assert real.shape == (50, 50, 3) and real.dtype == np.uint8
    assert any(np.abs(real / 255.0 - image).max() <= 1 / 255 for image in images)


def test_it_is_short_enough_to_be_seen_at_once():
    body = inspect.getsource(typed_loop)
    assert len(body.splitlines()) - len(typed_loop.__doc__.splitlines()) <= 35
