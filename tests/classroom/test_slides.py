"""The slides: one file, five to eight of them, that can be shown without a network and be read."""

import re

import nbformat
import pytest

from helpers.classroom import slides as room
from helpers.classroom.handout import table_of
from helpers.classroom.lesson_editions import EditionError
from tests import lesson_tools
from tests.pictures import images_of

SOURCE = lesson_tools.NOTEBOOKS / "slides.ipynb"
HEIGHT = 720  # of a slide, as the template has it


@pytest.fixture(scope="module")
def page():
    try:
        room.reveal_parts()
    except EditionError as error:
        pytest.skip(str(error))
    return room.slides(SOURCE)


def sections(page):
    """The slides, each as HTML; what reveal.js itself has in its code is none."""
    body = re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL)
    return re.findall(r"<section\s*><section\s*>(.*?)</section>", body, re.DOTALL)


def test_there_are_five_to_eight_slides_each_with_a_title_and_notes(page):
    assert 5 <= len(sections(page)) <= 8
    for section in sections(page):
        assert section.count("<h1") == 1
        assert len(section.partition('<aside class="notes">')[2].split()) >= 20


def test_a_slide_has_few_words(page):
    for section in sections(page):
        shown = re.sub(r"<[^>]*>", " ", re.sub(r"<aside.*", "", section, flags=re.DOTALL))
        assert len(re.findall(r"\w+", shown)) <= 60


def test_nothing_comes_from_elsewhere(page):
    tags = re.sub(r"(?<=<script>).*?(?=</script>)", "", page, flags=re.DOTALL)
    found = re.findall(r"""(?:src|href)\s*=\s*["']?([^"'>\s]+)""", tags)
    assert [target for target in found if not target.startswith("data:")] == []
    assert not re.search(r"@import|url\(\s*[\"']?(?!data:)", tags)
    assert "<link" not in tags and re.findall(r"<script.*?>", tags) == ["<script>"] * 3


def test_every_picture_has_an_alt_text_and_can_be_seen(page):
    pictures = [picture for section in sections(page) for picture in images_of(section)]
    assert len(pictures) >= 4
    for pixels, alt in pictures:
        assert len(alt) >= 20 and pixels.std() > 1


def test_the_same_notebook_gives_the_same_slides(page):
    assert room.slides(SOURCE) == page


def test_no_code_and_no_word_of_the_editor_is_shown(page):
    assert "hl-ipython" not in page and "slide type" not in page


def test_the_source_has_no_outputs_and_is_no_lesson():
    notebook = nbformat.read(SOURCE, as_version=4)
    assert all(cell.outputs == [] for cell in lesson_tools.code_cells(notebook))
    assert SOURCE not in lesson_tools.lessons()


def test_the_shapes_on_the_slides_are_those_of_the_nets(page):
    from helpers.nets import chapter

    paths = re.findall(r'<div class="path">(.*?)</div>', page, re.DOTALL)
    nets = chapter.build_generator(), chapter.build_discriminator()
    for path, net in zip(paths, nets, strict=True):
        shapes = iter(shape for _, _, shape, _ in table_of(net))
        shown = re.findall(r"<span>(.*?)</span>", path)
        assert len(shown) == 4
        assert all(shape in shapes for shape in shown), shown  # in this order


def test_without_reveal_js_one_is_told_what_to_install(monkeypatch):
    monkeypatch.setattr(room, "PACKAGE", "no-such-package")
    with pytest.raises(EditionError, match="pip install --no-deps no-such-package"):
        room.slides(SOURCE)


def test_in_a_browser_without_a_network_each_slide_is_shown_whole(page, tmp_path, browser):
    file = tmp_path / "slides.html"
    file.write_text(page, encoding="utf-8")
    asked, thrown = [], []
    tab = browser.new_page(viewport={"width": 1280, "height": HEIGHT})
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: thrown.append(str(error)))
    tab.goto(file.as_uri())
    tab.wait_for_function("window.Reveal && Reveal.isReady()")
    for number in range(tab.evaluate("Reveal.getTotalSlides()")):
        tab.evaluate(f"Reveal.slide({number})")
        box = tab.locator("section.present section.present h1").bounding_box()
        assert box and box["height"] > 20 and box["y"] >= 0
        tall = tab.evaluate("Reveal.getCurrentSlide().scrollHeight")
        assert tall <= HEIGHT, f"slide {number + 1} is {tall} high"
    assert thrown == []
    assert [url for url in asked if not url.startswith(("data:", "file:"))] == []
    assert asked.count(file.as_uri()) == 1
