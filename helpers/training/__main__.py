"""Train from a terminal: the same engine as the lessons', for runs that take hours.

python -m helpers.training --recipe chapter --faces lfw --steps 5000 --folder runs/chapter
python -m helpers.training --folder runs/chapter --resume
python -m helpers.training --plan --recipe compact --size 100 --devices 4
"""

import contextlib
import hashlib
import sys
import time
from pathlib import Path

import numpy as np

from helpers.faces import FacesError, chosen_size, load_faces
from helpers.training import local_workers, plan_text, recipes, run_folder
from helpers.training.checkpoint_files import CheckpointError
from helpers.training.choices import check_choices, check_end
from helpers.training.options import FORMER, STEPS, list_recipes, read
from helpers.training.run_folder import TrainingError
from helpers.training.stopping import Stop, interrupts_raise
from helpers.training.workers import Meeting, workers_of

LONG_MINUTES = 10  # an estimate above it asks before it goes on
GIF_PICTURES = 60
GIF_SIDE = 600  # pixels, at most
EXIT_STATUS = {Stop.INTERRUPTED: 130, Stop.DIVERGED: 1}  # 0 for every other end


def main(arguments=None):
    """The exit status: 0 where the run went as asked, 1 for an error, 130 after Ctrl-C.

    A plain `kill` (SIGTERM) counts as Ctrl-C.
    """
    options = read(arguments)
    if options.list_recipes:
        print(list_recipes())
        return 0
    try:
        if options.local:
            return local_workers.run(sys.argv[1:] if arguments is None else arguments, options)
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


def _run(options):
    _take_up_former_options(options)
    chosen = ("seed", "width", "picture_every", "checkpoint_seconds")
    check_choices(**{name: getattr(options, name) for name in chosen})
    check_end(options.steps, options.minutes)
    if options.plan:
        plan_text.print_plan(options)
        return 0
    run_folder.check_folder(options.folder, options.resume)
    workers = None if options.workers is None else workers_of(options.workers)
    faces = load_faces(options.faces, options.size)
    if options.faces != "auto":  # "auto" has said it already
        print(faces.source)
    meeting = workers and _meet(workers, options, faces)
    with meeting or contextlib.nullcontext():
        run = _run_of(options, faces, meeting)
        with run.at_work():
            _train(run, options)
    if run.stop_reason is Stop.INTERRUPTED:
        _tell_how_to_go_on(options.folder)
    return EXIT_STATUS.get(run.stop_reason, 0)


def _meet(workers, options, faces):
    """The `Meeting` of workers who were started with the same options, and have the same faces."""
    same = {name: getattr(options, name) for name in (*FORMER, "steps", "minutes", "resume")}
    first = hashlib.sha256(faces.images[:1].tobytes()).hexdigest()[:8]
    same["faces"] = f"{len(faces.images)} pictures, of which the first is {first}"
    return Meeting(workers, same, options.folder, seconds=options.wait)


def _run_of(options, faces, meeting):
    from helpers.training import distribution  # here, because it imports TensorFlow: errors
    from helpers.training.run import Run  # come faster

    strategy = None
    if options.devices is not None:
        strategy = distribution.mirrored(options.devices)
    elif meeting:
        strategy = distribution.of_workers()
    run = Run(
        recipes.recipe_of(options.recipe, options.batch_size),
        faces.images,
        folder=options.folder,
        seed=options.seed,
        resume=options.resume,
        width=options.width,
        precision=options.precision,
        fast=not options.exact,
        picture_every=options.picture_every,
        checkpoint_seconds=options.checkpoint_seconds,
        strategy=strategy,
    )
    if run.steps_done:
        print(run.stopped)
    _count_minutes(options, run)
    run.about["options"] = {
        **{name: getattr(options, name) for name in FORMER},
        "steps": options.steps,
        "minutes": options.minutes_in_all,
    }
    return run


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
    is_asked = sys.stdin.isatty() and not options.yes and options.workers is None
    if minutes <= LONG_MINUTES or not is_asked:
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
