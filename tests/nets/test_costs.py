"""What a layer costs: counted by nets of ones, by hand, and by TensorFlow from the step's graph."""

import math

import numpy as np
import pytest
import tensorflow as tf

from helpers.images import PICTURE_SHAPE
from helpers.machine import import_keras
from helpers.nets import compact
from helpers.nets.chapter import build_discriminator, build_generator
from helpers.nets.costs import layer_costs, penalty_flop, step_flop
from helpers.nets.fast_layers import make_fast
from helpers.nets.latents import LATENT_SIZE
from helpers.training.gan import half_squared_gradient_norm

keras = import_keras()
layers = keras.layers

BATCH_SIZE = 20  # the chapter's
OF_ONES = {"padding": "valid", "kernel_initializer": "ones"}


def net_of(input_shape, *some_layers):
    inputs = keras.Input(input_shape)
    x = inputs
    for layer in some_layers:
        x = layer(x)
    return keras.Model(inputs, x)


def total(net):
    return sum(cost.multiply_adds for cost in layer_costs(net))


@pytest.mark.parametrize(
    ("input_shape", "layer"),
    [
        ((7,), layers.Dense(5, kernel_initializer="ones")),
        ((9, 8, 3), layers.Conv2D(4, 3, **OF_ONES)),
        ((9, 8, 3), layers.Conv2D(4, (5, 2), strides=2, **OF_ONES)),
        ((5, 4, 3), layers.Conv2DTranspose(2, 4, strides=2, **OF_ONES)),
        ((5, 4, 3), layers.Conv2DTranspose(2, (2, 3), strides=3, **OF_ONES)),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_layer_of_ones_counts_its_own_multiply_adds(input_shape, layer):
    # Each multiply-add is 1 · 1 and lands in some output, so the outputs add up to their number.
    net = net_of(input_shape, layer)
    outputs = np.asarray(net(np.ones((1, *input_shape), dtype="float32")))
    assert total(net) == outputs.sum()


def test_same_padding_is_counted_like_a_larger_picture_without_padding():
    padded = net_of((9, 8, 3), layers.Conv2D(4, 5, padding="same"))
    larger = net_of((9 + 4, 8 + 4, 3), layers.Conv2D(4, 5, padding="valid"))
    assert padded.output_shape == larger.output_shape
    assert total(padded) == total(larger)


def test_the_loop_that_gives_the_layers_answer_makes_as_many_multiply_adds():
    layer = layers.Conv2D(3, 3, padding="same", kernel_initializer="random_normal")
    net = net_of((6, 5, 2), layer)
    picture = np.random.default_rng(0).standard_normal((6, 5, 2)).astype("float32")
    padded, kernel = np.pad(picture, ((1, 1), (1, 1), (0, 0))), np.asarray(layer.kernel)
    answer, multiply_adds = np.zeros((6, 5, 3)), 0
    for row, column, number in np.ndindex(6, 5, 3):
        for i, j, channel in np.ndindex(3, 3, 2):
            value = padded[row + i, column + j, channel] * kernel[i, j, channel, number]
            answer[row, column, number] += value
            multiply_adds += 1
    np.testing.assert_allclose(np.asarray(net(picture[None]))[0], answer, atol=1e-5)
    assert total(net) == multiply_adds


def test_layers_that_only_carry_numbers_on_cost_nothing():
    net = net_of((4, 4, 2), layers.ReLU(), layers.Flatten(), layers.Dropout(0.5))
    assert [cost.multiply_adds for cost in layer_costs(net)] == [0, 0, 0, 0]
    assert [cost.parameters for cost in layer_costs(net)] == [0, 0, 0, 0]


def test_each_layer_is_listed_with_its_kind_its_shape_and_its_parameters():
    net = net_of((8, 8, 3), layers.Conv2D(4, 3, padding="same"), layers.BatchNormalization())
    found = [(cost.kind, cost.output_shape, cost.parameters) for cost in layer_costs(net)]
    assert found == [
        ("InputLayer", (8, 8, 3), 0),
        ("Conv2D", (8, 8, 4), 4 * (3 * 3 * 3 + 1)),
        ("BatchNormalization", (8, 8, 4), 4 * 4),
    ]


def test_the_generators_costs_are_those_worked_out_by_hand():
    costs = layer_costs(build_generator())
    assert sum(cost.parameters for cost in costs) == 14_813_443
    assert [cost.multiply_adds for cost in costs if cost.multiply_adds] == [
        100 * 80_000,
        25 * 25 * 5 * 5 * 128 * 512,
        25 * 25 * 4 * 4 * 512 * 256,  # each of 25 × 25 cells is spread
        50 * 50 * 5 * 5 * 256 * 256,
        50 * 50 * 5 * 5 * 256 * 128,
        50 * 50 * 5 * 5 * 128 * 64,
        50 * 50 * 7 * 7 * 64 * 3,
    ]


def test_the_discriminators_costs_are_those_worked_out_by_hand():
    costs = layer_costs(build_discriminator())
    assert sum(cost.parameters for cost in costs) == 3_878_657
    assert [cost.multiply_adds for cost in costs if cost.multiply_adds] == [
        48 * 48 * 3 * 3 * 3 * 256,
        22 * 22 * 5 * 5 * 256 * 256,
        9 * 9 * 5 * 5 * 256 * 256,
        4 * 4 * 3 * 3 * 256 * 256,
        4 * 4 * 256 * 1,
    ]


def test_an_eighth_of_the_filters_costs_a_64th():
    assert total(build_generator()) / total(build_generator(0.125)) == pytest.approx(64, rel=0.05)
    wide, narrow = (
        [cost.multiply_adds for cost in layer_costs(build_generator(width)) if cost.multiply_adds]
        for width in (1.0, 0.125)
    )
    ratios = [a / b for a, b in zip(wide, narrow, strict=True)]
    assert ratios == [8, 64, 64, 64, 64, 64, 8]  # 100 latents and 3 colours stay as they are


def flop_of(function, *shapes):
    """The FLOP of the convolutions and matrix products in the graph that TensorFlow makes of it.

    Only what the results need is counted: what they don't need is never computed.
    """
    specs = [tf.TensorSpec(shape) for shape in shapes]
    graph = tf.function(function).get_concrete_function(*specs).graph
    waiting, needed = [tensor.op for tensor in graph.outputs], {}
    while waiting:
        operation = waiting.pop()
        if operation.name not in needed:
            needed[operation.name] = operation
            waiting += [tensor.op for tensor in operation.inputs]
    return sum(2 * multiply_adds_of(operation) for operation in needed.values())


def multiply_adds_of(operation):
    """Worked out from the shapes of the tensors that go in and come out of this very operation."""
    if operation.type == "MatMul":
        rows, columns = operation.outputs[0].shape
        summed = operation.inputs[0].shape[0 if operation.get_attr("transpose_a") else 1]
        return rows * columns * summed
    if operation.type == "Conv2D":
        (_, kernel), answer = operation.inputs, operation.outputs[0]
    elif operation.type == "Conv2DBackpropInput":
        _, kernel, answer = operation.inputs
    elif operation.type == "Conv2DBackpropFilter":
        (_, _, answer), kernel = operation.inputs, operation.outputs[0]
    else:
        return 0
    return math.prod(answer.shape[:3]) * math.prod(kernel.shape)


def graph_flop_of_a_step(generator, discriminator):
    loss_of = keras.losses.BinaryCrossentropy()

    def draw_fakes(latents):
        return generator(latents, training=False)

    def discriminator_step(pictures, labels):
        with tf.GradientTape() as tape:
            loss = loss_of(labels, discriminator(pictures, training=True))
        return tape.gradient(loss, discriminator.trainable_variables)

    def generator_step(latents, targets):
        with tf.GradientTape() as tape:
            fakes = generator(latents, training=True)
            loss = loss_of(targets, discriminator(fakes, training=True))
        return tape.gradient(loss, generator.trainable_variables)

    latents, both = (BATCH_SIZE, LATENT_SIZE), 2 * BATCH_SIZE
    turns = flop_of(discriminator_step, (both, *PICTURE_SHAPE), (both, 1))
    turns += flop_of(generator_step, latents, (BATCH_SIZE, 1))
    return turns, flop_of(draw_fakes, latents)


@pytest.mark.parametrize("width", [1.0, 0.125])
def test_a_step_costs_what_its_graph_holds(width):
    generator, discriminator = build_generator(width), build_discriminator(width)
    turns, fakes = graph_flop_of_a_step(generator, discriminator)
    counted = turns + fakes
    assert step_flop(generator, discriminator, BATCH_SIZE) == counted
    assert step_flop(generator, discriminator, BATCH_SIZE, drawn_once=True) == turns
    if width == 1.0:
        assert counted == pytest.approx(1.746e12, rel=1e-3)  # the number that the lessons tell


def test_a_gradient_penalty_costs_what_its_graph_holds():
    discriminator = make_fast(compact.build_discriminator())

    def penalty_gradients(photographs):
        weights = [weight.value for weight in discriminator.trainable_variables]
        with tf.GradientTape() as tape:
            tape.watch(weights)
            penalty = half_squared_gradient_norm(discriminator, photographs)
        return tape.gradient(penalty, weights, unconnected_gradients="zero")

    counted = flop_of(penalty_gradients, (BATCH_SIZE, *PICTURE_SHAPE))
    assert penalty_flop(discriminator, BATCH_SIZE) == counted
