"""From latents to pictures: what a generator is given, and what it gives back.

Source: *Hands-on Deep Learning with R*, chapter 9, "GANs for faces".
"""

import numpy as np

from helpers.images import to_picture_range

LATENT_SIZE = 100  # the one place of this number: the chapter's loop says 50, and fails


def draw_latents(count, random, latent_size=LATENT_SIZE):
    """Latents from the standard normal distribution: float32 (count, latent_size)."""
    return random.standard_normal((count, latent_size)).astype("float32")


def make_fakes(generator, latents):
    """The generator's pictures for these latents, in its own range [-1, 1].

    Float32 (n, 50, 50, 3), made in inference mode as the chapter's `predict` does.
    """
    return np.asarray(generator.predict_on_batch(latents))


def generate_pictures(generator, count, seed, recipe):
    """What the generator makes of `count` latents: float32 (count, 50, 50, 3) in [0, 1].

    The same seed gives the same latents, so that two moments of a training can be compared. A
    recipe as printed shows its nets photographs in [0, 1] as they are, so there a fake's values
    below 0 are lost when it becomes a picture.
    """
    latents = draw_latents(count, np.random.default_rng(seed), recipe.latent_size)
    return generate_from(generator, latents, recipe)


def generate_from(generator, latents, recipe):
    """What the generator makes of these latents (n, 100): float32 (n, 50, 50, 3) in [0, 1]."""
    count = len(latents)
    missing = -count % recipe.batch_size  # whole batches: any count, without a new graph for it
    filled = np.pad(latents, ((0, missing), (0, 0)))
    drawn = [
        make_fakes(generator, filled[first : first + recipe.batch_size])
        for first in range(0, len(filled), recipe.batch_size)
    ]
    return as_pictures(np.concatenate(drawn)[:count], recipe)


def as_pictures(in_the_nets_range, recipe):
    """What a recipe's nets work with, turned into pictures in [0, 1]."""
    if recipe.same_range:
        return to_picture_range(in_the_nets_range)
    return np.clip(in_the_nets_range, 0.0, 1.0)
