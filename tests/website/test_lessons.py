"""A stored lesson as a page: what is left out, what is put in, and what stays."""

import base64

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from helpers.classroom.widgets import walk
from helpers.images import as_png
from tests import lesson_tools
from website import answers, lessons, links
from website.pictures import Pictures

HOME = ("ann/faces", "main")
TITLE = "# 00 · Start\n\n<!-- badges -->\n[Binder](https://x)\n<!-- /badges -->\n\n*50 minutes*"
LAST = "On to [01](01_images_as_matrices.ipynb).\n\n<!-- addresses -->\nx\n<!-- /addresses -->"


@pytest.fixture
def page_of(tmp_path, monkeypatch):
    """A function: the page of a lesson with these cells; nothing is inserted in it."""
    monkeypatch.setattr(lessons, "INSERTIONS", {})
    monkeypatch.setattr(answers, "prepare", lambda notebook, lesson, home: notebook)
    monkeypatch.setattr(links, "name_of", lambda path: f"notebooks/{path.name}")

    def page_of(*cells, home=None):
        path = tmp_path / "00_start_here.ipynb"
        nbformat.write(new_notebook(cells=list(cells)), path)
        return lessons.as_page(path, home, Pictures(tmp_path / "site"))

    return page_of


def html(page, text="words"):
    data = {"text/html": page, "text/plain": text}
    return new_code_cell("show()", outputs=[new_output("display_data", data=data)])


def test_badges_and_addresses_give_way_to_a_line_that_says_where_it_runs(page_of):
    first, last = page_of(new_markdown_cell(TITLE), new_markdown_cell(LAST)).cells
    assert first.source == (
        "# 00 · Start\n\nHere you read the lesson. You run it [on your own computer]"
        "(own_computer.md).\n\n*50 minutes*"
    )
    assert last.source == "On to [01](01_images_as_matrices.ipynb)."


def test_a_course_with_a_public_home_has_launch_buttons(page_of):
    [first] = page_of(new_markdown_cell(TITLE), home=HOME).cells
    for address in (
        "https://mybinder.org/v2/gh/ann/faces/main?urlpath=lab/tree/notebooks/00_start_here.ipynb",
        "https://colab.research.google.com/github/ann/faces/blob/main/notebooks/00_start_here.ipynb",
        "https://github.com/ann/faces/blob/main/notebooks/00_start_here.ipynb",
    ):
        assert f"]({address})" in first.source


@pytest.mark.parametrize("path", lesson_tools.lessons(), ids=lambda path: path.stem)
def test_the_buttons_lead_where_the_badges_lead(path):
    """As `make address` writes them."""
    button = lessons.launch(path, lesson_tools.address())
    for address in lesson_tools.badges(path).split("](")[2::2]:
        assert address.split(")")[0] in button


def test_the_pixels_of_an_output_become_a_file_and_the_alt_text_stays(page_of):
    pixels = base64.b64encode(as_png(np.zeros((4, 4, 3)))).decode()
    [cell] = page_of(html(f'<img alt="Black." src="data:image/png;base64,{pixels}">')).cells
    page = cell.outputs[0].data["text/html"]
    assert '<img alt="Black." src="pictures/' in page and "base64" not in page


def test_a_still_form_says_where_its_cell_runs(page_of):
    """As the course's own widgets say it in a notebook."""
    widget = walk(lambda latents: np.zeros((len(latents), 4, 4, 3)), np.zeros((4, 100)))
    [cell] = page_of(html(widget.still)).cells
    page = cell.outputs[0].data["text/html"]
    assert "On your own computer, run this cell to walk" in page and "Run this cell" not in page


def test_the_table_of_a_net_loses_its_colours_and_nothing_else(page_of):
    pre = '<pre><span style="{}">dense</span> <b>x</b></pre>'
    coloured = pre.format("color: #0087ff; text-decoration-color: #0087ff")
    [cell] = page_of(html(coloured)).cells
    assert cell.outputs[0].data["text/html"] == pre.format("")


def test_printed_text_and_code_stay_as_they_are(page_of):
    said = new_output("stream", name="stdout", text="[63.4 62.5]\n")
    cells = [new_code_cell("print(x)  # [a](b)", outputs=[said]), new_code_cell("y = 1")]
    page = page_of(*cells)
    assert [cell.source for cell in page.cells] == ["print(x)  # [a](b)", "y = 1"]
    assert page.cells[0].outputs == [said]


def test_a_note_for_instructors_is_left_out(page_of):
    note = new_markdown_cell("Say this", metadata={"tags": [lessons.NOTE]})
    assert [cell.source for cell in page_of(note, new_markdown_cell("Read")).cells] == ["Read"]


def test_guesses_and_exercises_are_made_ready_first(page_of, monkeypatch):
    def prepare(notebook, lesson, home):
        notebook.cells[0].source += f" of lesson {lesson}, [x](glossary.md)"
        return notebook

    monkeypatch.setattr(answers, "prepare", prepare)
    assert page_of(new_markdown_cell("Guess")).cells[0].source.startswith("Guess of lesson 00")


def test_something_is_put_above_a_heading_and_a_heading_that_is_gone_is_named(page_of, monkeypatch):
    text = new_markdown_cell("text\n\n## The game\n\nmore")
    monkeypatch.setattr(lessons, "INSERTIONS", {("00_start_here", "The game"): "<div>play</div>"})
    [cell] = page_of(text).cells
    assert cell.source == "text\n\n<div>play</div>\n\n## The game\n\nmore"
    with pytest.raises(ValueError, match=r"“The game” of lesson 00_start_here, which has 0"):
        page_of(new_markdown_cell("## The play"))


@pytest.mark.parametrize("place", lessons.INSERTIONS, ids=str)
def test_every_insertion_has_its_place(place):
    lesson, heading = place
    notebook = nbformat.read(lesson_tools.NOTEBOOKS / f"{lesson}.ipynb", as_version=4)
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert f"\n## {heading}\n" in f"\n{text}"


def test_all_r_tables_of_a_lesson_are_found_with_the_heading_above():
    table = "| the chapter's R | Python |\n|---|---|\n| `x[1]` | `x[0]` |\n"
    text = f"## First\n\n| a | b |\n|---|---|\n\n### R → Python\n\n{table}\nmore"
    notebook = new_notebook(cells=[new_markdown_cell("# T"), new_markdown_cell(text)])
    assert lessons.r_tables(notebook) == [("R → Python", table)]
    assert lessons.title(notebook) == "T"
