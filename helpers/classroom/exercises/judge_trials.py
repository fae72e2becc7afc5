"""What is wrong in a learner's judges (exercises 03.3 and 03.11), and wrong ones for the tests."""

import numpy as np

from helpers.machine import import_keras


def judge(activation=None, units=1):
    """A small judge that ends in the given curve."""
    keras = import_keras()
    pictures = keras.Input((50, 50, 3))
    x = keras.layers.Conv2D(4, 5, strides=5)(pictures)
    x = keras.layers.Flatten()(keras.layers.LeakyReLU()(x))
    return keras.Model(pictures, keras.layers.Dense(units, activation=activation)(x))


def _net_of(build):
    """What the function builds; a learner may give the net itself, which is as good."""
    return build if hasattr(build, "layers") else build()


def mistake_in_a_judge(build):
    """What is wrong with the judge that this function builds, or None."""
    return _mistake_in_the_net(_net_of(build))


def _mistake_in_the_net(net):
    if not hasattr(net, "layers"):
        return "Your function must return the net: keras.Model(pictures, scores)."
    if tuple(net.output_shape) != (None, 1):
        return f"It gives {net.output_shape}. A judge says one number for each picture."
    curve = net.layers[-1].get_config().get("activation")
    if curve == "softmax":
        return "Softmax shares 1 among all units. With a single unit the score is always 1."
    if curve == "tanh":
        return "Tanh goes down to −1, and the logarithm of a negative number does not exist."
    if curve == "relu":
        return "ReLU has no upper end: a score of 7 is no probability."
    if curve != "sigmoid":
        return "Look at the scores that come out. Which scores does section 6 allow?"
    pictures = np.random.default_rng(0).normal(0, 50, (8, 50, 50, 3)).astype("float32")
    if np.ptp(np.asarray(net(pictures, training=False))) == 0:
        return "It gives all pictures the same score."
    return None


CONVOLUTIONS = ((256, 3, 1), (256, 5, 2), (256, 5, 2), (256, 3, 2))  # filters, size, stride


SLOPE = 0.3  # of the leaky ReLU, Keras's own
ORDER = [*("Conv2D", "LeakyReLU") * 4, "Flatten", "Dropout", "Dense"]


def chapters_judge(
    convolutions=CONVOLUTIONS,
    leaky=4,
    drops=0.5,
    units=1,
    padding="valid",
    slope=SLOPE,
    drops_first=False,
):
    """The chapter's discriminator, or a net with a typical mistake."""
    keras = import_keras()
    pictures = x = keras.Input((50, 50, 3))
    for number, (filters, kernel, stride) in enumerate(convolutions):
        x = keras.layers.Conv2D(filters, kernel, strides=stride, padding=padding)(x)
        x = keras.layers.LeakyReLU(slope)(x) if number < leaky else x
    x = keras.layers.Dropout(0.5)(x) if drops_first else x
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dropout(drops)(x) if drops and not drops_first else x
    return keras.Model(pictures, keras.layers.Dense(units, activation="sigmoid")(x))


def mistake_in_the_chapters_judge(build):
    """What keeps the net that this function builds from being the chapter's, or None."""
    net = _net_of(build)
    mistake = _mistake_in_the_net(net)
    if mistake:
        return mistake
    if tuple(net.input_shape) != (None, 50, 50, 3):
        return f"A picture goes in: 50 × 50 pixels, 3 colours. Yours takes {net.input_shape}."
    by_kind = {}
    for layer in net.layers:
        by_kind.setdefault(type(layer).__name__, []).append(layer.get_config())
    convolutions = by_kind.get("Conv2D", [])
    if len(convolutions) != 4:
        return f"The chapter has four convolutions, and yours has {len(convolutions)}."
    if any(one["padding"] != "valid" for one in convolutions):
        return "In the chapter's net no window leaves the picture: it has no padding."
    for place, (setting, what) in enumerate(
        (
            ("filters", "numbers of filters"),
            ("kernel_size", "filters' sizes"),
            ("strides", "strides"),
        )
    ):
        mine = [np.ravel(one[setting])[0] for one in convolutions]
        if mine != [one[place] for one in CONVOLUTIONS]:
            return f"The {what} are {', '.join(map(str, mine))} in yours. One of them differs."
    if len(by_kind.get("LeakyReLU", [])) != 4:
        return "After each of the four convolutions comes a leaky ReLU, a layer of its own."
    slopes = {one["negative_slope"] for one in by_kind["LeakyReLU"]}
    if max(abs(slope - SLOPE) for slope in slopes) > 1e-6:
        mine = ", ".join(f"{slope:g}" for slope in sorted(slopes))
        return f"The slope of the leaky ReLU is {mine} in yours. Which one has the chapter?"
    if not by_kind.get("Dropout"):
        return "One layer throws half of the numbers away in training. Where is it?"
    if [one["rate"] for one in by_kind["Dropout"]] != [0.5]:
        return "Your dropout throws another share away than the chapter's, or there are two."
    if net.count_params() != 3_878_657:
        return f"All layers are there, but it has {net.count_params():,} parameters: one too many?"
    kinds = [type(layer).__name__ for layer in net.layers if type(layer).__name__ in ORDER]
    if kinds != ORDER:
        return (
            "All layers are there, but not in the chapter's order. Which of the last three comes "
            "first?"
        )
    return None
