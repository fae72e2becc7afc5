"""The command line: it trains, goes on, asks, and says what went wrong."""

import dataclasses
import json
import os
import pty
import signal
import subprocess
import sys
import time

import imageio.v3 as iio
import numpy as np
import pytest

from helpers import recipes, train
from tests.kill_training import differences_between_runs, stored_steps

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
    return train.main(["--folder", str(folder), *map(str, options)])


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
    assert len((whole_run / "history.csv").read_text().splitlines()) == 10
    record = json.loads((whole_run / "run.json").read_text())
    assert record["recipe"]["name"] == "mended"
    assert record["options"] == {
        "recipe": "chapter",
        "faces": small_faces,
        "steps": 9,
        "seed": 0,
        "width": 1 / 64,
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


def test_the_estimate_comes_first_and_minutes_end_the_run(tmp_path, small_faces, capsys):
    options = ["--recipe", "chapter-tuned", "--faces", small_faces, "--width", 1 / 64]
    assert command(tmp_path / "run", *options, "--minutes", 0.02) == 0
    told = capsys.readouterr().out
    assert "s a step, less than a minute for the rest" in told
    assert told.index("s a step") < told.index("seconds are over")


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
        train.main(options)
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
    assert train.main(["--list-recipes"]) == 0
    lines = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()[1:]}
    for field, values in lines.items():
        assert values == [str(getattr(recipe, field)) for recipe in recipes.RECIPES.values()]
    assert set(lines) == {field.name for field in dataclasses.fields(recipes.Recipe)} - {"name"}


def start(folder, *options, terminal=False):
    """The command in a process of its own, at a terminal or not: (process, its terminal)."""
    words = [sys.executable, "-m", "helpers.train", "--folder", str(folder), *options]
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
    assert f"python -m helpers.train --folder {folder} --resume" in told
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
