"""Winograd's convolutions give what plain ones give, and are taken only where they are faster."""

import numpy as np
import pytest
import tensorflow as tf

from helpers.nets import winograd
from helpers.nets.fast_layers import make_fast
from helpers.nets.winograd import keras


def numbers(*shape):
    """Always the same ones for a shape, whichever test asks first."""
    return np.random.default_rng([4, *shape]).standard_normal(shape).astype("float32")


def plain(pictures, kernel):
    return tf.nn.conv2d(pictures, kernel, 1, "SAME")


def with_gradients(convolve, pictures, kernel, upstream, dtype):
    """The outputs, and the gradients of pictures and kernel, of one traced function."""

    @tf.function
    def answers(pictures, kernel):
        with tf.GradientTape() as tape:
            tape.watch([pictures, kernel])
            outputs = convolve(pictures, kernel)
        return outputs, *tape.gradient(
            outputs, [pictures, kernel], tf.cast(upstream, outputs.dtype)
        )

    return answers(tf.cast(pictures, dtype), tf.cast(kernel, dtype))


def error(answer, right):
    """The mean error, as a share of the mean size of the right numbers."""
    answer, right = (np.asarray(numbers, dtype="float64") for numbers in (answer, right))
    assert answer.shape == right.shape
    return np.sqrt(np.mean((answer - right) ** 2) / np.mean(right**2))


@pytest.mark.parametrize("kernel_size", [3, 5])
@pytest.mark.parametrize("height, width", [(50, 50), (25, 25), (8, 4), (3, 9)])
def test_outputs_and_gradients_are_those_of_the_plain_way(kernel_size, height, width):
    pictures = numbers(3, height, width, 20)
    kernel = numbers(kernel_size, kernel_size, 20, 30)
    upstream = numbers(3, height, width, 30)
    right = with_gradients(plain, pictures, kernel, upstream, "float64")
    answers = with_gradients(winograd.convolve, pictures, kernel, upstream, "float32")
    for answer, numbers_right in zip(answers, right, strict=True):
        assert error(answer, numbers_right) < 1e-5


@pytest.mark.parametrize("kernel_size", [3, 5])
def test_the_matrices_make_a_convolution_out_of_products(kernel_size):
    inputs, kernel = (
        np.random.default_rng(n).integers(-9, 9, n) for n in (kernel_size + 3, kernel_size)
    )
    of_inputs, of_kernel, of_products = winograd.matrices(kernel_size)
    outputs = of_products @ ((of_kernel @ kernel) * (of_inputs @ inputs))
    np.testing.assert_allclose(outputs, np.correlate(inputs, kernel, "valid"), atol=1e-3)


def convolution(channels=64, filters=64, kernel_size=5, dtype="float32", **choices):
    layer = keras.layers.Conv2D(
        filters, kernel_size, **{"padding": "same", "dtype": dtype, **choices}
    )
    layer.build((None, 8, 8, channels))
    return layer


def compute_on(monkeypatch, gpu=False):
    monkeypatch.setattr(winograd, "computes_on_gpu", lambda: gpu)


def test_it_is_taken_for_large_plain_convolutions(monkeypatch):
    compute_on(monkeypatch)
    assert winograd.is_faster(convolution())
    assert winograd.is_faster(convolution(kernel_size=3))


@pytest.mark.parametrize(
    "choices",
    [
        {"strides": 2},
        {"padding": "valid"},
        {"groups": 2},
        {"dilation_rate": 2},
        {"kernel_size": 7},
        {"kernel_size": (3, 5)},
        {"kernel_size": 4},
        {"channels": 3},
        {"filters": 32},
        {"dtype": "mixed_bfloat16"},
    ],
    ids=str,
)
def test_it_is_not_taken_for_others(monkeypatch, choices):
    compute_on(monkeypatch)
    assert not winograd.is_faster(convolution(**choices))


def test_it_is_not_taken_on_a_gpu(monkeypatch):
    compute_on(monkeypatch, gpu=True)
    assert not winograd.is_faster(convolution())


def test_a_net_keeps_its_weights_and_its_answers(monkeypatch):
    """For a batch of a known size, and for Keras's own path where it is unknown."""
    compute_on(monkeypatch)

    def build():
        keras.utils.set_random_seed(1)
        layers = [keras.layers.Conv2D(64, 5, padding="same", activation="tanh") for _ in range(2)]
        return keras.Sequential([keras.Input((9, 9, 64)), *layers])

    slow, fast = build(), make_fast(build())
    for layer in fast.layers:
        assert type(layer) is winograd.WinogradConvolution
    fast.layers[1].bias.assign(numbers(64))
    slow.set_weights(fast.get_weights())
    inputs = numbers(2, 9, 9, 64)
    np.testing.assert_allclose(slow(inputs), fast(inputs), atol=1e-4)
    assert np.abs(np.asarray(slow(inputs)) - np.asarray(fast(inputs))).max() > 0.0
    np.testing.assert_allclose(slow(inputs), fast.predict(inputs, verbose=0), atol=1e-4)

    def slopes(net):
        def slopes_at(inputs):
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                outputs = net(inputs)
            return tape.gradient(outputs, inputs)

        of_any_size = tf.TensorSpec((None, 9, 9, 64))
        return tf.function(slopes_at, input_signature=[of_any_size])(tf.constant(inputs))

    np.testing.assert_allclose(slopes(slow), slopes(fast), atol=1e-4)
