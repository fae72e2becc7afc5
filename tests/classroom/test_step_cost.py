"""The cost of a full step: it is measured apart, and never takes the lesson down with it."""

import subprocess
import sys

import pytest

from helpers.classroom import step_cost
from tests.fresh_python import run_python


@pytest.fixture
def child(monkeypatch):
    """A stand-in for the measuring process: the test says how it ends."""
    ends = {"returncode": 0, "stdout": "0.5\n", "started": 0}

    def run(command, **options):
        ends["started"] += 1
        return subprocess.CompletedProcess(command, ends["returncode"], ends["stdout"], "")

    monkeypatch.setattr(subprocess, "run", run)
    monkeypatch.setattr(step_cost, "memory_left", lambda: 8 * 2**30)
    return ends


def test_the_childs_seconds_are_the_answer(child, capsys):
    assert step_cost.quarter_step_seconds(2) == 0.5
    assert capsys.readouterr().out == ""


def test_a_sentence_of_the_child_does_not_hide_its_seconds(child):
    """On an older GPU it says which numbers it computes with."""
    child["stdout"] = "Tesla T4 computes in 32-bit numbers.\n0.5\n"
    assert step_cost.quarter_step_seconds(2) == 0.5


def test_without_memory_no_process_is_started_and_a_sentence_says_why(child, monkeypatch, capsys):
    monkeypatch.setattr(step_cost, "memory_left", lambda: 2**30)
    assert step_cost.quarter_step_seconds(2) == step_cost.RECORDED_SECONDS
    assert child["started"] == 0
    assert "needs 1.2 GiB of memory, more than is left here" in capsys.readouterr().out


def test_a_child_that_is_killed_leaves_a_sentence_and_the_recorded_seconds(child, capsys):
    child["returncode"] = -9
    assert step_cost.quarter_step_seconds(2) == step_cost.RECORDED_SECONDS
    assert "exit status -9" in capsys.readouterr().out


def test_no_step_is_taken_where_the_profile_asks_for_none(child, capsys):
    assert step_cost.quarter_step_seconds(0) == step_cost.RECORDED_SECONDS
    assert child["started"] == 0
    assert "leaves the measurement out" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this number")
def test_where_the_memory_ends_the_measuring_process_goes_before_any_kernel():
    """What measures is a stand-in here: it tells what Linux is told of its process."""
    process = run_python(
        "import os, runpy, sys, types\n"
        "from pathlib import Path\n"
        "from helpers.training import CHAPTER\n"
        "class ChapterLoop:\n"
        "    def __init__(self, *given, **choices): pass\n"
        "    def seconds_a_step(self, steps):\n"
        "        return steps, int(Path('/proc/self/oom_score_adj').read_text(encoding='utf-8'))\n"
        "stand_in = types.SimpleNamespace(CHAPTER=CHAPTER, ChapterLoop=ChapterLoop)\n"
        "sys.modules['helpers.training'] = stand_in\n"
        "os.environ['COURSE_PRECISION'] = 'float32'\n"
        "sys.argv = ['step_cost', '2']\n"
        "runpy.run_module('helpers.classroom.step_cost', run_name='__main__')\n"
    )
    assert process.stdout.strip() == "(2, 1000)", process.stderr
