"""Lesson 09's workers, with a small program in place of a training; and the lesson's numbers."""

import contextlib
import subprocess
import sys
import textwrap

import nbformat
import psutil
import pytest

from helpers.classroom import workers_at_work as room
from tests import lesson_tools

STARTER = """
import json, os, pathlib, subprocess, sys, time
folder, fails = pathlib.Path(sys.argv[1]), sys.argv[2] == "fails"
(folder / "samples").mkdir(exist_ok=True)
(folder / "checkpoints" / "step_00000004").mkdir(parents=True)
workers, began = [], time.time()
for number in (0, 1):
    config = json.dumps({"cluster": {}, "task": {"type": "worker", "index": number}})
    environment = {**os.environ, "TF_CONFIG": config}
    command = [sys.executable, "-c", "import time; time.sleep(60)"]
    workers.append(subprocess.Popen(command, env=environment))
for step in (2, 4):
    time.sleep(0.3)
    path = folder / "samples" / f"step_{step:08}.png"
    path.write_bytes(b"")
    drawn = began + 10 * step
    os.utime(path, (drawn, drawn))
if fails:
    while all(worker.poll() is None for worker in workers):
        time.sleep(0.05)
    gone = [number for number, worker in enumerate(workers) if worker.poll() is not None]
    print("Gone:", *gone, folder / "growth.gif")
for worker in workers:
    worker.kill()
    worker.wait()
sys.exit(1 if fails else 0)
"""


@pytest.fixture
def started(monkeypatch):
    """What is started in place of trainings: the words of each, and its process."""
    kept = []

    def start(words, said):
        folder = words[words.index("--folder") + 1]
        fails = "fails" if "10000" in words else "ends"
        command = [sys.executable, "-c", textwrap.dedent(STARTER), folder, fails]
        process = subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT)
        kept.append((words, process))
        return process

    monkeypatch.setattr(room, "_start", start)
    return kept


def test_a_step_takes_what_lies_between_two_sheets(started, tmp_path):
    outcome = room.train_with_workers(tmp_path, workers=2, steps=4)
    assert outcome.status == 0 and outcome.steps == 4
    assert outcome.step_seconds == pytest.approx(10, abs=0.01)  # 20 s for two steps
    [(words, _)] = started
    assert words[words.index("--workers") + 1] == "2" and "--local" in words
    assert "--resume" not in words and words[words.index("--recipe") + 1] == "compact"


def test_one_worker_is_killed_and_what_is_said_is_shown(started, tmp_path, capsys):
    outcome = room.train_with_workers(tmp_path, workers=2, steps=10_000, resume=True, kill=1)
    assert outcome.status == 1
    told = capsys.readouterr().out
    assert "Worker 1 is killed now." in told and "Gone: 1 runs" in told
    assert str(tmp_path.parent) not in told  # nobody's own folders
    assert "--resume" in started[0][0]


def test_the_sheets_of_a_former_part_are_not_counted(started, tmp_path):
    (tmp_path / "samples").mkdir()
    for step in (1, 3):
        path = tmp_path / "samples" / f"step_{step:08}.png"
        path.write_bytes(b"")
        room.os.utime(path, (1, 1))
    outcome = room.train_with_workers(tmp_path, workers=1, steps=4)
    assert outcome.step_seconds == pytest.approx(10, abs=0.01)  # of steps 2 and 4
    assert "--workers" not in started[0][0]


def test_a_stopped_cell_leaves_no_process(started, tmp_path, monkeypatch):
    workers = []

    def interrupt(process, *_):
        while not workers:
            with contextlib.suppress(ValueError):
                workers.append(room.worker_process(process.pid, 1))
        raise KeyboardInterrupt

    monkeypatch.setattr(room, "_watch", interrupt)
    with pytest.raises(KeyboardInterrupt):
        room.train_with_workers(tmp_path, workers=2, steps=4)
    assert started[0][1].poll() is not None
    psutil.wait_procs(workers, timeout=10)
    assert not workers[0].is_running() or workers[0].status() == psutil.STATUS_ZOMBIE


def test_a_worker_that_is_not_there_is_a_sentence():
    with pytest.raises(ValueError, match="^There is no worker 7 at work.$"):
        room.worker_process(psutil.Process().pid, 7)


@pytest.mark.parametrize("recipe", ["COMPACT", "CHAPTER_TUNED"])
def test_the_lesson_counts_the_weights_that_its_nets_have(recipe):
    from helpers import training

    path = next(path for path in lesson_tools.lessons() if path.name.startswith("09"))
    code = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    generator, discriminator = training.count_step(getattr(training, recipe)).trainable
    assert f"{generator:_} + {discriminator:_}" in code
