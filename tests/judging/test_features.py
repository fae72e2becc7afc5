"""The fixed net sees what its table says."""

import numpy as np
import pytest

from helpers.judging import features
from helpers.judging.features import REMEMBERED, fixed_features


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


def test_the_same_pictures_are_looked_at_once_and_changed_ones_anew(monkeypatch):
    looked_at = []
    really = features._computed
    monkeypatch.setattr(features, "_remembered", {})
    monkeypatch.setattr(features, "_computed", lambda x: looked_at.append(len(x)) or really(x))
    sets = [np.full((count, 50, 50, 3), 0.5, "float32") for count in range(1, REMEMBERED + 2)]
    first = fixed_features(sets[0])
    assert np.array_equal(fixed_features(sets[0].copy()), first) and looked_at == [1]
    sets[0][:, 10] = 1.0  # the same array, another picture
    assert not np.array_equal(fixed_features(sets[0]), first) and looked_at == [1, 1]
    for pictures in [*sets[1:], *sets[1:]]:
        fixed_features(pictures)
        assert len(features._remembered) <= REMEMBERED
    assert looked_at == [1, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="read-only"):
        first[:] = 0.0
