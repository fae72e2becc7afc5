"""The instructor's slides: `notebooks/slides.ipynb` as one HTML file that needs no network.

nbconvert makes the page, reveal.js turns it. A copy of reveal.js comes with sphinx-revealjs (MIT,
as reveal.js itself); nothing else of that package is used.
"""

from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import nbformat

from helpers.classroom.lesson_editions import EditionError
from helpers.classroom.setup.lines import course_python

TEMPLATE = Path(__file__).with_name("slides.html.j2")
PACKAGE = "sphinx-revealjs"
PARTS = {
    "reset_css": "dist/reset.css",
    "reveal_css": "dist/reveal.css",
    "reveal_js": "dist/reveal.js",
    "notes_js": "plugin/notes/notes.js",
}


def reveal_parts():
    """The text of each part of reveal.js that the slides need, by the names of `PARTS`.

    Raises: EditionError where the package is not installed, or has no such part.
    """
    try:
        files = distribution(PACKAGE)
    except PackageNotFoundError:
        raise EditionError(
            "The slides need a copy of reveal.js, which isn't here. Get it once, with a network: "
            f"`{course_python()} -m pip install --no-deps {PACKAGE}`, in the course's folder."
        ) from None
    folder = Path(files.locate_file("sphinx_revealjs/_static/revealjs"))
    try:
        return {name: (folder / part).read_text(encoding="utf-8") for name, part in PARTS.items()}
    except FileNotFoundError as error:
        raise EditionError(
            f"{PACKAGE} {files.version} has no {error.filename}. Install the version that "
            "tests/requirements.txt names."
        ) from error


def slides(source):
    """The slides of the notebook at the path `source`, as the text of an HTML file.

    The notebook is run for its pictures. Its cells say which slide they begin, as nbconvert and
    JupyterLab know it (`slideshow`, `slide_type`); `notes` are for the speaker, key S shows them.
    Raises: EditionError without reveal.js; nbclient's error where a cell fails.
    """
    from nbclient import NotebookClient
    from nbconvert import SlidesExporter

    parts = reveal_parts()
    notebook = nbformat.read(source, as_version=4)
    place = {"metadata": {"path": str(source.parent)}}
    NotebookClient(notebook, kernel_name="python3", timeout=120, resources=place).execute()
    exporter = SlidesExporter(
        template_file=str(TEMPLATE),
        exclude_input=True,
        exclude_output_prompt=True,
        exclude_anchor_links=True,
    )
    page, _ = exporter.from_notebook_node(notebook, resources={"parts": parts})
    return page
