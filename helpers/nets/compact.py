"""The compact generator and discriminator: a small part of the multiply-adds of the chapter's.

Sources: Radford and others, "Unsupervised representation learning with deep convolutional
generative adversarial networks" (DCGAN), 2016, for strided convolutions and the generator's
normalisation; Odena and others, "Deconvolution and checkerboard artifacts", 2016, for what strided
kernels leave behind, and Zhang, "Making convolutional networks shift-invariant again", 2019, for
the small blur against it; Sønderby and others, "Amortised MAP inference for image
super-resolution", 2017, for noise on what the discriminator sees; the rest is measured here
(lesson 08).
"""

from helpers.images import PICTURE_SHAPE
from helpers.machine import import_keras
from helpers.nets.chapter import narrowed
from helpers.nets.latents import LATENT_SIZE

keras = import_keras()
layers = keras.layers

SLOPE = 0.2  # of LeakyReLU below 0
NOISE = 0.15  # on the discriminator's pictures, in [-1, 1]; against learning them by heart
MOMENTUM = 0.9  # of the normalisation: in a training of a minute, Keras's 0.99 remembers too long


def build_generator(
    width=1.0,
    precision="float32",
    latent_size=LATENT_SIZE,
    *,
    kernel_size=3,
    more_layers=0,
    momentum=MOMENTUM,
    slope=SLOPE,
):
    """The compact generator: latents (n, latent_size) become pictures (n, 50, 50, 3) in [-1, 1].

    Four strided transposed convolutions: 4 x 4 → 7 x 7 → 13 x 13 → 25 x 25 → 50 x 50; after the
    last two a blur takes their checkerboard away. `width` multiplies every filter count;
    `precision` is a Keras dtype policy; the last layer gives float32. Knobs for lesson 07: the
    side of the filters of the first three (odd), convolutions of 3 x 3 that follow each growth,
    the normalisation's momentum, and LeakyReLU's slope below 0.
    """
    filters = [narrowed(count, width) for count in (160, 96, 96, 48, 16)]
    common = {"padding": "same", "use_bias": False, "dtype": precision}

    def normalise_and_rectify(x):
        x = layers.BatchNormalization(momentum=momentum, dtype=precision)(x)
        return layers.LeakyReLU(negative_slope=slope, dtype=precision)(x)

    def grow(x, count, **kernel):
        x = normalise_and_rectify(layers.Conv2DTranspose(count, strides=2, **common, **kernel)(x))
        for _ in range(more_layers):
            x = normalise_and_rectify(layers.Conv2D(count, 3, **common)(x))
        return x

    def blur(x):  # the mean of four neighbours has as much from each of a strided kernel's phases
        return layers.AveragePooling2D(2, strides=1, padding="same", dtype=precision)(x)

    latents = keras.Input((latent_size,), name="latents")
    x = layers.Dense(4 * 4 * filters[0], use_bias=False, dtype=precision)(latents)
    x = layers.Reshape((4, 4, filters[0]), dtype=precision)(x)
    x = normalise_and_rectify(x)
    for count in filters[1:4]:  # with no padding added to the output, n becomes 2n - 1
        x = grow(x, count, kernel_size=kernel_size, output_padding=0)
    x = grow(blur(x), filters[4], kernel_size=4)
    pictures = layers.Conv2D(3, 3, padding="same", activation="tanh", dtype="float32")(blur(x))
    return keras.Model(latents, pictures, name="generator")


def build_discriminator(
    width=1.0,
    precision="float32",
    *,
    kernel_size=3,
    strides=(2, 2, 2, 2),
    more_layers=0,
    dropout=0.0,
    slope=SLOPE,
):
    """The compact discriminator: pictures (n, 50, 50, 3) become logits (n, 1).

    A logit above 0 says "fake", below 0 "photograph": it is the chapter's score before the
    sigmoid. Four strided convolutions, the mirror image of the generator's: 50 x 50 → 25 x 25 →
    13 x 13 → 7 x 7 → 4 x 4. No normalisation, as in the chapter's discriminator. In training,
    noise lies on the pictures. The last layer also sees the picture itself, coarsely, at 5 x 5
    places: else the fakes stay too dark for long. Knobs for lesson 07: the side of the last three
    layers' filters, the strides, convolutions of 3 x 3 that follow each, dropout before the last
    layer, and LeakyReLU's slope below 0.
    """
    # multiples of 16 fill a processor's vectors: 32 take hardly longer than 24, and see more
    filters = [narrowed(count, width) for count in (32, 48, 96, 192)]
    pictures = keras.Input(PICTURE_SHAPE, name="pictures")
    x = layers.GaussianNoise(NOISE)(pictures)

    def convolve(x, count, side, stride):
        x = layers.Conv2D(count, side, stride, padding="same", dtype=precision)(x)
        return layers.LeakyReLU(negative_slope=slope, dtype=precision)(x)

    for count, side, stride in zip(filters, (4, *[kernel_size] * 3), strides, strict=True):
        x = convolve(x, count, side, stride)
        for _ in range(more_layers):
            x = convolve(x, count, 3, 1)
    x = layers.Flatten(dtype="float32")(x)
    if dropout:
        x = layers.Dropout(dropout)(x)
    coarse = layers.Flatten()(layers.AveragePooling2D(10)(pictures))
    logits = layers.Dense(1, dtype="float32")(layers.Concatenate()([x, coarse]))
    return keras.Model(pictures, logits, name="discriminator")
