"""The fused layers and Adam compute what Keras's own compute."""

import numpy as np
import pytest
import tensorflow as tf

from helpers.nets.fast_layers import (
    FusedAdam,
    FusedBatchNormalization,
    LeanLeakyReLU,
    keras,
    make_fast,
)

SHAPES = [(6, 40), (3, 5, 4, 40)]  # after a dense layer, after a convolution


def pair(shape, momentum=0.7):
    """Keras's layer and ours, with the same weights, none of them the first ones."""
    layers = [
        kind(momentum=momentum)
        for kind in (keras.layers.BatchNormalization, FusedBatchNormalization)
    ]
    random = np.random.default_rng(3)
    weights = [random.uniform(0.5, 2.0, 40).astype("float32") for _ in range(4)]
    for layer in layers:
        layer.build((None, *shape[1:]))
        layer.set_weights(weights)
    return layers


def numbers(shape, seed=0):
    """Always the same ones for a shape and a seed, whichever test asks first."""
    random = np.random.default_rng([seed, *shape])
    return (3.0 * random.standard_normal(shape) + 1.0).astype("float32")


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("shape", SHAPES, ids=len)
def test_outputs_gradients_and_statistics_are_those_of_keras(shape, training):
    inputs, upstream = (tf.constant(numbers(shape, seed)) for seed in (0, 1))
    answers = []
    for layer in pair(shape):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs, training=training)
        sources = [inputs, layer.gamma.value, layer.beta.value]
        gradients = tape.gradient(outputs, sources, output_gradients=upstream)
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


def end_of_seven_steps(kind):
    """The weights, and all that the optimizer keeps, after seven steps of a rate that falls."""
    rate = keras.optimizers.schedules.InverseTimeDecay(0.1, 3, decay_rate=1.0)
    optimizer = kind(rate, beta_1=0.5)
    weight = keras.Variable(np.linspace(-1, 1, 50, dtype="float32"))
    optimizer.build([weight])
    for step in range(7):
        optimizer.apply([keras.ops.convert_to_tensor(numbers((50,), step))], [weight])
    return [weight.numpy(), *[variable.numpy() for variable in optimizer.variables]]


def test_on_a_keras_that_keeps_adams_numbers_elsewhere_its_own_adam_works(monkeypatch, capsys):
    monkeypatch.setattr("helpers.nets.fast_layers.PARTS_OF_ADAM", ("_momentums", "_of_tomorrow"))
    ours, kerass = end_of_seven_steps(FusedAdam), end_of_seven_steps(keras.optimizers.Adam)
    for one, other in zip(ours, kerass, strict=True):
        np.testing.assert_array_equal(one, other)
    assert capsys.readouterr().out.count("its own Adam is taken") == 1


def test_adam_takes_the_steps_of_keras():
    ends = [end_of_seven_steps(kind) for kind in (keras.optimizers.Adam, FusedAdam)]
    assert np.abs(ends[0][0] - np.linspace(-1, 1, 50)).max() > 0.1
    for one, other in zip(*ends, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=5e-6)


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
