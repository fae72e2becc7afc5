"""The fixed net sees what its table says."""

import numpy as np

from helpers.judging.features import fixed_features


def test_the_fixed_net_convolves_as_its_table_says():
    """All three layers again, pixel by pixel."""
    picture = np.random.default_rng(2).random((1, 50, 50, 3), dtype="float32")
    random = np.random.default_rng(0)
    x = 2.0 * picture[0] - 1.0
    for size, filters in ((5, 32), (3, 64), (3, 128)):
        inputs = size * size * x.shape[-1]
        kernel = random.standard_normal((inputs, filters)) * np.sqrt(2 / inputs)
        padded = np.pad(x, ((size // 2,) * 2, (size // 2,) * 2, (0, 0)))
        places = range(-(-len(x) // 2))
        x = np.array([[_seen(padded, 2 * row, 2 * column, size) @ kernel for column in places]
                      for row in places])  # fmt: skip
        x = np.maximum(x, 0)
    seen = fixed_features(picture)
    assert seen.shape == (1, 6272) and seen.dtype == "float32"
    assert np.allclose(seen, x.reshape(1, -1), rtol=1e-3, atol=1e-4)


def _seen(padded, row, column, size):
    """The numbers under a layer's window, colour by colour."""
    return padded[row : row + size, column : column + size].transpose(2, 0, 1).reshape(-1)
