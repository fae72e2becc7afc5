"""What a function is given: good values pass, and others get a sentence with their name."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from helpers.arguments import LARGEST_SEED, real_number, whole_number


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3), np.array(3)])
def test_a_whole_number_of_any_kind_comes_back_as_an_int(value):
    number = whole_number("n", value, 1, 3)
    assert number == 3 and type(number) is int


@pytest.mark.parametrize(
    "value", [0, -1, 1.0, 2.5, True, np.True_, "3", None, float("nan"), [3], np.array([3, 4])]
)
def test_what_is_no_whole_number_is_refused_by_name(value):
    with pytest.raises(ValueError) as refused:
        whole_number("n", value, 1)
    assert str(refused.value) == f"n is {value!r}, but it must be a whole number, 1 or more."


@pytest.mark.parametrize("value", [7, 1025, 10**400])
def test_both_limits_are_told_where_there_are_two(value):
    with pytest.raises(ValueError, match=r", but it must be a whole number, from 8 to 1024\.$"):
        whole_number("size", value, 8, 1024)


def test_both_limits_are_still_allowed():
    assert whole_number("size", 8, 8, 1024) == 8
    assert whole_number("size", 1024, 8, 1024) == 1024
    assert whole_number("n", 10**400, 1) == 10**400


@pytest.mark.parametrize("value", [0.5, 1, np.float32(0.5), np.int64(1), Fraction(1, 3)])
def test_a_number_comes_back_as_it_was_given(value):
    assert real_number("width", value, above=0, most=1) is value


@pytest.mark.parametrize(
    ("value", "limits", "wanted"),
    [
        (0, {"above": 0, "most": 1}, "a number above 0 and at most 1"),
        (1.01, {"above": 0, "most": 1}, "a number above 0 and at most 1"),
        (10**400, {"above": 0, "most": 1}, "a number above 0 and at most 1"),
        (-0.001, {"least": 0}, "a number 0 or more"),
        (0, {"above": 0}, "a number above 0"),
        (float("inf"), {"above": 0}, "a number above 0"),
        (10**400, {"above": 0}, "a number above 0"),
        (float("nan"), {"least": 0}, "a number 0 or more"),
        ("1", {"least": 0}, "a number 0 or more"),
        (True, {"least": 0}, "a number 0 or more"),
        (None, {"least": 0}, "a number 0 or more"),
        (1j, {"least": 0}, "a number 0 or more"),
        (Decimal(1), {"least": 0}, "a number 0 or more"),
        (np.array([1.0, 2.0]), {"least": 0}, "a number 0 or more"),
        (float("-inf"), {}, "a finite number"),
    ],
)
def test_what_is_no_such_number_is_refused_by_name(value, limits, wanted):
    with pytest.raises(ValueError) as refused:
        real_number("minutes", value, **limits)
    assert str(refused.value) == f"minutes is {value!r}, but it must be {wanted}."


def test_a_limit_that_is_not_said_to_be_above_is_still_allowed():
    assert real_number("seconds", 0, least=0) == 0
    assert real_number("width", 1, above=0, most=1) == 1
    assert real_number("any", -1e300) == -1e300


def test_numpy_takes_the_largest_seed_and_none_larger():
    np.random.RandomState(LARGEST_SEED)
    with pytest.raises(ValueError):
        np.random.RandomState(LARGEST_SEED + 1)
