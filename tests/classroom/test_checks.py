"""Exercise checks: a right answer gets its reason, a wrong one a hint, and none an error."""

import numpy as np
import pytest

from helpers.classroom import check

REASON = "Because it is so."
HINT = "Think of it in another way."


def said(capsys, *args, **kwargs):
    """(what check returns, what it prints)."""
    kwargs.setdefault("hint", HINT)
    right = check(*args, **kwargs)
    return right, capsys.readouterr().out.strip()


RIGHT = {
    "a number": (7, 7),
    "a float for a whole number": (7.0, 7),
    "a result of division": (0.1 * 3 * 10, 3),
    "a float, nearly": (0.6931, np.log(2)),
    "a word": ("forger", "forger"),
    "a word in capitals, with blanks": ("  Forger ", "forger"),
    "a number as a word": ("7", 7),
    "a tuple": ((50, 50, 3), (50, 50, 3)),
    "a list for a tuple": ([50, 50, 3], (50, 50, 3)),
    "a tuple of words": (("Red", "green"), ("red", "green")),
    "bytes for numbers": (np.array([[0, 255]], dtype="uint8"), [[0, 255]]),
    "an array": (np.eye(3), np.eye(3)),
    "a truth": (True, True),
}


@pytest.mark.parametrize("case", RIGHT)
def test_a_right_answer_gets_its_reason(capsys, case):
    answer, expected = RIGHT[case]
    assert said(capsys, answer, expected, REASON) == (True, f"Right. {REASON}")


WRONG = {
    "another number": (8, 7),
    "a float too far off": (0.69, np.log(2)),
    "another word": ("inspector", "forger"),
    "a word for a number": ("seven", 7),
    "a number for a word": (7, "forger"),
    "a tuple for a number": ((7,), 7),
    "a number for a tuple": (50, (50, 50, 3)),
    "a longer tuple": ((20, 50, 50, 3), (50, 50, 3)),
    "a shape that would broadcast": (np.zeros((1, 5)), np.zeros((5, 5))),
    "rows of different lengths": ([[1, 2], [3]], [[1, 2], [3, 4]]),
    "one word wrong": (("red", "blue"), ("red", "green")),
    "None": (None, 7),
    "a function": (print, 7),
    "a dictionary": ({"rows": 50}, 7),
    "a word for a tuple": ("50, 50, 3", (50, 50, 3)),
    "not a number": (float("nan"), 7),
    "false": (False, True),
    "an empty list": ([], 7),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_answer_gets_the_hint_and_never_an_error(capsys, case):
    answer, expected = WRONG[case]
    assert said(capsys, answer, expected, REASON) == (False, f"Not yet. {HINT}")


def test_a_symbolic_tensor_as_an_answer_is_wrong_and_no_error(capsys):
    class Symbolic:  # as keras.Input(...) behaves
        def __array__(self, dtype=None, copy=None):
            raise ValueError("A KerasTensor is symbolic.")

    assert said(capsys, Symbolic(), (50, 50, 3), REASON) == (False, f"Not yet. {HINT}")


@pytest.mark.parametrize("forgetful", [204_800, 204_928, 204_863])
def test_a_count_must_be_met_exactly(capsys, forgetful):
    # Lesson 03's exercise: without the biases it is one in three thousand too small.
    hints = [(204_800, "Each filter also has a bias."), (204_928, "One bias a filter.")]
    right, words = said(capsys, forgetful, 204_864, REASON, hints)
    assert not right
    assert words == f"Not yet. {dict(hints).get(forgetful, HINT)}"


def test_a_known_mistake_gets_its_own_hint(capsys):
    hints = [((46, 56), "That is R."), ((45, 55), "It stops before the end.")]
    assert said(capsys, (45, 55), (45, 56), REASON, hints) == (
        False,
        "Not yet. It stops before the end.",
    )
    assert said(capsys, (1, 2), (45, 56), REASON, hints) == (False, f"Not yet. {HINT}")


def test_a_hint_for_a_mistake_may_be_of_another_shape_than_the_answer(capsys):
    hints = [([[1], [2, 3]], "ragged"), (np.zeros(3), "zeros"), ("seven", "As a number.")]
    assert said(capsys, "seven", 7, REASON, hints) == (False, "Not yet. As a number.")


def test_not_yet_is_said_once_whoever_writes_it(capsys):
    assert said(capsys, 8, 7, REASON, hint="Not yet. Count again.")[1] == "Not yet. Count again."
    assert said(capsys, 8, 7, REASON, hint="Count again.")[1] == "Not yet. Count again."


@pytest.mark.parametrize("answer", [..., (..., ...), (1, ...), [...]])
def test_three_dots_are_no_answer_yet(capsys, answer):
    right, words = said(capsys, answer, (1, 2), REASON)
    assert not right
    assert words.startswith("No answer yet")


def test_without_a_hint_there_is_still_something_to_go_on(capsys):
    assert not check(8, 7, REASON)
    assert capsys.readouterr().out.startswith("Not yet. Read")
