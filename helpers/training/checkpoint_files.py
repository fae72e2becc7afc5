"""Checkpoints of a training: written whole or not at all, and read only where they are whole.

A checkpoint is a folder `step_00000120` with two files: `arrays.npz`, the numbers of nets and
optimizers, without pickle; and `record.json`, everything else, with the digest of the first.
`checkpoints.py` says what these are.
"""

import contextlib
import json
import os
import shutil
from dataclasses import dataclass

import numpy as np

from helpers.files import file_digest

KEPT = 2  # the newest, and the one before it in case that one is damaged


@dataclass(frozen=True)
class Checkpoint:
    """What was stored at a step: named arrays, and the record of everything else."""

    step: int
    arrays: dict
    record: dict


class CheckpointError(Exception):
    """A checkpoint can't be written, or none can be read; the message says what to do."""


def save(folder, step, arrays, record):
    """Write the checkpoint of `step` below `folder`, and delete all but the newest two.

    `arrays`: a dict of numpy arrays; `record`: a dict that JSON can hold. Until it is complete the
    checkpoint bears another name, so a process that is killed here leaves the older ones whole,
    even an older one of the same step.

    Raises: CheckpointError where the disk is full or the folder can't be written.
    """
    place = folder / f"step_{step:08}"
    aside = folder / f"{place.name}.part"
    former = folder / f"{place.name}.former"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _put_former_ones_back(folder)
        for rest in folder.glob("*.part"):  # of a process that was killed
            shutil.rmtree(rest)
        aside.mkdir()
        with (aside / "arrays.npz").open("wb") as file:
            np.savez(file, **arrays)
            _wait_for_the_disk(file)
        record = {**record, "step": step, "digest": file_digest(aside / "arrays.npz")}
        with (aside / "record.json").open("w", encoding="utf-8") as file:
            json.dump(record, file)
            _wait_for_the_disk(file)
        if place.exists():
            place.rename(former)  # a full folder can't be replaced in one go
        aside.rename(place)
        if former.exists():
            _delete(former)
        for old in sorted(folder.glob("step_????????"))[:-KEPT]:
            _delete(old)
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        with contextlib.suppress(OSError):
            _put_former_ones_back(folder)
        raise CheckpointError(
            f"The checkpoint of step {step} could not be written to {folder}: {error.strerror}. "
            f"{_what_is_left(folder)} Make room there or allow writing, then go on from it."
        ) from error


def newest_step(folder):
    """The step of the newest checkpoint, whole or not; None where there is none."""
    return max((int(place.name[5:]) for place in folder.glob("step_????????")), default=None)


def load_newest(folder):
    """The newest Checkpoint that is whole; None where there is none.

    A damaged one is set aside under the name `….damaged`, with a sentence.
    Raises: CheckpointError where all are damaged.
    """
    _put_former_ones_back(folder)
    found = sorted(folder.glob("step_????????"), reverse=True)
    for place in found:
        try:
            return _read(place)
        except (OSError, ValueError, KeyError) as error:
            print(f"The checkpoint {place} is damaged ({error}), so the one before it is tried.")
            _set_aside(place)
    if found or any(folder.glob("*.damaged")):  # of today, or of an earlier call
        raise CheckpointError(
            f"None of the checkpoints in {folder} is whole. Begin a new run in another folder."
        )
    return None


def _put_former_ones_back(folder):
    """After a kill between two renames in `save`: the new one may be there under its name, or not.

    The older one of the same step is whole in both cases.
    """
    for former in folder.glob("*.former"):
        place = former.with_suffix("")
        if place.exists():
            _delete(former)
        else:
            former.rename(place)


def _delete(place):
    """Never half of it under its own name, nor under one that `_put_former_ones_back` trusts."""
    rest = place.with_name(place.name + ".part")
    place.rename(rest)
    shutil.rmtree(rest)


def _read(place):
    record = json.loads((place / "record.json").read_text(encoding="utf-8"))
    if file_digest(place / "arrays.npz") != record["digest"]:
        raise ValueError("its digest does not fit")
    with np.load(place / "arrays.npz", allow_pickle=False) as stored:
        return Checkpoint(record["step"], dict(stored), record)


def _set_aside(place):
    name = place.with_name(place.name + ".damaged")
    if name.exists():
        shutil.rmtree(name)
    place.rename(name)


def _wait_for_the_disk(file):
    file.flush()
    os.fsync(file.fileno())


def _what_is_left(folder):
    whole = sorted(folder.glob("step_????????"))
    return f"The last good one is {whole[-1].name}." if whole else "There is none before it."
