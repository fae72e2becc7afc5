"""Trainings with larger batches, recorded: `python -m benchmarks.larger_batches` trains.

Importing this module imports no TensorFlow.
"""

import json

from helpers.files import REPOSITORY_FOLDER

NAME = "larger_batches"
FOLDER = REPOSITORY_FOLDER / "benchmarks" / "results"
SCORES = ("face rate", "coverage", "distance")  # of `judge`
PLAYERS = ("photographs_right", "fakes_right")  # of a `Reading`: the discriminator's right answers


def recorded_batches(folder=FOLDER):
    """What was kept: by batch, in "answers", a row of numbers for each seed.

    Raises: FileNotFoundError where nothing was kept.
    """
    path = folder / f"{NAME}.json"
    if not path.exists():
        raise FileNotFoundError(f"No trainings with larger batches were kept as {path}.")
    return json.loads(path.read_text(encoding="utf-8"))


def batches_table(record):
    """The record as text: a line for each batch, with the numbers of its seeds in their order.

    "right on …" is how often the discriminator is right on photographs and on fakes, in the end.
    """
    heads = ["batch", "steps", *SCORES, "right on photographs", "right on fakes"]
    lines = [heads]
    for name, rows in record["answers"].items():
        numbers = [" ".join(f"{row[score]:.2f}" for row in rows) for score in (*SCORES, *PLAYERS)]
        lines.append([name, str(rows[0]["steps"]), *numbers])
    real = [f"{record['real'][score]:.2f}" for score in SCORES]
    lines.append(["real pictures", "", *real, "", ""])
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    first, *others = (
        [line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])] for line in lines
    )
    seeds = ", ".join(str(row["seed"]) for row in next(iter(record["answers"].values())))
    told = f"Each training saw {record['seen']:,} pictures; seeds {seeds}, in this order."
    return "\n".join([told, "", *("  ".join(line).rstrip() for line in (first, *others))])
