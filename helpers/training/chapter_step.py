"""One step of the chapter's loop, piece by piece. The engine's step, all in one, is in `gan.py`.

Source: *Hands-on Deep Learning with R*, chapter 9, "GANs for faces".
"""

import numpy as np

from helpers.machine import import_keras
from helpers.nets.latents import LATENT_SIZE

keras = import_keras()


def compile_discriminator(discriminator, recipe):
    """The discriminator itself, made ready for `train_on_batch` as in the chapter."""
    discriminator.compile(
        optimizer=keras.optimizers.Adam(recipe.discriminator_learning_rate, beta_1=recipe.beta_1),
        loss="binary_crossentropy",
    )
    return discriminator


def build_gan(generator, discriminator, recipe):
    """Generator and discriminator in one row, latents (n, 100) → scores (n, 1), compiled.

    The discriminator is frozen here, so that the GAN's step moves the generator alone.
    """
    discriminator.trainable = False
    latents = keras.Input((LATENT_SIZE,), name="latents")
    gan = keras.Model(latents, discriminator(generator(latents)), name="gan")
    gan.compile(
        optimizer=keras.optimizers.Adam(recipe.generator_learning_rate, beta_1=recipe.beta_1),
        loss="binary_crossentropy",
    )
    return gan


def combine(fakes, photographs):
    """Fakes and photographs in one batch, fakes first, as in the chapter."""
    return np.concatenate([fakes, photographs])


def labels_without_noise(batch_size):
    """Labels for one discriminator step: 1 for the fakes, 0 for the photographs after them.

    Float32 (2 * batch_size, 1).
    """
    return np.concatenate([np.ones((batch_size, 1)), np.zeros((batch_size, 1))]).astype("float32")


def draw_label_noise(batch_size, random):
    """Random numbers in [0, 1), one for each label of a discriminator step: float32 (2 * n, 1)."""
    return random.random((2 * batch_size, 1), dtype="float32")


def labels_as_printed(batch_size, noise, u):
    """The chapter's labels, noise added: fakes in [1, 1 + noise], photographs in [0, noise].

    `u`: what `draw_label_noise` gives. A label above 1 is the chapter's mistake: cross-entropy on
    a label of 1.1 has no lower bound, and the discriminator runs after it.
    """
    return labels_without_noise(batch_size) + np.float32(noise) * u


def labels_inward(batch_size, noise, u):
    """The mended labels, noise inward: fakes in [1 - noise, 1], photographs in [0, noise].

    `u`: what `draw_label_noise` gives.
    """
    return np.abs(labels_without_noise(batch_size) - np.float32(noise) * u)


def next_first_row_as_printed(first_row, photograph_count, batch_size, random):
    """The row where the next batch begins: a batch further, or past the end one of the first ten.

    Rows count from 0 here. The chapter begins anew one row too early, so that the last row is never
    seen: `first_row > n - 20` in R, where rows count from 1.
    """
    first_row += batch_size
    if first_row + 1 > photograph_count - batch_size:
        first_row = int(random.integers(0, min(10, photograph_count - batch_size + 1)))
    return first_row


def train_discriminator(discriminator, pictures, labels):
    """The discriminator's loss on this batch, before the step that it takes.

    It is thawed first: Keras 3 reads `trainable` when a net takes its very first step, so a
    discriminator that is frozen then would never learn.
    """
    discriminator.trainable = True
    discriminator.reset_metrics()  # Keras 3.13 returns the mean loss since the last reset
    return float(discriminator.train_on_batch(pictures, labels))


def train_generator(gan, discriminator, latents):
    """The generator's loss on these latents, before the step that it takes.

    The target is 0, "photograph": the generator learns to be taken for one.
    """
    discriminator.trainable = False
    targets = np.zeros((len(latents), 1), dtype="float32")
    gan.reset_metrics()
    return float(gan.train_on_batch(latents, targets))
