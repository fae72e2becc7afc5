"""What is wrong with a site is found, and said in a sentence that names the page and the line."""

import pytest

from website import checks


def change(site, told, broken, name="index.html"):
    path = site / name
    text = path.read_text(encoding="utf-8")
    assert told in text
    path.write_text(text.replace(told, broken), encoding="utf-8")


def test_nothing_is_found_where_all_is_right(site):
    assert checks.problems(site) == []


@pytest.mark.parametrize(
    ("told", "broken", "said"),
    [
        ("other.html#place", "gone.html", "line 6: the link gone.html leads to no file"),
        ("other.html#place", "../other.html", "the link ../other.html leads to no file"),
        ("other.html#place", "other.html#gone", "a place that isn't in other.html"),
        ("#faces", "#gone", "line 6: the link #gone leads to a place that isn't in index.html"),
        ("#faces", "javascript:play()", "is of a kind that a page of the course doesn't have"),
        ("https://arxiv.org", "//arxiv.org", "is of a kind"),
        ("arxiv.org/abs", "github.com/your_account/gans", "and the course has none yet"),
        ('alt="A face that a net drew."', "", "line 8: the picture pictures/face.avif has no alt"),
        ('alt="A face that a net drew."', 'alt=" "', "has no alt text"),
        ('src="pictures/face.avif"', 'src="https://a.b/c.png"', "comes from another host"),
        ("face.avif 2x", "gone.avif 2x, pictures/face.avif 3x", "pictures/gone.avif is no file"),
        ("face.avif 2x", "face.avif 1x, //a.b/c.png 2x", "//a.b/c.png comes from another host"),
        ("_static/game.js", "http://a.b/game.js", "line 9: http://a.b/game.js comes from another"),
        ("_static/game.js", "_static/gone.js", "line 9: _static/gone.js is no file of the site"),
        ("_static/course.css?v=1", "HTTPS://a.b/course.css", "comes from another host"),
        ('rel="stylesheet" href="_static/course.css?v=1"', 'rel="preconnect" href="//a.b"', "host"),
        ("<h1 ", '<h1 style="background: url(//a.b/c.png)" ', "//a.b/c.png comes from another"),
        (
            "</head>",
            "<style>@import '//a.b/c.css';</style></head>",
            "//a.b/c.css comes from another",
        ),
        ("<script", '<iframe src="https://a.b"></iframe><script', "https://a.b comes from another"),
    ],
)
def test_what_is_wrong_in_a_page_is_found(site, told, broken, said):
    change(site, told, broken)
    [problem] = checks.problems(site)
    assert problem.startswith("index.html, line ") and said in problem


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("https://a.b/font.woff2", "line 1: https://a.b/font.woff2 comes from another host"),
        ("gone.woff2", "line 1: gone.woff2 is no file of the site"),
    ],
)
def test_what_is_wrong_in_a_style_sheet_is_found(site, broken, said):
    change(site, "font.woff2", broken, "_static/course.css")
    [problem] = checks.problems(site)
    assert problem.startswith("_static/course.css, ") and said in problem


def test_a_comment_of_a_style_sheet_loads_nothing(site):
    change(site, "body", "/* url(https://a.b) */ body", "_static/course.css")
    assert checks.problems(site) == []


def test_a_site_that_is_too_large_is_found_and_its_largest_files_named(site):
    (site / "_static" / "weights.js").write_bytes(bytes(checks.MOST + 1))
    [problem] = checks.problems(site)
    assert "The site has 15.00 MB, and may have 15. Its largest: _static/weights.js" in problem


@pytest.mark.parametrize("name", ["_static/game.js", "_static/course.css", "index.html"])
def test_a_page_that_is_too_large_with_what_it_loads_is_found(site, name):
    path = site / name
    path.write_bytes(path.read_bytes() + b" " * checks.MOST_A_PAGE)
    [problem] = checks.problems(site)
    assert problem.startswith("index.html has 3.00 MB")


def test_a_lessons_pictures_wait_until_one_is_there(site):
    (site / "pictures" / "face.avif").write_bytes(bytes(checks.MOST_A_PAGE))
    assert checks.problems(site) == []


def test_an_empty_folder_is_no_site(tmp_path):
    assert checks.problems(tmp_path) == [f"{tmp_path.resolve()} has no page."]
