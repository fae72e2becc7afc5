"""The health panel: how a training goes, in pictures, numbers, and one plain sentence.

`HealthPanel` is a Keras callback for `Run.train(…, more_callbacks=[…])`. Its numbers come from
`readings.py`, its sentence from `diagnosis.py`.
"""

import html
import time

import matplotlib

from helpers.classroom.diagnosis import diagnose
from helpers.classroom.html_pictures import as_html, as_shown
from helpers.classroom.lesson import FIGURE_STYLE, in_notebook
from helpers.classroom.plots import FAKE_COLOUR, PHOTOGRAPH_COLOUR, show
from helpers.classroom.readings import Reader, draw_shown
from helpers.images import at_most, contact_sheet
from helpers.machine import import_keras

keras = import_keras()

PANEL_WIDTH = 560  # pixels on the screen
COLUMNS = 8  # of pictures on it


class HealthPanel(keras.callbacks.Callback):
    """Shows how a `Run` goes, every so many seconds; keeps every Reading in `readings`.

    In a notebook the panel renews itself in place; elsewhere each reading is a line of text. A
    reading takes about half a second, and counts as training time.
    """

    def __init__(self, run, held_out=None, every_seconds=10):
        super().__init__()
        self.run = run
        self.reader = Reader(run, held_out)
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
        self.readings.append(self.reader.read(shown))
        if in_notebook():
            self._show(shown)
        else:
            print(panel_text(self.readings))

    def _show(self, pictures):
        from IPython.display import display

        panel = {
            "text/html": panel_html(self.readings, pictures),
            "text/plain": panel_text(self.readings),
        }
        if self._shown is None:
            self._shown = display(panel, raw=True, display_id=True)
        else:
            self._shown.update(panel, raw=True)


def panel_text(readings):
    """The panel as one line, for a terminal and for places that show no HTML."""
    now = readings[-1]
    return f"{now.seconds:.0f} s, step {now.step}: {diagnose(readings).sentence}"


def panel_html(readings, pictures):
    """The panel as HTML: sentence, pictures (n, height, width, 3) in [0, 1], and the numbers."""
    now = readings[-1]
    alt = f"{len(pictures)} pictures that the generator draws now, always from the same latents."
    sheet = contact_sheet(at_most(pictures, 2 * PANEL_WIDTH // COLUMNS), COLUMNS)
    sheet = as_html(as_shown(sheet, pictures.shape[1]), alt, PANEL_WIDTH)
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
    told = html.escape(diagnose(readings).sentence)
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
        "right on fakes": ("fakes_right", FAKE_COLOUR, 1.5),
        "right on photographs": ("photographs_right", PHOTOGRAPH_COLOUR, 1.5),
        "right on those held out": ("held_out_right", "gray", 1.5),
        "face rate": ("face_rate", "black", 3),  # the last one lies over the others
    }
    figure, axis = plt.subplots(figsize=(7.5, 2.8))
    for name, (field, colour, width) in lines.items():
        shares = [getattr(reading, field) for reading in readings]
        if None not in shares:
            axis.plot(seconds, shares, color=colour, linewidth=width, label=name)
    axis.set(xlabel="seconds of training", ylabel="share", ylim=(0, 1.05))
    axis.set_title(title, loc="left")
    axis.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    show(figure, alt)


def _percent(share):
    return "–" if share is None else f"{share:.0%}"
