"""The chapter's generator and its discriminator.

Source: *Hands-on Deep Learning with R*, chapter 9, "GANs for faces".
"""

from helpers.arguments import real_number
from helpers.images import PICTURE_SHAPE
from helpers.machine import import_keras
from helpers.nets.latents import LATENT_SIZE
from helpers.nets.sizes import check_size

keras = import_keras()
layers = keras.layers

SIZES = (PICTURE_SHAPE[0],)  # the one size of pictures that these nets draw and judge


def build_generator(width=1.0, precision="float32", latent_size=LATENT_SIZE, *, size=50):
    """The chapter's generator: latents (n, 100) become pictures (n, 50, 50, 3) in [-1, 1].

    `width` multiplies every filter count: 1.0 is the chapter's net (14,813,443 parameters), 0.125
    the same net with 64 times fewer multiply-adds. `precision` is a Keras dtype policy; the last
    layer always gives float32. Raises: ValueError for another `size` than 50.
    """
    check_size(size, SIZES, "chapter's")

    def filters(count):
        return narrowed(count, width)

    def normalise_and_rectify(x):
        x = layers.BatchNormalization(momentum=0.5, dtype=precision)(x)
        return layers.ReLU(dtype=precision)(x)

    def convolve(x, count):
        x = layers.Conv2D(filters(count), 5, padding="same", dtype=precision)(x)
        return normalise_and_rectify(x)

    latents = keras.Input((latent_size,), name="latents")
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


def build_discriminator(width=1.0, precision="float32", *, size=50):
    """The chapter's discriminator: pictures (n, 50, 50, 3) become scores (n, 1) in [0, 1].

    A score near 1 says "fake", near 0 "photograph", as in the chapter. 3,878,657 parameters at
    `width` 1.0; `width`, `precision` and `size` as in `build_generator`.
    """
    check_size(size, SIZES, "chapter's")

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
    return max(1, round(count * real_number("width", width, above=0, most=1)))
