"""Train from a terminal: the same engine as the lessons', for runs that take hours.

python -m helpers.train --recipe chapter --faces lfw --steps 5000 --folder runs/chapter
python -m helpers.train --folder runs/chapter --resume
"""

import argparse
import dataclasses
import sys
import time
from pathlib import Path

import numpy as np

from helpers import recipes, run_folder
from helpers.checkpoints import CheckpointError
from helpers.faces import FacesError, load_faces
from helpers.run_folder import TrainingError

LONG_MINUTES = 10  # an estimate above it asks before it goes on
GIF_PICTURES = 60


def main(arguments=None):
    """The exit status: 0 where the run went as asked, 1 for an error, 130 after Ctrl-C."""
    options = _read(arguments)
    if options.list_recipes:
        print(list_recipes())
        return 0
    try:
        return _run(options)
    except (TrainingError, CheckpointError, FacesError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1


def list_recipes():
    """All recipes and their numbers, as a table in plain text."""
    names = list(recipes.RECIPES)
    fields = [field.name for field in dataclasses.fields(recipes.Recipe) if field.name != "name"]
    rows = [["", *names]]
    for field in fields:
        rows.append([field, *[f"{getattr(recipes.RECIPES[name], field)}" for name in names]])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join(lines)


def _read(arguments):
    parser = argparse.ArgumentParser(
        prog="python -m helpers.train",
        description="Train a generator and a discriminator to draw faces. The run can be stopped "
        "at any time, by Ctrl-C or harder, and continued with --resume.",
    )
    add = parser.add_argument
    add("--recipe", choices=list(recipes.RECIPES), help="see --list-recipes")
    add("--faces", help='"lfw", "drawn", "auto" (the default) or a folder of pictures')
    add("--steps", type=int, help="train until this step (the default: 5000, as the chapter)")
    add("--minutes", type=float, help="train for so many minutes, or until --steps")
    add("--folder", type=Path, help="where checkpoints, samples and curves go")
    add("--resume", action="store_true", help="go on with the run in --folder")
    add("--seed", type=int, help="the one source of randomness (the default: 0)")
    add("--width", type=float, help="narrower nets: 0.125 costs some 60 times less")
    add("--precision", choices=["float32", "mixed_bfloat16"], help="the faster one by default")
    add("--picture-every", type=int, default=50, help="steps between two sheets of samples")
    add("--yes", action="store_true", help="do not ask before a long run")
    add("--list-recipes", action="store_true", help="show all recipes and their numbers")
    options = parser.parse_args(arguments)
    if not options.list_recipes:
        if options.folder is None:
            parser.error("--folder is needed: the place for checkpoints and pictures")
        if options.recipe is None and not options.resume:
            parser.error("--recipe is needed for a new run: see --list-recipes")
    return options


def _run(options):
    _take_up_former_options(options)
    faces = load_faces(options.faces)
    if options.faces != "auto":  # "auto" has said it already
        print(faces.source)
    from helpers.training import Run  # here, because it imports TensorFlow: errors come faster

    run = Run(
        recipes.RECIPES[options.recipe],
        faces.images,
        folder=options.folder,
        seed=options.seed,
        resume=options.resume,
        width=options.width,
        precision=options.precision,
        picture_every=options.picture_every,
        about={"options": {name: getattr(options, name) for name in FORMER}},
    )
    if run.steps_done:
        print(run.stopped)
    if not _go_ahead(run, options):
        run.save()
        _tell_how_to_go_on(options)
        return 0
    run.train(steps=options.steps, minutes=options.minutes)
    _write_growth(options.folder)
    if run.stopped.startswith("Interrupted"):
        _tell_how_to_go_on(options)
        return 130
    return 1 if "broke down" in run.stopped else 0


FORMER = {  # what a continued run takes from the one before, and what a new one takes otherwise
    "recipe": None,
    "faces": "auto",
    "steps": 5000,
    "seed": 0,
    "width": 1.0,
}


def _take_up_former_options(options):
    former = {}
    if options.resume and (options.folder / "run.json").exists() or options.recipe is None:
        former = run_folder.read_record(options.folder).get("options", {})
    for name, default in FORMER.items():
        if getattr(options, name) is None:
            setattr(options, name, former.get(name, default))
    if options.recipe is None:
        raise TrainingError(
            f"The run in {options.folder} was not begun by this command. Name its --recipe, "
            "--faces, --seed and --width."
        )


def _go_ahead(run, options):
    """Whether to train on, after an estimate and perhaps a question."""
    left = options.steps - run.steps_done
    if left <= 3:
        return True
    seconds = run.seconds_a_step()
    minutes = seconds * (options.steps - run.steps_done) / 60
    if options.minutes is not None:
        minutes = min(minutes, options.minutes)
    end = time.strftime("%A %H:%M", time.localtime(time.time() + minutes * 60))
    print(f"{seconds:.2f} s a step, {_in_words(minutes)} for the rest, until about {end}.")
    if minutes <= LONG_MINUTES or options.yes or not sys.stdin.isatty():
        return True
    return input("Go on? [y/N] ").strip().lower() in ("y", "yes")


def _in_words(minutes):
    if minutes < 1:
        return "less than a minute"
    return f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.1f} hours"


def _tell_how_to_go_on(options):
    print(f"To go on: python -m helpers.train --folder {options.folder} --resume")


def _write_growth(folder):
    """`growth.gif`: the samples of the run, one after the other."""
    import imageio.v3 as iio

    from helpers.images import save_animation

    sheets = list(run_folder.sample_sheets(folder).values())
    if not sheets:
        return
    chosen = np.unique(np.linspace(0, len(sheets) - 1, GIF_PICTURES).round().astype(int))
    save_animation(folder / "growth.gif", np.stack([iio.imread(sheets[i]) for i in chosen]))
    print(f"The pictures, from the first to the last: {folder / 'growth.gif'}")


if __name__ == "__main__":
    sys.exit(main())
