"""The commands that the course's pages and lessons tell people to type, each with its shell.

A block of code is PowerShell's where the line above it says so, else the shell's of Linux and
macOS. A command within a sentence shows by its own form whose it is.
"""

import re
from typing import NamedTuple

import nbformat

from helpers.classroom import editions
from tests import lesson_tools

ROOT = lesson_tools.ROOT
PAGES = [ROOT / name for name in ("README.md", "TEACHING.md", "CONTRIBUTING.md", "data/README.md")]
PAGES += [ROOT / "helpers" / "training" / "README.md", *sorted(ROOT.glob("benchmarks/*.md"))]
PROGRAMS = r"(?:cd|git|jupyter|make|pip|python3?|py|sh|sudo|taskset)(?=\s|$)"
SETTINGS = r"\$env:|[A-Z][A-Z_]+=|(?:export|set|unset) [A-Z]|Remove-Item Env:"
COMMAND = re.compile(rf"(?:{PROGRAMS}|{SETTINGS}|\.venv[/\\])")
POWERSHELLS = re.compile(r"\$env:|\.venv\\|py -|Remove-Item")
CMDS = re.compile(r"set [A-Z]")
FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)  # Python, or a drawing
BLOCK = re.compile(r"(?:^|\n\n)((?: {4}.*(?:\n|$)|\n(?= {4}))+)")


class Command(NamedTuple):
    """What is typed: where it stands, whose it is ("bash", "powershell" or "cmd"), its lines."""

    place: str
    shell: str
    lines: str


def texts():
    """All that is told, by its place: a page, or a text cell of a lesson."""
    told = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
    told["README.md of the editions"] = editions.README
    for path in sorted(lesson_tools.NOTEBOOKS.glob("*.ipynb")):
        for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
            if cell.cell_type == "markdown":
                told[f"{path.name}, cell {number}"] = cell.source
    return told


def blocks(place, text):
    """The Commands in the blocks of code of a text; comments and blank lines stay in them."""
    found = []
    text = FENCE.sub("", text)
    for match in BLOCK.finditer(text):
        lines = re.sub(r"^ {4}", "", match.group(1), flags=re.MULTILINE).strip()
        first = re.sub(r"^#.*\n", "", lines)
        above = text[: match.start()].rstrip().rpartition("\n")[2]
        if COMMAND.match(first):
            found.append(Command(place, "powershell" if "PowerShell" in above else "bash", lines))
    return found


def within_sentences(place, text):
    """The Commands that stand in a sentence or a table of a text, between backticks."""
    found = []
    for code in re.findall(r"`([^`\n]+)`", FENCE.sub("", text)):
        if COMMAND.match(code):
            shell = "powershell" if POWERSHELLS.match(code) else "bash"
            found.append(Command(place, "cmd" if CMDS.match(code) else shell, code))
    return found


def commands():
    """All Commands of all pages and lessons, in order."""
    return [
        command
        for place, text in texts().items()
        for command in (*blocks(place, text), *within_sentences(place, text))
    ]


def typed(command):
    """The lines of a Command that do something: without comments and blank lines."""
    lines = (re.sub(r"(?:^|\s+)#.*", "", line) for line in command.lines.splitlines())
    return [line for line in lines if line]
