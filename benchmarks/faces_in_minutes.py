"""How good the compact recipe's faces are after so many minutes of training.

python -m benchmarks.faces_in_minutes --faces lfw --size 50 --seeds 0 1 2 --minutes 0.5 1 2 4 8 15

Every seed trains in this process, one after the other, on all but 60 faces. At each of the times
the averaged generator draws 200 pictures, which are judged; that time does not count. Prints a
line a measurement. After each seed `faces_in_minutes.json`, `.md` and, with what the nets drew
last, `.png` are written to `benchmarks/results/`; of pictures of 100 x 100 they are called
`faces_in_minutes_100`, and so on. Pixels are compared at 50 x 50, so that the sizes stand beside
each other; two numbers more say how fine the larger pictures are. On the crowd of drawn faces the
share of known modes is judged as well, on 600 pictures. Let nothing else run beside it.
"""

import dataclasses

import numpy as np

from benchmarks.common import (
    LATENTS_SEED,
    SHOWN,
    command_line,
    file_name,
    report,
    split_faces,
    whole,
    write,
    write_sheet,
)
from helpers.classroom import growing_generator
from helpers.faces import load_faces
from helpers.images import average_down
from helpers.judging import (
    DrawnModes,
    compared_with,
    floors,
    judge,
    kinds_are_known,
    patch_distance,
    sliced_wasserstein,
)
from helpers.machine import where_and_when
from helpers.training import RECIPES

A_WEEK = 7 * 24 * 60  # minutes: no training ends by it, but when all of its times are seen


def options_of(words):
    """The options in `words`, a list like a command line; those of the command line for None."""
    parser = command_line(__doc__)
    parser.add_argument("--recipe", default="compact", choices=list(RECIPES))
    parser.add_argument("--minutes", type=float, nargs="+", default=[0.5, 1, 2, 4, 8, 15])
    parser.add_argument("--size", type=int, default=50, help="rows and columns of a picture")
    parser.add_argument("--files", help="the name of what is written")
    parser.add_argument(
        "--keep-generator", action="store_true", help="ship the first seed's: keep it in data/"
    )
    options = parser.parse_args(words)
    shipped = options.faces, options.size
    if options.keep_generator and shipped not in growing_generator.FOLDERS:
        parser.error(
            f"no generator of size {options.size} that learned from {options.faces} is shipped: "
            "leave --keep-generator out."
        )
    options.files = options.files or file_name("faces_in_minutes", options.size)
    return options


def make_judge(faces, training, held_out, pictures):
    """A function of a run, which gives its numbers as a dict; and the floor of these numbers.

    Faces whose kinds are known, the crowd's, have one number more: the share of kinds found. Those
    larger than 50 x 50 have two more, of pictures that are not averaged down, or half way.
    """
    unseen, reference = compared_with(training, held_out, pictures)
    floor = floors(training, held_out, pictures).as_dict() | finer_numbers(unseen, reference)
    modes = DrawnModes(faces) if kinds_are_known(faces) else None
    if modes:
        floor["modes"] = modes.share_found(faces.images)

    def numbers_of(run):
        drawn = run.sample(pictures, LATENTS_SEED)
        numbers = judge(drawn, training, held_out).as_dict() | finer_numbers(drawn, reference)
        if modes:
            numbers["modes"] = modes.share_found(run.sample(3 * pictures, LATENTS_SEED))
        return numbers

    return numbers_of, floor


def finer_numbers(pictures, reference):
    """The distance at full size, and the patch distance at half of it: for more than 50 x 50."""
    side = pictures.shape[1]
    if side == 50:
        return {}
    halves = [average_down(these, side // 2) for these in (pictures, reference)]
    return {
        "distance at full size": sliced_wasserstein(pictures, reference),
        "patch distance at half": patch_distance(*halves),
    }


def measure(run, minutes, numbers_of, keep_at=()):
    """Train the run: a list with a row of numbers for each of `minutes`, and weights.

    The weights are a dict with those of the averaged generator, for each of the seconds in
    `keep_at`; the run begins at 0.
    """
    from helpers.training import AtTimes

    judged_at = {60 * number: number for number in minutes}
    rows, kept = [], {}

    def look(seconds):
        if seconds in keep_at:
            kept[seconds] = run.gan.averaged_generator.get_weights()
        if seconds in judged_at:
            now = {"seed": run.seed, "minutes": judged_at[seconds], "step": run.steps_done}
            rows.append({**now, **numbers_of(run)})
            print("  ".join(f"{name} {value:.3g}" for name, value in rows[-1].items()), flush=True)

    look(0)
    times = {*keep_at, *judged_at} - {0}  # whole seconds first: they name what is kept
    if times:
        whole(run.train(minutes=A_WEEK, more_callbacks=[AtTimes(run, times, look)]))
    return rows, kept


def by_minutes(rows):
    """The rows in groups, each of one moment of the trainings."""
    moments = sorted({row["minutes"] for row in rows})
    return {f"{now:g}": [row for row in rows if row["minutes"] == now] for now in moments}


def main(words=None):
    """Measure, with the options in `words` (the command line's, if None), and write."""
    from helpers.training import Run

    options = options_of(words)
    faces = load_faces(options.faces, options.size)
    recipe, where = RECIPES[options.recipe], where_and_when()
    training, held_out = split_faces(faces.images)
    numbers_of, floor = make_judge(faces, training, held_out, options.pictures)
    rows, drawn = [], []
    for seed in options.seeds:
        run = Run(recipe, training, seed=seed)
        shipped = options.keep_generator and not rows
        keep_at = growing_generator.SECONDS[options.faces, options.size] if shipped else ()
        measured, kept = measure(run, options.minutes, numbers_of, keep_at)
        if shipped:
            told = {"size": options.size, "recipe": dataclasses.asdict(recipe), "seed": seed}
            told |= {"faces": faces.source, "where": where}
            folder = growing_generator.FOLDERS[options.faces, options.size]
            growing_generator.keep(kept, told, folder)
        rows += measured
        shown = SHOWN if options.size <= 100 else SHOWN // 2  # a sheet of no more than 1200 pixels
        drawn.append(run.sample(shown, LATENTS_SEED))
        record = {"recipe": recipe.name, "machine": where, "rows": rows, "floor": floor}
        text = report("minutes", by_minutes(rows), floor, where)
        write(options.folder, options.files, record, text)
        write_sheet(options.folder, options.files, np.concatenate(drawn), shown)
    print(text)


if __name__ == "__main__":
    main()
