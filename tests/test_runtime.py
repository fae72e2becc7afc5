"""helpers/runtime.py: profiles, limits of a machine, and a quiet import."""

import json
import os
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path
from types import SimpleNamespace

import matplotlib
import psutil
import pytest

from helpers import runtime

ROOT = Path(__file__).parent.parent
NOWHERE = Path("/no/such/folder")


@pytest.fixture(autouse=True)
def no_limits_from_outside(monkeypatch):
    """Each test sets what it needs: nothing comes from the shell that runs it."""
    outside = ("COURSE_PROFILE", "COURSE_PRECISION", "CPU_LIMIT", "MEM_LIMIT")
    for name in (*outside, *runtime.THREAD_POOLS):
        monkeypatch.delenv(name, raising=False)
    with matplotlib.rc_context():  # which runtime.start changes
        yield


def run_python(code, *, path=ROOT):
    """The finished process of this Python code, its standard and its C error stream as text."""
    environment = {**os.environ, "PYTHONPATH": str(path), "PYTHONWARNINGS": "default"}
    environment.pop("TF_CPP_MIN_LOG_LEVEL", None)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )


# Profiles


@pytest.mark.parametrize("name", ["smoke", "workshop", "full"])
def test_each_profile_is_chosen_by_its_name(monkeypatch, name):
    monkeypatch.setenv("COURSE_PROFILE", name)
    assert runtime.profile().name == name


def test_without_a_choice_it_is_the_workshop():
    assert runtime.profile().name == "workshop"


def test_an_unknown_profile_is_a_sentence_that_names_the_known_ones(monkeypatch):
    monkeypatch.setenv("COURSE_PROFILE", "fast")
    with pytest.raises(ValueError, match=r"'fast'.*smoke, workshop, full.*\.$"):
        runtime.profile()


def test_profiles_grow_from_smoke_to_full():
    smoke, workshop, full = (runtime.PROFILES[name] for name in ("smoke", "workshop", "full"))
    for field in ("width", "full_size_steps", "failing_steps", "judged_pictures", "memory"):
        sizes = [getattr(profile, field) for profile in (smoke, workshop, full)]
        assert sizes == sorted(sizes), field
    assert full.width == 1.0


# Cores


def test_without_a_limit_all_allowed_cores_count():
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert runtime.core_count(NOWHERE) == allowed


def test_cores_are_those_this_process_is_bound_to(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(6)), raising=False)
    assert runtime.core_count(NOWHERE) == 6


@pytest.mark.parametrize(
    ("cpu_max", "cores"),
    [
        ("400000 100000", 4),
        ("150000 100000", 2),
        ("50000 100000", 1),
        ("10000 100000", 1),
        ("max 100000", 64),
        ("", 64),
        ("6400000000 100000", 64),
    ],
)
def test_a_containers_share_of_the_processor_is_read(monkeypatch, tmp_path, cpu_max, cores):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    (tmp_path / "cpu.max").write_text(cpu_max + "\n", encoding="utf-8")
    assert runtime.core_count(tmp_path) == cores


@pytest.mark.parametrize(("quota", "cores"), [("300000", 3), ("-1", 64)])
def test_an_older_containers_share_is_read(monkeypatch, tmp_path, quota, cores):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu/cpu.cfs_quota_us").write_text(quota, encoding="utf-8")
    (tmp_path / "cpu/cpu.cfs_period_us").write_text("100000", encoding="utf-8")
    assert runtime.core_count(tmp_path) == cores


@pytest.mark.parametrize(("limit", "cores"), [("1.0", 1), ("0.5", 1), ("2", 2), ("", 8), ("?", 8)])
def test_jupyterhubs_core_limit_is_read(monkeypatch, limit, cores):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setenv("CPU_LIMIT", limit)
    assert runtime.core_count(NOWHERE) == cores


@pytest.mark.parametrize(("bound", "quota", "hub"), [(2, 5, 7), (7, 2, 5), (5, 7, 2)])
def test_the_smallest_core_limit_wins(monkeypatch, tmp_path, bound, quota, hub):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(bound)), raising=False)
    (tmp_path / "cpu.max").write_text(f"{quota}00000 100000", encoding="utf-8")
    monkeypatch.setenv("CPU_LIMIT", str(hub))
    assert runtime.core_count(tmp_path) == 2


# Thread pools


def pool_sizes():
    return [os.environ.get(name) for name in runtime.THREAD_POOLS]


@pytest.fixture
def eight_cores_in_sight(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    for name in runtime.THREAD_POOLS:
        monkeypatch.setenv(name, "")  # so that pytest takes away what the test sets
        monkeypatch.delenv(name)


@pytest.mark.parametrize("quota", ["100000 100000", "50000 100000"])
def test_with_a_share_of_one_core_each_pool_has_one_thread(eight_cores_in_sight, tmp_path, quota):
    (tmp_path / "cpu.max").write_text(quota, encoding="utf-8")
    runtime._make_thread_pools_fit(tmp_path)
    assert pool_sizes() == ["1"] * 4


def test_thread_pools_follow_jupyterhubs_limit(eight_cores_in_sight, monkeypatch):
    monkeypatch.setenv("CPU_LIMIT", "2")
    runtime._make_thread_pools_fit(NOWHERE)
    assert pool_sizes() == ["2"] * 4


def test_without_a_quota_no_thread_pool_is_touched(eight_cores_in_sight):
    runtime._make_thread_pools_fit(NOWHERE)
    assert pool_sizes() == [None] * 4


def test_a_users_own_number_of_threads_stays(eight_cores_in_sight, monkeypatch, tmp_path):
    (tmp_path / "cpu.max").write_text("100000 100000", encoding="utf-8")
    monkeypatch.setenv(runtime.THREAD_POOLS[0], "3")
    runtime._make_thread_pools_fit(tmp_path)
    assert pool_sizes() == ["3", "1", "1", "1"]


@pytest.mark.parametrize("begin", ["runtime.start()", "runtime.import_keras()"])
def test_a_lessons_first_cell_and_the_import_of_keras_make_the_pools_fit(begin):
    cores = runtime._visible_cores()
    if cores == 1:
        pytest.skip("this computer has only one core")
    process = run_python(
        "import os; os.environ['CPU_LIMIT'] = '1'\n"
        "from helpers import runtime\n"
        f"{begin}\n"
        "print([os.environ.get(name) for name in runtime.THREAD_POOLS])\n"
    )
    assert process.stdout.splitlines()[-1] == str(["1"] * 4), process.stderr


# Memory

GIB = 2**30


@pytest.fixture
def computer_with_64_gib(monkeypatch):
    memory = SimpleNamespace(total=64 * GIB, available=60 * GIB)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)


def test_without_a_limit_all_memory_counts(computer_with_64_gib):
    assert runtime.memory_limit(NOWHERE) == 64 * GIB


@pytest.mark.parametrize("name", ["memory.max", "memory/memory.limit_in_bytes"])
def test_a_containers_memory_limit_is_read(computer_with_64_gib, tmp_path, name):
    (tmp_path / "memory").mkdir()
    (tmp_path / name).write_text(f"{2 * GIB}\n", encoding="utf-8")
    assert runtime.memory_limit(tmp_path) == 2 * GIB


@pytest.mark.parametrize("no_limit", ["max", "9223372036854771712", ""])
def test_a_container_without_a_memory_limit_has_the_computers(
    computer_with_64_gib, tmp_path, no_limit
):
    (tmp_path / "memory.max").write_text(no_limit, encoding="utf-8")
    assert runtime.memory_limit(tmp_path) == 64 * GIB


@pytest.mark.parametrize(("container", "hub"), [(2, 3), (3, 2), (2, 100)])
def test_the_smallest_memory_limit_wins(
    computer_with_64_gib, monkeypatch, tmp_path, container, hub
):
    (tmp_path / "memory.max").write_text(str(container * GIB), encoding="utf-8")
    monkeypatch.setenv("MEM_LIMIT", str(hub * GIB))
    assert runtime.memory_limit(tmp_path) == 2 * GIB


def write_group(folder, *, newer, limit, used, files=(0, 0)):
    """A control group's files as version 2 (`newer`) or 1 writes them; all numbers in GiB."""
    place = folder if newer else folder / "memory"
    place.mkdir(exist_ok=True)
    names = ("memory.max", "memory.current")
    if not newer:
        names = ("memory.limit_in_bytes", "memory.usage_in_bytes")
    for name, size in zip(names, (limit, used), strict=True):
        (place / name).write_text(f"{round(size * GIB)}\n", encoding="utf-8")
    prefix = "" if newer else "total_"
    active, inactive = (round(size * GIB) for size in files)
    (place / "memory.stat").write_text(
        f"anon 7\nactive_file 1\n{prefix}active_file {active}\n{prefix}inactive_file {inactive}\n",
        encoding="utf-8",
    )


each_version = pytest.mark.parametrize("newer", [True, False])


def test_without_a_limit_what_the_computer_has_available_is_left(computer_with_64_gib):
    assert runtime.memory_left(NOWHERE) == 60 * GIB


@each_version
def test_what_a_container_uses_is_not_left(computer_with_64_gib, tmp_path, newer):
    write_group(tmp_path, newer=newer, limit=2, used=1.25)
    assert runtime.memory_left(tmp_path) == 0.75 * GIB


@each_version
def test_pages_of_files_are_left_since_they_can_be_dropped(computer_with_64_gib, tmp_path, newer):
    write_group(tmp_path, newer=newer, limit=2, used=1.875, files=(0.5, 0.25))
    assert runtime.memory_left(tmp_path) == 0.875 * GIB


@each_version
def test_no_container_has_less_than_nothing_left(computer_with_64_gib, tmp_path, newer):
    write_group(tmp_path, newer=newer, limit=2, used=2.5)
    assert runtime.memory_left(tmp_path) == 0


@each_version
def test_jupyterhubs_limit_counts_with_the_containers_use(
    computer_with_64_gib, monkeypatch, tmp_path, newer
):
    write_group(tmp_path, newer=newer, limit=4, used=1.5)
    monkeypatch.setenv("MEM_LIMIT", str(2 * GIB))
    assert runtime.memory_left(tmp_path) == 0.5 * GIB


@each_version
def test_what_the_whole_computer_uses_is_not_held_against_jupyterhubs_limit(
    computer_with_64_gib, monkeypatch, tmp_path, newer
):
    write_group(tmp_path, newer=newer, limit=2**33 - 1, used=30)  # version 1 without a container
    monkeypatch.setenv("MEM_LIMIT", str(2 * GIB))
    monkeypatch.setattr(runtime, "_memory_of_this_users_processes", lambda: GIB)
    assert runtime.memory_left(tmp_path) == GIB


def process_of(user, size):
    """What psutil tells of a process: its user, and the GiB that it holds; None where it can't."""
    memory = None if size is None else SimpleNamespace(rss=size * GIB)
    return SimpleNamespace(info={"username": user, "memory_info": memory})


def test_jupyterhubs_limit_alone_counts_with_this_users_processes(
    computer_with_64_gib, monkeypatch
):
    me = psutil.Process().username()
    processes = [process_of(me, 3), process_of(me, 1), process_of("other", 7), process_of(me, None)]
    monkeypatch.setattr(psutil, "process_iter", lambda fields: iter(processes))
    monkeypatch.setenv("MEM_LIMIT", str(32 * GIB))
    assert runtime.memory_left(NOWHERE) == 28 * GIB


def test_the_memory_of_real_processes_is_added_up(monkeypatch):
    """This process and a child that holds 300 MB; others of this user come and go meanwhile."""
    hold = "held = bytearray(300_000_000); print('holds it', flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        child.stdout.readline()
        every = psutil.process_iter
        ours = {os.getpid(), child.pid}
        monkeypatch.setattr(
            psutil, "process_iter", lambda fields: (p for p in every(fields) if p.pid in ours)
        )
        own = psutil.Process().memory_info().rss
        assert runtime._memory_of_this_users_processes() == pytest.approx(own + 3.1e8, rel=0.1)
        child.stdin.close()


def test_a_computer_with_less_available_than_the_container_allows_has_only_that(
    monkeypatch, tmp_path
):
    memory = SimpleNamespace(total=64 * GIB, available=GIB // 2)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    write_group(tmp_path, newer=True, limit=2, used=0.25)
    assert runtime.memory_left(tmp_path) == GIB // 2


@pytest.fixture
def said_at_the_start(monkeypatch, capsys):
    """A function: what a lesson says at its start where so many GiB are left beside its own."""

    def start(left, own=0.0625):
        process = SimpleNamespace(memory_full_info=lambda: SimpleNamespace(uss=own * GIB))
        monkeypatch.setattr(psutil, "Process", lambda: process)
        monkeypatch.setattr(runtime, "memory_left", lambda: left * GIB)
        runtime.start()
        return capsys.readouterr().out

    return start


def test_a_lesson_that_will_not_fit_says_so_and_what_to_do(said_at_the_start):
    said = said_at_the_start(left=0.5)
    assert said.splitlines()[1].startswith("Only 0.6 GiB of memory is left, and a lesson needs")
    assert "shut down the other lessons' kernels" in said
    assert said.count("\n") == 2


def test_a_lesson_that_fits_says_nothing_of_it(said_at_the_start):
    need = runtime.profile().memory
    assert said_at_the_start(left=need).count("\n") == 1


def test_what_a_lesson_holds_already_is_not_missing(said_at_the_start):
    need = runtime.profile().memory
    assert said_at_the_start(left=need / 2, own=need / 2).count("\n") == 1
    assert said_at_the_start(left=need / 2, own=need / 4).count("\n") == 2


# The machine in words


def test_a_machine_is_one_plain_sentence():
    one = runtime.Machine(cores=1, memory=2 * GIB, gpu=None, bfloat16=False)
    assert one.sentence() == "1 core, 2.0 GiB of memory, no GPU, 32-bit numbers only"
    two = runtime.Machine(cores=2, memory=3 * GIB // 2, gpu="NVIDIA L4", bfloat16=True)
    assert "2 cores, 1.5 GiB of memory, NVIDIA L4" in two.sentence()
    assert "bfloat16" in two.sentence()


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ("echo 'NVIDIA A100-SXM4-40GB, 8.0'", ("NVIDIA A100-SXM4-40GB", True)),
        ("echo 'Tesla T4, 7.5'", ("Tesla T4", False)),
        ("echo 'NVIDIA H100, 9.0'; echo 'Tesla T4, 7.5'", ("NVIDIA H100", True)),
        ("echo 'NVIDIA B200, 10.0'", ("NVIDIA B200", True)),
        ("echo 'GRID K1, [N/A]'", ("GRID K1", False)),
        ("echo 'No devices were found'; exit 6", (None, False)),
        ("exit 0", (None, False)),
    ],
)
def test_what_nvidia_smi_says_is_understood(monkeypatch, tmp_path, says, expected):
    program = tmp_path / "nvidia-smi"
    program.write_text(f"#!/bin/sh\n{says}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert runtime._gpu() == expected


# Precision


@pytest.fixture
def timings(monkeypatch):
    """A function that says how long a convolution takes in each type; the list of those asked."""
    asked = []

    def pretend(float32, bfloat16, machine_has_it=True):
        seconds = {"float32": float32, "bfloat16": bfloat16}
        machine = runtime.Machine(cores=2, memory=GIB, gpu=None, bfloat16=machine_has_it)
        monkeypatch.setattr(runtime, "machine", lambda: machine)
        monkeypatch.setattr(
            runtime, "_convolution_seconds", lambda dtype: asked.append(dtype) or seconds[dtype]
        )
        return asked

    runtime._bfloat16_gain.cache_clear()
    yield pretend
    runtime._bfloat16_gain.cache_clear()


@pytest.mark.parametrize(
    ("float32", "bfloat16", "expected"),
    [
        (0.026, 0.010, "mixed_bfloat16"),
        (0.0131, 0.010, "mixed_bfloat16"),
        (0.0129, 0.010, "float32"),  # faster, but not worth its rounding
        (0.010, 0.020, "float32"),  # has the instructions, and is slower with them
    ],
)
def test_short_numbers_only_where_they_are_clearly_faster(timings, float32, bfloat16, expected):
    timings(float32, bfloat16)
    assert runtime.precision() == expected


def test_nothing_is_measured_where_the_machine_has_no_short_numbers(timings):
    asked = timings(float32=1.0, bfloat16=0.1, machine_has_it=False)
    assert runtime.precision() == "float32"
    assert asked == []


def test_each_type_is_measured_once_a_process(timings):
    asked = timings(float32=1.0, bfloat16=0.1)
    assert [runtime.precision() for _ in range(3)] == ["mixed_bfloat16"] * 3
    assert sorted(asked) == ["bfloat16", "float32"]


@pytest.mark.parametrize("chosen", ["float32", "mixed_bfloat16"])
def test_a_chosen_precision_wins_without_measuring(timings, monkeypatch, chosen):
    asked = timings(float32=1.0, bfloat16=1.0)
    monkeypatch.setenv("COURSE_PRECISION", chosen)
    assert runtime.precision() == chosen
    assert asked == []


def test_auto_measures(timings, monkeypatch):
    timings(float32=1.0, bfloat16=0.1)
    monkeypatch.setenv("COURSE_PRECISION", "auto")
    assert runtime.precision() == "mixed_bfloat16"


def test_an_unknown_precision_is_a_sentence(monkeypatch):
    monkeypatch.setenv("COURSE_PRECISION", "float16")
    with pytest.raises(ValueError, match=r"'float16'.*auto, float32 or mixed_bfloat16\.$"):
        runtime.precision()


# The quiet import

IMPORT_AND_REPORT = """
import json, os, sys, time
from helpers import runtime
before = "tensorflow" in sys.modules
keras = runtime.import_keras()
again = runtime.import_keras() is keras
def drawn(seed):
    import random
    import numpy as np
    runtime.set_seed(seed)
    return [random.random(), float(np.random.rand()), float(keras.random.normal(()))]
began = time.perf_counter()
seconds = [runtime._convolution_seconds(dtype) for dtype in ("float32", "bfloat16")]
took = time.perf_counter() - began
print(json.dumps({
    "tensorflow before": before, "same module": again, "backend": keras.backend.backend(),
    "draws": [drawn(1), drawn(1), drawn(2)], "seconds": seconds, "took": took,
    "convolutions": os.environ.get("TF_ENABLE_ONEDNN_OPTS"),
}))
"""


@pytest.fixture(scope="module")
def keras_process():
    """What a fresh process says that imports Keras through the helper: (report, process)."""
    process = run_python(IMPORT_AND_REPORT)
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout.splitlines()[-1]), process


def test_importing_runtime_imports_no_tensorflow(keras_process):
    report, _ = keras_process
    assert report["tensorflow before"] is False


def test_keras_comes_on_tensorflow_and_is_the_same_each_time(keras_process):
    report, _ = keras_process
    assert report["backend"] == "tensorflow"
    assert report["same module"]


def test_the_import_and_the_first_computation_write_nothing_to_the_error_stream(keras_process):
    report, process = keras_process
    assert process.stderr == ""
    assert len(process.stdout.splitlines()) == 1


def test_one_seed_gives_the_same_numbers_everywhere(keras_process):
    first, again, other = keras_process[0]["draws"]
    assert first == again
    assert all(a != b for a, b in zip(first, other, strict=True))


def test_a_real_measurement_is_short(keras_process):
    report, _ = keras_process
    assert all(0 < seconds < report["took"] / 4 for seconds in report["seconds"])
    assert report["took"] < 10  # about 0.5 s; other work may run beside the test


@pytest.mark.parametrize(
    ("processor", "set_before", "set_after"),
    [("x86_64", None, "1"), ("AMD64", None, "1"), ("arm64", None, None), ("x86_64", "0", "0")],
)
def test_intels_convolutions_are_asked_for_where_they_exist(
    processor, set_before, set_after, monkeypatch
):
    monkeypatch.setattr("platform.machine", lambda: processor)
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", set_before or "")
    if set_before is None:
        monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS")
    runtime._ask_for_fast_convolutions()
    assert os.environ.get("TF_ENABLE_ONEDNN_OPTS") == set_after


def test_the_import_asks_for_them(keras_process):
    assert keras_process[0]["convolutions"] == ("1" if is_intel_or_amd() else None)


def is_intel_or_amd():
    return platform.machine() in ("x86_64", "AMD64")


def test_what_a_failing_import_says_is_shown(tmp_path):
    (tmp_path / "keras.py").write_text(
        "import os\n"
        "os.write(2, b'libtensorflow: cannot open shared object file\\n')\n"
        "raise ImportError('Keras is broken')\n",
        encoding="utf-8",
    )
    process = run_python(
        f"import sys; sys.path.append({str(ROOT)!r})\n"
        "from helpers import runtime\n"
        "try:\n"
        "    runtime.import_keras()\n"
        "except ImportError as error:\n"
        "    print('caught:', error)\n"
        "import os; os.write(2, b'the error stream is back\\n')\n",
        path=tmp_path,
    )
    assert process.returncode == 0
    assert process.stdout.strip() == "caught: Keras is broken"
    assert process.stderr.splitlines() == [
        "libtensorflow: cannot open shared object file",
        "the error stream is back",
    ]


def test_what_a_good_import_says_is_not_shown(tmp_path):
    (tmp_path / "keras.py").write_text("import os\nos.write(2, b'chatter\\n')\n", encoding="utf-8")
    process = run_python(
        f"import sys; sys.path.append({str(ROOT)!r})\n"
        "from helpers import runtime\n"
        "runtime.import_keras()\n",
        path=tmp_path,
    )
    assert (process.returncode, process.stderr) == (0, "")


def test_a_lesson_starts_with_its_profile_and_machine(monkeypatch, capsys):
    monkeypatch.setenv("COURSE_PROFILE", "smoke")
    runtime.start()
    said = capsys.readouterr().out
    assert said.startswith("Profile: smoke. Machine: ")
    assert said.count("\n") == 1


def test_after_the_start_a_lessons_own_figures_have_the_courses_look():
    matplotlib.rcdefaults()
    runtime.start()
    look = {name: matplotlib.rcParams[name] for name in runtime.FIGURE_STYLE}
    assert look == {"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}


def test_the_start_loads_nothing_that_takes_long():
    """The fonts, for example: where they are listed for the first time, matplotlib says so."""
    process = run_python(
        "import sys; from helpers import runtime\n"
        "runtime.start()\n"
        "sys.exit(str({'matplotlib.pyplot', 'keras', 'tensorflow'} & set(sys.modules)))\n"
    )
    assert process.stderr.strip() == "set()"


def test_keras_on_another_backend_is_told_in_a_sentence(tmp_path):
    (tmp_path / "keras.py").write_text(
        "import os\n"
        "class backend:\n"
        "    backend = staticmethod(lambda: os.environ['KERAS_BACKEND'])\n",
        encoding="utf-8",
    )
    program = (
        f"import os, sys; sys.path.append({str(ROOT)!r})\n"
        "os.environ['KERAS_BACKEND'] = '{backend}'\n"
        "import keras\n"
        "from helpers import runtime\n"
        "assert runtime.import_keras() is keras\n"
    )
    process = run_python(program.format(backend="jax"), path=tmp_path)
    assert process.returncode != 0
    assert "RuntimeError: Keras was imported before the course, and runs on jax" in process.stderr
    assert "Restart the kernel" in process.stderr
    process = run_python(program.format(backend="tensorflow"), path=tmp_path)
    assert process.returncode == 0, process.stderr


def test_a_backend_that_is_only_wished_for_is_tensorflow_all_the_same(tmp_path):
    (tmp_path / "keras.py").write_text(
        "import os; print(os.environ['KERAS_BACKEND'])", encoding="utf-8"
    )
    process = run_python(
        f"import os, sys; sys.path.append({str(ROOT)!r})\n"
        "os.environ['KERAS_BACKEND'] = 'jax'\n"
        "from helpers import runtime\n"
        "runtime.import_keras()\n",
        path=tmp_path,
    )
    assert process.stdout.strip() == "tensorflow", process.stderr


def test_versions_are_those_that_are_imported():
    import numpy

    versions = runtime.versions()
    assert versions["numpy"] == numpy.__version__
    assert versions["python"] == ".".join(map(str, sys.version_info[:3]))
    assert set(versions) == {"python", "tensorflow", "keras", "numpy"}


def test_tensorflows_version_is_told_whatever_its_package_is_called(monkeypatch):
    """On Binder it is called tensorflow-cpu."""
    import tensorflow

    def version(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", version)
    assert runtime.versions()["tensorflow"] == tensorflow.__version__
