"""The compact generator and discriminator: a small part of the multiply-adds of the chapter's.

Sources: Radford and others, "Unsupervised representation learning with deep convolutional
generative adversarial networks" (DCGAN), 2016, for strided convolutions and the generator's
normalisation; Odena and others, "Deconvolution and checkerboard artifacts", 2016, for what strided
kernels leave behind, and Zhang, "Making convolutional networks shift-invariant again", 2019, for
the small blur against it; Sønderby and others, "Amortised MAP inference for image
super-resolution", 2017, for noise on what the discriminator sees; the rest is measured here
(lesson 08).
"""

from helpers.machine import import_keras
from helpers.nets.chapter import narrowed
from helpers.nets.compact_layers import MinibatchDeviation, UniformNoise
from helpers.nets.latents import LATENT_SIZE
from helpers.nets.sizes import check_size

keras = import_keras()
layers = keras.layers

# The filters of both nets by the size of the pictures, in the order in which the layers come: the
# generator's from 4 x 4 on, the discriminator's from the picture down to 4 x 4. Twice the size is
# one more layer in each net, which works on the most pixels, and so has the fewest filters.
# Multiples of 16 fill a processor's vectors: 32 take hardly longer than 24, and see more.
FILTERS = {
    50: ((160, 96, 96, 48, 16), (32, 48, 96, 192)),
    100: ((160, 96, 96, 48, 32, 16), (16, 32, 48, 96, 192)),
    200: ((160, 96, 96, 48, 32, 16, 16), (16, 16, 32, 48, 96, 192)),
}
SIZES = tuple(FILTERS)
SMALL = 3  # layers next to 4 x 4, in both nets, where one side is odd: 4, 7, 13, 25
COARSE = 5  # places along a side at which the discriminator's last layer sees the picture itself

SLOPE = 0.2  # of LeakyReLU below 0
NOISE = 0.15  # on the discriminator's pictures, in [-1, 1]; against learning them by heart
MOMENTUM = 0.9  # of the normalisation: in a training of a minute, Keras's 0.99 remembers too long


def _filters(size, width):
    """The filters of both nets at a size, each count times the width."""
    check_size(size, SIZES, "compact")
    return [[narrowed(count, width) for count in filters] for filters in FILTERS[size]]


def _blur(x):
    """The mean of four neighbours: it has as much from each of a strided kernel's phases."""
    return layers.AveragePooling2D(2, strides=1, padding="same", dtype=x.dtype)(x)


def build_generator(
    width=1.0,
    precision="float32",
    latent_size=LATENT_SIZE,
    *,
    size=50,
    kernel_size=3,
    more_layers=0,
    momentum=MOMENTUM,
    slope=SLOPE,
):
    """The compact generator: latents (n, latent_size) become pictures (n, size, size, 3).

    The pictures are in [-1, 1]; `size` is one of `SIZES`. Strided transposed convolutions: 4 x 4 →
    7 x 7 → 13 x 13 → 25 x 25 → 50 x 50 → 100 x 100 → 200 x 200; a blur takes the checkerboard of
    those from 25 x 25 on away. `width` multiplies every filter count; `precision` is a Keras
    dtype policy; the last layer gives float32. Knobs for lesson 07: the side of the filters of the
    first three (odd), convolutions of 3 x 3 that follow each growth, the normalisation's momentum,
    and LeakyReLU's slope below 0. Raises: ValueError for another size, or a width outside (0, 1].
    """
    filters, _ = _filters(size, width)
    common = {"padding": "same", "use_bias": False, "dtype": precision}

    def normalise_and_rectify(x):
        x = layers.BatchNormalization(momentum=momentum, dtype=precision)(x)
        return layers.LeakyReLU(negative_slope=slope, dtype=precision)(x)

    def grow(x, count, **kernel):
        x = normalise_and_rectify(layers.Conv2DTranspose(count, strides=2, **common, **kernel)(x))
        for _ in range(more_layers):
            x = normalise_and_rectify(layers.Conv2D(count, 3, **common)(x))
        return x

    latents = keras.Input((latent_size,), name="latents")
    x = layers.Dense(4 * 4 * filters[0], use_bias=False, dtype=precision)(latents)
    x = layers.Reshape((4, 4, filters[0]), dtype=precision)(x)
    x = normalise_and_rectify(x)
    for count in filters[1 : 1 + SMALL]:  # with no padding added to the output, n becomes 2n - 1
        x = grow(x, count, kernel_size=kernel_size, output_padding=0)
    for count in filters[1 + SMALL :]:
        x = grow(_blur(x), count, kernel_size=4)
    x = layers.Conv2D(3, 3, padding="same", dtype=precision)(_blur(x))
    pictures = layers.Activation("tanh", dtype="float32")(x)
    return keras.Model(latents, pictures, name="generator")


def build_discriminator(
    width=1.0,
    precision="float32",
    *,
    size=50,
    minibatch=0,
    kernel_size=3,
    strides=None,
    more_layers=0,
    dropout=0.0,
    slope=SLOPE,
):
    """The compact discriminator: pictures (n, size, size, 3) become logits (n, 1).

    A logit above 0 says "fake", below 0 "photograph": it is the chapter's score before the
    sigmoid. Strided convolutions, the mirror image of the generator's: … → 25 x 25 → 13 x 13 →
    7 x 7 → 4 x 4, and no normalisation, as in the chapter's. In training, noise lies on the
    pictures. The last layer also sees the picture itself, coarsely, at 5 x 5 places: else the
    fakes stay too dark for long. With `minibatch` it sees how much the pictures of a minibatch of
    so many differ, too (`MinibatchDeviation`). Knobs for lesson 07: the side of the last three
    layers' filters, the strides (by default 2 in each layer), convolutions of 3 x 3 that follow
    each, dropout before the last layer, and LeakyReLU's slope below 0. Raises: as the other.
    """
    _, filters = _filters(size, width)
    sides = [4] * (len(filters) - SMALL) + [kernel_size] * SMALL
    strides = strides or [2] * len(filters)
    pictures = keras.Input((size, size, 3), name="pictures")
    x = UniformNoise(NOISE)(pictures)

    def convolve(x, count, side, stride):
        x = layers.Conv2D(count, side, stride, padding="same", dtype=precision)(x)
        return layers.LeakyReLU(negative_slope=slope, dtype=precision)(x)

    for count, side, stride in zip(filters, sides, strides, strict=True):
        x = convolve(x, count, side, stride)
        for _ in range(more_layers):
            x = convolve(x, count, 3, 1)
    seen = [layers.Flatten(dtype="float32")(x)]
    if dropout:
        seen = [layers.Dropout(dropout)(seen[0])]
    seen.append(layers.Flatten()(layers.AveragePooling2D(size // COARSE)(pictures)))
    if minibatch:
        seen.append(MinibatchDeviation(minibatch)(x))
    logits = layers.Dense(1, dtype="float32")(layers.Concatenate()(seen))
    return keras.Model(pictures, logits, name="discriminator")
