"""Pictures whose numbers are known: of two kinds, and what can be wrong with them."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from tests.pictures import PHOTOGRAPHS

needs_photographs = pytest.mark.skipif(
    not PHOTOGRAPHS.is_dir(), reason="needs the photographs in ../shared/lfw"
)
each_kind = pytest.mark.parametrize(
    "kind", ["drawn", pytest.param("photographs", marks=needs_photographs)]
)


def noise_like(pictures):
    return np.random.default_rng(5).random(pictures.shape, dtype="float32")


def blurred(pictures, pixels=1.0):
    return gaussian_filter(pictures, (0, pixels, pixels, 0))


def repeated(pictures):
    return np.repeat(pictures[:1], len(pictures), axis=0)
