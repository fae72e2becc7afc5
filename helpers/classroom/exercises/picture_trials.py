"""Cutting, filling and stacking pictures (exercises 04.2, 04.5 and 04.6), right and wrong."""

import numpy as np


def middle_square(picture):
    height, width, _ = picture.shape
    while height > width:  # the last row goes first, then the first, and so on
        picture = picture[:-1] if (height - width) % 2 else picture[1:-1]
        height = len(picture)
    while width > height:
        picture = picture[:, :-1] if (width - height) % 2 else picture[:, 1:-1]
        width = picture.shape[1]
    return picture


def cut(picture, side=None, extra=0):
    """The square by the usual way, or with a typical mistake."""
    height, width, _ = picture.shape
    side = side or min(height, width)
    top, left = (height - side + extra) // 2, (width - side + extra) // 2
    return picture[top : top + side, left : left + side]


def cut_from_both_ends(picture):
    """A typical mistake: `picture[top:-top]`, which is empty for a `top` of 0."""
    height, width, _ = picture.shape
    side = min(height, width)
    top, left = (height - side) // 2, (width - side) // 2
    return picture[top:-top, left:-left]


def as_block(pictures):
    block = np.empty((len(pictures), *pictures[0].shape), dtype="float32")
    for number, picture in enumerate(pictures):
        block[number] = picture / 255
    return block


def filled(pictures):
    return np.concatenate([picture[None] for picture in pictures])


def only_some(pictures, places):
    """A typical mistake: the loop fills some places only."""
    block = np.zeros((len(pictures), 50, 50, 3))
    block[places] = filled(pictures)[places]
    return block


def always_into(place):
    """A typical mistake: each picture goes to the same place."""

    def fill(pictures):
        block = np.zeros((len(pictures), 50, 50, 3))
        for picture in pictures:
            block[place] = picture
        return block

    return fill
