"""One mistake of the chapter's loop at a time, recorded: `python -m benchmarks.mistakes` trains.

Kept are losses, scores and what the averaged generators drew; no photograph. Importing this module
imports no TensorFlow.
"""

import json
from dataclasses import dataclass

import matplotlib
import matplotlib.pyplot as plt
import numpy as np

from helpers.classroom.html_pictures import as_figure, as_html, as_jpeg
from helpers.classroom.lesson import FIGURE_STYLE
from helpers.classroom.plots import (
    FAKE_COLOUR,
    PHOTOGRAPH_COLOUR,
    loss_panels,
    show,
    show_sheet,
)
from helpers.classroom.recorded_runs import LOSSES, rows_of
from helpers.classroom.sheets import labelled_sheet
from helpers.classroom.widgets import Interactive
from helpers.files import DATA_FOLDER, write_whole
from helpers.images import contact_sheet

FOLDER = DATA_FOLDER / "recorded_mistakes"
NAME = "mistakes"
ALBUM_WORDS = {"drawn": "one drawn person", "lfw": "photographs"}


def keep_mistakes(albums, sheets, folder=FOLDER):
    """Write `mistakes.json` and `mistakes.webp`: a row of pictures for each run and moment.

    `albums`: by name a dict of what is kept, with its "runs". `sheets`: by album a list, in the
    order of its runs, of (moments, n, 50, 50, 3) in [0, 1].
    """
    record = {
        name: kept | {"runs": [run | _short_losses(run) for run in kept["runs"]]}
        for name, kept in albums.items()
    }
    rows = [row for runs in sheets.values() for run in runs for row in run]
    sheet = contact_sheet(np.concatenate(rows), columns=len(rows[0]))
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{NAME}.webp", _as_webp(sheet))
    write_whole(folder / f"{NAME}.json", json.dumps(record) + "\n")


@dataclass(frozen=True)
class Judgement:
    """How one run stands at one moment, by pictures of its averaged generator."""

    mistake: str
    seed: int
    step: int
    face_rate: float
    face_rate_of_the_last_step: float
    distance: float
    pictures: np.ndarray  # float32 (n, 50, 50, 3) in [0, 1]
    losses: dict  # "discriminator_loss", "generator_loss": one a step, of the whole run


class RecordedMistakes:
    """What was kept of one album's runs.

    `album`: "drawn" or "lfw"; `faces`: the same in words. `judgements`: a `Judgement` for each run
    and moment; `steps`: the moments; `mistakes`: the names of the recipes, from as printed to
    tuned; `real`: the face rate and the distance of as many real pictures; `judged`: how many;
    `where`: machine, versions, date.
    Raises: ValueError for another album; FileNotFoundError where nothing was kept.
    """

    def __init__(self, album, folder=FOLDER):
        if album not in ALBUM_WORDS:
            raise ValueError(f"An album is one of {', '.join(ALBUM_WORDS)}, not {album!r}.")
        path = folder / f"{NAME}.json"
        if not path.exists():
            raise FileNotFoundError(f"No mistakes were kept as {path}.")
        record = json.loads(path.read_text(encoding="utf-8"))
        if album not in record:
            raise FileNotFoundError(f"{path} holds no runs on {ALBUM_WORDS[album]}.")
        rows = iter(rows_of(path.with_suffix(".webp")))
        everything = {
            name: [_judgement(run, moment, next(rows)) for run, moment in _moments(kept["runs"])]
            for name, kept in record.items()
        }
        kept = record[album]
        self.faces = ALBUM_WORDS[album]
        self.real = kept["real"]
        self.judged = kept["judged"]
        self.where = kept["where"]
        self.judgements = everything[album]
        self.mistakes = list(dict.fromkeys(each.mistake for each in self.judgements))
        self.steps = sorted({each.step for each in self.judgements})

    def of(self, mistake, step):
        """The judgements of that mistake at that step, one a seed."""
        return [each for each in self.judgements if (each.mistake, each.step) == (mistake, step)]

    def _at(self, step):
        """The mistakes that were judged at that step."""
        return [mistake for mistake in self.mistakes if self.of(mistake, step)]

    def table(self, step):
        """Face rates and distances at a step, a line for each mistake, as text."""
        lines = [f"{'':32}{'face rate':>20}{'distance':>20}"]
        for mistake in self._at(step):
            runs = self.of(mistake, step)
            rates = " ".join(f"{run.face_rate:.2f}" for run in runs)
            distances = " ".join(_two_digits(run.distance) for run in runs)
            lines.append(f"{mistake:32}{rates:>20}{distances:>20}")
        rate, distance = self.real["face_rate"], self.real["distance"]
        real = f"{'real pictures':32}{rate:>20.2f}{_two_digits(distance):>20}"
        return "\n".join([*lines, real])

    @matplotlib.rc_context(FIGURE_STYLE)
    def show_scores(self, step, title, mine=None):
        """Face rate and distance of each mistake, a dot a seed; crosses are the learner's own.

        `mine`: by mistake (face rate, distance) of trainings of hers; other names are passed over.
        """
        figure, axes = plt.subplots(1, 2, figsize=(8.6, 3.4), sharey=True, layout="constrained")
        for column, (axis, number) in enumerate(zip(axes, ("face_rate", "distance"), strict=True)):
            axis.axvline(self.real[number], color=PHOTOGRAPH_COLOUR, linewidth=1)
            for place, mistake in enumerate(self._at(step)):
                values = [getattr(run, number) for run in self.of(mistake, step)]
                axis.plot(values, [place] * len(values), "o", color=FAKE_COLOUR, alpha=0.7)
                if mistake in (mine or {}):
                    axis.plot(mine[mistake][column], place, "x", color="black", markersize=9)
            axis.set_xlabel(number.replace("_", " "))
        axes[0].set_yticks(range(len(self._at(step))), self._at(step))
        axes[0].invert_yaxis()
        figure.suptitle(title, x=0.01, ha="left")
        show(figure, f"{title}. The same numbers stand in this table:\n{self.table(step)}")

    def show_pictures(self, step, title):
        """A row of pictures for each mistake, of the first seed."""
        names = self._at(step)
        pictures = np.concatenate([self.of(mistake, step)[0].pictures for mistake in names])
        show_sheet(
            pictures,
            title,
            f"A row of pictures for each of: {', '.join(names)}.",
            columns=len(pictures) // len(names),
            row_labels=names,
        )

    def menu(self):
        """Choose a mistake and a seed, and see pictures, losses and scores: an `Interactive`.

        Its still form is the first mistake's page of the first seed.
        """
        import ipywidgets

        step = self.steps[0]
        seeds = [run.seed for run in self.of(self.mistakes[0], step)]
        mistake = ipywidgets.Dropdown(options=self.mistakes, description="recipe")
        seed = ipywidgets.Dropdown(options=seeds, description="seed")
        page = ipywidgets.HTML()

        def turn(change=None):
            page.value = self.page(mistake.value, seed.value, step)

        for choice in (mistake, seed):
            choice.observe(turn, "value")
        turn()
        still = as_figure(page.value, "Run this cell to choose a recipe and a seed.", below=True)
        return Interactive(
            ipywidgets.VBox([ipywidgets.HBox([mistake, seed]), page]),
            still,
        )

    def page(self, mistake, seed, step):
        """One run at one moment as HTML: its scores, its pictures, its losses."""
        [run] = [each for each in self.of(mistake, step) if each.seed == seed]
        told = (
            f"{mistake}, seed {seed}, step {step}: face rate {run.face_rate:.2f}, "
            f"distance {run.distance:.2f}"
        )
        pictures = as_jpeg(labelled_sheet(run.pictures, len(run.pictures)))
        losses = {name: values[:step] for name, values in run.losses.items()}
        extremes = (
            f"the discriminator's lowest is {min(losses['discriminator_loss']):.2f}, the "
            f"generator's highest {max(losses['generator_loss']):.1f}"
        )
        return (
            f"<p>{told}</p>"
            + as_html(pictures, f"Pictures by the averaged generator: {told}.")
            + as_html(loss_panels(losses), f"Both losses: {extremes}.")
        )


def _short_losses(run):
    """Both losses with three digits: more can't be seen, and the file would be twice as long."""
    return {loss: [float(f"{value:.3g}") for value in run[loss]] for loss in LOSSES}


def _as_webp(picture):
    """The bytes of a WebP of a picture, (height, width, 3) in [0, 1]: a seventh of a PNG's."""
    import imageio.v3 as iio

    pixels = np.uint8(np.round(picture * 255))
    return iio.imwrite("<bytes>", pixels, extension=".webp", quality=88)


def _two_digits(number):
    """A kernel distance may be a little below 0 by luck; no "-0.00"."""
    return f"{round(number, 2) + 0.0:.2f}"


def _moments(runs):
    return [(run, moment) for run in runs for moment in run["judgements"]]


def _judgement(run, moment, pictures):
    losses = {name: run[name] for name in LOSSES}
    return Judgement(run["mistake"], run["seed"], pictures=pictures, losses=losses, **moment)
