"""A table of small trainings that grows as a learner turns knobs, with the luck of the seeds."""

from dataclasses import dataclass

import numpy as np

from helpers.classroom.plots import show_sheet
from helpers.judging import judge
from helpers.training.recipes import QUICK_WIDTH
from helpers.training.run import Run

NUMBERS = ("face rate", "coverage", "distance")  # of `judge`
GOOD_MARKS = ("▲", "▲", "▼")  # more, more and less is better
LUCK = "as it is"  # what is called so shows what luck does
GUESSES = ("better", "worse", "luck")
LEAST_MARGIN = 0.02  # where the lines "as it is" are all the same
LATENTS_SEED = 77
SHOWN = 10


@dataclass(frozen=True)
class Row:
    """One training: what was turned, the seed, its seconds, and its numbers as in `NUMBERS`."""

    name: str
    seed: int
    seconds: float
    numbers: tuple


class Tuning:
    """Trains and judges recipes in the same way, and keeps a row for each.

    `training`, `held_out`: float32 (n, 50, 50, 3) in [0, 1]; as many fakes are judged as are held
    out. `steps` and `width`: of each training. `rows`: what was trained so far.
    """

    def __init__(self, training, held_out, steps, width=QUICK_WIDTH):
        self.training, self.held_out = training, held_out
        self.steps, self.width = steps, width
        self.rows = []
        self.guesses = {}

    def turn(self, name, recipe, seed=0, width=None, guess=...):
        """Train the recipe; show ten of its pictures and the table so far. Returns the Row.

        `guess`: what is expected of it, one of `GUESSES`; it is compared with what `verdict` says.
        Raises: ValueError for another guess, before anything is trained.
        """
        if guess is not ... and guess not in GUESSES:
            raise ValueError(f"{guess!r} is no guess: it can be {', '.join(map(repr, GUESSES))}.")
        row, pictures = self.train(name, recipe, seed, width)
        self.rows.append(row)
        show_sheet(
            pictures[:SHOWN],
            f"{name}, after {self.steps} steps",
            f"Ten pictures that the net draws after {self.steps} steps: {name}.",
        )
        print(self.table())
        if guess is not ...:
            self.guesses[name] = guess
            print(f"You expected {guess!r}. The marks say {self.verdict(row)!r}.")
        return row

    def verdict(self, row):
        """What the marks of a row say: "better", "worse", or "luck" for none, or for both."""
        pairs = zip(self.marks(row), GOOD_MARKS, strict=True)
        found = {"better" if mark == good else "worse" for mark, good in pairs if mark != " "}
        return found.pop() if len(found) == 1 else "luck"

    def marks(self, row):
        """For each of a row's numbers "▲" far above the luck of the first rows, "▼" far below, " ".

        Far: by more than the first rows lie apart. Just outside of three is luck in half of all
        cases.
        """
        limits = self.luck().values()
        return [_mark(value, *limit) for value, limit in zip(row.numbers, limits, strict=True)]

    def count_guesses(self):
        """How many guesses the marks bear out, as a sentence."""
        told = [name for name, guess in self.guesses.items() if self._of(name) == guess]
        if not self.guesses:
            return "No guess was written down."
        return f"{len(told)} of {len(self.guesses)} guesses are what the marks say."

    def _of(self, name):
        """The verdict on the newest row of that name."""
        return self.verdict([row for row in self.rows if row.name == name][-1])

    def train(self, name, recipe, seed=0, width=None):
        """The Row of a training, and its pictures; nothing is kept or shown."""
        run = Run(recipe, self.training, width=width or self.width, seed=seed)
        run.train(steps=self.steps)
        pictures = run.sample(len(self.held_out), LATENTS_SEED)
        scores = judge(pictures, self.training, self.held_out).as_dict()
        numbers = tuple(scores[number] for number in NUMBERS)
        return Row(name, seed, run.seconds, numbers), pictures

    def luck(self):
        """By number, the smallest and the largest value among the rows of the first row's name.

        They differ in the seed alone: what lies between may be luck.
        """
        same = [row.numbers for row in self.rows if row.name == self.rows[0].name]
        return dict(zip(NUMBERS, zip(np.min(same, 0), np.max(same, 0), strict=True), strict=True))

    def table(self):
        """All rows as text; ▲ and ▼ stand behind numbers far outside the luck of the first rows."""
        heads = "".join(f"{number:>12}" for number in NUMBERS)
        lines = [f"{'':34}{'seed':>5}{'seconds':>9}{heads}"]
        for row in self.rows:
            pairs = zip(row.numbers, self.marks(row), strict=True)
            cells = "".join(f"{value:>10.3f} {mark}" for value, mark in pairs)
            lines.append(f"{row.name:34}{row.seed:>5}{row.seconds:>9.1f}{cells}")
        return "\n".join(lines)


def _mark(value, low, high):
    margin = max(high - low, LEAST_MARGIN)
    return "▲" if value > high + margin else "▼" if value < low - margin else " "


def grid_table(answers):
    """A recorded grid as text: the numbers of each place and seed, each group with a mark.

    `answers`: by place, a row of `NUMBERS` for each seed. "+" where all of a place's numbers lie
    above all of those "as it is", "−" where below, "·" for anything else.
    """
    lines = [f"{'':42}{''.join(f'{number:>18}' for number in NUMBERS)}"]
    for name, rows in answers.items():
        cells = ""
        for column in range(len(NUMBERS)):
            these, those = ([row[column] for row in group] for group in (rows, answers[LUCK]))
            told = " ".join(f"{value:.2f}" for value in these)
            cells += f"{told:>16} {_mark_of_group(these, those)}"
        lines.append(f"{name:42}{cells}")
    return "\n".join(lines)


def _mark_of_group(these, those):
    if min(these) > max(those):
        return "+"
    return "−" if max(these) < min(those) else "·"
