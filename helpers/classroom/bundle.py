"""`python -m helpers.classroom.bundle FOLDER`: all that a room without a network needs, on a stick.

The folder holds the course, wheels for its platforms, the lessons as HTML, drawn faces, and a start
for each system. `helpers/classroom/stick/start.py` is what runs on a learner's computer then.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

from helpers.classroom.lesson_editions import WEB
from helpers.classroom.profiles import PROFILES
from helpers.classroom.stick.wheels import (
    PLATFORMS,
    PYTHONS,
    BundleError,
    download_wheels,
    wheels_cache,
)
from helpers.faces.drawn_files import drawn_folder
from helpers.faces.traits import ALBUMS
from helpers.files import REPOSITORY_FOLDER

STICK = Path(__file__).parent / "stick"
CONTENTS = "bundle.json"  # which wheels there are; a folder with it is a bundle
NEWCOMERS_PYTHON = "3.12"  # for who has none yet: all lessons are tried with it, as on Binder
DRAWN_FACES = (  # (number, seed, album) of all that the lessons draw in the workshop profile
    (500, 0, "drawn"),
    (20, 0, "drawn"),
    (500, 0, "crowd"),
    (2 * PROFILES["workshop"].judged_pictures, 1, "crowd"),
)
COURSE_TOML = """# The faces of this room: "drawn" (one person) or "crowd" (many people).
# A learner's own COURSE_FACES goes before it.
faces = "{faces}"
"""
# What nbconvert would fetch: the lessons have no formula, and no widget without its kernel.
FETCHED = ("mathjax_url", "require_js_url", "jquery_url", "widget_renderer_url")


def make_bundle(folder, platforms, pythons=(NEWCOMERS_PYTHON,), faces="drawn", replace=False):
    """Make the folder for the stick. It is there as a whole at the end, or not at all.

    platforms: names of PLATFORMS. pythons: some of PYTHONS; each takes more wheels.
    faces: the album for the room, "drawn" or "crowd".
    replace: an older bundle may be in `folder`; it is removed when the new one is whole.
    Raises: BundleError where `folder` holds anything else, or something for the bundle can't be
    had; OSError where it can't be written.
    """
    folder = Path(folder).absolute()
    if folder.exists() and not replace:
        raise BundleError(f"{folder} exists already. Name another folder, or add --replace.")
    if folder.exists() and not (folder / CONTENTS).is_file():
        raise BundleError(f"{folder} is not a bundle and stays as it is. Name another folder.")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix="bundle_") as aside:
        fresh = Path(aside) / "bundle"
        copy_course(fresh / "course")
        toml = COURSE_TOML.format(faces=faces)
        (fresh / "course" / "course.toml").write_text(toml, encoding="utf-8")
        copy_faces(fresh / "course" / "data" / "cache")
        write_html(fresh / "html")
        copy_wheels(fresh / "wheels", platforms, pythons)
        write_start(fresh, platforms, pythons)
        if folder.exists():
            folder.rename(Path(aside) / "older")
        fresh.rename(folder)


def copy_course(place):
    """Copy the course's files: those that git knows, as they are in the working folder.

    A course without git, unpacked from a ZIP, is copied without what `.gitignore` names.
    Raises: BundleError where a file is missing.
    """
    ignored = (REPOSITORY_FOLDER / ".gitignore").read_text(encoding="utf-8").split()
    if not (REPOSITORY_FOLDER / ".git").exists():
        names = [Path(line).name for line in ignored]
        shutil.copytree(REPOSITORY_FOLDER, place, ignore=shutil.ignore_patterns(*names))
        return
    asked = ["git", "-C", str(REPOSITORY_FOLDER), "ls-files", "-z"]
    listed = subprocess.run(asked, capture_output=True, encoding="utf-8")
    if listed.returncode != 0:
        raise BundleError(f"git can't tell the files of {REPOSITORY_FOLDER}: {listed.stderr}")
    for name in filter(None, listed.stdout.split("\0")):
        if not (REPOSITORY_FOLDER / name).is_file():
            raise BundleError(f"{REPOSITORY_FOLDER / name} is missing: git restore {name}")
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY_FOLDER / name, place / name)


def copy_faces(place):
    """Copy the albums that the lessons draw into the cache `place`; drawn here where needed."""
    for number, seed, album in DRAWN_FACES:
        drawn = drawn_folder(number, seed, album)
        shutil.copytree(drawn, place / drawn.name)


def write_html(place):
    """Write each lesson with its stored outputs, and the glossary, as HTML that needs no network.

    A link between lessons leads to the HTML, one to another file into the folder `course`.
    Raises: BundleError where nbconvert fails.
    """
    lessons = sorted((REPOSITORY_FOLDER / "notebooks").glob("[0-9][0-9]_*.ipynb"))
    with tempfile.TemporaryDirectory() as aside:
        for path in lessons:
            lesson = json.loads(path.read_text(encoding="utf-8"))
            for cell in lesson["cells"]:
                if cell["cell_type"] == "markdown":
                    cell["source"] = _offline("".join(cell["source"]))
            (Path(aside) / path.name).write_text(json.dumps(lesson), encoding="utf-8")
        text = (REPOSITORY_FOLDER / "notebooks" / "glossary.md").read_text(encoding="utf-8")
        glossary = {"cell_type": "markdown", "metadata": {}, "source": _offline(text)}
        page = {"cells": [glossary], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
        (Path(aside) / "glossary.ipynb").write_text(json.dumps(page), encoding="utf-8")

        command = [sys.executable, "-m", "nbconvert", "--to", "html", f"--output-dir={place}"]
        command += [f"--HTMLExporter.{name}=" for name in FETCHED]
        command += [str(path) for path in sorted(Path(aside).glob("*.ipynb"))]
        done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise BundleError(f"nbconvert could not write the lessons as HTML: {done.stderr[-2000:]}")


def _offline(text):
    """Markdown of a lesson for the folder `html`: no badges, and links that lead to its pages."""
    text = WEB.sub("", text)
    text = re.sub(r"\]\((\d\d_\w+|glossary)\.(?:ipynb|md)([)#])", r"](\1.html\2", text)
    return text.replace("](../", "](../course/")


def copy_wheels(place, platforms, pythons):
    """Copy the lock's wheels, those for every platform into `any`, once."""
    for platform in platforms:
        for python in pythons:
            print(f"Wheels for {PLATFORMS[platform].told}, Python {python}.", flush=True)
            for wheel in download_wheels(platform, python, wheels_cache()):
                kind = place / ("any" if wheel.stem.endswith("-any") else platform)
                kind.mkdir(parents=True, exist_ok=True)
                if not (kind / wheel.name).exists():
                    shutil.copy(wheel, kind)


def write_start(place, platforms, pythons):
    """Write what a learner meets first: a page to read, and a start for each system."""
    told = {
        "pythons": " or ".join(pythons),
        "newest": pythons[-1],
        "platforms": "; ".join(PLATFORMS[platform].told for platform in platforms),
    }
    page = (STICK / "READ_ME.txt").read_text(encoding="utf-8").format(**told)
    (place / "READ_ME.txt").write_text(page, encoding="utf-8", newline="\r\n")
    batch = (STICK / "start.bat").read_text(encoding="utf-8")
    (place / "start.bat").write_text(batch, encoding="utf-8", newline="\r\n")
    for name in ("start.sh", "start.command"):  # macOS opens the second at a double click
        shutil.copy(STICK / "start.sh", place / name)
        (place / name).chmod(0o755)
    (place / "python").mkdir()
    contents = {"made": f"{date.today()}", "wheels": dict.fromkeys(platforms, list(pythons))}
    (place / CONTENTS).write_text(json.dumps(contents, indent=2), encoding="utf-8")


def main(words=None):
    """The command: make the bundle, and say how large it became. Returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m helpers.classroom.bundle")
    parser.add_argument("folder", nargs="?", default=REPOSITORY_FOLDER / "dist" / "bundle")
    parser.add_argument("--platforms", nargs="+", choices=PLATFORMS, default=list(PLATFORMS))
    parser.add_argument("--pythons", nargs="+", choices=PYTHONS, default=[NEWCOMERS_PYTHON])
    parser.add_argument("--faces", choices=ALBUMS, default="drawn")
    parser.add_argument("--replace", action="store_true", help="remove an older bundle there")
    chosen = parser.parse_args(words)
    folder = Path(chosen.folder).absolute()
    try:
        make_bundle(folder, chosen.platforms, chosen.pythons, chosen.faces, chosen.replace)
    except (BundleError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    for part in sorted(folder.iterdir()):
        size = sum(file.stat().st_size for file in [part, *part.rglob("*")] if file.is_file())
        print(f"{size / 1e6:7.1f} MB  {part.name}")
    print(f"{folder} is ready. Put the installer of Python {chosen.pythons[-1]} into its folder")
    print("python, for each system, and copy all of it to the stick.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
