"""A lesson in two more forms: without its solutions for students, with all of them for instructors.

In the course a solution is folded below its exercise. Both forms are made of that one source. A
cell with the tag `instructor-note` is for instructors only.
"""

import ast
import copy
import re
from dataclasses import dataclass

import nbformat

from helpers.classroom.exercises.checking import find
from helpers.classroom.exercises.kinds import Trial, Value

NOTE = "instructor-note"  # the tag of a cell that students don't get
ABOUT = (
    "*Instructor's edition. In each exercise the solution is filled in. What only this edition has "
    "stands behind a line at the left, as this does.*"
)
FOLDED = re.compile(r"<details>\s*<summary>(.*?)</summary>(.*?)</details>", re.DOTALL)
FENCED = re.compile(r"```python\n(.*?)```\n*", re.DOTALL)
INLINE = re.compile(r"`(answer = [^`]+)`")
IMPORTS_APART = re.compile(r"^((?:from|import) .*\n)\n{2,}(?=(?:from|import) )", re.MULTILINE)
# They lead to the course on the web, where the solutions are.
WEB = re.compile(r"\n*<!-- (badges|addresses) -->.*?<!-- /\1 -->", re.DOTALL)


class EditionError(Exception):
    """An edition can't be made; the message says of which file, why, and what to do."""


@dataclass(frozen=True)
class Exercise:
    """An exercise of a lesson: `key` as in `check("05.3", combine)`, `name` ("combine") is what is
    checked, `cell` its code cell, `below` the text cell with its solution, and `solution` the code.
    """

    key: str
    name: str
    cell: nbformat.NotebookNode
    below: nbformat.NotebookNode
    solution: str


def exercises_of(notebook):
    """The Exercises of a lesson, in their order.

    Raises: EditionError where a cell checks two things, or where no solution in Python is folded
    below it, before the next exercise.
    """
    exercises, open_one = [], None
    for cell in notebook.cells:
        if cell.cell_type == "code" and (call := _check_in(cell.source)):
            if open_one:
                break
            key, answer = call.args
            open_one = key.value, answer.id, cell
        folded = FOLDED.search(cell.source) if cell.cell_type == "markdown" else None
        if open_one and folded and folded.group(1) == "Solution":
            code = "\n".join(FENCED.findall(folded.group(2)) or INLINE.findall(folded.group(2)))
            if not code:
                break
            exercises.append(Exercise(*open_one, cell, code.rstrip("\n")))
            open_one = None
    if open_one:
        raise EditionError(
            f"Below the exercise {open_one[0]} no solution in Python is folded: write one, between "
            "<details><summary>Solution</summary> and </details> (see CONTRIBUTING.md)."
        )
    return exercises


def _check_in(source):
    """The call of `check` in a cell's code, or None. Lines for Jupyter (`!`, `%`) are no Python."""
    if "check(" not in source:
        return None
    calls = [
        node
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check"
    ]
    if len(calls) > 1:
        raise EditionError(f"One cell checks two exercises; give each its own:\n{source}")
    return calls[0] if calls else None


def student_edition(notebook):
    """The lesson as students get it: no solutions, no notes, no outputs.

    Outputs would tell what the lesson asks to predict. The badges lead to the course on the web,
    where solutions are folded, so they are left out.
    """
    lesson = copy.deepcopy(notebook)
    lesson.cells = [cell for cell in lesson.cells if NOTE not in cell.metadata.get("tags", [])]
    for cell in lesson.cells:
        if cell.cell_type == "code":
            _clear(cell)
        else:
            text = FOLDED.sub(r"*\1: your instructor has it.*", cell.source)
            cell.source = WEB.sub("", text)
    lesson.metadata["course"] = {"edition": "student"}
    return lesson


def instructor_edition(notebook, note=""):
    """The lesson as instructors get it: each exercise's cell holds its solution and runs.

    Below it stands why it is right, and what learners get wrong. `note`: Markdown that comes first.
    Outputs stay, since they tell what to expect; those of the exercises would be wrong.
    Raises: EditionError as `exercises_of` does.
    """
    lesson = copy.deepcopy(notebook)
    for exercise in exercises_of(lesson):
        exercise.cell.source = filled(exercise.cell.source, exercise.name, exercise.solution)
        _clear(exercise.cell)
        told = _told(exercise)
        exercise.below.source = FOLDED.sub(lambda _, told=told: told, exercise.below.source, 1)
    for cell in lesson.cells:
        if cell.cell_type == "markdown":  # other answers that are folded
            cell.source = FOLDED.sub(
                lambda found: _quoted(f"**{found[1]}.** {found[2].strip()}"), cell.source
            )
    text = _quoted("\n\n".join(filter(None, [ABOUT, note])))
    first = nbformat.v4.new_markdown_cell(text, id=NOTE, metadata={"tags": [NOTE]})
    lesson.cells.insert(0, first)
    lesson.metadata["course"] = {"edition": "instructor"}
    return lesson


def filled(source, name, solution):
    """An exercise's code with the solution in place of the blank, which is what sets `name`.

    What the solution repeats, an import for example, stands there once. Raises: EditionError where
    nothing sets `name`, or the solution doesn't.
    """
    blanks = [part for part in ast.parse(source).body if _sets(part, name)]
    solved = ast.parse(solution).body
    if len(blanks) != 1 or not any(_sets(part, name) for part in solved):
        raise EditionError(f"The blank, or the solution, does not set {name} once:\n{source}")
    repeated = {ast.dump(part) for part in solved}
    lines = source.split("\n")
    for part in reversed(ast.parse(source).body):  # from below, so that line numbers stay true
        if part.lineno == blanks[0].lineno:
            lines[part.lineno - 1 : part.end_lineno] = solution.split("\n")
        elif ast.dump(part) in repeated:
            del lines[part.lineno - 1 : part.end_lineno]
    code = re.sub(r"\n{4,}", "\n\n\n", "\n".join(lines)).strip("\n")
    return IMPORTS_APART.sub(r"\1", code)


def _sets(statement, name):
    if isinstance(statement, ast.Assign):
        return any(getattr(target, "id", "") == name for target in statement.targets)
    return isinstance(statement, ast.FunctionDef) and statement.name == name


def _told(exercise):
    """What an instructor reads in place of the folded solution, whose code stands above."""
    folded = FOLDED.search(exercise.below.source).group(2)
    asked = find(exercise.key)
    parts = [f"**Solution of {exercise.key}**, filled in above. {asked.reason}"]
    parts.append(FENCED.sub("", folded).strip())
    parts.append("**What learners get wrong, and what they are told:**")
    parts.append("\n".join(f"- {hint}" for hint in dict.fromkeys(_hints(asked))))
    return _quoted("\n\n".join(filter(None, parts)))


def _hints(asked):
    """The exercise's hints, each on one line; before it the wrong answer, where that is short."""
    if isinstance(asked, Trial):
        for make_wrong, _ in asked.wrong:
            try:
                yield asked.find_mistake(make_wrong())
            except Exception as error:  # as with a learner's code: it becomes the hint
                yield f"It can't be tried: {error}"
        return
    for wrong, hint in asked.hints:
        is_short = isinstance(asked, Value) and isinstance(wrong, (int, float, str, tuple))
        shown = f"{wrong:g}" if isinstance(wrong, (int, float)) else repr(wrong)
        yield f"`{shown}`: {hint}" if is_short else hint
    yield f"Anything else: {asked.hint}"


def _quoted(text):
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _clear(cell):
    cell.outputs, cell.execution_count = [], None
