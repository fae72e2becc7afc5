"""Convolutions with a fraction of the multiply-adds: Winograd's way.

Neighbouring output cells look at almost the same inputs, so most products of a convolution repeat
each other. Winograd's way cuts the picture into overlapping tiles, changes each tile and the kernel
into other numbers by additions and a few fixed factors, multiplies those (once each, as matrices
over the channels), and changes the products back. For a 5 x 5 kernel and 4 x 4 output cells that
takes 64 products for each pair of channels, where the plain way takes 16 x 25 = 400.

Same numbers but for the last digits of float32: `tests/nets/test_winograd.py` holds both together.
Measured: `benchmarks/results/step_speed.md`. Sources: Winograd, "Arithmetic complexity of
computations", 1980; Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016.
"""

from functools import cache

import numpy as np

from helpers.machine import computes_on_gpu, import_keras, import_tensorflow

keras = import_keras()
tf = import_tensorflow()

OUTPUTS = 4  # output cells of a tile, along each side; more would cost too many digits
POINTS = (0, 1, -1, 2, -2, 0.5, -0.5)  # where Winograd's polynomials are taken; and at infinity
FEWEST_CHANNELS = 64  # in and out; with fewer the changes cost more than the products save


class WinogradConvolution(keras.layers.Conv2D):
    """As `keras.layers.Conv2D` where `is_faster` says yes."""

    def convolution_op(self, inputs, kernel):
        if None in inputs.shape:
            return super().convolution_op(inputs, kernel)
        return convolve(inputs, tf.convert_to_tensor(kernel))


def is_faster(layer):
    """Whether a Keras layer is a convolution that Winograd's way computes, and faster here.

    Not in bfloat16: this way needs more digits. Not on a GPU: its library chooses by itself.
    """
    return (
        type(layer) is keras.layers.Conv2D
        and layer.compute_dtype == "float32"
        and layer.kernel_size in ((3, 3), (5, 5))
        and (layer.strides, layer.dilation_rate, layer.groups) == ((1, 1), (1, 1), 1)
        and (layer.padding, layer.data_format) == ("same", "channels_last")
        and min(layer.kernel.shape[2:]) >= FEWEST_CHANNELS
        and not computes_on_gpu()
    )


def convolve(pictures, kernel):
    """What `tf.nn.conv2d(pictures, kernel, 1, "SAME")` gives, and its gradients.

    `pictures` (n, h, w, c) and an odd square `kernel` (k, k, c, filters), k at most 5, are float32
    tensors whose shapes are known; the result is (n, h, w, filters).
    """
    count, kernel_size = pictures.shape[0], kernel.shape[0]

    # Kept for the gradients are only pictures and kernel, and the pictures come one by one: what is
    # made of them is many times as large.
    @tf.custom_gradient
    def convolve_all(pictures, kernel):
        def gradients(upstream):
            with tf.GradientTape(watch_accessed_variables=False) as changing:
                changing.watch(kernel)
                changed = _change_kernel(kernel)

            def add_picture(number, of_pictures, of_changed):
                sources = [pictures[number], changed]
                with tf.GradientTape(watch_accessed_variables=False) as tape:
                    tape.watch(sources)
                    outputs = _convolve_picture(*sources, kernel_size)
                of_picture, also = tape.gradient(outputs, sources, upstream[number])
                return number + 1, of_pictures.write(number, of_picture), of_changed + also

            none_yet = tf.TensorArray(pictures.dtype, count), tf.zeros_like(changed)
            _, of_pictures, of_changed = tf.while_loop(
                lambda number, *_: number < count,
                add_picture,
                (0, *none_yet),
                parallel_iterations=1,
            )
            return of_pictures.stack(), changing.gradient(changed, kernel, of_changed)

        changed = _change_kernel(kernel)
        outputs = tf.map_fn(
            lambda picture: _convolve_picture(picture, changed, kernel_size),
            pictures,
            parallel_iterations=1,
        )
        return outputs, gradients

    return convolve_all(pictures, kernel)


def _change_kernel(kernel):
    """A kernel (k, k, c, filters) in Winograd's numbers: (a tile's cells, c, filters)."""
    size, *_, channels, filters = kernel.shape
    of_kernel = matrices(size)[1]
    cells = tf.reshape(kernel, (size * size, -1))
    return tf.reshape(tf.matmul(np.kron(of_kernel, of_kernel), cells), (-1, channels, filters))


def _convolve_picture(picture, changed, kernel_size):
    """A picture (h, w, c) with the changed kernel: (h, w, filters)."""
    of_inputs, _, of_products = matrices(kernel_size)
    height, width, channels = picture.shape
    filters = changed.shape[-1]
    size = len(of_inputs)  # of a tile's side
    high, wide = -(-height // OUTPUTS), -(-width // OUTPUTS)  # tiles, the last beyond the border
    before = kernel_size // 2
    padded = [OUTPUTS * tiles + kernel_size - 1 for tiles in (high, wide)]
    margins = [(before, p - s - before) for p, s in zip(padded, (height, width), strict=True)]

    # The changes run along the height, then along the width, each a product with a matrix that
    # holds all tiles of a row; the axis that it works on stands first.
    x = tf.pad(picture, (*margins, (0, 0)))
    x = tf.matmul(_all_tiles(of_inputs, high), tf.reshape(x, (padded[0], -1)))
    x = tf.transpose(tf.reshape(x, (size, high, padded[1], channels)), (0, 2, 1, 3))
    along_width = np.broadcast_to(_all_tiles(of_inputs, wide), (size, size * wide, padded[1]))
    x = tf.matmul(along_width, tf.reshape(x, (size, padded[1], -1)))

    products = tf.matmul(tf.reshape(x, (size * size, -1, channels)), changed)

    x = tf.matmul(np.kron(of_products, of_products), tf.reshape(products, (size * size, -1)))
    x = tf.reshape(x, (OUTPUTS, OUTPUTS, wide, high, filters))  # row and column in a tile
    x = tf.reshape(tf.transpose(x, (3, 0, 2, 1, 4)), (OUTPUTS * high, OUTPUTS * wide, filters))
    return tf.slice(x, (0, 0, 0), (height, width, filters))


def _all_tiles(of_inputs, tiles):
    """The matrix that changes all tiles of a row of cells: (size * tiles, cells)."""
    size = len(of_inputs)
    changes = np.zeros((size, tiles, OUTPUTS * (tiles - 1) + size), "float32")
    for tile in range(tiles):
        changes[:, tile, OUTPUTS * tile : OUTPUTS * tile + size] = of_inputs
    return changes.reshape(size * tiles, -1)


@cache
def matrices(kernel_size):
    """Winograd's three matrices for a kernel of that side: of inputs, of the kernel, of products.

    With a tile's side s = kernel_size + OUTPUTS - 1 they are (s, s), (s, kernel_size) and
    (OUTPUTS, s), float32. In one direction the outputs of a tile are
    `of_products @ ((of_kernel @ kernel) * (of_inputs @ inputs))`.
    """
    size = OUTPUTS + kernel_size - 1
    points = np.array(POINTS[: size - 1], float)
    of_inputs, of_kernel = np.zeros((size, size)), np.zeros((size, kernel_size))
    of_products = np.zeros((OUTPUTS, size))
    for place, point in enumerate(points):
        others = np.delete(points, place)
        of_inputs[place, :-1] = np.poly(others)[::-1]  # the polynomial that is 0 at all others
        of_kernel[place] = point ** np.arange(kernel_size) / np.prod(point - others)
        of_products[:, place] = point ** np.arange(OUTPUTS)
    of_inputs[-1] = np.poly(points)[::-1]  # the last point lies at infinity
    of_kernel[-1, -1] = of_products[-1, -1] = 1
    # Even sizes of numbers cost fewer digits; a power of two costs none.
    ratio = np.abs(of_inputs).sum(axis=1) / np.abs(of_kernel).sum(axis=1)
    even = 2.0 ** np.round(np.log2(ratio) / 2)[:, None]
    return tuple(
        matrix.astype("float32") for matrix in (of_inputs / even, of_kernel * even, of_products)
    )
