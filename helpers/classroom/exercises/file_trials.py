"""What is wrong in a learner's list of files or pass of batches (exercises 04.1 and 04.10).

And wrong passes, for the tests.
"""

import tempfile
from pathlib import Path

import numpy as np

from helpers.classroom.exercises.differences import in_words
from helpers.classroom.exercises.kinds import RETURNS_NOTHING


class _Folder(type(Path())):
    """A folder that names its files backwards: a disk may give them in any order."""

    def glob(self, pattern):
        return iter(sorted(super().glob(pattern), reverse=True))

    def iterdir(self):
        return iter(sorted(super().iterdir(), reverse=True))

    def __iter__(self):  # a folder has none: this says so in words
        raise TypeError("a folder is no list of files; ask it for them: folder.glob(...)")


def mistake_in_a_list(jpg_files):
    with tempfile.TemporaryDirectory() as place:
        folder = _Folder(place)
        wanted = [folder / f"face_{number:02}.jpg" for number in range(12)]
        for path in (*wanted, folder / "face_12.png", folder / "jpg.txt"):
            path.write_bytes(b"")
        found = jpg_files(folder)
        if found is None:
            return RETURNS_NOTHING
        found = [Path(path) for path in found]
        is_there = all(path.exists() for path in found)
    names = [path.name for path in found]
    if not names:
        return "It finds nothing. The star in a pattern stands for any letters."
    if any(not name.endswith(".jpg") for name in names):
        return "There are other files in the folder, too. Keep only those that end in .jpg."
    if not is_there:
        return "These are names without their folder: nobody can open a file by them alone."
    if sorted(names) != [path.name for path in wanted]:
        return f"The folder has {len(wanted)} such files, and your list has {len(names)}."
    if names != sorted(names):
        return "All files are there, but not in the order of their names."
    return None


def _as_rows(batches):
    """The batches as an array; an empty one where they have different lengths."""
    try:
        return np.asarray(batches)
    except ValueError:
        return np.empty(0)


def mistake_in_a_pass(pass_of_batches):
    random = np.random.default_rng(0)
    batches = pass_of_batches(30, 5, random)
    if batches is None:
        return RETURNS_NOTHING
    batches = _as_rows(batches)
    if batches.shape != (6, 5):
        return (
            "30 pictures, 5 a batch: the array should have six rows of five, and yours has the "
            f"shape {batches.shape}."
        )
    if sorted(batches.ravel().tolist()) != list(range(30)):
        return (
            "Not every picture comes once. Cut one shuffled order into pieces; draw no batch alone."
        )
    if np.array_equal(batches, np.arange(30).reshape(6, 5)):
        return "Every picture comes once, but still in file order: where is the shuffling?"
    if np.array_equal(np.sort(batches, axis=1), np.arange(30).reshape(6, 5)):
        return "You shuffle inside each batch, so neighbours stay together. Shuffle all rows first."
    if np.array_equal(batches, pass_of_batches(30, 5, random)):
        return "Two passes have the same order. Draw from `random`, which goes on, in every pass."
    try:
        left_over = _as_rows(pass_of_batches(33, 5, random))
    except Exception as error:  # whatever a learner's code raises
        return (
            "With 33 pictures and 5 a batch three are left over, and there your function stops "
            f"with an error, {in_words(error)}"
        )
    if left_over.shape != (6, 5):
        return "With 33 pictures and 5 a batch three are left over: leave them out of this pass."
    if len(set(left_over.ravel().tolist())) != 30:
        return "With 33 pictures and 5 a batch some picture comes twice."
    if all(np.max(pass_of_batches(33, 5, random)) < 30 for _ in range(9)):
        return "With 33 pictures the last three are never used. Shuffle all rows, then cut."
    return None


def file_order(count, batch, random):
    return np.arange(count // batch * batch).reshape(-1, batch)


def each_batch_alone(count, batch, random):
    return random.integers(0, count, (count // batch, batch))


def only_inside(count, batch, random):
    return random.permuted(file_order(count, batch, random), axis=1)


def always_the_same(count, batch, random):
    order = np.random.default_rng(0).permutation(count)
    return order[: count // batch * batch].reshape(-1, batch)


def no_rest(count, batch, random):
    return random.permutation(count).reshape(-1, batch)


def ends_never_used(count, batch, random):
    return random.permutation(count // batch * batch).reshape(-1, batch)
