"""Which kinds of drawn faces a generator draws, and which it has forgotten.

We have painted the crowd of drawn faces ourselves, so we know its kinds (their *modes*): 6
hairstyles before 5 backgrounds, 30 modes, each as frequent as another. Importing this module
imports no TensorFlow.
"""

import csv

import numpy as np

from helpers.faces.drawn_files import TABLE
from helpers.faces.traits import FACTORS
from helpers.images import check_pictures
from helpers.judging.distances import comparable

COUNTED = ("hair", "background")  # the two factors that can be read best from 50 x 50 pixels
NEEDED_SHARE = 0.25  # a mode is found if it is drawn at least a quarter as often as it should be
SMOOTHING = 0.03  # of the reader's regression, as a share of the features' mean square


class DrawnModes:
    """Reads the mode of pictures, after it has learned from drawn faces and their factors.

    `faces`: what `load_faces("crowd")` gives, 100 or more. The reader is a ridge regression on the
    directions of edges (Dalal and Triggs, "Histograms of oriented gradients for human detection",
    2005), at 50 x 50: in larger ones a net's fine grid would be read as a background. Of faces that
    it has not learned from it reads hair and background right in more than 9 of 10 cases each; it
    gives every picture a mode, a face or not.
    """

    def __init__(self, faces):
        path = faces.folder / TABLE
        if not path.exists():
            raise ValueError(
                f"There is no {path}, so the kinds of these faces are not known. Use "
                "load_faces('crowd')."
            )
        self.factors = _modes_of(faces)
        for factor, modes in self.factors.items():
            if len(set(modes)) == 1:  # as in the album of one person
                raise ValueError(
                    f"All these faces have the same {factor} ({modes[0]}), so they do not show the "
                    "30 kinds that are counted. Use load_faces('crowd')."
                )
        self._size = faces.images.shape[1:]
        features = _edges(faces.images)
        self._mean = features.mean(axis=0)
        self._weights = {
            factor: _ridge(features - self._mean, self.factors[factor], FACTORS[factor])
            for factor in COUNTED
        }

    def read(self, pictures):
        """The modes of the pictures (n, 50, 50, 3) in [0, 1], one row a factor: str (2, n).

        Raises: ValueError for pictures of another shape or range than those learned from.
        """
        pictures = check_pictures(pictures)
        if pictures.shape[1:] != self._size:
            sizes = ["{} x {} pixels".format(*size) for size in (pictures.shape[1:], self._size)]
            raise ValueError(f"The pictures have {sizes[0]}, but {sizes[1]} are needed.")
        features = _edges(pictures) - self._mean
        return np.array(
            [
                np.array(FACTORS[factor])[(features @ weights + shift).argmax(axis=1)]
                for factor, (weights, shift) in self._weights.items()
            ]
        )

    def share_found(self, pictures):
        """The share of the 30 modes that are drawn at least a quarter as often as they should be.

        Give some 200 pictures or more: a mode should come up several times.
        """
        modes, counts = np.unique(self.read(pictures), axis=1, return_counts=True)
        known = np.prod([len(FACTORS[factor]) for factor in COUNTED])
        return float((counts >= NEEDED_SHARE * len(pictures) / known).sum() / known)


def kinds_are_known(faces):
    """Whether `DrawnModes` can learn from these faces: they have a table, with more than one mode
    of each factor, as the crowd has and the album of one person has not."""
    if not (faces.folder / TABLE).exists():
        return False
    return all(len(set(modes)) > 1 for modes in _modes_of(faces).values())


def _modes_of(faces):
    """The mode of each face, by factor, from the table beside the picture files."""
    with (faces.folder / TABLE).open(newline="", encoding="utf-8") as file:
        rows = {row["file"]: row for row in csv.DictReader(file)}
    return {factor: np.array([rows[name][factor] for name in faces.names]) for factor in COUNTED}


def _edges(pictures):
    from skimage.feature import hog

    cells = {"orientations": 8, "pixels_per_cell": (5, 5), "cells_per_block": (2, 2)}
    return np.stack([hog(picture, channel_axis=-1, **cells) for picture in comparable(pictures)])


def _ridge(features, labels, modes):
    """Weights (features, modes) and shift (modes,) that give 1 for the right mode and 0 else."""
    targets = (labels[:, None] == np.array(modes)).astype(float)
    products = features @ features.T
    smoothing = SMOOTHING * np.trace(products) / len(products) * np.eye(len(products))
    shift = targets.mean(axis=0)
    return features.T @ np.linalg.solve(products + smoothing, targets - shift), shift
