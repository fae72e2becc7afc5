"""Twelve broken trainings and a healthy one: does the health panel name what is wrong?

python -m benchmarks.clinic --albums drawn lfw --seeds 20

Each fault of `FAULTS`, and none, is trained once for each seed with the quick nets, and read as the
health panel reads it: a broken training twice, a healthy one thirty times. The panel's
limits (`helpers/classroom/diagnosis.py`) are to be those that `choose_limits` finds on the even
seeds; the panel is scored on the odd ones. `clinic.json` keeps all readings, `clinic.md` the
tables, which lesson 07 shows. Steps are counted, not seconds: something else may run beside it. A
run that the record has already is not made again; --again makes all of them anew.
"""

import argparse
import contextlib
import dataclasses
import functools
import io
import itertools
import json
import os
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context

from benchmarks.common import add_folder, split_faces, write
from helpers.classroom.diagnosis import BEGINNING, diagnose, strength
from helpers.classroom.mistakes import ALBUM_WORDS
from helpers.faces import load_faces
from helpers.machine import where_and_when

HEALTHY = "healthy"
STEPS = 300  # of a training: some 6 seconds on two cores
READINGS = 2  # of a broken training
HEALTHY_READINGS = 30  # each of them may be a false alarm
MEASURED = {  # limits of `diagnosis.py` in the order of its rules: the fault, its number, its side
    "modes_apart": ("normalisation without statistics", lambda now: now.modes_apart, 1),
    "known_by": ("too few photographs", lambda now: now.known_by, 1),
    "weaker": ("discriminator too weak", strength, -1),
    "stronger": ("discriminator too strong", strength, 1),
    "wins": ("too much momentum", lambda now: now.generator_loss, 1),
}
SAVED_EVERY = 10  # trainings from one write to the next


def examine(album, name, seed, steps, healthy_readings):
    """All readings of one training, as rows of numbers, and whether it broke down: a dict."""
    from helpers.classroom.readings import train_and_read
    from helpers.training import BrokenRun

    training, held_out = _faces_of(album)
    run = BrokenRun([] if name == HEALTHY else [name], training, seed=seed)
    count = healthy_readings if name == HEALTHY else READINGS
    with contextlib.redirect_stdout(io.StringIO()):
        readings = train_and_read(run, held_out, steps, count)
    rows = [[_short(value) for value in dataclasses.astuple(reading)] for reading in readings]
    return {"fault": name, "seed": seed, "diverged": run.diverged, "readings": rows}


@functools.cache
def _faces_of(album):
    """The album's training faces and held-out ones: read once in each process."""
    return split_faces(load_faces(album).images)


def _short(value):
    return float(f"{value:.5g}") if isinstance(value, float) else value


def former(folder):
    """The record that is there, or an empty one."""
    path = folder / "clinic.json"
    if path.exists():
        return json.loads(path.read_text(encoding="utf-8"))
    return {"albums": {}}


def missing(record, albums, names, seeds):
    """(album, name, seed) of each training that the record does not have yet, seed after seed."""
    there = {
        (album, run["fault"], run["seed"])
        for album, kept in record["albums"].items()
        for run in kept["runs"]
    }
    asked = ((album, name, seed) for seed, album, name in itertools.product(seeds, albums, names))
    return [key for key in asked if key not in there]


def main(words=None, steps=STEPS, healthy_readings=HEALTHY_READINGS):
    """Train, read, and write, with the options in `words` (the command line's, if None)."""
    from helpers.classroom.readings import Reading
    from helpers.training import FAULTS

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--albums", nargs="+", default=["drawn", "lfw"])
    parser.add_argument("--seeds", type=int, default=20, help="how many: 0, 1, 2 …")
    parser.add_argument("--faults", nargs="+", default=[HEALTHY, *FAULTS])
    parser.add_argument("--processes", type=int, default=2, help="each on one core")
    parser.add_argument("--again", action="store_true", help="make all trainings anew")
    add_folder(parser)
    options = parser.parse_args(words)
    record = {"albums": {}} if options.again else former(options.folder)
    record["fields"] = [field.name for field in dataclasses.fields(Reading)]
    to_do = missing(record, options.albums, options.faults, range(options.seeds))
    os.environ["TF_NUM_INTRAOP_THREADS"] = "1"  # small nets: two trainings at once are faster
    with ProcessPoolExecutor(options.processes, get_context("spawn")) as pool:
        running = {pool.submit(examine, *key, steps, healthy_readings): key[0] for key in to_do}
        for done, future in enumerate(as_completed(running), 1):
            kept = record["albums"].setdefault(running[future], {"runs": []})
            kept["where"] = where_and_when()
            kept["runs"].append(future.result())
            if done % SAVED_EVERY == 0 or done == len(running):
                write(options.folder, "clinic", record, report(record))
                print(f"{done} of {len(running)}", flush=True)
    print(report(record))


def readings_of(record, run):
    """The Readings of a recorded training."""
    from helpers.classroom.readings import Reading

    return [Reading(**dict(zip(record["fields"], row, strict=True))) for row in run["readings"]]


def is_scored(run):
    """Whether the panel is scored on this training: the limits come from the even seeds."""
    return run["seed"] % 2 == 1


def choose_limits(record):
    """The panel's limits, by name: each divides a fault's readings from a healthy training's.

    Taken are the ends of the broken trainings on even seeds, and all readings of the healthy ones,
    of all albums. Where the kinds overlap, a limit makes the fewest mistakes.
    """
    seen = {}
    for kept in record["albums"].values():
        for run in kept["runs"]:
            readings = readings_of(record, run)
            if not is_scored(run):
                some = readings if run["fault"] == HEALTHY else readings[-1:]
                some = [now for now in some if now.step >= BEGINNING]
                seen.setdefault(run["fault"], []).extend(some)
    chosen = {}
    for place, (limit, (fault, number, sign)) in enumerate(MEASURED.items()):
        later = [name for name, *_ in list(MEASURED.values())[place + 1 :]]
        others = [now for name in (HEALTHY, *later) for now in seen.get(name, [])]
        below, above = ([sign * number(now) for now in group] for group in (others, seen[fault]))
        chosen[limit] = sign * divide(below, above)
    return chosen


def divide(below, above):
    """The number between two rows that makes the fewest mistakes, as far from all as can be."""
    values = sorted({*below, *above})
    middles = [(low + high) / 2 for low, high in itertools.pairwise(values)]

    def badness(limit):
        wrong = sum(value > limit for value in below) + sum(value <= limit for value in above)
        return wrong, -min(abs(value - limit) for value in values)

    return min(middles, key=badness)


def score(record, album):
    """What the panel says of the trainings on odd seeds: {fault: {suspects: how often}}.

    A healthy training is asked at each of its readings, a broken one at its end.
    """
    said = {}
    for run in filter(is_scored, record["albums"][album]["runs"]):
        readings = readings_of(record, run)
        ends = range(1, len(readings) + 1) if run["fault"] == HEALTHY else [len(readings)]
        for end in ends:
            suspects = diagnose(readings[:end], run["diverged"]).suspects
            told = said.setdefault(run["fault"], {})
            told[suspects] = told.get(suspects, 0) + 1
    return said


def report(record):
    """The tables of all albums as Markdown."""
    parts = []
    for album, kept in record["albums"].items():
        said = score(record, album)
        healthy = said.pop(HEALTHY, {})
        parts.append(f"{ALBUM_WORDS.get(album, album).capitalize()}; {kept['where']}.\n")
        parts += ["| fault | named | of | what else was said |", "|---|---|---|---|"]
        for fault, told in said.items():
            named = sum(count for suspects, count in told.items() if fault in suspects)
            others = [
                f"{' or '.join(suspects) or 'nothing'} ({count})"
                for suspects, count in told.items()
                if fault not in suspects
            ]
            total = sum(told.values())
            parts.append(f"| {fault} | {named} | {total} | {', '.join(others) or '–'} |")
        alarms = {suspects: count for suspects, count in healthy.items() if suspects}
        told = ", ".join(f"{' or '.join(suspects)} ({count})" for suspects, count in alarms.items())
        parts.append(
            f"\nHealthy trainings: {sum(healthy.values())} readings, {sum(alarms.values())} false "
            f"alarms{': ' + told if told else ''}.\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    main()
