"""The health panel: how a training goes, in pictures, numbers, and one plain sentence.

`HealthPanel` is a Keras callback for `Run.train(…, more_callbacks=[…])`. What its sentence says is
decided by `sentence`, from numbers alone.
"""

import html
import math
import time
from dataclasses import dataclass

import matplotlib
import numpy as np

from helpers.classroom.html_pictures import as_html
from helpers.classroom.lesson import FIGURE_STYLE
from helpers.classroom.plots import FAKE_COLOUR, PHOTOGRAPH_COLOUR, show
from helpers.images import as_png, contact_sheet, to_net_range
from helpers.judging import face_rate, spread
from helpers.machine import import_keras

keras = import_keras()

SHOWN_PICTURES = 24  # on the panel, in three rows, always from the same latents
SHOWN_SEED = 0
JUDGED_PICTURES = 60  # shown to the discriminator, of each kind
PANEL_WIDTH = 560  # pixels on the screen


@dataclass(frozen=True)
class Reading:
    """A training at one moment.

    Both losses are means of the steps since the reading before. `photographs_right`,
    `held_out_right` and `fakes_right` are the shares of 60 pictures that the discriminator judges
    rightly; the held-out photographs were never shown to it in training, and the share is None
    where there are none. `relative_spread` is the fakes' spread as a share of the photographs': 0
    where all are the same, about 1 where they differ as photographs do. `face_rate` is of 24.
    """

    step: int
    seconds: float
    discriminator_loss: float
    generator_loss: float
    photographs_right: float
    held_out_right: float | None
    fakes_right: float
    relative_spread: float
    face_rate: float


def sentence(readings):
    """How it goes, from the readings so far, oldest first: one sentence or two, for people."""
    now = readings[-1]
    largest = max(abs(now.discriminator_loss), abs(now.generator_loss))
    if not math.isfinite(largest) or largest > 50 or now.discriminator_loss < -0.5:
        return (
            f"The losses run away ({now.discriminator_loss:.3g} and {now.generator_loss:.3g}): "
            "this training won't recover. Begin again with smaller learning rates, and labels that "
            "stay between 0 and 1."
        )
    if now.relative_spread < 0.25:
        if max(reading.relative_spread for reading in readings) > 0.6:
            return (
                "The generator has collapsed: every latent gives nearly the same picture. Begin "
                "again, with less momentum (beta_1) or smaller learning rates."
            )
        return "Every latent still gives nearly the same picture: normal in the first seconds."
    if now.held_out_right is not None and now.photographs_right - now.held_out_right > 0.35:
        return (
            "The discriminator knows its photographs by heart: it is right on "
            f"{now.photographs_right:.0%} of them, but on {now.held_out_right:.0%} of those held "
            "out. More photographs help, or changed ones (augmented_share in the recipe)."
        )
    beaten = min(now.photographs_right, now.fakes_right) > 0.95 and now.generator_loss > 4
    if beaten and now.face_rate < 0.5:
        return (
            "The discriminator wins too easily: it is nearly always right, and the generator "
            f"(loss {now.generator_loss:.1f}) learns little. If this lasts, give the discriminator "
            "a smaller learning rate."
        )
    if now.face_rate < 0.5:
        return f"The two nets keep each other busy; faces in {now.face_rate:.0%} so far."
    return (
        f"It goes well: faces in {now.face_rate:.0%} of the pictures, which differ "
        f"{now.relative_spread:.0%} as much as photographs do."
    )


def read(run, held_out=None, shown=None):
    """The Reading of a `Run` as it is now. Changes nothing in the run, no random state either.

    `held_out`: photographs, float32 (n, 50, 50, 3) in [0, 1], that the run does not train on.
    `shown`: what `draw_shown` gives, if it is at hand.
    """
    run.read_losses()
    fakes = run.sample(JUDGED_PICTURES, SHOWN_SEED, averaged=False)  # what the discriminator meets
    shown = draw_shown(run) if shown is None else shown
    some = np.random.default_rng(0).permutation(len(run.images))[:JUDGED_PICTURES]
    return Reading(
        step=run.steps_done,
        seconds=run.seconds,
        discriminator_loss=float(np.mean(run.history["discriminator_loss"][-50:])),
        generator_loss=float(np.mean(run.history["generator_loss"][-50:])),
        photographs_right=_right(run, run.images[some], fake=False),
        held_out_right=None if held_out is None else _right(run, held_out, fake=False),
        fakes_right=_right(run, fakes, fake=True),
        relative_spread=spread(shown) / spread(run.images[some]) if len(some) > 1 else math.nan,
        face_rate=face_rate(shown),
    )


def draw_shown(run):
    """The panel's pictures, always from the same latents: float32 (24, 50, 50, 3) in [0, 1]."""
    return run.sample(SHOWN_PICTURES, SHOWN_SEED)


def _right(run, pictures, fake):
    """The share of pictures that the discriminator judges rightly."""
    recipe = run.recipe
    pictures = pictures[:JUDGED_PICTURES]
    shown = to_net_range(pictures) if recipe.same_range else pictures
    scores = [
        run.discriminator(shown[first : first + recipe.batch_size], training=False)
        for first in range(0, len(shown), recipe.batch_size)
    ]
    says_fake = np.concatenate(scores) > (0.0 if run.gan.gives_logits else 0.5)
    return float(np.mean(says_fake == fake))


class HealthPanel(keras.callbacks.Callback):
    """Shows how a `Run` goes, every so many seconds; keeps every Reading in `readings`.

    In a notebook the panel renews itself in place; elsewhere each reading is a line of text. A
    reading takes about half a second, and counts as training time.
    """

    def __init__(self, run, held_out=None, every_seconds=10):
        super().__init__()
        self.run = run
        self.held_out = held_out
        self.every_seconds = every_seconds
        self.readings = []
        self._read_at = None
        self._shown = None

    def on_train_batch_end(self, batch, logs=None):
        if self._read_at is None:  # the first step prepares the nets
            self._read_at = time.monotonic()
        elif time.monotonic() - self._read_at >= self.every_seconds:
            self._take_reading()
            self._read_at = time.monotonic()

    def on_train_end(self, logs=None):
        if not self.run.diverged:
            self._take_reading()

    def _take_reading(self):
        shown = draw_shown(self.run)
        self.readings.append(read(self.run, self.held_out, shown))
        if _in_a_notebook():
            self._show(shown)
        else:
            now = self.readings[-1]
            print(f"{now.seconds:.0f} s, step {now.step}: {sentence(self.readings)}")

    def _show(self, pictures):
        from IPython.display import HTML, display

        panel = HTML(panel_html(self.readings, pictures))
        if self._shown is None:
            self._shown = display(panel, display_id=True)
        else:
            self._shown.update(panel)


def _in_a_notebook():
    from IPython import get_ipython

    return hasattr(get_ipython(), "kernel")


def panel_html(readings, pictures):
    """The panel as HTML: sentence, pictures (n, height, width, 3) in [0, 1], and the numbers."""
    now = readings[-1]
    alt = f"{len(pictures)} pictures that the generator draws now, always from the same latents."
    sheet = as_html(as_png(contact_sheet(pictures, columns=8)), alt, PANEL_WIDTH)
    rows = [
        ("seconds, steps", f"{now.seconds:.0f}, {now.step}"),
        ("loss of the discriminator", f"{now.discriminator_loss:.2f}"),
        ("loss of the generator", f"{now.generator_loss:.2f}"),
        ("discriminator right on photographs", f"{now.photographs_right:.0%}"),
        ("right on photographs held out", _percent(now.held_out_right)),
        ("right on fakes", f"{now.fakes_right:.0%}"),
        ("spread of the fakes, of the photographs'", f"{now.relative_spread:.0%}"),
        ("face rate", f"{now.face_rate:.0%}"),
    ]
    told = html.escape(sentence(readings))
    cells = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in rows)
    return (
        f"<p><b>{told}</b></p><div style='display: flex; gap: 1em; align-items: start'>"
        f"{sheet}<table>{cells}</table></div>"
    )


@matplotlib.rc_context(FIGURE_STYLE)
def show_readings(readings, title, alt):
    """The shares of all readings over the seconds of the training, as lines."""
    import matplotlib.pyplot as plt

    seconds = [reading.seconds for reading in readings]
    lines = {
        "face rate": ("face_rate", "black"),
        "right on fakes": ("fakes_right", FAKE_COLOUR),
        "right on photographs": ("photographs_right", PHOTOGRAPH_COLOUR),
        "right on those held out": ("held_out_right", "gray"),
    }
    figure, axis = plt.subplots(figsize=(7.5, 2.8))
    for name, (field, colour) in lines.items():
        shares = [getattr(reading, field) for reading in readings]
        if None not in shares:
            axis.plot(seconds, shares, color=colour, label=name)
    axis.set(xlabel="seconds of training", ylabel="share", ylim=(0, 1.05))
    axis.set_title(title, loc="left")
    axis.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, alt)


def _percent(share):
    return "–" if share is None else f"{share:.0%}"
