"""How a lesson begins: what it says of profile, machine and memory, and what it sets."""

from types import SimpleNamespace

import matplotlib
import psutil
import pytest

from helpers import files
from helpers.classroom import chosen_profile, lesson, start
from helpers.classroom.lesson import FIGURE_STYLE
from helpers.classroom.setup import lines
from helpers.machine import core_count, hardware, machine
from tests.fresh_python import run_python
from tests.machine.computers import GIB, NOWHERE, forget_limits


@pytest.fixture(autouse=True)
def nothing_from_outside_and_nothing_left(monkeypatch):
    forget_limits(monkeypatch)
    with matplotlib.rc_context():
        yield


@pytest.fixture
def said_at_the_start(monkeypatch, capsys):
    """A function: what a lesson says at its start where so many GiB are left beside its own."""

    def begin(left, own=0.0625):
        process = SimpleNamespace(memory_full_info=lambda: SimpleNamespace(uss=own * GIB))
        monkeypatch.setattr(psutil, "Process", lambda: process)
        monkeypatch.setattr(hardware, "memory_left", lambda: left * GIB)
        start()
        return capsys.readouterr().out

    return begin


def test_a_lesson_that_will_not_fit_says_so_and_what_to_do(said_at_the_start):
    said = said_at_the_start(left=0.5)
    assert said.splitlines()[1].startswith("Only 0.6 GiB of memory is left, and a lesson needs")
    assert "shut down the other lessons' kernels" in said
    assert said.count("\n") == 2


def test_where_answers_can_not_be_saved_a_lesson_says_so_and_what_to_do(
    said_at_the_start, monkeypatch
):
    monkeypatch.setattr(lesson, "can_be_written", lambda folder: folder.name != "notebooks")
    said = said_at_the_start(left=64).splitlines()[1]
    assert lines.copy_course() in said and str(files.runs_folder()) in said
    assert "cp -r" in said or "Copy-Item" in said


def test_a_lesson_warns_of_apples_code_for_gpus(said_at_the_start, monkeypatch):
    monkeypatch.setattr(lesson, "metal_plugin", lambda: "1.2.0")
    assert "uninstall -y tensorflow-metal" in said_at_the_start(left=64).splitlines()[1]


def test_a_lesson_that_fits_says_nothing_of_it(said_at_the_start):
    need = chosen_profile().memory
    assert said_at_the_start(left=need).count("\n") == 1


def test_what_a_lesson_holds_already_is_not_missing(said_at_the_start):
    need = chosen_profile().memory
    assert said_at_the_start(left=need / 2, own=need / 2).count("\n") == 1
    assert said_at_the_start(left=need / 2, own=need / 4).count("\n") == 2


@pytest.mark.parametrize("name", ["smoke", "full"])
def test_a_lesson_starts_with_its_profile_and_machine(said_at_the_start, monkeypatch, name):
    monkeypatch.setenv("COURSE_PROFILE", name)
    said = said_at_the_start(left=64)
    assert said == f"Profile: {name}. Machine: {machine().sentence()}.\n"


def test_after_the_start_a_lessons_own_figures_have_the_courses_look():
    matplotlib.rcdefaults()
    start()
    look = {name: matplotlib.rcParams[name] for name in FIGURE_STYLE}
    assert look == {"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}


def test_the_start_loads_nothing_that_takes_long():
    """The fonts, for example: where they are listed for the first time, matplotlib says so."""
    process = run_python(
        "import sys, warnings; warnings.simplefilter('ignore')\n"  # old matplotlib's, of pyparsing
        "from helpers.classroom import start\n"
        "start()\n"
        "sys.exit(str({'matplotlib.pyplot', 'keras', 'tensorflow'} & set(sys.modules)))\n"
    )
    assert process.stderr.strip() == "set()"


def test_the_start_makes_the_thread_pools_fit_before_numpy_counts_its_threads():
    if core_count(NOWHERE) == 1:
        pytest.skip("this computer has only one core")
    process = run_python(
        "import os, sys; os.environ['CPU_LIMIT'] = '1'\n"
        "from helpers.classroom import start\n"
        "from helpers.machine.hardware import THREAD_POOLS\n"
        "print('numpy' in sys.modules)\n"
        "start()\n"
        "print([os.environ.get(name) for name in THREAD_POOLS])\n"
    )
    lines = process.stdout.splitlines()
    assert (lines[0], lines[-1]) == ("False", str(["1"] * 4)), process.stderr
