"""Play a run sheet of TEACHING.md: its cells in real kernels, while a clock counts its minutes.

    python -m tests.run_sheets 90        or 240, or 480: the sheet of so many minutes

Talk and exercises take no time here, computing takes what it takes. A row fits where its cells are
done within its "wait", and what runs in the background is done before a row needs it. The cache
of faces is empty at first, so this is a room in which nothing was prepared.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from subprocess import DEVNULL

import nbformat

from helpers.machine import where_and_when
from tests import lesson_tools

TEACHING = lesson_tools.ROOT / "TEACHING.md"
SHEET = re.compile(r"^### .*?\b(\d+) minutes$\n(.*?)(?=^##|\Z)", re.MULTILINE | re.DOTALL)
COLUMNS = ["from", "minutes", "talk + try + wait", "what", "lesson: cells", "who types"]
ITEM = re.compile(r"(meanwhile )?(\d\d): (Run All(?: Above `([\w-]+)`)?|`[\w-]+`(?: → `[\w-]+`)?)")
PREFIX = "cell:"  # of a tag that names a cell
UNNOTICED = 10  # seconds of computing that nobody notices in a row without waiting


class SheetError(Exception):
    """A run sheet can't be read or played; the message says which row and why."""


@dataclass(frozen=True)
class Item:
    """Cells of a lesson: from the cell named `first` to `last`, or all where `last` is "".

    `first` is "" where all above count, too. `above`: the cell `last` itself is not run.
    """

    lesson: str
    first: str = ""
    last: str = ""
    above: bool = False


@dataclass(frozen=True)
class Row:
    """A row of a sheet, all times in minutes. `background`: what is started and left alone."""

    start: int
    minutes: int
    parts: tuple  # talk, try, wait
    what: str
    items: tuple
    background: tuple
    who: str

    @property
    def wait(self):
        return self.parts[2]


def sheets(text):
    """The sheets in the Markdown of TEACHING.md, as a dict: minutes → list of Rows.

    Raises: SheetError where a row has no such form.
    """
    return {int(minutes): _rows(body) for minutes, body in SHEET.findall(text)}


def _rows(body):
    table = [line for line in body.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    if not cells or cells[0] != COLUMNS:
        raise SheetError(f"A run sheet has the columns {COLUMNS}, not {cells[:1]}.")
    return [_row(line, *row) for line, row in zip(table[2:], cells[2:], strict=True)]


def _row(line, start, minutes, parts, what, run, who):
    try:
        hours, past = map(int, start.split(":"))
        talk, tried, waiting = map(int, parts.split("+"))
    except ValueError as error:
        raise SheetError(f"Times are written 0:45 and 5 + 4 + 1: {line}") from error
    written = [] if run == "–" else run.split("; ")
    found = [ITEM.fullmatch(item) for item in written]
    if None in found:
        raise SheetError(f"Cells are written 05: `one` → `other`, or meanwhile 05: Run All: {line}")
    now = tuple(_item(item) for item in found if not item[1])
    later = tuple(_item(item) for item in found if item[1])
    times = 60 * hours + past, int(minutes), (talk, tried, waiting)
    return Row(*times, what, now, later, who)


def _item(found):
    if found[3].startswith("Run All"):
        return Item(found[2], last=found[4] or "", above=bool(found[4]))
    named = re.findall(r"`([\w-]+)`", found[3])
    return Item(found[2], first=named[0], last=named[-1])


def tags(notebook):
    """The named cells of a lesson: a list of (name, index of the cell)."""
    return [
        (tag[len(PREFIX) :], index)
        for index, cell in enumerate(notebook.cells)
        for tag in cell.metadata.get("tags", [])
        if tag.startswith(PREFIX)
    ]


def read_lesson(number):
    """The notebook of lesson "05", say. Raises: SheetError where there is none."""
    paths = [path for path in lesson_tools.lessons() if path.name.startswith(number)]
    if not paths:
        raise SheetError(f"There is no lesson {number} in notebooks/.")
    return nbformat.read(paths[0], as_version=4)


class Lesson:
    """A lesson in a kernel of its own. It runs cells in their order, as a person would."""

    def __init__(self, number, make_kernel):
        self.notebook = read_lesson(number)
        self.done = 0  # cells above this one have been run
        self.thread = ThreadPoolExecutor(1)  # all that a kernel is asked comes from one thread
        self._kernel = self.thread.submit(make_kernel, number)

    def submit(self, item):
        """Run an Item's cells, and those above that were never run; a future of the seconds."""
        return self.thread.submit(self._run, item, time.monotonic())

    def cells_of(self, item):
        """The indices to run for an Item, after `done` cells."""
        named = dict(tags(self.notebook))
        for name in filter(None, (item.first, item.last)):
            if name not in named:
                raise SheetError(f"Lesson {item.lesson} has no cell that is named {name}.")
        first = named[item.first] if item.first else self.done
        end = len(self.notebook.cells)
        if item.last:
            end = named[item.last] + (not item.above)
        return range(min(first, self.done), end)

    def _run(self, item, began):
        for index in self.cells_of(item):
            cell = self.notebook.cells[index]
            if cell.cell_type == "code":
                self._kernel.result().run(cell.source)
            self.done = max(self.done, index + 1)
        return time.monotonic() - began

    def close(self):
        self.thread.submit(lambda: self._kernel.result().close()).result()
        self.thread.shutdown()


class Kernel:
    """A Python that runs a lesson's cells, as Jupyter starts it, in the folder `notebooks`."""

    def __init__(self, number, environment):
        from jupyter_client import KernelManager

        self.number = number
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(
            cwd=str(lesson_tools.NOTEBOOKS), env=environment, stdout=DEVNULL, stderr=DEVNULL
        )
        self.client = self.manager.blocking_client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=120)

    def run(self, code):
        """Raises: SheetError where the cell fails, or its kernel no longer answers."""
        try:
            reply = self.client.execute_interactive(
                code, allow_stdin=False, timeout=1200, output_hook=lambda message: None
            )
        except (TimeoutError, RuntimeError) as error:
            raise SheetError(f"The kernel of lesson {self.number} is silent: {error}") from error
        if reply["content"]["status"] != "ok":
            told = f"{reply['content'].get('ename')}: {reply['content'].get('evalue')}"
            raise SheetError(f"A cell of lesson {self.number} fails: {told}\n{code}")

    def close(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@dataclass(frozen=True)
class Played:
    """What a row, or what runs in the background, took: `seconds` of the `allowed` ones."""

    what: str
    minutes: int
    seconds: float
    allowed: float

    @property
    def fits(self):
        return self.seconds <= self.allowed


def play(rows, make_kernel):
    """Play a sheet's rows; yields a Played for each row, and for each start in the background.

    `make_kernel`: called with a lesson's number; gives an object with `run(code)` and `close()`.
    """
    lessons, running = {}, {}
    try:
        for row in rows:
            clock = 60 * row.start
            for lesson in {item.lesson for item in row.items} & set(running):
                yield _finished(lesson, *running.pop(lesson), clock)
            # In the room these minutes have passed; here they have not.
            for future, began, since in running.values():
                wait([future], timeout=max(0, clock - since - (time.monotonic() - began)))
            for item in (*row.background, *row.items):
                if item.lesson not in lessons:
                    lessons[item.lesson] = Lesson(item.lesson, make_kernel)
            for item in row.background:
                submitted = lessons[item.lesson].submit(item)
                running[item.lesson] = submitted, time.monotonic(), clock
            seconds = sum(lessons[item.lesson].submit(item).result() for item in row.items)
            yield Played(row.what, row.minutes, seconds, 60 * row.wait or UNNOTICED)
        end = 60 * (rows[-1].start + rows[-1].minutes)
        for lesson, started in running.items():
            yield _finished(lesson, *started, end)
    finally:
        for lesson in lessons.values():
            lesson.close()


def _finished(lesson, future, began, since, clock):
    allowed = clock - since
    return Played(f"lesson {lesson} in the background", allowed // 60, future.result(), allowed)


def main(words=None):
    """The command: play a sheet and print its table. Returns 1 where something does not fit."""
    known = sheets(TEACHING.read_text(encoding="utf-8"))
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("minutes", type=int, choices=known)
    rows = known[parser.parse_args(words).minutes]
    print(where_and_when())
    print(f"{'minutes':>7} {'seconds':>8} {'of':>5}")
    all_fit = True
    with tempfile.TemporaryDirectory() as cache:
        chosen = {"COURSE_PROFILE": "workshop", "COURSE_FACES": "drawn", "COURSE_CACHE": cache}
        environment = {**os.environ, **chosen, "TQDM_DISABLE": "1"}
        for played in play(rows, lambda number: Kernel(number, environment)):
            all_fit &= played.fits
            told = "" if played.fits else "  DOES NOT FIT"
            numbers = f"{played.minutes:7} {played.seconds:8.1f} {played.allowed:5.0f}"
            print(f"{numbers}  {played.what}{told}", flush=True)
    planned = sum(row.minutes for row in rows)
    print(f"{planned} minutes: {'all fits' if all_fit else 'something does not fit'}.")
    return 0 if all_fit else 1


if __name__ == "__main__":
    sys.exit(main())
