"""What can be typed after `python -m helpers.training`, and what a continued run takes over."""

import argparse
import dataclasses
from pathlib import Path

from helpers.training import plan_text, recipes
from helpers.training.choices import PRECISIONS

STEPS = 5000  # as the chapter, where nobody says how long
RESUME = (
    "go on with the run in --folder, to the end that was asked for: --steps, or what is left of "
    "--minutes"
)
FORMER = {  # what a continued run takes from the one before, and what a new one takes otherwise
    "recipe": None,
    "faces": "auto",
    "size": 50,
    "seed": 0,
    "width": 1.0,
    "batch_size": None,
    "exact": False,
}


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


def read(arguments=None):
    """What was typed, as `argparse` gives it; what is None there has not been said.

    Ends the process with status 2 where options don't fit together, as `argparse` does.
    """
    parser = argparse.ArgumentParser(
        prog="python -m helpers.training",
        description="Train a generator and a discriminator to draw faces. The run can be stopped "
        "at any time, by Ctrl-C or harder, and continued with --resume.",
    )
    _add_training(parser.add_argument)
    _add_sharing(parser)
    plan_text.add_options(parser)
    options = parser.parse_args(arguments)
    if not options.list_recipes:
        if options.plan and options.resume:
            parser.error("--plan is for a new run: leave --resume away")
        if options.folder is None and not options.plan:
            parser.error("--folder is needed: the place for checkpoints and pictures")
        if options.recipe is None and not options.resume:
            parser.error("--recipe is needed for a new run: see --list-recipes")
        if options.local and options.workers is None:
            parser.error("--local says where workers are: say how many, --workers 2")
        if options.workers is not None and options.devices is not None and not options.plan:
            parser.error("--devices and --workers exclude each other: a worker takes all its GPUs")
    return options


def _add_training(add):
    add("--recipe", choices=list(recipes.RECIPES), help="see --list-recipes")
    add("--faces", help='"lfw", "drawn", "crowd", "auto" (the default) or a folder of pictures')
    add("--size", type=int, help="pixels along a side: 50, 100 or 200; else COURSE_SIZE, or 50")
    add(
        "--steps",
        type=int,
        help=f"train until this step (the default where --minutes is not given: {STEPS}, as the "
        "chapter)",
    )
    add(
        "--minutes",
        type=float,
        help="train for so many minutes, or until --steps if that comes first; with --resume, for "
        "so many more",
    )
    add("--folder", type=Path, help="where checkpoints, samples and curves go")
    add("--resume", action="store_true", help=RESUME)
    add("--seed", type=int, help="the one source of randomness (the default: 0)")
    add("--width", type=float, help="narrower nets: 0.125 costs some 60 times less")
    add(
        "--precision",
        choices=PRECISIONS,
        help="by default the faster one, or with --resume the former one",
    )
    add("--picture-every", type=int, default=50, help="steps between two sheets of samples")
    add("--checkpoint-seconds", type=float, default=120, help="between two checkpoints (120)")
    add("--yes", action="store_true", help="do not ask before a long run")
    add("--list-recipes", action="store_true", help="show all recipes and their numbers")
    add("--batch-size", type=int, help="photographs in a step, over all devices; else the recipe's")
    add(
        "--exact",
        action="store_const",
        const=True,
        help="compute a step as the chapter's loop does: slower; devices and workers then "
        "normalise over the whole batch",
    )


def _add_sharing(parser):
    add = parser.add_argument_group("sharing each step").add_argument
    add(
        "--devices",
        type=int,
        help="GPUs of this machine; without a GPU parts of its CPU, to see it work",
    )
    add(
        "--workers",
        type=int,
        help="processes that train together, one a machine, at the addresses in TF_CONFIG; start "
        "the same command on each",
    )
    add("--local", action="store_true", help="start all the workers here, on this machine")
    add("--wait", type=float, default=25, help="seconds until all workers must have come (25)")
