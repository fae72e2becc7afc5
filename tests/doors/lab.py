"""JupyterLab as `make lab` starts it, a lesson in it as an open page, and a look at that page."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import TimeoutError as TooLate

from tests import lesson_tools

LOOK = Path(__file__).parent / "jupyterlab_page.js"
KEPT = lesson_tools.ROOT / "runs" / "doors" / "jupyterlab"  # screenshots and JupyterLab's log
WIDTH, HEIGHT = 1280, 2400
# Chromium as root, without a graphics card, and without the network: a course needs none.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")  # the names that systems give it
# ipywidgets gives a slider's handle no name (github.com/leongersen/noUiSlider/issues/1223); what it
# does stands beside it, and its value is read aloud.
UNNAMED, SLIDER = "aria-input-field-name", "noUi-handle"
# JupyterLab asks each kernel for its debugger; a kernel that restarts meanwhile can't answer.
HARMLESS = re.compile(r"^Could not restore the debugger state: Canceled future")


def copy_course(place):
    """A copy of the checkout without what git ignores: lessons run there may write into it."""
    ignored = (lesson_tools.ROOT / ".gitignore").read_text(encoding="utf-8").split()
    names = [Path(line).name for line in ignored]
    shutil.copytree(lesson_tools.ROOT, place, ignore=shutil.ignore_patterns(".git", *names))


def newcomers_environment(home):
    """Environment variables of somebody who has never started JupyterLab: all is below `home`."""
    ours = ("TQDM_DISABLE", "PYTHONPATH")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ours
        and not name.startswith(("JUPYTER", "XDG_", "IPYTHON", "PYTEST", "MAKE"))
    }
    settings = home / "settings"
    tracker = settings / "@jupyterlab" / "notebook-extension" / "tracker.jupyterlab-settings"
    tracker.parent.mkdir(parents=True)
    # Only cells near the screen are drawn by default; the checks look at all of them. And no blank
    # screen below the last cell.
    tracker.write_text('{"windowingMode": "none", "scrollPastEnd": false}', encoding="utf-8")
    return kept | {
        "HOME": str(home),
        "JUPYTERLAB_SETTINGS_DIR": str(settings),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "COURSE_PROFILE": os.environ.get("COURSE_PROFILE", "smoke"),
        "COURSE_FACES": "drawn",
        "COURSE_CACHE": str(lesson_tools.ROOT / "data" / "cache"),
    }


@contextlib.contextmanager
def started_lab(course, home):
    """The address that `make lab` prints in the folder `course`; JupyterLab ends afterwards."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"--no-browser --allow-root --expose-app-in-browser --port={port}"
    # This Python's environment as it is: --assume-old keeps make from installing anything.
    done = f"--assume-old={sys.prefix}/learner.done"
    command = ["make", done, "lab", f"VENV={sys.prefix}", f"LAB_OPTIONS={options}"]
    KEPT.mkdir(parents=True, exist_ok=True)
    log = KEPT / "jupyterlab.log"
    with log.open("w", encoding="utf-8") as file:
        lab = subprocess.Popen(
            command,
            cwd=course,
            env=newcomers_environment(home),
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield _printed_address(lab, log)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(lab.pid, signal.SIGTERM)  # make, JupyterLab and its kernels
        lab.wait(timeout=30)


def _printed_address(lab, log, seconds=90):
    began = time.monotonic()
    while time.monotonic() - began < seconds and lab.poll() is None:
        told = log.read_text(encoding="utf-8")
        found = re.search(r"http://127\.0\.0\.1:\d+/lab\S*", told)
        if found:
            return found.group()
        time.sleep(0.2)
    told = log.read_text(encoding="utf-8")
    raise RuntimeError(f"JupyterLab printed no address within {seconds} seconds:\n{told}")


def find_chromium():
    """The path of the system's Chromium. Raises: RuntimeError where there is none."""
    chromium = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if chromium is None:
        raise RuntimeError("There is no Chromium here. Install it first: apt-get install chromium")
    return chromium


@contextlib.contextmanager
def started_browser():
    """The system's Chromium; Playwright's own can't be had everywhere."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=FLAGS)
        yield browser
        browser.close()


class OpenLesson:
    """A lesson in JupyterLab, in a page of its own, with its cells counted from 0."""

    def __init__(self, browser, address, name):
        self.name = name
        self.page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        self._thrown = []
        self.page.on("pageerror", lambda error: self._thrown.append(f"the page throws: {error}"))
        self.page.on("console", self._hear)
        self.page.add_init_script(path=LOOK)
        first = lesson_tools.lessons()[0].name
        assert first in address, f"`make lab` doesn't open {first}, but {address}"
        self._base = address.split("/lab")[0]
        self.page.goto(address.replace(first, name) + "&reset")
        self._wait("window.course.isReady()", 60, "isn't ready")

    def _hear(self, message):
        # What lies outside (badges) can't be had here, and a learner may be without a network, too.
        is_ours = message.location["url"].startswith(self._base)
        if message.type == "error" and is_ours and not HARMLESS.search(message.text):
            self._thrown.append(f"the console says: {message.text} ({message.location['url']})")

    def _wait(self, condition, seconds, told):
        try:
            self.page.wait_for_function(f"() => {condition}", timeout=1000 * seconds)
        except TooLate:
            raise AssertionError(f"{self.name} {told} after {seconds} seconds.") from None

    def run_all(self, minutes):
        """Restart the kernel and run all cells, through the menu; return the seconds it took."""
        self.page.click(".lm-MenuBar-itemLabel:text-is('Run')")
        self.page.click(".lm-Menu-itemLabel:text-is('Restart Kernel and Run All Cells…')")
        self.page.click(".jp-Dialog button:has-text('Restart')")
        began = time.monotonic()
        self._wait("window.course.isRunning()", 60, "didn't begin to run")
        self._wait("!window.course.isRunning()", 60 * minutes, "didn't end")
        return time.monotonic() - began

    def complaints(self, was_run):
        """Sentences about all that is wrong with the page, after a moment to draw the last.

        What the page itself threw is told once.
        """
        question = f"window.course.complaints({str(was_run).lower()})"
        with contextlib.suppress(TooLate):
            self.page.wait_for_function(f"() => {question}.length === 0", timeout=15_000)
        thrown, self._thrown = self._thrown, []
        return self.page.evaluate(question) + thrown

    def barriers(self):
        """Sentences about what a screen reader, the keyboard or weak eyes can't use: by axe-core.

        It looks at the lesson's texts and outputs only: JupyterLab's own frame isn't ours.
        """
        found = Axe().run(self.page, ".jp-Notebook .jp-MarkdownOutput, .jp-OutputArea-output")
        return [
            f"cell {self._place_of(node)}: {rule['help']} ({rule['id']}): {node['html'][:200]}"
            for rule in found.response["violations"]
            for node in rule["nodes"]
            if rule["id"] != UNNAMED or SLIDER not in node["html"]
        ]

    def _place_of(self, node):
        return self.page.evaluate(
            "css => document.querySelector(css)?.closest('.jp-Cell')?.dataset.windowedListIndex",
            node["target"][0],
        )

    def cells(self, words):
        """The places of the code cells whose source holds these words."""
        return self.page.evaluate(
            "words => window.course.cells().flatMap((cell, place) => cell.model.type === 'code'"
            " && cell.model.sharedModel.source.includes(words) ? [place] : [])",
            words,
        )

    def cell(self, place):
        """The cell at this place, as Playwright finds it."""
        return self.page.locator(f".jp-Notebook .jp-Cell[data-windowed-list-index='{place}']")

    def tab_to(self, place, selector, number=0):
        """Select a cell and press Tab, or Shift+Tab on the way back, until this element has focus.

        The focus may stand behind the element already, from a key that was pressed before.
        """
        self._select(place)
        for key in ["Tab"] * 30 + ["Shift+Tab"] * 60:
            self.page.keyboard.press(key)
            elements = self.cell(place).locator(f".jp-OutputArea {selector}")
            if elements.nth(number).evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{self.name}, cell {place}: Tab doesn't lead to {selector}.")

    def type_line(self, place, start, line):
        """Type a line in place of the cell's first line that begins so; the cursor stays there."""
        self._select(place)
        source = self.page.evaluate(
            f"() => window.course.cells()[{place}].model.sharedModel.source"
        )
        down = [text.startswith(start) for text in source.split("\n")].index(True)
        for key in ["Enter", "Control+Home", *["ArrowDown"] * down, "Home", "Shift+End"]:
            self.page.keyboard.press(key)
        self.page.keyboard.type(line)

    def _select(self, place):
        self.page.evaluate(
            """place => {
              const notebook = window.course.panel().content;
              notebook.deselectAll();
              notebook.activeCellIndex = place;
              notebook.mode = "command";
              notebook.activate();
            }""",
            place,
        )

    def picture(self, place):
        """The source of the first picture in a cell's output."""
        return self.page.evaluate(f"() => window.course.firstPicture({place}).src")

    def wait_for_another_picture(self, place, former, told):
        """Wait until another picture than this source is there and loaded."""
        try:
            self.page.wait_for_function(
                f"""former => {{
                  const picture = window.course.firstPicture({place});
                  return picture?.src !== former && picture?.naturalWidth > 0;
                }}""",
                arg=former,
                timeout=30_000,
            )
        except TooLate:
            raise AssertionError(told) from None

    def keep_pictures(self, state):
        """Screenshots from top to bottom, in `runs/doors/jupyterlab`."""
        stem = f"{Path(self.name).stem}_{state}"
        for former in KEPT.glob(f"{stem}_*.png"):
            former.unlink()
        at, height, count = 0, 1, 0
        while at < height:
            height = self.page.evaluate(
                """async at => {
                  const outer = window.course.panel().content.node
                    .querySelector(".jp-WindowedPanel-outer");
                  outer.scrollTop = at;
                  await new Promise(drawn => requestAnimationFrame(() => setTimeout(drawn)));
                  return outer.scrollHeight;
                }""",
                at,
            )
            self.page.screenshot(path=KEPT / f"{stem}_{count:02}.png")
            at, count = at + HEIGHT - 200, count + 1

    def close(self):
        """Close the page and end the kernel: eight of them would need 5 GiB."""
        self.page.evaluate("() => window.course.panel().sessionContext.shutdown()")
        self.page.close()
