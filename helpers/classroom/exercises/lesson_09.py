"""The answers, reasons and hints of lesson 09's exercises. Learner: try first."""

import math

import numpy as np

from helpers.classroom.exercises.kinds import Function, Value


def _each(pictures, labels, weights):
    """The gradient of each picture by itself, one after the other."""
    rows = []
    for picture, label in zip(pictures, labels, strict=True):
        score = sum(float(a) * float(b) for a, b in zip(picture, weights, strict=True))
        rows.append([2 * (score - float(label)) * float(value) for value in picture])
    return np.array(rows)


_random = np.random.default_rng(9)
_BATCHES = tuple(
    (_random.random((count, 5)), _random.integers(0, 2, count).astype(float), _random.random(5))
    for count in (4, 7)
)
_TWO_GRADIENTS = (np.array([[1.0, 2.0, 3.0], [5.0, -2.0, 3.5]]), np.array([12, 4]))
_THREE_GRADIENTS = (_random.random((3, 4)), np.array([1, 2, 5]))


def _by_counting(length, devices):
    """Each device's numbers, round after round: pieces go from neighbour to neighbour."""
    piece = length / devices
    return sum(piece for half in ("add up", "hand round") for _ in range(1, devices))


def _one_by_one(counts, sums, squares):
    """A mean and a spread, from what all values have in common: count, sum, sum of squares."""
    count, total, square = map(math.fsum, (counts, sums, squares))
    return total / count, math.sqrt(max(square / count - (total / count) ** 2, 0))


def _of_values(*parts):
    """What the devices hold of their values: how many, their sums, their sums of squares."""
    return (
        np.array([len(part) for part in parts]),
        np.array([sum(part) for part in parts]),
        np.array([sum(value**2 for value in part) for part in parts]),
    )


def _seconds(numbers, devices, bandwidth, latency, size=4, rounds=2):
    piece = size * numbers / devices
    return rounds * (devices - 1) * (piece / (bandwidth * 1e9) + latency / 1000)


EXERCISES = {
    "09.1": Function(
        right=lambda *batch: _each(*batch).mean(axis=0),
        cases=_BATCHES,
        reason="A mean over pictures: each adds its own part, and no picture asks another.",
        hints=(
            (
                lambda *batch: _each(*batch).sum(axis=0),
                "That is the sum over all pictures. Divide by how many there are.",
            ),
            (
                lambda *batch: _each(*batch).mean(axis=0) / 2,
                "The 2 is missing: it comes from the square in the loss.",
            ),
            (
                lambda *batch: -_each(*batch).mean(axis=0),
                "The other sign: the error is the score minus the label.",
            ),
            (
                lambda *batch: _each(*batch),
                "You have a row for each picture. Take the mean over the pictures: axis=0.",
            ),
            (
                lambda *batch: _each(*batch).mean(axis=1),
                "That is a number for each picture. There should be one for each weight: axis=0.",
            ),
        ),
        hint="First all scores, then all errors; then the errors times the pictures, and the mean.",
    ),
    "09.2": Function(
        right=lambda gradients, counts: (
            sum(count * np.array(row) for row, count in zip(gradients, counts, strict=True))
            / sum(counts)
        ),
        cases=(_TWO_GRADIENTS, _THREE_GRADIENTS),
        reason="Who saw more pictures counts more. With equal shares it is the plain mean.",
        hints=(
            (
                lambda gradients, counts: np.mean(gradients, axis=0),
                "That is the plain mean: a worker with few pictures would count as much as others.",
            ),
            (
                lambda gradients, counts: np.sum(gradients, axis=0),
                "That is the sum. Each gradient is a mean already: how many pictures stand for it?",
            ),
            (
                lambda gradients, counts: (gradients * counts[:, None]).sum(axis=0),
                "Now divide by the number of all pictures.",
            ),
            (
                lambda gradients, counts: (gradients * counts[:, None]).mean(axis=0),
                "Divide by the number of all pictures, not by the number of workers.",
            ),
        ),
        hint="Each gradient times its count gives a sum over pictures. Add these up, and divide.",
    ),
    "09.3": Function(
        right=_by_counting,
        cases=((8, 2), (8, 4), (1200, 3), (6400, 64), (10, 1)),
        reason="Never more than twice the array, however many there are.",
        hints=(
            (
                lambda length, devices: 2 * (devices - 1) * length,
                "In a round a device sends one piece only. How long is a piece?",
            ),
            (
                lambda length, devices: (devices - 1) * length / devices,
                "That is the first half. Then the sums must be handed round.",
            ),
            (lambda length, devices: 2 * length, "Nearly. Count the rounds: one fewer than that."),
            (
                lambda length, devices: 2 * (devices - 1) / devices,
                "That many pieces' worth of one number. How long is the array?",
            ),
        ),
        hint="How many rounds are there in all, and how long is the piece that is sent in each?",
    ),
    "09.4": Function(
        right=_one_by_one,
        cases=(
            _of_values([0.1, 0.2, 0.3], [0.7, 0.9, 0.8]),
            _of_values([1.0, 2.0], [5.0, 6.0, 7.0, 8.0]),
            _of_values([0.5], [0.25, 0.75], [0.1, 0.9, 0.4]),
        ),
        reason="Sums can be added up, spreads can't. So each sends its two sums.",
        hints=(
            (
                lambda counts, sums, squares: (
                    np.mean(sums / counts),
                    np.sqrt(np.mean(squares / counts) - np.mean(sums / counts) ** 2),
                ),
                "You took means of means. First add up what all have, then divide once.",
            ),
            (
                lambda counts, sums, squares: (
                    sums.sum() / counts.sum(),
                    squares.sum() / counts.sum() - (sums.sum() / counts.sum()) ** 2,
                ),
                "That is the spread squared. Take its root.",
            ),
            (
                lambda counts, sums, squares: (
                    sums.sum() / counts.sum(),
                    np.sqrt(squares.sum() / counts.sum()),
                ),
                "Before you take the root: subtract the mean, squared.",
            ),
            (
                lambda counts, sums, squares: (
                    np.mean(sums / counts),
                    np.mean(np.sqrt(squares / counts - (sums / counts) ** 2)),
                ),
                "That is the mean of their own spreads. How far apart they are is not in it.",
            ),
        ),
        hint="Add up the counts, the sums and the squares first. Then two divisions, and a root.",
    ),
    "09.5": Function(
        right=_seconds,
        cases=(
            (1_000_000, 2, 1.0, 0.0),
            (758_447, 2, 0.118, 0.05),
            (758_447, 8, 2.0, 0.035),
            (500, 64, 100.0, 0.5),
        ),
        reason="Large arrays wait for the bandwidth, small ones for the latency.",
        hints=(
            (
                lambda numbers, devices, bandwidth, latency: _seconds(
                    numbers, devices, bandwidth, latency, size=1
                ),
                "A number has 4 bytes.",
            ),
            (
                lambda numbers, devices, bandwidth, latency: _seconds(
                    numbers, devices, bandwidth, latency, rounds=1
                ),
                "That is half of the rounds: they add up, then they hand round.",
            ),
            (
                lambda numbers, devices, bandwidth, latency: _seconds(
                    numbers, devices, bandwidth, 1000 * latency
                ),
                "The latency is in milliseconds: a thousand of them are a second.",
            ),
            (
                lambda numbers, devices, bandwidth, latency: _seconds(
                    numbers, devices, bandwidth, 0
                ),
                "The latency is missing. It comes once in each round.",
            ),
            (
                lambda numbers, devices, bandwidth, latency: (
                    _seconds(numbers, devices, bandwidth, 0) + latency / 1000
                ),
                "The latency comes in each round, not only once.",
            ),
            (
                lambda numbers, devices, bandwidth, latency: (
                    2 * (devices - 1) * (4 * numbers / (bandwidth * 1e9) + latency / 1000)
                ),
                "In a round a device sends one piece, not the whole array.",
            ),
        ),
        hint="Rounds, times the seconds of one round: bytes of a piece / bandwidth, and the latency.",
    ),
    "09.6": Value(
        right=40 / 17.5,
        reason="10 + 30 / 4 = 17.5 ms. With any number of devices it never gets below 10.",
        hints=(
            (4.0, "Only 30 of the 40 ms get shorter."),
            (17.5, "That is the new time. How many times faster is it than 40 ms?"),
            (17.5 / 40, "The other way round: the old time divided by the new one."),
            (3.2, "10 ms stay as they are, 30 ms become a quarter."),
        ),
        hint="What is the new time, in milliseconds? Then divide 40 by it.",
    ),
    "09.7": Value(
        right="GRLM",
        reason="Only the last one is too large for one GPU. Luck needs many trainings, not a large one.",
        hints=(
            ("MRLM", "The chapter's nets fit into one GPU: it needs no link at all."),
            ("GMLM", "Twenty seeds never have to talk to each other while they train."),
            ("GRGM", "Ten trainings of half a minute: they are over before a machine is rented."),
            ("GRLG", "What does not fit into one GPU's memory?"),
            ("LRLM", "Count: 5000 steps, each of several seconds. How many hours is that?"),
        ),
        hint="Ask of each: how long does one training take here, and must the parts talk to each "
        "other? Four letters in one word.",
    ),
}
