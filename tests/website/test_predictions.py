"""Predictions in a page: all are found, each with its right choice, and nothing tells it before."""

import base64
import itertools
import json
import re

import nbformat
import pytest

from tests import lesson_tools
from tests.website.judging import judged
from website.answers import END, guess_data, prepare
from website.predictions import paragraphs_of, predictions_of

LESSONS = {path.name[:2]: nbformat.read(path, as_version=4) for path in lesson_tools.lessons()}
PAGES = {lesson: prepare(notebook, lesson) for lesson, notebook in LESSONS.items()}
EACH_LESSON = pytest.mark.parametrize("lesson", LESSONS)
# What a careful reader finds in the texts, lesson by lesson: the right choice, "" where none is
# named or where it depends on the run, and "typed" where no choice is given.
RIGHT = {
    "00": "b b c b a",
    "01": "3 c b c b c faces b",
    "02": "b b c c d b typed b",
    "03": "b c c b typed c c typed",
    "04": "c typed c typed b c c",
    "05": "c b c c c b -",
    "06": "b - c a typed b - c b a",
    "07": "a worse better luck better worse luck luck better worse better better b -",
    "08": "b c c b a - b c c b b b",
    "09": "a a c c c - c c",
}


@EACH_LESSON
def test_every_prediction_is_found_and_its_right_choice_is_the_texts(lesson):
    cells = LESSONS[lesson].cells
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    asked = [source for source in code if re.search(r"guess ?= ?\(?\.\.\.", source)]
    found = predictions_of(LESSONS[lesson])
    assert [cells[each.cell].source for each in found] == asked
    told = [each.right or ("-" if each.choices else "typed") for each in found]
    assert told == RIGHT[lesson].split()


@EACH_LESSON
def test_what_is_hidden_ends_with_the_answer_and_holds_no_heading(lesson):
    for each in predictions_of(LESSONS[lesson]):
        cells = LESSONS[lesson].cells[each.cell + 1 : each.last + 1]
        texts = [paragraphs_of(cell.source) for cell in cells if cell.cell_type == "markdown"]
        hidden = [*itertools.chain(*texts[:-1]), *(texts[-1][: each.paragraphs] if texts else ())]
        assert not [text for text in hidden if text.startswith("#")], hidden
        if each.known_from != "marks":
            assert [cell for cell in cells if cell.cell_type == "code" and cell.outputs], hidden
        if each.right and each.known_from != "marks":
            named = rf"(\*\*{each.right}\*\*|\({each.right}\)|\b{each.right}\b)"
            assert re.search(named, hidden[-1]), hidden[-1]


@EACH_LESSON
def test_nothing_of_a_lesson_gets_lost(lesson):
    def words(notebook):
        text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        return re.sub(r'<div class="course-(widget|needs-python).*?</div>', "", text, flags=re.S)

    assert words(PAGES[lesson]).replace(END, "").split() == words(LESSONS[lesson]).split()
    code = [cell.source for cell in PAGES[lesson].cells if cell.cell_type == "code"]
    before = [cell.source for cell in LESSONS[lesson].cells if cell.cell_type == "code"]
    assert list(dict.fromkeys(code)) == [
        source for source in dict.fromkeys(before) if not source.startswith("my_guess")
    ]
    assert not [source for source in code if "my_guess" in source]
    nbformat.validate(PAGES[lesson])


@EACH_LESSON
def test_every_prediction_has_a_placeholder_that_does_not_tell(lesson):
    places = [c.source for c in PAGES[lesson].cells if 'data-widget="guess"' in c.source]
    assert len(places) == len(RIGHT[lesson].split())
    ends = [c.source for c in PAGES[lesson].cells if c.source.endswith(END)]
    assert len(ends) == len(places)
    for place, each in zip(places, predictions_of(LESSONS[lesson]), strict=True):
        data = json.loads(base64.b64decode(re.search('data-guess="([^"]+)"', place)[1]))
        assert data == json.loads(json.dumps(guess_data(each)))
        assert "right" not in place and not re.search(r"[Aa]nswer", place)


def test_a_guess_gets_a_friendly_sentence():
    predictions = [each for lesson in LESSONS.values() for each in predictions_of(lesson)]
    data = {each.known_from: guess_data(each) for each in predictions if each.right}
    open_one = next(guess_data(each) for each in predictions if each.choices and not each.right)
    assert set(data) == {"text", "runs", "marks"}
    cases = [[one, one["right"]] for one in data.values()]
    cases += [[one, "$&"] for one in data.values()] + [[open_one, "a"], [open_one, None]]
    told = judged(guesses=cases)["guesses"]
    rights = [one["right"] for one in data.values()]
    assert all(right in sentence for right, sentence in zip(rights * 2, told, strict=False))
    assert all("$&" in sentence for sentence in told[3:6])
    assert len(set(told)) == 8 and not [sentence for sentence in told if "{" in sentence]
    assert told[-1] == "Here is what came out." and "Compare" in told[-2]


def test_an_answer_behind_the_next_heading_belongs_to_something_else():
    new = nbformat.v4
    cells = [new.new_markdown_cell("- **a**: x\n- **b**: y")]
    cells += [new.new_code_cell('my_guess = ...  # "a" or "b"'), new.new_code_cell("print(1)")]
    cells += [new.new_markdown_cell("It is 1.\n\n## Another thing\n\nAnswer **b**.")]
    (found,) = predictions_of(new.new_notebook(cells=cells))
    assert (found.last, found.paragraphs, found.right) == (3, 1, None)
    assert found.choices == {"a": "x", "b": "y"}


BROKEN = {
    "an answer that can't be chosen": (
        "**a**: x\n\n- **b**: y",
        "Answer **d**: no.",
        "none of the",
    ),
    "nothing comes after it": ("**a**: x", None, "No text comes after"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_prediction_that_is_badly_written_is_refused(case):
    question, answer, words = BROKEN[case]
    new = nbformat.v4
    cells = [new.new_markdown_cell(question), new.new_code_cell('my_guess = ...  # "a" or "b"')]
    cells += [new.new_markdown_cell(answer)] if answer else []
    with pytest.raises(ValueError, match=words):
        predictions_of(new.new_notebook(cells=cells))
