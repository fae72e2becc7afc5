"""Both editions as folders: they run where they are, links lead on, nothing is overwritten."""

import re
import sys
from urllib.parse import unquote

import nbformat
import pytest

from helpers.classroom import editions
from helpers.classroom.lesson_editions import ABOUT as NOTE
from helpers.classroom.lesson_editions import EditionError
from tests import lesson_tools

TEACHING = """# Teach it

## 05 The training loop

Start [the loop](notebooks/05_training_loop.ipynb) early; see [06](#06-judging), the
[tests](tests/test_lessons.py) and [the data card](data/README.md#the-photographs).

### Stuck?

A hand.

## 06 Judging

Another section.
"""
LINK = re.compile(r"\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """The folders of both editions, with a file TEACHING.md of this test's own."""
    folder = tmp_path_factory.mktemp("editions")
    teaching = folder / "TEACHING.md"
    teaching.write_text(TEACHING, encoding="utf-8")
    for edition in editions.ABOUT:
        editions.make_edition(edition, folder / edition, teaching)
    return {edition: folder / edition for edition in editions.ABOUT}


each_edition = pytest.mark.parametrize("edition", editions.ABOUT)


def lessons(place):
    paths = sorted((place / "notebooks").glob("*.ipynb"))
    return {path.name: nbformat.read(path, as_version=4) for path in paths}


def prose(lesson):
    return "\n\n".join(cell.source for cell in lesson.cells if cell.cell_type == "markdown")


@each_edition
def test_it_has_every_lesson_and_all_that_the_first_cell_needs(edition, places):
    names = [path.name for path in lesson_tools.lessons()]
    assert list(lessons(places[edition])) == names
    for needed in ("helpers/classroom/lesson.py", "data/growing_generator/weights.npz"):
        assert (places[edition] / needed).exists()
    assert (places[edition] / "requirements.txt").exists()


@each_edition
def test_it_has_no_photograph_no_test_and_nothing_of_git(edition, places):
    for absent in ("data/cache", "tests", ".git", "notebooks/slides.ipynb", "Makefile"):
        assert not (places[edition] / absent).exists(), absent


@each_edition
def test_every_link_leads_to_a_file_of_the_edition_or_to_the_web(edition, places):
    pages = {path: path.read_text(encoding="utf-8") for path in places[edition].rglob("*.md")}
    notebooks = places[edition] / "notebooks"
    pages |= {notebooks / name: prose(lesson) for name, lesson in lessons(places[edition]).items()}
    followed = 0
    for page, text in pages.items():
        text = re.sub(r"```.*?```|`[^`\n]+`", "", text, flags=re.DOTALL)
        for target in LINK.findall(text):
            if not re.match(r"\w+:|#", target):
                file = page.parent / unquote(target.partition("#")[0])
                assert file.exists(), (page, target)
                followed += 1
    assert followed > 100


def test_the_students_edition_has_neither_a_solution_nor_the_instructors_pages(places):
    assert not (places["student"] / "TEACHING.md").exists()
    for lesson in lessons(places["student"]).values():
        assert "<summary>" not in prose(lesson)
        assert all(cell.outputs == [] for cell in lesson_tools.code_cells(lesson))


def test_the_instructors_lesson_begins_with_its_section_whose_links_lead_on(places):
    first = lessons(places["instructor"])["05_training_loop.ipynb"].cells[0].source
    assert "## 05 The training loop" in first and first.endswith("A hand.")
    assert "Another section." not in first
    home = editions.home()
    assert LINK.findall(first) == [
        "05_training_loop.ipynb",
        "../TEACHING.md#06-judging",
        f"{home}/tests/test_lessons.py",
        "../data/README.md#the-photographs",
    ]


def test_a_lesson_without_a_section_and_a_course_without_the_file_have_no_section(places, tmp_path):
    first = lessons(places["instructor"])["01_images_as_matrices.ipynb"].cells[0].source
    assert first == f"> {NOTE}"
    assert editions.section_of(tmp_path / "TEACHING.md", "05") == ""


@pytest.mark.parametrize("path", lesson_tools.lessons(), ids=lambda path: path.name[:2])
def test_each_lesson_has_a_section_in_the_courses_own_file(path):
    assert len(editions.section_of(editions.TEACHING, path.name[:2])) > 200


@each_edition
def test_its_start_lines_are_those_of_the_courses_readme(edition, places):
    readme = (lesson_tools.ROOT / "README.md").read_text(encoding="utf-8")
    told = (places[edition] / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^ {4}.*$", told, re.MULTILINE)
    assert len(commands) == 6
    assert [line for line in commands if line not in readme] == []


@pytest.mark.parametrize(
    ("link", "became"),
    [
        ("[a](05_training_loop.ipynb#The-loop)", "[a](05_training_loop.ipynb#The-loop)"),
        ("[a](../data/README.md)", "[a](../data/README.md)"),
        ("[a](../CONTRIBUTING.md#test)", "[a](HOME/CONTRIBUTING.md#test)"),
        ("[a](https://there.org/x)", "[a](https://there.org/x)"),
        ("[a](#The-loop)", "[a](#The-loop)"),
        ("`x[0](y)`", "`x[0](y)`"),
        ("![a](../data/growing_faces.gif)", "![a](../data/growing_faces.gif)"),
    ],
)
def test_a_link_leads_on_from_an_edition(link, became, places):
    page = "notebooks/06_judging_faces.ipynb"
    told = editions.relinked(link, page, page, places["student"])
    assert told == became.replace("HOME", editions.home())


@pytest.fixture
def quick(monkeypatch):
    """All parts are made at once, and tell nothing."""

    def make(edition, place):
        place.mkdir(parents=True)
        (place / "README.md").write_text(edition, encoding="utf-8")

    monkeypatch.setattr(editions, "make_edition", make)
    monkeypatch.setattr(editions, "slides", lambda source: "slides")
    monkeypatch.setattr(editions, "handout", lambda notebooks: "handout")
    monkeypatch.setattr(editions, "reveal_parts", dict)


def everything_in(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_all_is_made_by_one_command(quick, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["editions", str(tmp_path / "new" / "editions")])
    editions.main()
    assert everything_in(tmp_path / "new") == [
        "editions",
        "editions/handout.html",
        "editions/instructor",
        "editions/instructor/README.md",
        "editions/slides.html",
        "editions/student",
        "editions/student/README.md",
    ]
    assert "student" in capsys.readouterr().out


def test_older_editions_go_only_where_one_says_so(quick, tmp_path, monkeypatch):
    folder = tmp_path / "editions"
    editions.build(folder)
    (folder / "student" / "README.md").write_text("mine", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["editions", str(folder)])
    with pytest.raises(SystemExit, match="--replace"):
        editions.main()
    assert (folder / "student" / "README.md").read_text(encoding="utf-8") == "mine"
    editions.build(folder, replace=True)
    assert (folder / "student" / "README.md").read_text(encoding="utf-8") == "student"
    assert everything_in(tmp_path)[0] == "editions" and len(list(tmp_path.iterdir())) == 1


def test_a_folder_with_other_things_in_it_is_never_replaced(quick, tmp_path):
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(EditionError, match=r"thesis\.txt"):
        editions.build(tmp_path, replace=True)
    assert everything_in(tmp_path) == ["thesis.txt"]


def test_where_a_part_fails_nothing_is_left(quick, tmp_path, monkeypatch):
    def fail(source):
        raise EditionError("No slides.")

    monkeypatch.setattr(editions, "slides", fail)
    with pytest.raises(EditionError, match="No slides"):
        editions.build(tmp_path / "editions")
    assert everything_in(tmp_path) == []
