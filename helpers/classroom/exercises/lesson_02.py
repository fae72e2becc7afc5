"""The answers, reasons and hints of lesson 02's exercises. Learner: try first."""

import numpy as np

from helpers.classroom.exercises.generator_trials import (
    larger_generator,
    mistake_in_the_chapters_generator,
    mistake_in_the_larger_generator,
    narrow_generator,
)
from helpers.classroom.exercises.kinds import Function, Trial, Value

NOT_THE_SIZE = "The size of the picture is not in it: the same filter is used at all places."
FAKES = np.arange(3 * 7 * 8 * 3).reshape(3, 7, 8, 3)


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


def corner_number_by_number(fakes):
    """R's fakes[1,1:5,1:5,1], counted from 1."""
    places = range(1, 6)
    return [[fakes[1 - 1, row - 1, column - 1, 1 - 1] for column in places] for row in places]


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
            (25 * 25 * 36_896, NOT_THE_SIZE),
            (25 * 25 * 36_864, NOT_THE_SIZE),
            (25 * 25 * 36_864 + 32, NOT_THE_SIZE),
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
        reason='"valid" keeps what hangs over at the border; "same" cuts it off, so that 25 becomes exactly 50.',
        hints=(
            (
                lambda size, kernel, stride, padding: size * stride,
                'That is right for "same". With "valid" nothing is cut off.',
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
                "Try it with −1, 0 and 1: what comes out, and what should? From −1 it makes −0.5.",
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
    "02.7": Function(
        right=corner_number_by_number,
        cases=((FAKES,), (FAKES[::-1].copy(),)),
        reason="The first picture, its upper left corner, in red: 25 of its 7,500 numbers.",
        hints=(
            (
                lambda fakes: fakes[1, 1:5, 1:5, 1],
                "That is R's line as it is. Python counts from 0: pictures, rows, columns, channels.",
            ),
            (
                lambda fakes: fakes[0, 1:5, 1:5, 0],
                "Picture and channel are right. In a slice, too, the first number is one less.",
            ),
            (
                lambda fakes: fakes[0, 0:4, 0:4, 0],
                "One row and one column are missing: Python stops before the last number.",
            ),
            (
                lambda fakes: fakes[1, 0:5, 0:5, 1],
                "The slices are right. Picture and channel are counted from 0, too.",
            ),
            (
                lambda fakes: fakes[0:1, 0:5, 0:5, 0:1],
                "The right numbers, but with four axes. R's single numbers take an axis away, and "
                "so do Python's: 0 in place of 0:1.",
            ),
            (lambda fakes: fakes[0, 0:5, 0:5], "That is all three colours. R's line takes one."),
            (
                lambda fakes: fakes[:, 0:5, 0:5, 0],
                "That is the corner of every picture. R's line takes one.",
            ),
        ),
        hint="One bracket with four parts. The table of section 2 has R's 1:10 in its last row.",
    ),
    "02.8": Value(
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
    "02.9": Value(
        right="CD",
        reason="ReLU is a fixed curve, and a reshape only lays the same numbers out anew.",
        hints=(
            ("C", "Right, but there is one more: it does not compute anything."),
            ("D", "Right, but there is one more: a curve that is always the same."),
            ("BC", "Look at batch normalisation again: what did its 80,000 values need?"),
            ("BD", "Look at batch normalisation again: what did its 80,000 values need?"),
            (
                "BCD",
                "One too many. A normalisation may stretch and shift what it has normalised.",
            ),
            ("DC", "The right two. Write them in the order of the alphabet."),
        ),
        hint="Whatever multiplies with weights has parameters. Which layers multiply with nothing?",
    ),
    "02.10": Trial(
        find_mistake=mistake_in_the_chapters_generator,
        reason="Twenty layers behind the input, an eighth as wide, in the chapter's order. You built it from an empty page.",
        wrong=(
            (lambda: narrow_generator(stride=1), "After layer 8 behind the input"),
            (lambda: narrow_generator(padding="valid"), "After layer 5"),
            (lambda: narrow_generator(activation="sigmoid"), "never goes below 0"),
            (lambda: narrow_generator(kernel=3), "size of its filter"),
            (lambda: narrow_generator(momentum=0.99), "layer 2 behind the input: how quickly"),
            (lambda: narrow_generator(bends=False), "What stands there"),
        ),
    ),
    "02.11": Trial(
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
