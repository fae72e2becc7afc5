"""How far is one set of pictures from another?"""

import numpy as np

from helpers.images import average_down, check_pictures
from helpers.judging.features import fixed_features

DIRECTIONS = 256  # on which sliced_wasserstein looks at the pictures
QUANTILES = 100
PATCH_SIZE = 8
PATCHES_A_PICTURE = 32
COMPARED_SIDE = 50  # pixels of the pictures whose pixels are compared


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
    return _sliced(*map(_as_points, check_pair(pictures, reference)), seed)


def patch_distance(pictures, reference, seed=0):
    """As `sliced_wasserstein`, but of small squares: it sees edges, blur and grain.

    From each picture 32 squares of 8 x 8 pixels are cut at random places, and each square's mean
    colour is taken away. Two halves of the photographs are 0.007 apart. Source: Karras and others,
    "Progressive growing of GANs", 2018, section 5.
    """
    random = np.random.default_rng(seed)
    pair = check_pair(pictures, reference, smallest_side=PATCH_SIZE)
    patches, others = (_patches(pictures, random) for pictures in pair)
    return _sliced(patches, others, seed)


def kernel_distance(pictures, reference):
    """How far two sets are apart in a fixed net's features: near 0 for two sets of one kind.

    The squared maximum mean discrepancy with the kernel (x·y / d + 1)³, without bias, so that two
    samples of one kind give 0 on average, and now and then a little less. Both sets need two
    pictures, because pairs of different ones are compared. With a trained net's features it is
    called KID, kernel inception distance: Bińkowski and others, "Demystifying MMD GANs", 2018. Our
    features are those of `fixed_features`, so the numbers can't be set beside published ones.
    """
    drawn, real = map(fixed_features, check_pair(pictures, reference, at_least=2))
    among_drawn, among_real = _mean_of_pairs(drawn), _mean_of_pairs(real)
    return float(among_drawn + among_real - 2.0 * _kernel(drawn, real).mean())


def _sliced(points, others, seed):
    random = np.random.default_rng(seed)
    directions = random.standard_normal((points.shape[1], DIRECTIONS)).astype("float32")
    directions /= np.linalg.norm(directions, axis=0)
    places = (np.arange(QUANTILES) + 0.5) / QUANTILES
    one, other = (np.quantile(these @ directions, places, axis=0) for these in (points, others))
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


def _as_points(pictures):
    return 2.0 * pictures.reshape(len(pictures), -1) - 1.0


def euclidean_distances(points, others):
    """The distances of points (n, d) from others (m, d): (n, m).

    A third of the time of scipy's cdist, and the same but for the last digits.
    """
    lengths, other_lengths = (
        np.array([(point**2).sum() for point in these])  # a row at a time: no copy of all pictures
        for these in (points, others)
    )
    squares = lengths[:, None] + other_lengths - 2.0 * (points @ others.T)
    distances = np.sqrt(np.maximum(squares, 0.0))
    if points is others:
        np.fill_diagonal(distances, 0.0)  # rounding leaves a little
    return distances


def comparable(pictures):
    """Larger pictures averaged to 50 x 50, so that the numbers of all sizes stand side by side."""
    side = pictures.shape[1]
    is_finer = side > COMPARED_SIDE and side % COMPARED_SIDE == 0
    return average_down(pictures, COMPARED_SIDE) if is_finer else pictures


def check_pair(pictures, others, name="reference pictures", **limits):
    """Both sets as `images.check_pictures` gives them, within its `limits`.

    Raises: ValueError where it does, or where the two sets differ in size.
    """
    pictures = check_pictures(pictures, **limits)
    others = check_pictures(others, name, **limits)
    if pictures.shape != (len(pictures), *others.shape[1:]):
        sizes = ["{} x {} pixels".format(*these.shape[1:3]) for these in (pictures, others)]
        raise ValueError(
            f"The pictures have {sizes[0]}, but the {name} {sizes[1]}: make all of one size first."
        )
    return pictures, others
