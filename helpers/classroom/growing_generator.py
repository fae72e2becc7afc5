"""The compact generator at six moments of one training, shipped: nobody has to wait to see it grow.

`python -m benchmarks.faces_in_minutes --keep-generator` trains it anew and keeps it in
`data/growing_generator/`: `weights.npz`, float16, and `run.json`, which tells where it comes from.
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

FOLDER = DATA_FOLDER / "growing_generator"
SECONDS = (0, 15, 60, 120, 240, 900)  # of training, on the machine that `record` names


class GrowingGeneratorError(Exception):
    """The shipped weights can't be used; the message says why and what to do."""


@dataclass(frozen=True)
class GrowingGenerator:
    """One generator at several moments of its training.

    `seconds`: when each moment was; `record` tells recipe, machine, versions and seed.
    """

    seconds: tuple
    weights: list
    record: dict

    @property
    def captions(self):
        """A few words for each moment."""
        return [duration(seconds) if seconds else "untrained" for seconds in self.seconds]

    def generate(self, latents):
        """Each moment's pictures of latents (n, 100): float32 (moments, n, 50, 50, 3) in [0, 1].

        Raises: GrowingGeneratorError where the weights are of other nets than today's.
        """
        net = _net()
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
def _net():
    """One net for all moments: building it takes longer than drawing."""
    from helpers.nets.compact import build_generator

    return build_generator()


def load_growing_generator(folder=FOLDER):
    """The shipped GrowingGenerator.

    Raises: GrowingGeneratorError where its files are missing or damaged.
    """
    weights_path = folder / "weights.npz"
    try:
        content = weights_path.read_bytes()
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise GrowingGeneratorError(f"{error.filename} is missing. {_CURE}") from error
    if hashlib.sha256(content).hexdigest() != record["sha256"]:
        raise GrowingGeneratorError(f"{weights_path} is damaged: its digest is wrong. {_CURE}")
    with np.load(weights_path, allow_pickle=False) as stored:
        weights = [
            [
                stored[name].astype("float32")
                for name in sorted(stored.files)
                if name.startswith(f"{seconds}/")
            ]
            for seconds in record["seconds"]
        ]
    return GrowingGenerator(tuple(record["seconds"]), weights, record)


_CURE = "It is part of the course: get it again with git checkout data/growing_generator"


def keep(weights_at, record, folder=FOLDER):
    """Write the files: `weights_at` has a list of arrays for each of so many seconds.

    Raises: GrowingGeneratorError for numbers that are too large for float16.
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
    np.savez_compressed(buffer, **arrays)
    content = buffer.getvalue()
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "weights.npz", content)
    told = {**record, "seconds": list(weights_at), "sha256": hashlib.sha256(content).hexdigest()}
    write_whole(folder / "run.json", json.dumps(told, indent=1) + "\n")
