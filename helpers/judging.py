"""How good are the faces? One number so far: the share in which a face detector finds a face.

Importing this module imports no TensorFlow.
"""

from functools import cache

import numpy as np

ENLARGED = 4  # the detector's smallest window is larger than most faces at 50 x 50


@cache
def _face_detector():
    from skimage.data import lbp_frontal_face_cascade_filename
    from skimage.feature import Cascade

    return Cascade(lbp_frontal_face_cascade_filename())


def finds_face(pictures):
    """For each picture whether the detector finds a face in it: bool (n,).

    `pictures`: float32 (n, 50, 50, 3) in [0, 1]. The detector is the one that ships with
    scikit-image (local binary patterns, trained on frontal faces).
    """
    pictures = np.asarray(pictures)
    if pictures.ndim != 4 or pictures.shape[-1] != 3:
        raise ValueError(
            f"The pictures have shape {pictures.shape}, but (n, height, width, 3) is needed."
        )
    if pictures.size and not (pictures.min() >= 0.0 and pictures.max() <= 1.0):
        raise ValueError(
            f"The pictures' values go from {pictures.min():.2f} to {pictures.max():.2f}, but "
            "[0, 1] is needed. A net's output in [-1, 1] is turned by images.to_picture_range."
        )
    found = np.zeros(len(pictures), dtype=bool)
    for index, picture in enumerate(pictures):
        large = np.repeat(np.repeat(picture, ENLARGED, axis=0), ENLARGED, axis=1)
        found[index] = bool(
            _face_detector().detect_multi_scale(
                img=large,
                scale_factor=1.1,
                step_ratio=1,
                min_size=(60, 60),
                max_size=(170, 170),
            )
        )
    return found


def face_rate(pictures):
    """The share of pictures, in [0, 1], in which a face detector finds a face.

    `pictures`: float32 (n, 50, 50, 3) in [0, 1]. The chapter's photographs score about 0.95,
    noise scores 0. One blurred mean face, repeated, scores 1: never use this number alone.
    """
    return float(np.mean(finds_face(pictures)))
