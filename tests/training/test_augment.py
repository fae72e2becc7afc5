"""Augmentation: what it changes, what it leaves, and that gradients pass."""

import numpy as np
import pytest
import tensorflow as tf

from helpers.training.augment import BRIGHTNESS, COLOUR, RANDOM_NUMBERS, SHIFT, augment

PICTURES = np.random.default_rng(4).uniform(-0.6, 0.6, (6, 50, 50, 3)).astype("float32")


def uniform_noise(count):
    return np.random.default_rng(5).random((count, RANDOM_NUMBERS), dtype="float32")


def noise(**chosen):
    """Noise that changes nothing, but for the columns that are named."""
    numbers = np.full((6, RANDOM_NUMBERS), 0.5, "float32")
    numbers[:, [0, 3]] = 0.99  # not among the chosen ones
    columns = {"lit": 0, "brightness": 1, "colour": 2, "moved": 3, "rows": 4, "columns": 5}
    for name, value in chosen.items():
        numbers[:, columns[name]] = value
    return numbers


def test_without_a_share_nothing_changes():
    numbers = uniform_noise(6)
    assert np.array_equal(augment(PICTURES, numbers, 0.0), PICTURES)


def test_light_changes_brightness_and_colour_and_nothing_else():
    brighter = augment(PICTURES, noise(lit=0, brightness=1), 0.5).numpy()
    assert np.allclose(brighter - PICTURES, 2 * BRIGHTNESS, atol=1e-5)
    colourful = augment(PICTURES, noise(lit=0, colour=0), 0.5).numpy()
    assert np.allclose(colourful.mean(axis=3), PICTURES.mean(axis=3), atol=1e-5)
    assert np.allclose(colourful.std(axis=3), (1 - COLOUR) * PICTURES.std(axis=3), atol=1e-5)


@pytest.mark.parametrize(
    ("rows", "columns"), [(0.0, 0.5), (0.9999, 0.5), (0.5, 0.0), (0.9999, 0.0)]
)
def test_moving_shifts_the_picture_and_repeats_its_edge(rows, columns):
    moved = augment(PICTURES, noise(moved=0, rows=rows, columns=columns), 0.5).numpy()
    down, right = (round(-SHIFT * (2 * part - 1)) for part in (rows, columns))
    padded = np.pad(PICTURES, ((0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT), (0, 0)), mode="edge")
    expected = padded[:, SHIFT - down : SHIFT - down + 50, SHIFT - right : SHIFT - right + 50]
    assert np.array_equal(moved, expected)


def test_a_finer_picture_is_moved_by_as_large_a_part():
    """Each pixel drawn as a block of 2 x 2: the same picture, moved, in blocks."""

    def blocks(pictures):
        return np.repeat(np.repeat(pictures, 2, axis=1), 2, axis=2)

    numbers = noise(moved=0, rows=0.0, columns=0.9999)
    moved = augment(PICTURES, numbers, 0.5).numpy()
    assert np.array_equal(augment(blocks(PICTURES), numbers, 0.5), blocks(moved))


def test_every_shift_is_as_likely_as_another():
    numbers = np.tile(noise(moved=0)[:1], (9000, 1))
    numbers[:, 4] = uniform_noise(9000)[:, 0]
    ramp = np.broadcast_to(np.arange(50.0)[:, None, None] / 100, (9000, 50, 50, 3)).astype(
        "float32"
    )
    seen = np.round(100 * augment(ramp[:, :, :1], numbers, 0.5).numpy()[:, 25, 0, 0])
    shifts, counts = np.unique(seen - 25, return_counts=True)
    assert shifts.tolist() == list(range(-SHIFT, SHIFT + 1))
    assert counts.min() > 800 and counts.max() < 1200


def test_the_share_is_the_part_of_the_pictures_that_changes():
    numbers = uniform_noise(4000)
    small = np.broadcast_to(PICTURES[:1, :, :2], (4000, 50, 2, 3))
    changed = (np.abs(augment(small, numbers, 0.3).numpy() - small) > 1e-6).any(axis=(1, 2, 3))
    assert changed.mean() == pytest.approx(1 - 0.7 * (1 - 0.3 * 8 / 9), abs=0.03)


def test_gradients_flow_to_every_picture():
    pictures = tf.constant(PICTURES)
    with tf.GradientTape() as tape:
        tape.watch(pictures)
        numbers = uniform_noise(6)
        loss = tf.reduce_sum(augment(pictures, numbers, 1.0))
    gradient = tape.gradient(loss, pictures).numpy()
    assert gradient.shape == PICTURES.shape and (gradient.sum(axis=(1, 2, 3)) > 1000).all()
