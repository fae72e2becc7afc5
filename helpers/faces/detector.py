"""Where is a face? The detector that ships with scikit-image looks for them."""

from functools import cache

WINDOW_GROWS = 1.1  # times, from one pass over the picture to the next


@cache
def _cascade():
    from skimage.data import lbp_frontal_face_cascade_filename
    from skimage.feature import Cascade

    return Cascade(lbp_frontal_face_cascade_filename())


def face_windows(picture, smallest, largest):
    """Squares in which the detector sees a face from the front, as (top, left, side) in pixels.

    `picture`: float32 (height, width, 3) in [0, 1]. `smallest`, `largest`: sides of the squares
    that are tried. A square reaches about from the brows to the chin. One face may have several.
    The detector knows local binary patterns; source: scikit-image, `skimage.feature.Cascade`.
    """
    found = _cascade().detect_multi_scale(
        img=picture,
        scale_factor=WINDOW_GROWS,
        step_ratio=1,
        min_size=(smallest, smallest),
        max_size=(largest, largest),
    )
    return [(window["r"], window["c"], window["width"]) for window in found]
