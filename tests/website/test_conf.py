"""A page gets the scripts and styles of its widgets, and no others."""

from types import SimpleNamespace

import pytest

pytest.importorskip("sphinx", reason="website/requirements.txt is not installed")

from sphinx.errors import ExtensionError

from website import conf


class App:
    """Stands for Sphinx: a folder of scripts, and what was added to the page."""

    def __init__(self, folder):
        (folder / "scripts").mkdir()
        (folder / "styles").mkdir()
        for name in ("scripts/game.js", "scripts/draw.js", "styles/game.css"):
            (folder / name).write_text("", encoding="utf-8")
        self.confdir = folder
        self.config = SimpleNamespace(html_static_path=["scripts", "styles"])
        self.added = []
        self.add_js_file = self.add_css_file = self.added.append


@pytest.fixture
def added(tmp_path, monkeypatch):
    """A function: what is added to a page with this body."""
    widgets = {"game": ["game.js", "game.css"], "draw": ["draw.js"], "lost": ["gone.js"]}
    monkeypatch.setattr(conf, "WIDGETS", widgets)
    app = App(tmp_path)

    def added(body):
        conf.add_scripts(app, "a_page", "page.html", {"body": body}, None)
        return app.added

    return added


def test_a_page_gets_what_its_widgets_need_once(added):
    game = '<div class="course-widget" data-widget="game"></div>'
    assert added(game * 2) == ["game.js", "game.css"]


def test_a_page_without_widgets_gets_nothing(added):
    assert added("<p>data-widget</p>") == []


@pytest.mark.parametrize(
    ("widget", "said"),
    [("chess", "has a widget “chess”, which the table WIDGETS"), ("lost", "a_page needs gone.js")],
)
def test_a_widget_or_a_file_that_is_not_there_is_named(added, widget, said):
    with pytest.raises(ExtensionError, match=said):
        added(f'<div data-widget="{widget}"></div>')


def test_a_page_that_sphinx_makes_itself_has_no_body():
    conf.add_scripts(None, "genindex", "genindex.html", {}, None)


def test_every_file_that_a_widget_needs_is_there():
    folder = conf.FOLDER
    for names in conf.WIDGETS.values():
        for name in set(names) - conf.MADE:
            assert any((folder / static / name).is_file() for static in conf.html_static_path), name
