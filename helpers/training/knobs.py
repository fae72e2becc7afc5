"""The knobs that the chapter's end asks its reader to turn, each at a few places.

Source: *Hands-on Deep Learning with R*, chapter 9: "layers, filters, learning rates". A knob is a
field of a recipe or an argument of a net's builder. `benchmarks/tuning.py` turns them all.
"""

from dataclasses import replace

from helpers.training.recipes import QUICK, QUICK_WIDTH


def _both(**options):
    """The quick recipe with the same options for both nets."""
    return replace(QUICK, generator_options=options, discriminator_options=options)


def _rates(generator, discriminator):
    return replace(
        QUICK, generator_learning_rate=generator, discriminator_learning_rate=discriminator
    )


_RECIPES = {
    "as it is": QUICK,
    "layers: one more after each": _both(more_layers=1),
    "filter size: 5 × 5": _both(kernel_size=5),
    "stride: 1 in the first layer": replace(QUICK, discriminator_options={"strides": [1, 2, 2, 2]}),
    "normalisation's momentum: 0.5": replace(QUICK, generator_options={"momentum": 0.5}),
    "normalisation's momentum: 0.99": replace(QUICK, generator_options={"momentum": 0.99}),
    "dropout: 0.5": replace(QUICK, discriminator_options={"dropout": 0.5}),
    "leaky slope: 0.01": _both(slope=0.01),
    "leaky slope: 0.5": _both(slope=0.5),
    "rates: a fifth": _rates(0.0002, 0.0002),
    "rates: fivefold": _rates(0.005, 0.005),
    "ratio of the rates: discriminator 4 times": _rates(0.0005, 0.002),
    "ratio of the rates: generator 4 times": _rates(0.002, 0.0005),
    "beta_1: 0": replace(QUICK, beta_1=0.0),
    "beta_1: 0.9": replace(QUICK, beta_1=0.9),
    "batch size: 4": replace(QUICK, batch_size=4),
    "batch size: 64": replace(QUICK, batch_size=64),
    "photographs: never shuffled": replace(QUICK, shuffled=False),
    "latent size: 4": replace(QUICK, latent_size=4),
    "latent size: 400": replace(QUICK, latent_size=400),
}
KNOBS = {  # by knob and place: a recipe, and the share of all filters
    **{name: (recipe, QUICK_WIDTH) for name, recipe in _RECIPES.items()},
    "filters: a quarter": (QUICK, 0.25),
    "filters: all": (QUICK, 1.0),
}
