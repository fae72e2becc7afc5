"""A server that counts what it sends, as slow as a line may be, and a browser on one core."""

import contextlib
import gzip
import http.server
import os
import shutil
import threading
import time
from dataclasses import dataclass
from pathlib import PurePath
from urllib.parse import urlsplit

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")  # the names that systems give it
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]  # as root, no graphics card
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".wasm": "application/wasm",
}
PIECE = 2**14  # bytes, after each of which a slow line makes one wait


@dataclass(frozen=True)
class Asset:
    """A file of a page: what it weighs, and what goes over the line, packed by gzip.

    `is_net`: does it hold a net, or is it part of what computes one?
    """

    content: bytes
    packed: bytes
    is_net: bool = False

    @classmethod
    def of(cls, content, is_net=False):
        """From the file's bytes alone."""
        return cls(content, gzip.compress(content, 9, mtime=0), is_net)


class Server:
    """Serves assets, a dict by name, on this computer only, and remembers what was asked for.

    `bits_per_second`: how fast the line is, for all requests together; None for no limit.
    """

    def __init__(self, assets):
        self.assets = assets
        self.bits_per_second = None
        self.asked = []
        self._line = threading.Lock()
        handler = type("Handler", (_Handler,), {"server_of_assets": self})
        self._http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._http.shutdown()
        self._http.server_close()

    def send(self, content, file):
        """Write the bytes, piece by piece where the line is slow."""
        if self.bits_per_second is None:
            file.write(content)
            return
        for first in range(0, len(content), PIECE):
            piece = content[first : first + PIECE]
            with self._line:  # one at a time: all share it
                time.sleep(8 * len(piece) / self.bits_per_second)
            file.write(piece)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_of_assets: Server

    def do_GET(self):
        """Send what is asked for, packed; nothing is kept for the next time."""
        name = urlsplit(self.path).path.lstrip("/")
        asset = self.server_of_assets.assets.get(name)
        if asset is None:
            self.send_error(404)
            return
        self.server_of_assets.asked.append(name)
        self.send_response(200)
        kind = TYPES.get(PurePath(name).suffix, "application/octet-stream")
        self.send_header("Content-Type", kind)
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(asset.packed)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # the page was closed
            self.server_of_assets.send(asset.packed, self.wfile)

    def log_message(self, *_):
        """Say nothing."""


@contextlib.contextmanager
def one_core():
    """What this thread starts herein has one core; elsewhere than on Linux it has them all."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(allowed)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


@contextlib.contextmanager
def started_browser(kind):
    """A browser on one core: "chromium" (the system's) or "firefox" (Playwright's).

    Raises: RuntimeError where the browser is not there.
    """
    from playwright.sync_api import Error, sync_playwright

    settings = {}
    if kind == "chromium":
        path = next(filter(None, map(shutil.which, CHROMIUM)), None)
        if path is None:
            raise RuntimeError("There is no Chromium here: apt-get install chromium")
        settings = {"executable_path": path, "args": FLAGS}
    with one_core():  # what the browser starts inherits it
        playwright = sync_playwright().start()
        try:
            browser = getattr(playwright, kind).launch(**settings)
        except Error as error:
            playwright.stop()
            raise RuntimeError(f"{kind} doesn't start here: {error.message}") from error
    try:
        yield browser
    finally:
        browser.close()
        playwright.stop()
