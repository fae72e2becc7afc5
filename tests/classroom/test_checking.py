"""Exercise checks: a right answer gets its reason, a wrong one a hint, and none an error."""

import numpy as np
import pytest

from helpers.classroom import check
from helpers.classroom.exercises import checking, lesson_00
from helpers.classroom.exercises.kinds import Function, Trial, Value

REASON = "Because it is so."
HINT = "Think of it in another way."
KEY = "00.99"


@pytest.fixture(autouse=True)
def no_tries_yet():
    checking._wrong_tries.clear()


@pytest.fixture
def exercise(monkeypatch):
    """Put an exercise of one's own into lesson 00."""
    return lambda made: monkeypatch.setitem(lesson_00.EXERCISES, KEY, made)


@pytest.fixture
def said(exercise, capsys):
    """(what check returns, what it prints) for an answer, where `expected` is right."""

    def check_value(answer, expected, hints=(), **more):
        exercise(Value(expected, REASON, tuple(hints), **{"hint": HINT, **more}))
        right = check(KEY, answer)
        return right, capsys.readouterr().out.strip()

    return check_value


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
def test_a_right_answer_gets_its_reason(said, case):
    answer, expected = RIGHT[case]
    assert said(answer, expected) == (True, f"Right. {REASON}")


WRONG = {
    "another number": (8, 7),
    "a float too far off": (0.68, np.log(2)),
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
def test_a_wrong_answer_gets_the_hint_and_never_an_error(said, case):
    answer, expected = WRONG[case]
    right, words = said(answer, expected)
    assert not right
    assert words.startswith("Not yet. ") and words.endswith(HINT)


FORMS = {  # answer, what is right, and what is said of the answer
    "a name without quotation marks": (np.eye(3), "forger", "is a word, in quotation marks"),
    "a number for a word": (7, "forger", "is a word, in quotation marks"),
    "a word for a number": ("seven", 7, "without quotation marks"),
    "a word for a tuple": ("50, 50", (50, 50, 3), "without quotation marks"),
    "one number of three": (50, (50, 50, 3), "has 3 parts"),
    "a longer tuple": ((20, 50, 50, 3), (50, 50, 3), "3 parts are asked for, and yours has 4"),
    "several numbers for one": ((7, 8), 7, "a single number is asked for"),
    "another shape": (np.zeros((1, 5)), np.zeros((5, 5)), "the shape (1, 5), and (5, 5)"),
    "one number of four": ([[0, 1], [7, 3]], np.arange(4).reshape(2, 2), "first, at [1, 0], is 7"),
    "too few letters": ("CD", "CDAB", "4 letters are asked for, and yours has 2"),
    "some letters": ("CDBA", "CDAB", "2 of the 4 letters"),
}


@pytest.mark.parametrize("case", FORMS)
def test_what_a_wrong_answer_shows_stands_before_the_hint(said, case):
    answer, expected, told = FORMS[case]
    right, words = said(answer, expected)
    assert not right
    assert told in words and words.endswith(HINT)


NEARLY = {
    "commas": ("C, D, A, B", "CDAB", "The letters are right"),
    "several words": (("c", "d", "a", "b"), "CDAB", "The letters are right"),
    "a full stop": ("collapse.", "collapse", "The letters are right"),
    "another order": ((1, 0), (0, 1), "not their order"),
    "rounded": (1.4, -np.log(0.25), "more digits"),
    "another dtype": (np.eye(3), np.eye(3, dtype="uint8"), "float64, and uint8 is asked for"),
    "a list for bytes": ([[0, 1]], np.array([[0, 1]], dtype="uint8"), "and uint8 is asked for"),
}


@pytest.mark.parametrize("case", NEARLY)
def test_an_answer_that_is_nearly_right_is_told_so_and_gets_no_other_hint(said, case):
    answer, expected, told = NEARLY[case]
    right, words = said(answer, expected)
    assert not right
    assert told in words and HINT not in words


def test_a_symbolic_tensor_as_an_answer_is_wrong_and_no_error(said):
    class Symbolic:  # as keras.Input(...) behaves
        def __array__(self, dtype=None, copy=None):
            raise ValueError("A KerasTensor is symbolic.")

    right, words = said(Symbolic(), (50, 50, 3))
    assert not right
    assert words.startswith("Not yet. ") and words.endswith(HINT)


@pytest.mark.parametrize("forgetful", [204_800, 204_928, 204_863])
def test_a_count_must_be_met_exactly(said, forgetful):
    # Lesson 03's exercise: without the biases it is one in three thousand too small.
    hints = [(204_800, "Each filter also has a bias."), (204_928, "One bias a filter.")]
    right, words = said(forgetful, 204_864, hints)
    assert not right
    assert words == f"Not yet. {dict(hints).get(forgetful, HINT)}"


def test_a_known_mistake_gets_its_own_hint(said):
    hints = [((46, 56), "That is R."), ((45, 55), "It stops before the end.")]
    assert said((45, 55), (45, 56), hints) == (
        False,
        "Not yet. It stops before the end.",
    )
    assert said((1, 2), (45, 56), hints) == (False, f"Not yet. {HINT}")
    assert "Take the dot away." in said("C.D", "CD", [("C.D", "Take the dot away.")])[1]


def test_a_hint_for_a_mistake_may_be_of_another_shape_than_the_answer(said):
    hints = [([[1], [2, 3]], "ragged"), (np.zeros(3), "zeros"), ("seven", "As a number.")]
    assert said("seven", 7, hints) == (False, "Not yet. As a number.")


@pytest.mark.parametrize("answer", [..., (..., ...), (1, ...), [...]])
def test_three_dots_are_no_answer_yet(said, answer):
    right, words = said(answer, (1, 2))
    assert not right
    assert words.startswith("No answer yet")


def test_without_a_hint_there_is_still_something_to_go_on(exercise, capsys):
    exercise(Value(7, REASON))
    assert not check(KEY, 8)
    assert capsys.readouterr().out.startswith("Not yet. Read")


def test_a_third_wrong_try_offers_the_solution_and_a_right_one_does_not(said):
    told = [said(8, 7)[1] for _ in range(4)]
    assert ["Then look below this cell" in words for words in told] == [False, False, True, True]
    assert said(7, 7) == (True, f"Right. {REASON}")


@pytest.mark.parametrize("key", ["99.1", "00.1234", "banana", "", "00", 5])
def test_a_key_that_there_is_not_is_a_sentence(key):
    with pytest.raises(ValueError, match=r"There is no exercise"):
        check(key, 1)


@pytest.fixture
def doubling(exercise, capsys):
    """What check prints for a function, where doubling is right."""
    hints = ((lambda x: x**2, "That is the square."), (lambda x: x + 2, "That adds two."))
    cases = ((3,), (np.arange(4.0),))
    exercise(Function(lambda x: x + x, cases, REASON, hints, HINT))

    def told(function):
        check(KEY, function)
        return capsys.readouterr().out.strip()

    return told


STOPS = "Your function stops with an error,"


def adds_in_place(x):
    x += x
    return x


def never_ends(x):
    while True:
        x = x + 0


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda x: 2 * x, f"Right. {REASON}"),
        (adds_in_place, f"Right. {REASON}"),  # the cases don't change for the right function
        (lambda x: x * x, "Not yet. That is the square."),
        (lambda x: 2 + x, "Not yet. That adds two."),
        (lambda x: 3 * x, f"Not yet. With 3 yours gives 9, and 6 is right. {HINT}"),
        (
            lambda x: 5 if np.ndim(x) else 2 * x,
            "Not yet. It was tried with the shape (4,). Your result is a single number",
        ),
        (
            lambda x: x[1:] if np.ndim(x) else 2 * x,
            "Not yet. It was tried with the shape (4,). Your result has the shape (3,), and",
        ),
        (  # right in one case only
            lambda x: x if np.ndim(x) else 2 * x,
            "Not yet. 3 of its 4 numbers are wrong. The first, at [1] (made of 1), is 1, and 2 is",
        ),
        (
            lambda x: None if np.ndim(x) else 2 * x,
            "Not yet. In one of the tries it returns nothing",
        ),
        (lambda x: None, "Not yet. Your function returns nothing yet"),
        (lambda x: ..., f"Not yet. {HINT}"),
        (lambda: 4, f"Not yet. {STOPS} TypeError"),
        (lambda x: 1 / 0, f"Not yet. {STOPS} ZeroDivisionError: division by zero. Somewhere it"),
        (6, "Not yet. Give the function itself"),
        (..., "No answer yet"),
    ],
)
def test_a_function_is_tried_on_all_cases(doubling, function, words):
    assert doubling(function).startswith(words)


def test_a_mistake_that_stops_with_an_error_has_its_own_hint_beside_the_error(exercise, capsys):
    """A typical wrong function may raise: whoever gets the same error gets its hint."""
    hints = ((lambda x: 2 / (x - 3), "Multiply."), (lambda x: x.size, "A number has no size."))
    exercise(Function(lambda x: 2 * x, ((1,), (3,)), REASON, hints, HINT))
    for function, words in (
        (lambda x: 2 / (x - 3), f"{STOPS} ZeroDivisionError: division by zero. Multiply."),
        (lambda x: x.size, "'int' object has no attribute 'size'. A number has no size."),
        (lambda x: x.shape, "'int' object has no attribute 'shape'. Behind a dot"),  # another error
        (lambda x: x / (x - 3), f"{STOPS} ZeroDivisionError: division by zero. Multiply."),
        (lambda x: x / (x - 1), f"{STOPS} ZeroDivisionError: division by zero. Somewhere"),
    ):
        assert check(KEY, function) is False
        assert words in capsys.readouterr().out


BYTES = np.array([1, 100, 200], dtype="uint8")


def test_bytes_that_run_over_are_seen_and_a_wrong_formula_is_not_called_so(exercise, capsys):
    exercise(Function(lambda x: [3 * int(one) for one in x], ((BYTES,),), REASON, (), HINT))
    for function, words in (
        (lambda x: x.astype(float) * 3, "Right."),
        (lambda x: x * 3, "Not yet. With floats it would be right."),
        (lambda x: x * 2, f"Not yet. {3} of its 3 numbers are wrong."),
    ):
        check(KEY, function)
        assert capsys.readouterr().out.startswith(words)


def test_no_warning_is_shown_and_a_result_that_is_no_number_is_known(exercise, recwarn, capsys):
    hints = ((lambda x: np.sqrt(x - 1.0), "A root of what?"),)
    exercise(Function(lambda x: x / 3.0, ((0,), (2,)), REASON, hints, HINT))
    assert check(KEY, lambda x: np.sqrt(-1.0 + x)) is False
    assert "A root of what?" in capsys.readouterr().out
    assert not recwarn.list


def test_a_fraction_that_was_cut_off_is_seen(exercise, capsys):
    exercise(Function(lambda x: x / 3, ((BYTES,),), REASON, (), HINT))
    for function, words in (
        (lambda x: x // 3, "Not yet. Your numbers are up to 1 too small: a fraction was cut off."),
        (lambda x: x // 2, "Not yet. 3 of its 3 numbers are wrong."),
    ):
        check(KEY, function)
        assert capsys.readouterr().out.startswith(words)


def test_where_a_question_names_a_dtype_another_one_is_not_right(exercise, capsys):
    exercise(Function(lambda x: x / 3, ((BYTES,),), REASON, (), HINT, dtype="float32"))
    for function, words in (
        (lambda x: x / np.float32(3), "Right."),
        (lambda x: x / 3.0 * np.ones(3), "Not yet. The numbers are right, but they are float64"),
    ):
        check(KEY, function)
        assert capsys.readouterr().out.startswith(words)


def test_a_function_that_never_ends_is_stopped(doubling, monkeypatch):
    import sys

    monkeypatch.setattr(checking, "SECONDS", 0.2)
    former = sys.gettrace()
    assert "did not end within 0.2 s" in doubling(never_ends)
    assert sys.gettrace() is former


def test_what_has_to_be_tried_gets_its_hint_and_an_error_is_one(exercise, capsys):
    exercise(Trial(lambda net: None if net.layers == 3 else "Count the layers.", REASON))
    for layers, words in ((3, "Right."), (2, "Not yet. Count the layers.")):
        check(KEY, type("Net", (), {"layers": layers}))
        assert capsys.readouterr().out.startswith(words)
    assert check(KEY, 5) is False
    assert "It can't be tried: AttributeError" in capsys.readouterr().out
