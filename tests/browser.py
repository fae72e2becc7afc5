"""A lesson in a real browser: JupyterLab as `make lab` starts it, Run All, and screenshots.

    pip install playwright; apt-get install chromium
    python -m tests.browser 00 01 … --pictures /tmp/pictures

Prints one line a lesson; its exit status is 1 where a cell fails, warns or shows no picture. Not
part of `make test`, because a learner's machine need not have Chromium.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from tests import lesson_tools

PAGE_HEIGHT = 2400
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]


def start_lab(command):
    """JupyterLab as a process, and the address that it prints once it answers."""
    lab = subprocess.Popen(
        command, cwd=lesson_tools.ROOT, text=True, stderr=subprocess.STDOUT, stdout=subprocess.PIPE
    )
    for line in lab.stdout:
        found = re.search(r"http://127\.0\.0\.1:\d+/lab\S*", line)
        if found:
            return lab, found.group()
    raise RuntimeError("JupyterLab ended before it printed its address.")


def run_all(page, address, name, minutes):
    """Open a lesson, run all its cells, and wait until the last one is done; return seconds."""
    base, token = address.split("/lab", 1)[0], re.search(r"token=\w+", address).group()
    page.goto(f"{base}/lab/tree/notebooks/{name}?{token}&reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel?.status"
        " === 'idle'",
        timeout=60_000,
    )
    page.wait_for_timeout(2000)
    questions = page.query_selector_all(".jp-toastContainer .Toastify__toast, .jp-Dialog")
    assert not questions, f"JupyterLab asks a newcomer: {questions[0].inner_text()}"
    page.click(".lm-MenuBar-itemLabel:text-is('Run')")
    page.click(".lm-Menu-itemLabel:text-is('Run All Cells')")
    began = time.monotonic()
    last = lesson_tools.code_cells(lesson_tools.nbformat.read(lesson_tools.NOTEBOOKS / name, 4))
    while time.monotonic() - began < 60 * minutes:
        page.wait_for_timeout(1000)
        state = page.evaluate(
            """() => {
              const panel = window.jupyterapp.shell.currentWidget;
              const cells = [...panel.content.model.cells].filter(cell => cell.type === 'code');
              const last = cells[cells.length - 1];
              const errors = cells.flatMap(cell => cell.outputs.toJSON())
                .filter(out => out.output_type === 'error' || out.name === 'stderr');
              return {done: last.executionCount, errors, cells: cells.length,
                      running: panel.sessionContext.session.kernel.status,
                      pictures: cells.flatMap(cell => cell.outputs.toJSON())
                        .filter(out => out.data && out.data['image/png']).length};
            }"""
        )
        if state["errors"] or (state["done"] == len(last) and state["running"] == "idle"):
            return time.monotonic() - began, state
    raise TimeoutError(f"{name} did not end within {minutes} minutes.")


def take_pictures(page, folder, stem):
    """Screenshots of the notebook from top to bottom; return how many."""
    folder.mkdir(parents=True, exist_ok=True)
    count, at, height = 0, 0, 1
    while at < height:
        height = page.evaluate(
            """(at) => {
              const outer = document.querySelector(
                '.jp-NotebookPanel:not(.lm-mod-hidden) .jp-WindowedPanel-outer');
              outer.scrollTop = at;
              return outer.scrollHeight;
            }""",
            at,
        )
        page.wait_for_timeout(700)
        page.screenshot(path=folder / f"{stem}_{count:02}.png")
        count, at = count + 1, at + PAGE_HEIGHT - 200
    return count


def main():
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("lessons", nargs="*", help="numbers; all where none is given")
    parser.add_argument("--pictures", type=Path, default=Path("/tmp/lesson_pictures"))
    parser.add_argument("--minutes", type=float, default=20, help="at most, for one lesson")
    chosen = parser.parse_args()
    options = "LAB_OPTIONS=--no-browser --allow-root --expose-app-in-browser --port-retries=50"
    lab, address = start_lab(["make", "lab", options])
    faulty = False
    try:
        with sync_playwright() as playwright:
            chromium = shutil.which("chromium") or shutil.which("google-chrome")
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            for path in lesson_tools.lessons():
                if chosen.lessons and path.name[:2] not in chosen.lessons:
                    continue
                page = browser.new_page(viewport={"width": 1280, "height": PAGE_HEIGHT})
                seconds, state = run_all(page, address, path.name, chosen.minutes)
                count = take_pictures(page, chosen.pictures, path.stem)
                page.evaluate(
                    "() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()"
                )
                page.close()
                faulty |= bool(state["errors"]) or not state["pictures"]
                print(
                    f"{path.name}: {seconds:.0f} s, {state['cells']} code cells, "
                    f"{state['pictures']} pictures, errors: {state['errors'] or 'none'}; "
                    f"{count} screenshots in {chosen.pictures}",
                    flush=True,
                )
            browser.close()
    finally:
        lab.terminate()
        lab.wait(timeout=30)
    sys.exit(faulty)


if __name__ == "__main__":
    os.environ.setdefault("COURSE_FACES", "drawn")
    main()
