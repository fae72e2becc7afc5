"""A run: it goes on exactly where it stood, and what goes wrong is a sentence."""

import dataclasses
import json
import os
import shutil
import signal
import threading
import time

import imageio.v3 as iio
import keras
import numpy as np
import pytest

from helpers.faces.stored_pictures import StoredPictures
from helpers.files import file_digest
from helpers.nets.compact import SIZES
from helpers.training import checkpoints, identity
from helpers.training.chapter_loop import ChapterLoop
from helpers.training.checkpoint_files import CheckpointError
from helpers.training.recipes import CHAPTER, CHAPTER_TUNED, COMPACT
from helpers.training.run import Run, TrainingError, train
from tests.pictures import flat_pictures
from tests.training.runs import (
    NARROW,
    PICTURES,
    BreakDown,
    begin,
    differences_between_runs,
    interrupts_raise,  # noqa: F401
    stored_steps,
)


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory):
    """A run of nine steps that nothing interrupted."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    return begin(folder).train(steps=9)


@pytest.fixture
def copied_run(whole_run, tmp_path):
    """A copy of that run's folder, to do as one likes with it."""
    return shutil.copytree(whole_run.folder, tmp_path / "copy")


def test_a_run_that_was_stopped_and_continued_twice_is_the_same_run(whole_run, tmp_path):
    begin(tmp_path / "run").train(steps=2)
    begin(tmp_path / "run", resume=True).train(steps=7)
    again = begin(tmp_path / "run", resume=True)
    assert again.steps_done == 7 and again.stopped == "Taken up at step 7."
    again.train(steps=9)
    assert again.history == whole_run.history
    assert differences_between_runs(again.folder, whole_run.folder) == []
    assert (again.sample(5, seed=4) == whole_run.sample(5, seed=4)).all()


@pytest.mark.parametrize("size", SIZES)
def test_a_run_goes_on_to_the_last_bit_at_every_size(tmp_path, size):
    """The penalty comes at step 0 and 8; from 100 on the discriminator sees whole minibatches."""
    pictures = np.random.default_rng(0).random((20, size, size, 3), dtype="float32")
    options = {"width": 1 / 32, "precision": "float32", "picture_every": 3}
    for folder, ends in (("whole", [10]), ("parts", [3, 10])):
        for end in ends:
            run = Run(COMPACT, pictures, folder=tmp_path / folder, resume=end != ends[0], **options)
            run.train(steps=end)
    assert differences_between_runs(tmp_path / "whole", tmp_path / "parts") == []


def test_what_is_stored_is_everything_that_a_step_changes():
    run = begin()
    before = {name: variable.numpy() for name, variable in checkpoints.variables(run.gan).items()}
    run.train(steps=1)
    after = {name: variable.numpy() for name, variable in checkpoints.variables(run.gan).items()}
    resting = {name for name in before if (before[name] == after[name]).all()}
    assert resting == {"generator_optimizer/001", "discriminator_optimizer/001"}  # learning rates
    stored = {id(variable) for variable in checkpoints.variables(run.gan).values()}
    assert {id(variable) for variable in run.gan.variables} <= stored


def test_the_folder_tells_the_whole_run(whole_run):
    folder = whole_run.folder
    rows = np.genfromtxt(folder / "history.csv", delimiter=",", names=True)
    assert rows["step"].tolist() == list(range(1, 10))
    assert rows["generator_loss"].tolist() == whole_run.history["generator_loss"]
    assert rows["discriminator_loss"].tolist() == whole_run.history["discriminator_loss"]
    names = sorted(path.name for path in (folder / "samples").iterdir())
    assert names == [f"step_{step:08}.png" for step in (3, 6, 9)]
    last = iio.imread(folder / "samples" / names[-1])
    assert last.shape == (300, 300, 3)
    assert np.abs(last[:50, 50:100] / 255 - whole_run.sample(36)[1]).max() < 1 / 255
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["recipe"] == dataclasses.asdict(CHAPTER_TUNED)
    assert record["steps_done"] == 9 and record["seed"] == 0 and record["seconds"] > 0
    assert record["versions"]["keras"] == keras.__version__
    assert stored_steps(folder) == [9]


def test_a_run_without_a_folder_leaves_nothing_behind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert begin().train(steps=2).steps_done == 2
    assert list(tmp_path.iterdir()) == []


def test_the_averaged_generator_draws_as_the_chapters_loop_does():
    run = begin(fast=False).train(steps=9)
    loop = ChapterLoop(CHAPTER_TUNED, PICTURES, width=NARROW, seed=0)
    for _ in range(9):
        loop.step()
    for averaged in (True, False):
        ours, the_loops = (r.sample(4, seed=2, averaged=averaged) for r in (run, loop))
        assert np.abs(ours - the_loops).max() < 1e-5
    assert np.abs(run.sample(4) - run.sample(4, averaged=False)).max() > 1e-4


def test_another_seed_is_another_run_and_the_same_seed_the_same():
    first, same, other = (begin(seed=seed).train(steps=2) for seed in (1, 1, 2))
    assert first.history == same.history != other.history


def test_only_the_newest_checkpoints_are_kept(tmp_path):
    run = begin(tmp_path / "run", checkpoint_seconds=0).train(steps=5)
    assert stored_steps(run.folder) == [4, 5]


def test_a_folder_with_a_run_is_not_written_over(copied_run):
    before = (copied_run / "run.json").read_bytes()
    with pytest.raises(TrainingError, match="holds a run already. Go on with it"):
        begin(copied_run)
    assert (copied_run / "run.json").read_bytes() == before


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"recipe": CHAPTER}, "recipe = 'tuned', but now it is 'mended'"),
        (
            {"recipe": dataclasses.replace(CHAPTER_TUNED, beta_1=0.9)},
            "beta_1 = 0.5, but now it is 0.9",
        ),
        ({"seed": 1}, "seed = 0, but now it is 1"),
        ({"width": 1 / 32}, "width = 0.015625, but now it is 0.03125"),
        ({"precision": "mixed_bfloat16"}, "precision = 'float32', but now it is 'mixed_bfloat16'"),
    ],
    ids=["recipe", "beta_1", "seed", "width", "precision"],
)
def test_a_checkpoint_of_another_run_is_refused(copied_run, change, told):
    with pytest.raises(TrainingError, match=f"was made with {told}"):
        begin(copied_run, resume=True, **change)


def test_a_checkpoint_of_other_photographs_is_refused(copied_run):
    with pytest.raises(TrainingError, match="was made with photographs"):
        Run(CHAPTER_TUNED, flat_pictures(47, seed=9), folder=copied_run, resume=True, width=NARROW)


def test_a_checkpoint_of_another_version_is_refused(copied_run, monkeypatch):
    made, now = identity.FORMAT, identity.FORMAT + 1
    monkeypatch.setattr(identity, "FORMAT", now)
    with pytest.raises(TrainingError, match=f"was made with format = {made}, but now it is {now}"):
        begin(copied_run, resume=True)


def test_a_damaged_checkpoint_is_passed_over_for_the_one_before(whole_run, tmp_path, capsys):
    folder = tmp_path / "run"
    begin(folder, checkpoint_seconds=0).train(steps=6)
    arrays = folder / "checkpoints" / "step_00000006" / "arrays.npz"
    content = bytearray(arrays.read_bytes())
    content[len(content) // 2] ^= 1  # one bit
    arrays.write_bytes(content)
    capsys.readouterr()
    again = begin(folder, resume=True)
    told = capsys.readouterr().out
    assert "step_00000006 is damaged (its digest does not fit)" in told
    assert again.steps_done == 5
    again.train(steps=9)
    assert differences_between_runs(folder, whole_run.folder) == []


@pytest.mark.parametrize("damage", ["no record", "half a record", "no arrays", "half the arrays"])
def test_every_damage_is_noticed_and_all_damaged_is_an_error(copied_run, damage, capsys):
    place = copied_run / "checkpoints" / "step_00000009"
    file = place / ("record.json" if "record" in damage else "arrays.npz")
    content = file.read_bytes()
    file.unlink()
    if damage.startswith("half"):
        file.write_bytes(content[: len(content) // 2])
    with pytest.raises(CheckpointError, match="None of the checkpoints in .* is whole"):
        begin(copied_run, resume=True)
    assert "step_00000009 is damaged" in capsys.readouterr().out
    assert place.with_name("step_00000009.damaged").exists()  # nothing of the user's is deleted


@pytest.mark.parametrize("at", ["arrays", "record", "rename"])
def test_a_full_disk_ends_with_a_sentence_and_the_last_good_checkpoint_whole(
    whole_run, tmp_path, monkeypatch, at
):
    folder = tmp_path / "run"
    run = begin(folder, checkpoint_seconds=1000).train(steps=4)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        if at == "arrays":
            broken.setattr(np, "savez", full)
        elif at == "record":
            broken.setattr(json, "dump", full)
        else:
            broken.setattr("pathlib.Path.rename", full)
        message = "checkpoint of step 6 could not be written.*No space left.*step_00000004"
        with pytest.raises(CheckpointError, match=message):
            run.train(steps=6)
    assert stored_steps(folder) == [4]
    assert not list(folder.glob("**/*.part"))
    begin(folder, resume=True).train(steps=9)
    assert differences_between_runs(folder, whole_run.folder) == []


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(TrainingError, match="can't be made: .*Choose another one"):
        begin(tmp_path / "file" / "run")


def test_a_folder_that_became_unwritable_is_a_sentence(copied_run, monkeypatch):
    run = begin(copied_run, resume=True)

    def read_only(*_, **__):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("helpers.training.run_folder.write_whole", read_only)
    with pytest.raises(TrainingError, match="run.json could not be written: Read-only file system"):
        run.train(steps=11)
    assert stored_steps(copied_run) == [9]


def test_a_loss_that_is_not_a_number_stops_the_run_and_the_last_good_nets_come_back(tmp_path):
    run = begin(tmp_path / "run").train(steps=4)
    good = {name: variable.numpy() for name, variable in checkpoints.variables(run.gan).items()}
    run.train(steps=5000, more_callbacks=[BreakDown(run, at_step=6)])
    assert "broke down: the losses of step 7 are: discriminator_loss nan" in run.stopped
    assert "The nets are those of step 4 again" in run.stopped
    assert run.steps_done == 4 and len(run.history["generator_loss"]) == 4
    for name, variable in checkpoints.variables(run.gan).items():
        assert (variable.numpy() == good[name]).all()
    assert stored_steps(run.folder) == [4]


def test_weights_that_are_not_numbers_are_never_stored(tmp_path):
    """The losses are still good in the step that breaks the weights."""
    run = begin(tmp_path / "run").train(steps=4)
    run.train(steps=6, more_callbacks=[BreakDown(run, at_step=6)])
    assert "broke down: the weights in discriminator/" in run.stopped
    assert run.steps_done == 4 and stored_steps(run.folder) == [4]


def test_without_a_checkpoint_a_breakdown_is_said_all_the_same():
    run = begin()
    run.train(steps=5000, more_callbacks=[BreakDown(run, at_step=2)])
    assert "broke down" in run.stopped and "no checkpoint to go back to" in run.stopped


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_ends_after_a_whole_step_and_the_run_goes_on_from_there(
    whole_run, tmp_path, number
):
    run = begin(tmp_path / "run")
    interrupt = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda step, logs: step == 4 and os.kill(os.getpid(), number)
    )
    former = signal.getsignal(number)
    run.train(steps=9, more_callbacks=[interrupt])
    assert run.stopped == "Interrupted." and run.steps_done == 5
    assert signal.getsignal(number) == former
    assert stored_steps(run.folder) == [5]
    run.train(steps=9)
    assert differences_between_runs(run.folder, whole_run.folder) == []


def test_a_second_interrupt_ends_at_once(tmp_path, interrupts_raise):  # noqa: F811
    run = begin(tmp_path / "run")
    former = signal.getsignal(signal.SIGINT)

    def twice(step, logs):
        if step == 3:
            os.kill(os.getpid(), signal.SIGINT)
            for _ in range(1000):
                if signal.getsignal(signal.SIGINT) == former:  # the first one has arrived
                    break
                time.sleep(0.001)
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(1)

    with pytest.raises(KeyboardInterrupt):
        run.train(
            steps=9, more_callbacks=[keras.callbacks.LambdaCallback(on_train_batch_begin=twice)]
        )


def test_a_run_in_a_thread_works_without_signals():
    runs = []
    thread = threading.Thread(target=lambda: runs.append(begin().train(steps=2)))
    thread.start()
    thread.join()
    assert runs[0].steps_done == 2


def test_minutes_end_a_run_and_the_step_that_prepares_is_not_counted():
    run = begin()
    slow_start = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda step, logs: time.sleep(1.0 if step == 0 else 0.02)
    )
    run.train(minutes=0.5 / 60, more_callbacks=[slow_start])
    assert run.stopped == "The 0.5 seconds are over."
    assert 1 < run.steps_done < 26


def test_things_are_done_at_their_times_while_the_clock_stands_still():
    from helpers.training.callbacks import AtTimes

    run, seen = begin(), []

    def look(seconds):
        seen.append((seconds, time.monotonic(), run.steps_done))
        time.sleep(0.5)  # longer than the time to the next look

    run.train(minutes=5, more_callbacks=[AtTimes(run, [0.4, 0.2], look)])
    assert [seconds for seconds, *_ in seen] == [0.2, 0.4]
    assert run.stopped == "All is seen."
    (_, first, steps_then), (_, second, steps_at_the_end) = seen
    assert second - first > 0.5 + 0.1
    assert 1 < steps_then < steps_at_the_end == run.steps_done


def test_the_estimate_takes_three_steps_of_the_run_itself(whole_run, tmp_path):
    run = begin(tmp_path / "run")
    assert run.seconds_a_step() > 0
    assert run.steps_done == 3
    run.train(steps=9)
    assert run.history == whole_run.history
    assert differences_between_runs(run.folder, whole_run.folder) == []


def test_a_run_that_is_done_is_not_trained_further(copied_run):
    run = begin(copied_run, resume=True).train(steps=9)
    assert run.steps_done == 9 and "done already" in run.stopped


def test_without_an_end_a_run_does_not_begin():
    with pytest.raises(ValueError, match="Say how long to train"):
        begin().train()


def test_train_passes_on_every_choice(tmp_path):
    run = train(
        CHAPTER,
        PICTURES,
        steps=2,
        folder=tmp_path / "run",
        seed=3,
        width=NARROW,
        precision="float32",
        picture_every=1,
    )
    assert (run.recipe, run.seed, run.width, run.steps_done) == (CHAPTER, 3, NARROW, 2)
    assert len(list((run.folder / "samples").iterdir())) == 2


def test_a_checkpoint_is_read_without_pickle(copied_run):
    place = copied_run / "checkpoints" / "step_00000009"
    np.savez(place / "arrays.npz", evil=np.array([{}], dtype=object))
    record = json.loads((place / "record.json").read_text(encoding="utf-8"))
    record["digest"] = file_digest(place / "arrays.npz")
    (place / "record.json").write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(CheckpointError, match="None of the checkpoints"):
        begin(copied_run, resume=True)


def test_a_record_of_an_older_recipe_goes_on_and_one_of_a_newer_is_not_stumbled_over(copied_run):
    """A number that came later stands at its default; one that is not known here is left alone."""
    path = copied_run / "run.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    del record["recipe"]["nets"], record["recipe"]["augmented_after"]
    path.write_text(
        json.dumps({**record, "recipe": {**record["recipe"], "of_tomorrow": 3}}), encoding="utf-8"
    )
    assert begin(copied_run, resume=True).steps_done == 9


def test_pictures_on_disk_take_a_run_the_same_bits_and_it_goes_on_in_either_place(tmp_path):
    """In memory; from disk, continued there; begun in memory and continued from disk."""
    path = tmp_path / "pictures.bin"
    pixels = np.uint8(np.random.default_rng(0).integers(0, 256, (30, 50, 50, 3)))
    pixels.tofile(path)
    in_memory = pixels.astype("float32") / np.float32(255)
    on_disk = StoredPictures(path, 50, np.arange(30))
    for name, parts in {
        "memory": [in_memory],
        "disk": [on_disk, on_disk],
        "memory, then disk": [in_memory, on_disk],
    }.items():
        for number, images in enumerate(parts, start=1):
            options = {"width": NARROW, "precision": "float32", "picture_every": 3}
            run = Run(COMPACT, images, folder=tmp_path / name, resume=number > 1, **options)
            run.train(steps=9 * number // len(parts))
        assert differences_between_runs(tmp_path / name, tmp_path / "memory") == []
    other = StoredPictures(path, 50, np.arange(30)[::-1])
    with pytest.raises(TrainingError, match="photographs"):
        Run(COMPACT, other, folder=tmp_path / "disk", resume=True, **options)
