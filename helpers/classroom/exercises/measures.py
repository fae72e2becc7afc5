"""The measures of lesson 06, each computed in a way of its own, for its exercises."""

from itertools import product

import numpy as np


def rate_and_luck(found):
    found = np.asarray(found, dtype=float)
    return found.mean(), 2 * found.std() / np.sqrt(len(found))


def distance_along(one, other, direction, by_value=sorted):
    seen = [
        by_value([float(np.dot(point, direction)) for point in points]) for points in (one, other)
    ]
    return sum(abs(a - b) for a, b in zip(*seen, strict=True)) / len(one)


def is_in(real, radii, drawn):
    """(balls, fakes): whether a fake lies in a ball."""
    return np.array(
        [
            [np.hypot(*(centre - point)) <= radius for point in drawn]
            for centre, radius in zip(real, radii, strict=True)
        ]
    )


def coverage(real, radii, drawn):
    return is_in(real, radii, drawn).any(axis=1).mean()


def differences(drawn, photographs, mirror=lambda picture: picture[:, ::-1]):
    """(fakes, photographs): how much they differ, the smaller of the two mirrorings."""
    return np.array(
        [
            [
                min(float(np.std([fake - way, way - fake])) for way in (real, mirror(real)))
                for real in photographs
            ]
            for fake in drawn
        ]
    )


def mean_nearest(drawn, photographs):
    return differences(drawn, photographs).min(axis=1).mean()


def at_least(hits, rounds):
    """By counting: all words of right and wrong answers, and those with enough right ones."""
    games = [sum(game) for game in product((0, 1), repeat=rounds)]
    return sum(found >= hits for found in games) / len(games)
