"""The lessons as files: run them and keep their outputs, and write the course's address into them.

python -m tests.lesson_tools run [01 05 …]     run lessons, commit their outputs afterwards
python -m tests.lesson_tools address [account/name]
                                                put the address into badges and first cells
"""

import argparse
import hashlib
import os
import re
import threading
import time
from pathlib import Path

import nbformat

from helpers.classroom.widgets import WIDGET
from helpers.files import courses_home

ROOT = Path(__file__).parent.parent
NOTEBOOKS = ROOT / "notebooks"
FIRST_CELL = """\
import sys
from pathlib import Path

if "google.colab" in sys.modules and not Path("../helpers").exists():
    if not Path("course/notebooks").exists():  # a restarted runtime finds it there
        !git clone -q --depth 1 -b {branch} https://github.com/{repository} course
    %cd -q course/notebooks
if not Path("../helpers").exists():
    raise FileNotFoundError(
        "This lesson needs the course's other files. Get all of them at once from "
        "https://github.com/{repository}"
    )
sys.path.insert(0, "..")

from helpers.classroom import start

start()"""
BADGES = re.compile(r"<!-- badges -->.*?<!-- /badges -->", re.DOTALL)
ASKED_FOR = ", as COURSE_FACES asks"
ADDRESSES = re.compile(r"\s*<!-- addresses -->.*?<!-- /addresses -->", re.DOTALL)
LINKS = re.compile(r"(?<!!)\[([^\]]+)\]\((?!https?:|#)([^)#]+)\)")  # to files of the course


def lessons():
    """The paths of the lessons, in order."""
    return sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))


def address():
    """The course's home as (repository, branch)."""
    return courses_home(ROOT)


def badges(path):
    """The line of badges for a lesson; for the README, which shows lesson 00's."""
    repository, branch = address()
    binder = (
        f"https://mybinder.org/v2/gh/{repository}/{branch}?urlpath=lab/tree/notebooks/{path.name}"
    )
    return (
        "<!-- badges -->\n"
        f"[![Open on Binder](https://mybinder.org/badge_logo.svg)]({binder}) "
        "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]"
        f"({full_address(path)})\n"
        "<!-- /badges -->"
    )


def full_address(path):
    """Where a file of the course is on the web: a lesson in Colab, all others on GitHub."""
    repository, branch = address()
    site = "https://github.com"
    if path.suffix == ".ipynb":
        site = "https://colab.research.google.com/github"
    return f"{site}/{repository}/blob/{branch}/{path.relative_to(ROOT).as_posix()}"


def addresses(notebook):
    """The last lines of a lesson: its links once more, for who has this file alone."""
    text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    found = {target: name for name, target in LINKS.findall(ADDRESSES.sub("", text))}
    links = [
        f"[{name}]({full_address((NOTEBOOKS / target).resolve())})"
        for target, name in found.items()
    ]
    return (
        "\n\n<!-- addresses -->\n"
        "*On Colab, or with this file alone, these links lead on:* " + " · ".join(links) + "\n"
        "<!-- /addresses -->"
    )


def first_cell():
    """The first code cell, the same in every lesson."""
    repository, branch = address()
    return FIRST_CELL.format(repository=repository, branch=branch)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def source_digest(notebook):
    """A digest of what decides a lesson's outputs: the source of its code cells."""
    source = "\0".join(cell.source for cell in code_cells(notebook))
    return hashlib.sha256(source.encode()).hexdigest()


def write_address(repository=None):
    """Put badges and first cells in order everywhere; with a repository, change to it first."""
    if repository:
        path = ROOT / "pyproject.toml"
        text = re.sub(
            r'^repository = "[^"]+"',
            f'repository = "{repository}"',
            path.read_text(encoding="utf-8"),
            flags=re.M,
        )
        path.write_text(text, encoding="utf-8")
    readme = ROOT / "README.md"
    readme.write_text(
        BADGES.sub(badges(lessons()[0]), readme.read_text(encoding="utf-8")), encoding="utf-8"
    )
    for path in lessons():
        notebook = nbformat.read(path, as_version=4)
        was_fresh = notebook.metadata.get("course", {}).get("source") == source_digest(notebook)
        title = notebook.cells[0]
        title.source = BADGES.sub(badges(path), title.source)
        code_cells(notebook)[0].source = first_cell()
        last = notebook.cells[-1]
        last.source = ADDRESSES.sub("", last.source) + addresses(notebook)
        if was_fresh:  # the address decides no output
            notebook.metadata["course"]["source"] = source_digest(notebook)
        nbformat.write(notebook, path)


def run(path):
    """Run one lesson on drawn faces and keep its outputs; return (seconds, peak bytes).

    Raises: RuntimeError where a cell writes to stderr; nbclient's error where one fails.
    """
    from nbclient import NotebookClient

    os.environ.setdefault("COURSE_PROFILE", "workshop")
    os.environ.setdefault("COURSE_FACES", "drawn")
    os.environ.setdefault("TQDM_DISABLE", "1")  # a dead progress bar is no output to keep
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(NOTEBOOKS)}}
    client = NotebookClient(
        notebook,
        timeout=1200,
        kernel_name="python3",
        resources=resources,
        coalesce_streams=True,  # else one line may be stored in two pieces
    )
    peak, stop = [0], threading.Event()
    watcher = threading.Thread(target=_watch_memory, args=(peak, stop), daemon=True)
    watcher.start()
    began = time.monotonic()
    try:
        client.execute()
    finally:
        stop.set()
        watcher.join()
    seconds = time.monotonic() - began
    for cell in code_cells(notebook):
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                raise RuntimeError(f"{path.name} writes to stderr: {output.text[:500]}")
        cell.outputs = list(filter(None, map(still_form, cell.outputs)))
        cell.metadata.pop("execution", None)
    faces = os.environ["COURSE_FACES"]
    notebook.metadata["course"] = {"source": source_digest(notebook), "faces": faces}
    notebook.metadata.pop("widgets", None)
    nbformat.write(notebook, path)
    return seconds, peak[0]


def still_form(output):
    """An output as it is kept: a widget's still form, and None for one that has none.

    Without its kernel a widget is an error message, and a progress bar tells nothing. What only
    this run was told, COURSE_FACES, is not said to a reader, who has told nobody anything.
    """
    if output.output_type == "stream":
        output.text = output.text.replace(ASKED_FOR, "")
    for form, content in output.get("data", {}).items():
        if form.startswith("text/"):
            output.data[form] = content.replace(ASKED_FOR, "")
    if WIDGET not in output.get("data", {}):
        return output
    if "text/html" not in output.data:
        return None
    del output.data[WIDGET]
    return output


def _watch_memory(peak, stop):
    """Keep the largest memory of all kernels below this process, twice a second."""
    import psutil

    while not stop.wait(0.5):
        total = 0
        for child in psutil.Process().children(recursive=True):
            try:
                total += child.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        peak[0] = max(peak[0], total)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=["run", "address"])
    parser.add_argument("words", nargs="*", help="lesson numbers, or account/name")
    chosen = parser.parse_args()
    if chosen.what == "address":
        write_address(*chosen.words[:1])
        return
    for path in lessons():
        if not chosen.words or path.name[:2] in chosen.words:
            seconds, peak = run(path)
            print(f"{path.name}: {seconds:.0f} s, peak {peak / 2**30:.2f} GiB", flush=True)


if __name__ == "__main__":
    main()
