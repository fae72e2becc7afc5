"""The site as a visitor meets it, in a real browser, without a network.

    python -m pytest tests/doors/site.py            three minutes on two cores
    python -m pytest tests/doors/site.py -k draw    one page

It walks the site that `make site` made in `dist/site`, and makes it where there is none. Pages are
opened from the disk, as from an instructor's stick; some of it again from a server. Screenshots
stay in `runs/doors/site`. `site_drawing.py`, `site_two_numbers.py` and `site_answers.py` try the
widgets. Needs Chromium and
playwright; Firefox draws, too, where the system has it.
"""

import json
import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.doors import lab, site_answers, site_drawing, site_two_numbers
from tests.doors.site_visit import DESKTOP, PHONE, on_disk, served, visit
from tests.website.node import node
from website import build, links, packages

SITE = build.SITE
FIREFOX = ("firefox-esr", "firefox")
AUDITED = ("index", "draw", "two_numbers", "02_generator", "teaching")  # by Lighthouse
# Two browsers side by side: one walks all pages, the other one plays.
walking, playing = pytest.mark.xdist_group("site_pages"), pytest.mark.xdist_group("site_widgets")


def pages():
    """The names of the site's pages, as far as they are known before it is made."""
    own = [path.stem for path in (build.WEBSITE / "pages").glob("*.md")]
    others = {page.split("#")[0].rpartition(".")[0] for page in links.PAGES.values()}
    return sorted({*own, *others, "r_to_python"})


@pytest.fixture(scope="module")
def site():
    if not (SITE / "index.html").exists():
        build.build(SITE)
    return SITE


@pytest.fixture(scope="module")
def browser():
    with lab.started_browser() as started:
        yield started


@walking
@pytest.mark.parametrize("name", pages())
def test_a_page_is_for_everyone(site, browser, name):
    """On a desk and on a phone: nothing that axe-core finds, nothing too wide, all pictures there.

    The dark theme has other colours and the same page, so there axe looks at colours only.
    """
    address = on_disk(site, name)
    for theme, size in (("light", DESKTOP), ("dark", PHONE)):
        with visit(browser, address, size, theme) as visited:
            page = visited.page
            assert page.title().strip() and page.locator("h1").first.is_visible()
            shown = page.evaluate("document.documentElement.dataset.theme")
            assert shown == theme
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size[0], f"{name} is {wide} pixels wide on a screen of {size[0]}"
            assert page.evaluate(BROKEN_PICTURES) == []
            visited.keep(f"{name}_{theme}_{size[0]}", full_page=len(visited.page.content()) < 3e5)
            assert visited.axe(**({} if theme == "light" else COLOURS)) == []


COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
BROKEN_PICTURES = """() => Promise.all(
  [...document.images].map(async (image) => {
    image.loading = "eager";
    try { await image.decode(); } catch { return image.src; }
  })).then((wrong) => wrong.filter(Boolean))"""


@playing
def test_the_drawing_page(site, browser):
    began = time.monotonic()
    with visit(browser, on_disk(site, "draw")) as visited:
        site_drawing.widget(visited.page, "face")
        print(f"page and first face after {time.monotonic() - began:.2f} s")
        site_drawing.the_first_face_comes_by_itself(visited.page)
        site_drawing.the_slider_grows_faces(visited.page)
        site_drawing.one_walks_between_four_faces(visited.page)
        site_drawing.each_of_ten_sliders_changes_the_face(visited.page)
        site_drawing.the_game_counts(visited.page)
        site_drawing.pictures_can_be_saved(visited.page)
        visited.keep("draw_played", full_page=True)
        assert visited.axe() == []


@playing
def test_the_page_draws_keras_pictures(site, browser):
    with visit(browser, on_disk(site, "draw")) as visited:
        site_drawing.widget(visited.page, "face")
        site_drawing.each_generator_draws_what_keras_draws(
            lambda wishes: [visited.page.evaluate(site_drawing.DRAW, wish) for wish in wishes]
        )


@playing
def test_a_latent_is_seen_on_its_way(site, browser):
    with visit(browser, on_disk(site, "generator_in_200_lines")) as visited:
        site_drawing.each_stage_is_seen(visited.page)
        visited.keep("stages", full_page=True)
        assert visited.axe() == []


@playing
def test_who_chooses_another_generator_sees_it_everywhere(site, browser):
    with visit(browser, on_disk(site, "draw"), PHONE, "dark") as visited:
        page = visited.page
        place = site_drawing.widget(page, "face")
        site_drawing.widget(page, "latents")
        for side in (50, 100):
            latents = site_drawing.widget(page, "latents")
            former = site_drawing.pixels(latents)
            place.get_by_role("radio").nth(1 if side == 50 else 2).check()
            site_drawing.becomes_another(page, latents, former)
            widths = page.locator('[data-widget="face"] canvas').evaluate("canvas => canvas.width")
            assert widths == side
        visited.keep("draw_phone", full_page=True)


@playing
def test_damaged_weights_are_a_sentence(site, browser, tmp_path):
    """One character of the packed weights is another one: the page says so, and goes on."""
    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    path = copy / "_static" / "weights" / "photographs_100_900.js"
    text = path.read_bytes().decode("utf-16")
    middle = len(text) // 2
    other = chr(ord(text[middle]) ^ 1)
    path.write_bytes(b"\xff\xfe" + (text[:middle] + other + text[middle + 1 :]).encode("utf-16-le"))
    with visit(browser, on_disk(copy, "draw")) as visited:
        told = visited.page.locator('[data-widget="face"] .course-status')
        visited.page.wait_for_function(
            "told => told.textContent.includes('damaged')", arg=told.element_handle()
        )
        path.unlink()
        visited.page.reload()
        told = visited.page.locator('[data-widget="face"] .course-status')
        visited.page.wait_for_function(
            "told => told.textContent.includes('missing')", arg=told.element_handle()
        )
        visited.wrong = [words for words in visited.wrong if "ERR_FILE_NOT_FOUND" not in words]


@playing
def test_the_one_file_of_the_games(site, browser):
    """It alone, in an empty folder's place: nothing else can be loaded."""
    with visit(browser, on_disk(site, "game")) as visited:
        page = visited.page
        site_drawing.the_first_face_comes_by_itself(page)
        site_drawing.one_walks_between_four_faces(page)
        site_drawing.each_of_ten_sliders_changes_the_face(page)
        site_drawing.the_game_counts(page)
        site_drawing.pictures_can_be_saved(page, films=False)
        site_two_numbers.play_by_keyboard(page)
        visited.keep("game", full_page=True)
        assert visited.axe() == []


@playing
@pytest.mark.parametrize(
    ("name", "theme", "size"),
    [
        ("two_numbers", "light", DESKTOP),
        ("two_numbers", "dark", PHONE),
        ("00_start_here", "light", DESKTOP),
    ],
)
def test_the_game_of_two_numbers(site, browser, name, theme, size):
    with visit(browser, on_disk(site, name), size, theme) as visited:
        if size == PHONE:
            site_two_numbers.everything(visited.page)
        else:
            site_two_numbers.play_by_keyboard(visited.page)
        visited.keep(f"{name}_played_{theme}_{size[0]}")


@playing
@pytest.mark.parametrize("name", [path.stem for path in links.LESSONS])
def test_guesses_and_answers(site, browser, name):
    with visit(browser, on_disk(site, name), PHONE, "light", reduced_motion="reduce") as visited:
        if name == "02_generator":
            site_answers.everything(visited.page)
        else:
            site_answers.the_main_things(visited.page)


@walking
def test_the_search_finds_without_a_network(site, browser):
    with visit(browser, on_disk(site, "search") + "?q=discriminator") as visited:
        found = visited.page.locator("#search-results li a").first
        found.wait_for(timeout=30_000)
        assert visited.page.locator("#search-results li").count() > 3
        visited.keep("search")


@walking
def test_who_asks_another_host_is_noticed(browser, tmp_path):
    page = '<!doctype html><title>It</title><img alt="it" src="http://127.0.0.1:9/picture.png">'
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    noticed = pytest.raises(AssertionError, match="asks another host: http://127.0.0.1:9")
    with noticed, visit(browser, on_disk(tmp_path, "page")):
        pass


@walking
def test_without_javascript_the_lessons_can_be_read(site, browser):
    with visit(browser, on_disk(site, "02_generator"), java_script_enabled=False) as visited:
        assert visited.page.get_by_role("heading", level=1).is_visible()
        assert visited.page.locator("img").count() > 5
        site_answers.all_is_there_without_scripts(visited.page)


@playing
def test_from_a_server_it_is_the_same(site, browser):
    with served(site) as address, visit(browser, f"{address}/draw.html") as visited:
        site_drawing.the_first_face_comes_by_itself(visited.page)
        site_drawing.one_walks_between_four_faces(visited.page)


def npm_packages():
    """The folder of all packages of website/package.json, those for tests, too."""
    if not packages.is_here("lighthouse"):
        packages.fetch()
    return packages.FOLDER / "node_modules"


@walking
def test_firefox_draws_keras_pictures_too(site):
    firefox = next(filter(None, map(shutil.which, FIREFOX)), None)
    if firefox is None:
        pytest.skip("There is no Firefox here: apt-get install firefox-esr")

    def draw_all(wishes):
        script = Path(__file__).with_name("site_in_firefox.js")
        command = [node(), str(script), str(npm_packages()), firefox, on_disk(site, "draw")]
        asked = json.dumps({"draw": site_drawing.DRAW, "arguments": wishes})
        done = subprocess.run(
            command, input=asked, capture_output=True, encoding="utf-8", timeout=300
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    site_drawing.each_generator_draws_what_keras_draws(draw_all)


@walking
def test_lighthouse_is_content(site, tmp_path):
    """95 of 100 and more for accessibility and best practices."""
    command = npm_packages() / "lighthouse" / "cli" / "index.js"
    chromium = lab.find_chromium()
    scores = {}
    with served(site) as address:
        for name in AUDITED:
            report = tmp_path / f"{name}.json"
            words = [str(command), f"{address}/{name}.html", "--output=json", "--quiet"]
            words += [f"--output-path={report}", "--only-categories=accessibility,best-practices"]
            words.append("--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage")
            done = subprocess.run(
                [node(), *words],
                env={**os.environ, "CHROME_PATH": chromium},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                timeout=120,
            )
            assert done.returncode == 0, done.stdout
            found = json.loads(report.read_text(encoding="utf-8"))
            scores[name] = {key: category["score"] for key, category in found["categories"].items()}
    print("Lighthouse:", scores)
    assert min(score for each in scores.values() for score in each.values()) >= 0.95, scores
