"""Small runs for tests, what breaks them, and what may differ between two of them."""

import os
import signal

import keras
import numpy as np
import pytest

from helpers.training.checkpoint_files import load_newest
from helpers.training.recipes import CHAPTER_TUNED
from helpers.training.run import Run
from tests.pictures import flat_pictures

NARROW = 1 / 64
PICTURES = flat_pictures(47)


def begin(folder=None, recipe=CHAPTER_TUNED, **options):
    """A run of narrow nets in float32 that stands before its first step."""
    options = {"width": NARROW, "precision": "float32", "picture_every": 3, **options}
    return Run(recipe, PICTURES, folder=folder, **options)


def stored_steps(folder):
    """The steps of a run's whole checkpoints, in order."""
    return sorted(int(path.name[5:]) for path in (folder / "checkpoints").glob("step_????????"))


def differences_between_runs(folder, other):
    """What differs between two runs' ends: names of arrays and files; nothing but times may."""
    first, second = (load_newest(run / "checkpoints") for run in (folder, other))
    differing = [
        name
        for name in first.arrays.keys() | second.arrays.keys()
        if not np.array_equal(first.arrays.get(name), second.arrays.get(name))
    ]
    for name in ("step", "history"):
        if first.record[name] != second.record[name]:
            differing.append(name)
    files = [
        {path.name: path.read_bytes() for path in [*(run / "samples").iterdir()]}
        | {"history.csv": (run / "history.csv").read_bytes()}
        for run in (folder, other)
    ]
    return differing + [
        name
        for name in files[0].keys() | files[1].keys()
        if files[0].get(name) != files[1].get(name)
    ]


class BreakDown(keras.callbacks.Callback):
    """Puts what is not a number into a net after a step."""

    def __init__(self, run, at_step):
        super().__init__()
        self.run, self.at_step = run, at_step

    def on_train_batch_end(self, batch, logs=None):
        if self.run.steps_done == self.at_step:
            bias = self.run.discriminator.layers[-1].bias
            bias.assign(np.full(bias.shape, np.nan))


def interrupt(*_):
    """As Ctrl-C does."""
    os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def interrupts_raise():
    """As in a terminal: what a shell starts in the background would ignore Ctrl-C."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)
