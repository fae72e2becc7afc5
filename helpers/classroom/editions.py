"""Two editions of the course, slides and a handout, all made from what is in the repository.

    python -m helpers.classroom.editions [FOLDER] [--replace]

`FOLDER` is dist/editions by default. `student` and `instructor` in it are whole: lessons that run,
and all that they need. `slides.html` and `handout.html` need no other file.
"""

import argparse
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

import nbformat

from helpers.classroom.bundle import BundleError, copy_course
from helpers.classroom.handout import handout
from helpers.classroom.lesson_editions import EditionError, instructor_edition, student_edition
from helpers.classroom.slides import reveal_parts, slides
from helpers.files import REPOSITORY_FOLDER, courses_home

DEFAULT_FOLDER = REPOSITORY_FOLDER / "dist" / "editions"
NOTEBOOKS = REPOSITORY_FOLDER / "notebooks"
SLIDES = "slides.ipynb"
TEACHING = REPOSITORY_FOLDER / "TEACHING.md"
MADE = {"student", "instructor", "slides.html", "handout.html"}
# What lessons read, import and link to, and what installs it. The rest is for who changes them.
KEPT = {"notebooks", "helpers", "data", "benchmarks", "binder", "LICENSE"}
KEPT |= {"requirements.txt", "requirements.lock"}
ROOM = REPOSITORY_FOLDER / "course.toml"  # this room's faces, where somebody chose them
LINK = re.compile(r"(?<=\]\()(?!\w+:)([^)#\s]*)(#[^)\s]*)?(?=\))")
README = """\
# GANs for faces: the {edition} edition

{about}

You need Python 3.10 to 3.13. On Linux or macOS, in this folder:

    python3 -m venv .venv
    .venv/bin/pip install -r requirements.txt
    .venv/bin/jupyter lab --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb

On Windows, in PowerShell:

    py -3.12 -m venv .venv
    .venv\\Scripts\\pip install -r requirements.txt
    .venv\\Scripts\\jupyter lab --LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb

If something goes wrong, [this list](README.md#if-something-goes-wrong) may help.
"""
ABOUT = {
    "student": "The lessons, to be run by you. Your instructor has the solutions.",
    "instructor": "The lessons with all solutions filled in, what learners get wrong, and notes.",
}


def build(folder, *, replace=False):
    """Make both editions, the slides and the handout in `folder`: all of them, or nothing.

    `replace`: an older `folder` goes, with what was changed in it. Raises: EditionError where
    `folder` has something in it and `replace` is False, or has what was not made here; where the
    lessons lack something; without reveal.js. BundleError where the course can't be copied.
    """
    folder = Path(folder).absolute()
    _check_free(folder, replace)
    reveal_parts()  # where it is missing, it is told before the rest is made
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{folder.name}.", dir=folder.parent) as aside:
        made = Path(aside) / "editions"
        for edition in ABOUT:
            make_edition(edition, made / edition)
        (made / "slides.html").write_text(slides(NOTEBOOKS / SLIDES), encoding="utf-8")
        (made / "handout.html").write_text(handout(NOTEBOOKS), encoding="utf-8")
        if folder.exists():
            folder.rename(Path(aside) / "former")
        made.rename(folder)


def _check_free(folder, replace):
    there = {path.name for path in folder.iterdir()} if folder.exists() else set()
    if strange := sorted(there - MADE):
        raise EditionError(
            f"{folder} has {strange[0]} in it, which is no part of the editions. Nothing was "
            "written; name another folder."
        )
    if there and not replace:
        raise EditionError(
            f"There are editions in {folder} already, and somebody may have changed them. To "
            "throw them away and make new ones, add --replace; or name another folder."
        )


def make_edition(edition, place, teaching=TEACHING):
    """Make the "student" or the "instructor" edition as the new folder `place`.

    `teaching`: the file whose section on a lesson comes first in the instructor's; it may be
    missing. Raises: as `build` does.
    """
    copy_course(place)
    for path in place.iterdir():
        if path.is_dir() and path.name not in KEPT:
            shutil.rmtree(path)
        elif path.name not in KEPT:
            path.unlink()
    (place / "notebooks" / SLIDES).unlink(missing_ok=True)
    has_notes = edition == "instructor" and teaching.exists()
    for path in (teaching,) * has_notes + (ROOM,) * ROOM.exists():
        shutil.copyfile(path, place / path.name)
    lessons = sorted(NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
    for path in lessons:  # all first, so that links to them lead there; git may not know a new one
        shutil.copyfile(path, place / "notebooks" / path.name)
    for path in lessons:
        page = f"notebooks/{path.name}"
        lesson = nbformat.read(path, as_version=4)
        for cell in lesson.cells:
            if cell.cell_type == "markdown":
                cell.source = relinked(cell.source, page, page, place)
        if edition == "student":
            lesson = student_edition(lesson)
        else:
            note = section_of(teaching, path.name[:2])
            lesson = instructor_edition(lesson, relinked(note, teaching.name, page, place))
        nbformat.validate(lesson)
        (place / page).write_text(nbformat.writes(lesson) + "\n", encoding="utf-8")
    for path in place.rglob("*.md"):
        page = path.relative_to(place).as_posix()
        text = relinked(path.read_text(encoding="utf-8"), page, page, place)
        path.write_text(text, encoding="utf-8")
    # Its link leads to the course's own README, since this one is not there yet.
    text = README.format(edition=edition, about=ABOUT[edition])
    text = relinked(text, "README.md", "README.md", place)
    (place / "README.md").write_text(text, encoding="utf-8")


def section_of(teaching, lesson):
    """A lesson's section of the file TEACHING.md, "05" for example; "" where there is none."""
    text = teaching.read_text(encoding="utf-8") if teaching.exists() else ""
    found = re.search(rf"^## {lesson}\b.*?(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return found.group().strip() if found else ""


def relinked(text, was, now, place):
    """Markdown of the course's page `was`, with links that lead on from the page `now` in `place`.

    Both pages are paths from the top, "notebooks/glossary.md" for example. What the edition does
    not have is linked on the web, where the course is at home.
    """

    def new_target(found):
        target, anchor = unquote(found.group(1)), found.group(2) or ""
        if not target and was == now:
            return anchor
        path = os.path.normpath(PurePosixPath(was).parent / target) if target else was
        path = Path(path).as_posix()
        if (place / path).exists():
            return quote(Path(os.path.relpath(path, PurePosixPath(now).parent)).as_posix()) + anchor
        if path.startswith("..") or not (REPOSITORY_FOLDER / path).exists():
            return found.group()  # brackets in a piece of code, for example
        return f"{home()}/{quote(path)}{anchor}"

    return LINK.sub(new_target, text)


def home():
    """The address of the course's files on the web, as pyproject.toml names its home."""
    repository, branch = courses_home()
    return f"https://github.com/{repository}/blob/{branch}"


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--replace", action="store_true", help="throw an older folder away")
    chosen = parser.parse_args()
    try:
        build(chosen.folder, replace=chosen.replace)
    except (EditionError, BundleError) as error:
        sys.exit(str(error))
    print(f"Made in {chosen.folder}: {', '.join(sorted(MADE))}.")


if __name__ == "__main__":
    main()
