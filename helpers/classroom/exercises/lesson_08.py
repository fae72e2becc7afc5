"""The answers, reasons and hints of lesson 08's exercises. Learner: try first."""

import math

import numpy as np

from helpers.classroom.exercises.kinds import Function, Value


def _mean_of_four(picture):
    return np.lib.stride_tricks.sliding_window_view(picture, (2, 2)).mean(axis=(2, 3))


_PICTURE = np.array([[0.0, 1, 0, 1], [2, 3, 2, 3], [0, 1, 8, 1], [2, 3, 2, 3]])

EXERCISES = {
    "08.1": Function(
        right=lambda *sizes: math.prod(sizes[:3]) * sizes[0] * sizes[3] ** 2,
        cases=((3, 64, 32, 25), (1, 2, 3, 4), (5, 3, 8, 10)),
        reason="All weights are used once at each place, so weights times places.",
        hints=(
            (
                lambda kernel, filters_in, filters_out, side: kernel**2 * filters_in * filters_out,
                "That is the number of weights. How often is each of them used?",
            ),
            (
                lambda kernel, filters_in, filters_out, side: filters_in * filters_out * side**2,
                "Each place looks at a window of kernel × kernel places below it.",
            ),
            (
                lambda kernel, filters_in, filters_out, side: (
                    kernel**2 * filters_in * filters_out * side
                ),
                "A picture has side × side places.",
            ),
            (
                lambda kernel, filters_in, filters_out, side: kernel**2 * filters_out * side**2,
                "Each filter looks at all filters that come in.",
            ),
            (
                lambda kernel, filters_in, filters_out, side: (
                    (kernel**2 * filters_in + 1) * filters_out * side**2
                ),
                "Here are the biases counted, too. Leave them out.",
            ),
        ),
        hint="Weights times places. Try it with one filter in, one out, and a kernel of 1 × 1.",
    ),
    "08.2": Value(
        right=(1, 4),
        reason="The weights are the same; there are four times as many places where they are used.",
        hints=(
            ((4, 4), "Does a kernel grow with the picture? Write down its shape."),
            ((1, 2), "The height doubles, and the width doubles, too."),
            ((4, 1), "The other way round: first the weights, then the multiply-adds."),
            ((1, 1), "Each place needs its own multiplications. How many places are there?"),
        ),
        hint="Two numbers in brackets: times as many weights, times as many multiply-adds.",
    ),
    "08.3": Function(
        right=_mean_of_four,
        cases=((_PICTURE,), (_PICTURE[:2],)),
        reason="A picture of n × m places becomes one of (n − 1) × (m − 1), and the dots are gone.",
        hints=(
            (
                lambda p: p[:-1, :-1] + p[1:, :-1] + p[:-1, 1:] + p[1:, 1:],
                "That is the sum of the four. What makes a mean of it?",
            ),
            (
                lambda p: (p[:, :-1] + p[:, 1:]) / 2,
                "That blurs from left to right only. Two neighbours are in the next row.",
            ),
            (
                lambda p: (p[::2, ::2] + p[1::2, ::2] + p[::2, 1::2] + p[1::2, 1::2]) / 4,
                "You go on by two places each time. Take every place, so the windows overlap.",
            ),
            (lambda p: p.mean(), "That is one number for the whole picture."),
            (
                lambda p: (
                    sum(np.roll(p, (-down, -right), (0, 1)) for down in (0, 1) for right in (0, 1))
                    / 4
                ),
                "The last row and column have no neighbours there: np.roll takes the first ones. "
                "The result has one row and one column less.",
            ),
            (
                lambda p: p[:-1, :-1] + p[:-1, 1:] + p[1:, :-1] + p[1:, 1:] / 4,
                "Only the last of the four is divided: are there brackets around the sum?",
            ),
            (
                lambda p: (p[:-1, :-1] + p[:-1, 1:]) + (p[1:, :-1] + p[1:, 1:]) / 4,
                "Only a part of the sum is divided: are there brackets around all of it?",
            ),
        ),
        hint="picture[1:, :-1] is the picture moved by one row. Four of such pictures are needed. The "
        "result has one row and one column less. Are there brackets around the sum?",
    ),
    "08.4": Function(
        right=lambda share, count: math.sqrt(4 * share * (1 - share) / count),
        cases=((0.5, 60), (0.8, 60), (0.8, 200)),
        reason="At a half, 60 pictures give about ±0.13, and 240 pictures half of that.",
        hints=(
            (
                lambda share, count: 2 * share * (1 - share) / count,
                "The root is missing.",
            ),
            (
                lambda share, count: math.sqrt(share * (1 - share) / count),
                "That covers two tries of three. Twice as much covers 19 of 20.",
            ),
            (
                lambda share, count: 2 * math.sqrt(share * (1 - share)) / count,
                "The number of pictures stands under the root, too.",
            ),
            (
                lambda share, count: 2 * math.sqrt(share / count),
                "Shares near 1 vary as little as shares near 0: (1 - share) is missing.",
            ),
        ),
        hint="Twice a root. Under the root: share · (1 − share), divided by the count.",
    ),
    "08.5": Value(
        right=(16 / 50) / (8 / 40),
        reason="16 / 50 against 8 / 40: larger batches use the processor better, but take fewer steps.",
        hints=(
            (2.0, "Its batch is twice as large, but its steps take longer."),
            (0.8, "That compares the steps. How many photographs are in each?"),
            (0.625, "The other way round: B's as a multiple of A's."),
        ),
        hint="Photographs a millisecond: divide the batch by the time of a step.",
    ),
    "08.6": Function(
        right=lambda rate, step, halved_after: rate * halved_after / (halved_after + step),
        cases=((0.001, 0, 2500), (0.001, 2500, 2500), (0.001, 5000, 2500), (0.001, 1250, 2500)),
        reason="A half after 2500 steps, a third after 5000, a quarter after 7500: ever more slowly.",
        hints=(
            (
                lambda rate, step, halved_after: rate * 0.5 ** (step / halved_after),
                "That halves it again and again: soon nothing is left. Here it falls more slowly.",
            ),
            (
                lambda rate, step, halved_after: rate / (1 + step // halved_after),
                "That is a staircase. With / in place of // the rate falls at every step.",
            ),
            (
                lambda rate, step, halved_after: rate * (1 - step / (2 * halved_after)),
                "A straight line reaches 0 after twice as many steps, and then goes below.",
            ),
            (
                lambda rate, step, halved_after: rate / 1 + step / halved_after,
                "The sum below the line needs brackets.",
            ),
        ),
        hint="At step 0 the rate is as it was. How large is it after halved_after steps?",
    ),
    "08.7": Value(
        right="augmentation",
        reason="It knows its photographs by heart. Changed at random, they can't be learned by heart.",
        hints=(
            ("larger learning rate", "It would learn by heart even faster."),
            ("larger discriminator", "A larger memory is not what it lacks."),
            ("fewer photographs", "Those are even quicker learned by heart."),
        ),
        hint="Answer with one of the names in the question.",
    ),
}
