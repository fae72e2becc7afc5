"""Predictions in a lesson: where one guesses, what can be guessed, what came out, and how far the
part goes that a page shows only after the guess."""

import re
from dataclasses import dataclass

from helpers.classroom.tuning import GOOD_MARKS, GUESSES

GUESS = re.compile(r"my_guess = (?:\.\.\.|\(\.\.\., \.\.\.\))  # (.+)")
KNOB = re.compile(r"table\.turn\(.*guess=\.\.\.\)")  # lesson 07 asks in the cell that also answers
OPTION = r'(?:"[a-z]+"|\d)'
OPTIONS = re.compile(rf"{OPTION}(?:, {OPTION})* or {OPTION}")
# What stands for a choice in the question: "- **a**: …", "(a) …, (b) …" or "`"a"`: …; `"b"`: …".
CHOICE = re.compile(r'(?:^- \*\*([a-e])\*\*: |\(([a-e])\)\s|`"([a-e])"`:?\s)', re.MULTILINE)
WORDS_END = re.compile(r"[.?!;](?=\s|$)|,?\s*$")
LETTER = r"(?:\*\*([a-e])\*\*|\(([a-e])\)|([b-e]\b|a(?=[.,:;])))"
ANSWERS = (
    re.compile(r"Answer (?:\*\*(\w+)\*\*|`\"(\w+)\"`)"),
    re.compile(rf"\b(?:[Ii]t|answer) (?:was|is|should be) {LETTER}"),
    re.compile(rf"\bOurs does {LETTER}"),
    re.compile(r"[a-z]: \(([a-e])\)\."),
)
# Another run may give something else.
OF_SOME_RUNS = re.compile(r"\b(?:[Oo]ur|us|own pieces|Drawn faces|drawn person|should be)\b")
CHANGES = re.compile(r"\*\*[a-e]\*\* in some runs, and \*\*[a-e]\*\* in others")
MARKED = re.compile(r"\d\.\d{3} ([▲▼]?)")  # a number in the table of lesson 07, and its mark


@dataclass(frozen=True)
class Prediction:
    """One prediction. `cell`: the place of the code cell where the guess is written.

    `choices`: {what can be chosen: in words}, empty where something is typed, of which `asked`
    tells the form. `last`, `paragraphs`: the text cell with which the part ends that comes after
    the guess, and how many of its paragraphs belong there; `last` is `cell` where the cell's own
    output is all. `right`: the right choice, or None where nothing names one. `known_from`: "text"
    where the text says it for all runs, "runs" where it says it for the course's own, "marks" where
    the table of lesson 07 says it, and "" where it is not known.
    """

    cell: int
    choices: dict
    asked: str
    last: int
    paragraphs: int = 0
    right: str | None = None
    known_from: str = ""


def predictions_of(notebook):
    """The Predictions of a lesson, in their order.

    Raises: ValueError, a sentence, where nothing comes after a guess, or the right choice is none
    of those that can be chosen.
    """
    cells = notebook.cells
    found = []
    for place, cell in enumerate(cells):
        if cell.cell_type == "code" and (guess := GUESS.fullmatch(cell.source)):
            found.append(_prediction(cells, place, guess.group(1)))
        elif cell.cell_type == "code" and KNOB.search(cell.source):
            choices = dict.fromkeys(GUESSES, "")
            found.append(Prediction(place, choices, "", place, 0, _said_by_marks(cell), "marks"))
    return found


def paragraphs_of(text):
    """The paragraphs of a text; what is fenced or folded is one, blank lines included."""
    pieces, inside = [], False
    for piece in re.split(r"\n[ \t]*\n", text):
        if inside:
            pieces[-1] += f"\n\n{piece}"
        else:
            pieces.append(piece)
        inside = pieces[-1].count("```") % 2 == 1 or (
            pieces[-1].count("<details") > pieces[-1].count("</details>")
        )
    return pieces


def _prediction(cells, place, comment):
    options = [option.strip('"') for option in re.findall(OPTION, comment)]
    if not OPTIONS.fullmatch(comment):
        options = []
    words = _choices_in_words(cells[place - 1].source)
    choices = {option: words.get(option, "") for option in options}
    last, count, told = _what_follows(cells, place)
    right, known_from = _named(told) if choices else (None, "")
    if right is not None and right not in choices:
        raise ValueError(
            f"To the guess {comment} the text answers {right!r}, which is none of the choices. "
            "Put the question or the answer right."
        )
    return Prediction(place, choices, comment, last, count, right, known_from)


def _choices_in_words(question):
    """{letter: what it stands for}, of the last paragraphs of a question; plain words."""
    found = list(CHOICE.finditer(question))
    ends = [match.start() for match in found] + [len(question)]
    choices = {}
    for match, end in zip(found, ends[1:], strict=True):
        words = question[match.end() : end].split("\n" if match.group(1) else "\n\n")[0]
        words = words[: WORDS_END.search(words).start()].replace("\n", " ")
        letter = next(filter(None, match.groups()))
        choices[letter] = re.sub(r"[*`]|\s+(or|and)$", "", words.strip(" ,:")).strip(" ,:")
    return choices


def _what_follows(cells, place):
    """(last cell, paragraphs of it, the paragraph with the answer or "") of what comes after it.

    It goes to the paragraph that names the right choice. Where none does, it goes to the next
    heading, exercise or prediction.
    """
    last, count = _end_without_answer(cells, place)
    for number, paragraphs in _texts_behind(cells, place):
        for nth, paragraph in enumerate(paragraphs, start=1):
            if paragraph.startswith("#"):
                return last, count, ""
            if any(pattern.search(paragraph) for pattern in ANSWERS):
                return number, nth, paragraph
    return last, count, ""


def _texts_behind(cells, place):
    """(cell, its paragraphs) of each text cell behind a guess, up to the next guess."""
    for number in range(place + 1, len(cells)):
        cell = cells[number]
        if cell.cell_type != "code":
            yield number, paragraphs_of(cell.source)
        elif GUESS.match(cell.source):
            return


def _end_without_answer(cells, place):
    """(cell, paragraphs of it) that come before the next heading, exercise or question."""
    last = None
    for number, paragraphs in _texts_behind(cells, place):
        follower = cells[number + 1].source if number + 1 < len(cells) else ""
        if number > place + 1 and GUESS.match(follower):  # its last part is the next question
            return number, 1
        stops = (n for n, text in enumerate(paragraphs) if text.startswith(("#", "**Exercise")))
        stop = next(stops, None)
        if stop is not None:
            return (number, stop) if stop or last is None else last
        last = number, len(paragraphs)
    if last is None:
        raise ValueError(f"No text comes after the guess in cell {place}. Say there what came out.")
    return last


def _named(paragraph):
    """(the choice that a paragraph calls right or None, what it is known from)."""
    found = next(filter(None, (pattern.search(paragraph) for pattern in ANSWERS)), None)
    if found is None or CHANGES.search(paragraph):
        return None, ""
    begin = max(paragraph.rfind(end, 0, found.start()) for end in (". ", "? ", "! ", "\n")) + 1
    end = re.compile(r"[.:;?!](?=\s|$)|$").search(paragraph, found.end()).start()
    sentence = paragraph[begin:end]
    return next(filter(None, found.groups())), "runs" if OF_SOME_RUNS.search(sentence) else "text"


def _said_by_marks(cell):
    """What the last line of the table in a cell's output says, as `Tuning.verdict` does.

    Raises: ValueError, a sentence, where the cell holds no table.
    """
    text = "".join(output.get("text", "") for output in cell.outputs)
    lines = [line for line in text.splitlines() if len(MARKED.findall(line)) == len(GOOD_MARKS)]
    if not lines:
        raise ValueError(f"This cell holds no table; run its lesson (make lessons):\n{cell.source}")
    pairs = zip(MARKED.findall(lines[-1]), GOOD_MARKS, strict=True)
    said = {"better" if mark == good else "worse" for mark, good in pairs if mark}
    return said.pop() if len(said) == 1 else "luck"
