"""The fused layers and Adam compute what Keras's own compute."""

import numpy as np
import pytest

from helpers.fast_layers import (
    FusedAdam,
    FusedBatchNormalization,
    LeanLeakyReLU,
    keras,
    make_fast,
)

RANDOM = np.random.default_rng(3)
SHAPES = [(6, 40), (3, 5, 4, 40)]  # after a dense layer, after a convolution


def pair(shape, momentum=0.7):
    """Keras's layer and ours, with the same weights, none of them the first ones."""
    layers = [
        kind(momentum=momentum)
        for kind in (keras.layers.BatchNormalization, FusedBatchNormalization)
    ]
    weights = [RANDOM.uniform(0.5, 2.0, 40).astype("float32") for _ in range(4)]
    for layer in layers:
        layer.build((None, *shape[1:]))
        layer.set_weights(weights)
    return layers


def numbers(shape):
    return (3.0 * RANDOM.standard_normal(shape) + 1.0).astype("float32")


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", SHAPES, ids=len)
def test_outputs_gradients_and_statistics_are_those_of_keras(shape, training):
    import tensorflow as tf

    inputs, wanted = tf.constant(numbers(shape)), tf.constant(numbers(shape))
    answers = []
    for layer in pair(shape):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs, training=training)
        sources = [inputs, layer.gamma.value, layer.beta.value]
        gradients = tape.gradient(outputs, sources, output_gradients=wanted)
        answers.append([outputs, *gradients, *layer.get_weights()])
    for one, other in zip(*answers, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-4, atol=2e-5)


def test_a_frozen_layer_uses_and_keeps_its_statistics():
    plain, fused = pair(SHAPES[1])
    plain.trainable = fused.trainable = False
    before = fused.get_weights()
    inputs = numbers(SHAPES[1])
    np.testing.assert_allclose(
        plain(inputs, training=True), fused(inputs, training=True), rtol=1e-4, atol=1e-5
    )
    for one, other in zip(before, fused.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_lean_rectifier_is_that_of_keras_and_so_are_its_slopes():
    """The slope of the slope, too: the gradient penalty needs it."""
    import tensorflow as tf

    inputs = tf.constant(np.append(numbers((49,)), 0.0)[None])
    weight = tf.constant(numbers((50, 50)))
    answers = []
    for kind in (keras.layers.LeakyReLU, LeanLeakyReLU):
        rectify = kind(negative_slope=0.2)
        with tf.GradientTape() as outer:
            outer.watch(weight)
            with tf.GradientTape() as inner:
                inner.watch(inputs)
                outputs = rectify(rectify(inputs) @ weight)
            slope = inner.gradient(outputs, inputs)
            steepness = tf.reduce_sum(slope**2)
        answers.append([outputs, slope, outer.gradient(steepness, weight)])
    for one, other in zip(*answers, strict=True):
        np.testing.assert_array_equal(one, other)
        assert np.count_nonzero(one)


def test_adam_takes_the_steps_of_keras():
    """With a rate that falls, as the compact recipe has it."""
    ends = []
    gradients = [RANDOM.standard_normal(50).astype("float32") for _ in range(7)]
    for kind in (keras.optimizers.Adam, FusedAdam):
        rate = keras.optimizers.schedules.InverseTimeDecay(0.1, 3, decay_rate=1.0)
        optimizer = kind(rate, beta_1=0.5)
        weight = keras.Variable(np.linspace(-1, 1, 50, dtype="float32"))
        optimizer.build([weight])
        for gradient in gradients:
            optimizer.apply([keras.ops.convert_to_tensor(gradient)], [weight])
        ends.append([weight.numpy(), *[variable.numpy() for variable in optimizer.variables]])
    assert np.abs(ends[0][0] - np.linspace(-1, 1, 50)).max() > 0.1
    for one, other in zip(*ends, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_making_a_net_fast_keeps_its_weights_its_seeds_and_its_answers():
    def build():
        keras.utils.set_random_seed(1)
        layers = [
            keras.layers.Dense(40),
            keras.layers.BatchNormalization(momentum=0.7),
            keras.layers.LeakyReLU(0.3),
            keras.layers.Dropout(0.5),
        ]
        return keras.Sequential([keras.Input((8,)), *layers])

    plain, fused = build(), make_fast(build())
    kinds = [type(layer) for layer in fused.layers]
    dense, dropout = keras.layers.Dense, keras.layers.Dropout
    assert kinds == [dense, FusedBatchNormalization, LeanLeakyReLU, dropout]
    inputs = numbers((6, 8))
    one, other = (np.array(net(inputs, training=True)) for net in (plain, fused))
    np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(one == 0.0, other == 0.0)  # the same numbers are dropped
