"""A folder's pictures made small once, by all cores, and kept in a file of the cache.

In the cache there is a folder for each folder of pictures and each size. It holds `pictures_….bin`,
all pictures one after the other (uint8), and `record.json`, which is written last and says of which
files they were made. What an interrupted filling leaves, `filling.bin` and `filling.jsonl`, is read
by nobody but the next filling, which goes on there.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
import time
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from helpers.faces.errors import FacesError
from helpers.faces.photographs import small_square
from helpers.faces.stored_pictures import BLOCK, StoredPictures
from helpers.files import cached, lock, write_whole
from helpers.machine import core_count
from helpers.progress import duration, progress_bar

FORMAT = 1  # of the record; raise it when another one could not read it
TRIED = 20  # pictures that tell how long all of them will take
COMPARED = 3  # pictures that are made small again, to see whether the file still holds them
WAIT_SECONDS = 0.5  # from one look to the next, while another program stores the same pictures


def store(paths, size):
    """Pictures on disk: (StoredPictures, the paths of those in it, sentences on damaged ones).

    paths: of the files in one folder. What is stored already is taken; what was added, changed or
    removed since (by name, length and time of the file) is brought up to date.
    Raises: FacesError where they can't be written.
    """
    home = _home(paths[0].parent, size)
    try:
        record = _good_record(home, paths, size)
        if record is None:
            with _alone(home):
                record = _good_record(home, paths, size) or _fill(home, paths, size)
    except OSError as error:
        raise FacesError(
            f"The pictures can't be stored in {home} ({error.strerror}). Make room there, or set "
            "the environment variable COURSE_CACHE to a folder that you may write to, and has room."
        ) from error
    damaged = [why for *_, why in record["sources"] if why]
    good = [path for path, (*_, why) in zip(paths, record["sources"], strict=True) if not why]
    rows = np.arange(len(good))
    return StoredPictures(home / record["file"], size, rows, record["digest"]), good, damaged


def _home(folder, size):
    """Where the pictures of a folder are stored: folders of one name have different ones."""
    mark = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:8]
    name = re.sub(r"[^\w-]", "_", folder.name)[:40]
    return cached(f"stored_{name}_{size}_{mark}")


@contextlib.contextmanager
def _alone(home):
    """Within, no other program stores the same pictures: it waits for one that does."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".lock").open("ab") as file:
        if not lock(file):
            print("Another program is storing the same pictures: waiting for it.")
            while not lock(file):
                time.sleep(WAIT_SECONDS)
        yield


def _source(path):
    """What tells whether a file is still the same: its name, its bytes, its time in nanoseconds."""
    try:
        told = path.stat()
    except OSError:  # it went a moment ago: whoever opens it will say so
        return [path.name, None, None]
    return [path.name, told.st_size, told.st_mtime_ns]


def _read_record(home, size):
    """The record of a whole file of pictures; None where there is none, or it doesn't fit."""
    try:
        record = json.loads((home / "record.json").read_text(encoding="utf-8"))
        count = sum(why is None for _, _, _, why in record["sources"])
        length = (home / record["file"]).stat().st_size
        is_whole = length == count * size * size * 3 and isinstance(record["digest"], str)
        return record if record["format"] == FORMAT and is_whole else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _good_record(home, paths, size):
    """The record, if it is of these very files, and the pictures are still what they become.

    Damaged files are tried again: a reader for them may be installed by now.
    """
    record = _read_record(home, size)
    if record is None or [entry[:3] for entry in record["sources"]] != list(map(_source, paths)):
        return None
    good = []
    for path, (*_, why) in zip(paths, record["sources"], strict=True):
        if why is None:
            good.append(path)
        elif _made_small(path, size)[0] is not None:
            return None
    stored = StoredPictures(home / record["file"], size, np.arange(len(good)))
    return record if _is_the_same(stored, good) else None


def _is_the_same(stored, paths):
    """Whether some pictures in the file, from first to last, are what these files become."""
    for row in {int(row) for row in np.linspace(0, len(paths) - 1, min(COMPARED, len(paths)))}:
        fresh, _ = _made_small(paths[row], stored.shape[1])
        if fresh is None or not np.array_equal(stored.pixels(row), fresh):
            return False
    return True


def _made_small(path, size):
    """(the picture, None), or (None, a sentence) for a damaged one."""
    try:
        return small_square(path, size), None
    except FacesError as error:
        return None, str(error)


def _fill(home, paths, size):
    """Store what is missing; returns the record, which is written last."""
    sources = list(map(_source, paths))
    known = _Known(home, size, paths, sources)
    part, journal = home / "filling.bin", home / "filling.jsonl"
    done = _taken_up(part, journal, sources, size * size * 3)
    if done:
        print(f"{len(done)} of {len(paths)} pictures were stored before an interruption.")
    _check_room(home, size * size * 3 * (len(paths) - len(done)))
    with (
        ThreadPoolExecutor(core_count()) as pool,  # Pillow lets threads work side by side
        warnings.catch_warnings(),
        part.open("ab") as pixels,
        journal.open("a", encoding="utf-8") as lines,
        progress_bar(
            total=len(paths), initial=len(done), desc="Storing pictures", leave=False
        ) as bar,
    ):
        warnings.simplefilter("ignore")  # as each thread does: they share what one of them sets
        if left := [path for path in paths[len(done) :] if path.name not in known.rows]:
            _tell_how_long(pool, left, size)
        for first in range(len(done), len(paths), BLOCK):
            block = slice(first, first + BLOCK)
            made = list(pool.map(known.made_small, paths[block]))
            pixels.writelines(picture for picture, _ in made if picture is not None)
            pixels.flush()
            os.fsync(pixels.fileno())  # the journal must never know of more than is on the disk
            whys = [why for _, why in made]
            entries = [[*s, why] for s, why in zip(sources[block], whys, strict=True)]
            lines.writelines(json.dumps(entry) + "\n" for entry in entries)
            lines.flush()
            done += entries
            bar.update(len(entries))
    return _finished(home, part, journal, done, size)


class _Known:
    """What an older file of the same folder holds of the pictures that are wanted now."""

    def __init__(self, home, size, paths, sources):
        self.size, self.rows = size, {}
        record = _read_record(home, size)
        if record is None:
            if (home / "record.json").exists():
                print(f"What is stored in {home} is not whole, or of another version: made anew.")
            return
        entries = [entry for entry in record["sources"] if entry[3] is None]
        stored = StoredPictures(home / record["file"], size, np.arange(len(entries)))
        rows = {tuple(entry[:3]): row for row, entry in enumerate(entries)}
        pairs = zip(paths, map(tuple, sources), strict=True)
        same = {path: rows[source] for path, source in pairs if source in rows}
        if not _is_the_same(stored.subset(list(same.values())), list(same)):
            print(f"What is stored in {home} does not fit the pictures: made anew.")
            return
        self.stored, self.rows = stored, {path.name: row for path, row in same.items()}
        before, now = ({s[0]: s[:3] for s in some} for some in (record["sources"], sources))
        changed = sum(before[name] != now[name] for name in before.keys() & now.keys())
        print(
            f"Since the pictures were stored, {len(now.keys() - before)} are new, {changed} "
            f"changed, and {len(before.keys() - now)} are gone. They are brought up to date."
        )

    def made_small(self, path):
        """As `_made_small`; a picture that is known is read from the older file."""
        if path.name not in self.rows:
            return _made_small(path, self.size)
        return self.stored.pixels(self.rows[path.name]), None


def _taken_up(part, journal, sources, length):
    """The entries that an interrupted filling has left, as far as they are those wanted now.

    Both files are cut to them, `length` bytes a picture.
    """
    done = []
    with contextlib.suppress(OSError, ValueError, TypeError):
        lines = journal.read_text(encoding="utf-8").splitlines()
        for line, source in zip(lines, sources, strict=False):
            entry = json.loads(line)  # the last one may be half a line
            if entry[:3] != source:
                break
            done.append(entry)
    count = sum(entry[3] is None for entry in done)
    if not part.exists() or part.stat().st_size < count * length:
        done, count = [], 0
    write_whole(journal, "".join(json.dumps(entry) + "\n" for entry in done))
    with part.open("ab") as file:
        file.truncate(count * length)
    return done


def _check_room(home, length):
    """Raises: OSError where the disk has less than so many bytes; not at its end, but now."""
    free = shutil.disk_usage(home).free
    if free < length:
        raise OSError(0, f"it needs {length / 1e9:.1f} GB, but {free / 1e9:.1f} GB are free")


def _tell_how_long(pool, paths, size):
    """Say how many pictures are to be made small, and how long that takes."""
    tried = paths[:: max(1, len(paths) // TRIED)]
    begin = time.perf_counter()
    list(pool.map(lambda path: _made_small(path, size), tried))
    seconds = (time.perf_counter() - begin) / max(1, len(tried)) * len(paths)
    minutes = duration(round(seconds) if seconds < 60 else 60 * round(seconds / 60))
    print(
        f"{len(paths)} pictures are made small and stored, once: about {minutes}. What is stored "
        "by then stays if you interrupt it."
    )


def _finished(home, part, journal, entries, size):
    """The file gets its name, a part of its digest; then the record names it."""
    count = sum(entry[3] is None for entry in entries)
    digest = StoredPictures(part, size, np.arange(count)).digest()
    file = home / f"pictures_{digest[:16]}.bin"
    part.replace(file)
    record = {"format": FORMAT, "size": size, "count": count, "file": file.name, "digest": digest}
    record["sources"] = entries
    write_whole(home / "record.json", json.dumps(record) + "\n")
    journal.unlink()
    for older in home.glob("pictures_*.bin"):
        if older != file:
            with contextlib.suppress(OSError):  # Windows keeps a file that is being read
                older.unlink()
    return record
