"""What a check of the set-up says: a line, and the cure in the words of this computer's system.

Like `check_setup` it runs on any Python from 3.6 on, and where nothing is installed.
"""

import platform
import sys
from pathlib import Path
from typing import NamedTuple

COURSE_FOLDER = Path(__file__).resolve().parents[3]  # helpers.files needs a newer Python
BROWSER = "The course also runs in a browser, on Colab or Binder: see the README."
RUN_AGAIN = "Then run this check again."


class Line(NamedTuple):
    """What one check says.

    state: "ok"; "look", it works, with a limit; or "stop", it will not work.
    check: what was looked at.
    told: what was found.
    cure: what to do, on this system; empty where nothing is to be done.
    fact: what the instructor should know of it: no name of a person, no path.
    """

    state: str
    check: str
    told: str
    cure: str = ""
    fact: str = ""

    def text(self):
        """One line, and a second one for the cure."""
        line = f"{self.state:<5} {self.check:<14} {self.told}"
        return f"{line}\n      > {self.cure}" if self.cure else line


def by_system(linux, macos, windows):
    """The words for this computer's system; those for Linux also where it is another one."""
    return {"Darwin": macos, "Windows": windows}.get(platform.system(), linux)


def course_python():
    """The command of the course's own Python, in the course's folder."""
    return by_system(".venv/bin/python", ".venv/bin/python", r".venv\Scripts\python")


def new_environment():
    """The commands that make the course's own Python and install all, in the course's folder."""
    make = by_system(
        "python3.12 -m venv .venv", "python3.12 -m venv .venv", "py -3.12 -m venv .venv"
    )
    return f"`{make}`, then `{course_python()} -m pip install -r requirements.txt`"


def in_course_environment():
    """Whether this Python is the course's own, in its folder .venv."""
    return Path(sys.prefix).resolve() == (COURSE_FOLDER / ".venv").resolve()


def other_python():
    """What to say first where the course has its own Python, and this is another; else ""."""
    if in_course_environment() or not (COURSE_FOLDER / ".venv").is_dir():
        return ""
    return (
        "This is not the course's own Python. In the course's folder: "
        f"`{course_python()} -m helpers.classroom.check_setup`."
    )


def install_again(more=""):
    """The words that lead to whole packages, in the environment that this Python belongs to.

    more: options for pip.
    """
    pip = f"-m pip install {more}-r requirements.txt"
    if "google.colab" in sys.modules:
        return f"In a cell: `%pip install {more}-r ../requirements.txt`, then restart. {RUN_AGAIN}"
    if other_python():
        return other_python()
    if in_course_environment():
        return f"In the course's folder: `{course_python()} {pip}`. {RUN_AGAIN}"
    if sys.prefix != sys.base_prefix or is_conda():
        return f"In the course's folder: `python {pip}`. {RUN_AGAIN}"
    return f"In the course's folder: {new_environment()}. {RUN_AGAIN}"


def get_again():
    """The words that lead to whole files of the course."""
    unpack = by_system("unzip NAME.zip", "unzip NAME.zip", "Expand-Archive NAME.zip")
    return f"Get the course again, and unpack all of it into a new folder: `{unpack}`. {RUN_AGAIN}"


def copy_course():
    """The command that copies the course into a folder that this user can write."""
    return by_system(
        f'cp -r "{COURSE_FOLDER}" ~/gans_for_faces_course',
        f'cp -r "{COURSE_FOLDER}" ~/gans_for_faces_course',
        f'Copy-Item -Recurse "{COURSE_FOLDER}" $HOME\\gans_for_faces_course',
    )


def is_conda():
    """Whether this Python is one of conda's."""
    return (Path(sys.prefix) / "conda-meta").is_dir()


def forget(variable):
    """The command that takes an environment variable away, in this system's terminal."""
    return by_system(f"unset {variable}", f"unset {variable}", f"Remove-Item Env:{variable}")


def set_to(variable, value):
    """The command that sets an environment variable, in this system's terminal."""
    return by_system(
        f"export {variable}={value}", f"export {variable}={value}", f'$env:{variable} = "{value}"'
    )
