"""What makes a run this run: it must be the same when the run is continued (`--resume`)."""

import dataclasses
import hashlib

import numpy as np

from helpers.faces.stored_pictures import StoredPictures
from helpers.training.batches import batches
from helpers.training.recipes import Recipe
from helpers.training.run_folder import TrainingError

FORMAT = 6  # of a checkpoint; raise it when what a checkpoint holds, or what a step does, changes


def identity_of(recipe, images, *, width, precision, fast, seed):
    """What must be the same when a run is continued: a dict that JSON can hold."""
    first_batch = next(batches(recipe, images, seed))
    return {
        "format": FORMAT,
        "recipe": dataclasses.asdict(recipe),
        "width": width,
        "precision": precision,
        "fast": fast,
        "seed": seed,
        "photographs": {"count": len(images), "digest": _digest_of_all(images)},
        "random_numbers": _digest(first_batch["latents"]),  # numpy may draw others one day
    }


def check_same_run(folder, record, identity):
    """Raises TrainingError where a stored run is not the one that is asked for."""
    stored = _flat(record)
    for name, needed in _flat(identity).items():
        if stored.get(name) != needed:
            mend = "To go on, ask for the same"
            if name in ("format", "random_numbers"):
                mend = "To go on, use the versions of course and numpy that it was made with"
            raise TrainingError(
                f"The run in {folder} was made with {name} = {stored.get(name)!r}, but now it is "
                f"{needed!r}. {mend}; else choose another folder."
            )


def _flat(record):
    """A record's entries, those of its recipe among them by their own names.

    What an older recipe did not have yet stands there with its default, which changes nothing.
    """
    recipe = record["recipe"]
    return {
        **record,
        **dataclasses.asdict(Recipe(recipe["name"])),
        **recipe,
        "recipe": recipe["name"],
    }


def _digest_of_all(images):
    """The same for pictures in memory and for stored ones, which know it."""
    return images.digest() if isinstance(images, StoredPictures) else _digest(images)


def _digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
