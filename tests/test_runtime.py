"""helpers/runtime.py: profiles, limits of a machine, and a quiet import."""

import json
import os
import platform
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from helpers import runtime

ROOT = Path(__file__).parent.parent
NOWHERE = Path("/no/such/folder")


@pytest.fixture(autouse=True)
def no_limits_from_outside(monkeypatch):
    """Each test sets what it needs: nothing comes from the shell that runs it."""
    for name in ("COURSE_PROFILE", "COURSE_PRECISION", "CPU_LIMIT", "MEM_LIMIT"):
        monkeypatch.delenv(name, raising=False)


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
    for field in ("width", "full_size_steps", "failing_steps", "tuned_steps", "judged_pictures"):
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
    (tmp_path / "cpu.max").write_text(cpu_max + "\n")
    assert runtime.core_count(tmp_path) == cores


@pytest.mark.parametrize(("quota", "cores"), [("300000", 3), ("-1", 64)])
def test_an_older_containers_share_is_read(monkeypatch, tmp_path, quota, cores):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu/cpu.cfs_quota_us").write_text(quota)
    (tmp_path / "cpu/cpu.cfs_period_us").write_text("100000")
    assert runtime.core_count(tmp_path) == cores


@pytest.mark.parametrize(("limit", "cores"), [("1.0", 1), ("0.5", 1), ("2", 2), ("", 8), ("?", 8)])
def test_jupyterhubs_core_limit_is_read(monkeypatch, limit, cores):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setenv("CPU_LIMIT", limit)
    assert runtime.core_count(NOWHERE) == cores


@pytest.mark.parametrize(("bound", "quota", "hub"), [(2, 5, 7), (7, 2, 5), (5, 7, 2)])
def test_the_smallest_core_limit_wins(monkeypatch, tmp_path, bound, quota, hub):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(bound)), raising=False)
    (tmp_path / "cpu.max").write_text(f"{quota}00000 100000")
    monkeypatch.setenv("CPU_LIMIT", str(hub))
    assert runtime.core_count(tmp_path) == 2


# Memory

GIB = 2**30


@pytest.fixture
def computer_with_64_gib(monkeypatch):
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(total=64 * GIB))


def test_without_a_limit_all_memory_counts(computer_with_64_gib):
    assert runtime.memory_limit(NOWHERE) == 64 * GIB


@pytest.mark.parametrize("name", ["memory.max", "memory/memory.limit_in_bytes"])
def test_a_containers_memory_limit_is_read(computer_with_64_gib, tmp_path, name):
    (tmp_path / "memory").mkdir()
    (tmp_path / name).write_text(f"{2 * GIB}\n")
    assert runtime.memory_limit(tmp_path) == 2 * GIB


@pytest.mark.parametrize("no_limit", ["max", "9223372036854771712", ""])
def test_a_container_without_a_memory_limit_has_the_computers(
    computer_with_64_gib, tmp_path, no_limit
):
    (tmp_path / "memory.max").write_text(no_limit)
    assert runtime.memory_limit(tmp_path) == 64 * GIB


@pytest.mark.parametrize(("container", "hub"), [(2, 3), (3, 2), (2, 100)])
def test_the_smallest_memory_limit_wins(
    computer_with_64_gib, monkeypatch, tmp_path, container, hub
):
    (tmp_path / "memory.max").write_text(str(container * GIB))
    monkeypatch.setenv("MEM_LIMIT", str(hub * GIB))
    assert runtime.memory_limit(tmp_path) == 2 * GIB


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
    program.write_text(f"#!/bin/sh\n{says}\n")
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
        "raise ImportError('Keras is broken')\n"
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
    (tmp_path / "keras.py").write_text("import os\nos.write(2, b'chatter\\n')\n")
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


def test_versions_are_those_that_are_imported():
    import numpy

    versions = runtime.versions()
    assert versions["numpy"] == numpy.__version__
    assert versions["python"] == ".".join(map(str, sys.version_info[:3]))
    assert set(versions) == {"python", "tensorflow", "keras", "numpy"}
