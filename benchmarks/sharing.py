"""What sharing a step brings: two workers with a core each beside one process with one core.

python -m benchmarks.sharing        about 6 minutes on two cores; nothing may run beside it

The compact nets at 100 x 100. In each round all contestants take their turn, one after the other,
each in processes of its own, so that a slow moment of the machine meets all of them.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.common import RESULTS
from helpers.files import REPOSITORY_FOLDER, write_whole
from helpers.machine import where_and_when

BATCH = 16
FIRST = 8  # steps that prepare, and are not counted
ONE_CORE = f"one core, batch of {BATCH}"
CONTESTANTS = {  # name: processes, cores of each, pictures in a step, exact
    ONE_CORE: (1, 1, BATCH, False),
    f"two workers, a core each, batch of {BATCH}": (2, 1, BATCH, False),
    f"two workers, a core each, batch of {2 * BATCH}": (2, 1, 2 * BATCH, False),
    f"one core, batch of {2 * BATCH}": (1, 1, 2 * BATCH, False),
    f"two workers that normalise together, batch of {BATCH}": (2, 1, BATCH, True),
    f"one process, all cores, batch of {BATCH}": (1, None, BATCH, False),
}


def take_steps(steps, size, width, batch, exact):
    """The seconds of each step but the first ones, in this process."""
    from helpers.machine import import_keras
    from helpers.training import COMPACT, distribution
    from helpers.training.run import Run

    strategy = None
    if "TF_CONFIG" in os.environ:
        strategy = distribution.of_workers()
    images = np.random.default_rng(0).random((64, size, size, 3), dtype="float32")
    run = Run(
        replace(COMPACT, batch_size=batch), images, width=width, fast=not exact, strategy=strategy
    )
    times = []

    def note(step, losses):
        float(losses["generator_loss"])  # the step is done, not only asked for
        times.append(time.perf_counter())

    beside = import_keras().callbacks.LambdaCallback(on_train_batch_end=note)
    run.train(steps=steps, more_callbacks=[beside])
    return np.diff(times[FIRST - 1 :]).tolist()


def begin(words, cores, config):
    environment = {**os.environ, "TQDM_DISABLE": "1"}
    if config:
        environment["TF_CONFIG"] = config
    command = [sys.executable, "-m", "benchmarks.sharing", "--steps-of", *map(str, words)]
    process = subprocess.Popen(
        command, cwd=REPOSITORY_FOLDER, env=environment, stdout=subprocess.PIPE, text=True
    )
    if cores and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(process.pid, cores)
    return process


def turn(name, steps, size, width):
    """The median seconds of a step of this contestant, as its first process saw them."""
    from helpers.training.workers import local_configs

    count, cores_each, batch, exact = CONTESTANTS[name]
    configs = local_configs(count) if count > 1 else [None]
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0] * count
    words = [steps, size, width, batch, int(exact)]
    processes = [
        begin(words, cores_each and {cores[number % len(cores)]}, config)
        for number, config in enumerate(configs)
    ]
    told = [process.communicate()[0] for process in processes]
    if any(process.returncode for process in processes):
        raise SystemExit(f"{name}: a process failed. {told}")
    return statistics.median(json.loads(told[0].splitlines()[-1]))


def table(record):
    lines = [
        f"Compact at {record['size']} x {record['size']}; {record['where']}; median of "
        f"{record['rounds']} rounds, each the median of {record['steps'] - FIRST} steps.",
        "",
        f"| | ms a step | pictures a second | beside {ONE_CORE}, in the same round |",
        "|---|---|---|---|",
    ]
    for name, seconds in record["seconds"].items():
        batch = CONTESTANTS[name][2]
        beside = [
            batch / mine / (BATCH / theirs)
            for mine, theirs in zip(seconds, record["seconds"][ONE_CORE], strict=True)
        ]
        middle = statistics.median(seconds)
        lines.append(
            f"| {name} | {1000 * middle:.1f} | {batch / middle:.0f} | "
            f"{statistics.median(beside):.2f} ({min(beside):.2f} to {max(beside):.2f}) |"
        )
    return "\n".join(lines) + "\n"


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=60)
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--width", type=float, default=1.0)
    parser.add_argument("--names", nargs="*", default=list(CONTESTANTS), choices=list(CONTESTANTS))
    parser.add_argument("--folder", type=Path, default=RESULTS)
    parser.add_argument("--steps-of", nargs=5, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.steps_of:
        steps, size, width, batch, exact = options.steps_of
        seconds = take_steps(int(steps), int(size), float(width), int(batch), exact == "1")
        print(json.dumps(seconds))
        return
    seconds = {name: [] for name in options.names}
    for _ in range(options.rounds):
        for name in options.names:
            seconds[name].append(turn(name, options.steps, options.size, options.width))
            print(f"{name}: {1000 * seconds[name][-1]:.1f} ms", flush=True)
    record = {
        "where": where_and_when(),
        "size": options.size,
        "steps": options.steps,
        "rounds": options.rounds,
        "seconds": seconds,
    }
    write_whole(options.folder / "sharing.json", json.dumps(record, indent=2) + "\n")
    write_whole(options.folder / "sharing.md", table(record))


if __name__ == "__main__":
    main()
