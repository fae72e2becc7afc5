"""A student's lesson tells no answer; an instructor's has each exercise's own, and runs."""

import ast
import importlib
import re
from functools import cache

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.classroom.exercises.checking import check, find
from helpers.classroom.lesson_editions import (
    NOTE,
    EditionError,
    exercises_of,
    filled,
    instructor_edition,
    student_edition,
)
from tests import lesson_tools

LESSONS = {path.name[:2]: nbformat.read(path, as_version=4) for path in lesson_tools.lessons()}
each_lesson = pytest.mark.parametrize("name", LESSONS)
FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)


@cache
def students(name):
    return student_edition(LESSONS[name])


@cache
def instructors(name):
    return instructor_edition(LESSONS[name], "A note.")


def sources(lesson):
    return "\n\n".join(cell.source for cell in lesson.cells)


def cell_with(lesson, key):
    [cell] = [cell for cell in lesson.cells if f'check("{key}"' in cell.source]
    return cell


@each_lesson
def test_each_exercise_of_the_lessons_file_is_found_with_its_solution(name):
    module = importlib.import_module(f"helpers.classroom.exercises.lesson_{name}")
    assert [exercise.key for exercise in exercises_of(LESSONS[name])] == list(module.EXERCISES)


@each_lesson
def test_both_editions_are_valid_notebooks_and_come_out_the_same_each_time(name):
    again = student_edition(LESSONS[name]), instructor_edition(LESSONS[name], "A note.")
    for edition, other in zip((students(name), instructors(name)), again, strict=True):
        nbformat.validate(edition)
        assert nbformat.writes(edition) == nbformat.writes(other)


@each_lesson
def test_a_student_finds_no_solution(name):
    told = sources(students(name))
    assert "<details>" not in told and "<!-- badges" not in told and "colab.research" not in told
    for exercise in exercises_of(LESSONS[name]):
        assert exercise.solution not in told, exercise.key
    for folded in FOLDED.findall(sources(LESSONS[name])):
        for paragraph in folded.split("\n\n"):
            if len(paragraph) > 60:  # shorter ones may well be in the lesson, too
                assert paragraph not in told


@each_lesson
def test_a_student_is_told_at_each_exercise_who_has_the_solution(name):
    told = sources(students(name)).count("*Solution: your instructor has it.*")
    assert told == len(exercises_of(LESSONS[name]))


@each_lesson
def test_a_students_lesson_has_all_the_rest_and_no_outputs(name):
    cells, former = students(name).cells, LESSONS[name].cells
    assert [cell.id for cell in cells] == [cell.id for cell in former]
    for cell, other in zip(cells, former, strict=True):
        if cell.cell_type == "code":
            assert cell.source == other.source
            assert cell.outputs == [] and cell.execution_count is None
        elif not FOLDED.search(other.source) and "<!-- " not in other.source:
            assert cell.source == other.source


@each_lesson
def test_an_instructors_exercise_holds_its_own_solution_in_place_of_the_blank(name):
    for exercise in exercises_of(LESSONS[name]):
        cell = cell_with(instructors(name), exercise.key)
        assert exercise.solution in cell.source
        statements = [ast.dump(part) for part in ast.parse(cell.source).body]
        assert len(set(statements)) == len(statements), exercise.key
        former = ast.parse(exercise.cell.source).body
        assert statements[-1] == ast.dump(former[-1])  # the check
        assert cell.outputs == [] and cell.execution_count is None


@pytest.mark.parametrize(
    "key", [exercise.key for name in ("00", "01") for exercise in exercises_of(LESSONS[name])]
)
def test_an_instructors_exercise_runs_and_is_right(key, capsys):
    """Lessons 00 and 01 need no net; test_exercises.py runs the solutions of all lessons."""
    exec(cell_with(instructors(key[:2]), key).source, {"np": np, "check": check})
    assert capsys.readouterr().out == f"Right. {find(key).reason}\n"


@each_lesson
def test_an_instructor_reads_why_it_is_right_and_what_learners_get_wrong(name):
    told = sources(instructors(name))
    assert "<details>" not in told
    for exercise in exercises_of(LESSONS[name]):
        assert (
            f"> **Solution of {exercise.key}**, filled in above. {find(exercise.key).reason}"
            in told
        )
        for _, hint in getattr(find(exercise.key), "hints", ()):
            assert hint in told


@each_lesson
def test_an_instructors_lesson_begins_with_the_note_and_keeps_the_other_outputs(name):
    first, *cells = instructors(name).cells
    assert first.source.endswith("A note.") and first.metadata.tags == [NOTE]
    asked = {exercise.cell.id for exercise in exercises_of(LESSONS[name])}
    for cell, former in zip(cells, LESSONS[name].cells, strict=True):
        if cell.cell_type == "code" and cell.id not in asked:
            assert cell == former


def lesson_of(*cells):
    return new_notebook(cells=list(cells))


BLANK = new_code_cell('answer = ...\ncheck("00.6", answer);')
SOLUTION = new_markdown_cell(
    "<details><summary>Solution</summary>\n\n`answer = 0.5`, by luck.\n\n</details>\n\nOn we go."
)


def test_a_note_is_for_instructors_only():
    note = new_markdown_cell("Ask the room.", metadata={"tags": [NOTE]})
    lesson = lesson_of(BLANK, SOLUTION, note)
    assert "Ask the room." not in sources(student_edition(lesson))
    assert "Ask the room." in sources(instructor_edition(lesson))


def test_what_stands_below_a_solution_stays():
    lesson = lesson_of(BLANK, SOLUTION)
    for edition in (student_edition(lesson), instructor_edition(lesson)):
        assert edition.cells[-1].source.endswith("\n\nOn we go.")
    assert "by luck" in sources(instructor_edition(lesson))


def test_another_answer_that_is_folded_is_for_instructors_only():
    text = "<details><summary>What we found</summary>\n\nIt rose.\n\n</details>"
    lesson = lesson_of(new_markdown_cell(text))
    assert sources(student_edition(lesson)) == "*What we found: your instructor has it.*"
    assert "> **What we found.** It rose." in sources(instructor_edition(lesson))


def test_the_lesson_itself_is_not_changed():
    lesson = lesson_of(BLANK, SOLUTION)
    former = nbformat.writes(lesson)
    student_edition(lesson), instructor_edition(lesson)
    assert nbformat.writes(lesson) == former


@pytest.mark.parametrize(
    "cells",
    [
        (BLANK,),
        (BLANK, new_markdown_cell("No solution.")),
        (BLANK, new_code_cell(BLANK.source), SOLUTION),
        (BLANK, new_markdown_cell("<details><summary>Solution</summary>\n\n½\n\n</details>")),
    ],
)
def test_an_exercise_without_a_solution_is_told_with_its_key(cells):
    with pytest.raises(EditionError, match="00.6"):
        exercises_of(lesson_of(*cells))


def test_a_cell_that_checks_two_exercises_is_told():
    with pytest.raises(EditionError, match="two exercises"):
        exercises_of(lesson_of(new_code_cell('check("00.5", a)\ncheck("00.6", b)'), SOLUTION))


def test_a_blank_is_filled_and_what_stands_around_it_stays():
    check = "if not check('1', f):\n    f = g"
    source = f"import os\nimport sys\n\n# a word\ndef f(x):\n    # yours\n    ...\n\n\n{check}"
    solution = "import sys\n\n\ndef f(x):\n    return x"
    assert filled(source, "f", solution) == (
        f"import os\n\n# a word\nimport sys\n\n\ndef f(x):\n    return x\n\n\n{check}"
    )
    assert filled("f = ...\ncheck('1', f);", "f", "x = 1\nf = x") == "x = 1\nf = x\ncheck('1', f);"
    joined = filled("import os\n\n\ndef f():\n    ...\n\n\ncheck('1', f)", "f", solution)
    assert joined.startswith("import os\nimport sys\n\n\ndef f(x):")


@pytest.mark.parametrize(("source", "solution"), [("f = ...", "g = 1"), ("g = ...", "f = 1")])
def test_a_solution_of_another_thing_is_told(source, solution):
    with pytest.raises(EditionError, match="set f"):
        filled(source, "f", solution)
