"""Where the course's files lie, and how they are written: whole, or not at all."""

import os
import re
from pathlib import Path

REPOSITORY_FOLDER = Path(__file__).parent.parent
DATA_FOLDER = REPOSITORY_FOLDER / "data"
RUNS_FOLDER = REPOSITORY_FOLDER / "runs"


def write_whole(path, content):
    """Write `content` (bytes or text) to `path`, so that nobody ever reads half of it.

    It goes to a file beside it first, which is on the disk before it takes the place of an older
    one. Raises: OSError where the disk is full or the folder can't be written; `path` is then as
    it was before.
    """
    if isinstance(content, str):
        content = content.encode()
    path = Path(path)
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")  # another process has its own
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise


def cache_folder():
    """The folder for downloads and drawings: $COURSE_CACHE where set, else data/cache."""
    chosen = os.environ.get("COURSE_CACHE")
    return Path(chosen).expanduser() if chosen else DATA_FOLDER / "cache"


def users_cache(name):
    """A folder of that name in the user's own cache, which all checkouts share."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "gans_for_faces" / name


def courses_home(folder=REPOSITORY_FOLDER):
    """Where the course lives, as (repository, branch): from pyproject.toml, its only place."""
    text = (folder / "pyproject.toml").read_text(encoding="utf-8")
    values = dict(re.findall(r'^(repository|branch) = "([^"]+)"', text, re.MULTILINE))
    return values["repository"], values["branch"]


def file_digest(path):
    """The SHA-256 of a file, in hexadecimal; None where there is no such file."""
    import pooch

    return pooch.file_hash(str(path)) if Path(path).is_file() else None


def new_run_folder(name):
    """The path of a folder that does not exist yet, `runs/<name>_001` and so on.

    No run is ever written over an older one.
    """
    taken = [int(path.name[-3:]) for path in RUNS_FOLDER.glob(f"{name}_[0-9][0-9][0-9]")]
    return RUNS_FOLDER / f"{name}_{max(taken, default=0) + 1:03}"
