"""The command line: it trains, goes on, asks, and says what went wrong."""

import dataclasses
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import imageio.v3 as iio
import numpy as np
import pytest

from helpers.training import __main__ as command_line
from helpers.training import recipes
from tests.training.runs import differences_between_runs, stored_steps

NARROW = ["--width", "0.015625", "--faces", "drawn", "--precision", "float32"]


@pytest.fixture(scope="module")
def small_faces(tmp_path_factory):
    """A folder with 24 pictures: the command must take a learner's own as well."""
    folder = tmp_path_factory.mktemp("faces")
    random = np.random.default_rng(0)
    for number in range(24):
        iio.imwrite(folder / f"{number:02}.png", random.integers(0, 256, (60, 60, 3), "uint8"))
    return str(folder)


def command(folder, *options):
    return command_line.main(["--folder", str(folder), *map(str, options)])


@pytest.fixture(scope="module")
def whole_run(tmp_path_factory, small_faces):
    folder = tmp_path_factory.mktemp("command") / "run"
    options = ["--recipe", "chapter", "--faces", small_faces, "--width", 1 / 64, "--steps", 9]
    assert command(folder, *options, "--precision", "float32", "--picture-every", 3) == 0
    return folder


def test_a_run_leaves_pictures_curves_and_a_record(whole_run, small_faces):
    frames = iio.imread(whole_run / "growth.gif")
    assert frames.shape == (3, 300, 300, 3)
    for frame, step in zip(frames, (3, 6, 9), strict=True):
        sheet = iio.imread(whole_run / "samples" / f"step_{step:08}.png").astype(float)
        assert np.abs(frame - sheet).mean() < 12  # a GIF has 256 colours: these are noise
    assert len((whole_run / "history.csv").read_text(encoding="utf-8").splitlines()) == 10
    record = json.loads((whole_run / "run.json").read_text(encoding="utf-8"))
    assert record["recipe"]["name"] == "mended"
    assert record["options"] == {
        "recipe": "chapter",
        "faces": small_faces,
        "steps": 9,
        "minutes": None,
        "size": 50,
        "seed": 0,
        "width": 1 / 64,
        "batch_size": None,
        "exact": False,
    }
    assert len(record["photographs"]["digest"]) == 64 and record["photographs"]["count"] == 24
    assert "core" in record["machine"] and record["versions"]["tensorflow"]


def test_resume_needs_no_more_than_the_folder(whole_run, tmp_path, small_faces, capsys):
    folder = tmp_path / "run"
    options = ["--recipe", "chapter", "--faces", small_faces, "--width", 1 / 64, "--steps", 4]
    assert command(folder, *options, "--precision", "float32", "--picture-every", 3) == 0
    capsys.readouterr()
    assert command(folder, "--resume", "--steps", 9, "--picture-every", 3) == 0
    assert "Taken up at step 4" in capsys.readouterr().out
    assert differences_between_runs(folder, whole_run) == []


@pytest.mark.parametrize("asked", [["--size", 100], []])
def test_a_size_is_kept_when_the_run_goes_on(tmp_path, small_faces, asked, monkeypatch):
    """100 x 100: the sheets, the growth film, and the run after --resume, which names no size."""
    folder = tmp_path / "run"
    monkeypatch.setenv("COURSE_SIZE", "50" if asked else "100")
    options = ["--recipe", "compact", "--faces", small_faces, *asked, "--width", 1 / 32]
    options += ["--precision", "float32", "--picture-every", 2]
    assert command(folder, *options, "--steps", 2) == 0
    monkeypatch.setenv("COURSE_SIZE", "200")
    assert command(folder, "--resume", "--steps", 4, "--picture-every", 2) == 0
    assert iio.imread(folder / "growth.gif").shape == (2, 600, 600, 3)
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert record["options"]["size"] == 100 and record["steps_done"] == 4


@pytest.mark.parametrize(
    ("recipe", "size", "told"),
    [
        ("compact", 64, "compact nets are for pictures of 50 x 50, 100 x 100, 200 x 200, not of"),
        ("chapter", 100, "chapter's nets are for pictures of 50 x 50, not of 100 x 100"),
    ],
)
def test_a_size_without_nets_is_a_sentence(tmp_path, small_faces, capsys, recipe, size, told):
    options = ["--recipe", recipe, "--size", size, "--faces", small_faces]
    assert command(tmp_path / "run", *options) == 1
    assert told in capsys.readouterr().err


def test_the_estimate_comes_first_and_minutes_end_the_run(tmp_path, small_faces, capsys):
    options = ["--recipe", "chapter-tuned", "--faces", small_faces, "--width", 1 / 64]
    assert command(tmp_path / "run", *options, "--minutes", 0.02) == 0
    told = capsys.readouterr().out
    assert "s a step, less than a minute for the rest" in told
    assert told.index("s a step") < told.index("seconds are over")


@pytest.fixture
def asked(monkeypatch):
    """The ends that the command asks its runs for, (steps, minutes); they then take two steps."""
    from helpers.training.run import Run

    ends = []
    real = Run.train

    def train_two_steps(run, *, steps=None, minutes=None):
        ends.append((steps, minutes))
        return real(run, steps=run.steps_done + 2)

    monkeypatch.setattr(Run, "train", train_two_steps)
    return ends


def test_minutes_alone_have_no_step_limit_and_both_limits_are_both(tmp_path, small_faces, asked):
    options = ["--recipe", "chapter-tuned", "--faces", small_faces, "--width", 1 / 64]
    assert command(tmp_path / "a", *options) == 0
    assert command(tmp_path / "b", *options, "--minutes", 15) == 0
    assert command(tmp_path / "c", *options, "--minutes", 15, "--steps", 70) == 0
    assert asked == [(5000, None), (None, 15), (70, 15)]


def test_a_continued_run_trains_the_minutes_that_are_left(tmp_path, small_faces, asked, capsys):
    options = ["--recipe", "chapter-tuned", "--faces", small_faces, "--width", 1 / 64]
    folder = tmp_path / "run"

    def seconds():
        return json.loads((folder / "run.json").read_text(encoding="utf-8"))["seconds"]

    assert command(folder, *options, "--minutes", 1) == 0
    trained = seconds()
    assert command(folder, "--resume") == 0
    assert asked[-1] == (None, pytest.approx(1 - trained / 60))
    trained = seconds()
    assert command(folder, "--resume", "--minutes", 2) == 0  # so many more, whatever was before
    assert asked[-1] == (None, 2)
    assert command(folder, "--resume") == 0
    assert asked[-1][1] < 2
    assert command(folder, "--resume", "--steps", 5000) == 0
    assert asked[-1] == (5000, None)
    assert command(folder, "--resume") == 0
    assert asked[-1] == (5000, None)
    record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    record["options"] |= {"minutes": 0.001, "steps": None}
    (folder / "run.json").write_text(json.dumps(record), encoding="utf-8")
    count = len(asked)
    capsys.readouterr()
    assert command(folder, "--resume") == 0
    assert "The 0.001 minutes of this run are over already." in capsys.readouterr().out
    assert len(asked) == count


def test_a_run_that_is_at_its_end_says_so(whole_run, capsys):
    assert command(whole_run, "--resume") == 0
    assert "Step 9 is done already." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--picture-every", "0"], "picture_every is 0"),
        (["--picture-every", "x"], "invalid int value: 'x'"),
        (["--width", "0"], "width is 0.0"),
        (["--width", "-1"], "width is -1.0"),
        (["--width", "nan"], "width is nan"),
        (["--width", "1.01"], "width is 1.01"),
        (["--minutes", "0"], "minutes is 0.0"),
        (["--minutes", "-2"], "minutes is -2.0"),
        (["--minutes", "nan"], "minutes is nan"),
        (["--minutes", "inf"], "minutes is inf"),
        (["--steps", "0"], "steps is 0"),
        (["--steps", "-1"], "steps is -1"),
        (["--seed", "-1"], "seed is -1"),
        (["--seed", "one"], "invalid int value: 'one'"),
        (["--seed", "99999999999"], "seed is 99999999999"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_number_is_a_sentence_before_any_face_is_loaded(
    options, told, tmp_path, capsys, monkeypatch
):
    def load_faces(name):
        raise AssertionError("the faces are loaded first")

    monkeypatch.setattr(command_line, "load_faces", load_faces)
    try:
        status = command(tmp_path / "run", "--recipe", "chapter", *options)
    except SystemExit as error:
        status = error.code
    assert status in (1, 2) and told in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize("inside", [False, True])
def test_a_file_in_the_folders_place_is_a_sentence(tmp_path, capsys, monkeypatch, inside):
    def load_faces(name):
        raise AssertionError("the faces are loaded first")

    monkeypatch.setattr(command_line, "load_faces", load_faces)
    file = tmp_path / "file"
    file.write_text("in the way", encoding="utf-8")
    folder = file / "run" if inside else file
    assert command(folder, "--recipe", "chapter") == 1
    told = capsys.readouterr().err
    assert f"{folder} can't be made: {file} is a file. Choose another one." in told
    assert command(folder, "--resume") == 1
    assert "can't be read" in capsys.readouterr().err


def test_checkpoints_without_their_record_are_refused(whole_run, tmp_path, capsys):
    folder = shutil.copytree(whole_run, tmp_path / "run")
    (folder / "run.json").unlink()
    for options in (["--recipe", "chapter"], ["--resume", "--recipe", "chapter"]):
        assert command(folder, *options, *NARROW) == 1
        assert "holds checkpoints but no run.json" in capsys.readouterr().err


MOMENTS = {  # a function that is entered then, how often before, and the step that is stored
    "loading the faces": ("helpers.training.__main__.load_faces", 0, None),
    "building the nets": ("helpers.training.run.build_nets", 0, None),
    "the estimate's beginning": ("helpers.training.run.Run._fit", 0, 0),
    "the estimate's first step": ("helpers.training.run.Run.add_step", 0, 1),
    "the estimate's last step": ("helpers.training.run.Run.add_step", 2, 3),
    "after the estimate": ("helpers.training.__main__._in_words", 0, 3),
    "before the training": ("helpers.training.run.Run.train", 0, 3),
    "the training's first step": ("helpers.training.run.Run.add_step", 3, 4),
    "the last save": ("helpers.training.checkpoint_files.save", 0, 8),
    "the animation": ("helpers.training.__main__._write_growth", 0, 8),
}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_interrupt_is_heard_at_every_moment(
    moment, number, tmp_path, small_faces, monkeypatch, capsys
):
    target, calls_before, steps_done = MOMENTS[moment]
    *parts, name = target.split(".")
    place = importlib.import_module(".".join(parts[:3]))
    for part in parts[3:]:
        place = getattr(place, part)
    real, calls = getattr(place, name), []

    def enter(*arguments, **options):
        calls.append(name)
        if len(calls) == calls_before + 1:
            os.kill(os.getpid(), number)
        return real(*arguments, **options)

    monkeypatch.setattr(place, name, enter)
    former = [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)]
    folder = tmp_path / "run"
    options = ["--recipe", "chapter-tuned", "--faces", small_faces, "--width", 1 / 64]
    assert command(folder, *options, "--steps", 8) == 130
    assert [signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)] == former
    told = capsys.readouterr().out
    assert "Interrupted." in told and "0.00 s a step" not in told
    if steps_done is None:
        assert "No step is done yet: begin again with the same command." in told
        return
    assert f"python -m helpers.training --folder {folder} --resume" in told
    assert stored_steps(folder) == [steps_done]


def test_how_to_go_on_is_told_with_the_path_of_the_environments_python(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / ".venv" / "bin" / "python3.12"))
    told = command_line.resume_command("runs/my run")
    assert told == f'{Path(".venv/bin/python")} -m helpers.training --folder "runs/my run" --resume'
    monkeypatch.chdir(tmp_path.parent.parent)
    monkeypatch.setattr(sys, "executable", "/usr/bin/python3")
    assert command_line.resume_command("runs/a").startswith("python -m helpers.training --folder r")


def test_the_second_interrupt_ends_at_once_and_the_last_checkpoint_is_whole(
    whole_run, tmp_path, monkeypatch, capsys
):
    folder = shutil.copytree(whole_run, tmp_path / "run")

    def twice(file, **arrays):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
        raise AssertionError("the save goes on")

    monkeypatch.setattr(np, "savez", twice)
    assert command(folder, "--resume", "--steps", 11) == 130
    assert f"--folder {folder} --resume" in capsys.readouterr().out
    monkeypatch.undo()
    assert stored_steps(folder) == [9]
    assert command(folder, "--resume", "--steps", 11) == 0
    assert stored_steps(folder) == [9, 11]


def test_a_run_that_broke_down_ends_with_status_1(tmp_path, small_faces, monkeypatch, capsys):
    from helpers.training.run import Run

    real = Run.add_step

    def broken(run, losses):
        real(run, {name: loss * float("nan") for name, loss in losses.items()})

    monkeypatch.setattr(Run, "add_step", broken)
    options = ["--recipe", "chapter-tuned", "--faces", small_faces, "--width", 1 / 64]
    assert command(tmp_path / "a", *options, "--steps", 8) == 1  # in the estimate
    assert "broke down" in capsys.readouterr().err
    assert command(tmp_path / "b", *options, "--steps", 3) == 1  # in the training
    assert "broke down" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ([], "--folder is needed"),
        (["--folder", "somewhere"], "--recipe is needed for a new run: see --list-recipes"),
        (["--folder", "somewhere", "--recipe", "best"], "invalid choice: 'best'"),
    ],
)
def test_a_wrong_command_is_told_so(options, told, capsys):
    with pytest.raises(SystemExit) as stopped:
        command_line.main(options)
    assert stopped.value.code == 2
    assert told in capsys.readouterr().err


def test_errors_are_sentences_without_a_traceback(whole_run, tmp_path, capsys):
    assert command(tmp_path / "none", "--resume") == 1
    assert "There is no run to go on with" in capsys.readouterr().err
    assert command(tmp_path / "run", "--recipe", "chapter", "--faces", tmp_path / "no") == 1
    told = capsys.readouterr().err
    assert str(tmp_path / "no") in told and "Traceback" not in told
    options = ["--recipe", "chapter", *NARROW]
    assert command(whole_run, *options) == 1
    assert "holds a run already" in capsys.readouterr().err
    assert command(whole_run, "--resume", "--recipe", "chapter-tuned") == 1
    assert "was made with recipe = 'mended', but now it is 'tuned'" in capsys.readouterr().err


def test_the_list_of_recipes_holds_every_number(capsys):
    assert command_line.main(["--list-recipes"]) == 0
    lines = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()[1:]}
    for field, values in lines.items():
        assert values == [str(getattr(recipe, field)) for recipe in recipes.RECIPES.values()]
    assert set(lines) == {field.name for field in dataclasses.fields(recipes.Recipe)} - {"name"}


def start(folder, *options, terminal=False):
    """The command in a process of its own, at a terminal or not: (process, its terminal)."""
    import pty  # Windows has none

    words = [sys.executable, "-m", "helpers.training", "--folder", str(folder), *options]
    ours, its = pty.openpty()
    standard_input = its if terminal else subprocess.DEVNULL
    process = subprocess.Popen(
        words, stdin=standard_input, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    os.close(its)
    return process, ours


def test_ctrl_c_saves_and_says_how_to_go_on(tmp_path, small_faces):
    folder = tmp_path / "run"
    options = ["--recipe", "chapter-tuned", "--faces", small_faces, "--width", "0.015625", "--yes"]
    process, _ = start(folder, *options, "--picture-every", "10")
    while not list(folder.glob("samples/*.png")):
        assert process.poll() is None, process.stderr.read()
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    told, errors = process.communicate(timeout=60)
    assert process.returncode == 130 and "Traceback" not in errors
    assert "Interrupted." in told
    assert f"python -m helpers.training --folder {folder} --resume" in told
    assert 10 <= stored_steps(folder)[-1] < 5000
    assert (folder / "growth.gif").exists()


def test_a_long_run_at_a_terminal_is_asked_for(tmp_path, small_faces):
    folder = tmp_path / "run"
    options = ["--recipe", "chapter-tuned", "--faces", small_faces, "--width", "0.015625"]
    process, terminal = start(folder, *options, "--steps", "1000000", terminal=True)
    os.write(terminal, b"n\n")
    told, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert "hours for the rest" in told and "Go on? [y/N]" in told
    assert "--resume" in told and stored_steps(folder) == [3]


@pytest.mark.parametrize("key", [b"\x03", b"\x04"], ids=["Ctrl-C", "Ctrl-D"])
def test_the_question_can_be_interrupted_and_the_steps_of_the_estimate_are_kept(
    tmp_path, small_faces, key
):
    folder = tmp_path / "run"
    options = ["--recipe", "chapter-tuned", "--faces", small_faces, "--width", "0.015625"]
    process, terminal = start(folder, *options, "--steps", "1000000", terminal=True)
    told = ""
    while "Go on?" not in told:
        told += process.stdout.read(1)
    if key == b"\x03":  # the terminal is not the child's own, so its key is sent as a signal
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
    else:
        os.write(terminal, key)
    more, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert process.returncode == (130 if key == b"\x03" else 0)
    assert "--resume" in more and stored_steps(folder) == [3]
