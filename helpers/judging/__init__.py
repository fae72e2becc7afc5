"""How good are the faces? Several numbers, because none of them sees everything.

Every function raises ValueError, with a sentence, for pictures that have no such number: none or
too few, of another shape or size, of another range, with NaN in them.
Importing this wing imports no TensorFlow.
"""

from helpers.judging.distances import kernel_distance, patch_distance, sliced_wasserstein
from helpers.judging.diversity import density_and_coverage, spread
from helpers.judging.face_detector import face_rate, finds_face
from helpers.judging.memorisation import closer_to_training, nearest
from helpers.judging.modes import DrawnModes, kinds_are_known
from helpers.judging.scores import Scores, compared_with, floors, judge, split

__all__ = [
    "DrawnModes",
    "Scores",
    "closer_to_training",
    "compared_with",
    "density_and_coverage",
    "face_rate",
    "finds_face",
    "floors",
    "judge",
    "kernel_distance",
    "kinds_are_known",
    "nearest",
    "patch_distance",
    "sliced_wasserstein",
    "split",
    "spread",
]
