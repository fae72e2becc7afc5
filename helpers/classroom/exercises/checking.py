"""How an answer is checked: a right one gets its reason, a wrong one a hint, never a traceback."""

import importlib
import sys
import time
from collections import Counter

import numpy as np

from helpers.classroom.exercises.kinds import (
    NOT_A_FUNCTION,
    RETURNS_NOTHING,
    Function,
    Trial,
    Value,
)

SECONDS = 5.0  # that a learner's function may take in one case
TRIES = 3  # after so many wrong ones the solution is offered

_wrong_tries = Counter()  # of this kernel, by exercise


class TakesTooLong(Exception):
    """A learner's function did not come to its end."""


def check(key, answer):
    """Print "Right" with the reason, or "Not yet" with a hint; return whether it is right.

    `key`: lesson and exercise, "05.3" for example. `...`, alone or in a tuple, and a function that
    returns nothing count as not answered yet.
    Raises: ValueError for a key that there is not.
    """
    exercise = find(key)
    if _is_open(answer):
        print("No answer yet: put yours in place of the three dots, and run the cell again.")
        return False
    hint = _ways_to_check[type(exercise)](exercise, answer)
    if hint is None:
        print(f"Right. {exercise.reason}")
        return True
    _wrong_tries[key] += 1
    if _wrong_tries[key] >= TRIES:
        hint += " (The solution is folded below this cell; try once more before you look.)"
    print(f"Not yet. {hint}")
    return False


def find(key):
    """The exercise of that key. Raises: ValueError, a sentence, where there is none."""
    lesson = str(key).partition(".")[0]
    try:
        module = importlib.import_module(f"{__package__}.lesson_{lesson}")
    except ModuleNotFoundError as error:
        raise ValueError(f"There is no exercise {key!r}: a key is like '05.3'.") from error
    if key not in module.EXERCISES:
        there = ", ".join(module.EXERCISES)
        raise ValueError(f"There is no exercise {key!r}; lesson {lesson} has {there}.")
    return module.EXERCISES[key]


def _is_open(answer):
    return answer is ... or (
        isinstance(answer, (tuple, list)) and any(part is ... for part in answer)
    )


def _hint_for_value(exercise, answer):
    if _same(answer, exercise.right):
        return None
    hints = (hint for wrong, hint in exercise.hints if _same(answer, wrong))
    return next(hints, exercise.hint)


def _hint_for_function(exercise, answer):
    if not callable(answer):
        return NOT_A_FUNCTION
    results = []
    for case in exercise.cases:
        try:
            results.append(call_in_time(answer, _copies(case)))
        except TakesTooLong:
            return f"Your function did not end within {SECONDS:g} s. Is there a loop without end?"
        except Exception as error:  # whatever a learner's code raises
            return f"Your function stops with an error, {type(error).__name__}: {error}"
    if all(result is None for result in results):
        return RETURNS_NOTHING
    if _agree(results, exercise.right, exercise.cases):
        return None
    hints = (hint for wrong, hint in exercise.hints if _agree(results, wrong, exercise.cases))
    return next(hints, exercise.hint)


def _hint_for_trial(exercise, answer):
    if exercise.of_a_function and not callable(answer):
        return NOT_A_FUNCTION
    try:
        return exercise.find_mistake(answer)
    except Exception as error:  # whatever a learner's net or code raises
        return f"It can't be tried: {type(error).__name__}: {error}"


_ways_to_check = {Value: _hint_for_value, Function: _hint_for_function, Trial: _hint_for_trial}


def _copies(case):
    """The arguments anew: a function that changes an array in place must not change the case."""
    return [part.copy() if isinstance(part, np.ndarray) else part for part in case]


def _agree(results, function, cases):
    return all(
        _same(result, function(*_copies(case))) for result, case in zip(results, cases, strict=True)
    )


def call_in_time(function, arguments):
    """What the function returns. Raises: TakesTooLong after `SECONDS`, if it runs Python lines."""
    deadline = time.monotonic() + SECONDS
    former = sys.gettrace()

    def watch(frame, event, argument):
        if time.monotonic() > deadline:
            raise TakesTooLong
        return watch

    sys.settrace(watch)  # works on every system and in every thread, unlike a signal
    try:
        return function(*arguments)
    finally:
        sys.settrace(former)


def _same(answer, expected):
    """Whether an answer agrees with another; False for all that is no number, word or array."""
    try:
        answer, expected = np.asarray(answer), np.asarray(expected)
    except (TypeError, ValueError):  # rows of different lengths, a net's symbolic tensor
        return False
    if answer.shape != expected.shape:
        return False
    kinds = answer.dtype.kind + expected.dtype.kind
    if "U" in kinds:
        return bool(np.all(_plain_words(answer) == _plain_words(expected)))
    if not set(kinds) <= set("biuf"):
        return False
    # A thousandth of a parameter count would forgive forgotten biases.
    tolerance = 1e-3 if expected.dtype.kind == "f" else 1e-9
    return bool(np.allclose(answer, expected, rtol=tolerance, atol=1e-6))


def _plain_words(words):
    return np.char.lower(np.char.strip(words.astype(str)))
