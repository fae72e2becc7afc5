"""A stored lesson as a page of the site: its outputs as they are, nothing is run."""

import re

import nbformat

from helpers.classroom.lesson_editions import NOTE
from website import answers, links

BADGES = re.compile(r"<!-- badges -->.*?<!-- /badges -->", re.DOTALL)
ADDRESSES = re.compile(r"\s*<!-- addresses -->.*?<!-- /addresses -->", re.DOTALL)
COLOUR = re.compile(r"color: #[0-9a-f]{6}(; text-decoration-color: #[0-9a-f]{6})?")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
# A table whose first row has the word R.
TABLE = re.compile(r"^\|[^\n]*\bR\b[^\n]*\n\|[-| :]+\|\n(?:\|.*(?:\n|\Z))+", re.MULTILINE)
# Below the still form of something to play with: a page has no cell that runs.
RUN, RUN_THERE = "Run this cell to", "On your own computer, run this cell to"
# What a page has more than its notebook: (lesson, heading) and the text that comes above it. The
# game tells what the lesson lets one guess, so it comes after the last guess about it.
INSERTIONS = {
    ("00_start_here", "Who teaches whom? Supervised and unsupervised learning"): (
        "### Play it here\n\n"
        "In this page you can play the whole game without Python: the collapse and its cure, the "
        "blind inspector, and what happens when both learn faster.\n\n"
        '<div class="course-widget" data-widget="two-numbers">'
        "<p>The game needs JavaScript, which is switched off here.</p></div>"
    ),
    ("00_start_here", "Where the game leads: a generator learns to draw faces"): (
        "(In this page the pictures of this section stand still. After your guess, move through "
        "such a training yourself: [Draw](draw.md#grow-six-latents-one-training) has a slider.)"
    ),
}


def as_page(path, home, pictures):
    """The notebook at `path` as the source of a page, an nbformat notebook.

    `home`: the course's (repository, branch), or None. `pictures`: the site's, a `Pictures`.
    Raises: ValueError with a sentence where a heading of `INSERTIONS` is not there, or a link
    leads to no file.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if NOTE not in cell.metadata.get("tags", ())]
    notebook = answers.prepare(notebook, path.stem[:2], home)
    source = links.name_of(path)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = ADDRESSES.sub("", BADGES.sub("@launch@", cell.source))
            text = links.rewritten(text, source, home, pictures)
            cell.source = text.replace("@launch@", launch(path, home))
        for output in cell.get("outputs", ()):
            _make_light(output.get("data", {}), pictures)
    _insert(notebook, path.stem)
    return notebook


def launch(path, home):
    """The line of a lesson's page that leads to places where its cells can be run; Markdown."""
    by_hand = "[on your own computer](own_computer.md)"
    if home is None:
        return f"Here you read the lesson. You run it {by_hand}."
    where = f"{', '.join(links.launch_links(path, home))} or {by_hand}"
    github = links.on_github(links.name_of(path), home)
    return f"Here you read the lesson. You run it {where}; its file is [on GitHub]({github})."


def _make_light(data, pictures):
    """Take pixels out of an output's HTML, and colours that weak eyes can't read on our ground."""
    if "text/html" in data:
        page = pictures.moved_out(data["text/html"])
        page = page.replace(RUN, RUN_THERE)
        data["text/html"] = COLOUR.sub("", page) if page.startswith("<pre") else page
        data.pop("text/plain", None)


def _insert(notebook, lesson):
    for (name, heading), text in INSERTIONS.items():
        if name == lesson:
            _insert_above(notebook, lesson, heading, text)


def _insert_above(notebook, lesson, heading, text):
    pattern = re.compile(rf"^#+ {re.escape(heading)}$", re.MULTILINE)
    cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    cells = [cell for cell in cells if pattern.search(cell.source)]
    if len(cells) != 1:
        raise ValueError(
            f"website/lessons.py puts something above the heading “{heading}” of lesson {lesson}, "
            f"which has {len(cells)} of that name. Name one that it has."
        )
    cells[0].source = pattern.sub(lambda found: f"{text}\n\n{found.group()}", cells[0].source)


def title(notebook):
    """The first heading of a notebook."""
    return HEADING.search(notebook.cells[0].source).group(1)


def r_tables(notebook):
    """The lesson's R → Python tables, as (heading above it, table)."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for table in TABLE.finditer(cell.source):
                above = HEADING.findall(cell.source[: table.start()])
                found.append((above[-1] if above else "", table.group()))
    return found
