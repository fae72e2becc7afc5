"""Is there a face? A detector looks for one."""

import numpy as np

from helpers.faces.detector import face_windows
from helpers.images import check_pictures

LARGE = 200  # pixels of a side: the detector learned from windows larger than a face at 50 x 50
SMALLEST_WINDOW = 0.3  # of the side
LARGEST_WINDOW = 0.85


def finds_face(pictures):
    """For each picture whether the detector finds a face in it: bool (n,).

    `pictures`: float32 (n, height, width, 3) in [0, 1]; smaller ones are enlarged to about 200 x
    200. The detector is the one that ships with scikit-image (local binary patterns, trained on
    frontal faces).
    """
    pictures = check_pictures(pictures)
    found = np.zeros(len(pictures), dtype=bool)
    side = max(pictures.shape[1:3])
    times = max(1, round(LARGE / side))
    smallest, largest = (round(share * times * side) for share in (SMALLEST_WINDOW, LARGEST_WINDOW))
    for index, picture in enumerate(pictures):
        large = np.repeat(np.repeat(picture, times, axis=0), times, axis=1)
        found[index] = bool(face_windows(large, smallest, largest))
    return found


def face_rate(pictures):
    """The share of pictures, in [0, 1], in which a face detector finds a face.

    `pictures`: float32 (n, height, width, 3) in [0, 1]. The chapter's photographs score about 0.95,
    noise scores 0. One blurred mean face, repeated, scores 1: never use this number alone.
    """
    return float(np.mean(finds_face(pictures)))
