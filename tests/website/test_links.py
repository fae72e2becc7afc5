"""A link between files of the course becomes one between pages, or to the course's home."""

import runpy

import pytest

from helpers import files
from helpers.files import REPOSITORY_FOLDER
from website import links

HOME = ("ann/faces", "main")


class NoPictures:
    """Stands for the site's pictures: says what it was asked for."""

    def image(self, content, alt, *, still=False):
        return f"<{alt}, {len(content)} bytes, still: {still}>"


def rewritten(text, source="data/README.md", home=HOME):
    return links.rewritten(text, source, home, NoPictures())


@pytest.mark.parametrize(
    ("source", "link", "page"),
    [
        ("TEACHING.md", "[x](README.md#start)", "[x](own_computer.md#start)"),
        ("TEACHING.md", "[x](data/README.md)", "[x](data_card.md)"),
        ("data/README.md", "[x](../LICENSE)", "[x](licence.md)"),
        ("notebooks/00_start_here.ipynb", "[x](02_generator.ipynb)", "[x](02_generator.ipynb)"),
        (
            "notebooks/glossary.md",
            "[x](02_generator.ipynb#5.-ReLU,-and-a-picture-of-all-three)",
            "[x](02_generator.ipynb#5-relu-and-a-picture-of-all-three)",
        ),
        ("benchmarks/README.md", "[x](results/rivals.md)", "[x](results.md#rivals)"),
        ("TEACHING.md", "[x](#run-sheets)", "[x](#run-sheets)"),
        ("data/README.md", "[x](https://a.b/c.md)", "[x](https://a.b/c.md)"),
        ("data/README.md", "[a [nested] word](README.md)", "[a [nested] word](data_card.md)"),
    ],
)
@pytest.mark.parametrize("home", [HOME, None])
def test_a_link_to_a_file_that_is_a_page_leads_there(source, link, page, home):
    assert rewritten(f"See {link}.", source, home) == f"See {page}."


def test_a_link_to_other_files_leads_to_the_courses_home_and_is_none_without_one():
    text = "Its step is in [`gan.py`](gan.py)."
    page = "https://github.com/ann/faces/blob/main/helpers/training/gan.py"
    assert rewritten(text, "helpers/training/README.md") == f"Its step is in [`gan.py`]({page})."
    assert rewritten(text, "helpers/training/README.md", None) == "Its step is in `gan.py`."


def test_nothing_in_code_is_a_link():
    text = "`[x](gone.md)` and ``a ` [x](gone.md)``\n\n```text\n[x](gone.md)\n```\n\n[x](README.md)"
    assert rewritten(text) == text.replace("[x](README.md)", "[x](data_card.md)")


def test_a_picture_is_one_of_the_site():
    size = (REPOSITORY_FOLDER / "data" / "what_the_nets_draw.png").stat().st_size
    text = "![Five rows](what_the_nets_draw.png)"
    assert rewritten(text) == f"<Five rows, {size} bytes, still: False>"
    own = text.replace("(", "(../../data/")
    assert rewritten(own, "website/pages/index.md").endswith("still: True>")


def test_a_link_to_no_file_is_named():
    with pytest.raises(ValueError, match=r"data/README.md links to gone.md#x, and there is no"):
        rewritten("[x](gone.md#x)")


def test_our_own_pages_name_pages_of_the_site():
    assert rewritten("[x](r_to_python.md)", "website/pages/index.md") == "[x](r_to_python.md)"


def test_every_file_that_is_a_page_is_there():
    assert all((REPOSITORY_FOLDER / name).is_file() for name in links.PAGES)
    assert len(links.LESSONS) == 10


@pytest.mark.parametrize(("repository", "found"), [("ann/faces", HOME), ("your_account/x", None)])
def test_a_course_without_a_public_home_has_none(monkeypatch, repository, found):
    monkeypatch.setattr(links, "courses_home", lambda: (repository, "main"))
    assert links.home() == found


@pytest.mark.parametrize(
    ("lives_at", "told"),
    [("ann/faces", "true"), ("bob/faces", "false"), ("your_account/x", "false")],
)
def test_the_workflow_is_told_whether_it_is_at_home(monkeypatch, capsys, lives_at, told):
    """A copy of the course somewhere else publishes nothing."""
    monkeypatch.setattr(files, "courses_home", lambda: (lives_at, "main"))
    monkeypatch.setenv("GITHUB_REPOSITORY", "ann/faces")
    runpy.run_path(links.__file__, run_name="__main__")
    assert capsys.readouterr().out == f"is_home={told}\n"
