"""Pictures for tests."""

from pathlib import Path

import numpy as np

# The 530 photographs, where a developer has them; they are never committed.
PHOTOGRAPHS = Path(__file__).parent.parent.parent / "shared" / "lfw" / "George_W_Bush"


def flat_pictures(count, seed=3):
    """Pictures that can be told apart: each is one flat colour, its own.

    Float32 (count, 50, 50, 3) in [0, 1].
    """
    colours = np.random.default_rng(seed).random((count, 1, 1, 3), dtype="float32")
    return np.broadcast_to(colours, (count, 50, 50, 3)).copy()
