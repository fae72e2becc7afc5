"""Figures of the lessons, each shown with alt text that tells what to see.

Those that are drawn here have the course's look. Importing this module changes no setting of
matplotlib; `start` does (`lesson.py`), for the figures that a lesson draws itself.
"""

import html
import io
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display

from helpers.classroom.html_pictures import as_figure, as_html, as_shown
from helpers.classroom.lesson import FIGURE_STYLE
from helpers.classroom.sheets import SIDE, labelled_sheet

FAKE_COLOUR = "#c8553d"
PHOTOGRAPH_COLOUR = "#2f6690"
DPI = 88  # pixels of a shown figure to the inch


def show(figure, alt):
    """Display the figure with its alt text, and close it.

    What is shown is HTML, since JupyterLab and others read an image's alt text from nowhere else.
    The figure's title (or that of its only axes, at the left) stands above as plain text.

    Raises: ValueError without alt text; the figure is closed all the same, so that the notebook
    doesn't draw it by itself.
    """
    plt.close(figure)
    title = _take_title(figure)
    _show(_png_of(figure), title, alt)


def show_file(path, title, alt, width=None):
    """Display a picture file, PNG or GIF, with its alt text, below a title.

    `width`: pixels on the screen, by default the picture's own.
    Raises: ValueError without alt text; OSError where there is no such file.
    """
    _show(Path(path).read_bytes(), title, alt, width)


def _png_of(figure):
    png = io.BytesIO()
    figure.savefig(png, format="png", dpi=DPI, bbox_inches="tight", facecolor="white")
    return png.getvalue()


def _show(content, title, alt, width=None):
    caption = f"<b>{html.escape(title)}</b>" if title else ""
    page = as_figure(as_html(content, alt, width), caption)
    told = f"{title}\n{alt}" if title else alt  # for a terminal, and for places without HTML
    display({"text/html": page, "text/plain": told}, raw=True)


def _take_title(figure):
    """The title, taken out of the drawing: as text on the page it can be selected and found."""
    title = figure.get_suptitle()
    if title:
        figure.suptitle("")
    elif len(figure.axes) == 1:
        title = figure.axes[0].get_title(loc="left")
        figure.axes[0].set_title("", loc="left")
    return title


def show_sheet(pictures, title, alt, columns=10, side=SIDE, row_labels=()):
    """Pictures (n, height, width, 3) in [0, 1] in rows, under a title that is a sentence.

    Each is about `side` pixels wide; `row_labels` are a few words for each row.
    Raises: ValueError as `labelled_sheet` does, and without alt text.
    """
    sheet = labelled_sheet(pictures, columns, side, row_labels)
    _show(as_shown(sheet, np.shape(pictures)[1]), title, alt)


@matplotlib.rc_context(FIGURE_STYLE)
def show_row(pictures, captions, title, alt, picture_inches=2.2):
    """A few pictures in one row, each with its caption. Two-dimensional ones are shown in gray.

    Whole numbers count from 0, black, to 255, white; others from 0 to 1.
    """
    figure, axes = plt.subplots(
        1,
        len(pictures),
        figsize=(len(pictures) * picture_inches, picture_inches + 0.7),
        squeeze=False,
        layout="constrained",
    )
    for axis, picture, caption in zip(axes[0], pictures, captions, strict=True):
        picture = np.asarray(picture)
        limits = (0, 255) if picture.dtype.kind in "ui" else (0.0, 1.0)
        # Much enlarged, pixels are seen as squares; else none may be left out or doubled.
        is_enlarged = 2 * max(picture.shape[:2]) <= picture_inches * DPI
        axis.imshow(
            picture,
            cmap="gray",
            vmin=limits[0],
            vmax=limits[1],
            interpolation="nearest" if is_enlarged else "antialiased",
        )
        axis.set_xlabel(caption)
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(True)
    figure.suptitle(title, x=0.01, ha="left")
    show(figure, alt)


@matplotlib.rc_context(FIGURE_STYLE)
def show_losses(history, title, alt):
    """Both losses against the step, as the chapter's loop gives them (cross-entropy, no unit).

    Where one is below 0 or above 10, the axis is stretched around 0: even steps up to 1, on both
    sides, and from there on tenfold ones. A line then marks the 0.
    """
    figure, axis = plt.subplots(figsize=(7.5, 2.8))
    draw_losses(axis, history)
    axis.set_title(title, loc="left")
    show(figure, alt)


def draw_losses(axis, losses):
    """Draw losses, by the names that a history has, against the step, as `show_losses` tells."""
    every = np.concatenate(list(losses.values()))
    if len(every) and (np.nanmin(every) < 0 or np.nanmax(every) > 10):
        axis.set_yscale("symlog", linthresh=1.0)
        axis.yaxis.set_major_formatter("{x:g}")
        axis.axhline(0.0, color="gray", linewidth=0.8)
    colours = {"discriminator_loss": PHOTOGRAPH_COLOUR, "generator_loss": FAKE_COLOUR}
    for name, values in losses.items():
        axis.plot(values, color=colours[name], label=name.removesuffix("_loss"))
    axis.set(xlabel="step", ylabel="loss (cross-entropy)")
    axis.legend(frameon=False)


@matplotlib.rc_context(FIGURE_STYLE)
def loss_panels(history):
    """The bytes of a PNG with a panel for each loss of a history, drawn as `draw_losses` does."""
    figure, axes = plt.subplots(1, len(history), figsize=(8.4, 2.1), layout="constrained")
    for axis, (name, losses) in zip(axes, history.items(), strict=True):
        draw_losses(axis, {name: losses})
    plt.close(figure)
    return _png_of(figure)


@matplotlib.rc_context(FIGURE_STYLE)
def show_bars(names, values, title, unit, alt, colour=PHOTOGRAPH_COLOUR):
    """One horizontal bar a name, its value written beside it; `unit` names the axis."""
    figure, axis = plt.subplots(figsize=(7.5, 0.32 * len(names) + 0.9))
    bars = axis.barh(range(len(names)), values, color=colour)
    axis.bar_label(bars, labels=[f"{value:.3g}" for value in values], padding=4)
    axis.set_yticks(range(len(names)), names)
    axis.invert_yaxis()
    axis.set_xlabel(unit)
    axis.set_title(title, loc="left")
    show(figure, alt)


@matplotlib.rc_context(FIGURE_STYLE)
def show_balls(centres, radii, points, title, is_filled=True):
    """Circles around real pictures, and where fakes lie: coverage, as one sees it in a plane.

    `centres` (n, 2) and `radii` (n,): of the circles; `points` (m, 2): the fakes. A circle with a
    fake in it is filled, and how many are is written below; both are left out where `is_filled` is
    False, for a question before the answer. The alt text is made from the points.
    """
    centres, radii, points = map(np.asarray, (centres, radii, points))
    distances = np.linalg.norm(centres[:, None] - points[None], axis=2)
    is_covered = (distances <= radii[:, None]).any(axis=1)
    figure, axis = plt.subplots(figsize=(7.5, 4.4))
    for centre, radius, covered in zip(centres, radii, is_covered, strict=True):
        axis.add_patch(plt.Circle(centre, radius, fill=False, color=PHOTOGRAPH_COLOUR))
        if is_filled and covered:
            axis.add_patch(
                plt.Circle(centre, radius, color=PHOTOGRAPH_COLOUR, alpha=0.12, linewidth=0)
            )
    axis.plot(*centres.T, ".", color=PHOTOGRAPH_COLOUR, label="real")
    axis.plot(*points.T, "x", color=FAKE_COLOUR, markeredgewidth=2, label="fake")
    axis.set(aspect="equal", xticks=[], yticks=[])
    axis.spines[:].set_visible(False)
    axis.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    alt = f"{len(centres)} circles, each around a real picture's point, and {len(points)} crosses."
    if is_filled:
        filled = f"{is_covered.sum()} of {len(centres)} circles have a fake in them, and are filled"
        axis.set_xlabel(filled)
        alt += f" {filled}; the others are empty."
    axis.set_title(title, loc="left")
    show(figure, alt)
