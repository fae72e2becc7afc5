"""The start on a learner's computer: copy the course from the stick, install, check, open.

start.sh and start.bat call it with whatever Python they find, so it imports nothing but Python's
own modules, and older Pythons can read it, too, and say that they are too old.
"""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

STICK = Path(__file__).absolute().parents[4]  # STICK/course/helpers/classroom/stick/start.py
NAME = "gans-for-faces"
LONGEST_FOLDER = 70  # Windows allows paths of 260 letters; TensorFlow's longest takes 188 of them
MACHINES = {"amd64": "x86-64", "x86_64": "x86-64", "arm64": "arm64", "aarch64": "arm64"}
SYSTEMS = {"Linux": "linux", "Darwin": "macos", "Windows": "windows"}


class StartError(Exception):
    """It can't start here; the message is a sentence that says why and what to do."""


def platform_name():
    """The platform as the stick's folder `wheels` names it, "macos-arm64" for example."""
    system, machine = platform.system(), platform.machine().lower()
    return f"{SYSTEMS.get(system, system.lower())}-{MACHINES.get(machine, machine)}"


def check_python(stick):
    """Raises: StartError where the stick has no wheels for this computer and this Python."""
    wheels = json.loads((stick / "bundle.json").read_text(encoding="utf-8"))["wheels"]
    here = platform_name()
    if here not in wheels:
        raise StartError(
            f"This computer is {here}, and the stick has wheels for {', '.join(wheels)} only. "
            "Share a computer with your neighbour, or read the lessons in the folder html."
        )
    version, known = ".".join(map(str, sys.version_info[:2])), wheels[here]
    if version not in known or sys.maxsize < 2**32:
        bits = "" if sys.maxsize > 2**32 else " for 32 bits"
        raise StartError(
            f"This is Python {version}{bits}, and the stick has wheels for Python "
            f"{', '.join(known)} (64 bits). Install Python {known[-1]} from the stick's folder "
            "python, or from python.org, and start again."
        )


def copy_course(stick, folder):
    """Put the stick's course into `folder`; one that is there already stays as it is.

    Raises: StartError where something else is there, or where it can't be written.
    """
    if (folder / "course.toml").is_file() and (folder / "notebooks").is_dir():
        print(f"The course is in {folder} already. Your work in it stays as it is.")
        return
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StartError(
            f"{folder} is there already, and it is not this course. Name another folder behind the "
            "start command."
        )
    if os.name == "nt" and len(str(folder)) > LONGEST_FOLDER:
        raise StartError(
            f"The path {folder} is too long for Windows. Take a short one, such as C:\\gans: write "
            "it behind the start command."
        )
    print(f"Copying the course to {folder}.")
    aside = folder.with_name(f"{folder.name}.{os.getpid()}.part")
    try:
        shutil.copytree(str(stick / "course"), str(aside))
        if folder.exists():
            folder.rmdir()
        aside.rename(folder)
    except OSError as error:
        shutil.rmtree(str(aside), ignore_errors=True)
        raise StartError(f"The course can't be copied to {folder}: {error}.") from error


def make_environment(stick, folder):
    """The Python of the environment `.venv` in `folder`, with the packages of the stick's lock.

    A whole one of the same lock is taken as it is; anything else is made anew.
    Raises: StartError where it can't be made.
    """
    environment, lock = folder / ".venv", stick / "course" / "requirements.lock"
    python = environment.joinpath(*_inside("python"))
    done = environment / "from_stick.txt"  # written last
    told = f"{sys.version_info[:2]} {hashlib.sha256(lock.read_bytes()).hexdigest()}"
    if done.is_file() and done.read_text(encoding="utf-8") == told:
        return python
    print("Installing from the stick, without the network: one to four minutes.", flush=True)
    here, shared = stick / "wheels" / platform_name(), stick / "wheels" / "any"
    # Debian's and Ubuntu's Python may come without pip; the stick has it as a wheel, which runs.
    pip = next(shared.glob("pip-*.whl")) / "pip"
    install = [python, pip, "--isolated", "install", "--quiet", "--no-index", "--no-cache-dir"]
    install += ["--find-links", shared, "--find-links", here, "--no-warn-script-location"]
    install += ["--disable-pip-version-check", "--require-hashes", "--requirement", lock]
    settings = {**os.environ, "PIP_CONFIG_FILE": os.devnull}
    make = [sys.executable, "-m", "venv", "--clear", "--without-pip", environment]
    for command in (make, install):
        status = subprocess.run([str(word) for word in command], env=settings).returncode
        if status != 0:
            raise StartError(
                f"The packages could not be installed into {environment} (status {status}): see "
                "the lines above. Is the disk full (2.7 GB are needed), or the stick damaged?"
            )
    for name in ("learner.done", "locked.done"):  # what `make lab` looks at
        (environment / name).touch()
    done.write_text(told, encoding="utf-8")
    return python


def _inside(program):
    """Where an environment has a program."""
    return ("Scripts", program + ".exe") if os.name == "nt" else ("bin", program)


def main(words):
    """What start.sh and start.bat do: `[FOLDER] [--install-only]`, or `--fits` alone.

    Returns: the exit status; 0 where all went well. `--fits` only tells by it whether this Python
    is the right one.
    """
    options = [word for word in words if word.startswith("--")]
    folders = [word for word in words if not word.startswith("--")]
    folder = Path(folders[0] if folders else Path.home() / NAME).expanduser().absolute()
    try:
        check_python(STICK)
        if "--fits" in options:
            return 0
        copy_course(STICK, folder)
        python = make_environment(STICK, folder)
    except StartError as error:
        print(error, file=sys.stderr)
        return 1
    check = [str(python), "-m", "helpers.classroom.check_setup"]
    if subprocess.run(check, cwd=str(folder)).returncode != 0:
        print("Show these lines to your instructor.", file=sys.stderr)
        return 1
    program = Path(".venv", *_inside("jupyter-lab"))
    address = "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb"
    print("To open JupyterLab later, without the stick:")
    print(f"    cd {folder}\n    {program} {address}", flush=True)
    if "--install-only" in options:
        return 0
    settings = {**os.environ, "JUPYTER_CONFIG_PATH": str(folder / "binder")}
    return subprocess.run(
        [str(folder / program), address], cwd=str(folder), env=settings
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
