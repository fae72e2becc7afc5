"""The compact nets: shapes, ranges, blur and noise."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.nets import compact
from helpers.training.recipes import CHAPTER_TUNED, COMPACT
from helpers.training.run import Run
from tests.pictures import flat_pictures

NARROW = 1 / 32
PICTURES = flat_pictures(47)


def begin(recipe=COMPACT, **options):
    return Run(recipe, PICTURES, width=NARROW, precision="float32", seed=3, **options)


def shapes_of(net, kind):
    return [layer.output.shape[1:3] for layer in net.layers if isinstance(layer, kind)]


SIDES = {50: [25], 100: [50, 25], 200: [100, 50, 25]}  # of the larger layers


@pytest.mark.parametrize("size", compact.SIZES)
def test_the_two_nets_are_each_others_mirror_image(size):
    generator, discriminator = (
        build(size=size) for build in (compact.build_generator, compact.build_discriminator)
    )
    assert generator.input_shape == (None, 100) and generator.output_shape == (None, size, size, 3)
    assert discriminator.input_shape == (None, size, size, 3)
    assert discriminator.output_shape == (None, 1)
    down = [(side, side) for side in (*SIDES[size], 13, 7, 4)]
    assert shapes_of(discriminator, keras.layers.Conv2D) == down
    up = shapes_of(generator, keras.layers.Conv2DTranspose)
    assert [*up[-2::-1], (4, 4)] == down and up[-1] == (size, size)


@pytest.mark.parametrize("build", [compact.build_generator, compact.build_discriminator])
@pytest.mark.parametrize("size", [25, 64, 99, 400, "50"])
def test_a_size_without_nets_is_refused_with_those_that_exist(build, size):
    known = "50 x 50, 100 x 100, 200 x 200"
    with pytest.raises(ValueError, match=f"are for pictures of {known}, not of {size} x {size}"):
        build(size=size)


@pytest.mark.parametrize("size", compact.SIZES)
def test_a_run_takes_the_size_from_its_pictures(size):
    pictures = np.random.default_rng(0).random((16, size, size, 3), dtype="float32")
    run = Run(COMPACT, pictures, width=NARROW, precision="float32")
    run.train(steps=1)
    assert run.sample(2).shape == (2, size, size, 3)
    sees_a_minibatch = any(
        isinstance(layer, compact.MinibatchDeviation) for layer in run.discriminator.layers
    )
    assert sees_a_minibatch == (size >= COMPACT.minibatch_deviation_from)


def test_a_run_refuses_what_no_net_is_for():
    pictures = np.zeros((47, 64, 64, 3), "float32")
    with pytest.raises(ValueError, match="compact nets are for pictures of 50 x 50, 100 x 100"):
        Run(COMPACT, pictures, width=NARROW)
    with pytest.raises(ValueError, match="chapter's nets are for pictures of 50 x 50, not of 64"):
        Run(CHAPTER_TUNED, pictures, width=NARROW)
    with pytest.raises(ValueError, match="64 x 50 pixels, but the nets need squares"):
        Run(COMPACT, pictures[:, :, :50], width=NARROW)


def test_a_blur_takes_the_checkerboard_of_strided_kernels_away():
    generator = compact.build_generator()
    blurs = [
        layer for layer in generator.layers if isinstance(layer, keras.layers.AveragePooling2D)
    ]
    assert [blur.output.shape[1:3] for blur in blurs] == [(25, 25), (50, 50)]
    latents = np.random.default_rng(0).standard_normal((8, 100)).astype("float32")
    checkerboard = (-1.0) ** np.add.outer(np.arange(50), np.arange(50))[None, :-1, :-1, None]
    around = keras.Model(generator.input, [blurs[-1].input, blurs[-1].output])
    before, after = [
        np.abs((maps.numpy()[:, :-1, :-1] * checkerboard).mean((1, 2))).mean()
        for maps in around(latents, training=True)
    ]
    assert after < before / 5


def test_the_generator_draws_in_its_range_and_the_discriminator_gives_logits():
    latents = 50 * np.random.default_rng(0).standard_normal((4, 100)).astype("float32")
    drawn = compact.build_generator()(latents, training=True).numpy()
    assert -1 <= drawn.min() < -0.1 and 0.1 < drawn.max() <= 1
    discriminator = compact.build_discriminator()
    assert discriminator.layers[-1].activation is keras.activations.linear
    assert begin().gan.gives_logits and not begin(CHAPTER_TUNED).gan.gives_logits


def test_width_narrows_every_layer_and_a_wrong_one_is_refused():
    for build in (compact.build_generator, compact.build_discriminator):
        whole, half = build(), build(width=0.5)
        pairs = zip(whole.layers[1:-1], half.layers[1:-1], strict=True)
        filters = [
            (a.filters, b.filters) for a, b in pairs if hasattr(a, "filters") and a.filters > 3
        ]
        assert len(filters) >= 2 and all(a == 2 * b for a, b in filters)
        with pytest.raises(ValueError, match="above 0 and at most 1"):
            build(width=1.5)


def test_noise_lies_on_the_discriminators_pictures_in_training_only():
    run = begin()
    pictures = tf.constant(PICTURES)
    noise = run.discriminator.layers[1]
    on_them = (noise(pictures, training=True) - pictures).numpy()
    assert np.std(on_them) == pytest.approx(compact.NOISE, rel=0.02)
    assert abs(on_them.mean()) < 0.002 and np.abs(on_them).max() < 2 * compact.NOISE
    assert not np.array_equal(on_them, noise(pictures, training=True) - pictures)
    assert np.array_equal(noise(pictures, training=False), pictures)


def test_each_minibatch_has_its_own_deviation_at_each_place():
    """By numpy's standard deviation; two minibatches of four, or one of three."""
    maps = np.random.default_rng(0).normal(size=(8, 2, 3, 5)).astype("float32")
    seen = compact.MinibatchDeviation(4)(maps).numpy()
    assert seen.shape == (8, 6)
    for rows in (slice(0, 4), slice(4, 8)):
        expected = maps[rows].std(axis=0).mean(axis=-1).ravel()
        np.testing.assert_allclose(seen[rows], np.tile(expected, (4, 1)), rtol=1e-4)
    few = compact.MinibatchDeviation(4)(maps[:3]).numpy()
    np.testing.assert_allclose(few[0], maps[:3].std(axis=0).mean(axis=-1).ravel(), rtol=1e-4)


def test_in_a_step_fakes_and_photographs_are_two_minibatches():
    """All fakes alike, all photographs different: the scores of each kind know only its own."""
    net = compact.build_discriminator(NARROW, size=100, minibatch=4)
    random = np.random.default_rng(0)
    photographs = random.random((4, 100, 100, 3), dtype="float32")
    for fakes in (np.zeros_like(photographs), random.random((4, 100, 100, 3), dtype="float32")):
        both = net(np.concatenate([fakes, photographs]), training=False).numpy()
        np.testing.assert_allclose(both[4:], net(photographs, training=False), rtol=1e-3, atol=1e-5)
