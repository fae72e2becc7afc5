"""What is wrong in a learner's generators (exercises 02.10 and 02.11), and wrong ones for tests."""

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


def mistake_at_the_beginning(net):
    """What keeps an answer from being a net that takes latents, or None."""
    if not hasattr(net, "layers"):
        return "Give the net itself: keras.Model(latents, pictures)."
    if tuple(net.input_shape) != (None, 100):
        return f"It takes {net.input_shape}. Each latent is a row of 100 numbers."
    return None


def mistake_at_the_end(net, size):
    """What is wrong with the end of a generator for pictures of this size, or None."""
    if tuple(net.output_shape) != (None, size, size, 3):
        return f"It gives {net.output_shape}. A picture has {size} rows, {size} columns, 3 colours."
    curve = activation_of(layers_of(net)[-1])
    if curve == "sigmoid":
        return "The last curve is a sigmoid: it never goes below 0. Read section 8 again."
    if curve != "tanh":
        return "Nothing at the end keeps the numbers between −1 and 1. Read section 8 again."
    return None


def mistake_in_the_chapters_generator(net):
    mistake = mistake_at_the_beginning(net)
    if mistake:
        return mistake
    mine = layers_of(net)
    if type(mine[-1]).__name__ == "Activation":  # tanh as a layer of its own is as good
        mine = mine[:-1]
    for number, (layer, (kind, shape, parameters)) in enumerate(
        zip(mine, PLAN, strict=False), start=1
    ):
        place = f"layer {number} behind the input"
        if kind_of(layer) != kind:
            return f"Yours has a {kind_of(layer)} as {place}. What stands there in the chapter?"
        if tuple(layer.output.shape[1:]) != shape:
            there = tuple(layer.output.shape[1:])
            return (
                f"After {place} ({kind}) the shape is {there}. "
                "Look at its filters, its stride and its padding."
            )
        if layer.count_params() != parameters:
            return (
                f"Your {place} ({kind}) has {layer.count_params():,} parameters. "
                "Look at the size of its filter."
            )
        if kind == "BatchNormalization" and abs(layer.momentum - 0.5) > 1e-6:
            return f"Look at {place}: how quickly do its moving averages follow? Read section 4."
    if len(mine) != len(PLAN):
        return f"Your net has {len(mine)} layers behind the input, and the chapter's {len(PLAN)}."
    return mistake_at_the_end(net, 50)


def mistake_in_the_larger_generator(net):
    mistake = mistake_at_the_beginning(net) or mistake_at_the_end(net, 100)
    if mistake:
        return mistake
    if not any(type(layer).__name__ in GROWING for layer in layers_of(net)):
        return "It has no layer that makes a picture grow: the dense layer draws each pixel alone."
    if net.count_params() > 20_000_000:
        return "That works, but it has more than 20 million parameters. Make it narrower."
    return None


def narrow_generator(
    stride=2, momentum=0.5, kernel=5, bends=True, padding="same", activation="tanh"
):
    """The chapter's net, an eighth as wide, or with a mistake in it."""
    layers = import_keras().layers

    def normalise(x):
        x = layers.BatchNormalization(momentum=momentum)(x)
        return layers.ReLU()(x) if bends else x

    latents = import_keras().Input((100,))
    x = layers.Reshape((25, 25, 16))(normalise(layers.Dense(10_000)(latents)))
    x = normalise(layers.Conv2D(64, kernel, padding=padding)(x))
    x = normalise(layers.Conv2DTranspose(32, 4, strides=stride, padding="same")(x))
    for filters in (32, 16, 8):
        x = normalise(layers.Conv2D(filters, kernel, padding="same")(x))
    pictures = layers.Conv2D(3, 7, padding="same", activation=activation)(x)
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
