"""A page of the site, opened as a visitor does who has no network; for `site.py`."""

import contextlib
import functools
import http.server
import threading

from axe_playwright_python.sync_playwright import Axe

from helpers.files import REPOSITORY_FOLDER

SCREENSHOTS = REPOSITORY_FOLDER / "runs" / "doors" / "site"
DESKTOP, PHONE = (1280, 900), (360, 740)  # pixels
HARMLESS = ("file:", "data:", "blob:")


class Visit:
    """A page of the site in a browser that is offline; it keeps what should not have happened."""

    def __init__(self, browser, address, size=DESKTOP, theme="light", **options):
        self.wrong = []
        self.context = browser.new_context(
            viewport=dict(zip(("width", "height"), size, strict=True)),
            color_scheme=theme,
            accept_downloads=True,
            offline=address.startswith("file:"),
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

    def axe(self, **options):
        """What axe-core finds, a line each. `options`: axe's own, `runOnly` for example."""
        # It would like to read the style sheets by itself, which a page on a disk can't.
        found = Axe().run(self.page, options={"preload": False, **options}).response["violations"]
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
        if visit.wrong:
            raise AssertionError("\n".join(visit.wrong))
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
