"""The folder of a run: its record and its history, and how it is opened again."""

import csv
import dataclasses
import io
import json

from helpers import runtime
from helpers.recipes import Recipe
from helpers.whole_files import write_whole

SAMPLE_PICTURES = 36  # on a sample sheet
SAMPLE_COLUMNS = 6


class TrainingError(Exception):
    """A run can't begin or go on; the message says what was wrong, and what to do."""


def open_run(folder, resume):
    """The record of the run in that folder; None for a run that begins there.

    Raises: TrainingError where the folder holds a run but `resume` is False, and where it can't
    be made.
    """
    begun = (folder / "run.json").exists()
    if begun and not resume:
        raise TrainingError(
            f"The folder {folder} holds a run already. Go on with it (resume=True, or --resume on "
            "the command line), or choose another folder."
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainingError(
            f"The folder {folder} can't be made: {error.strerror}. Choose another one."
        ) from error
    return read_record(folder) if begun else None


def check_same_run(folder, record, identity):
    """Raises TrainingError where a stored run is not the one that is asked for."""
    stored = _flat(record)
    for name, wanted in _flat(identity).items():
        if stored.get(name) != wanted:
            raise TrainingError(
                f"The run in {folder} was made with {name} = {stored.get(name)!r}, but now it is "
                f"{wanted!r}. To go on, ask for the same; else choose another folder."
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


def read_record(folder):
    """The run's `run.json` as a dict. Raises: TrainingError where there is none to read."""
    path = folder / "run.json"
    try:
        return json.loads(path.read_text())
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
    record = {**record, "machine": runtime.machine().sentence(), "versions": runtime.versions()}
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
