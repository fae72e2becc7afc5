"""All numbers about a set of pictures at once, because none of them sees everything.

Most compare what a net drew with photographs, so each has a floor: what one half of the
photographs gets when it is compared with the other half.
"""

from dataclasses import asdict, dataclass

import numpy as np

from helpers.arguments import whole_number
from helpers.images import check_pictures
from helpers.judging.distances import kernel_distance, patch_distance, sliced_wasserstein
from helpers.judging.diversity import NEIGHBOURS, density_and_coverage, spread
from helpers.judging.face_detector import face_rate
from helpers.judging.memorisation import closer_to_training, nearest


@dataclass(frozen=True)
class Scores:
    """All numbers about a set of pictures; each is explained by the function that finds it."""

    face_rate: float  # face_rate
    distance: float  # sliced_wasserstein
    patch_distance: float
    kernel_distance: float
    density: float  # density_and_coverage
    coverage: float
    spread: float
    memorisation: float  # closer_to_training
    nearest: float  # the mean over the pictures of what nearest finds in the training

    def as_dict(self):
        """The numbers by the names that tables show: "face rate" and so on."""
        return {name.replace("_", " "): number for name, number in asdict(self).items()}


def split(images, held_out=60, seed=0):
    """Training pictures and held-out ones, drawn by lot: two arrays, (n - held_out, …) first.

    The held-out ones must stay out of the training: only they can show whether a net has learned
    its pictures by heart. Raises: ValueError where one of the two would be empty.
    """
    if len(images) < 2:
        raise ValueError(f"Too few pictures: {len(images)}, but 2 or more are needed.")
    held_out = whole_number("held_out", held_out, 1, len(images) - 1)
    order = np.random.default_rng(seed).permutation(len(images))
    return images[np.sort(order[held_out:])], images[np.sort(order[:held_out])]


def judge(pictures, training, held_out):
    """The Scores of `pictures`.

    `pictures`, `training`, `held_out`: float32 (n, 50, 50, 3) in [0, 1]; a few hundred pictures,
    and the two sets that `split` gives.
    Raises: ValueError for fewer than two pictures, or fewer than six of the training.
    """
    pictures = check_pictures(pictures, at_least=2)
    training = check_pictures(training, "training pictures", at_least=NEIGHBOURS + 1)
    memorisation = closer_to_training(pictures, training, held_out)
    return _scores(pictures, training, memorisation, _mean_nearest(pictures, training))


def floors(photographs, training, held_out, seed=0):
    """The Scores of photographs themselves: what no net needs to surpass.

    The photographs are compared half with half; memorisation, and how far the nearest training
    picture is, are those of the held-out ones.
    Raises: ValueError for fewer than twelve photographs, or fewer than two held-out ones.
    """
    photographs = check_pictures(photographs, "photographs", at_least=2 * (NEIGHBOURS + 1))
    one, other = split(photographs, len(photographs) // 2, seed)
    memorisation = closer_to_training(held_out, training, held_out, pictures_are_held_out=True)
    return _scores(one, other, memorisation, _mean_nearest(held_out, training))


def _mean_nearest(pictures, training):
    _, differences = nearest(pictures, training)
    return float(differences.mean())


def _scores(pictures, reference, memorisation, to_nearest):
    density, coverage = density_and_coverage(pictures, reference)
    return Scores(
        face_rate=face_rate(pictures),
        distance=sliced_wasserstein(pictures, reference),
        patch_distance=patch_distance(pictures, reference),
        kernel_distance=kernel_distance(pictures, reference),
        density=density,
        coverage=coverage,
        spread=spread(pictures),
        memorisation=memorisation,
        nearest=to_nearest,
    )
