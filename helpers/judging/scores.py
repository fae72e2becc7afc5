"""All numbers about a set of pictures at once, because none of them sees everything.

Most compare what a net drew with real pictures, so each has a floor (a ceiling, where more is
better): what real pictures get that the net has not seen, in the same number, compared with the
same others.
"""

from dataclasses import asdict, dataclass

import numpy as np

from helpers.arguments import whole_number
from helpers.images import check_pictures
from helpers.judging.distances import (
    check_pair,
    comparable,
    kernel_distance,
    patch_distance,
    sliced_wasserstein,
)
from helpers.judging.diversity import NEIGHBOURS, density_and_coverage, spread
from helpers.judging.face_detector import face_rate
from helpers.judging.memorisation import closer_to_training, nearest

HELD_OUT = 60  # pictures, where nothing else is asked
PARTS = 5  # one of five is held out, where that is fewer


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


def split(images, held_out=None, seed=0):
    """Training pictures and held-out ones, drawn by lot: two arrays, (n - held_out, …) first.

    held_out: how many; by default 60, or a fifth of fewer than 300. They must stay out of the
        training: only they can show whether a net has learned its pictures by heart.
    Pictures that are stored on disk (`StoredPictures`) stay there.
    Raises: ValueError where one of the two would be empty.
    """
    if len(images) < 2:
        raise ValueError(f"Too few pictures: {len(images)}, but 2 or more are needed.")
    if held_out is None:
        held_out = min(HELD_OUT, max(1, len(images) // PARTS))
    held_out = whole_number("held_out", held_out, 1, len(images) - 1)
    order = np.random.default_rng(seed).permutation(len(images))
    take = getattr(images, "subset", images.__getitem__)
    return take(np.sort(order[held_out:])), take(np.sort(order[:held_out]))


def judge(pictures, training, held_out):
    """The Scores of `pictures`.

    `pictures`, `training`, `held_out`: float32 (n, size, size, 3) in [0, 1]; a few hundred
    pictures, and the two sets that `split` gives. All pictures of the training are searched for
    originals. For the rest the pictures are compared with as many training ones as are left if as
    many real pictures are set aside as `pictures` has: so `floors` can do the same with those.
    Pictures of 100 x 100 or 200 x 200 are averaged down to 50 x 50 where pixels are compared, so
    that the numbers of different sizes stand beside each other; only the face detector and the
    patch distance see them as they are.
    Raises: ValueError for fewer than two pictures, or fewer than six of the training.
    """
    pictures = check_pictures(pictures, at_least=2)
    training = check_pictures(training, "training pictures", at_least=NEIGHBOURS + 1)
    pictures, training = check_pair(pictures, training, "training pictures")
    _, held_out = check_pair(pictures, held_out, "held-out pictures")
    _, reference = compared_with(training, held_out, len(pictures))
    small, of_training, of_held_out = map(comparable, (pictures, training, held_out))
    return Scores(
        **_compared(pictures, reference),
        memorisation=closer_to_training(small, of_training, of_held_out),
        nearest=_mean_nearest(small, of_training),
    )


def floors(training, held_out, count=None):
    """The Scores of `count` real pictures: what no net needs to surpass.

    By default these are as many as are held out. They are the held-out ones, and where these are
    fewer, those of the training that `judge` leaves out as well. Memorisation, and how far the
    nearest training picture is, are those of the held-out ones alone.
    Raises: ValueError for fewer than two held-out pictures, or fewer than six of the training.
    """
    training = check_pictures(training, "training pictures", at_least=NEIGHBOURS + 1)
    held_out = check_pictures(held_out, "held-out pictures", at_least=2)
    count = len(held_out) if count is None else whole_number("count", count, 2)
    check_pair(training, held_out, "held-out pictures")
    unseen, reference = compared_with(training, held_out, count)
    small, of_training = comparable(held_out), comparable(training)
    return Scores(
        **_compared(unseen, reference),
        memorisation=closer_to_training(small, of_training, small, pictures_are_held_out=True),
        nearest=_mean_nearest(small, of_training),
    )


def compared_with(training, held_out, count):
    """(unseen, reference): `count` real pictures, and what they and a net's are compared with.

    Unseen are the held-out pictures first, then some of the training, by lot. The reference has
    all the others, and half of the training ones or more.
    """
    kept = len(training) + len(held_out) - count
    kept = min(len(training), max(kept, len(training) // 2, NEIGHBOURS + 1))
    order = np.random.default_rng(0).permutation(len(training))
    unseen = np.concatenate([held_out, training[np.sort(order[kept:])]])
    return unseen[:count], training[np.sort(order[:kept])]


def _mean_nearest(pictures, training):
    _, differences = nearest(pictures, training)
    return float(differences.mean())


def _compared(pictures, reference):
    """All numbers but those that ask what was learned by heart."""
    small, others = comparable(pictures), comparable(reference)
    density, coverage = density_and_coverage(small, others)
    return {
        "face_rate": face_rate(pictures),
        "distance": sliced_wasserstein(small, others),
        "patch_distance": patch_distance(pictures, reference),
        "kernel_distance": kernel_distance(small, others),
        "density": density,
        "coverage": coverage,
        "spread": spread(small),
    }
