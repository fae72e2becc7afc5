"""The Binder door, emulated: what Binder builds, and lessons on one core and in 2 GiB of memory.

python -m pytest tests/doors/binder.py

Nothing is built with docker. The lessons run in an environment with Binder's requirements, in a
control group (what a container is made of) that has one core and 2 GiB; where none can be made
here, under the nearest limits, and the first line says so.
"""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import nbformat
import pytest

from tests import lesson_tools
from tests.doors.container import container, largest_use, seen_container
from tests.doors.environments import environment, requirement_lines
from tests.doors.kernels import client_of, environment_variables, faults

ROOT = lesson_tools.ROOT
REQUIREMENTS = ROOT / "binder" / "requirements.txt"
GIB = 2**30
GLIBC = "2_39"  # that of Ubuntu 24.04, on which repo2docker builds

# The workshop profile, with shorter trainings: memory grows with nets, and by 1 MB in 100 steps.
SHORTER = """
import sys
from dataclasses import replace
sys.path.insert(0, "..")
from helpers.classroom.profiles import PROFILES
PROFILES["workshop"] = replace(
    PROFILES["workshop"], question_seconds=1, compact_minutes=0.1, larger_minutes=0.2,
)
"""


# ---- what Binder's user has: the environment, a fresh checkout, JupyterLab, kernels


@pytest.fixture(scope="session")
def python():
    """The Python of an environment with Binder's requirements."""
    return environment("binder", requirement_lines(REQUIREMENTS), "3.12")


@pytest.fixture(scope="session")
def checkout(tmp_path_factory):
    """The course as Binder clones it; what the lessons leave behind stays in this copy."""
    place = tmp_path_factory.mktemp("binder") / "course"
    for folder in ("notebooks", "helpers", "data", "benchmarks"):
        unwanted = shutil.ignore_patterns("cache", "runs", "__pycache__", ".ipynb_checkpoints")
        shutil.copytree(ROOT / folder, place / folder, ignore=unwanted)
    return place


@pytest.fixture
def variables(checkout):
    """The environment variables of a kernel: the workshop, on faces that need no drawing."""
    cache = ROOT / "data" / "cache"
    return environment_variables(
        COURSE_PROFILE="workshop",
        COURSE_PRECISION="float32",  # the larger of the two
        COURSE_FACES="drawn",
        COURSE_CACHE=os.environ.get("COURSE_CACHE") or (cache if cache.exists() else "cache"),
        TQDM_DISABLE=1,
        IPYTHONDIR=checkout.parent / "ipython",
        JUPYTER_RUNTIME_DIR=checkout.parent / "jupyter",
    )


class Lesson:
    """A lesson that is open in a container: its kernel runs, and cells can be run in it."""

    def __init__(self, path, client):
        self.path, self.client = path, client
        self.next_cell = 0

    @property
    def cells(self):
        return lesson_tools.code_cells(self.client.nb)

    def run(self, until=None):
        """Run the next cells up to number `until`, by default all; return the last one.

        A cell that fails, or a kernel that dies, is nbclient's error.
        """
        for index, cell in enumerate(self.client.nb.cells):
            if cell.cell_type != "code" or cell.execution_count or index < self.next_cell:
                continue
            if until is not None and self.cells.index(cell) > until:
                break
            self.client.execute_cell(cell, index)
            self.next_cell = index + 1
            last = cell
        return last

    def last_cell_with(self, words):
        """The number of the last code cell whose source holds these words."""
        return max(number for number, cell in enumerate(self.cells) if words in cell.source)

    def is_alive(self):
        probe = nbformat.v4.new_code_cell("print(6 * 7)")
        self.client.nb.cells.append(probe)
        self.client.execute_cell(probe, len(self.client.nb.cells) - 1)
        return said_by(probe) == "42\n"


def said_by(cell, stream="stdout"):
    streams = [output for output in cell.outputs if output.output_type == "stream"]
    return "".join(output.text for output in streams if output.name == stream)


@contextlib.contextmanager
def opened(number, place, python, checkout, variables, before="pass"):
    """The lesson with this number ("05"), opened in the container `place`.

    `before` runs in its kernel first, unseen.
    """
    path = next((checkout / "notebooks").glob(f"{number}_*.ipynb"))
    client = client_of(path, place.wrapped([python]), path.parent, timeout=900, startup_timeout=120)
    lesson = Lesson(path, client)
    with (
        (checkout.parent / f"kernel_{number}.txt").open("w", encoding="utf-8") as log,
        client.setup_kernel(env=variables, stderr=log),
    ):
        client.kc.execute(before, silent=True)
        yield lesson


@contextlib.contextmanager
def jupyterlab(place, python, checkout, variables):
    """JupyterLab, running in the container as on Binder: it takes a share of the memory, too."""
    runtime_folder = Path(variables["JUPYTER_RUNTIME_DIR"])
    options = ["--no-browser", "--allow-root", "--port=0", "--ServerApp.ip=127.0.0.1"]
    command = place.wrapped([python, "-m", "jupyterlab", *options])
    with (checkout.parent / "jupyterlab.txt").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(command, cwd=checkout, env=variables, stdout=log, stderr=log)
    try:
        for _ in range(600):
            if list(runtime_folder.glob("jpserver-*.json")) or server.poll() is not None:
                break
            time.sleep(0.1)
        assert server.poll() is None, (checkout.parent / "jupyterlab.txt").read_text(
            encoding="utf-8"
        )
        yield server
    finally:
        server.terminate()
        server.wait(30)


def forget_pages(folder):
    """Drop the pages of these files from the system's cache, as far as nobody uses them.

    A group pays for a page of a file only if it is the first to read it; a fresh Binder is.
    """
    for path in folder.rglob("*"):
        if path.is_file() and path.stat().st_size > 2**20:
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def tell(request, sentence):
    """Show a sentence although pytest keeps outputs to itself."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n    {sentence}", flush=True)


# ---- what Binder builds


def test_repo2dockers_plan_has_python_3_12_the_requirements_and_post_build():
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug"]
    user = ["--user-id", "1000", "--user-name", "jovyan", "."]
    asked = subprocess.run([*command, *user], cwd=ROOT, capture_output=True, text=True)
    plan = asked.stdout + asked.stderr
    assert asked.returncode == 0, plan
    assert "Building conda environment for python=3.12" in plan
    assert re.search(r"^FROM \S+:24\.04$", plan, re.M), "another Ubuntu: is GLIBC still right?"
    installs = re.findall(r"^RUN .*(?:pip|mamba|conda) install .*$", plan, re.M)
    assert len(installs) == 1
    assert installs[0].endswith('pip install --no-cache-dir -r "binder/requirements.txt"')
    assert re.search(r"^RUN \./binder/postBuild$", plan, re.M)


def test_post_build_puts_jupyterlabs_settings_where_it_looks_for_them(python, tmp_path):
    prefix = {"NB_PYTHON_PREFIX": str(tmp_path)}
    subprocess.run(["bash", "binder/postBuild"], cwd=ROOT, env={**os.environ, **prefix}, check=True)
    settings = tmp_path / "etc/jupyter/labconfig/default_setting_overrides.json"
    assert '"fetchNews": "false"' in settings.read_text(encoding="utf-8")
    question = "from jupyter_core.paths import jupyter_config_path as p; print(*p(), sep='\\n')"
    asked = subprocess.run([python, "-c", question], capture_output=True, text=True, check=True)
    assert f"{python.parent.parent}/etc/jupyter" in asked.stdout.splitlines()


def test_the_requirements_are_wheels_without_gpu_code():
    """Resolved as Binder would: a package that must be compiled there makes its start fail."""
    wheels = ["--only-binary", ":all:", "--python-platform", f"x86_64-manylinux_{GLIBC}"]
    shape = ["--no-header", "--no-annotate", "--python-version", "3.12"]
    command = [sys.executable, "-m", "uv", "pip", "compile", *wheels, *shape, str(REQUIREMENTS)]
    resolved = subprocess.run(command, capture_output=True, text=True)
    assert resolved.returncode == 0, resolved.stderr
    names = [line.split("==")[0] for line in resolved.stdout.splitlines()]
    assert {"tensorflow-cpu", "keras", "numpy", "jupyterlab", "scikit-image"} <= set(names)
    assert not [name for name in names if re.match(r"nvidia|cuda|triton|tensorflow$", name)]


# ---- one core

COUNT_THREADS = """
import json, sys
from collections import Counter
from pathlib import Path
sys.path.insert(0, {course!r})
from helpers.classroom import start
start()
import numpy as np
numbers = np.ones((500, 500)) @ np.ones((500, 500))
from helpers.machine import import_tensorflow
tf = import_tensorflow()
draw = tf.function(lambda x: tf.nn.conv2d(x, tf.ones((5, 5, 64, 64)), 1, "VALID"))
draw(tf.ones((8, 50, 50, 64))).numpy()
rows = tf.data.Dataset.from_generator(
    lambda: iter(np.ones((50, 3))), output_signature=tf.TensorSpec((3,))
)
list(rows.map(lambda x: x + 1, num_parallel_calls=tf.data.AUTOTUNE).prefetch(2))
from helpers.judging import face_rate
face_rate(np.zeros((2, 50, 50, 3), "float32"))
names = [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]
print(json.dumps(Counter(names)))
"""


def threads(command, checkout, variables):
    """A Counter of the threads by name, in a process that does a bit of everything."""
    program = COUNT_THREADS.format(course=str(checkout))
    asked = subprocess.run(
        [*command, "-c", program], env=variables, capture_output=True, text=True, cwd=checkout
    )
    assert asked.returncode == 0, asked.stderr
    return Counter(json.loads(asked.stdout.splitlines()[-1]))


@pytest.mark.skipif(os.cpu_count() == 1, reason="this computer has only one core")
def test_with_a_share_of_one_core_there_are_as_many_threads_as_on_one_core(
    python, checkout, variables
):
    core = str(min(os.sched_getaffinity(0)))
    on_one_core = threads(["taskset", "--cpu-list", core, python], checkout, variables)
    free = threads([python], checkout, variables)
    with seen_container(2 * GIB) as place:
        with_a_share = threads(place.wrapped([python]), checkout, variables)
    assert with_a_share == on_one_core
    assert free.total() > on_one_core.total()  # else this test would show nothing


# ---- 2 GiB


def test_lesson_08_fits_and_a_second_one_says_that_it_will_not_until_the_first_is_shut_down(
    request, python, checkout, variables
):
    forget_pages(python.parent.parent / "lib")
    with container(2 * GIB) as place, contextlib.ExitStack() as stack:
        tell(request, f"Limits of memory and cores by {place.described}.")
        largest = stack.enter_context(largest_use(place))
        stack.enter_context(jupyterlab(place, python, checkout, variables))

        def run_whole(lesson):
            lesson.run()
            used = f"{place.used() / GIB:.2f} GiB, at most {largest[0] / GIB:.2f} so far"
            tell(request, f"With JupyterLab and {lesson.path.stem}: {used}.")
            assert said_by(lesson.cells[0]).count("\n") == 1, "a sentence too much"
            assert faults(lesson.client.nb) == []

        with opened("08", place, python, checkout, variables, before=SHORTER) as eighth:
            run_whole(eighth)
            if place.are_seen:
                with opened("06", place, python, checkout, variables) as sixth:
                    assert_says_that_memory_is_short(sixth.run(until=0))
            assert eighth.is_alive()
        with opened("05", place, python, checkout, variables) as fifth:
            assert said_by(fifth.run(until=0)).count("\n") == 1, "a sentence too much"
        assert place.killed() == 0
        assert largest[0] < 2 * GIB


@contextlib.contextmanager
def memory_held(size, place, python):
    """A process in the container that holds so many bytes, as another lesson's kernel does."""
    program = f"held = bytearray(b'1') * {size}; print('held', flush=True); input()"
    pipe = subprocess.PIPE
    command = place.wrapped([python, "-c", program])
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield
        process.stdin.close()


def test_a_full_step_is_not_tried_where_another_lesson_holds_the_memory(
    python, checkout, variables
):
    """The limit alone would allow it: then the system kills the child, or worse, a kernel."""
    with (
        seen_container(round(1.25 * GIB)) as place,
        memory_held(round(0.7 * GIB), place, python),
        opened("05", place, python, checkout, variables) as lesson,
    ):
        said = said_by(lesson.run(until=lesson.last_cell_with("quarter_step_seconds(")))
        assert "GiB of memory, more than is left here" in said
        assert place.killed() == 0


def assert_says_that_memory_is_short(first_cell):
    sentence = r"^Only \d\.\d GiB of memory is left, and a lesson needs up to \d\.\d GiB: .*\.$"
    assert re.search(sentence, said_by(first_cell), re.M), said_by(first_cell)
    assert said_by(first_cell, "stderr") == ""


@pytest.mark.parametrize("number", ["05", "08"])
def test_a_lesson_that_will_not_fit_says_so_before_it_begins(number, python, checkout, variables):
    with (
        seen_container(GIB // 2) as place,
        opened(number, place, python, checkout, variables) as lesson,
    ):
        assert_says_that_memory_is_short(lesson.run(until=0))
        assert place.killed() == 0
