"""Every exercise of every lesson: its solution is right, its wrong answers get their hints."""

import re

import nbformat
import numpy as np
import pytest

from helpers.classroom.exercises import checking
from helpers.classroom.exercises.checking import check, find
from helpers.classroom.exercises.kinds import Function, Trial, Value
from helpers.classroom.lesson_editions import exercises_of
from helpers.training import chapter_step
from tests import lesson_tools

LESSONS = {path.name[:2]: nbformat.read(path, as_version=4) for path in lesson_tools.lessons()}
ALL = {each.key: each for notebook in LESSONS.values() for each in exercises_of(notebook)}
EVERY = pytest.mark.parametrize("key", ALL)


@pytest.fixture(autouse=True)
def no_tries_yet():
    checking._wrong_tries.clear()


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lessons_exercises_are_those_of_its_file_in_their_order(lesson):
    module = __import__(f"helpers.classroom.exercises.lesson_{lesson}", fromlist=["EXERCISES"])
    keys = [each.key for each in exercises_of(LESSONS[lesson])]
    assert keys == list(module.EXERCISES)
    assert keys == [f"{lesson}.{number}" for number in range(1, len(keys) + 1)]


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_lesson_has_five_exercises_and_three_of_them_need_code(lesson):
    kinds = [type(find(each.key)) for each in exercises_of(LESSONS[lesson])]
    assert len(kinds) >= 5
    assert len([kind for kind in kinds if kind is not Value]) >= (2 if lesson == "00" else 3)


@EVERY
def test_the_solution_that_is_folded_below_is_right(key, capsys):
    space = {"np": np}
    exec(ALL[key].solution, space)
    assert check(key, space[ALL[key].name]) is True
    assert capsys.readouterr().out.rstrip().endswith(find(key).reason)


@EVERY
def test_a_blank_gives_a_sentence_and_no_traceback(key, capsys):
    """The cell as it stands in the lesson, with what the lesson has imported before."""
    space = {"np": np, "check": check, "chapter_step": chapter_step}
    exec(ALL[key].cell.source, space)
    told = capsys.readouterr().out
    assert told.startswith(("No answer yet", "Not yet")) and "Right" not in told


def wrong_answers(exercise):
    """(a wrong answer, the hint that it should get) of an exercise."""
    if isinstance(exercise, Trial):
        return [(make(), hint) for make, hint in exercise.wrong]
    return list(exercise.hints)


@EVERY
def test_typical_wrong_answers_get_hints_of_their_own(key, capsys):
    exercise = find(key)
    wrong = wrong_answers(exercise)
    assert len(wrong) >= 3 and len({hint for _, hint in wrong}) >= 2
    for answer, hint in wrong:
        assert check(key, answer) is False
        told = capsys.readouterr().out
        assert told.startswith("Not yet. ") and hint in told, (answer, told)


def white_square(kind, end=4):
    """Exercise 01.8, of another dtype or with another end."""
    square = np.zeros((5, 5), dtype=kind)
    square[1:end, 1:end] = 255
    return square


SEEN_BY_ALL = {  # what readers gave, and no exercise names: the checker sees it by itself
    "a name without quotation marks": ("00.5", np.zeros(3), "is a word, in quotation marks"),
    "letters with commas": ("01.4", "C, D, A, B", "The letters are right"),
    "letters in several words": ("02.5", ("C", "B", "A"), "The letters are right"),
    "letters with blanks": ("02.9", "C D", "The letters are right"),
    "two letters exchanged": ("04.11", "DCABE", "3 of the 5 letters"),
    "bytes that run over in the ink": (
        "01.6",
        lambda ink, alpha: ink * alpha / 255 + 255 * (1 - alpha / 255),
        "is a byte again, and runs over",
    ),
    "bytes that run over in the paper": (
        "01.6",
        lambda ink, alpha: ink * (alpha / 255) + 255 * (255 - alpha) / 255,
        "is a byte again, and runs over",
    ),
    "bytes that run over in both": (
        "01.6",
        lambda ink, alpha: ink * alpha / 255 + 255 * (255 - alpha) / 255,
        "is a byte again, and runs over",
    ),
    "a fraction cut off": (
        "01.6",
        lambda ink, alpha: (ink * (alpha / 255) + 254.9 * (1 - alpha / 255)).astype("uint8"),
        "a fraction was cut off",
    ),
    "floats for bytes": ("01.8", white_square("float64"), "float64, and uint8 is asked for"),
    "the two ends exchanged": ("02.8", (1, 0), "not their order"),
    "what remains for what is lost": ("03.5", lambda size, layers: size - 4, "and 3 is right"),
    "rounded too much": ("03.8", 1.39, "give more digits"),
    "float64 for float32": ("04.6", lambda pictures: np.stack(pictures) / 255, "and float32 is"),
}


@pytest.mark.parametrize("case", SEEN_BY_ALL)
def test_what_is_wrong_in_any_exercise_is_said_in_each(case, capsys):
    key, answer, words = SEEN_BY_ALL[case]
    assert check(key, answer) is False
    assert words in capsys.readouterr().out


@EVERY
def test_strange_answers_get_a_hint_too(key, capsys):
    for answer in (None, "banana", -123456.0, [], [[1], [2, 3]], print, lambda *_: 1 / 0):
        assert check(key, answer) is False
    told = capsys.readouterr().out.splitlines()
    assert len(told) == 7 or isinstance(find(key), (Function, Trial))


@EVERY
def test_no_hint_shows_the_right_answer(key):
    exercise = find(key)
    if isinstance(exercise, Value) and isinstance(exercise.right, (int, float)):
        shown = {f"{exercise.right:g}", f"{exercise.right:,}"}
        for _, hint in (*exercise.hints, (None, exercise.hint)):
            numbers = set(re.findall(r"-?\d[\d,]*(?:\.\d+)?", hint))
            assert not shown & numbers or exercise.right in (0, 1, 2), (key, hint)


@EVERY
def test_who_gives_no_function_is_told_that_one_is_asked_for(key, capsys):
    exercise = find(key)
    if isinstance(exercise, Function) or getattr(exercise, "of_a_function", False):
        assert check(key, "banana") is False
        assert "Give the function itself" in capsys.readouterr().out
