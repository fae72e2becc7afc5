"""A training that is killed again and again, and must end as if nothing had happened.

`python -m tests.training.kill_training 20` does that twenty times in a row, each with ten kills or
more; a short version is in `test_kill_training.py`.
"""

import os
import random
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.training.runs import differences_between_runs, stored_steps

STEPS = 40
WIDTH = 1 / 64
KILLS = 10


def train_to_the_end(folder):
    """One life of the training: from the newest checkpoint to the last step, if nobody kills it."""
    from helpers.training.recipes import CHAPTER_TUNED
    from helpers.training.run import train
    from tests.pictures import flat_pictures

    os.environ["TQDM_DISABLE"] = "1"
    train(
        CHAPTER_TUNED,
        flat_pictures(47),
        steps=STEPS,
        folder=folder,
        width=WIDTH,
        precision="float32",
        picture_every=7,
        checkpoint_seconds=0,  # after each step, so that many kills fall into a save
        resume=True,
    )


def begin_a_life(folder):
    """The number of a new process that trains; a fork, so that TensorFlow is imported only once."""
    number = os.fork()
    if number:
        return number
    status = 1
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        train_to_the_end(folder)
        status = 0
    finally:
        os._exit(status)


def kill_again_and_again(folder, kills, choice):
    """Kill the training so many times; return (kills in a save, lives that it took).

    Every second kill waits for a random moment of the training, every other one for a save to be
    half done.
    """
    in_a_save = 0
    for number in range(kills):
        stored = stored_steps(folder)
        aim = (stored[-1] if stored else 0) + choice.randint(1, 3)
        process = begin_a_life(folder)
        while max(stored_steps(folder), default=0) < aim and not _ended(process):
            time.sleep(0.002)
        if number % 2:
            _stop_in_a_save(process, folder)
        else:
            time.sleep(choice.random() * 0.1)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        in_a_save += _half_saved(folder)
    process = begin_a_life(folder)
    if os.waitpid(process, 0)[1] != 0:
        raise RuntimeError(f"The last life of the training in {folder} failed.")
    return in_a_save


def _stop_in_a_save(process, folder):
    """Hold the training still with a save half done: the save in sight may end before a signal."""
    while not _ended(process):
        if _half_saved(folder):
            os.kill(process, signal.SIGSTOP)
            os.waitid(os.P_PID, process, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
            if _half_saved(folder):
                return
            os.kill(process, signal.SIGCONT)


def _half_saved(folder):
    return any((folder / "checkpoints").glob("*.part"))


def _ended(process):
    """Whether it came to its end by itself; it is not collected, so that it can still be killed."""
    return os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def main(rounds):
    import helpers.training.run  # noqa: F401  each life is a fork of this process

    with tempfile.TemporaryDirectory() as place:
        whole = Path(place) / "whole"
        os.waitpid(begin_a_life(whole), 0)
        for number in range(rounds):
            folder = Path(place) / "killed"
            in_a_save = kill_again_and_again(folder, KILLS, random.Random(number))
            differing = differences_between_runs(folder, whole)
            print(f"round {number + 1}: {KILLS} kills, {in_a_save} in a save:", differing or "same")
            if differing:
                return 1
            shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
