"""The compact generator and discriminator: a small part of the multiply-adds of the chapter's.

Sources: Radford and others, "Unsupervised representation learning with deep convolutional
generative adversarial networks" (DCGAN), 2016, for strided convolutions and normalisation in both
nets; the rest is measured here (lesson 08).
"""

from helpers.chapter import LATENT_SIZE, PICTURE_SHAPE, narrowed
from helpers.runtime import import_keras

keras = import_keras()
layers = keras.layers

SLOPE = 0.2  # of LeakyReLU below 0
MOMENTUM = 0.9  # of the normalisation: in a training of a minute, Keras's 0.99 remembers too long


def build_generator(width=1.0, precision="float32"):
    """The compact generator: latents (n, 100) become pictures (n, 50, 50, 3) in [-1, 1].

    Three strided transposed convolutions: 7 x 7 → 13 x 13 → 25 x 25 → 50 x 50. `width` multiplies
    every filter count; `precision` is a Keras dtype policy; the last layer gives float32.
    """
    filters = [narrowed(count, width) for count in (192, 96, 48)]

    def normalise_and_rectify(x):
        x = layers.BatchNormalization(momentum=MOMENTUM, dtype=precision)(x)
        return layers.LeakyReLU(negative_slope=SLOPE, dtype=precision)(x)

    latents = keras.Input((LATENT_SIZE,), name="latents")
    x = layers.Dense(7 * 7 * filters[0], use_bias=False, dtype=precision)(latents)
    x = layers.Reshape((7, 7, filters[0]), dtype=precision)(x)
    x = normalise_and_rectify(x)
    for count in filters[1:]:  # with no padding added to the output, n becomes 2n - 1
        x = layers.Conv2DTranspose(
            count, 3, 2, padding="same", output_padding=0, use_bias=False, dtype=precision
        )(x)
        x = normalise_and_rectify(x)
    pictures = layers.Conv2DTranspose(3, 4, 2, padding="same", activation="tanh", dtype="float32")(
        x
    )
    return keras.Model(latents, pictures, name="generator")


def build_discriminator(width=1.0, precision="float32"):
    """The compact discriminator: pictures (n, 50, 50, 3) become logits (n, 1).

    A logit above 0 says "fake", below 0 "photograph": it is the chapter's score before the
    sigmoid. Four strided convolutions, the mirror image of the generator's: 50 x 50 → 25 x 25 →
    13 x 13 → 7 x 7 → 4 x 4. The normalisation takes the whole batch into account, so photographs
    and fakes are to be shown one after the other, not mixed.
    """
    filters = [narrowed(count, width) for count in (24, 48, 96, 192)]

    def rectify(x):
        return layers.LeakyReLU(negative_slope=SLOPE, dtype=precision)(x)

    pictures = keras.Input(PICTURE_SHAPE, name="pictures")
    x = layers.Conv2D(filters[0], 4, 2, padding="same", dtype=precision)(pictures)
    x = rectify(x)
    for count in filters[1:]:
        x = layers.Conv2D(count, 3, 2, padding="same", use_bias=False, dtype=precision)(x)
        x = layers.BatchNormalization(momentum=MOMENTUM, dtype=precision)(x)
        x = rectify(x)
    x = layers.Flatten(dtype=precision)(x)
    logits = layers.Dense(1, dtype="float32")(x)
    return keras.Model(pictures, logits, name="discriminator")
