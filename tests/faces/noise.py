"""Pictures of noise for tests: no two seeds look alike."""

import io

import numpy as np
from PIL import Image


def noise(seed, height=60, width=60):
    """Noise as a picture: uint8 (height, width, 3)."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype="uint8")


def noise_jpeg(seed, side=20):
    """The bytes of a square JPEG of noise."""
    file = io.BytesIO()
    Image.fromarray(noise(seed, side, side)).save(file, "JPEG")
    return file.getvalue()
