"""What tests of several benchmarks share: a small command line, and reading what was written."""

import json
import math

from PIL import Image

SCORES = {
    "face rate",
    "distance",
    "patch distance",
    "kernel distance",
    "density",
    "coverage",
    "spread",
    "memorisation",
    "nearest",
}
SINCE = {"nearest"}  # scores that came after the last measurement
FINER = {"distance at full size", "patch distance at half"}  # of more than 50 x 50

MOMENT = 0.1  # seconds of training after the first step, which alone takes longer


def smallest(faces, folder, *words):
    """A command line: few faces, one seed, twelve judged pictures, and where to write."""
    common_words = ["--faces", faces, "--seeds", 0, "--pictures", 12, "--folder", folder, *words]
    return [str(word) for word in common_words]


def read(folder, name):
    """What a benchmark has written: the JSON, and the cells of the table, row by row."""
    record = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    lines = (folder / f"{name}.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("|")]
    assert len({len(row) for row in rows}) == 1  # else it is no table
    return record, [[cell.strip() for cell in row] for row in rows[:1] + rows[2:]]


def assert_finite(row, names):
    assert set(row) == names
    assert all(math.isfinite(number) for number in row.values()), row


def size_of(path):
    with Image.open(path) as picture:
        return picture.size
