"""Trained generators that are shipped: nobody has to wait to see one grow.

That of 100 x 100 pictures at six moments of one training, in `data/growing_generator/`; that of
200 x 200 at the end of one, in `data/large_generator/`; for the site one of 50 x 50, and one that
learned from the drawn person. `python -m benchmarks.faces_in_minutes --size 100 --keep-generator`
trains it anew and keeps it: `weights.npz`, float16, and `run.json`, which tells of the training.
"""

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cache

import numpy as np

from helpers.files import DATA_FOLDER, write_whole
from helpers.images import to_picture_range
from helpers.progress import duration

# By where the faces come from and their size: the folder, and the moments in seconds of training,
# on the machine that `record` names.
FOLDERS = {
    ("lfw", 50): DATA_FOLDER / "small_generator",
    ("lfw", 100): DATA_FOLDER / "growing_generator",
    ("lfw", 200): DATA_FOLDER / "large_generator",
    ("drawn", 100): DATA_FOLDER / "drawn_generator",
}
SECONDS = {
    ("lfw", 50): (15, 60, 900),
    ("lfw", 100): (0, 15, 60, 120, 240, 900),
    ("lfw", 200): (900,),
    ("drawn", 100): (600,),
}


class GrowingGeneratorError(Exception):
    """The shipped weights can't be used; the message says why and what to do."""


@dataclass(frozen=True)
class GrowingGenerator:
    """One generator at several moments of its training.

    `seconds`: when each moment was; `record` tells the pictures' size, recipe, machine, versions
    and seed.
    """

    seconds: tuple
    weights: list
    record: dict

    @property
    def captions(self):
        """A few words for each moment."""
        return [duration(seconds) if seconds else "untrained" for seconds in self.seconds]

    def generate(self, latents):
        """Each moment's pictures of latents (n, 100): float32 (moments, n, size, size, 3), 0 to 1.

        Raises: GrowingGeneratorError where the weights are of other nets than today's.
        """
        net = _net(self.record["size"])
        drawn = []
        for weights in self.weights:
            if [array.shape for array in weights] != [tuple(its.shape) for its in net.weights]:
                raise GrowingGeneratorError(
                    "The kept weights are of other nets than nets/compact.py builds now: train "
                    "them anew with make faces."
                )
            net.set_weights(weights)
            drawn.append(to_picture_range(net.predict(latents, batch_size=len(latents), verbose=0)))
        return np.stack(drawn)


@cache
def _net(size):
    """One net for all moments: building it takes longer than drawing."""
    from helpers.nets.compact import build_generator

    return build_generator(size=size)


def load_growing_generator(size=100, source="lfw", folder=None):
    """The GrowingGenerator of pictures of that size: the shipped one, if no folder is named.

    `source`: the faces from which it learned, as `load_faces` names them, "lfw" or "drawn".
    Raises: GrowingGeneratorError where none is shipped, or its files are missing or damaged.
    """
    if folder is None and (source, size) not in FOLDERS:
        known = ", ".join(f"{its} of {source}" for source, its in FOLDERS)
        raise GrowingGeneratorError(
            f"No generator of size {size} that learned from {source} is shipped: there are {known}."
        )
    folder = folder or FOLDERS[source, size]
    weights_path = folder / "weights.npz"
    try:
        content = weights_path.read_bytes()
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise GrowingGeneratorError(f"{error.filename} is missing. {_cure(folder)}") from error
    if hashlib.sha256(content).hexdigest() != record["sha256"]:
        raise GrowingGeneratorError(
            f"{weights_path} is damaged: its digest is wrong. {_cure(folder)}"
        )
    with np.load(weights_path, allow_pickle=False) as stored:
        weights = [
            [
                _from_planes(stored[name])
                for name in sorted(stored.files)
                if name.startswith(f"{seconds}/")
            ]
            for seconds in record["seconds"]
        ]
    return GrowingGenerator(tuple(record["seconds"]), weights, record)


def _cure(folder):
    return f"It is part of the course: get it again with git checkout data/{folder.name}"


def to_planes(array):
    """The bytes of a float16 array, first all low ones, then all high ones.

    The high ones, with sign and exponent, are alike: together they make a smaller file.
    """
    pairs = array.astype("<f2", order="C")[..., np.newaxis].view("uint8")
    return np.ascontiguousarray(np.moveaxis(pairs, -1, 0))


def _from_planes(planes):
    """The array of such bytes, as float32."""
    pairs = np.ascontiguousarray(np.moveaxis(planes, 0, -1))
    return pairs.view("<f2")[..., 0].astype("float32")


def keep(weights_at, record, folder):
    """Write the files: `weights_at` has a list of arrays for each of so many seconds.

    `record` has "size", the pictures', and what else is to be told. Raises: GrowingGeneratorError
    for numbers that are too large for float16.
    """
    with np.errstate(over="ignore"):  # it is noticed below
        arrays = {
            f"{seconds}/{number:02}": array.astype("float16")
            for seconds, weights in weights_at.items()
            for number, array in enumerate(weights)
        }
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            raise GrowingGeneratorError(f"{name} has numbers that are too large for float16.")
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{name: to_planes(array) for name, array in arrays.items()})
    content = buffer.getvalue()
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "weights.npz", content)
    told = {**record, "seconds": list(weights_at), "sha256": hashlib.sha256(content).hexdigest()}
    write_whole(folder / "run.json", json.dumps(told, indent=1) + "\n")
