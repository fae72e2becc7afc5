"""Lesson 09's workers: processes on this machine that train one pair of nets, watched and killed.

Each training is `python -m helpers.training`, as one would type it in a terminal. It runs beside
the lesson, whose own process needs no TensorFlow and stays small.
"""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass

import psutil

from helpers.classroom.profiles import chosen_profile
from helpers.files import REPOSITORY_FOLDER
from helpers.progress import progress_bar
from helpers.training.checkpoint_files import newest_step
from helpers.training.run_folder import sample_sheets

LOOK_SECONDS = 0.2  # between two looks at what a training has done


@dataclass(frozen=True)
class Outcome:
    """How a training of workers ended.

    status: the exit status, 0 where all went as asked. said: the lines that the workers printed.
    steps: those of the newest checkpoint, None without one. step_seconds: of a step, a mean from
    the last sheet of samples but one to the last, which is drawn meanwhile; None where there were
    fewer than two.
    """

    status: int
    said: list
    steps: int | None
    step_seconds: float | None


def train_with_workers(folder, *, workers, steps, resume=False, kill=None):
    """Train the compact nets until step `steps` in `folder`, and say what the workers said.

    `workers`: how many processes share each step. `resume`: go on from the newest checkpoint.
    `kill`: the number of a worker that is killed as `kill -9` does it, once the first new sheet of
    samples is there. Returns the `Outcome`. Stopping the cell stops the workers, too.
    """
    every = max(1, chosen_profile().shared_steps // 2)
    words = ["--folder", str(folder), "--steps", str(steps), "--picture-every", str(every)]
    words += ["--resume"] if resume else ["--recipe", "compact"]
    words += ["--workers", str(workers), "--local"] if workers > 1 else []
    began = time.time()
    lines = folder / f"said_{len(list(folder.glob('said_*.txt'))):03}.txt"
    with lines.open("w", encoding="utf-8") as said:
        process = _start(words, said)
        try:
            _watch(process, folder, began, kill)
        finally:
            _end(process)
    said = lines.read_text(encoding="utf-8").replace(str(folder.parent), "runs")
    print(said, end="")
    stored = newest_step(folder / "checkpoints")
    step_seconds = _step_seconds(_new_sheets(folder, began))
    return Outcome(process.returncode, said.splitlines(), stored, step_seconds)


def _start(words, said):
    return subprocess.Popen(
        [sys.executable, "-m", "helpers.training", *words],
        cwd=REPOSITORY_FOLDER,
        stdin=subprocess.DEVNULL,
        stdout=said,
        stderr=subprocess.STDOUT,
        env={**os.environ, "TQDM_DISABLE": "1", "PYTHONUNBUFFERED": "1"},
    )


def _watch(process, folder, began, kill):
    """Wait for the process, with a bar that grows by the sheets of samples; kill where asked."""
    with progress_bar(unit="step") as bar:
        while process.poll() is None:
            newest = max(_new_sheets(folder, began), default=0)
            bar.update(newest - bar.n)
            if newest and kill is not None:
                worker_process(process.pid, kill).kill()
                print(f"Step {newest} is done. Worker {kill} is killed now.")
                kill = None
            time.sleep(LOOK_SECONDS)


def _new_sheets(folder, began):
    """Step → time, of the sheets of samples that were drawn since then."""
    times = {step: path.stat().st_mtime for step, path in sample_sheets(folder).items()}
    return {step: drawn for step, drawn in times.items() if drawn >= began}


def _step_seconds(times):
    if len(times) < 2:
        return None
    (former, before), (last, now) = list(times.items())[-2:]
    return (now - before) / (last - former)


def worker_process(starter, number):
    """The process, below the one that started all, that is worker `number`.

    Raises: ValueError where there is none.
    """
    for child in psutil.Process(starter).children(recursive=True):
        try:
            config = json.loads(child.environ().get("TF_CONFIG", "{}"))
        except psutil.Error:  # it has ended
            continue
        if config.get("task", {}).get("index") == number:
            return child
    raise ValueError(f"There is no worker {number} at work.")


def _end(process):
    """End what is still there of a training whose cell was stopped."""
    if process.poll() is None:
        for child in psutil.Process(process.pid).children(recursive=True):
            child.kill()
        process.kill()
    process.wait()
