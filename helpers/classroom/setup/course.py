"""The course's own files, the folder they lie in, and the packages that they need."""

import json
import platform
import re
from importlib import metadata

from helpers.classroom.lesson import in_notebook
from helpers.classroom.setup.lines import (
    RUN_AGAIN,
    Line,
    by_system,
    copy_course,
    get_again,
    install_again,
)
from helpers.files import DATA_FOLDER, REPOSITORY_FOLDER, can_be_written

STAND_INS = {"tensorflow": "tensorflow-cpu"}  # Binder's wheel, without code for a GPU
NO_LESSON_IMPORTS = {"jupyterlab", "nbval"}  # Colab and Binder have a page and no tests
WINGS = ("classroom", "faces", "judging", "machine", "nets", "training")
DATA = (  # what lessons read in data/
    "alarm_clock_icon.png",
    "growing_generator/run.json",
    "growing_generator/weights.npz",
    "large_generator/run.json",
    "large_generator/weights.npz",
    "lfw_registry.txt",
    "recorded_mistakes/mistakes.json",
    "recorded_mistakes/mistakes.webp",
    *[f"recorded_runs/{name}.json" for name in ("as_printed", "mended", "tuned")],
    *[f"recorded_runs/{name}.png" for name in ("as_printed", "mended", "tuned")],
)
LONGEST_NAME = 205  # letters of .venv\Lib\site-packages and the deepest file in TensorFlow's wheel
LONGEST_PATH = 259  # letters, on Windows
SYNCHRONISED = ("onedrive", "dropbox", "mobile documents", "google drive", "googledrive")


def check_files():
    """Whether the course's own files are all there, and whole."""
    readme = REPOSITORY_FOLDER / "README.md"
    parts = [readme, REPOSITORY_FOLDER / "requirements.txt"]
    parts += [REPOSITORY_FOLDER / "helpers" / wing / "__init__.py" for wing in WINGS]
    parts += [DATA_FOLDER / name for name in DATA]
    if readme.is_file():  # its map names each lesson
        links = re.findall(r"\((notebooks/\d\d_\w+\.ipynb)\)", readme.read_text(encoding="utf-8"))
        parts += [REPOSITORY_FOLDER / link for link in links]
    damaged = [
        part.relative_to(REPOSITORY_FOLDER).as_posix() for part in parts if not _is_whole(part)
    ]
    if not damaged:
        return Line("ok", "files", "the course's files are all there")
    more = f" and {len(damaged) - 3} more" if len(damaged) > 3 else ""
    told = f"missing, or only a part is there: {', '.join(damaged[:3])}{more}"
    return Line("stop", "files", told, get_again())


def _is_whole(path):
    if not path.is_file() or path.stat().st_size == 0:
        return False
    if path.suffix in (".ipynb", ".json"):
        try:
            json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            return False
    return True


def check_folder():
    """Whether the course lies where pip and lessons can write: no long path, no OneDrive."""
    length = len(str(REPOSITORY_FOLDER)) + 1
    shared = [part for part in REPOSITORY_FOLDER.parts if part.lower().startswith(SYNCHRONISED)]
    there = by_system("mv NAME ~/gans", "mv NAME ~/gans", r"Move-Item NAME C:\gans")
    move = f"Move the folder, in the one above it: `{there}`; make .venv in it anew. {RUN_AGAIN}"
    if platform.system() == "Windows" and length + LONGEST_NAME > LONGEST_PATH:
        told = f"its path has {length} letters: too long for pip to unpack TensorFlow on Windows"
        return Line("look", "folder", told, move)
    if not can_be_written(REPOSITORY_FOLDER / "notebooks"):
        told = "it can't be written, so a lesson's answers can't be saved in it"
        return Line("look", "folder", told, f"`{copy_course()}`; open it there. {RUN_AGAIN}")
    if shared:
        told = f"it lies in {shared[0]}, which copies each file away while lessons write"
        return Line("look", "folder", told, move)
    return Line("ok", "folder", "it can be written, has a short path, and no copies are made of it")


def check_packages():
    """Whether all of requirements.txt is installed, none older than its floor."""
    try:
        from packaging.requirements import Requirement
    except ModuleNotFoundError:
        told = "nothing is installed in this Python"
        return Line("stop", "packages", told, install_again(), "no packages")
    text = (REPOSITORY_FOLDER / "requirements.txt").read_text(encoding="utf-8")
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    wanted = [Requirement(line) for line in lines if line]
    wanted = [one for one in wanted if one.marker is None or one.marker.evaluate()]
    wrong = {}
    for one in wanted:
        version = _installed(one.name)
        if version is None:
            wrong[one.name] = f"{one.name} is missing"
        elif not one.specifier.contains(version, prereleases=True):
            wrong[one.name] = f"{one.name} is {version}, but must be {one.specifier}"
    fact = f"TensorFlow {_installed('tensorflow') or 'missing'}"
    if in_notebook():  # something shows it, so JupyterLab is not needed
        wrong = {name: told for name, told in wrong.items() if name not in NO_LESSON_IMPORTS}
    if not wrong:
        return Line("ok", "packages", f"all {len(wanted)} of requirements.txt", fact=fact)
    state = "look" if wrong.keys() <= {"nbval"} else "stop"
    upgrade = install_again("--upgrade ")
    return Line(state, "packages", "; ".join(wrong.values()), upgrade, fact)


def _installed(name):
    """The version of a package, or of its stand-in; None where there is none."""
    for each in (name, STAND_INS.get(name)):
        try:
            if each and (version := metadata.version(each)):
                return version
        except metadata.PackageNotFoundError:
            continue
    return None
