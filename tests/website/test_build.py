"""Sphinx with the course's settings: a site of three small pages, right from the first file on."""

import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from website import build, checks
from website.slimming import slim

pytest.importorskip("myst_nb", reason="website/requirements.txt is not installed")
pytest.importorskip("pydata_sphinx_theme", reason="website/requirements.txt is not installed")

pytestmark = pytest.mark.filterwarnings("ignore:.*MystReferenceResolver.app")
INDEX = """\
# Faces

See [a heading of a lesson](00_lesson.ipynb#5-relu-and-r--python), and [the game](game.md).

```{toctree}
00_lesson
game
licence
data_card
```
"""
SOLUTION = "<details><summary>Solution</summary>\n\n```python\nx = 1\n```\n\n</details>"
FIGURE = '<figure><img alt="A face." src="pictures/face.webp" width="9" height="9"></figure>'
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


def notebook():
    shown = new_output("display_data", data={"text/html": FIGURE})
    cells = [
        new_markdown_cell("# A lesson\n\n## 5. ReLU, and R → Python"),
        new_code_cell(
            "print('<b>')", outputs=[new_output("stream", name="stdout", text="<b>\n"), shown]
        ),
        new_markdown_cell(SOLUTION),
    ]
    return nbformat.writes(new_notebook(cells=cells, metadata={"kernelspec": KERNEL}))


@pytest.fixture
def sources(tmp_path):
    folder = tmp_path / "sources"
    (folder / "pictures").mkdir(parents=True)
    (folder / "pictures" / "face.webp").write_bytes(b"face")
    texts = {
        "index.md": INDEX,
        "00_lesson.ipynb": notebook(),
        "game.md": "# The game\n\n% no comment\n\n| | a |\n|---|---|\n| 1 | 2 |\n",
        "licence.md": "# Licence\n",
        "data_card.md": "# Data card\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def made_of(sources):
    made = sources.parent / "made"
    build.run_sphinx(sources, made)
    slim(made)
    return made


def test_a_small_site_is_made_and_right(sources):
    made = made_of(sources)
    assert checks.problems(made) == []
    lesson = (made / "00_lesson.html").read_text(encoding="utf-8")
    assert re.search(
        r"<details><summary>Solution</summary>\s*<div class=\"highlight-python", lesson
    )
    assert FIGURE in lesson and "&lt;b&gt;" in lesson
    assert "% no comment" in (made / "game.html").read_text(encoding="utf-8")
    assert "searchtools.js" in lesson and (made / "searchindex.js").is_file()
    assert not list(made.rglob("*.map"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("[x](gone.md)", "gone.md"),
        ("[x](game.md#gone)", "gone"),
        ('<div data-widget="chess"></div>', "widget “chess”, which the table WIDGETS"),
        ("```{toctree}\nnowhere\n```", "nowhere"),
    ],
)
def test_what_sphinx_warns_of_ends_the_build(sources, source, said):
    (sources / "game.md").write_text(f"# Game\n\n{source}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=said):
        made_of(sources)


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ValueError, match="something that is no site"):
        build.build(tmp_path)
    with pytest.raises(ValueError, match="is no site"):
        build.build(tmp_path / "thesis.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.fixture
def a_build(tmp_path, monkeypatch):
    """A function that builds a site of one page, this one, in a folder; it returns that folder."""
    folder = tmp_path / "dist" / "site"
    monkeypatch.setattr(build.generators, "write_scripts", lambda drawing: drawing.mkdir())
    monkeypatch.setattr(build, "numbers", lambda game: {})
    monkeypatch.setattr(build.packages, "gif_encoder", lambda: "")
    monkeypatch.setattr(build, "one_file", lambda drawing, home: b"<h1>The games</h1>")
    monkeypatch.setattr(build, "gather", lambda *given: None)

    def built(page):
        def run_sphinx(sources, made, drawing):
            made.mkdir()
            for name, text in {"index.html": page, "searchindex.js": ""}.items():
                (made / name).write_text(text, encoding="utf-8")

        monkeypatch.setattr(build, "run_sphinx", run_sphinx)
        return build.build(folder)

    built.folder = folder
    return built


def test_a_site_takes_the_place_of_the_older_one_when_it_is_right(a_build):
    a_build("<p>older</p>")
    assert (a_build("<p>newer</p>") / "index.html").read_text(encoding="utf-8") == "<p>newer</p>"
    assert [path.name for path in a_build.folder.parent.iterdir()] == ["site"]


def test_a_site_that_is_not_right_leaves_the_older_one(a_build):
    a_build("<p>older</p>")
    with pytest.raises(ValueError, match=r"The site is not right:\nindex.html, line 1: the pic"):
        a_build('<img src="data:image/png;base64,">')
    assert (a_build.folder / "index.html").read_text(encoding="utf-8") == "<p>older</p>"
    assert [path.name for path in a_build.folder.parent.iterdir()] == ["site"]
