"""Has the net learned its photographs by heart (memorisation)?"""

import numpy as np

from helpers.judging.distances import check_pair, euclidean_distances


def nearest(pictures, photographs):
    """For each picture the photograph that is most like it: its row, and how much they differ.

    A photograph and its mirror image count as one, because some trainings mirror them. Returns:
    int (n,) and float32 (n,), the root mean square difference of the pixels in [0, 1].
    """
    distances = _to_photographs(*check_pair(pictures, photographs, "photographs"))
    return distances.argmin(axis=1), distances.min(axis=1)


def closer_to_training(pictures, training, held_out, *, pictures_are_held_out=False):
    """Memorisation: the share, in [0, 1], of pictures closer to a training than to a held-out one.

    About as many photographs are compared on both sides: of the training ones as many, drawn by
    lot, as there are held out; the share is the mean over all such lots. A net that gives back
    no more photographs than are held out gets 1 among these; one that gives back all of them gets
    only a little more than one that gives back none, for few originals are in a lot: ask `nearest`,
    too. Where training and held-out photographs are of one kind, all else gets about 0.5; compare
    with what the held-out photographs themselves get.

    pictures_are_held_out: `pictures` are the held-out photographs themselves, in the same order.
        Each is then left out of its own side: else all would be closest to themselves, and get 0.
    """
    pictures, training = check_pair(pictures, training, "training pictures")
    _, held_out = check_pair(pictures, held_out, "held-out photographs")
    to_training, to_held_out = (
        _to_photographs(pictures, photographs) for photographs in (training, held_out)
    )
    rivals = len(held_out)
    if pictures_are_held_out:
        if not np.array_equal(pictures, held_out):
            raise ValueError(
                "With pictures_are_held_out the pictures must be the held-out photographs, in the "
                "same order, but these are others. Leave it out for other pictures."
            )
        np.fill_diagonal(to_held_out, np.inf)
        rivals -= 1
    if not 0 < rivals <= len(training):
        raise ValueError(
            f"{len(held_out)} held-out photographs can't be compared with {len(training)} training "
            "ones: there must be two or more, and no more than those."
        )
    closer = (to_training < to_held_out.min(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
    steps = np.arange(rivals)  # none of the closer ones is drawn, one draw after the other
    none_drawn = np.prod(np.maximum(len(training) - closer - steps, 0) / (len(training) - steps), 1)
    return float(1.0 - none_drawn.mean())


def _to_photographs(pictures, photographs):
    """Root mean square differences, (pictures, photographs), the smaller of the two mirrorings."""
    points = pictures.reshape(len(pictures), -1)
    both = (photographs, photographs[:, :, ::-1])
    distances = [euclidean_distances(points, these.reshape(len(these), -1)) for these in both]
    return np.minimum(*distances) / np.float32(np.sqrt(points.shape[1]))
