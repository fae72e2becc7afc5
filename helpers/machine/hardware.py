"""What this computer gives: cores, memory, a GPU, short numbers; a container's limits count.

Importing this module imports no TensorFlow.
"""

import contextlib
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from helpers.machine.container import CGROUP, core_quotas, memory_of_group, read_words

THREAD_POOLS = (  # the sizes of TensorFlow's two, and of those in scikit-image and numpy
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
)


@dataclass(frozen=True)
class Machine:
    """What this computer gives to the lesson; memory in bytes, `gpu` is None without one.

    `bfloat16` says that it can compute with these short numbers, not that they are faster here:
    `faster_precision` finds that out.
    """

    cores: int
    memory: int
    gpu: str | None
    bfloat16: bool

    def sentence(self):
        gpu = self.gpu or "no GPU"
        short = "knows 16-bit numbers (bfloat16)" if self.bfloat16 else "32-bit numbers only"
        cores = "1 core" if self.cores == 1 else f"{self.cores} cores"
        return f"{cores}, {self.memory / 2**30:.1f} GiB of memory, {gpu}, {short}"


def machine():
    """The Machine: the container's limits where there are any, not only the computer's."""
    gpu, gpu_has_bfloat16 = _gpu()
    return Machine(
        cores=core_count(),
        memory=memory_limit(),
        gpu=gpu,
        bfloat16=gpu_has_bfloat16 if gpu else _processor_has_bfloat16(),
    )


def core_count(cgroup=CGROUP):
    """The number of processor cores that this process may use, at least 1."""
    limits = [_visible_cores(), *core_quotas(cgroup)]
    with contextlib.suppress(ValueError):  # set by JupyterHub, and so by Binder
        limits.append(max(1, round(float(os.environ.get("CPU_LIMIT", "")))))
    return min(limits)


def _visible_cores():
    """The cores that this process may be put on: a container's share of them can be smaller."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def make_thread_pools_fit(cgroup=CGROUP):
    """As many threads as `core_count()`, where a container gives less than the cores one sees.

    TensorFlow and numpy count the cores that they see: on a large computer, dozens for a container
    that may use one. They read these variables when they are imported. What is set already stays.
    """
    cores = core_count(cgroup)
    if cores < _visible_cores():
        for name in THREAD_POOLS:
            os.environ.setdefault(name, str(cores))


def memory_limit(cgroup=CGROUP):
    """The bytes of memory that this process may use: the container's limit or the computer's."""
    import psutil

    limits = [psutil.virtual_memory().total, memory_of_group(cgroup)[0]]
    if os.environ.get("MEM_LIMIT", "").isdigit():  # set by JupyterHub, and so by Binder
        limits.append(int(os.environ["MEM_LIMIT"]))
    return int(min(limits))


def memory_for_this_process():
    """The bytes that this process may have: what is left, and what it holds already."""
    import psutil

    return memory_left() + psutil.Process().memory_full_info().uss


def memory_left(cgroup=CGROUP):
    """The bytes of memory that this process may still take, at least 0.

    Other processes count, so other lessons' kernels, too: all in the container, or where only
    JupyterHub tells of a limit, all of this user. Pages of files don't count in a container: the
    system drops them where memory is needed.
    """
    import psutil

    computer = psutil.virtual_memory()
    limit = memory_limit(cgroup)
    left = [computer.available]
    if limit < computer.total:
        group_limit, used = memory_of_group(cgroup)
        if used is None or group_limit >= computer.total:  # only JupyterHub tells of a limit
            used = _memory_of_this_users_processes()
        left.append(limit - used)
    return max(0, min(left))


def _memory_of_this_users_processes():
    import psutil

    me = psutil.Process().username()
    processes = psutil.process_iter(["username", "memory_info"])
    return sum(
        process.info["memory_info"].rss
        for process in processes
        if process.info["username"] == me and process.info["memory_info"]
    )


def _gpu():
    """The name of an NVIDIA GPU and whether it computes in bfloat16; (None, False) without one."""
    if shutil.which("nvidia-smi") is None:
        return None, False
    question = ["nvidia-smi", "--query-gpu=name,compute_cap", "--format=csv,noheader"]
    try:
        answer = subprocess.run(question, capture_output=True, text=True, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None, False
    if answer.returncode != 0 or "," not in answer.stdout:
        return None, False
    name, capability = answer.stdout.splitlines()[0].rsplit(",", 1)
    generation = capability.strip().split(".")[0]  # 8 is Ampere, the first with bfloat16
    return name.strip(), generation.isdigit() and int(generation) >= 8


def lacks_avx():
    """Whether this is a processor for x86 without AVX: TensorFlow's import ends the process there.

    numpy looks at the processor when it is imported, on every system.
    """
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    return not numpy_core().__cpu_features__.get("AVX", True)


def numpy_core():
    """numpy's own module in C, which lies elsewhere in numpy 1."""
    try:
        from numpy._core import _multiarray_umath
    except ImportError:
        from numpy.core import _multiarray_umath
    return _multiarray_umath


def metal_plugin():
    """The version of tensorflow-metal, Apple's code for its GPUs; None where it isn't installed."""
    try:
        return metadata.version("tensorflow-metal")
    except metadata.PackageNotFoundError:
        return None


def _processor_has_bfloat16():
    """Whether the processor has instructions for bfloat16; without them it is always slower."""
    flags = set(read_words(Path("/proc/cpuinfo")))
    return platform.system() == "Linux" and bool(flags & {"avx512_bf16", "amx_bf16"})
