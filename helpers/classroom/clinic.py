"""The clinic of lesson 07: broken trainings without a name, to be diagnosed and mended."""

import html
import inspect

import numpy as np
from IPython.display import display

from helpers.classroom.diagnosis import diagnose
from helpers.classroom.html_pictures import as_figure, as_html, as_jpeg
from helpers.classroom.plots import loss_panels
from helpers.classroom.readings import draw_shown, train_and_read
from helpers.classroom.sheets import labelled_sheet
from helpers.training.faults import FAULTS, BrokenRun

READINGS = 2  # of a training, so that the last one knows how far the weights move
COLUMNS = 12
SIDE = 50  # pixels of a picture on a card
FIRST_SEED = 1000  # no training of a card has a seed on which the panel's limits were chosen
WORDS = {  # what a card calls the readings, and how it writes them
    "discriminator_loss": ("loss of the discriminator", "{:.3g}"),
    "generator_loss": ("loss of the generator", "{:.3g}"),
    "photographs_right": ("discriminator right on its photographs", "{:.0%}"),
    "held_out_right": ("right on photographs held out", "{:.0%}"),
    "fakes_right": ("right on fakes", "{:.0%}"),
    "known_by": ("surer of its own photographs by (spreads)", "{:.2f}"),
    "face_rate": ("face rate", "{:.0%}"),
    "relative_spread": ("spread of the fakes, of the photographs'", "{:.0%}"),
    "smallest_label": ("smallest label", "{:.2f}"),
    "largest_label": ("largest label", "{:.2f}"),
    "darkest": ("smallest number in the photographs", "{:.2f}"),
    "from_the_album": ("photographs that are in the album as they are", "{:.0%}"),
    "new_latents": ("latents that are new in the next step", "{:.0%}"),
    "discriminator_moves": ("the discriminator moves, a step", "{:.5f}"),
    "generator_moves": ("the generator moves, a step", "{:.5f}"),
    "modes_apart": ("fakes in training and in use differ by", "{:.3f}"),
}
SIGNS = {  # by fault: the reading that would give it away, and how it would look
    "frozen discriminator": ("discriminator_moves", "be exactly 0"),
    "two ranges": ("darkest", "lie near 0, not near -1"),
    "labels above 1": ("largest_label", "be above 1"),
    "swapped labels": ("fakes_right", "be near 0%, with a small loss of the discriminator"),
    "discriminator too strong": ("generator_moves", "be far smaller than the discriminator's"),
    "discriminator too weak": ("discriminator_moves", "be far smaller than the generator's"),
    "too much momentum": ("face_rate", "be near 0%, with both nets moving far"),
    "augmented photographs only": ("from_the_album", "be near 0%"),
    "normalisation without statistics": ("modes_apart", "be large, with good losses"),
    "the same latents": ("new_latents", "be 0%"),
    "rates too large": ("generator_loss", "be in the thousands, or no number"),
    "too few photographs": ("known_by", "be far above 0"),
}


class Clinic:
    """Six of the twelve faults, drawn by lot, each in a training of its own.

    `training`, `held_out`: float32 (n, 50, 50, 3) in [0, 1]. `steps`: of each training. `lot`: a
    whole number; the same lot gives the same cases. By default another one each time.
    Cases are counted from 1.
    """

    def __init__(self, training, held_out, steps, lot=None, cases=6):
        self.training, self.held_out, self.steps = training, held_out, steps
        self.lot = int(np.random.default_rng().integers(1000)) if lot is None else lot
        self._names = np.random.default_rng(self.lot).permutation(list(FAULTS))[:cases]
        self._healthy = None
        self._opened, self._tries, self._solved = {}, {}, set()
        print(f"{cases} cases, lot {self.lot}.")

    def healthy(self):
        """Train without any fault, and show the card: what a case is compared with."""
        trained = self._train([], FIRST_SEED)
        self._show("A healthy training", trained)
        self._healthy = trained

    def example(self, name):
        """Train with one fault that is named, and show the card."""
        self._show(name, self._train([name], FIRST_SEED))

    def examine(self, case):
        """Train the case, and show its card, without a name."""
        self._check(case)
        self._opened[case] = self._train([self._names[case - 1]], FIRST_SEED + case)
        self._show(f"Case {case}", self._opened[case])

    def diagnose(self, case, answer):
        """Say whether this is what the case suffers from; a wrong answer gets a hint."""
        self._check(case)
        name = self._names[case - 1]
        if answer is ...:
            print("No diagnosis yet: put one of the twelve names in place of the three dots.")
        elif answer not in FAULTS:
            print(f"{answer!r} is none of the twelve: {', '.join(FAULTS)}.")
        elif answer == name:
            self._solved.add(case)
            print(f"Right: {name}. {FAULTS[name].cause}\nThe cure: {FAULTS[name].cure}\n")
            print(f"This is the switch:\n\n{switch_of(name)}")
        else:
            self._tries[case] = self._tries.get(case, 0) + 1
            print(self._hint(case, answer))

    def mend(self, case, without):
        """Train the case again without one switch, and show what has become of it."""
        self._check(case)
        if without is ...:
            print("Diagnose first; then take the switch out that you found.")
            return
        if without not in FAULTS:
            raise ValueError(f"{without!r} is none of the twelve: {', '.join(FAULTS)}.")
        left = [name for name in self._names[case - 1 : case] if name != without]
        run, readings = self._train(left, FIRST_SEED + case)
        if left:
            print("That was not the switch of this case: nothing is changed in the training.")
        self._show(f"Case {case}, without: {without}", (run, readings))
        print(f"The health panel says: {diagnose(readings, run.diverged).sentence}")

    def _check(self, case):
        if case not in range(1, len(self._names) + 1):
            raise ValueError(f"There is no case {case!r}: they go from 1 to {len(self._names)}.")

    def _train(self, faults, seed):
        """A training with these faults: the run, and its Readings."""
        run = BrokenRun(faults, self.training, seed=seed)
        return run, train_and_read(run, self.held_out, self.steps, READINGS)

    def _hint(self, case, answer):
        field, sign = SIGNS[answer]
        words, form = WORDS[field]
        _, readings = self._opened.get(case, (None, []))
        here = f"; here it says {form.format(getattr(readings[-1], field))}" if readings else ""
        told = f"Not yet. With {answer!r}, the line {words!r} would {sign}{here}."
        if self._tries[case] < 3:
            return told
        return f"{told}\nGive up? clinic.name_of({case}) tells the name."

    def name_of(self, case):
        """What the case suffers from: for whoever gives up."""
        self._check(case)
        return str(self._names[case - 1])

    def _show(self, title, trained):
        run, readings = trained
        healthy = self._healthy[1][-1] if self._healthy else None
        page = card(title, run, readings, healthy)
        display({"text/html": page, "text/plain": card_text(title, run, readings)}, raw=True)


def card(title, run, readings, healthy=None):
    """A case card as HTML: two rows of pictures, both losses, and the readings of the end.

    `healthy`: a Reading to compare with, in a column of its own.
    """
    pictures = np.concatenate(
        [draw_shown(run)[:COLUMNS], run.sample(COLUMNS, seed=0, averaged=False)]
    )
    rows = labelled_sheet(pictures, COLUMNS, SIDE, ("averaged", "last step"))
    parts = [
        as_html(
            as_jpeg(rows), "Two rows: pictures by the averaged generator, and by the last step."
        ),
        as_html(loss_panels(run.history), f"Both losses over {run.steps_done} steps."),
        f"<p>{html.escape(run.stopped)}</p>" if run.diverged else "",
        _table(readings[-1], healthy) if readings else "<p>There is no reading: it broke down.</p>",
    ]
    return as_figure("".join(parts), f"<b>{html.escape(title)}</b>, after {run.steps_done} steps")


def card_text(title, run, readings):
    """A case card without its pictures, a line a reading, for places that show no HTML."""
    lines = [f"{title}, after {run.steps_done} steps"]
    if run.diverged:
        lines.append(run.stopped)
    for field, (words, form) in WORDS.items() if readings else ():
        lines.append(f"{words}: {form.format(getattr(readings[-1], field))}")
    return "\n".join(lines)


def _table(reading, healthy):
    lines = []
    for field, (words, form) in WORDS.items():
        cells = [words, form.format(getattr(reading, field))]
        if healthy is not None:
            cells.append(form.format(getattr(healthy, field)))
        lines.append("".join(f"<td>{html.escape(cell)}</td>" for cell in cells))
    head = "<th>reading</th><th>here</th>" + ("<th>healthy</th>" if healthy is not None else "")
    rows = "".join(f"<tr>{cells}</tr>" for cells in (head, *lines))
    return f"<table>{rows}</table>"


def switch_of(name):
    """The code of a fault's switch, as text. Raises: KeyError for a name that is no fault's."""
    return inspect.getsource(FAULTS[name].switch)
