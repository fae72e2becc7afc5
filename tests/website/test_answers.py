"""Exercises in a page: it says of each answer what `check` says, or where the code can be run."""

import base64
import itertools
import json
import math
import random
import re

import nbformat
import numpy as np
import pytest

from helpers.classroom.exercises import checking
from helpers.classroom.exercises.checking import TRIES, check, find
from helpers.classroom.exercises.differences import IN_WORDS
from helpers.classroom.exercises.kinds import Value
from helpers.classroom.exercises.sentences import IN_A_PAGE, SENTENCES
from helpers.classroom.lesson_editions import exercises_of
from tests import lesson_tools
from tests.website.judging import judged
from website.answers import OPEN, answer_data, as_typed, prepare

LESSONS = {path.name[:2]: nbformat.read(path, as_version=4) for path in lesson_tools.lessons()}
PAGES = {lesson: prepare(notebook, lesson) for lesson, notebook in LESSONS.items()}
KEYS = [each.key for notebook in LESSONS.values() for each in exercises_of(notebook)]
VALUES = [key for key in KEYS if isinstance(find(key), Value)]
EACH_LESSON = pytest.mark.parametrize("lesson", LESSONS)
EACH_VALUE = pytest.mark.parametrize("key", VALUES)
RANDOM_ANSWERS = 60  # for each exercise

STRANGE = (
    *("None", "True", "False", "()", "[]", "(1,)", "[[1], [2, 3]]", "-123456.0", '"banana"', "''"),
    *("1e400", "0", "-1", "1 / 3", "2**0.5", "-1**2", "7 // 2", "-7 // 2", "-7 % 3", "2**-1"),
    *(
        "...",
        "(..., 1)",
        "[1, ...]",
        '(1, "a")',
        "(True, 2)",
        '(1.5, "x", True)',
        "1e-7",
        "1.",
        ".5",
    ),
    *("1_000", "-(2 + 3) * 4", "1, 2", "((1, 2), (3, 4))", "(None, 1)", "(-8) ** 0.5", '"a" + "b"'),
    *("np.array([1, 2])", "np.log(2)", "math.log(4)", "np.sqrt(2)", "math.comb(10, 9) / 2**10"),
    *(
        '("a", "b")',
        '"0.5"',
        '" MEAN "',
        "(1.0, 2)",
        "[True, False]",
        "(1e20, 0.1)",
        '("a",) ',
        "1e16",
    ),
    *("np.array([[1, 0], [0.5, 1]])", 'np.array([1, 2], dtype="uint8")', "np.array([True])"),
)


def typed(value):
    """A value as one types it in Python."""
    if isinstance(value, np.ndarray):
        return f'np.array({value.tolist()}, dtype="{value.dtype}")'
    return repr(float(value)) if isinstance(value, float) else repr(value)


def near_misses(right):
    """What is not far from the right answer, typed in many ways."""
    if isinstance(right, str):
        letters = list(right)
        exchanged = [right[:n] + right[n + 1 : n - 1 : -1] + right[n + 2 :] for n in (1, 2)]
        words = [right.lower(), right.upper(), f"  {right} ", right[:-1], right + right[-1]]
        words += [", ".join(letters), " ".join(letters), right[::-1], *exchanged]
        return [*map(typed, words), typed(tuple(letters)), typed(letters), typed((right,))]
    if isinstance(right, tuple):
        others = [*itertools.islice(itertools.permutations(right), 24), right[:-1], (*right, 1)]
        others += [[*right], tuple(map(float, right)), tuple(map(str, right)), (right,), right[0]]
        others += [tuple(part + 1 for part in right), tuple(-part for part in right), str(right)]
        return [*map(typed, others), ", ".join(map(str, right))]
    if isinstance(right, np.ndarray):
        arrays = [right.astype(kind) for kind in ("int64", "float64", "float32", "bool")]
        arrays += [right.T, right + 0.5, right[:-1], right * 0, right.astype("int64") - 1]
        rows = str(right.tolist())
        others = ("1", "0.5", "1e6", "-2.5e-7", "123456.7", "True")  # in place of white
        return [*map(typed, arrays), rows, *(rows.replace("255", other) for other in others)]
    shares = (1 + 9e-4, 1 + 1.1e-3, 1 + 1e-10, 1 - 5e-9, 0.5, -1, 100, 1 / 3)
    numbers = [right * share for share in shares] + [right + 1, right - 1, float(right), right]
    numbers += [round(float(right), digits) for digits in range(6)]
    text = typed(right)
    return [
        *map(typed, numbers),
        *(f"({text},)", f"[{text}]", f"({text}, 1)", f"{text} * 1", f"({text})", f"+{text}"),
        *(f'"{text}"', f'"{text} "', f"np.array([{text}])"),
    ]


def random_answers(key):
    """Numbers, sums and rows of all sorts; the same ones each time."""
    draw = random.Random(key)
    number = lambda: draw.choice((str(draw.randint(-9, 99)), f"{draw.uniform(-2, 9):.4g}"))  # noqa: E731
    answers = []
    for _ in range(RANDOM_ANSWERS):
        parts = [number() for _ in range(draw.randint(1, 5))]
        signs = [draw.choice(("+", "-", "*", "/", "//", "%")) for _ in parts[1:]]
        pairs = zip(signs, parts[1:], strict=True)
        total = parts[0] + "".join(f" {sign} ({part})" for sign, part in pairs)
        row = f"({', '.join(parts)},)"
        answers.append(draw.choice((total, row, f"[{row}, {row}]", f'"{"".join(parts)}"')))
    return answers


def in_python(text):
    """The value that Python reads; only for texts of this file."""
    return eval(text, {"np": np, "math": math})


def answers_for(key):
    """Everything that is tried for an exercise, as it is typed."""
    exercise = find(key)
    own = [exercise.right, *(wrong for wrong, _ in exercise.hints)]
    tried = [*map(typed, own), *near_misses(exercise.right), *STRANGE, *random_answers(key)]
    return [text for text in dict.fromkeys(tried) if not stops(text)]


def stops(text):
    try:
        in_python(text)
    except (ArithmeticError, SyntaxError):
        return True
    return False


@pytest.fixture(scope="module")
def page_says():
    """{(key, typed): what the page says}, for all exercises and all that is tried."""
    cases = [(key, text) for key in VALUES for text in answers_for(key)]
    data = {key: answer_data(key, find(key)) for key in VALUES}
    told = judged([data[key], text, 0] for key, text in cases)["answers"]
    return dict(zip(cases, told, strict=True))


def notebook_says(key, answer, capsys, wrong_tries=0):
    """The sentence of `check`, as a page has it to say."""
    checking._wrong_tries[key] = wrong_tries
    is_right = check(key, answer)
    sentence = capsys.readouterr().out.rstrip("\n")
    for name, ours in IN_A_PAGE.items():
        sentence = sentence.replace(SENTENCES.get(name, "\0"), ours)
    return sentence, is_right


@EACH_VALUE
def test_the_page_says_what_the_notebook_says(key, page_says, capsys):
    answers = answers_for(key)
    assert len(answers) > 100
    heard = set()
    for text in answers:
        sentence, is_right = notebook_says(key, in_python(text), capsys)
        page = page_says[key, text]
        assert (page["sentence"], page["isRight"]) == (sentence, is_right), text
        heard.add(sentence)
    exercise = find(key)
    assert f"Right. {exercise.reason}" in heard and IN_A_PAGE["open"] in heard
    assert {f"Not yet. {hint}" for _, hint in exercise.hints} <= heard


@EACH_VALUE
def test_after_three_tries_the_solution_is_offered(key, capsys):
    data, wrong = answer_data(key, find(key)), typed(find(key).hints[0][0])
    told = judged([data, wrong, tries] for tries in range(4))["answers"]
    for tries, page in enumerate(told):
        sentence, _ = notebook_says(key, in_python(wrong), capsys, tries)
        assert page["sentence"] == sentence and page["isWrong"]
        assert page["sentence"].endswith(IN_A_PAGE["enough"]) == (tries + 1 >= TRIES)


TYPED_OTHERWISE = {  # what Python would not read, and a page may
    "a word without quotation marks": ("00.5", "inspector", "Right."),
    "in large letters": ("00.5", " Inspector ", "Right."),
    "words without quotation marks": ("06.4", "all is well", None),
    "curly quotation marks": ("00.5", "“inspector”", "Right."),
    "a minus of a word processor": ("00.6", "−0.5 + 1", "Right."),
    "with the name before it": ("00.7", "answer = (45, 56)", "Right."),
    "letters with commas": ("01.4", "C, D, A, B", f"Not yet. {SENTENCES['letters']}"),
    "nothing": ("00.6", "  ", IN_A_PAGE["open"]),
    "a name where a number is asked for": ("00.6", "half", f"Not yet. {IN_WORDS[NameError]}"),
    "a name in a row": ("00.7", "(a, 56)", f"Not yet. {IN_WORDS[NameError]}"),
    "a division by zero": ("00.6", "1 / 0", f"Not yet. {IN_WORDS[ZeroDivisionError]}"),
    "a word and a number": ("00.6", '1 + "a"', f"Not yet. {IN_WORDS[TypeError]}"),
    "an open bracket": ("00.7", "(45, 56", f"Not yet. {IN_A_PAGE['unread']}"),
    "a bracket too many": ("00.7", "45, 56)", f"Not yet. {IN_A_PAGE['unread']}"),
    "two numbers": ("00.6", "1 2", f"Not yet. {IN_A_PAGE['unread']}"),
    "a number that is none": ("00.6", "007", f"Not yet. {IN_A_PAGE['unread']}"),
    "a call": ("01.8", "np.zeros((5, 5))", f"Not yet. {IN_A_PAGE['too_much']}"),
    "code": ("00.6", "import os", f"Not yet. {IN_A_PAGE['unread']}"),
    "a script's code": ("00.6", "window.course", f"Not yet. {IN_WORDS[NameError]}"),
    "an inherited name": ("00.6", "constructor", f"Not yet. {IN_WORDS[NameError]}"),
}


@pytest.mark.parametrize("case", TYPED_OTHERWISE)
def test_what_python_would_not_read_gets_a_sentence_too(case):
    key, text, begin = TYPED_OTHERWISE[case]
    hints = {wrong: hint for wrong, hint in find(key).hints if isinstance(wrong, str)}
    (page,) = judged([[answer_data(key, find(key)), text, 0]])["answers"]
    assert page["sentence"].startswith(begin or f"Not yet. {hints[text]}")
    assert page["isRight"] == page["sentence"].startswith("Right.")
    if not begin or not begin.startswith("Not yet. ") or begin.endswith(SENTENCES["letters"]):
        return
    assert not page["isWrong"], "what can't be read is no try"


def test_only_values_can_be_typed():
    assert as_typed(True) == {"type": "bool", "value": True}
    assert as_typed((1, "a"))["parts"][1] == {"type": "str", "value": "a"}
    with pytest.raises(TypeError, match="can't be typed in a page"):
        as_typed(print)


@EACH_VALUE
def test_a_field_does_not_show_what_is_right(key):
    exercise = find(key)
    name = f"exercise-{key.replace('.', '-')}"
    place = next(c.source for c in PAGES[key[:2]].cells if c.id == name)
    data = json.loads(base64.b64decode(re.search('data-answer="([^"]+)"', place)[1]))
    assert data["reason"] == exercise.reason and data["right"] == as_typed(exercise.right)
    to_be_read = re.sub('(data-answer|id)="[^"]+"', "", place)
    assert exercise.reason not in place and typed(exercise.right) not in to_be_read


@EACH_LESSON
def test_every_exercise_has_one_of_two_treatments(lesson):
    keys = [each.key for each in exercises_of(LESSONS[lesson])]
    names = [cell.id for cell in PAGES[lesson].cells]
    assert keys and len(names) == len(set(names))
    for key in keys:
        short = key.replace(".", "-")
        fields, notes = names.count(f"exercise-{short}"), names.count(f"needs-python-{short}")
        assert (fields, notes) == ((1, 0) if isinstance(find(key), Value) else (0, 1)), key
    places = [n for n, name in enumerate(names) if name.startswith(("exercise-", "needs-python-"))]
    assert len(places) == len(keys)
    said = [o.get("text", "") for cell in PAGES[lesson].cells for o in cell.get("outputs", ())]
    assert not [text for text in said if text.startswith(OPEN)]


def test_a_course_with_an_address_leads_to_places_where_code_runs():
    def note(home):
        page = prepare(LESSONS["05"], "05", home)
        return next(cell.source for cell in page.cells if cell.id == "needs-python-05-1")

    told = note(("someone/faces", "main"))
    assert "mybinder.org/v2/gh/someone/faces/main?urlpath=lab/tree/notebooks/05_training" in told
    assert "colab.research.google.com/github/someone/faces/blob/main/notebooks/05_train" in told
    assert "https:" not in note(None) and "(../README.md#start)" in note(None)
