"""How good the compact recipe's faces are after so many minutes of training.

python -m benchmarks.faces_in_minutes --faces lfw --seeds 0 1 2 --minutes 0.5 1 2 4 8 15

Every seed trains in this process, one after the other, on all but 60 faces. At each of the times
the averaged generator draws 200 pictures, which are judged; that time does not count. Prints a
line a measurement. After each seed `faces_in_minutes.json`, `.md` and, with what the nets drew
last, `.png` are written to `benchmarks/`. With `--faces drawn` the share of known modes is judged
as well, on 600 pictures. Let nothing else run beside it.
"""

import argparse
import dataclasses
import json
from pathlib import Path

import numpy as np

from helpers import growing_generator, judging, recipes, runtime
from helpers.drawn_modes import DrawnModes
from helpers.faces import load_faces
from helpers.images import save_picture
from helpers.plots import contact_sheet
from helpers.whole_files import write_whole

FOLDER = Path(__file__).parent
PICTURES = 200
SHOWN = 12  # pictures of each seed on the sheet
LATENTS_SEED = 77


def measure(recipe, training, held_out, seed, minutes, keep_at=(), modes=None):
    """Train once; a dict of numbers for each of `minutes`, the last pictures, and the weights.

    The weights are the averaged generator's, for each of the seconds in `keep_at`. `modes`: the
    DrawnModes of drawn faces, whose found share is then a number, too.
    """
    from helpers.callbacks import AtTimes
    from helpers.training import Run

    run = Run(recipe, training, seed=seed)
    judged_at = {60 * number: number for number in minutes}
    rows, pictures = [], []
    kept = {0: run.gan.averaged_generator.get_weights()}

    def look(seconds):
        if seconds in keep_at:
            kept[seconds] = run.gan.averaged_generator.get_weights()
        if seconds in judged_at:
            pictures[:] = run.sample(PICTURES, LATENTS_SEED)
            numbers = judging.judge(np.array(pictures), training, held_out)
            if modes is not None:
                numbers["modes"] = modes.share_found(run.sample(3 * PICTURES, LATENTS_SEED))
            rows.append(
                {"seed": seed, "minutes": judged_at[seconds], "step": run.steps_done, **numbers}
            )
            print(_line(rows[-1]), flush=True)

    times = {*judged_at, *keep_at} - {0}
    run.train(minutes=max(times) / 6, more_callbacks=[AtTimes(run, times, look)])
    return rows, np.array(pictures[:SHOWN]), kept


def _line(row):
    return "  ".join(f"{name} {value:.3g}" for name, value in row.items())


def table(heading, groups, floor):
    """Groups of rows, by what stands first in their lines, as Markdown; below them the floor."""
    lines = [f"| {heading} | steps | {' | '.join(floor)} |", "|---" * (len(floor) + 2) + "|"]
    for first, rows in groups.items():
        cells = [first, _each(rows, "step", ".0f"), *[_each(rows, name, ".3f") for name in floor]]
        lines.append(f"| {' | '.join(cells)} |")
    limits = " | ".join(f"{limit:.3f}" for limit in floor.values())
    return "\n".join([*lines, f"| real pictures | | {limits} |"])


def report(heading, groups, floor, seeds, where):
    """The table, below a line that says which seeds, in which order, and on which machine."""
    seeds = ", ".join(map(str, seeds))
    return f"Seeds {seeds}, in this order; {where}.\n\n{table(heading, groups, floor)}\n"


def _each(rows, name, form):
    return ", ".join(f"{row[name]:{form}}" for row in rows)


def by_minutes(rows):
    """The rows in groups, each of one moment of the trainings."""
    moments = sorted({row["minutes"] for row in rows})
    return {f"{now:g}": [row for row in rows if row["minutes"] == now] for now in moments}


def command_line(text):
    """A parser with what all of these benchmarks ask: the faces and the seeds."""
    parser = argparse.ArgumentParser(
        description=text, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--faces", default="lfw")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    return parser


def main():
    parser = command_line(__doc__)
    parser.add_argument("--recipe", default="compact", choices=list(recipes.RECIPES))
    parser.add_argument("--minutes", type=float, nargs="+", default=[0.5, 1, 2, 4, 8, 15])
    parser.add_argument("--files", default="faces_in_minutes", help="the name of what is written")
    parser.add_argument(
        "--keep-generator",
        action="store_true",
        help="keep the first seed's generator in data/growing_generator",
    )
    options = parser.parse_args()
    faces = load_faces(options.faces)
    training, held_out = judging.split(faces.images)
    recipe = recipes.RECIPES[options.recipe]
    where = runtime.where_and_when()
    floor = judging.floors(faces.images, training, held_out)
    modes = DrawnModes(faces) if options.faces == "drawn" else None
    if modes is not None:
        floor["modes"] = modes.share_found(faces.images)
    rows, drawn = [], []
    for seed in options.seeds:
        keep_at = growing_generator.SECONDS if options.keep_generator and not rows else ()
        measured, pictures, kept = measure(
            recipe, training, held_out, seed, options.minutes, keep_at, modes
        )
        if keep_at:
            told = {"recipe": dataclasses.asdict(recipe), "seed": seed, "faces": faces.source}
            growing_generator.keep(kept, {**told, "where": where})
        rows += measured
        drawn.append(pictures)
        told = {"recipe": recipe.name, "machine": where, "rows": rows, "floor": floor}
        write_whole(FOLDER / f"{options.files}.json", json.dumps(told, indent=1) + "\n")
        seeds = options.seeds[: len(drawn)]
        text = report("minutes", by_minutes(rows), floor, seeds, where)
        write_whole(FOLDER / f"{options.files}.md", text)
        sheet = contact_sheet(np.concatenate(drawn), columns=SHOWN)
        save_picture(FOLDER / f"{options.files}.png", sheet)
    print(text)


if __name__ == "__main__":
    main()
