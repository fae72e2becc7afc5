"""All workers of a training on this machine: to see it work, or to use each core better.

Each is the same command in a process of its own, with its part of the cores.
"""

import os
import signal
import subprocess
import sys
import time

from helpers.arguments import whole_number
from helpers.training.workers import local_configs

MOST = 64
PARTING_SECONDS = 15  # until all must have ended, once one has failed


def run(arguments, options):
    """Start `options.workers` processes with these words of the command line; wait for all.

    Returns the chief's exit status. What the chief says is shown, and what others complain of.
    Raises: ValueError for a number of workers that can't be.
    """
    count = whole_number("workers", options.workers, 1, MOST)
    command = [sys.executable, "-m", "helpers.training", *map(str, arguments)]
    command.remove("--local")
    workers = []
    # Ctrl-C reaches all; they end politely, and this process waits for them.
    former = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        for number, config in enumerate(local_configs(count)):
            environment = {**os.environ, "TF_CONFIG": config}
            said = None if number == 0 else subprocess.DEVNULL
            process = subprocess.Popen(command, env=environment, stdout=said)
            _give_cores(process, number, count)
            workers.append(process)
        return _wait_for(workers)
    finally:
        signal.signal(signal.SIGINT, former)
        for process in workers:
            process.kill()


def _wait_for(workers):
    """The chief's exit status, or another's that is not 0; where one fails, none waits for it."""
    failed_at = None
    while any(process.poll() is None for process in workers):
        failed = [process for process in workers if process.poll()]
        if failed and failed_at is None:
            failed_at = time.monotonic()
        if failed_at and time.monotonic() - failed_at > PARTING_SECONDS:
            print("One worker has failed; the others are ended.", file=sys.stderr)
            break
        time.sleep(0.1)
    return next((process.returncode for process in workers if process.poll()), 0)


def _give_cores(process, number, count):
    """Its part of the cores that this process may use, where the system can say so."""
    if not hasattr(os, "sched_setaffinity"):
        return
    cores = sorted(os.sched_getaffinity(0))
    part = cores[number * len(cores) // count : (number + 1) * len(cores) // count]
    os.sched_setaffinity(process.pid, part or cores)
