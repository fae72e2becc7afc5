"""Where the course's files lie, and how they are written: whole, or not at all."""

import contextlib
import itertools
import os
import re
import tempfile
from pathlib import Path

REPOSITORY_FOLDER = Path(__file__).parent.parent
DATA_FOLDER = REPOSITORY_FOLDER / "data"
COURSE_CACHE_FOLDER = DATA_FOLDER / "cache"
COURSE_RUNS_FOLDER = REPOSITORY_FOLDER / "runs"
HOME_FOLDER = Path("~/gans_for_faces")  # for both, where the course's own can't be written


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
    """The folder for downloads and drawings: $COURSE_CACHE where set, else data/cache.

    Where that can't be written, as in a hub's shared course, it is ~/gans_for_faces/cache.
    """
    return _chosen_folder("COURSE_CACHE", COURSE_CACHE_FOLDER)


def cached(name):
    """The folder of that name in the cache: the course's own where it is there already.

    So a course that only its instructor can write has its faces for all.
    """
    ours = COURSE_CACHE_FOLDER / name
    if not os.environ.get("COURSE_CACHE") and ours.is_dir():
        return ours
    return cache_folder() / name


def runs_folder():
    """The folder for what trainings leave: $COURSE_RUNS where set, else runs.

    Where that can't be written, as in a hub's shared course, it is ~/gans_for_faces/runs.
    """
    return _chosen_folder("COURSE_RUNS", COURSE_RUNS_FOLDER)


def _chosen_folder(variable, ours):
    chosen = os.environ.get(variable)
    if chosen:
        return Path(chosen).expanduser()
    return ours if can_be_written(ours) else HOME_FOLDER.expanduser() / ours.name


def can_be_written(folder):
    """Whether files can be made in `folder`, which need not be there; afterwards it is as before.

    It is tried, since neither Windows nor a network drive tells the truth when it is asked.
    """
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"faces")
    except OSError:
        return False
    return True


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


def lock(file):
    """Whether the open file is ours now, until it is closed or the process ends, however it ends.

    Some network drives can't lock: then it counts as ours.
    """
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        return True
    return True


def new_run_folder(name):
    """The path of a new, empty folder: `runs/<name>_001` and so on.

    No run is ever written over an older one, and two lessons that ask at once get two folders.
    Raises: OSError with a sentence where it can't be made.
    """
    runs = runs_folder()
    try:
        runs.mkdir(parents=True, exist_ok=True)
        return _next_folder(runs, name)
    except OSError as error:
        raise OSError(
            f"No folder can be made in {runs} ({error.strerror}). Set the environment variable "
            "COURSE_RUNS to a folder that you may write to, and has room."
        ) from error


def _next_folder(runs, name):
    taken = [int(path.name[-3:]) for path in runs.glob(f"{name}_[0-9][0-9][0-9]")]
    for number in itertools.count(max(taken, default=0) + 1):
        folder = runs / f"{name}_{number:03}"
        with contextlib.suppress(FileExistsError):  # another one was faster
            folder.mkdir()
            return folder
