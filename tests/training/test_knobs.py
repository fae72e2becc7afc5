"""Every knob of lesson 07, at each of its places: the nets are built, and fit together."""

import dataclasses

import numpy as np
import pytest

from helpers.nets import compact, draw_latents
from helpers.training import KNOBS, QUICK, Run
from helpers.training.building import build_nets
from helpers.training.recipes import QUICK_WIDTH
from tests.pictures import flat_pictures

PICTURES = flat_pictures(70)


@pytest.mark.parametrize("place", KNOBS)
def test_both_nets_fit_together_at_each_place(place):
    recipe, width = KNOBS[place]
    gan = build_nets(recipe, width=width / 8, precision="float32", fast=True, seed=0)
    latents = draw_latents(2, np.random.default_rng(0), recipe.latent_size)
    pictures = gan.generator(latents)
    assert pictures.shape == (2, 50, 50, 3) and gan.discriminator(pictures).shape == (2, 1)
    assert gan.averaged_generator.count_params() == gan.generator.count_params()


def test_a_knob_changes_one_thing():
    names = [field.name for field in dataclasses.fields(QUICK) if field.name != "name"]
    for knob, (recipe, width) in KNOBS.items():
        changed = {name for name in names if getattr(recipe, name) != getattr(QUICK, name)}
        changed |= {"width"} if width != QUICK_WIDTH else set()
        if knob == "as it is":
            assert changed == set()
            continue
        assert len(changed) == 1 or changed in (
            {"generator_options", "discriminator_options"},
            {"generator_learning_rate", "discriminator_learning_rate"},
        ), (knob, changed)


def layers_of(net, kind):
    return [layer for layer in net.layers if type(layer).__name__ == kind]


def test_each_option_of_a_builder_is_in_the_net():
    generator = compact.build_generator(
        1 / 16, kernel_size=5, more_layers=1, momentum=0.3, slope=0.4, latent_size=7
    )
    assert generator.input_shape == (None, 7) and generator.output_shape == (None, 50, 50, 3)
    grown = layers_of(generator, "Conv2DTranspose")
    assert [layer.kernel_size[0] for layer in grown] == [5, 5, 5, 4]
    assert len(layers_of(generator, "Conv2D")) == 4 + 1
    assert {layer.momentum for layer in layers_of(generator, "BatchNormalization")} == {0.3}
    assert {layer.negative_slope for layer in layers_of(generator, "LeakyReLU")} == {0.4}
    discriminator = compact.build_discriminator(
        1 / 16, kernel_size=5, more_layers=1, dropout=0.5, slope=0.4, strides=[1, 2, 2, 2]
    )
    convolutions = layers_of(discriminator, "Conv2D")
    assert [layer.kernel_size[0] for layer in convolutions] == [4, 3, 5, 3, 5, 3, 5, 3]
    assert [layer.strides[0] for layer in convolutions] == [1, 1, 2, 1, 2, 1, 2, 1]
    assert [layer.rate for layer in layers_of(discriminator, "Dropout")] == [0.5]
    assert {layer.negative_slope for layer in layers_of(discriminator, "LeakyReLU")} == {0.4}


def test_an_option_that_no_builder_knows_is_a_sentence():
    recipe = dataclasses.replace(QUICK, generator_options={"dropuot": 0.5})
    with pytest.raises(ValueError, match="'dropuot', but build_generator of the compact nets only"):
        Run(recipe, PICTURES, width=1 / 16)


def test_the_latents_have_the_size_of_the_recipe():
    run = Run(dataclasses.replace(QUICK, latent_size=5), PICTURES, width=1 / 16)
    batch = next(run.batches())
    assert batch["latents"].shape == batch["next_latents"].shape == (16, 5)
    assert run.generator.input_shape == run.gan.averaged_generator.input_shape == (None, 5)
