"""Checkpoints: whenever a process dies in a save, a whole one is there to go on from."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from helpers.training import checkpoint_files
from helpers.training.checkpoint_files import CheckpointError


class Killed(BaseException):
    """Stands for a kill -9: no `except OSError` of the code may hear it."""


def save(folder, step, value):
    arrays = {"weights": np.full(1000, value, "float32")}
    checkpoint_files.save(folder, step, arrays, {"value": value})


def die_at(monkeypatch, number):
    """From now on the disk's change of that number is half done, and the process dies in it."""
    left = [number]

    def dying(module, name, half_done):
        real = getattr(module, name)

        def change(*arguments, **options):
            left[0] -= 1
            if left[0] < 0:
                half_done(*arguments)
                raise Killed
            return real(*arguments, **options)

        monkeypatch.setattr(module, name, change)

    def half_deleted(folder, *_):
        next(path for path in Path(folder).iterdir()).unlink()

    dying(np, "savez", lambda file, *_: file.write(b"half"))
    dying(json, "dump", lambda record, file: file.write("{"))
    dying(Path, "rename", lambda *_: None)
    dying(shutil, "rmtree", half_deleted)
    return left


@pytest.mark.parametrize("before", [[3], [2, 3], [1, 2]], ids=str)
def test_whenever_a_save_is_killed_a_whole_checkpoint_is_there(tmp_path, before):
    """Step 3 is saved, again where it was stored; killed at the first change, the second, …"""
    for number in range(20):
        folder = tmp_path / str(number)
        for step in before:
            save(folder, step, float(step))
        with pytest.MonkeyPatch.context() as broken:
            left = die_at(broken, number)
            try:
                save(folder, 3, 33.0)
                break
            except Killed:
                pass
        found = checkpoint_files.load_newest(folder)
        assert found is not None, f"nothing is left after a kill at change {number}"
        assert (found.step, found.record["value"]) in [(before[-1], float(before[-1])), (3, 33.0)]
        assert (found.arrays["weights"] == found.record["value"]).all()
        save(folder, 4, 4.0)  # the run goes on, and no rest of the kill stays
        names = sorted(path.name for path in folder.iterdir())
        assert names == [f"step_{found.step:08}", "step_00000004"]
    assert left[0] >= 0 and number >= 4  # the last round had no kill, and several had one
    assert checkpoint_files.load_newest(folder).record["value"] == 33.0


def test_what_was_all_damaged_stays_an_error_at_the_second_try(tmp_path):
    """The damaged ones bear another name then; a run must not begin at 0 in silence."""
    save(tmp_path, 3, 3.0)
    (tmp_path / "step_00000003" / "arrays.npz").write_bytes(b"")
    for _ in range(2):
        with pytest.raises(CheckpointError, match="None of the checkpoints"):
            checkpoint_files.load_newest(tmp_path)


def test_a_folder_without_checkpoints_is_no_error(tmp_path):
    assert checkpoint_files.load_newest(tmp_path / "none") is None
