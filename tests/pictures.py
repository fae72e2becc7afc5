"""Pictures for tests of training."""

import numpy as np


def flat_pictures(count, seed=3):
    """Pictures that can be told apart: each is one flat colour, its own.

    Float32 (count, 50, 50, 3) in [0, 1].
    """
    colours = np.random.default_rng(seed).random((count, 1, 1, 3), dtype="float32")
    return np.broadcast_to(colours, (count, 50, 50, 3)).copy()
