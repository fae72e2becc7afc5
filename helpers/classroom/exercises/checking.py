"""How an answer is checked: a right one gets its reason, a wrong one a hint, never a traceback."""

import importlib
import sys
import time
import warnings
from collections import Counter

import numpy as np

from helpers.classroom.exercises.differences import (
    BYTES_RUN_OVER,
    difference,
    in_words,
    nearly_right,
    other_dtype,
    other_form,
    same,
)
from helpers.classroom.exercises.kinds import (
    NOT_A_FUNCTION,
    RETURNS_NOTHING,
    Function,
    Trial,
    Value,
)
from helpers.classroom.exercises.sentences import SENTENCES

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
        print(SENTENCES["open"])
        return False
    hint = _ways_to_check[type(exercise)](exercise, answer)
    if hint is None:
        print(SENTENCES["right"].format(reason=exercise.reason))
        return True
    _wrong_tries[key] += 1
    if _wrong_tries[key] >= TRIES:
        hint += SENTENCES["enough"]
    print(SENTENCES["wrong"].format(hint=hint))
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
    if same(answer, exercise.right):
        is_array = isinstance(exercise.right, np.ndarray)
        return other_dtype(answer, exercise.right.dtype if is_array else None)
    hints = (hint for wrong, hint in exercise.hints if same(answer, wrong))
    own = next(hints, None) or nearly_right(answer, exercise.right)
    return own or f"{other_form(answer, exercise.right)} {exercise.hint}".strip()


def _hint_for_function(exercise, answer):
    if not callable(answer):
        return NOT_A_FUNCTION
    try:
        outcomes = [_outcome(_in_time(answer), case) for case in exercise.cases]
        if all(outcome is None for outcome in outcomes):
            return RETURNS_NOTHING
        if _agree(outcomes, exercise.right, exercise.cases):
            return other_dtype(outcomes[0], exercise.dtype)
        for case, outcome in zip(exercise.cases, outcomes, strict=True):
            if isinstance(outcome, Exception):
                own = _hint_for_error(exercise, case, outcome)
                return f"Your function stops with an error, {in_words(outcome, own)}"
        hints = (hint for wrong, hint in exercise.hints if _agree(outcomes, wrong, exercise.cases))
        own = next(hints, None)
        return own or f"{_what_differs(exercise, answer, outcomes)} {exercise.hint}".strip()
    except TakesTooLong:
        return f"Your function did not end within {SECONDS:g} s. Is there a loop without end?"


def _hint_for_error(exercise, case, error):
    """The hint of a wrong function that stops in this case with the same error, or None."""
    for wrong, hint in exercise.hints:
        other = _outcome(wrong, case)
        if type(other) is type(error) and other.args == error.args:
            return hint
    return None


def _what_differs(exercise, answer, results):
    """What a function's results show where no typical mistake gives them, or ''."""
    if any(_is_bytes(part) for case in exercise.cases for part in case):
        cases = [[_as_floats(part) for part in case] for case in exercise.cases]
        if _agree([_outcome(_in_time(answer), case) for case in cases], exercise.right, cases):
            return BYTES_RUN_OVER
    for case, result in zip(exercise.cases, results, strict=True):
        expected = exercise.right(*_copies(case))
        told = "" if same(result, expected) else difference(case, result, expected)
        if told:
            return told
    return ""


def _hint_for_trial(exercise, answer):
    if exercise.of_a_function and not callable(answer):
        return NOT_A_FUNCTION
    try:
        return exercise.find_mistake(answer)
    except Exception as error:  # whatever a learner's net or code raises
        return f"It can't be tried: {in_words(error)}"


_ways_to_check = {Value: _hint_for_value, Function: _hint_for_function, Trial: _hint_for_trial}


def _copies(case):
    """The arguments anew: a function that changes an array in place must not change the case."""
    return [part.copy() if isinstance(part, np.ndarray) else part for part in case]


def _is_bytes(part):
    return isinstance(part, np.ndarray) and part.dtype == np.uint8


def _as_floats(part):
    return part.astype(float) if _is_bytes(part) else part


def _outcome(function, case):
    """What a function returns, or the error with which it stops. Warnings are not shown."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # numpy's own words would stand below the hint
            return function(*_copies(case))
    except TakesTooLong:
        raise
    except Exception as error:  # whatever a learner's code raises
        return error


def _agree(outcomes, function, cases):
    """Whether the function gives these results."""
    return all(
        same(outcome, _outcome(function, case))
        for outcome, case in zip(outcomes, cases, strict=True)
    )


def _in_time(function):
    return lambda *arguments: call_in_time(function, arguments)


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
