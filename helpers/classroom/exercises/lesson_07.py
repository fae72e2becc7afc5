"""The answers, reasons and hints of lesson 07's exercises. Learner: try first."""

import dataclasses

import numpy as np

from helpers.classroom.exercises.kinds import Function, Trial, Value
from helpers.training.recipes import QUICK, Recipe

RATES = ("generator_learning_rate", "discriminator_learning_rate")


def _mistake_in_a_recipe(recipe):
    if not isinstance(recipe, Recipe):
        return "That is no recipe. replace(QUICK, …) gives one: put the numbers to change in it."
    fivefold = [np.isclose(getattr(recipe, name), 5 * getattr(QUICK, name)) for name in RATES]
    same = [getattr(recipe, name) == getattr(QUICK, name) for name in RATES]
    if all(same):
        return "Both rates are still those of QUICK."
    if not all(fivefold):
        name = RATES[fivefold.index(False)]
        value = getattr(recipe, name)
        return f"{name} is {value:g} in yours, and {getattr(QUICK, name):g} in QUICK: five times?"
    changed = [
        field.name
        for field in dataclasses.fields(Recipe)
        if field.name not in (*RATES, "name")
        and getattr(recipe, field.name) != getattr(QUICK, field.name)
    ]
    if changed:
        return f"Only the rates should change, but {changed[0]} has changed, too."
    return None


def _with(**changes):
    return lambda: dataclasses.replace(QUICK, **changes)


def _mark(value, others):
    above = sum(other < value for other in others)
    below = sum(other > value for other in others)
    return "▲" if above == len(others) else "▼" if below == len(others) else " "


_OTHERS = (
    (0.5, [0.1, 0.4, 0.3]),
    (0.35, [0.1, 0.4, 0.3]),
    (0.05, [0.1, 0.4, 0.3]),
    (0.4, [0.4, 0.1]),
    (0.1, [0.4, 0.1]),
)


def _moves(before, after, steps):
    difference = np.asarray(after) - np.asarray(before)
    return float(np.sqrt((difference**2).sum() / (np.asarray(before) ** 2).sum())) / steps


_WEIGHTS = (
    (np.array([3.0, 4.0]), np.array([3.0, 9.0]), 10),
    (np.array([1.0, 2.0, 2.0]), np.array([1.0, 2.0, 2.0]), 5),
    (np.array([1.0, -2.0, 2.0]), np.array([-1.0, 2.0, -2.0]), 1),
)
_LABELS = (
    (np.array([[0.0, 1.0], [0.05, 0.95], [0.1, 0.9]]),),
    (np.array([[0.0, 0.9]]),),
)

EXERCISES = {
    "07.1": Trial(
        find_mistake=_mistake_in_a_recipe,
        reason="One recipe, two numbers changed, and QUICK itself is still what it was.",
        wrong=(
            (lambda: QUICK, "still those of QUICK"),
            (_with(discriminator_learning_rate=0.005), "generator_learning_rate is 0.001"),
            (
                _with(generator_learning_rate=0.05, discriminator_learning_rate=0.05),
                "generator_learning_rate is 0.05",
            ),
            (
                _with(
                    generator_learning_rate=0.005,
                    discriminator_learning_rate=0.005,
                    batch_size=64,
                ),
                "batch_size has changed",
            ),
            (lambda: 0.005, "no recipe"),
        ),
    ),
    "07.2": Function(
        right=_mark,
        cases=_OTHERS,
        reason="Outside means above all of them or below all of them.",
        hints=(
            (
                lambda value, others: "▲" if value > np.mean(others) else "▼",
                "The mean is not asked for: outside means beyond the largest or the smallest.",
            ),
            (
                lambda value, others: (
                    "▲" if value >= max(others) else "▼" if value <= min(others) else " "
                ),
                "A number as large as the largest is still among them.",
            ),
            (
                lambda value, others: (
                    "▼" if value > max(others) else "▲" if value < min(others) else " "
                ),
                "The other way round: ▲ is for a number above all others.",
            ),
            (
                lambda value, others: "▲" if value > max(others) else " ",
                "And a number below all others?",
            ),
        ),
        hint="Compare with max(others), then with min(others); what is left lies between.",
    ),
    "07.3": Value(
        right=1 / 2,
        reason="It is the largest of four in one case of four, the smallest in another.",
        hints=(
            (1 / 4, "That is the probability of ▲ alone. There is ▼, too."),
            (1 / 20, "That belongs to three against three. Here one number stands against three."),
            (2 / 3, "How many numbers are there in all, the knob's own among them?"),
            (1 / 3, "How many numbers are there in all, the knob's own among them?"),
            (0, "It does nothing, but its seed does: each training has its own luck."),
        ),
        hint="Four numbers in a row, by size. At which places of the four does the knob get a mark?",
    ),
    "07.4": Function(
        right=_moves,
        cases=_WEIGHTS,
        reason="A share of the net's size, for one step: so small and large nets can be compared.",
        hints=(
            (
                lambda before, after, steps: float(np.linalg.norm(after - before)) / steps,
                "As a share of the length before: what do you divide by?",
            ),
            (
                lambda before, after, steps: float(
                    np.linalg.norm(after - before) / np.linalg.norm(before)
                ),
                "That is for all steps together. How far is it for one?",
            ),
            (
                lambda before, after, steps: float(
                    np.linalg.norm(after) / np.linalg.norm(before) / steps
                ),
                "Take the difference first: a net that stands still has moved by 0.",
            ),
            (
                lambda before, after, steps: (
                    float(np.linalg.norm(after) - np.linalg.norm(before))
                    / float(np.linalg.norm(before))
                    / steps
                ),
                "First the difference of the arrays, then its length. A net can turn and keep its length.",
            ),
        ),
        hint="Length of the difference, divided by the length before, divided by the steps.",
    ),
    "07.5": Value(
        right="b",
        reason="Learning gets slower, but exactly 0 comes from outside.",
        hints=(
            ("a", "Then its steps would get small. Exactly 0 is another thing."),
            ("c", "A net that loses has large gradients: it moves far."),
            ("d", "From wrong labels it learns wrong things. But it learns, so it moves."),
        ),
        hint='Answer with one letter in quotation marks: "a", "b", "c" or "d".',
    ),
    "07.6": Function(
        right=lambda labels: np.stack([labels[:, 1], labels[:, 0]], axis=1),
        cases=_LABELS,
        reason="Now the first column is the fakes' again. Swapping twice is as good as not at all.",
        hints=(
            (
                lambda labels: labels[::-1],
                "That turns the order of the rows. The two columns should change places.",
            ),
            (
                lambda labels: 1 - labels,
                "The noise would point the same way, but each label would have its pair's noise.",
            ),
            (lambda labels: labels, "These are still swapped."),
            (
                lambda labels: labels[::-1, ::-1],
                "Rows and columns are turned. Only the columns should be.",
            ),
        ),
        hint="The columns are the second axis: labels[:, …].",
    ),
    "07.7": Value(
        right="BDAC",
        reason="Each of them shows in one line, whatever the pictures look like.",
        hints=(
            ("BDCA", "The last two: which of them has to do with the range of the photographs?"),
            ("DBAC", "The first two: which illness has to do with latents?"),
            ("CDAB", "Known by heart: whom does the discriminator know better than others?"),
        ),
        hint="Begin with the one that you are sure of. Each letter is used once.",
    ),
}
