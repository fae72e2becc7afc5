"""The handout: what is on it is the course's own, and it prints on two pages."""

import html
import re

import pytest

from helpers.classroom.handout import (
    MEASURES,
    TRAPS,
    WORDS,
    handout,
    most_used_words,
    table_of,
    table_under,
)
from helpers.classroom.lesson_editions import EditionError
from tests import lesson_tools
from tests.test_reading import LESSONS, entries, markdown_of


@pytest.fixture(scope="module")
def page():
    return handout(lesson_tools.NOTEBOOKS)


def text_of(page):
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_both_nets_are_on_it_as_they_are_built(page):
    from helpers.nets import chapter, layer_costs

    text = text_of(page)
    for net in (chapter.build_generator(), chapter.build_discriminator()):
        assert f"{net.name.capitalize()}: {net.count_params():,} parameters" in text
        for cost in layer_costs(net):
            if cost.multiply_adds:
                shape = " × ".join(f"{length:,}" for length in cost.output_shape)
                assert f"{shape} {cost.parameters:,}" in text


def test_a_layers_filter_is_told_with_its_stride():
    from helpers.nets import chapter

    rows = table_of(chapter.build_discriminator())
    assert rows[2] == ("convolution", "5 × 5, stride 2", "22 × 22 × 256", "1,638,656")
    assert rows[0] == ("what goes in", "", "50 × 50 × 3", "")


def test_a_step_has_eight_lines(page):
    assert len(re.findall(r"<li>", page)) == 8


@pytest.mark.parametrize(("head", "lesson"), [(TRAPS, "05"), (MEASURES, "06")])
def test_the_lessons_tables_are_on_it_whole(page, head, lesson):
    table = table_under(head, markdown_of(LESSONS[lesson]))
    rows = table.strip().split("\n")
    assert len(rows) >= 8
    text = text_of(page)
    for row in rows[2:]:
        cells = [cell.strip().replace("`", "") for cell in row.strip("|").split("|")]
        assert " ".join(cells) in text


def test_a_table_that_is_gone_is_told():
    assert table_under("| a | b |", "x\n| a | b |\n|---|---|\n| c | d |\n\n| e |") == (
        "| a | b |\n|---|---|\n| c | d |\n"
    )
    with pytest.raises(EditionError, match="begins with | a | c |"):
        table_under("| a | c |", "| a | b |\n|---|---|\n")


def test_its_words_are_the_glossarys(page):
    meanings = {word: meaning for word, meaning, *_ in entries()}
    text = text_of(page)
    shown = re.findall(r"<dt>(.*?):</dt>", page)
    assert len(shown) == WORDS and {"generator", "discriminator", "fake"} <= set(shown)
    for word in shown:
        assert f"{word}: {meanings[word].replace('**', '')}" in text


def test_the_most_used_words_are_counted_in_the_text_and_not_in_code():
    glossary = "- **fake**: A. [x](y)\n- **GAN**: B. [x](y)\n- **loss**: C. [x](y)\n"
    text = "Fakes, a fake; losses, GANs. `loss loss`\n```python\nloss\n```\n"
    assert most_used_words(glossary, text) == [("fake", "A."), ("GAN", "B."), ("loss", "C.")]
    assert most_used_words(glossary * 1, text)[0][0] == "fake"


def test_fewer_words_than_the_glossary_has_are_taken(monkeypatch):
    monkeypatch.setattr("helpers.classroom.handout.WORDS", 1)
    glossary = "- **fake**: A. [x](y)\n- **loss**: C. [x](y)\n"
    assert most_used_words(glossary, "loss, `fake fake` fake, losses") == [("loss", "C.")]


def test_it_needs_no_other_file_and_comes_out_the_same_each_time(page):
    assert not re.search(r"(?:src|href)\s*=|@import|url\(|<script", page)
    assert handout(lesson_tools.NOTEBOOKS) == page


def test_it_prints_on_two_pages(page, tmp_path, browser):
    file = tmp_path / "handout.html"
    file.write_text(page, encoding="utf-8")
    tab = browser.new_page()
    tab.goto(file.as_uri())
    printed = tab.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 2
