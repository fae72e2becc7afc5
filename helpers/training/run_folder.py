"""The folder of a run: opening it again, its lock, its record, its history.

Nothing here needs TensorFlow, so the command line can say what is wrong before it is imported.
"""

import contextlib
import csv
import io
import json

from helpers.files import lock, write_whole
from helpers.machine import machine, versions
from helpers.training import checkpoint_files

SAMPLE_PICTURES = 36  # on a sample sheet
SAMPLE_COLUMNS = 6


class TrainingError(Exception):
    """A run can't begin or go on; the message says what was wrong, and what to do."""


def check_folder(folder, resume):
    """Whether a run is in that folder. It writes nothing.

    Raises: TrainingError where the folder holds a run but `resume` is False, where it holds
    checkpoints of a run that nobody knows, and where a file is in its place.
    """
    begun = (folder / "run.json").exists()
    if begun and not resume:
        raise TrainingError(
            f"The folder {folder} holds a run already. Go on with it (resume=True, or --resume on "
            "the command line), or choose another folder."
        )
    if not begun and any((folder / "checkpoints").glob("step_*")):
        raise TrainingError(
            f"The folder {folder} holds checkpoints but no run.json, so nobody can say of which "
            "run they are. Put its run.json back, or choose another folder."
        )
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not there.is_dir():
        raise TrainingError(
            f"The folder {folder} can't be made: {there} is a file. Choose another one."
        )
    return begun


def open_run(folder, resume):
    """The record of the run in that folder; None for a run that begins there.

    Raises: TrainingError as `check_folder` does, and where the folder can't be made.
    """
    begun = check_folder(folder, resume)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(
            f"The folder {folder} can't be made: {error.strerror}. Choose another one."
        ) from error
    return read_record(folder) if begun else None


@contextlib.contextmanager
def only_training(folder, steps_done):
    """Within, no other training works in that folder; without a folder, nothing happens.

    The system takes the lock back when a process ends, however it ends: a killed one leaves none.
    Raises: TrainingError where another training has the lock, or has stored a later step than
    `steps_done`; and where the folder can't be written.
    """
    if folder is None:
        yield
        return
    try:
        file = (folder / ".lock").open("ab")
    except OSError as error:
        raise TrainingError(
            f"The folder {folder} can't be written: {error.strerror}. Allow writing there, or "
            "choose another folder."
        ) from error
    with file:  # closing it gives the lock back
        if not lock(file):
            raise TrainingError(
                f"Another training works in the folder {folder} now. Wait for its end, stop it, "
                "or choose another folder."
            )
        newest = checkpoint_files.newest_step(folder / "checkpoints")
        if newest is not None and newest > steps_done:
            raise TrainingError(
                f"The folder {folder} holds step {newest} by now, but this run stands at step "
                f"{steps_done}: another training went on there. Take it up from there "
                "(resume=True), or choose another folder."
            )
        yield


def read_record(folder):
    """The run's `run.json` as a dict. Raises: TrainingError where there is none to read."""
    path = folder / "run.json"
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(record, dict):
            raise ValueError("it holds no record")
        return record
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"There is no run to go on with: {path} can't be read ({error}). Check the folder, or "
            "begin a run there by naming a recipe."
        ) from error


def sample_path(folder, step):
    """Where the run's sheet of samples of that step lies."""
    return folder / "samples" / f"step_{step:08}.png"


def sample_sheets(folder):
    """The run's sample sheets, step → path, from the first to the last."""
    return {int(path.stem[5:]): path for path in sorted((folder / "samples").glob("step_*.png"))}


def write_record(folder, record):
    """`run.json`: the record, with the machine and the versions that it ran on."""
    record = {**record, "machine": machine().sentence(), "versions": versions()}
    _write(folder / "run.json", json.dumps(record, indent=2) + "\n")


def write_history(folder, history):
    """`history.csv`: a row a step, a column a loss."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["step", *history])
    rows = zip(*history.values(), strict=True)
    writer.writerows([step, *losses] for step, losses in enumerate(rows, start=1))
    _write(folder / "history.csv", text.getvalue())


def _write(path, text):
    try:
        write_whole(path, text)
    except OSError as error:
        raise TrainingError(
            f"{path} could not be written: {error.strerror}. Make room there or allow writing, "
            "then go on from the last checkpoint."
        ) from error
