"""Cores, memory, GPU and thread pools: what a computer gives, and what its container allows."""

import os
import platform
import subprocess
import sys
from importlib import metadata
from types import SimpleNamespace

import psutil
import pytest

from helpers.machine import (
    Machine,
    core_count,
    hardware,
    machine,
    make_thread_pools_fit,
    memory_left,
    memory_limit,
)
from helpers.machine.hardware import THREAD_POOLS
from tests.machine.computers import GIB, NOWHERE

# Cores


def test_without_a_limit_all_allowed_cores_count():
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    assert core_count(NOWHERE) == allowed


def test_cores_are_those_this_process_is_bound_to(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(6)), raising=False)
    assert core_count(NOWHERE) == 6


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
    assert core_count(tmp_path) == cores


@pytest.mark.parametrize(("quota", "cores"), [("300000", 3), ("-1", 64)])
def test_an_older_containers_share_is_read(monkeypatch, tmp_path, quota, cores):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(64)), raising=False)
    (tmp_path / "cpu").mkdir()
    (tmp_path / "cpu/cpu.cfs_quota_us").write_text(quota, encoding="utf-8")
    (tmp_path / "cpu/cpu.cfs_period_us").write_text("100000", encoding="utf-8")
    assert core_count(tmp_path) == cores


@pytest.mark.parametrize(("limit", "cores"), [("1.0", 1), ("0.5", 1), ("2", 2), ("", 8), ("?", 8)])
def test_jupyterhubs_core_limit_is_read(monkeypatch, limit, cores):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)
    monkeypatch.setenv("CPU_LIMIT", limit)
    assert core_count(NOWHERE) == cores


@pytest.mark.parametrize(("bound", "quota", "hub"), [(2, 5, 7), (7, 2, 5), (5, 7, 2)])
def test_the_smallest_core_limit_wins(monkeypatch, tmp_path, bound, quota, hub):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(bound)), raising=False)
    (tmp_path / "cpu.max").write_text(f"{quota}00000 100000", encoding="utf-8")
    monkeypatch.setenv("CPU_LIMIT", str(hub))
    assert core_count(tmp_path) == 2


# Thread pools


def pool_sizes():
    return [os.environ.get(name) for name in THREAD_POOLS]


@pytest.fixture
def eight_cores_in_sight(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)


@pytest.mark.parametrize("quota", ["100000 100000", "50000 100000"])
def test_with_a_share_of_one_core_each_pool_has_one_thread(eight_cores_in_sight, tmp_path, quota):
    (tmp_path / "cpu.max").write_text(quota, encoding="utf-8")
    make_thread_pools_fit(tmp_path)
    assert pool_sizes() == ["1"] * 4


def test_thread_pools_follow_jupyterhubs_limit(eight_cores_in_sight, monkeypatch):
    monkeypatch.setenv("CPU_LIMIT", "2")
    make_thread_pools_fit(NOWHERE)
    assert pool_sizes() == ["2"] * 4


def test_without_a_quota_no_thread_pool_is_touched(eight_cores_in_sight):
    make_thread_pools_fit(NOWHERE)
    assert pool_sizes() == [None] * 4


def test_a_users_own_number_of_threads_stays(eight_cores_in_sight, monkeypatch, tmp_path):
    (tmp_path / "cpu.max").write_text("100000 100000", encoding="utf-8")
    monkeypatch.setenv(THREAD_POOLS[0], "3")
    make_thread_pools_fit(tmp_path)
    assert pool_sizes() == ["3", "1", "1", "1"]


# Memory


@pytest.fixture
def computer_with_64_gib(monkeypatch):
    memory = SimpleNamespace(total=64 * GIB, available=60 * GIB)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)


def test_without_a_limit_all_memory_counts(computer_with_64_gib):
    assert memory_limit(NOWHERE) == 64 * GIB


@pytest.mark.parametrize("name", ["memory.max", "memory/memory.limit_in_bytes"])
def test_a_containers_memory_limit_is_read(computer_with_64_gib, tmp_path, name):
    (tmp_path / "memory").mkdir()
    (tmp_path / name).write_text(f"{2 * GIB}\n", encoding="utf-8")
    assert memory_limit(tmp_path) == 2 * GIB


@pytest.mark.parametrize("no_limit", ["max", "9223372036854771712", ""])
def test_a_container_without_a_memory_limit_has_the_computers(
    computer_with_64_gib, tmp_path, no_limit
):
    (tmp_path / "memory.max").write_text(no_limit, encoding="utf-8")
    assert memory_limit(tmp_path) == 64 * GIB


@pytest.mark.parametrize(("container", "hub"), [(2, 3), (3, 2), (2, 100)])
def test_the_smallest_memory_limit_wins(
    computer_with_64_gib, monkeypatch, tmp_path, container, hub
):
    (tmp_path / "memory.max").write_text(str(container * GIB), encoding="utf-8")
    monkeypatch.setenv("MEM_LIMIT", str(hub * GIB))
    assert memory_limit(tmp_path) == 2 * GIB


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


def process_of(user, size):
    """What psutil tells of a process: its user, and the GiB that it holds; None where it can't."""
    memory = None if size is None else SimpleNamespace(rss=size * GIB)
    return SimpleNamespace(info={"username": user, "memory_info": memory})


def pretend_processes(monkeypatch, *processes):
    monkeypatch.setattr(psutil, "process_iter", lambda fields: iter(processes))


each_version = pytest.mark.parametrize("newer", [True, False])


def test_without_a_limit_what_the_computer_has_available_is_left(computer_with_64_gib):
    assert memory_left(NOWHERE) == 60 * GIB


@each_version
def test_what_a_container_uses_is_not_left(computer_with_64_gib, tmp_path, newer):
    write_group(tmp_path, newer=newer, limit=2, used=1.25)
    assert memory_left(tmp_path) == 0.75 * GIB


@each_version
def test_pages_of_files_are_left_since_they_can_be_dropped(computer_with_64_gib, tmp_path, newer):
    write_group(tmp_path, newer=newer, limit=2, used=1.875, files=(0.5, 0.25))
    assert memory_left(tmp_path) == 0.875 * GIB


@each_version
def test_no_container_has_less_than_nothing_left(computer_with_64_gib, tmp_path, newer):
    write_group(tmp_path, newer=newer, limit=2, used=2.5)
    assert memory_left(tmp_path) == 0


@each_version
def test_jupyterhubs_limit_counts_with_the_containers_use(
    computer_with_64_gib, monkeypatch, tmp_path, newer
):
    write_group(tmp_path, newer=newer, limit=4, used=1.5)
    monkeypatch.setenv("MEM_LIMIT", str(2 * GIB))
    assert memory_left(tmp_path) == 0.5 * GIB


@each_version
def test_what_the_whole_computer_uses_is_not_held_against_jupyterhubs_limit(
    computer_with_64_gib, monkeypatch, tmp_path, newer
):
    write_group(tmp_path, newer=newer, limit=2**33 - 1, used=30)  # version 1 without a container
    monkeypatch.setenv("MEM_LIMIT", str(2 * GIB))
    pretend_processes(monkeypatch, process_of(psutil.Process().username(), 1))
    assert memory_left(tmp_path) == GIB


def test_jupyterhubs_limit_alone_counts_with_this_users_processes(
    computer_with_64_gib, monkeypatch
):
    me = psutil.Process().username()
    processes = [process_of(me, 3), process_of(me, 1), process_of("other", 7), process_of(me, None)]
    pretend_processes(monkeypatch, *processes)
    monkeypatch.setenv("MEM_LIMIT", str(32 * GIB))
    assert memory_left(NOWHERE) == 28 * GIB


def test_the_memory_of_a_real_process_is_not_left(computer_with_64_gib, monkeypatch):
    """A child that holds 300 MB beside this process; others of this user come and go meanwhile."""
    hold = "held = bytearray(300_000_000); print('holds it', flush=True); input()"
    monkeypatch.setenv("MEM_LIMIT", str(32 * GIB))
    every, ours = psutil.process_iter, {os.getpid()}
    monkeypatch.setattr(
        psutil, "process_iter", lambda fields: (p for p in every(fields) if p.pid in ours)
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        child.stdout.readline()
        without = memory_left(NOWHERE)
        ours.add(child.pid)
        taken = without - memory_left(NOWHERE)
        child.stdin.close()
    own = 32 * GIB - without
    assert own == pytest.approx(psutil.Process().memory_info().rss, rel=0.1)
    assert taken == pytest.approx(3.1e8, rel=0.1)


def test_a_computer_with_less_available_than_the_container_allows_has_only_that(
    monkeypatch, tmp_path
):
    memory = SimpleNamespace(total=64 * GIB, available=GIB // 2)
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    write_group(tmp_path, newer=True, limit=2, used=0.25)
    assert memory_left(tmp_path) == GIB // 2


# The machine in words


def test_a_machine_is_one_plain_sentence():
    one = Machine(cores=1, memory=2 * GIB, gpu=None, bfloat16=False)
    assert one.sentence() == "1 core, 2.0 GiB of memory, no GPU, 32-bit numbers only"
    two = Machine(cores=2, memory=3 * GIB // 2, gpu="NVIDIA L4", bfloat16=True)
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
    monkeypatch.setattr("platform.system", lambda: "Darwin")  # where no processor has bfloat16
    found = machine()
    assert (found.gpu, found.bfloat16) == expected


@pytest.mark.parametrize(
    ("system", "flags", "has_it"),
    [
        ("Linux", "fpu avx512f avx512_bf16", True),
        ("Linux", "fpu amx_tile amx_bf16", True),
        ("Linux", "fpu avx512f avx2", False),
        ("Linux", "", False),
        ("Windows", "fpu avx512_bf16", False),
    ],
)
def test_without_a_gpu_the_processor_decides_on_short_numbers(
    monkeypatch, tmp_path, system, flags, has_it
):
    monkeypatch.setenv("PATH", str(tmp_path))  # without nvidia-smi
    monkeypatch.setattr("platform.system", lambda: system)
    monkeypatch.setattr(hardware, "read_words", lambda path: flags.split())
    found = machine()
    assert (found.gpu, found.bfloat16) == (None, has_it)


@pytest.mark.parametrize(
    ("processor", "features", "lacks"),
    [
        ("x86_64", {"AVX": True}, False),
        ("AMD64", {"AVX": False}, True),  # Windows writes it so
        ("arm64", {"AVX": False}, False),  # no such processor has it, and TensorFlow needs none
        ("x86_64", {}, False),  # numpy does not say: then TensorFlow is tried
    ],
)
def test_an_old_processor_is_known_before_tensorflow_ends_the_process(
    monkeypatch, processor, features, lacks
):
    core = hardware.numpy_core()
    monkeypatch.setattr(platform, "machine", lambda: processor)
    monkeypatch.setattr(core, "__cpu_features__", features)
    assert hardware.lacks_avx() is lacks


def test_this_processor_has_avx():
    """TensorFlow runs here, so it must have."""
    assert not hardware.lacks_avx()


def test_apples_code_for_gpus_is_known(monkeypatch):
    assert hardware.metal_plugin() is None
    monkeypatch.setattr(metadata, "version", {"tensorflow-metal": "1.2.0"}.__getitem__)
    assert hardware.metal_plugin() == "1.2.0"
