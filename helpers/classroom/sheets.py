"""Many pictures side by side, large enough to see, with gaps between them and words at the rows."""

from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from helpers.images import check_pictures, contact_sheet

SIDE = 100  # pixels of a picture on the page, about
GAP = 6  # pixels between two pictures
FONT_SIZE = 15  # pixels
INK = (40, 40, 40)


def labelled_sheet(pictures, columns=10, side=SIDE, row_labels=()):
    """The pictures in rows: float32 (height, width, 3) in [0, 1], white between and around them.

    `pictures`: (n, height, width, 3) in [0, 1]. Each is enlarged so many times that it is about
    `side` pixels wide; pixels stay squares of one colour. `row_labels`: a few words for each row,
    which stand at its left.
    Raises: ValueError for pictures of another shape or range, or another number of labels than
    rows.
    """
    pictures = check_pictures(pictures)
    columns = min(columns, len(pictures))
    rows = -(-len(pictures) // columns)
    if row_labels and len(row_labels) != rows:
        raise ValueError(f"There are {rows} rows, but {len(row_labels)} labels for them.")
    times = max(1, round(side / pictures.shape[2]))
    sheet = contact_sheet(pictures.repeat(times, axis=1).repeat(times, axis=2), columns, GAP)
    if not row_labels:
        return sheet
    row_height = pictures.shape[1] * times + GAP
    return np.concatenate([_words(row_labels, row_height, len(sheet)), sheet], axis=1)


def _words(labels, row_height, height):
    """A strip with a label in the middle of each row: float32 (height, width, 3)."""
    width = 2 * GAP + max(map(_length, labels))
    places = [GAP + row_height * row + row_height / 2 for row in range(len(labels))]
    return _strip(width, height, [((width - GAP, y), "rm") for y in places], labels)


def with_caption(sheet, words):
    """The sheet, (height, width, 3) in [0, 1], above a line of words."""
    height, width = FONT_SIZE + 2 * GAP, max(sheet.shape[1], 2 * GAP + _length(words))
    wide = np.pad(sheet, ((0, 0), (0, width - sheet.shape[1]), (0, 0)), constant_values=1.0)
    return np.concatenate([wide, _strip(width, height, [((GAP, height / 2), "lm")], [words])])


def _length(words):
    return round(font(FONT_SIZE).getlength(words))


def _strip(width, height, places, words):
    """White, with words at their places, ((x, y), anchor): float32 (height, width, 3)."""
    strip = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(strip)
    for (place, anchor), each in zip(places, words, strict=True):
        pen.text(place, each, INK, font(FONT_SIZE), anchor=anchor)
    return np.asarray(strip, dtype="float32") / np.float32(255)


@cache
def font(size, name="DejaVuSans"):
    """A font that comes with matplotlib, so it is the same on every computer; `size` in pixels."""
    import matplotlib

    return ImageFont.truetype(Path(matplotlib.get_data_path(), "fonts", "ttf", f"{name}.ttf"), size)
