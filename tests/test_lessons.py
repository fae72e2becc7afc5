"""Every lesson as a file: its form, its outputs, its links. The code itself runs under nbval."""

import ast
import base64
import io
import re
import statistics

import imageio.v3 as iio
import nbformat
import pytest

from tests import lesson_tools

LESSONS = {path.name: nbformat.read(path, as_version=4) for path in lesson_tools.lessons()}
each_lesson = pytest.mark.parametrize("name", LESSONS)


def written_code(name):
    """The code cells of a lesson, without the first, which is the same everywhere."""
    return lesson_tools.code_cells(LESSONS[name])[1:]


def code_lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def prose_of(name):
    return "\n".join(cell.source for cell in LESSONS[name].cells if cell.cell_type == "markdown")


def outputs_of(name):
    return [output for cell in lesson_tools.code_cells(LESSONS[name]) for output in cell.outputs]


def test_the_chapters_lessons_are_all_there():
    assert [name[:2] for name in LESSONS] == ["00", "01", "02", "03", "04", "05", "06", "08"]


@each_lesson
def test_every_lesson_begins_with_the_same_cell_and_its_own_badges(name):
    path = lesson_tools.NOTEBOOKS / name
    assert lesson_tools.code_cells(LESSONS[name])[0].source == lesson_tools.first_cell()
    assert lesson_tools.badges(path) in LESSONS[name].cells[0].source
    assert "You will" in prose_of(name) and "minutes" in prose_of(name)


@each_lesson
def test_the_outputs_are_those_of_this_source(name):
    notebook = LESSONS[name]
    assert notebook.metadata["course"]["source"] == lesson_tools.source_digest(notebook), (
        f"The code of {name} changed after its outputs were made: make lessons LESSONS={name[:2]}"
    )
    assert notebook.metadata["course"]["faces"] == "drawn"  # no photograph in a committed output
    counts = [cell.execution_count for cell in lesson_tools.code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))


@each_lesson
def test_no_lesson_shows_a_warning_or_an_error(name):
    for output in outputs_of(name):
        assert output.output_type != "error"
        assert not (output.output_type == "stream" and output.name == "stderr"), output.text
        assert "Warning" not in output.get("text", "") or name.startswith("05")


@each_lesson
def test_every_figure_can_be_seen_and_has_alt_text(name):
    figures = [output for output in outputs_of(name) if "image/png" in output.get("data", {})]
    assert figures
    for figure in figures:
        assert len(figure.metadata["image/png"]["alt"]) > 40
        png = io.BytesIO(base64.b64decode(figure.data["image/png"]))
        assert iio.imread(png).std() > 1  # not one flat colour


@each_lesson
def test_cells_are_small_and_prose_leads(name):
    cells = written_code(name)
    lengths = [len(code_lines(cell)) for cell in cells]
    kinds = [cell.cell_type for cell in LESSONS[name].cells]
    pairs = list(zip(kinds, kinds[1:], strict=False))
    assert statistics.median(lengths) <= 8
    assert max(lengths) <= 20
    assert pairs.count(("code", "code")) <= 0.1 * len(cells)
    assert len(prose_of(name).split()) >= 8 * sum(lengths)


@each_lesson
def test_every_lesson_asserts_and_has_exercises(name):
    sources = [cell.source for cell in written_code(name)]
    tree = [ast.parse(source) for source in sources]
    asserts = [node for part in tree for node in ast.walk(part) if isinstance(node, ast.Assert)]
    exercises = [source for source in sources if re.search(r"^answer = \.\.\.$", source, re.M)]
    assert len(asserts) >= 3
    assert len(exercises) >= 3
    assert prose_of(name).count("<summary>Solution</summary>") >= len(exercises)


@each_lesson
def test_links_to_files_lead_somewhere(name):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", prose_of(name))
    for target in targets:
        assert (lesson_tools.NOTEBOOKS / target).exists(), target


@each_lesson
def test_the_reader_of_the_r_book_finds_a_table(name):
    assert re.search(r"\|[^|\n]*\bR\b[^|\n]*\|[^|\n]*Python", prose_of(name))
