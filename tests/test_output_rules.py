"""What lessons show keeps to the rules of JupyterLab 4, Notebook 7 and VS Code.

A clone's lessons are not trusted before they are run: of their HTML JupyterLab leaves what is on
its own lists, which are read here from the JupyterLab that is installed. Notebook 7 is made of its
parts. CONTRIBUTING tells all rules, and where they were looked up.
"""

import re
from html.parser import HTMLParser
from pathlib import Path

import ipywidgets
import nbformat
import numpy as np
import pytest
from jupyterlab.commands import get_app_dir

from helpers.classroom.widgets import SpotTheFake, grow
from tests import lesson_tools
from tests.pictures import flat_pictures

LESSONS = {path.name[:2]: nbformat.read(path, as_version=4) for path in lesson_tools.lessons()}
FORMS = {"text/html", "text/plain", "text/markdown"}  # all that a stored output is made of
COLOURS = {"text-decoration-color"}  # of Keras' summary, which has no lines to colour
NO_WORDS = re.compile(r"^<.+>$")  # what Python shows of an object that has none
each_lesson = pytest.mark.parametrize("number", LESSONS)


def jupyterlabs_lists():
    """The tags that JupyterLab leaves in, the attributes of each ("*": of all), and the styles."""
    for path in (Path(get_app_dir()) / "static").glob("*.js"):
        code = path.read_text(encoding="utf-8")
        if 'allowedTags:["a"' in code:
            code = code[code.index('allowedTags:["a"') :]
            tags, rest = code.split("allowedAttributes:", 1)
            attributes, rest = rest.split("allowedStyles:", 1)
            styles = rest[: rest.index("}}")]
            always = re.sub(r"\.\.\.[^,\[]*\?\[[^\]]*\]:\[\],", "", attributes)  # no setting's own
            lists = re.findall(r'"?([\w*]+)"?:\[([^\]]*)\]', always)
            return (
                set(re.findall(r'"([\w-]+)"', tags)),
                {tag: set(re.findall(r'"([\w-]+)"', names)) for tag, names in lists},
                set(re.findall(r'[{,]"?([a-z-]+)"?:\[', styles)),
            )
    raise FileNotFoundError(f"JupyterLab's lists are in no file below {get_app_dir()}.")


TAGS, ATTRIBUTES, STYLES = jupyterlabs_lists()


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.lost = []

    def handle_starttag(self, tag, attributes):
        if tag not in TAGS:
            self.lost.append(f"<{tag}>")
        for name, value in attributes:
            if name not in ATTRIBUTES["*"] | ATTRIBUTES.get(tag, set()):
                self.lost.append(f"{name} of <{tag}>")
            if name == "style":
                names = {part.partition(":")[0].strip() for part in value.split(";")} - {""}
                self.lost += sorted(names - STYLES - COLOURS)
            if name == "src" and not value.startswith("data:image/"):
                self.lost.append(f"a file that can be missing: {value}")


def lost(page):
    """What a piece of HTML loses where it is not trusted, or alone; empty where nothing."""
    reader = _Reader()
    reader.feed(page)
    return reader.lost


def outputs(number):
    """What a lesson's code cells show, as their forms."""
    cells = lesson_tools.code_cells(LESSONS[number])
    return [output.data for cell in cells for output in cell.outputs if "data" in output]


def test_jupyterlabs_lists_are_found():
    assert {"figure", "figcaption", "details", "summary", "img"} <= TAGS
    assert {"alt", "src", "width", "height"} <= ATTRIBUTES["img"] and "style" in ATTRIBUTES["*"]
    assert {"max-width", "height", "margin", "display"} <= STYLES
    assert len(TAGS) > 60 and len(STYLES) > 80


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (
            "<figure style='margin: 0'><img alt='A face.' src='data:image/png;base64,iV'></figure>",
            "",
        ),
        ("<details open><summary>Solution</summary>x</details>", ""),
        ("<script>alert(1)</script>", "<script>"),
        ("<style>b {color: red}</style>", "<style>"),
        ("<svg></svg>", "<svg>"),
        ("<iframe src='data:image/png;'></iframe>", "<iframe>"),
        ("<b onclick='x()'>a</b>", "onclick of <b>"),
        ("<b style='animation: a; color: red'>a</b>", "animation"),
        ("<img src='face.png'>", "a file that can be missing: face.png"),
        (
            "<img src='https://there/face.png'>",
            "a file that can be missing: https://there/face.png",
        ),
    ],
)
def test_what_is_lost_would_be_found(page, said):
    assert (lost(page) or [""])[0] == said


@each_lesson
def test_nothing_of_a_stored_output_is_lost_before_it_is_trusted(number):
    for forms in outputs(number):
        assert set(forms) <= FORMS
        assert lost(forms.get("text/html", "")) == []


@each_lesson
def test_nothing_of_a_text_cell_is_lost(number):
    """Markdown is never trusted: solutions are folded by tags that every place knows."""
    for cell in LESSONS[number].cells:
        if cell.cell_type == "markdown":
            assert (
                lost(re.sub(r"```.*?```|`[^`\n]*`|!?\[.*?\]\(.*?\)", "", cell.source, flags=re.S))
                == []
            )


@each_lesson
def test_where_no_html_is_shown_an_output_says_the_same_in_words(number):
    """VS Code shows none in a folder that is not trusted, and a terminal never does."""
    silent = [forms for forms in outputs(number) if NO_WORDS.match(forms.get("text/plain", "<>"))]
    assert silent == []


def test_widgets_are_ipywidgets_own_which_vs_code_has_without_the_web():
    before = set(ipywidgets.Widget.get_manager_state()["state"])
    grow(np.stack([flat_pictures(8)] * 2), ["first", "last"])
    SpotTheFake(flat_pictures(4, seed=1), flat_pictures(4), rounds=2).play()
    state = ipywidgets.Widget.get_manager_state()["state"]
    models = [model for name, model in state.items() if name not in before]
    assert len(models) >= 8
    assert {model["model_module"] for model in models} <= {
        "@jupyter-widgets/base",
        "@jupyter-widgets/controls",
    }
    for model in models:
        if model["model_name"] == "HTMLModel":
            assert lost(model["state"]["value"]) == []
