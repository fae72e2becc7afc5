"""Spread, density and coverage: whether pictures differ, and whether everything is there."""

import itertools

import numpy as np
import pytest

from helpers.judging import density_and_coverage, spread
from helpers.judging.features import fixed_features
from tests.judging.kinds import blurred, each_kind, noise_like, repeated
from tests.pictures import flat_pictures


@each_kind
def test_spread_is_nothing_for_one_picture_and_that_of_the_reference_for_its_other_half(
    kind, halves
):
    one, other = halves(kind)
    assert spread(repeated(one)) == pytest.approx(0, abs=1e-3)
    assert spread(one) == pytest.approx(spread(other), rel=0.1)
    pairs = itertools.combinations(one[:8].astype("float64"), 2)
    expected = np.mean([np.sqrt(((a - b) ** 2).mean()) for a, b in pairs])
    assert spread(one[:8]) == pytest.approx(expected, rel=1e-4)


@each_kind
def test_coverage_sees_what_is_missing(kind, halves):
    one, other = halves(kind)
    _, coverage = density_and_coverage(one, other)
    assert coverage > 0.9
    bright = one.mean(axis=(1, 2, 3))
    half = one[bright > np.median(bright)]  # half of the kinds: the bright ones, as many pictures
    _, of_half = density_and_coverage(np.concatenate([half, half]), other)
    assert of_half < coverage - 0.15
    for bad in (repeated(one), noise_like(one)):
        assert density_and_coverage(bad, other)[1] < 0.1


@each_kind
def test_density_is_one_within_a_kind_and_rises_when_pictures_crowd_in_the_middle(kind, halves):
    one, other = halves(kind)
    density, coverage = density_and_coverage(one, other)
    assert density == pytest.approx(1, abs=0.25)
    assert density_and_coverage(blurred(one, 2), other)[0] > 2 * density
    assert density_and_coverage(noise_like(one), other)[0] < 0.05
    assert density_and_coverage(other, other)[1] == 1.0


def test_density_and_coverage_are_those_of_the_paper():
    """Counted ball by ball."""
    one, other = flat_pictures(20), flat_pictures(12, seed=8)
    x, y = fixed_features(one), fixed_features(other)
    balls = [np.sort(np.linalg.norm(y - centre, axis=1))[5] for centre in y]
    distances = np.array([[np.linalg.norm(a - centre) for centre in y] for a in x])
    inside = distances <= np.array(balls)
    density, coverage = density_and_coverage(one, other)
    assert density == pytest.approx(inside.sum() / 5 / 20)
    assert coverage == pytest.approx(np.mean([column.any() for column in inside.T]))


def test_too_few_pictures_have_no_neighbours():
    good = flat_pictures(5)
    with pytest.raises(ValueError, match="5 pictures have no 5 neighbours"):
        density_and_coverage(good, good)


@pytest.mark.parametrize("neighbours", [0, -1, 2.5])
def test_a_number_of_neighbours_that_can_not_be_is_refused_in_a_sentence(neighbours):
    good = flat_pictures(5)
    told = f"^neighbours is {neighbours}, but it must be a whole number, 1 or more"
    with pytest.raises(ValueError, match=told):
        density_and_coverage(good, good, neighbours)
