"""How good the compact recipe's faces are after so many minutes of training.

python -m benchmarks.faces_in_minutes --faces lfw --seeds 0 1 2 --minutes 0.5 1 4

Every seed trains in this process, one after the other, on all but 60 faces. At each of the times
the averaged generator draws 200 pictures, which are judged; that time does not count. Prints a
line a measurement, and writes `faces_in_minutes.json`, `.md` and, with what the nets drew last,
`.png` to `benchmarks/`. Let nothing else run beside it.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np

from helpers import judging, recipes, runtime
from helpers.faces import load_faces
from helpers.images import save_picture
from helpers.plots import contact_sheet
from helpers.whole_files import write_whole

FOLDER = Path(__file__).parent
PICTURES = 200
SHOWN = 12  # pictures of each seed on the sheet
LATENTS_SEED = 77


def measure(recipe, training, held_out, seed, minutes):
    """Train once; a dict of numbers for each of `minutes`, and the last pictures."""
    from helpers.training import Run, keras

    run = Run(recipe, training, seed=seed)
    left = sorted(minutes)
    rows, pictures = [], []

    class JudgeInTime(keras.callbacks.Callback):
        """Judges at each of the times; the clock stands still meanwhile."""

        began = None

        def on_train_batch_end(self, batch, logs=None):
            now = time.monotonic()
            if self.began is None:  # the first step prepares the nets
                self.began = now
            elif now - self.began >= left[0] * 60:
                pictures[:] = run.sample(PICTURES, LATENTS_SEED)
                numbers = judging.judge(np.array(pictures), training, held_out)
                rows.append(
                    {"seed": seed, "minutes": left.pop(0), "step": run.steps_done, **numbers}
                )
                print(_line(rows[-1]), flush=True)
                self.began += time.monotonic() - now
                if not left:
                    run.stop("All is measured.")

    run.train(minutes=10 * left[-1], more_callbacks=[JudgeInTime()])
    return rows, np.array(pictures[:SHOWN])


def _line(row):
    return "  ".join(f"{name} {value:.3g}" for name, value in row.items())


def _table(rows, floor):
    names = ["minutes", "steps", *floor]
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    for minutes in sorted({row["minutes"] for row in rows}):
        of_this = [row for row in rows if row["minutes"] == minutes]
        cells = [f"{minutes:g}", _each(of_this, "step", ".0f")]
        cells += [_each(of_this, name, ".3f") for name in floor]
        lines.append("| " + " | ".join(cells) + " |")
    limits = " | ".join(f"{limit:.3f}" for limit in floor.values())
    return "\n".join([*lines, f"| real pictures | | {limits} |"])


def _each(rows, name, form):
    return ", ".join(f"{row[name]:{form}}" for row in rows)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--faces", default="lfw")
    parser.add_argument("--recipe", default="compact", choices=list(recipes.RECIPES))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--minutes", type=float, nargs="+", default=[0.5, 1, 2, 4])
    options = parser.parse_args()
    faces = load_faces(options.faces)
    training, held_out = judging.split(faces.images)
    recipe = recipes.RECIPES[options.recipe]
    measured = [
        measure(recipe, training, held_out, seed, options.minutes) for seed in options.seeds
    ]
    rows = [row for rows, _ in measured for row in rows]
    floor = judging.floors(faces.images, training, held_out)
    where = f"{runtime.machine().sentence()}; {runtime.versions()}; {time.strftime('%Y-%m-%d')}"
    told = {"recipe": recipe.name, "machine": where, "rows": rows, "floor": floor}
    write_whole(FOLDER / "faces_in_minutes.json", json.dumps(told, indent=1) + "\n")
    seeds = ", ".join(map(str, options.seeds))
    text = f"Seeds {seeds}, in this order; {where}.\n\n{_table(rows, floor)}\n"
    write_whole(FOLDER / "faces_in_minutes.md", text)
    sheet = contact_sheet(np.concatenate([drawn for _, drawn in measured]), columns=SHOWN)
    save_picture(FOLDER / "faces_in_minutes.png", sheet)
    print(text)


if __name__ == "__main__":
    main()
