"""Do the pictures differ, and is everything there?"""

import numpy as np

from helpers.arguments import whole_number
from helpers.images import check_pictures
from helpers.judging.distances import check_pair, euclidean_distances
from helpers.judging.features import fixed_features

NEIGHBOURS = 5  # so far reaches a picture's neighbourhood


def spread(pictures):
    """How much two of the pictures differ: the mean root mean square difference, in [0, 1].

    0 where all pictures are the same. The photographs have 0.36. Noise has it too, and more: so
    it says that pictures differ, not that they are good. One picture alone has no spread.
    """
    pictures = check_pictures(pictures, at_least=2)
    points = pictures.reshape(len(pictures), -1)
    distances = euclidean_distances(points, points) / np.sqrt(points.shape[1])
    return float(distances.sum() / (len(points) * (len(points) - 1)))


def density_and_coverage(pictures, reference, neighbours=NEIGHBOURS):
    """Two numbers, from the neighbourhoods of the reference in a fixed net's features.

    Each reference picture's neighbourhood reaches to its fifth neighbour in the reference, or to
    another one if `neighbours` says so. Coverage, in [0, 1]: the share of neighbourhoods with a
    drawn picture in them; what is never drawn is missing here. Density, about 1 for photographs: in
    how many neighbourhoods a drawn picture lies on average, divided by `neighbours`. It rises above
    1 where the pictures crowd in the middle, as blurred ones do. Half of the photographs cover 0.97
    of the other half's neighbourhoods.
    Source: Naeem and others, "Reliable fidelity and diversity metrics for generative models", 2020.
    """
    neighbours = whole_number("neighbours", neighbours, 1)
    pictures, reference = check_pair(pictures, reference)
    if len(reference) <= neighbours:
        raise ValueError(
            f"{len(reference)} pictures have no {neighbours} neighbours each: give more for "
            "reference."
        )
    drawn, real = fixed_features(pictures), fixed_features(reference)
    among_real = np.sort(euclidean_distances(real, real), axis=1)
    radius = among_real[:, neighbours]  # the nearest is itself
    inside = euclidean_distances(drawn, real) <= radius
    return float(inside.sum(axis=1).mean() / neighbours), float(inside.any(axis=0).mean())
