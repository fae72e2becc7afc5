"""How good are the faces? Several numbers, because none of them sees everything.

Each compares what a net drew with photographs, so each has a floor: what one half of the
photographs gets when it is compared with the other half. `judge` gives all numbers at once.
Every function raises ValueError, with a sentence, for pictures that have no such number: none or
too few, of another shape or size, of another range, with NaN in them.
Importing this module imports no TensorFlow.
"""

import operator
from functools import cache

import numpy as np

from helpers.fixed_features import fixed_features

ENLARGED = 4  # the detector's smallest window is larger than most faces at 50 x 50
DIRECTIONS = 256  # on which sliced_wasserstein looks at the pictures
QUANTILES = 100
PATCH_SIZE = 8
PATCHES_A_PICTURE = 32
NEIGHBOURS = 5  # so far reaches a picture's neighbourhood in `density_and_coverage`


def split(images, held_out=60, seed=0):
    """Training pictures and held-out ones, drawn by lot: two arrays, (n - held_out, …) first.

    The held-out ones must stay out of the training: only they can show whether a net has learned
    its pictures by heart.
    """
    held_out = _whole_number("held_out", held_out)
    if not 0 < held_out < len(images):
        raise ValueError(
            f"{held_out} of {len(images)} pictures can't be held out: both parts need at least one."
        )
    order = np.random.default_rng(seed).permutation(len(images))
    return images[np.sort(order[held_out:])], images[np.sort(order[:held_out])]


def judge(pictures, training, held_out):
    """All numbers of this module for `pictures`, by name.

    `pictures`, `training`, `held_out`: float32 (n, 50, 50, 3) in [0, 1]; a few hundred pictures,
    and the two sets that `split` gives. "memory" is what `closer_to_training` gives.
    Raises: ValueError for fewer than two pictures, or six of the training.
    """
    pictures = _checked(pictures, at_least=2)
    training = _checked(training, "training pictures", at_least=NEIGHBOURS + 1)
    memory = closer_to_training(pictures, training, held_out)
    return {**_compared(pictures, training), "memory": memory}


def floors(photographs, training, held_out, seed=0):
    """The same numbers for photographs themselves: what no net needs to surpass.

    The photographs are compared half with half; "memory" is that of the held-out ones.
    Raises: ValueError for fewer than twelve photographs, or two held-out ones.
    """
    photographs = _checked(photographs, "photographs", at_least=2 * (NEIGHBOURS + 1))
    one, other = split(photographs, len(photographs) // 2, seed)
    memory = closer_to_training(held_out, training, held_out, pictures_are_held_out=True)
    return {**_compared(one, other), "memory": memory}


def _compared(pictures, reference):
    """All numbers but memory. The two sets' features are found once."""
    drawn, real = map(fixed_features, _checked_pair(pictures, reference))
    density, coverage = _density_and_coverage(drawn, real)
    return {
        "face rate": face_rate(pictures),
        "distance": sliced_wasserstein(pictures, reference),
        "patch distance": patch_distance(pictures, reference),
        "kernel distance": _kernel_distance(drawn, real),
        "density": density,
        "coverage": coverage,
        "spread": spread(pictures),
    }


# ---- is there a face?


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
    pictures = _checked(pictures)
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


# ---- how far is one set of pictures from another?


def sliced_wasserstein(pictures, reference, seed=0):
    """How far two sets of pictures are apart, pixel by pixel: 0 for a set and itself.

    Every picture is a point with 7500 coordinates in [-1, 1]. All points are projected on 256
    random directions; on each, 100 quantiles of the one set are compared with those of the other.
    The mean absolute difference is returned. It sees colour, light and where things are. It hardly
    sees whether the picture is sharp, and not at all whether one picture hangs together.

    `pictures`, `reference`: float32 (n, 50, 50, 3) and (m, 50, 50, 3) in [0, 1]. Two halves of
    the chapter's photographs are 0.056 apart. The same seed gives the same directions. Source:
    Rabin and others, "Wasserstein barycenter and its application to texture mixing", 2011.
    """
    return _sliced(*map(_as_points, _checked_pair(pictures, reference)), seed)


def patch_distance(pictures, reference, seed=0):
    """As `sliced_wasserstein`, but of small squares: it sees edges, blur and grain.

    From each picture 32 squares of 8 x 8 pixels are cut at random places, and each square's mean
    colour is taken away. Two halves of the photographs are 0.007 apart. Source: Karras and others,
    "Progressive growing of GANs", 2018, section 5.
    """
    random = np.random.default_rng(seed)
    pair = _checked_pair(pictures, reference, smallest_side=PATCH_SIZE)
    patches, others = (_patches(heap, random) for heap in pair)
    return _sliced(patches, others, seed)


def kernel_distance(pictures, reference):
    """How far two sets are apart in a fixed net's features: near 0 for two sets of one kind.

    The squared maximum mean discrepancy with the kernel (x·y / d + 1)³, without bias, so that two
    samples of one kind give 0 on average, and now and then a little less. Both sets need two
    pictures, because pairs of different ones are compared. Source: Bińkowski and others,
    "Demystifying MMD GANs", 2018; their net is a trained one, ours is `fixed_features`.
    """
    return _kernel_distance(*map(fixed_features, _checked_pair(pictures, reference, at_least=2)))


def _kernel_distance(drawn, real):
    among_drawn, among_real = _mean_of_pairs(drawn), _mean_of_pairs(real)
    return float(among_drawn + among_real - 2.0 * _kernel(drawn, real).mean())


def _sliced(points, others, seed):
    random = np.random.default_rng(seed)
    directions = random.standard_normal((points.shape[1], DIRECTIONS)).astype("float32")
    directions /= np.linalg.norm(directions, axis=0)
    places = (np.arange(QUANTILES) + 0.5) / QUANTILES
    one, other = (np.quantile(heap @ directions, places, axis=0) for heap in (points, others))
    return float(np.abs(one - other).mean())


def _patches(pictures, random):
    which = np.repeat(np.arange(len(pictures)), PATCHES_A_PICTURE)
    rows, columns = (
        random.integers(0, length - PATCH_SIZE + 1, len(which)) for length in pictures.shape[1:3]
    )
    window = (PATCH_SIZE, PATCH_SIZE)
    windows = np.lib.stride_tricks.sliding_window_view(pictures, window, axis=(1, 2))
    patches = windows[which, rows, columns]
    return 2.0 * (patches - patches.mean(axis=(2, 3), keepdims=True)).reshape(len(which), -1)


def _kernel(points, others):
    return (points.astype("float64") @ others.T / points.shape[1] + 1.0) ** 3


def _mean_of_pairs(points):
    """The mean kernel of two different points."""
    kernel = _kernel(points, points)
    return (kernel.sum() - np.trace(kernel)) / (len(points) * (len(points) - 1))


# ---- do the pictures differ, and is everything there?


def spread(pictures):
    """How much two of the pictures differ: the mean root mean square difference, in [0, 1].

    0 where all pictures are the same. The photographs have 0.36. Noise has it too, and more: so
    it says that pictures differ, not that they are good. One picture alone has no spread.
    """
    pictures = _checked(pictures, at_least=2)
    points = pictures.reshape(len(pictures), -1)
    distances = _distances(points, points) / np.sqrt(points.shape[1])
    return float(distances.sum() / (len(points) * (len(points) - 1)))


def density_and_coverage(pictures, reference, neighbours=NEIGHBOURS):
    """Two shares, from the neighbourhoods of the reference in a fixed net's features.

    Each reference picture's neighbourhood reaches to its fifth neighbour in the reference.
    Coverage, in [0, 1]: the share of neighbourhoods with a drawn picture in them; what is never
    drawn is missing here. Density, about 1 for photographs: in how many neighbourhoods a drawn
    picture lies, by five. It rises above 1 where the pictures crowd in the middle, as blurred
    ones do. Half of the photographs cover 0.97 of the other half's neighbourhoods.
    Source: Naeem and others, "Reliable fidelity and diversity metrics for generative models", 2020.
    """
    neighbours = _whole_number("neighbours", neighbours)
    if neighbours < 1:
        raise ValueError(f"neighbours is {neighbours}, but 1 or more are needed.")
    drawn, real = map(fixed_features, _checked_pair(pictures, reference))
    return _density_and_coverage(drawn, real, neighbours)


def _density_and_coverage(drawn, real, neighbours=NEIGHBOURS):
    if len(real) <= neighbours:
        raise ValueError(
            f"{len(real)} pictures have no {neighbours} neighbours each: give more for reference."
        )
    radius = np.sort(_distances(real, real), axis=1)[:, neighbours]  # the nearest is itself
    inside = _distances(drawn, real) <= radius
    return float(inside.sum(axis=1).mean() / neighbours), float(inside.any(axis=0).mean())


# ---- has the net learned its photographs by heart?


def nearest(pictures, photographs):
    """For each picture the photograph that is most like it: its row, and how much they differ.

    A photograph and its mirror image count as one, because some trainings mirror them. Returns:
    int (n,) and float32 (n,), the root mean square difference of the pixels in [0, 1].
    """
    distances = _to_photographs(*_checked_pair(pictures, photographs, "photographs"))
    return distances.argmin(axis=1), distances.min(axis=1)


def closer_to_training(pictures, training, held_out, *, pictures_are_held_out=False):
    """The share, in [0, 1], of pictures that are closer to a training than to a held-out one.

    About as many photographs are compared on both sides: of the training ones as many, drawn by
    lot, as there are held out; the share is the mean over all such lots. A net that gives back
    no more photographs than are held out gets 1 among these; one that gives back all of them gets
    only a little more than one that gives back none, for few originals are in a lot: ask `nearest`,
    too. Where training and held-out photographs are of one kind, all else gets about 0.5; compare
    with what the held-out photographs themselves get.

    pictures_are_held_out: `pictures` are the held-out photographs themselves, in the same order.
        Each is then left out of its own side: else all would be closest to themselves, and get 0.
    """
    pictures, training = _checked_pair(pictures, training, "training pictures")
    _, held_out = _checked_pair(pictures, held_out, "held-out photographs")
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
    distances = [_distances(points, heap.reshape(len(heap), -1)) for heap in both]
    return np.minimum(*distances) / np.float32(np.sqrt(points.shape[1]))


def _distances(points, others):
    """Euclidean distances, (n, m)."""
    squares = (points**2).sum(axis=1)[:, None] + (others**2).sum(axis=1) - 2.0 * points @ others.T
    distances = np.sqrt(np.maximum(squares, 0.0))
    if points is others:
        np.fill_diagonal(distances, 0.0)  # rounding leaves a little
    return distances


def _as_points(pictures):
    return 2.0 * pictures.reshape(len(pictures), -1) - 1.0


def _checked_pair(pictures, others, name="reference pictures", at_least=1, smallest_side=1):
    """Both sets as `_checked` gives them. Raises: ValueError where they differ in size."""
    pictures = _checked(pictures, "pictures", at_least, smallest_side)
    others = _checked(others, name, at_least, smallest_side)
    if pictures.shape[1:] != others.shape[1:]:
        raise ValueError(
            f"The pictures have {_size(pictures)}, but the {name} {_size(others)}: make all of one "
            "size first."
        )
    return pictures, others


def _checked(pictures, name="pictures", at_least=1, smallest_side=1):
    """The pictures as float32. Raises: ValueError, a sentence with their name, where they can't be
    judged: too few, another shape or range, NaN, or no numbers at all.
    """
    try:
        given = np.asarray(pictures)
        if given.dtype.kind not in "buifO":
            raise TypeError(f"They are of the type {given.dtype}.")
        pictures = given.astype("float32", copy=False)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"The {name} are not one array of numbers: give float32 (n, height, width, 3), all of "
            f"one size. {error}"
        ) from error
    if pictures.ndim and len(pictures) < at_least:
        raise ValueError(f"Too few {name}: {len(pictures)}, but {at_least} or more are needed.")
    if pictures.ndim != 4 or pictures.shape[-1] != 3:
        raise ValueError(
            f"The {name} have shape {pictures.shape}, but (n, height, width, 3) is needed."
        )
    if min(pictures.shape[1:3]) < smallest_side:
        raise ValueError(
            f"The {name} have {_size(pictures)}, but {smallest_side} x {smallest_side} or more are "
            "needed."
        )
    if not (pictures.min() >= 0.0 and pictures.max() <= 1.0):
        raise ValueError(
            f"The values of the {name} go from {pictures.min():.2f} to {pictures.max():.2f}, but "
            "[0, 1] is needed. A net's output in [-1, 1] is turned by images.to_picture_range."
        )
    return pictures


def _size(pictures):
    height, width = pictures.shape[1:3]
    return f"{height} x {width} pixels"


def _whole_number(name, value):
    """The value as an int. Raises: ValueError, a sentence with its name, where it is none."""
    try:
        return operator.index(value)
    except TypeError as error:
        raise ValueError(f"{name} is {value!r}, but a whole number is needed.") from error
