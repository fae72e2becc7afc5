"""The answers, reasons and hints of lesson 02's exercises. Learner: try first."""

import numpy as np

from helpers.classroom.exercises.kinds import Function, Trial, Value
from helpers.machine import import_keras

# The chapter's generator with an eighth of the filters: kind, shape without the batch, parameters.
PLAN = (
    ("Dense", (10_000,), 101 * 10_000),
    ("BatchNormalization", (10_000,), 4 * 10_000),
    ("ReLU", (10_000,), 0),
    ("Reshape", (25, 25, 16), 0),
    ("Conv2D", (25, 25, 64), 64 * (5 * 5 * 16 + 1)),
    ("BatchNormalization", (25, 25, 64), 4 * 64),
    ("ReLU", (25, 25, 64), 0),
    ("Conv2DTranspose", (50, 50, 32), 32 * (4 * 4 * 64 + 1)),
    ("BatchNormalization", (50, 50, 32), 4 * 32),
    ("ReLU", (50, 50, 32), 0),
    ("Conv2D", (50, 50, 32), 32 * (5 * 5 * 32 + 1)),
    ("BatchNormalization", (50, 50, 32), 4 * 32),
    ("ReLU", (50, 50, 32), 0),
    ("Conv2D", (50, 50, 16), 16 * (5 * 5 * 32 + 1)),
    ("BatchNormalization", (50, 50, 16), 4 * 16),
    ("ReLU", (50, 50, 16), 0),
    ("Conv2D", (50, 50, 8), 8 * (5 * 5 * 16 + 1)),
    ("BatchNormalization", (50, 50, 8), 4 * 8),
    ("ReLU", (50, 50, 8), 0),
    ("Conv2D", (50, 50, 3), 3 * (7 * 7 * 8 + 1)),
)
GROWING = ("Conv2DTranspose", "UpSampling2D")


def layers_of(net):
    return [layer for layer in net.layers if type(layer).__name__ != "InputLayer"]


def activation_of(layer):
    """The name of the curve of a layer, or None."""
    return layer.get_config().get("activation")


def kind_of(layer):
    """`layers.Activation("relu")` is as good as `layers.ReLU()`."""
    kind = type(layer).__name__
    return "ReLU" if kind == "Activation" and activation_of(layer) == "relu" else kind


def mistake_in_a_generator(net, size):
    """What is wrong with the two ends of a generator for pictures of this size, or None."""
    if not hasattr(net, "layers"):
        return "Give the net itself: keras.Model(latents, pictures)."
    if tuple(net.input_shape) != (None, 100):
        return f"It takes {net.input_shape}. Each latent is a row of 100 numbers."
    if tuple(net.output_shape) != (None, size, size, 3):
        return f"It gives {net.output_shape}. A picture has {size} rows, {size} columns, 3 colours."
    curve = activation_of(layers_of(net)[-1])
    if curve == "sigmoid":
        return "The last curve is a sigmoid: it never goes below 0. Read section 8 again."
    if curve != "tanh":
        return "Nothing at the end keeps the numbers between −1 and 1. Read section 8 again."
    return None


def mistake_in_the_chapters_generator(net):
    mistake = mistake_in_a_generator(net, 50)
    if mistake:
        return mistake
    mine = layers_of(net)
    if type(mine[-1]).__name__ == "Activation":  # tanh as a layer of its own is as good
        mine = mine[:-1]
    for number, (layer, (kind, shape, parameters)) in enumerate(
        zip(mine, PLAN, strict=False), start=1
    ):
        if kind_of(layer) != kind:
            return f"Layer {number} is a {kind_of(layer)}. What stands there in the chapter?"
        if tuple(layer.output.shape[1:]) != shape:
            there = tuple(layer.output.shape[1:])
            return f"After layer {number} ({kind}) the shape is {there}. Look at its filters and its stride."
        if layer.count_params() != parameters:
            return f"Layer {number} ({kind}) has {layer.count_params():,} parameters. Look at the size of its filter."
        if kind == "BatchNormalization" and abs(layer.momentum - 0.5) > 1e-6:
            return f"Layer {number}: how quickly shall its moving averages follow? Read section 4."
    if len(mine) != len(PLAN):
        return f"Your net has {len(mine)} layers, and that is not the chapter's number."
    return None


def mistake_in_the_larger_generator(net):
    mistake = mistake_in_a_generator(net, 100)
    if mistake:
        return mistake
    if not any(type(layer).__name__ in GROWING for layer in layers_of(net)):
        return "It has no layer that makes a picture grow: the dense layer draws each pixel alone."
    if net.count_params() > 20_000_000:
        return "That works, but it has more than 20 million parameters. Make it narrower."
    return None


def narrow_generator(stride=2, momentum=0.5, kernel=5, bends=True):
    """The chapter's net, an eighth as wide, or with a mistake in it."""
    layers = import_keras().layers

    def normalise(x):
        x = layers.BatchNormalization(momentum=momentum)(x)
        return layers.ReLU()(x) if bends else x

    latents = import_keras().Input((100,))
    x = layers.Reshape((25, 25, 16))(normalise(layers.Dense(10_000)(latents)))
    x = normalise(layers.Conv2D(64, kernel, padding="same")(x))
    x = normalise(layers.Conv2DTranspose(32, 4, strides=stride, padding="same")(x))
    for filters in (32, 16, 8):
        x = normalise(layers.Conv2D(filters, kernel, padding="same")(x))
    pictures = layers.Conv2D(3, 7, padding="same", activation="tanh")(x)
    return import_keras().Model(latents, pictures)


def larger_generator(start=50, activation="tanh", grows=True):
    """A small generator that begins with `start` rows and doubles them, if it grows."""
    layers = import_keras().layers
    latents = import_keras().Input((100,))
    x = layers.Dense(start * start * 2, activation="relu")(latents)
    x = layers.Reshape((start, start, 2))(x)
    if grows:
        x = layers.Conv2DTranspose(4, 4, strides=2, padding="same", activation="relu")(x)
    pictures = layers.Conv2D(3, 7, padding="same", activation=activation)(x)
    return import_keras().Model(latents, pictures)


def moving_mean(batch_means, momentum):
    """The sum in closed form: each batch has lost a factor for every batch after it."""
    age = np.arange(len(batch_means))[::-1]
    return float(np.sum((1 - momentum) * momentum**age * np.asarray(batch_means)))


def from_the_first_mean(batch_means, momentum):
    """A typical mistake: the average begins at the first batch's mean."""
    return moving_mean(batch_means, momentum) + momentum ** len(batch_means) * batch_means[0]


def all_averages(batch_means, momentum):
    """A typical mistake: the average after each batch, in a list."""
    return [moving_mean(batch_means[:count], momentum) for count in range(1, len(batch_means) + 1)]


def swapped_moving_mean(batch_means, momentum):
    return moving_mean(batch_means, 1 - momentum)


def grown_size(size, kernel, stride, padding):
    """Lay all patches down, and count the places they touch."""
    touched = {start * stride + part for start in range(size) for part in range(kernel)}
    return len(touched) if padding == "valid" else len(range(0, size * stride))


EXERCISES = {
    "02.1": Function(
        right=moving_mean,
        cases=(((8, 8, 8), 0.5), ((5,), 0.99), ((2.0, -4.0, 6.0, 1.0), 0.9), ((3, 7), 0.0)),
        reason="Three batches of mean 8 take it to 4, 6 and 7: each time half of the way that is left.",
        hints=(
            (swapped_moving_mean, "Which part stays, and which is new? Momentum is what stays."),
            (
                lambda means, momentum: float(np.mean(means)),
                "That is the plain mean. The layer forgets: old batches count less and less.",
            ),
            (
                lambda means, momentum: (1 - momentum) * means[-1],
                "Only the last batch is in it. Keep the average from one batch to the next.",
            ),
            (
                lambda means, momentum: moving_mean(means, 0.5),
                "Your function always halves. Take the momentum that it gets.",
            ),
            (
                lambda means, momentum: (1 - momentum) * means[0],
                "Only the first batch is in it. Does return stand inside the loop?",
            ),
            (from_the_first_mean, "It begins at 0, not at the first mean."),
            (all_averages, "Give back only the last one, not all of them."),
            (
                lambda means, momentum: (1 - momentum) * sum(means),
                "The old average must be multiplied, too, before the new part is added.",
            ),
        ),
        hint="Work out three batches of mean 8 with momentum 0.5 by hand: 4, 6, 7. What did you do each time?",
    ),
    "02.2": Value(
        right=36_896,
        reason="Each of the 32 filters has 3·3·128 weights and one bias: 32 · 1153 = 36896.",
        hints=(
            (36864, "The weights are right. But each filter also has a bias."),
            (320, "A filter looks at all 128 channels, not at one."),
            (36992, "One bias for each filter, not one for each channel that comes in."),
        ),
        hint="Count one filter, then take 32 of them.",
    ),
    "02.3": Value(
        right=(75, 75, 64),
        reason="Stride 3 makes three of each row and column: 3 · 25 = 75. And there are 64 filters.",
        hints=(
            ((50, 50, 64), "That is stride 2. Here the patches are laid down three places apart."),
            ((75, 75, 128), "The size is right. How many filters are there?"),
            ((8, 8, 64), "An ordinary convolution with stride 3 would shrink. This one spreads."),
            ((9, 9, 64), "An ordinary convolution with stride 3 would shrink. This one spreads."),
            (
                (150, 150, 64),
                "The filter size decides how far patches overlap, not how large it gets.",
            ),
        ),
        hint="Three numbers: rows, columns, channels. A few cells above, stride 2 made 50 of 25.",
    ),
    "02.4": Function(
        right=grown_size,
        cases=(
            (25, 4, 2, "same"),
            (3, 4, 2, "valid"),
            (25, 6, 3, "same"),
            (7, 5, 3, "valid"),
            (1, 3, 2, "valid"),
        ),
        reason='"valid" keeps what hangs over at the end; "same" cuts it off, so that 25 becomes exactly 50.',
        hints=(
            (
                lambda size, kernel, stride, padding: size * stride,
                'That is right for "same". With "valid" the last patch is not cut off.',
            ),
            (
                lambda size, kernel, stride, padding: (size - 1) * stride + kernel,
                'That is right for "valid". With "same" the overhanging places are cut off.',
            ),
            (
                lambda size, kernel, stride, padding: (size - kernel) // stride + 1,
                "That is an ordinary convolution: it gathers, and the picture gets smaller.",
            ),
            (
                lambda size, kernel, stride, padding: (
                    size * stride if padding == "same" else size * stride + kernel
                ),
                'For "valid": with one single cell, there is one patch, as wide as the filter.',
            ),
        ),
        hint="Where does the last patch begin, if the first one begins at 0? How wide is it?",
    ),
    "02.5": Value(
        right="CBA",
        reason="Convolution, normalisation, ReLU: so ReLU cuts a bell around 0, and half of it stays.",
        hints=(
            ("CAB", "ReLU would come first, and the normalisation then moves its zeros away."),
            (
                "BCA",
                "Then the convolution's sums reach ReLU as they are, and nothing centres them around 0.",
            ),
            ("ABC", "That is the order backwards. Which one reads the old picture?"),
            ("BAC", "Begin with the layer that makes the picture grow."),
            ("C, B, A", "The order is right. Write it as one word, without commas."),
            ("C B A", "The order is right. Write it as one word, without spaces."),
            (("C", "B", "A"), "The order is right. Write it as one word, in one pair of quotes."),
        ),
        hint="Which line makes the picture grow? It comes first. (Three letters, without spaces or commas.)",
    ),
    "02.6": Function(
        right=lambda values: 0.5 * values + 0.5,
        cases=((np.array([-1.0, 0.0, 1.0]),), (np.linspace(-1, 1, 24).reshape(2, 2, 2, 3),)),
        reason="Python divides before it adds. Now −1 is black, 0 a middle gray, and 1 white.",
        hints=(
            (
                lambda values: values + 0.5,
                "Try it with −1, 0 and 1: what comes out, and what should?",
            ),
            (lambda values: values / 2 + 1, "From 1 it makes 1.5: what is added is not halved."),
            (
                lambda values: np.clip(values, 0, 1),
                "That throws away all values below 0, nearly half of the picture.",
            ),
            (np.abs, "Then −1 and 1 would look the same."),
            (lambda values: (values + 1) * 127.5, "That is the range from 0 to 255. Here: 0 to 1."),
        ),
        hint="Try it with −1, 0 and 1: they should become 0, a half, and 1.",
    ),
    "02.7": Value(
        right=(0, 1),
        reason="That is the range of the photographs, so nothing need be turned. But the chapter uses tanh: there the photographs must be turned.",
        hints=(
            ((-1, 1), "That is tanh. Put an s far above 0 and one far below 0 into the formula."),
            ((0.5, 1), "s may also be negative: then e^(−s) is large."),
            ((0, 0.5), "s may also be positive: then e^(−s) is nearly 0."),
            ((0, 255), "The lower end is right. Can 1 / (1 + something positive) be above 1?"),
        ),
        hint="Try s = −10, 0 and 10 in the formula.",
    ),
    "02.8": Trial(
        find_mistake=mistake_in_the_chapters_generator,
        reason="Twenty layers behind the input, an eighth as wide, in the chapter's order. You built it from an empty page.",
        wrong=(
            (lambda: narrow_generator(stride=1), "It gives"),
            (lambda: narrow_generator(kernel=3), "size of its filter"),
            (lambda: narrow_generator(momentum=0.99), "moving averages"),
            (lambda: narrow_generator(bends=False), "What stands there"),
        ),
    ),
    "02.9": Trial(
        find_mistake=mistake_in_the_larger_generator,
        reason="However you did it: twice the size, four times the pixels.",
        wrong=(
            (lambda: larger_generator(start=25), "It gives"),
            (lambda: larger_generator(activation="sigmoid"), "never goes below 0"),
            (lambda: larger_generator(activation=None), "Nothing at the end"),
            (lambda: larger_generator(start=100, grows=False), "no layer that makes"),
        ),
    ),
}
