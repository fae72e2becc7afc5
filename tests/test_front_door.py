"""The front door: README and the pages that it leads to, as their readers meet them."""

import json
import re
import subprocess
from pathlib import Path

import nbformat
import pytest
from PIL import Image

from helpers.images import DRAWN_BY_A_NET
from tests import lesson_tools

ROOT = lesson_tools.ROOT
README = ROOT / "README.md"
PAGES = [README, *(ROOT / name for name in ("CONTRIBUTING.md", "TEACHING.md", "data/README.md"))]
PAGES += sorted(ROOT.glob("benchmarks/*.md"))
GIF = ROOT / "data" / "growing_faces.gif"
LINK = re.compile(r"(!?)\[((?:[^\[\]]|!?\[[^\]]*\]\([^)]*\))*)\]\(([^)\s]+)\)")
PARTS = [  # in the order in which a newcomer needs them
    "# GANs for faces",
    "![",  # faces growing
    "## Get the files",
    "## Start",
    "## In the browser",  # badges
    "## The lessons",
    "## Which machine",
    "## If something goes wrong",
    "## Which faces",
    "## Where to go next",
    "## Licence and sources",
]
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def text_of(page):
    return page.read_text(encoding="utf-8")


def words(text):
    """The words of a page as a reader counts them: what has a letter or a digit, between blanks.

    Code counts, and so do tables and alt texts, which some readers hear. Addresses of links,
    comments, and the marks of code, tables and headings don't.
    """
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"^\s*```.*$", "", text, flags=re.MULTILINE)
    while LINK.search(text):  # a badge is a picture in a link
        text = LINK.sub(r" \2 ", text)
    return [word for word in text.split() if re.search(r"\w", word)]


def links(text):
    """All targets of links and pictures, as (is a picture, words or alt text, target)."""
    found = []
    for mark, inside, target in LINK.findall(text):
        found += [(mark == "!", inside, target), *links(inside)]
    return found


def without_code(text):
    """The text of a page without its code, in which nothing is a link or a picture."""
    text = re.sub(r"^```.*?^```|^ {4,}.*?$", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]+`", "", text)


def anchors(text):
    """What `#…` may lead to: the page's headings, written as GitHub writes them."""
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings]
    return {heading.replace(" ", "-") for heading in plain}


def test_words_are_counted_as_a_reader_counts_them():
    text = "<!-- not\nthis -->\n## Two words\n| a | [link](there.md) |\n|---|---|\n"
    assert words(f"{text}```python\nx = 1\n```") == ["Two", "words", "a", "link", "x", "1"]
    assert words("[![alt text](a.svg)](https://there/is) end") == ["alt", "text", "end"]
    assert links("[![alt text](a.svg)](b.md)") == [
        (False, "![alt text](a.svg)", "b.md"),
        (True, "alt text", "a.svg"),
    ]


def test_the_readme_has_at_most_700_words():
    assert len(words(text_of(README))) <= 700


def test_the_readmes_parts_are_all_there_and_in_order():
    text = text_of(README)
    places = [text.find(f"\n{part}", 0) if number else 0 for number, part in enumerate(PARTS)]
    assert text.startswith(PARTS[0])
    assert min(places[1:]) > 0, PARTS[places.index(min(places))]
    assert places == sorted(places)
    headings = re.findall(r"^## .*", text, re.MULTILINE)
    unknown = [name for name in headings if not name.startswith(tuple(PARTS))]
    assert unknown == []
    assert places[4] < text.index("<!-- badges -->") < places[5]


@pytest.mark.parametrize("path", lesson_tools.lessons(), ids=lambda path: path.name[:2])
def test_the_map_has_a_lessons_own_minutes(path):
    title = nbformat.read(path, as_version=4).cells[0].source
    stated = re.search(r"^\*(\d+) minutes", title, re.MULTILINE).group(1)
    row = re.search(rf"^\| \[[^\]]+\]\(notebooks/{path.name}\) \| (\d+) \|", text_of(README), re.M)
    assert row and row.group(1) == stated


@each_page
def test_every_link_and_picture_leads_to_a_file_and_every_anchor_to_a_heading(page):
    for _, _, target in links(without_code(text_of(page))):
        if re.match(r"https?:", target):
            continue
        file, _, anchor = target.partition("#")
        led_to = (page.parent / file).resolve() if file else page
        assert led_to.exists(), target
        assert led_to.is_relative_to(ROOT.resolve()), target
        if anchor:
            assert anchor in anchors(text_of(led_to)), target


@each_page
def test_every_picture_has_an_alt_text(page):
    for is_picture, alt, target in links(without_code(text_of(page))):
        if is_picture and not re.match(r"https?:", target):
            assert len(alt) > 20, target


def test_faces_grow_at_the_top_of_the_readme():
    first = next(found for found in links(text_of(README)) if found[0])
    assert first[2] == GIF.relative_to(ROOT).as_posix()
    for word in ("picture", "training", "faces"):
        assert word in first[1]


def test_the_moving_picture_is_small_and_lasts_about_ten_seconds():
    assert GIF.stat().st_size < 1_500_000
    with Image.open(GIF) as film:
        milliseconds = 0
        for number in range(film.n_frames):
            film.seek(number)
            milliseconds += film.info["duration"]
        assert 8_000 <= milliseconds <= 12_000
        assert film.n_frames >= 6 and film.width <= 800


def test_the_moving_picture_is_that_of_the_shipped_generator():
    """After make faces has kept another one: python -m benchmarks.growing_faces."""
    record = (ROOT / "data" / "growing_generator" / "run.json").read_text(encoding="utf-8")
    with Image.open(GIF) as film:
        comment = film.info["comment"].decode()
        assert comment == f"{DRAWN_BY_A_NET} Weights: {json.loads(record)['sha256']}"


def test_the_moving_picture_comes_to_rest():
    """What moves for ever, and can't be stopped, keeps some people from reading on."""
    with Image.open(GIF) as film:
        assert 1 <= film.info["loop"] <= 3  # 0 would mean for ever


@each_page
def test_every_make_target_exists(page):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    text = text_of(page)
    lines = re.findall(r"^ {4,}make (.*)$", text, re.MULTILINE)
    inline = re.findall(r"`make ([^`]*)`", text)
    for command in lines + inline:
        given = command.partition("#")[0].split()
        called = [word for word in given if "=" not in word and not word.startswith("-")]
        assert called and set(called) <= targets, command


@each_page
def test_every_module_that_a_command_names_exists(page):
    """Either a file, or a folder with a `__main__.py`."""
    for module in re.findall(r"python -m ((?:helpers|benchmarks|tests)\.[\w.]+)", text_of(page)):
        path = ROOT / module.replace(".", "/")
        assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), module


@each_page
def test_every_file_that_a_page_names_in_code_exists(page):
    """`helpers/files.py`, `tests/test_images.py`: a name in code, of a folder of the course."""
    pattern = (
        r"(?:helpers|tests|benchmarks|notebooks|data|binder)/[\w./]+\.(?:py|txt|ipynb|json|gif)"
    )
    for name in re.findall(pattern, text_of(page)):
        assert (ROOT / name).exists() or (page.parent / name).exists(), name


def git(folder, *words):
    name = ["-c", "user.name=learner", "-c", "user.email=learner@localhost"]
    return subprocess.run(
        ["git", *name, *words], cwd=folder, capture_output=True, text=True, check=False
    )


def test_a_newer_course_comes_beside_the_answers_as_the_readme_says(tmp_path):
    """Somebody has written into a lesson that has changed since: `git pull` refuses."""
    course, mine = tmp_path / "course", tmp_path / "mine"
    lesson = Path("notebooks") / "00.ipynb"
    (course / "notebooks").mkdir(parents=True)
    git(course, "init", "-q")
    for text in ("first", "second"):
        (course / lesson).write_text(text, encoding="utf-8")
        git(course, "add", "--all")
        git(course, "commit", "-q", "-m", text)
        if text == "first":
            git(tmp_path, "clone", "-q", course, mine)
    (mine / lesson).write_text("my answer", encoding="utf-8")
    assert git(mine, "pull", "-q").returncode != 0
    line = next(line for line in text_of(README).splitlines() if "`git pull` refuses" in line)
    move, checkout = re.findall(r"`([^`]+)`", line)[1:]
    for command in (move, checkout):
        subprocess.run(command.split(), cwd=mine, check=True, capture_output=True)
    assert git(mine, "pull", "-q").returncode == 0
    assert (mine / lesson).read_text(encoding="utf-8") == "second"
    assert (mine / "my_notebooks" / "00.ipynb").read_text(encoding="utf-8") == "my answer"
