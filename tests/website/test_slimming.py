"""What nobody sees goes; what is seen stays as it was."""

from website import checks, slimming


def test_blanks_and_marks_go_and_code_stays():
    page = (
        "<p>\n   a face</p>\n\n   <pre>"
        '<span class="n">x</span><span class="w"> </span><span class="o">=</span>\n\n    1</pre>'
        "\n\n  <textarea>\n\n  y</textarea>"
    )
    assert slimming.without_idle_marks(page) == (
        '<p>\na face</p>\n<pre>x <span class="o">=</span>\n\n    1</pre>\n'
        "<textarea>\n\n  y</textarea>"
    )


def test_a_column_without_a_name_has_no_head():
    page = '<tr><th class="head"><p></p></th><th class="head"><p>face rate</p></th></tr>'
    less = '<tr><td></td><th class="head"><p>face rate</p></th></tr>'
    assert slimming.without_idle_marks(page) == less


def test_a_folded_cell_is_announced_by_its_own_title():
    page = '<summary aria-label="Toggle hidden content"><p>Its cell</p></summary>'
    assert slimming.without_idle_marks(page) == "<summary><p>Its cell</p></summary>"


def test_a_font_goes_with_its_rule_where_no_page_has_its_icons(site):
    style = site / "_static" / "icons.css"
    rules = [f"@font-face{{src:url({name}.woff2)}}" for name in slimming.ICON_FONTS.values()]
    style.write_text("p{color:red}".join(rules), encoding="utf-8")
    for name in slimming.ICON_FONTS.values():
        (site / "_static" / f"{name}.woff2").write_bytes(b"font")
    page = site / "index.html"
    text = page.read_text(encoding="utf-8").replace("<h1", '<i class="fa-regular"></i><h1')
    page.write_text(text, encoding="utf-8")
    slimming.slim(site)
    assert checks.problems(site) == []
    assert style.read_text(encoding="utf-8") == f"p{{color:red}}{rules[1]}"
    assert not (site / "_static" / "fa-brands-400.woff2").exists()


def test_files_that_no_page_loads_go_and_so_do_empty_folders(site):
    for name in ("_static/game.js.map", "objects.inv", "_sources/objects.map"):
        (site / name).parent.mkdir(exist_ok=True)
        (site / name).write_text("{}", encoding="utf-8")
    before = {path for path in site.rglob("*") if path.is_file()}
    slimming.slim(site)
    gone = {path.name for path in before if not path.exists()}
    assert gone == {"game.js.map", "objects.inv", "objects.map"}
    assert not (site / "_sources").exists()
