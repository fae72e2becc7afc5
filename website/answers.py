"""Predictions and exercises of a lesson as the site's pages have them: one chooses, then sees; a
number or a word is checked in the page; and where code is asked for, the page says where it runs.

What the page's scripts need to know stands in the placeholders, as JSON in base64. That keeps an
answer from the eye and from the browser's search, and hides nothing from who looks for it.
"""

import base64
import copy
import html
import json

import nbformat
import numpy as np

from helpers.classroom.exercises.checking import TRIES, find
from helpers.classroom.exercises.differences import IN_WORDS
from helpers.classroom.exercises.kinds import Value
from helpers.classroom.exercises.sentences import IN_A_PAGE, SENTENCES
from helpers.classroom.lesson_editions import exercises_of
from website import links
from website.predictions import paragraphs_of, predictions_of

ROUNDED_TO = (1, 2, 3)  # digits that are too few, as in `differences.nearly_right`
OPEN = ("No answer yet", "Not yet")  # so begins what the stored cell of an exercise printed
FOLDED_CELL = "Its cell in the notebook"
END = '<div class="course-guess-end"></div>'
SAID_TO_A_GUESS = {  # to a right one, to another one; by what the right one is known from
    "text": ("You guessed {guess}, and that is right.", "You guessed {guess}. It is {right}."),
    "runs": (
        "You guessed {guess}, and so it was in the course's own runs.",
        "You guessed {guess}. In the course's own runs it was {right}.",
    ),
    "marks": (
        "You expected “{guess}”, and so say the marks.",
        "You expected “{guess}”. The marks say “{right}”.",
    ),
    "": ("You guessed {guess}. Compare it with what came out.",) * 2,
}
SAID_TO_NO_GUESS = {"none": "Here is what came out."}
GUESS_WITHOUT_SCRIPTS = "Make your guess. Then read on: what came out stands below."
ANSWER_WITHOUT_SCRIPTS = (
    "This page can check your answer where JavaScript is on. Here you can open the solution below."
)


def prepare(notebook, lesson, home=None):
    """A copy of the stored notebook, with its predictions and exercises made ready for a page.

    `notebook`: an nbformat notebook. `lesson`: its number, "05". `home`: the course's public home
    as (repository, branch), or None.
    Raises: ValueError or EditionError, a sentence, where a prediction or an exercise is not
    written as CONTRIBUTING.md says.
    """
    page = copy.deepcopy(notebook)
    exercises = {id(exercise.cell): exercise.key for exercise in exercises_of(page)}
    new = {}  # the cells that come in place of one, by its place
    for number, prediction in enumerate(predictions_of(page), start=1):
        _hide(page, prediction, f"guess-{lesson}-{number}", new)
    for place, cell in enumerate(page.cells):
        if id(cell) in exercises:
            new[place] = _exercise(cell, exercises[id(cell)], _needs_python(lesson, home))
    page.cells = [each for place, cell in enumerate(page.cells) for each in new.get(place, [cell])]
    return page


def _hide(page, prediction, name, new):
    """Put the placeholder of a prediction into `new`, and the mark where its hidden part ends."""
    asked = _text_cell(f"{name}-widget", _placeholder("guess", guess_data(prediction), name))
    if prediction.last == prediction.cell:  # what it prints and draws is all
        code = page.cells[prediction.cell]
        shown = copy.deepcopy(code)
        code.outputs = []
        shown.id, shown.metadata["tags"] = f"{name}-shown", ["remove-input"]
        new[prediction.cell] = [code, asked, shown, _text_cell(f"{name}-end", END)]
        return
    new[prediction.cell] = [asked]
    last = page.cells[prediction.last]
    paragraphs = paragraphs_of(last.source)
    hidden, rest = paragraphs[: prediction.paragraphs], paragraphs[prediction.paragraphs :]
    last.source = "\n\n".join([*hidden, END])
    new[prediction.last] = [last]
    if rest:
        new[prediction.last].append(_text_cell(f"{name}-rest", "\n\n".join(rest)))


def _exercise(cell, key, where_code_runs):
    """The cells of an exercise in a page: a field for a value, and else where its code runs."""
    exercise = find(key)
    cell.outputs = [output for output in cell.outputs if not _is_open(output)]
    if not isinstance(exercise, Value):
        return [cell, _text_cell(f"needs-python-{key.replace('.', '-')}", where_code_runs)]
    cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
    cell.metadata["mystnb"] = {"code_prompt_show": FOLDED_CELL, "code_prompt_hide": FOLDED_CELL}
    name = f"exercise-{key.replace('.', '-')}"
    return [_text_cell(name, _placeholder("answer", answer_data(key, exercise), name)), cell]


def _is_open(output):
    return output.output_type == "stream" and output.text.startswith(OPEN)


def _needs_python(lesson, home):
    """Where an exercise's code can be run: a paragraph of Markdown, in a box."""
    path = next(path for path in links.LESSONS if path.name.startswith(lesson))
    *web, last = [*links.launch_links(path, home), "[on your own computer](../README.md#start)"]
    where = f"{', '.join(web)} or {last}" if web else last
    return (
        '<div class="course-needs-python">\n\n'
        f"**This exercise needs Python.** Open the lesson {where}: there your code is checked.\n\n"
        "</div>"
    )


def guess_data(prediction):
    """What the script of a prediction needs, as `Prediction` has it, and what it says."""
    said = SAID_TO_A_GUESS[prediction.known_from if prediction.right else ""]
    return {
        "choices": list(prediction.choices.items()),
        "asked": prediction.asked,
        "right": prediction.right,
        "sentences": {**dict(zip(("right", "other"), said, strict=True)), **SAID_TO_NO_GUESS},
    }


def answer_data(key, exercise):
    """What the script of an exercise needs: the Value, and what can be said of its answers."""
    right = exercise.right
    is_float = isinstance(right, float)
    return {
        "name": f"Exercise {key.partition('.')[2]}",
        "right": as_typed(right),
        "rounded": [round(float(right), digits) for digits in ROUNDED_TO] if is_float else [],
        "reason": exercise.reason,
        "hints": [[as_typed(wrong), hint] for wrong, hint in exercise.hints],
        "hint": exercise.hint,
        "tries": TRIES,
        "sentences": {**SENTENCES, **IN_A_PAGE},
        "errors": {kind.__name__: sentence for kind, sentence in IN_WORDS.items()},
    }


def as_typed(value):
    """A value as `website/scripts/typed_values.js` has it, for JSON.

    Raises: TypeError for anything but numbers, words, tuples, lists and arrays of numbers.
    """
    if isinstance(value, np.ndarray):
        return {"type": "array", "dtype": str(value.dtype), "parts": _parts(value.tolist())}
    if isinstance(value, (tuple, list)):
        return {"type": type(value).__name__, "parts": _parts(value)}
    for kind in (bool, int, float, str):  # True is an int, too
        if isinstance(value, kind):
            return {"type": kind.__name__, "value": kind(value)}
    raise TypeError(f"{value!r} can't be typed in a page: it is no number, word, row or array.")


def _parts(values):
    return [as_typed(value) for value in values]


def _placeholder(widget, data, name):
    written = base64.b64encode(json.dumps(data).encode()).decode()
    told = GUESS_WITHOUT_SCRIPTS if widget == "guess" else ANSWER_WITHOUT_SCRIPTS
    return (
        f'<div class="course-widget course-{widget}" id="{name}" data-widget="{widget}" '
        f'data-{widget}="{written}"><p>{html.escape(told)}</p></div>'
    )


def _text_cell(name, text):
    return nbformat.v4.new_markdown_cell(text, id=name)
