"""Why and how a run stops: an interrupt is heard at every moment, and a breakdown stays one."""

import enum
import re
import subprocess
import sys

import keras
import numpy as np
import pytest

from helpers.training import checkpoint_files
from helpers.training.recipes import CHAPTER_TUNED
from helpers.training.run import Run, TrainingError
from helpers.training.stopping import Stop
from tests.lesson_tools import ROOT
from tests.training.runs import (
    PICTURES,
    BreakDown,
    begin,
    interrupt,
    interrupts_raise,  # noqa: F401
    stored_steps,
)


def interrupts_at_step(number):
    """A callback that interrupts once, before the step of that number (from 0) begins."""
    return keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda step, logs: step == number and interrupt()
    )


def test_why_a_run_stands_still_is_a_value_of_its_own(tmp_path):
    assert issubclass(Stop, enum.Enum)
    run = begin(tmp_path / "run")
    assert run.stop_reason is Stop.NOT_BEGUN
    while_training = []
    look = keras.callbacks.LambdaCallback(
        on_train_batch_end=lambda step, logs: while_training.append((run.stop_reason, run.stopped))
    )
    assert run.train(steps=2, more_callbacks=[look]).stop_reason is Stop.REACHED
    assert set(while_training) == {(None, "")}
    assert run.train(steps=2).stop_reason is Stop.REACHED
    assert run.train(minutes=0.1 / 60).stop_reason is Stop.OUT_OF_TIME
    assert begin(tmp_path / "run", resume=True).stop_reason is Stop.TAKEN_UP
    asking = keras.callbacks.LambdaCallback(on_train_batch_end=lambda *_: run.stop("Enough."))
    assert run.train(steps=5000, more_callbacks=[asking]).stop_reason is Stop.ASKED
    assert run.stopped == "Enough."
    assert run.train(steps=5000, more_callbacks=[interrupts_at_step(1)]).stopped == "Interrupted."
    assert run.stop_reason is Stop.INTERRUPTED
    run.train(steps=5000, more_callbacks=[BreakDown(run, at_step=run.steps_done + 1)])
    assert run.stop_reason is Stop.DIVERGED


def test_no_code_decides_by_the_words_of_a_sentence():
    """`stopped` is for people; code asks `stop_reason`. Tests may hold it to its words."""
    deciding = re.compile(r"\.stopped\s*(\.\w|==|!=|\[)|\bin \w+\.stopped\b|match .*\.stopped\b")
    for folder in ("helpers", "benchmarks"):
        for path in (ROOT / folder).rglob("*.py"):
            for line in path.read_text(encoding="utf-8").splitlines():
                assert not deciding.search(line), f"{path}: {line}"
    assert deciding.search('if run.stopped.startswith("Interrupted"):')  # it can find one
    assert deciding.search('return 1 if "broke down" in run.stopped else 0')


@pytest.mark.parametrize("step", [0, 1, 2])
def test_an_interrupt_in_the_estimate_is_not_swallowed(tmp_path, step, monkeypatch):
    """Whichever of the three steps it meets: no estimate comes, no time of 0.00 s."""
    run = begin(tmp_path / "run")
    met = []
    real = run.add_step

    def add_step(losses):
        if len(met) == step:
            interrupt()
        met.append(step)
        real(losses)

    monkeypatch.setattr(run, "add_step", add_step)
    with pytest.raises(TrainingError, match=r"^Interrupted\.$"):
        run.seconds_a_step()
    assert run.steps_done == step + 1  # the step in progress was done to its end
    monkeypatch.undo()
    assert run.train(steps=step + 3).steps_done == step + 3  # asked for anew, it goes on


@pytest.mark.parametrize("moment", ["before", "in the fit's beginning", "in the last save", "late"])
def test_an_interrupt_is_heard_at_the_rare_moments_of_a_training(tmp_path, monkeypatch, moment):
    run = begin(tmp_path / "run").train(steps=2)
    if moment == "before":
        real_fit = run._fit
        monkeypatch.setattr(run, "_fit", lambda *a: (interrupt(), real_fit(*a)))
    elif moment == "in the fit's beginning":
        real_writers = run._writers
        monkeypatch.setattr(run, "_writers", lambda: (interrupt(), real_writers())[1])
    elif moment == "in the last save":
        real_save = checkpoint_files.save
        monkeypatch.setattr(checkpoint_files, "save", lambda *a: (interrupt(), real_save(*a)))
    else:
        real_record = run._write_record
        monkeypatch.setattr(
            run, "_write_record", lambda: (real_record(), run.steps_done == 4 and interrupt())
        )
    run.train(steps=4)
    assert run.stopped == "Interrupted."
    expected = {"before": 2, "in the fit's beginning": 3}.get(moment, 4)
    assert run.steps_done == expected and stored_steps(run.folder)[-1] == expected


def test_an_interrupt_between_estimate_and_training_ends_both(tmp_path):
    run = begin(tmp_path / "run")
    with run.at_work():
        run.seconds_a_step()
        interrupt()
        run.train(steps=9)
    assert run.stopped == "Interrupted." and stored_steps(run.folder) == [3]


def test_the_second_interrupt_ends_a_save_at_once_and_the_last_checkpoint_is_whole(
    tmp_path,
    monkeypatch,
    interrupts_raise,  # noqa: F811
):
    run = begin(tmp_path / "run").train(steps=2)
    real = np.savez

    def twice(file, **arrays):
        interrupt()
        interrupt()
        real(file, **arrays)

    monkeypatch.setattr(np, "savez", twice)
    with pytest.raises(KeyboardInterrupt):
        run.train(steps=4)
    assert stored_steps(run.folder) == [2]
    assert begin(run.folder, resume=True).steps_done == 2


@pytest.mark.parametrize("again", ["train", "estimate"])
def test_a_breakdown_without_a_checkpoint_stays_one(again, tmp_path):
    """The nets hold what is no number: another call must not train on with them."""
    run = begin(tmp_path / "run")
    run.train(steps=5000, more_callbacks=[BreakDown(run, at_step=2)])
    done, told = run.steps_done, run.stopped
    assert "broke down" in told and told.endswith("no checkpoint to go back to.")
    if again == "train":
        run.train(steps=done + 3)
    else:
        with pytest.raises(TrainingError, match="broke down.*no checkpoint to go back to"):
            run.seconds_a_step()
    assert run.steps_done == done and run.stopped == told
    assert not stored_steps(run.folder)


def test_a_breakdown_in_the_estimate_is_an_error(tmp_path, monkeypatch):
    run = begin(tmp_path / "run").train(steps=2)
    bias = run.discriminator.layers[-1].bias
    bias.assign(np.full(bias.shape, np.nan))
    with pytest.raises(TrainingError, match="broke down.*are those of step 2 again"):
        run.seconds_a_step()
    assert run.steps_done == 2


@pytest.mark.parametrize("resume", [False, True])
def test_checkpoints_of_an_unknown_run_are_refused(tmp_path, resume):
    begin(tmp_path / "run").train(steps=2)
    (tmp_path / "run" / "run.json").unlink()
    with pytest.raises(TrainingError, match="holds checkpoints but no run.json.*choose another"):
        begin(tmp_path / "run", resume=resume)


def test_no_checkpoint_is_ever_written_without_its_run(tmp_path, monkeypatch):
    """A kill in the very first save, of a run that took no step yet, leaves no unknown run."""
    run = begin(tmp_path / "run")

    def look(folder, *_):
        assert (folder.parent / "run.json").exists()

    monkeypatch.setattr(checkpoint_files, "save", look)
    run.save()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"picture_every": 0}, "picture_every is 0, but it must be a whole number, 1 or more"),
        ({"picture_every": -3}, "picture_every is -3"),
        ({"picture_every": 2.5}, "picture_every is 2.5"),
        ({"width": 0}, "width is 0, but it must be a number above 0 and at most 1"),
        ({"width": -0.5}, "width is -0.5"),
        ({"width": float("nan")}, "width is nan"),
        ({"width": 1.5}, "width is 1.5"),
        ({"seed": -1}, "seed is -1, but it must be a whole number, from 0 to 4294967295"),
        ({"seed": 2**32}, "seed is 4294967296"),
        ({"seed": "one"}, "seed is 'one'"),
        ({"checkpoint_seconds": -1}, "checkpoint_seconds is -1, but it must be a number 0 or more"),
        ({"checkpoint_seconds": float("nan")}, "checkpoint_seconds is nan"),
        ({"precision": "float8"}, "precision is 'float8', but it must be float32 or mixed_bfl"),
    ],
    ids=str,
)
def test_a_number_that_no_run_can_have_is_a_sentence(tmp_path, wrong, told):
    options = {"width": 1 / 64, "precision": "float32", **wrong}
    with pytest.raises(ValueError, match=told):
        Run(CHAPTER_TUNED, PICTURES, folder=tmp_path / "run", **options)
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ({"steps": 0}, "steps is 0, but it must be a whole number, 1 or more"),
        ({"steps": -5}, "steps is -5"),
        ({"steps": 2.5}, "steps is 2.5"),
        ({"minutes": 0}, "minutes is 0, but it must be a number above 0"),
        ({"minutes": -1}, "minutes is -1"),
        ({"minutes": float("nan")}, "minutes is nan"),
        ({"minutes": float("inf")}, "minutes is inf"),
    ],
    ids=str,
)
def test_an_end_that_no_training_can_have_is_a_sentence(end, told):
    run = begin()
    with pytest.raises(ValueError, match=told):
        run.train(**end, more_callbacks=[interrupts_at_step(1)])
    assert run.steps_done == 0


def test_two_trainings_in_one_folder_are_refused_and_a_killed_one_leaves_no_lock(tmp_path):
    folder = tmp_path / "run"
    run = begin(folder).train(steps=2)
    program = f"""
import sys
from pathlib import Path
from helpers.training.run_folder import only_training
with only_training(Path({str(folder)!r}), 2):
    print("held", flush=True)
    sys.stdin.read()
"""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    other = subprocess.Popen([sys.executable, "-c", program], cwd=ROOT, **pipes)
    try:
        assert other.stdout.readline() == b"held\n"
        for work in (lambda: run.train(steps=4), run.seconds_a_step):
            with pytest.raises(TrainingError, match="Another training works in the folder"):
                work()
        assert run.steps_done == 2
        assert begin(folder, resume=True).sample(1).shape == (1, 50, 50, 3)  # reading needs none
    finally:
        other.kill()
        other.wait()
    assert run.train(steps=4).steps_done == 4


def test_a_run_does_not_write_below_what_another_one_has_stored_since(tmp_path):
    """A lesson's run, gone on in a terminal, and then again in the lesson."""
    run = begin(tmp_path / "run").train(steps=2)
    begin(tmp_path / "run", resume=True).train(steps=6)
    with pytest.raises(TrainingError, match="holds step 6 by now, but this run stands at step 2"):
        run.train(steps=4)
    assert stored_steps(run.folder)[-1] == 6


def test_an_interrupt_after_a_breakdown_is_an_interrupt(tmp_path, monkeypatch):
    """The breakdown is over: the nets of its last checkpoint are good again."""
    run = begin(tmp_path / "run").train(steps=2)
    run.train(steps=6, more_callbacks=[BreakDown(run, at_step=3)])
    assert "broke down" in run.stopped and run.steps_done == 2
    real_fit = run._fit
    monkeypatch.setattr(run, "_fit", lambda *a: (interrupt(), real_fit(*a)))
    assert run.train(steps=6).stopped == "Interrupted."
