"""The chapter's generator, its discriminator, and one step of its loop piece by piece.

Source: *Hands-on Deep Learning with R*, chapter 9, "GANs for faces".
"""

import numpy as np

from helpers.images import to_picture_range
from helpers.runtime import import_keras

keras = import_keras()
layers = keras.layers

LATENT_SIZE = 100  # the one place of this number: the chapter's loop says 50, and fails
PICTURE_SHAPE = (50, 50, 3)


def build_generator(width=1.0, precision="float32"):
    """The chapter's generator: latents (n, 100) become pictures (n, 50, 50, 3) in [-1, 1].

    `width` multiplies every filter count: 1.0 is the chapter's net (14,813,443 parameters), 0.125
    the same net with 64 times fewer multiply-adds. `precision` is a Keras dtype policy; the last
    layer always gives float32.
    """

    def filters(count):
        return narrowed(count, width)

    def normalise_and_rectify(x):
        x = layers.BatchNormalization(momentum=0.5, dtype=precision)(x)
        return layers.ReLU(dtype=precision)(x)

    def convolve(x, count):
        x = layers.Conv2D(filters(count), 5, padding="same", dtype=precision)(x)
        return normalise_and_rectify(x)

    latents = keras.Input((LATENT_SIZE,), name="latents")
    x = layers.Dense(filters(128) * 25 * 25, dtype=precision)(latents)
    x = normalise_and_rectify(x)
    x = layers.Reshape((25, 25, filters(128)), dtype=precision)(x)
    x = convolve(x, 512)
    x = layers.Conv2DTranspose(filters(256), 4, strides=2, padding="same", dtype=precision)(x)
    x = normalise_and_rectify(x)
    x = convolve(x, 256)
    x = convolve(x, 128)
    x = convolve(x, 64)
    pictures = layers.Conv2D(3, 7, padding="same", activation="tanh", dtype="float32")(x)
    return keras.Model(latents, pictures, name="generator")


def build_discriminator(width=1.0, precision="float32"):
    """The chapter's discriminator: pictures (n, 50, 50, 3) become scores (n, 1) in [0, 1].

    A score near 1 says "fake", near 0 "photograph", as in the chapter. 3,878,657 parameters at
    `width` 1.0; `width` and `precision` as in `build_generator`.
    """

    def convolve(x, kernel_size, strides):
        x = layers.Conv2D(narrowed(256, width), kernel_size, strides=strides, dtype=precision)(x)
        return layers.LeakyReLU(dtype=precision)(x)

    pictures = keras.Input(PICTURE_SHAPE, name="pictures")
    x = convolve(pictures, kernel_size=3, strides=1)
    x = convolve(x, kernel_size=5, strides=2)
    x = convolve(x, kernel_size=5, strides=2)
    x = convolve(x, kernel_size=3, strides=2)
    x = layers.Flatten(dtype=precision)(x)
    x = layers.Dropout(0.5, dtype=precision)(x)
    scores = layers.Dense(1, activation="sigmoid", dtype="float32")(x)
    return keras.Model(pictures, scores, name="discriminator")


def narrowed(count, width):
    """A filter count times `width`, at least 1. Raises: ValueError for a width outside (0, 1]."""
    if not 0.0 < width <= 1.0:
        raise ValueError(f"The width is {width}, but it must be above 0 and at most 1.")
    return max(1, round(count * width))


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


def draw_latents(count, random):
    """Latents from the standard normal distribution: float32 (count, 100)."""
    return random.standard_normal((count, LATENT_SIZE)).astype("float32")


def make_fakes(generator, latents):
    """The generator's pictures for these latents, in its own range [-1, 1].

    Float32 (n, 50, 50, 3), made in inference mode as the chapter's `predict` does.
    """
    return np.asarray(generator.predict_on_batch(latents))


def draw_pictures(generator, count, seed, recipe):
    """What the generator draws for `count` latents: float32 (count, 50, 50, 3) in [0, 1].

    The same seed gives the same latents, so that two moments of a training can be compared. A
    recipe as printed shows its nets photographs in [0, 1] as they are, so there a fake's values
    below 0 are lost when it becomes a picture.
    """
    return draw_from(generator, draw_latents(count, np.random.default_rng(seed)), recipe)


def draw_from(generator, latents, recipe):
    """What the generator draws from these latents (n, 100): float32 (n, 50, 50, 3) in [0, 1]."""
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


def check_photographs(images, batch_size):
    """The photographs as float32, if a training can use them.

    Raises: ValueError where they are not (n, 50, 50, 3), fewer than a batch, or leave [0, 1].
    """
    images = np.asarray(images, dtype="float32")
    if images.ndim != 4 or images.shape[1:] != PICTURE_SHAPE:
        raise ValueError(
            f"The photographs have shape {images.shape}, but the chapter's nets need "
            "(n, 50, 50, 3). Load them with load_faces(…, size=50)."
        )
    if len(images) < batch_size:
        raise ValueError(
            f"There are {len(images)} photographs, but one step takes {batch_size}. "
            "Add photographs, or use load_faces('drawn')."
        )
    if not (images.min() >= 0.0 and images.max() <= 1.0):
        raise ValueError(
            f"The photographs' values go from {images.min():.2f} to {images.max():.2f}, but "
            "[0, 1] is needed. Divide values that go up to 255 by 255."
        )
    return images


def combine(fakes, photographs):
    """Fakes and photographs in one batch, fakes first, as in the chapter."""
    return np.concatenate([fakes, photographs])


def labels_without_noise(batch_size):
    """Labels for one discriminator step: 1 for the fakes, 0 for the photographs after them.

    Float32 (2 * batch_size, 1).
    """
    return np.concatenate([np.ones((batch_size, 1)), np.zeros((batch_size, 1))]).astype("float32")


def labels_as_printed(batch_size, noise, random):
    """The chapter's labels, noise added: fakes in [1, 1 + noise], photographs in [0, noise].

    A label above 1 is the chapter's mistake: cross-entropy on a label of 1.1 has no lower bound,
    and the discriminator runs after it.
    """
    labels = labels_without_noise(batch_size)
    return labels + np.float32(noise) * random.random(labels.shape, dtype="float32")


def labels_inward(batch_size, noise, random):
    """The mended labels, noise inward: fakes in [1 - noise, 1], photographs in [0, noise]."""
    labels = labels_without_noise(batch_size)
    return np.abs(labels - np.float32(noise) * random.random(labels.shape, dtype="float32"))


def next_first_row_as_printed(first_row, photograph_count, batch_size, random):
    """The row where the next batch begins: 20 further, or past the end one of the first ten.

    Rows count from 0 here. The chapter stops one batch too early, so that the last row is never
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
