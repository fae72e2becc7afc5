"""Four pixels become one (exercises 08.3 and 08.10): overlapping fours, and blocks of them."""

from itertools import permutations

import numpy as np

from helpers.classroom.exercises.kinds import Function


def _mean_of_four(picture):
    return np.lib.stride_tricks.sliding_window_view(picture, (2, 2)).mean(axis=(2, 3))


def _mean_of_blocks(picture):
    rows, columns = (side // 2 for side in picture.shape)
    return picture.reshape(rows, 2, columns, 2).mean(axis=(1, 3))


def _one_for_another(gone, twice=None):
    """A typical mistake: of the four, one is missing, and perhaps another stands in its place."""

    def blur(picture):
        four = [picture[:-1, :-1], picture[:-1, 1:], picture[1:, :-1], picture[1:, 1:]]
        return sum(four[place] for place in (0, 1, 2, 3, twice) if place not in (gone, None)) / 4

    return blur


ALL_FOUR_EQUAL = "All four must be equally large: each loses one row and one column."
_PICTURE = np.array([[0.0, 1, 0, 1], [2, 3, 2, 3], [0, 1, 8, 1], [2, 3, 2, 3]])

BLUR = Function(
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
            _mean_of_blocks,
            "You go on by two places each time. Take every place, so the windows overlap.",
        ),
        (lambda p: p.mean(), "That is one number for the whole picture."),
        (
            lambda p: (
                sum(np.roll(p, (-down, -right), (0, 1)) for down in (0, 1) for right in (0, 1)) / 4
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
        (lambda p: p + p[1:, 1:], ALL_FOUR_EQUAL),
        (lambda p: p[1:, 1:] + p, ALL_FOUR_EQUAL),
        *(
            (_one_for_another(*pair), "One of the four is in it twice, and one is missing.")
            for pair in permutations(range(4), 2)
        ),
        *(
            (_one_for_another(gone), "Three of the four are in it. Which one is missing?")
            for gone in range(4)
        ),
    ),
    hint="picture[1:, :-1] is the picture moved by one row. Four of such pictures are needed, "
    "and the result has one row and one column less.",
)

HALVE = Function(
    right=_mean_of_blocks,
    cases=((_PICTURE,), (np.arange(24.0).reshape(4, 6),)),
    reason="Each new pixel is the mean of the block of four that it stands for.",
    hints=(
        (
            lambda p: p[::2, ::2],
            "That keeps one pixel of four, and throws three away: `resize_nearest` of lesson 04 "
            "does so. Take the mean of the four.",
        ),
        (
            _mean_of_four,
            "Those are overlapping blocks, as in the blur. Here each pixel belongs to one block: "
            "go on by two places each time.",
        ),
        (
            lambda p: p[::2, ::2] + p[1::2, ::2] + p[::2, 1::2] + p[1::2, 1::2],
            "That is the sum of the four. What makes a mean of it?",
        ),
        (
            lambda p: (p[::2] + p[1::2]) / 2,
            "That halves the rows only. The columns are to be halved, too.",
        ),
        (
            lambda p: (p[:, ::2] + p[:, 1::2]) / 2,
            "That halves the columns only. The rows are to be halved, too.",
        ),
        (
            lambda p: p[::2, ::2] + p[1::2, ::2] + p[::2, 1::2] + p[1::2, 1::2] / 4,
            "Only the last of the four is divided: are there brackets around the sum?",
        ),
        (lambda p: p.mean(), "That is one number for the whole picture."),
        (
            lambda p: (p[::2, ::2] + p[1::2, 1::2]) / 2,
            "Two of the four are missing: those above right and below left.",
        ),
    ),
    hint="picture[1::2, ::2] is every second row from the second on, and every second column "
    "from the first on. Four of such pictures are needed.",
)
