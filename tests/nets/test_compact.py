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


def test_the_two_nets_are_each_others_mirror_image():
    generator, discriminator = compact.build_generator(), compact.build_discriminator()
    assert generator.input_shape == (None, 100) and generator.output_shape == (None, 50, 50, 3)
    assert discriminator.input_shape == (None, 50, 50, 3)
    assert discriminator.output_shape == (None, 1)
    up = shapes_of(generator, keras.layers.Conv2DTranspose)
    down = shapes_of(discriminator, keras.layers.Conv2D)
    assert up == [(7, 7), (13, 13), (25, 25), (50, 50)]
    assert down == [(25, 25), (13, 13), (7, 7), (4, 4)]


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
    pictures = tf.constant(PICTURES[:8])
    noise = run.discriminator.layers[1]
    on_them = noise(pictures, training=True) - pictures
    assert np.std(on_them) == pytest.approx(compact.NOISE, rel=0.02)
    assert np.array_equal(noise(pictures, training=False), pictures)
