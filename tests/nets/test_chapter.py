"""The chapter's two nets against the book's numbers."""

import numpy as np
import pytest

from helpers.nets import chapter
from helpers.nets.latents import draw_latents, make_fakes

NARROW = 1 / 64


def as_built(layer):
    """What the book fixes of a layer, in one row: kind, filters, kernel, strides, padding, …"""
    config = layer.get_config()
    activation = config.get("activation")
    return (
        type(layer).__name__,
        config.get("filters") or config.get("units"),
        config.get("kernel_size"),
        config.get("strides"),
        config.get("padding"),
        None if activation == "linear" else activation,
        config.get("momentum") or config.get("rate"),
    )


NORMALISED = [
    ("BatchNormalization", None, None, None, None, None, 0.5),
    ("ReLU", None, None, None, None, None, None),
]


LEAKY = ("LeakyReLU", None, None, None, None, None, None)


def test_the_generator_is_the_books_layer_by_layer():
    generator = chapter.build_generator()
    expected = [
        ("InputLayer", None, None, None, None, None, None),
        ("Dense", 80_000, None, None, None, None, None),
        *NORMALISED,
        ("Reshape", None, None, None, None, None, None),
        ("Conv2D", 512, (5, 5), (1, 1), "same", None, None),
        *NORMALISED,
        ("Conv2DTranspose", 256, (4, 4), (2, 2), "same", None, None),
        *NORMALISED,
        ("Conv2D", 256, (5, 5), (1, 1), "same", None, None),
        *NORMALISED,
        ("Conv2D", 128, (5, 5), (1, 1), "same", None, None),
        *NORMALISED,
        ("Conv2D", 64, (5, 5), (1, 1), "same", None, None),
        *NORMALISED,
        ("Conv2D", 3, (7, 7), (1, 1), "same", "tanh", None),
    ]
    assert [as_built(layer) for layer in generator.layers] == expected
    assert generator.count_params() == 14_813_443
    assert generator.input_shape == (None, 100)
    assert generator.output_shape == (None, 50, 50, 3)


def test_the_discriminator_is_the_books_layer_by_layer():
    discriminator = chapter.build_discriminator()
    expected = [
        ("InputLayer", None, None, None, None, None, None),
        ("Conv2D", 256, (3, 3), (1, 1), "valid", None, None),
        LEAKY,
        ("Conv2D", 256, (5, 5), (2, 2), "valid", None, None),
        LEAKY,
        ("Conv2D", 256, (5, 5), (2, 2), "valid", None, None),
        LEAKY,
        ("Conv2D", 256, (3, 3), (2, 2), "valid", None, None),
        LEAKY,
        ("Flatten", None, None, None, None, None, None),
        ("Dropout", None, None, None, None, None, 0.5),
        ("Dense", 1, None, None, None, "sigmoid", None),
    ]
    assert [as_built(layer) for layer in discriminator.layers] == expected
    assert discriminator.count_params() == 3_878_657


@pytest.mark.parametrize("width", [1 / 8, 1 / 64])
def test_a_narrow_net_has_the_same_layers_with_fewer_filters(width):
    for build in (chapter.build_generator, chapter.build_discriminator):
        full, narrow = build(), build(width)
        assert [type(layer) for layer in full.layers] == [type(layer) for layer in narrow.layers]
        for wide_layer, narrow_layer in zip(full.layers, narrow.layers, strict=True):
            if type(wide_layer).__name__.startswith("Conv") and wide_layer.filters > 3:
                assert narrow_layer.filters == round(wide_layer.filters * width)
        assert narrow.output_shape == full.output_shape


@pytest.mark.parametrize("width", [0.0, -1.0, 1.5])
def test_an_impossible_width_is_a_sentence(width):
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        chapter.build_generator(width)


def test_the_generators_pictures_lie_in_its_range_and_do_not_repeat():
    pictures = make_fakes(
        chapter.build_generator(NARROW), draw_latents(4, np.random.default_rng(0))
    )
    assert pictures.shape == (4, 50, 50, 3) and pictures.dtype == np.float32
    assert pictures.min() >= -1 and pictures.max() <= 1
    assert np.abs(pictures[0] - pictures[1]).max() > 0
