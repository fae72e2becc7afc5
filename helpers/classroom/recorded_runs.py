"""What was kept of long trainings of the chapter's full nets, so that a lesson can show them.

Kept are the losses, a sheet of what the averaged generator drew over time, and where it ran; no
photograph. `python -m helpers.classroom.recorded_runs runs/long tuned` takes a run's folder and
keeps it as `data/recorded_runs/tuned.json` and `tuned.png`.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from helpers.files import DATA_FOLDER, write_whole
from helpers.images import contact_sheet, save_picture

FOLDER = DATA_FOLDER / "recorded_runs"
SHOWN_STEPS = (25, 50, 100, 200, 300, 400, 600, 800, 1000, 1500, 2000, 3000, 4000, 5000)
SHOWN_PICTURES = 10  # of each step, from the same latents
SIZE = 50
LOSSES = ("discriminator_loss", "generator_loss")  # of each step, as a run's history names them


@dataclass(frozen=True)
class RecordedRun:
    """A training that was kept. `pictures`: float32 (rows, 10, 50, 50, 3) in [0, 1], a row for
    each of `steps_shown`, always from the same ten latents; `face_rates`: of 36 pictures each.
    `history` holds both losses of each step; `record` tells recipe, machine, versions, seconds.
    """

    name: str
    history: dict
    pictures: np.ndarray
    steps_shown: list
    face_rates: list
    record: dict

    @property
    def steps(self):
        return len(self.history["generator_loss"])

    @property
    def hours(self):
        return self.record["seconds"] / 3600


def recorded_run(name, folder=FOLDER):
    """The RecordedRun of that name. Raises: FileNotFoundError where none was kept."""
    path = folder / f"{name}.json"
    if not path.exists():
        raise FileNotFoundError(f"No run was kept as {path}.")
    kept = json.loads(path.read_text(encoding="utf-8"))
    pictures = rows_of(path.with_suffix(".png"))
    return RecordedRun(name=name, pictures=pictures, **kept)


def keep(run_folder, name, folder=FOLDER):
    """Keep what a lesson shows of the run in `run_folder`: two files of some hundred kilobytes."""
    from helpers.judging import face_rate
    from helpers.training import read_record, sample_sheets

    record = read_record(run_folder)
    table = np.genfromtxt(run_folder / "history.csv", delimiter=",", names=True)
    samples = sample_sheets(run_folder)
    shown = [step for step in SHOWN_STEPS if step in samples and step <= len(table)]
    last = max(step for step in samples if step <= len(table))
    shown = sorted({*shown, last})
    pictures = [rows_of(samples[step]).reshape(-1, SIZE, SIZE, 3) for step in shown]
    kept = {
        "history": {loss: [float(f"{value:.4g}") for value in table[loss]] for loss in LOSSES},
        "steps_shown": shown,
        "face_rates": [face_rate(sheet) for sheet in pictures],
        "record": record,
    }
    folder.mkdir(parents=True, exist_ok=True)
    first = np.concatenate([sheet[:SHOWN_PICTURES] for sheet in pictures])
    save_picture(folder / f"{name}.png", contact_sheet(first, columns=SHOWN_PICTURES))
    write_whole(folder / f"{name}.json", json.dumps(kept) + "\n")


def rows_of(path):
    """The pictures of a contact sheet: float32 (rows, columns, 50, 50, 3) in [0, 1]."""
    import imageio.v3 as iio

    sheet = iio.imread(path).astype("float32") / 255
    rows, columns = (length // SIZE for length in sheet.shape[:2])
    return sheet.reshape(rows, SIZE, columns, SIZE, 3).swapaxes(1, 2)


if __name__ == "__main__":
    keep(Path(sys.argv[1]), sys.argv[2])
