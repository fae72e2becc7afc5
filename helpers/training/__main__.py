"""Train from a terminal: the same engine as the lessons', for runs that take hours.

python -m helpers.training --recipe chapter --faces lfw --steps 5000 --folder runs/chapter
python -m helpers.training --folder runs/chapter --resume
python -m helpers.training --plan --recipe compact --size 100 --devices 4
"""

import argparse
import dataclasses
import sys
import time
from pathlib import Path

import numpy as np

from helpers.faces import FacesError, chosen_size, load_faces
from helpers.training import plan_text, recipes, run_folder
from helpers.training.checkpoint_files import CheckpointError
from helpers.training.choices import PRECISIONS, check_choices, check_end
from helpers.training.run_folder import TrainingError
from helpers.training.stopping import Stop, interrupts_raise

LONG_MINUTES = 10  # an estimate above it asks before it goes on
GIF_PICTURES = 60
GIF_SIDE = 600  # pixels, at most
STEPS = 5000  # as the chapter, where nobody says how long
RESUME = (
    "go on with the run in --folder, to the end that was asked for: --steps, or what is left of "
    "--minutes"
)
EXIT_STATUS = {Stop.INTERRUPTED: 130, Stop.DIVERGED: 1}  # 0 for every other end
FORMER = {  # what a continued run takes from the one before, and what a new one takes otherwise
    "recipe": None,
    "faces": "auto",
    "size": 50,
    "seed": 0,
    "width": 1.0,
}


def main(arguments=None):
    """The exit status: 0 where the run went as asked, 1 for an error, 130 after Ctrl-C.

    A plain `kill` (SIGTERM) counts as Ctrl-C.
    """
    options = _read(arguments)
    if options.list_recipes:
        print(list_recipes())
        return 0
    try:
        with interrupts_raise():
            return _run(options)
    except KeyboardInterrupt:  # before the run could hear it, or the second one
        print("Interrupted.")
        if not options.plan:
            _tell_how_to_go_on(options.folder)
        return EXIT_STATUS[Stop.INTERRUPTED]
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
        prog="python -m helpers.training",
        description="Train a generator and a discriminator to draw faces. The run can be stopped "
        "at any time, by Ctrl-C or harder, and continued with --resume.",
    )
    add = parser.add_argument
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
    add("--yes", action="store_true", help="do not ask before a long run")
    add("--list-recipes", action="store_true", help="show all recipes and their numbers")
    add("--devices", type=int, default=1, help="how many share the work (the default: 1)")
    plan_text.add_options(parser)
    options = parser.parse_args(arguments)
    if not options.list_recipes:
        if options.plan and options.resume:
            parser.error("--plan is for a new run: leave --resume away")
        if options.folder is None and not options.plan:
            parser.error("--folder is needed: the place for checkpoints and pictures")
        if options.recipe is None and not options.resume:
            parser.error("--recipe is needed for a new run: see --list-recipes")
    return options


def _run(options):
    _take_up_former_options(options)
    check_choices(seed=options.seed, width=options.width, picture_every=options.picture_every)
    check_end(options.steps, options.minutes)
    if options.plan:
        plan_text.print_plan(options)
        return 0
    run_folder.check_folder(options.folder, options.resume)
    faces = load_faces(options.faces, options.size)
    if options.faces != "auto":  # "auto" has said it already
        print(faces.source)
    from helpers.training.run import Run  # here, because it imports TensorFlow: errors come faster

    run = Run(
        recipes.RECIPES[options.recipe],
        faces.images,
        folder=options.folder,
        seed=options.seed,
        resume=options.resume,
        width=options.width,
        precision=options.precision,
        picture_every=options.picture_every,
    )
    if run.steps_done:
        print(run.stopped)
    _count_minutes(options, run)
    run.about["options"] = {
        **{name: getattr(options, name) for name in FORMER},
        "steps": options.steps,
        "minutes": options.minutes_in_all,
    }
    with run.at_work():
        _train(run, options)
    if run.stop_reason is Stop.INTERRUPTED:
        _tell_how_to_go_on(options.folder)
    return EXIT_STATUS.get(run.stop_reason, 0)


def _take_up_former_options(options):
    former = {}
    if options.resume and (options.folder / "run.json").exists() or options.recipe is None:
        former = run_folder.read_record(options.folder).get("options", {})
    elif options.size is None:
        options.size = chosen_size(FORMER["size"])
    for name, default in FORMER.items():
        if getattr(options, name) is None:
            setattr(options, name, former.get(name, default))
    if options.recipe not in recipes.RECIPES:
        raise TrainingError(
            f"The run in {options.folder} was not begun by this command. Name its --recipe, "
            "--faces, --size, --seed and --width."
        )
    options.minutes_in_all = None
    if options.steps is None and options.minutes is None:  # a new end takes the place of both
        options.steps = former.get("steps")
        options.minutes_in_all = former.get("minutes")
        if options.steps is None and options.minutes_in_all is None:
            options.steps = STEPS


def _count_minutes(options, run):
    """`minutes` are those still to train; `minutes_in_all` those of the run from its first step."""
    trained = run.seconds / 60
    if options.minutes is not None:
        options.minutes_in_all = trained + options.minutes
    elif options.minutes_in_all is not None:
        options.minutes = options.minutes_in_all - trained


def _train(run, options):
    """Estimate, ask, train and save; the run knows why it stands still then."""
    over = _what_is_over(run, options)
    if over:
        print(over)
    elif _go_ahead(run, options):
        run.train(steps=options.steps, minutes=options.minutes)
    else:
        run.save()
        if run.stop_reason is Stop.INTERRUPTED:
            print(run.stopped)
        else:
            _tell_how_to_go_on(options.folder)
        return
    before = run.stop_reason
    _write_growth(options.folder)
    if run.stop_reason is not before:  # an interrupt came meanwhile
        print(run.stopped)


def _what_is_over(run, options):
    """A sentence where the run's end has come already, else None."""
    if options.steps is not None and options.steps <= run.steps_done:
        return f"Step {run.steps_done} is done already. More: --steps or --minutes."
    if options.minutes is not None and options.minutes <= 0:
        minutes = f"{options.minutes_in_all:g} minutes"
        return f"The {minutes} of this run are over already. More: --minutes or --steps."
    return None


def _go_ahead(run, options):
    """Whether to train on, after an estimate and perhaps a question."""
    if options.steps is not None and options.steps - run.steps_done <= 3:
        return True
    try:
        seconds = run.seconds_a_step()
    except TrainingError:
        if run.stop_reason is not Stop.INTERRUPTED:
            raise
        return False
    ends = [options.minutes] if options.minutes is not None else []
    if options.steps is not None:
        ends.append(seconds * (options.steps - run.steps_done) / 60)
    minutes = min(ends)
    end = time.strftime("%A %H:%M", time.localtime(time.time() + minutes * 60))
    print(f"{seconds:.2f} s a step, {_in_words(minutes)} for the rest, until about {end}.")
    if minutes <= LONG_MINUTES or options.yes or not sys.stdin.isatty():
        return True
    return _ask(run) in ("y", "yes")


def _ask(run):
    try:
        with interrupts_raise():  # else Python would wait on for the answer
            if run.stop_reason is Stop.INTERRUPTED:  # a moment ago
                return ""
            return input("Go on? [y/N] ").strip().lower()
    except EOFError:  # Ctrl-D
        return ""
    except KeyboardInterrupt:
        print()
        run.interrupt()
        return ""


def _in_words(minutes):
    if minutes < 1:
        return "less than a minute"
    return f"{minutes:.0f} minutes" if minutes < 120 else f"{minutes / 60:.1f} hours"


def _tell_how_to_go_on(folder):
    if (folder / "run.json").exists():
        print(f"To go on: {resume_command(folder)}")
    else:
        print("No step is done yet: begin again with the same command.")


def resume_command(folder):
    """What to type to go on with the run in `folder`, in the terminal where it was begun.

    An environment's Python gets its path, as this system writes it. bash, PowerShell and cmd all
    take quotes around a folder with a blank in its name.
    """
    place, here = Path(sys.executable).parent, Path.cwd()
    python = place.relative_to(here) / "python" if place.is_relative_to(here) else "python"
    quoted = f'"{folder}"' if " " in str(folder) else folder
    return f"{python} -m helpers.training --folder {quoted} --resume"


def _write_growth(folder):
    """`growth.gif`: the samples of the run, one after the other."""
    import imageio.v3 as iio

    from helpers.images import at_most, save_animation

    sheets = list(run_folder.sample_sheets(folder).values())
    if not sheets:
        return
    chosen = np.unique(np.linspace(0, len(sheets) - 1, GIF_PICTURES).round().astype(int))
    film = at_most(np.stack([iio.imread(sheets[i]) for i in chosen]), GIF_SIDE)
    save_animation(folder / "growth.gif", film.round().astype("uint8"))
    print(f"The pictures, from the first to the last: {folder / 'growth.gif'}")


if __name__ == "__main__":
    sys.exit(main())
