"""Every lesson as a file: its form, its outputs, its links. The code itself runs under nbval."""

import ast
import html
import re

import nbformat
import pytest

from helpers.classroom.widgets import WIDGET
from tests import lesson_tools
from tests.pictures import images_of

LESSONS = {path.name: nbformat.read(path, as_version=4) for path in lesson_tools.lessons()}
each_lesson = pytest.mark.parametrize("name", LESSONS)


def written_code(name):
    """The code cells of a lesson, without the first, which is the same everywhere."""
    return lesson_tools.code_cells(LESSONS[name])[1:]


def prose_of(name):
    return "\n".join(cell.source for cell in LESSONS[name].cells if cell.cell_type == "markdown")


def outputs_of(name):
    return [output for cell in lesson_tools.code_cells(LESSONS[name]) for output in cell.outputs]


def test_the_chapters_lessons_are_all_there():
    assert [name[:2] for name in LESSONS] == [f"0{number}" for number in range(10)]


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
        assert "Warning" not in output.get("text", "")


@each_lesson
def test_every_figure_can_be_seen_and_has_alt_text_in_the_page(name):
    forms = [output.get("data", {}) for output in outputs_of(name)]
    # JupyterLab shows no alt text of a picture that is not HTML.
    assert not [form for kinds in forms for form in kinds if form.startswith("image/")]
    figures = [figure for kinds in forms for figure in images_of(kinds.get("text/html", ""))]
    assert figures
    for pixels, alt in figures:
        assert len(alt) >= 20
        assert pixels.std() > 1  # not one flat colour


@each_lesson
def test_a_stored_lesson_holds_no_widget_no_progress_bar_and_no_empty_output(name):
    """Without its kernel a widget is the words "Error displaying widget"."""
    for output in outputs_of(name):
        forms = output.get("data", {"text/plain": output.get("text", "")})
        assert WIDGET not in forms
        assert not re.search(r"\d+%\||\?(it|step)/s", forms["text/plain"]), forms["text/plain"]
        assert any(form.strip() for form in forms.values())


def test_a_lesson_turned_into_a_web_page_keeps_its_alt_texts():
    from nbconvert import HTMLExporter

    lesson = LESSONS["00_start_here.ipynb"]
    page, _ = HTMLExporter().from_notebook_node(lesson)
    pages = [
        output.get("data", {}).get("text/html", "") for output in outputs_of("00_start_here.ipynb")
    ]
    alts = [alt for page_of_a_figure in pages for _, alt in images_of(page_of_a_figure)]
    assert len(alts) >= 4
    for alt in alts:
        assert f'alt="{html.escape(alt)}"' in page
    assert 'alt="No description has been provided' not in page


def widget_output(**more):
    view = {"model_id": "0", "version_major": 2, "version_minor": 0}
    data = {WIDGET: view, "text/plain": "a widget", **more}
    return nbformat.v4.new_output("display_data", data)


def test_of_a_widget_its_still_form_is_stored_and_of_a_progress_bar_nothing():
    kept = lesson_tools.still_form(widget_output(**{"text/html": "<p>still</p>"}))
    assert kept.data == {"text/plain": "a widget", "text/html": "<p>still</p>"}
    assert lesson_tools.still_form(widget_output()) is None
    text = nbformat.v4.new_output("stream", text="500 faces")
    assert lesson_tools.still_form(text) is text


@each_lesson
def test_a_stored_lesson_says_nothing_of_what_only_its_maker_set(name):
    assert lesson_tools.ASKED_FOR not in "".join(map(str, outputs_of(name)))


def test_what_only_the_maker_set_is_taken_out():
    asked = f"500 faces{lesson_tools.ASKED_FOR}\n"
    text = nbformat.v4.new_output("stream", text=asked)
    assert lesson_tools.still_form(text).text == "500 faces\n"
    page = nbformat.v4.new_output("display_data", {"text/html": asked, "text/plain": asked})
    assert set(lesson_tools.still_form(page).data.values()) == {"500 faces\n"}


@each_lesson
def test_a_lesson_alone_has_its_links_in_full(name):
    ending = LESSONS[name].cells[-1].source
    assert ending.endswith(lesson_tools.addresses(LESSONS[name]))
    full = re.findall(r"\]\((https?:[^)]+)\)", lesson_tools.addresses(LESSONS[name]))
    short = {target for _, target in lesson_tools.LINKS.findall(prose_of(name))}
    assert len(full) == len(short) > 0
    for link in full:
        assert (lesson_tools.ROOT / link.split("/blob/main/")[1]).exists()


@each_lesson
def test_every_lesson_asserts_what_a_learner_should_know(name):
    trees = [ast.parse(cell.source) for cell in written_code(name)]
    assert sum(isinstance(node, ast.Assert) for tree in trees for node in ast.walk(tree)) >= 3


@each_lesson
def test_links_to_files_lead_somewhere(name):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", prose_of(name))
    for target in targets:
        assert (lesson_tools.NOTEBOOKS / target).exists(), target


@each_lesson
def test_the_reader_of_the_r_book_finds_a_table(name):
    assert re.search(r"\|[^|\n]*\bR\b[^|\n]*\|[^|\n]*Python", prose_of(name))
