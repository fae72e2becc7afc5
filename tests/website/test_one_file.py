"""The one file of the games: it has all that its widgets need, and nothing goes out of it."""

import re

import pytest

from website import checks, one_file
from website.generators import GENERATORS


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The file's text, and its bytes."""
    drawing = tmp_path_factory.mktemp("drawing")
    (drawing / "gifenc.js").write_text('"use strict";\n', encoding="utf-8")
    file = one_file.one_file(drawing)
    return file.decode("utf-16"), file


def test_it_can_be_mailed_and_holds_the_game_generator_only(page):
    text, file = page
    assert len(file) <= one_file.LARGEST
    [generator] = [each for each in GENERATORS if each.is_for_the_game]
    assert generator.source == "drawn", "what it draws has to be nobody"
    names = set(re.findall(r'course\.weightsCame\("(\w+)"', text))
    assert names == {f"{generator.name}_{generator.seconds[-1]}"}


def test_its_own_rule_lets_nothing_in_or_out(page, tmp_path):
    rule = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page[0]).group(1)
    kinds = dict(part.split(" ", 1) for part in rule.split("; "))
    assert kinds.pop("default-src") == "'none'"
    allowed = set(" ".join(kinds.values()).split())
    assert allowed == {"'unsafe-inline'", "blob:", "data:"}
    (tmp_path / "game.html").write_bytes(page[1])
    assert checks.problems(tmp_path) == []


def test_it_has_the_scripts_and_styles_of_its_widgets_in_their_order():
    """As `WIDGETS` in website/conf.py has them."""
    pytest.importorskip("sphinx", reason="website/requirements.txt is not installed")
    from website.conf import EVERYWHERE, WIDGETS

    for _, widget, _ in one_file.WIDGETS:
        needed = [*EVERYWHERE, *WIDGETS[widget]]
        for files in (one_file.SCRIPTS, one_file.STYLES):
            ending = files[0].rpartition(".")[2]
            places = [files.index(name) for name in needed if name.endswith(ending)]
            assert places == sorted(places), widget


@pytest.mark.parametrize("script", ["'</script>'", "'<!--'"])
def test_a_script_that_would_end_too_early_is_refused(script):
    with pytest.raises(one_file.OneFileError, match="would end too early"):
        one_file._page([script], [], None)


def test_a_file_that_is_too_large_for_a_mail_is_refused(tmp_path, monkeypatch):
    (tmp_path / "gifenc.js").write_text('"use strict";', encoding="utf-8")
    weights = "\ufeff".encode("utf-16-le")
    monkeypatch.setattr(one_file, "scripts_of", lambda generator: ({}, {"last": weights}))
    monkeypatch.setattr(one_file, "painted_faces", lambda generators, count: (b"", {}))
    monkeypatch.setattr(one_file, "LARGEST", 1000)
    with pytest.raises(one_file.OneFileError, match="more than 1,000: take fewer painted faces"):
        one_file.one_file(tmp_path)
