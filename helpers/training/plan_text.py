"""A plan in words: `python -m helpers.training --plan`. It begins nothing and writes nothing."""

from dataclasses import replace

from helpers.arguments import real_number, whole_number
from helpers.training import planning
from helpers.training.recipes import recipe_of
from helpers.training.run_folder import TrainingError

DEVICES = 1, 2, 4, 8, 64  # the rows; the count that was asked for is one more
LINK = "ethernet 1 Gbit/s"  # where nobody says another
GRAPHS_BYTES = 60 * 2**20  # what TensorFlow takes more once it has made a step: measured at 50


def add_options(parser):
    """What `--plan` asks for, added to the command line's parser."""
    add = parser.add_argument_group("planning, with --plan").add_argument
    add("--plan", action="store_true", help="tell what a run would take, and begin none")
    add("--pictures", type=int, help="how many there are: for the passes, and the memory")
    add(
        "--link",
        choices=list(planning.LINKS),
        default=LINK,
        help=f"between the devices (the default: {LINK}); or say both numbers:",
    )
    add("--bandwidth", type=float, help="GB/s from a device to the next")
    add("--latency", type=float, help="milliseconds from a device to the next")
    add("--price", type=float, help="of a device for an hour")
    add("--step-seconds", type=float, help="of a step on one device; else it is measured here")


def print_plan(options):
    """Print the plan of what the command line asked for, all other options being looked at.

    Raises: ValueError, before TensorFlow is imported, for a number that can't be, and for a size
    without nets; KeyboardInterrupt where Ctrl-C came while a step was measured.
    """
    link = _checked_link(options)
    recipe = recipe_of(options.recipe, options.batch_size)
    process = process_bytes()
    from helpers.machine import faster_precision

    nets = {
        "size": options.size,
        "width": options.width,
        "precision": options.precision or faster_precision(),
    }
    counted = planning.count_step(recipe, **nets)
    step_seconds, fixed_seconds = options.step_seconds, 0.0
    if step_seconds is None:
        step_seconds, fixed_seconds = measured_seconds(recipe, counted, **nets)
    plan = planning.Plan(
        counted=counted,
        step_seconds=step_seconds,
        fixed_seconds=fixed_seconds,
        bandwidth=link.bandwidth,
        latency=link.latency,
        steps=_steps(options, step_seconds),
        pictures=options.pictures,
        price=options.price,
        exact=bool(options.exact),
    )
    held = planning.picture_bytes(options.size) * (options.pictures or 0)
    memory = planning.memory_bytes(counted, counted.batch_size, process=process, photographs=held)
    print(
        f"A plan: nothing is begun, and nothing is written.\n\nRecipe {options.recipe}, pictures "
        f"of {options.size} x {options.size}, width {options.width:g}, {nets['precision']}."
    )
    print("\n".join(_on_one_device(plan, memory, is_measured=options.step_seconds is None)))
    print("\n".join(_on_many_devices(plan, options.devices or options.workers or 1)))


def _checked_link(options):
    """The link that was asked for, once all numbers are such that a plan can have them."""
    given = planning.LINKS[options.link]
    link = planning.Link(
        given.bandwidth if options.bandwidth is None else options.bandwidth,
        given.latency if options.latency is None else options.latency,
    )
    whole_number("devices", 1 if options.devices is None else options.devices, 1)
    if options.step_seconds is not None:
        real_number("step_seconds", options.step_seconds, above=0)
    planning.check_asked(options.steps, options.pictures, options.price, **vars(link))
    return link


def _steps(options, step_seconds):
    """The steps until the first of the ends that were asked for."""
    ends = [] if options.steps is None else [options.steps]
    if options.minutes is not None:
        ends.append(max(1, round(options.minutes * 60 / step_seconds)))
    return min(ends)


def process_bytes():
    """The bytes that a process holds with TensorFlow at work, without nets: this one's, so far."""
    import psutil

    from helpers.machine import import_tensorflow

    import_tensorflow().zeros(1).numpy()
    return psutil.Process().memory_info().rss + GRAPHS_BYTES


def measured_seconds(recipe, counted, *, size, **nets):
    """The seconds of a step here: (all of them, those that come whatever the batch is).

    Three steps are taken with the whole batch, and three with half of it. Those that are timed
    have no gradient penalty: its time is added, in the measure of its FLOP.
    """
    import numpy as np

    from helpers.training.run import Run
    from helpers.training.stopping import Stop

    images = np.random.default_rng(0).random((recipe.batch_size, size, size, 3), dtype="float32")

    def seconds_with(batch_size):
        run = Run(replace(recipe, batch_size=batch_size), images, **nets)
        try:
            return run.seconds_a_step()
        except TrainingError as error:
            if run.stop_reason is Stop.INTERRUPTED:
                raise KeyboardInterrupt from error
            raise

    whole, half = recipe.batch_size, recipe.batch_size // 2
    of_whole, of_half = seconds_with(whole), seconds_with(half)
    fixed = of_whole - whole * (of_whole - of_half) / (whole - half)
    penalties = counted.flop / counted.turns_flop
    return of_whole * penalties, min(max(fixed, 0.0), of_whole) * penalties


def _on_one_device(plan, memory, is_measured):
    counted, batch_size = plan.counted, plan.counted.batch_size
    generator, discriminator = counted.parameters
    yield f"Parameters: {generator:,} of the generator, {discriminator:,} of the discriminator."
    penalty = ""
    if counted.penalties:
        penalty = f", a mean: every {1 / counted.penalties:.0f}th has a gradient penalty"
    yield f"A step computes {counted.flop / 1e9:.2f} GFLOP on {batch_size} pictures{penalty}."
    by_whom = "as you said. How much of that comes with any batch nobody measured: it counts as 0."
    if is_measured:
        fixed = 100 * plan.fixed_seconds / plan.step_seconds
        by_whom = f"measured here; {fixed:.0f} % of that come with any batch, however small."
    yield f"It takes {plan.step_seconds:.3g} s, {by_whom}"
    passes = ""
    if plan.passes is not None:
        passes = f": {plan.passes:.3g} passes over {plan.pictures:,} pictures"
    yield f"{plan.steps:,} steps take {_in_words(plan.steps * plan.step_seconds)}{passes}."
    parts = ", ".join(f"{name} {size / 2**20:.0f}" for name, size in memory.items() if size)
    yield f"Memory, an estimate: {sum(memory.values()) / 2**20:.0f} MiB ({parts})."


def _on_many_devices(plan, devices):
    messages = plan.messages
    megabytes = sum(times * size for size, times in messages) / 1e6
    yield (
        f"\nIn each step devices add up {megabytes:.3g} MB, in "
        f"{sum(times for _, times in messages):g} all-reduces, over a link of "
        f"{plan.bandwidth:g} GB/s and {plan.latency:g} ms."
    )
    if devices > 1:
        sent = 2 * (devices - 1) / devices * megabytes
        yield f"With {devices} devices each sends {sent:.3g} MB for that."
    yield "All are as fast as the one above; each computes first, and then it sends."
    batch_size = plan.counted.batch_size
    counts = sorted({*DEVICES, devices})
    yield "\nOne batch, shared by all devices: the same training (strong scaling)."
    has_cost = plan.price is not None
    yield _table({count: plan.shared(count) for count in counts}, batch_size, has_cost)
    yield "\nA batch for each device: as many pictures in fewer, larger steps (weak scaling)."
    yield _table({count: plan.grown(count) for count in counts}, batch_size, has_cost)


def _table(rows, batch_size, has_cost):
    """A `Row` for each count of devices, in plain text; a sentence where there is none."""
    head = ["devices", "pictures each", "s a step", "of it sending", "times as fast"]
    lines = [[*head, "time in all"] + ["cost"] * has_cost]
    for row in filter(None, rows.values()):
        line = [f"{row.devices}", f"{row.pictures_each}", f"{row.step_seconds:.3g}"]
        line += [f"{row.exchange_seconds:.2g}", f"{row.speed:.2f}", _in_words(row.seconds)]
        lines.append(line + [f"{row.cost:.2f}"] if has_cost else line)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    printed = {line[0]: "  ".join(map(str.rjust, line, widths)) for line in lines}
    for count in rows:
        cant = f"a batch of {batch_size} can't be shared evenly by {count} devices"
        printed.setdefault(f"{count}", f"{count:>{widths[0]}}  {cant}")
    return "\n".join(printed[name] for name in ("devices", *map(str, rows)))


def _in_words(seconds):
    for size, unit in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} seconds"
