"""Python environments of the doors: made once for each list of requirements, then reused.

python -m tests.doors.environments    the Python that has every requirement at its floor, and what
                                      the whole suite needs: `make floors`

They lie in the user's cache, not in the checkout, so that the next checkout finds them.
"""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from helpers.files import users_cache

COURSE = Path(__file__).parent.parent.parent
DONE = "made.txt"  # written last: an environment without it is half made, and made anew


def folder():
    """Where the environments are."""
    return users_cache("environments")


def environment(name, requirements, version=None):
    """The path of the Python of an environment that holds just these requirements.

    `requirements`: lines as pip takes them; wheels only, since a learner has no compiler.
    `version`: "3.13" for example, by default this Python's. Made anew where a line or the version
    changed; the one before is removed then.
    Raises: RuntimeError where it can't be made, with what the installer said.
    """
    base = interpreter(version) if version else sys.executable
    told = "\n".join([full_version(base), *requirements])
    place = folder() / f"{name}_{hashlib.sha256(told.encode()).hexdigest()[:12]}"
    python = place / "bin" / "python"
    folder().mkdir(parents=True, exist_ok=True)
    with (folder() / f"{name}.lock").open("w", encoding="utf-8") as lock:
        with contextlib.suppress(ImportError):  # Windows has no such lock, and walks no doors
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)  # two test processes may want the same one
        if not (place / DONE).exists():
            for former in folder().glob(f"{name}_????????????"):
                shutil.rmtree(former)
            _uv("venv", "--python", base, place)
            _uv("pip", "install", "--only-binary", ":all:", "--python", python, *requirements)
            (place / DONE).write_text(told, encoding="utf-8")
    return python


def colab_environment():
    """The path of the Python of an environment with Colab's versions, and pytest beside them."""
    pins = requirement_lines(Path(__file__).parent / "colab_requirements.txt")
    return environment("colab", [*pins, "pytest"], "3.13")  # Colab's Python


def oldest_environment():
    """The same with every requirement at its floor, on the oldest Python that the course allows."""
    return environment("oldest", [*floors(), "pytest"], "3.10")


def floors():
    """Every line of requirements.txt with its oldest version only."""
    wanted = requirement_lines(COURSE / "requirements.txt")
    return [line.replace(">=", "==") for line in wanted]


def interpreter(version):
    """The path of a Python of this version ("3.13"), or RuntimeError where there is none."""
    places = [shutil.which(f"python{version}")]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    places += sorted(pyenv.glob(f"{version}.*/bin/python{version}"))
    for place in filter(None, places):
        with contextlib.suppress(subprocess.CalledProcessError, OSError):
            if full_version(place).startswith(f"{version}."):
                return str(place)
    raise RuntimeError(f"There is no Python {version} here; the door needs one. Install it first.")


def full_version(python):
    """The version of a Python, "3.13.0" for example."""
    question = [python, "-c", "import platform; print(platform.python_version())"]
    answer = subprocess.run(question, check=True, capture_output=True, text=True)
    return answer.stdout.strip()


def requirement_lines(path):
    """The lines of a requirements file, without comments."""
    lines = (line.split("#")[0].strip() for line in path.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def _uv(*words):
    command = [sys.executable, "-m", "uv", *map(str, words)]
    made = subprocess.run(command, capture_output=True, text=True)
    if made.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed:\n{made.stderr}")


if __name__ == "__main__":
    oldest = oldest_environment()
    tests = requirement_lines(COURSE / "tests" / "requirements.txt")  # one of them has no wheel
    _uv("pip", "install", "--python", oldest, *floors(), *tests, "pip")  # the stick calls pip
    print(oldest)
