"""Two workers, of whom one is killed again and again: the run must end as if nothing had happened.

`python -m tests.training.kill_workers 20` kills twenty times; `test_kill_workers.py` twice.
"""

import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from helpers.classroom.workers_at_work import worker_process
from tests.lesson_tools import ROOT
from tests.training.runs import differences_between_runs, stored_steps

OPTIONS = ["--recipe", "compact", "--faces", "drawn", "--width", "0.1", "--precision", "float32"]
OPTIONS += ["--picture-every", "7", "--checkpoint-seconds", "0", "--resume", "--wait", "120"]
PATIENCE = 60  # seconds until the others must have ended


def begin(folder, steps, *words, workers=2, **options):
    """A process that trains with so many workers on this machine, from the newest checkpoint."""
    command = [sys.executable, "-m", "helpers.training", *OPTIONS, "--folder", folder]
    command += ["--steps", steps, *words]
    if workers > 1:
        command += ["--workers", workers, "--local"]
    return subprocess.Popen(
        [str(word) for word in command],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **options,
    )


def killed_once(folder, steps, number, choice, wait=0.2):
    """Kill one of two workers some steps later: (status, what was said, seconds until all end).

    Raises: RuntimeError where they came to their end before, and TimeoutExpired where they hang.
    """
    stored = max(stored_steps(folder), default=0)
    process = begin(folder, steps)
    try:
        aim = stored + choice.randint(1, 4)
        while max(stored_steps(folder), default=0) < aim:
            if process.poll() is not None:
                raise RuntimeError(f"They ended too early: {process.stdout.read()}")
            time.sleep(0.01)
        time.sleep(choice.random() * wait)
        worker_process(process.pid, number).kill()
        killed_at = time.monotonic()
        said, _ = process.communicate(timeout=PATIENCE)
        return process.returncode, said, time.monotonic() - killed_at
    finally:
        process.kill()


def to_the_end(folder, steps, *words, workers=2):
    """What is said when nobody is killed. Raises: RuntimeError where it fails all the same."""
    process = begin(folder, steps, *words, workers=workers)
    said, _ = process.communicate()
    if process.returncode:
        raise RuntimeError(f"The training in {folder} failed: {said}")
    return said


def main(kills):
    steps = 10 * kills
    choice = random.Random(0)
    with tempfile.TemporaryDirectory() as place:
        whole, killed = Path(place) / "whole", Path(place) / "killed"
        to_the_end(whole, steps)
        longest = 0.0
        for kill in range(kills):
            status, said, seconds = killed_once(killed, steps, kill % 2, choice)
            longest = max(longest, seconds)
            print(
                f"kill {kill + 1}: worker {kill % 2}, all ended after {seconds:.1f} s", flush=True
            )
            if status == 0 or "is gone" not in said:
                print(f"The others did not say it: {said}")
                return 1
        to_the_end(killed, steps)
        differing = differences_between_runs(killed, whole)
        told = f"{kills} kills, the others ended within {longest:.1f} s, {steps} steps:"
        print(told, differing or "the same run as one that nobody killed")
        return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2))
