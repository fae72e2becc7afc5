"""The three distances: small within a kind, and larger the more is wrong."""

import itertools
import tracemalloc

import numpy as np
import pytest
from scipy.spatial.distance import cdist
from scipy.stats import wasserstein_distance

from helpers.judging import kernel_distance, patch_distance, sliced_wasserstein
from helpers.judging.distances import euclidean_distances
from helpers.judging.features import fixed_features
from tests.judging.kinds import blurred, each_kind, noise_like, repeated
from tests.pictures import flat_pictures

PAIRS = {
    "distance": sliced_wasserstein,
    "patch distance": patch_distance,
    "kernel distance": kernel_distance,
}


@each_kind
@pytest.mark.parametrize("name", PAIRS)
def test_a_distance_is_small_within_a_kind_and_grows_with_what_is_wrong(name, kind, halves):
    one, other = halves(kind)
    distance = PAIRS[name]
    within = abs(distance(one, other))
    assert within < 0.5 * distance(one * 0.6, other)
    assert within < 0.4 * distance(noise_like(one), other)
    assert within < 0.4 * distance(repeated(one), other)


@each_kind
@pytest.mark.parametrize("name", ["patch distance", "kernel distance"])
def test_two_of_the_distances_see_a_strong_blur(name, kind, halves):
    one, other = halves(kind)
    within = abs(PAIRS[name](one, other))
    assert within < 0.5 * PAIRS[name](blurred(one, 2), other)


@pytest.mark.parametrize(
    ("name", "rel"), [("distance", 1e-6), ("patch distance", 0.05), ("kernel distance", 1e-4)]
)
def test_a_distance_is_the_same_in_both_directions(name, rel, halves):
    """The patch distance nearly: the squares are cut at other places."""
    one, other = halves("drawn")
    there, back = PAIRS[name](one, other), PAIRS[name](other, one)
    assert there == pytest.approx(back, rel=rel)


def test_the_distance_to_itself_is_nothing(halves):
    one, _ = halves("drawn")
    assert sliced_wasserstein(one, one) < 1e-9


def test_the_patch_distance_to_itself_is_that_of_two_draws_of_patches(halves):
    """Less than half of what a blur makes that hardly anybody sees."""
    one, _ = halves("drawn")
    slight_blur = patch_distance(blurred(one, 0.5), one)
    assert 0 < patch_distance(one, one) < 0.5 * slight_blur


def test_the_kernel_distance_to_itself_is_below_0_by_what_a_picture_with_itself_makes(halves):
    """Without bias means: no picture with itself within a set, but across the two sets it is."""
    one, _ = halves("drawn")
    x = fixed_features(one).astype("float64")
    kernel = (x @ x.T / 6272 + 1) ** 3
    same = np.eye(len(x), dtype=bool)
    expected = -2 / len(x) * (kernel[same].mean() - kernel[~same].mean())
    assert kernel_distance(one, one) == pytest.approx(expected, rel=0.01)
    assert expected < -0.001


def test_the_distance_hardly_sees_blur_but_the_patch_distance_does(halves):
    one, other = halves("drawn")
    rise = {
        name: PAIRS[name](blurred(one), other) / PAIRS[name](one, other)
        for name in ("distance", "patch distance")
    }
    assert rise["patch distance"] > 3 * rise["distance"]


def test_the_distance_is_the_mean_of_one_dimensional_wasserstein_distances():
    random = np.random.default_rng(0)
    one, other = random.random((2, 400, 8, 8, 3), dtype="float32")
    other = other**2
    directions = np.random.default_rng(9).standard_normal((300, 192))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    points = [2 * heap.reshape(400, -1) - 1 for heap in (one, other)]
    expected = np.mean([wasserstein_distance(*(heap @ d for heap in points)) for d in directions])
    assert sliced_wasserstein(one, other) == pytest.approx(expected, rel=0.1)


def test_the_kernel_distance_is_the_unbiased_one_of_the_paper():
    one, other = flat_pictures(6), flat_pictures(9, seed=4)
    x, y = (fixed_features(heap).astype("float64") for heap in (one, other))

    def k(a, b):
        return (np.dot(a, b) / 6272 + 1) ** 3

    expected = (
        np.mean([k(a, b) for a, b in itertools.permutations(x, 2)])
        + np.mean([k(a, b) for a, b in itertools.permutations(y, 2)])
        - 2 * np.mean([k(a, b) for a in x for b in y])
    )
    assert kernel_distance(one, other) == pytest.approx(expected, rel=1e-4)


def test_pictures_too_small_for_a_patch_are_refused_in_a_sentence():
    low = flat_pictures(14)[:, :7]
    with pytest.raises(ValueError, match="7 x 50 pixels, but 8 x 8 or more are needed"):
        patch_distance(low, low)


def test_distances_between_many_pictures_are_those_of_scipy_and_take_no_copy_of_them():
    random = np.random.default_rng(0)
    points, others = (random.random((count, 30_000), dtype="float32") for count in (40, 90))
    tracemalloc.start()
    distances = euclidean_distances(points, others)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    np.testing.assert_allclose(distances, cdist(points, others), rtol=1e-4)
    assert peak < points.nbytes / 4
