"""The answers, reasons and hints of lesson 06's exercises. Learner: try first."""

from math import comb

import numpy as np

from helpers.classroom.exercises.kinds import Function, Value
from helpers.classroom.exercises.measures import (
    at_least,
    coverage,
    differences,
    distance_along,
    is_in,
    mean_nearest,
    rate_and_luck,
)


def _points(seed, *shape):
    return np.random.default_rng(seed).random(shape)


CENTRES = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0], [4.0, 4.0]])
RADII = np.array([1.0, 2.0, 1.0, 0.5])
DRAWN = np.array([[0.5, 0.5], [0.1, 0.2], [2.5, 0.3], [9.0, 9.0]])
REAL = _points(5, 3, 4, 4, 3)
COPIES = np.stack([REAL[1][:, ::-1], REAL[0], _points(8, 4, 4, 3)])  # mirrored, as it is, and none

ROUNDED = "The way is right. Give four decimals, and round no number on the way."

EXERCISES = {
    "06.1": Function(
        right=rate_and_luck,
        cases=(
            ([True, True, True, False],),
            ([True] * 92 + [False] * 8,),
            ([True, False],),
        ),
        reason="Four times as many pictures, half the luck: 100 still leave ± 0.06 at a rate of 0.9, "
        "and ± 0.10 at one half.",
        hints=(
            (
                lambda found: (np.mean(found), np.sqrt(np.mean(found) * (1 - np.mean(found)))),
                "The luck gets smaller with more pictures: divide by n under the root.",
            ),
            (
                lambda found: (np.mean(found), np.std(found) / np.sqrt(len(found))),
                "Nearly: the rule has a 2 in front of the root.",
            ),
            (
                lambda found: (np.mean(found), 2 * np.var(found) / len(found)),
                "The root is missing.",
            ),
            (
                lambda found: (np.sum(found), 2 * np.std(found) / np.sqrt(len(found))),
                "The first number should be a share between 0 and 1, not how many.",
            ),
            (np.mean, "The rate is right. Return two numbers: the rate, and its ±."),
            (
                lambda found: (
                    np.sum(found),
                    2 * np.sqrt(np.sum(found) * (1 - np.sum(found)) / len(found)),
                ),
                "The rate is a share, between 0 and 1. You have counted the faces.",
            ),
            (
                lambda found: (np.mean(found), 2 * np.std(found) / len(found)),
                "The rate is right. In the rule, n stands under the root, too.",
            ),
            (
                lambda found: (np.mean(found), 2 * np.std(found) / 10),
                "The rate is right. The n is the number of answers in `found`, not always 100.",
            ),
        ),
        hint="Return two numbers, the share of True and the ± of the rule. Try it on four answers.",
    ),
    "06.2": Function(
        right=distance_along,
        cases=(
            (_points(0, 5, 2), _points(1, 5, 2), np.array([1.0, 0.0])),
            (_points(2, 8, 3), 1 + _points(3, 8, 3), np.array([0.6, -0.8, 0.0])),
            (_points(4, 6, 2), _points(4, 6, 2)[::-1], np.array([0.0, 1.0])),
        ),
        reason="Sorted, the darkest meets the darkest: a set in another order is at distance 0.",
        hints=(
            (
                lambda one, other, direction: distance_along(one, other, direction, list),
                "Take a set and the same set in another order: their distance should be 0. Is it? "
                "Compare with the text, step by step.",
            ),
            (
                lambda one, other, direction: abs(((one - other) @ direction).mean()),
                "That compares the two means only. Compare number with number, in order.",
            ),
            (
                lambda one, other, direction: np.abs(
                    (np.sort(one, axis=0) - np.sort(other, axis=0)) @ direction
                ).mean(),
                "Sort what you see from the direction, not the coordinates.",
            ),
            (
                lambda one, other, direction: np.abs(
                    np.sort(one) @ direction - np.sort(other) @ direction
                ).mean(),
                "Sort what you see from the direction, not the coordinates.",
            ),
            (
                lambda one, other, direction: np.abs(
                    (one @ direction).sort() - (other @ direction).sort()
                ).mean(),
                "`.sort()` sorts in place, and gives back None. np.sort(…) gives back the sorted "
                "numbers.",
            ),
            (
                lambda one, other, direction: distance_along(one, other, direction) * len(one),
                "Nearly: is it the *mean* of the differences?",
            ),
        ),
        hint="A set and the same set in another order are at distance 0. Is yours?",
    ),
    "06.3": Function(
        right=coverage,
        cases=(
            (CENTRES, RADII, DRAWN),
            (CENTRES, RADII, np.array([[4.1, 4.1], [0.2, 3.9], [4.2, 3.9]])),
            (CENTRES, RADII, np.array([[2.0, 2.0]])),
        ),
        reason="A ball counts once, whether one picture lies in it or fifty: the crowd buys nothing.",
        hints=(
            (
                lambda real, radii, drawn: is_in(real, radii, drawn).any(axis=0).mean(),
                "That is the share of fakes that lie in a ball. Count balls, not fakes.",
            ),
            (
                lambda real, radii, drawn: is_in(real, radii, drawn).mean(),
                "That is the mean over all pairs. One fake is enough for a ball.",
            ),
            (
                lambda real, radii, drawn: is_in(real, radii, drawn).all(axis=1).mean(),
                "A ball is covered if any fake lies in it. Not all of them need to.",
            ),
            (
                lambda real, radii, drawn: is_in(real, radii, drawn).any(axis=1).sum(),
                "You have counted the covered balls. Which share of all balls is it?",
            ),
            (
                lambda real, radii, drawn: coverage(real, radii**0.5, drawn),
                "Take the root of the sum of squares before you compare with the radius.",
            ),
            (
                lambda real, radii, drawn: real - drawn,
                "Each ball must meet each fake, so one more axis is needed, or two loops.",
            ),
            (
                lambda real, radii, drawn: np.zeros((len(real), len(drawn))) < radii,
                "Each ball has a radius of its own, in its own row: give the radii a second axis.",
            ),
        ),
        hint="Draw four balls on paper, and some fakes. How many balls are not empty?",
    ),
    "06.4": Value(
        right="collapse",
        reason="It always draws nearly the same face. The detector likes it; spread and coverage do not.",
        hints=(
            ("memorisation", "Copies of many training pictures would have a high coverage."),
            ("blur", "Blurred pictures of many different faces still differ from each other."),
            ("all is well", "Look at the spread: how much do two of its pictures differ?"),
        ),
        hint="Answer with one of the four, spelled as in the question.",
    ),
    "06.5": Function(
        right=mean_nearest,
        cases=(
            (_points(6, 2, 4, 4, 3), _points(7, 5, 4, 4, 3)),
            (COPIES, REAL),
            (_points(8, 3, 4, 4, 3), _points(9, 1, 4, 4, 3)),
        ),
        reason="A copier gets nearly 0, of a few pictures or of all, mirrored or not.",
        hints=(
            (
                lambda drawn, photographs: (
                    differences(drawn, photographs, lambda one: one).min(axis=1).mean()
                ),
                "A mirrored copy would escape. Compare with the mirrored photographs, too.",
            ),
            (
                lambda drawn, photographs: (
                    differences(drawn, photographs, lambda one: one[::-1]).min(axis=1).mean()
                ),
                "You have turned them upside down. Left and right change places in a mirror.",
            ),
            (
                lambda drawn, photographs: (
                    differences(drawn, photographs).min(axis=1) ** 2
                ).mean(),
                "The root is missing: mean square, then root, and then the mean over the fakes.",
            ),
            (
                lambda drawn, photographs: np.sqrt(
                    (differences(drawn, photographs).min(axis=1) ** 2).mean()
                ),
                "Nearly: take the root for each fake, and only then the mean over all fakes.",
            ),
            (
                lambda drawn, photographs: np.mean(
                    [
                        min(
                            np.abs(fake - one).mean()
                            for one in [*photographs, *photographs[:, :, ::-1]]
                        )
                        for fake in drawn
                    ]
                ),
                "That is the mean absolute difference. Here: the root of the mean square.",
            ),
            (
                lambda drawn, photographs: (
                    differences(drawn, photographs).min(axis=1).mean() * drawn[0].size ** 0.5
                ),
                "That is the root of the sum of the squares. Take their mean.",
            ),
            (
                lambda drawn, photographs: np.mean(
                    [
                        differences(drawn, photographs, lambda one: one),
                        differences(drawn, photographs[:, :, ::-1], lambda one: one),
                    ]
                ),
                "That is the mean over all photographs. A copy is like one of them: keep the "
                "smallest.",
            ),
            (
                lambda drawn, photographs: differences(drawn, photographs).mean(),
                "That is the mean over all photographs. A copy is like one of them: keep the "
                "smallest.",
            ),
            (
                lambda drawn, photographs: differences(drawn, photographs).min(),
                "That is the smallest of all: one copy among many fakes would decide. Keep one "
                "for each fake, and return their mean.",
            ),
            (
                lambda drawn, photographs: differences(drawn, photographs).min(axis=0).mean(),
                "You look for the fake that is nearest to each photograph. It is asked the other "
                "way: for each fake the nearest photograph.",
            ),
            (
                lambda drawn, photographs: differences(drawn, photographs).min(axis=1),
                "One number for each fake: good. Return their mean.",
            ),
        ),
        hint="For each fake, a difference from each photograph and from each mirrored one. Keep the "
        "smallest; then take the mean over the fakes.",
    ),
    "06.6": Value(
        right="nearest",
        reason="A full copier looks perfect to all others, and nearly so to the share. Here it gets 0.01.",
        hints=(
            (
                "memorisation",
                "A good thought. The share finds who copies a few; but look once more at what the "
                "copier of all pictures got, and what real ones get.",
            ),
            ("spread", "Coverage has told that already."),
            ("density", "Copies of all training pictures have a good density, too."),
        ),
        hint="Which mistake looks perfect to all four? And which number found its copies?",
    ),
    "06.7": Function(
        right=at_least,
        cases=((9, 10), (5, 10), (0, 4), (3, 3), (7, 8)),
        reason="This is what the verdict of the game prints: how often a coin does as well.",
        hints=(
            (
                lambda hits, rounds: comb(rounds, hits) / 2**rounds,
                "That is for exactly so many right ones. More count, too.",
            ),
            (
                lambda hits, rounds: (
                    sum(comb(rounds, k) for k in range(hits + 1, rounds + 1)) / 2**rounds
                ),
                "That is for more than so many. Exactly so many count, too.",
            ),
            (
                lambda hits, rounds: sum(comb(rounds, k) for k in range(hits, rounds)) / 2**rounds,
                "Does your range stop before the last number? All right counts, too.",
            ),
            (
                lambda hits, rounds: sum(comb(rounds, k) for k in range(hits, rounds + 1)),
                "You have counted the games. Which share of all games is it?",
            ),
            (
                lambda hits, rounds: 0.5**hits,
                "That is for the first rounds right, one after the other. Any rounds may be right.",
            ),
        ),
        hint="Two rounds have four games. In three of them a coin is right at least once.",
    ),
    "06.8": Value(
        right=1 - (1 - 11 / 1024) ** 20,
        reason="About one group in five. So who asks many people must expect a lucky one.",
        hints=(
            (11 / 1024, "That is for one of them. It is enough if any of the twenty is lucky."),
            (220 / 1024, "Close: but two lucky ones would count twice. Start from: nobody is."),
            ((1 - 11 / 1024) ** 20, "That is the probability that nobody is lucky."),
            ((11 / 1024) ** 20, "That is the probability that all twenty are lucky."),
            *((rounded, ROUNDED) for rounded in (0.19, 0.194, 0.2, 0.198, 1 - 0.989**20)),
        ),
        hint="With which probability is one of them not lucky? And all twenty?",
    ),
}
