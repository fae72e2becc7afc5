"""The pages that are no lessons come from the course's files, whole."""

import re

import nbformat
import pytest

from helpers.files import REPOSITORY_FOLDER
from tests import lesson_tools
from website import build, documents, links


class NoPictures:
    """Stands for the site's pictures."""

    def image(self, content, alt, *, still=False):
        return f'<img alt="{alt}">'


@pytest.fixture(scope="module")
def texts():
    paths = lesson_tools.lessons()
    notebooks = {path.name: nbformat.read(path, as_version=4) for path in paths}
    return documents.texts(None, NoPictures(), notebooks)


def test_every_file_that_is_a_page_has_one_and_each_begins_with_a_title(texts):
    own = {path.name for path in (build.WEBSITE / "pages").glob("*.md")}
    pages = {page.partition("#")[0] for page in links.PAGES.values()} - own
    assert texts.keys() == {page for page in pages if page.endswith(".md")} | {"r_to_python.md"}
    assert all(text.startswith("# ") for text in texts.values())


def test_the_r_tables_of_all_lessons_are_in_one_page(texts):
    """Each row of each table whose head has the word R stands there."""
    rows, lessons = 0, set()
    for path in lesson_tools.lessons():
        text = path.read_text(encoding="utf-8")
        for cell in nbformat.reads(text, as_version=4).cells:
            for table in re.findall(r"(?:^\|.*\n?)+", cell.source, re.M):
                if cell.cell_type == "markdown" and re.search(r"\bR\b", table.split("\n")[0]):
                    lessons.add(path.name)
                    for row in table.strip().split("\n"):
                        rows += 1
                        assert row in texts["r_to_python.md"]
    assert rows > 40 and len(lessons) >= 3
    assert set(re.findall(r"\]\((\w+\.ipynb)#", texts["r_to_python.md"])) == lessons


def test_all_results_are_in_one_page_each_below_its_name(texts):
    for path in links.RESULTS:
        assert f"\n## {path.stem}\n" in texts["results.md"]
        assert path.read_text(encoding="utf-8").strip() in texts["results.md"]


def test_the_licence_is_whole_and_its_address_a_link(texts):
    licence = (REPOSITORY_FOLDER / "LICENSE").read_text(encoding="utf-8")
    plain = re.sub(r"[<>#]", "", texts["licence.md"])
    assert plain.split() == ["Licence", *licence.split()]
    assert "<https://creativecommons.org/licenses/by/4.0/>" in texts["licence.md"]


def test_things_to_do_have_a_box_to_tick(texts):
    things = (REPOSITORY_FOLDER / "TEACHING.md").read_text(encoding="utf-8").count("- [ ] ")
    assert texts["teaching.md"].count("- ☐ ") == things > 5
    assert "[ ]" not in texts["teaching.md"]


@pytest.mark.parametrize(
    ("home", "words"), [(None, "Whoever gave you"), (("a/b", "main"), "https://github.com/a/b")]
)
def test_the_page_says_where_the_files_are_before_it_says_what_to_press(home, words):
    text = documents.texts(home, NoPictures(), {})["own_computer.md"]
    assert 0 < text.index("## Get the files") < text.index(words) < text.index("Press **Code**")


def test_a_part_of_the_readme_that_is_gone_is_named(monkeypatch):
    monkeypatch.setattr(documents, "ON_ONES_OWN", ("Start", "Gone"))
    with pytest.raises(ValueError, match=r"the part “Gone” of README.md"):
        documents.texts(None, NoPictures(), {})
