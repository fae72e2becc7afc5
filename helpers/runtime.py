"""Where a lesson runs: its profile, the machine and its limits, and a quiet import of TensorFlow.

Importing this module imports no TensorFlow.
"""

import contextlib
import ctypes
import logging
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY_FOLDER = Path(__file__).parent.parent
RUNS_FOLDER = REPOSITORY_FOLDER / "runs"
SETTERS_OF_THE_LOG_LEVEL = (  # absl::SetMinLogLevel in TensorFlow 2.18 and 2.19, and in 2.20
    "_ZN4absl12lts_2023080214SetMinLogLevelENS0_18LogSeverityAtLeastE",
    "_ZN4absl12lts_2025012714SetMinLogLevelENS0_18LogSeverityAtLeastE",
)
WORTHWHILE_GAIN = 1.3  # short numbers must be so many times as fast before a net uses them
CGROUP = Path("/sys/fs/cgroup")  # where Linux tells a container its limits
THREAD_POOLS = (  # the sizes of TensorFlow's two, and of those in scikit-image and numpy
    "TF_NUM_INTRAOP_THREADS",
    "TF_NUM_INTEROP_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
)
# How the course's figures differ from matplotlib's own look.
FIGURE_STYLE = {"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}


@dataclass(frozen=True)
class Profile:
    """How much a lesson does: everything that decides its minutes stands in this table."""

    name: str
    width: float  # filters of the nets that are trained, as a share of the chapter's
    full_size_steps: int  # steps of the chapter's full nets, to feel what one costs
    discriminator_steps: int  # lesson 03: photographs against noise
    failing_steps: int  # lesson 05: as printed, and mended
    tuned_steps: int  # lesson 05: tuned
    handover_steps: int  # lesson 05: the engine, beside the loop
    early_steps: int  # lesson 06: the compact nets, for pictures that are not yet good
    compact_minutes: float  # lessons 06 and 08: the training of the compact nets
    question_seconds: float  # lesson 08: each of its small trainings
    picture_every: int  # steps between two saved pictures
    judged_pictures: int  # pictures shown to the face detector
    memory: float  # GiB that lesson 05, the largest, takes: 0.3 of them TensorFlow's files


PROFILES = {
    # 60 steps in lesson 03: a narrow net learns slowly
    "smoke": Profile("smoke", 1 / 32, 0, 60, 5, 8, 4, 2, 0.03, 0.5, 4, 8, 1.0),
    "workshop": Profile("workshop", 1 / 8, 2, 30, 300, 800, 50, 100, 2, 25, 50, 100, 1.1),
    "full": Profile("full", 1.0, 10, 100, 1000, 5000, 50, 100, 5, 25, 100, 200, 3.5),
}


def profile():
    """The chosen Profile: `COURSE_PROFILE` is smoke, workshop (the default) or full.

    Raises: ValueError where the variable holds another word.
    """
    name = os.environ.get("COURSE_PROFILE", "workshop")
    if name not in PROFILES:
        raise ValueError(
            f"COURSE_PROFILE is {name!r}, but it can only be one of: {', '.join(PROFILES)}. "
            "Set it to one of these, or remove it to get the workshop profile."
        )
    return PROFILES[name]


@dataclass(frozen=True)
class Machine:
    """What this computer gives to the lesson; memory in bytes, `gpu` is None without one.

    `bfloat16` says that it can compute with these short numbers, not that they are faster here:
    `precision` measures that.
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
    limits = [_visible_cores()]
    older = cgroup / "cpu"  # where control groups of version 1 keep quota and period
    quotas = [
        _read_words(cgroup / "cpu.max"),
        _read_words(older / "cpu.cfs_quota_us") + _read_words(older / "cpu.cfs_period_us"),
    ]
    for quota in quotas:
        if len(quota) == 2 and quota[0].isdigit():  # "max" and -1 stand for no limit
            limits.append(max(1, round(int(quota[0]) / int(quota[1]))))
    with contextlib.suppress(ValueError):  # set by JupyterHub, and so by Binder
        limits.append(max(1, round(float(os.environ.get("CPU_LIMIT", "")))))
    return min(limits)


def _visible_cores():
    """The cores that this process may be put on: a container's share of them can be smaller."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _make_thread_pools_fit(cgroup=CGROUP):
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

    limits = [psutil.virtual_memory().total, _memory_of_group(cgroup)[0]]
    if os.environ.get("MEM_LIMIT", "").isdigit():  # set by JupyterHub, and so by Binder
        limits.append(int(os.environ["MEM_LIMIT"]))
    return int(min(limits))


def memory_left(cgroup=CGROUP):
    """The bytes of memory that this process may still take, at least 0.

    Every process in the container counts, so other lessons' kernels, too. Pages of files don't:
    the system drops them where memory is needed.
    """
    import psutil

    computer = psutil.virtual_memory()
    limit = memory_limit(cgroup)
    left = [computer.available]
    if limit < computer.total:
        group_limit, used = _memory_of_group(cgroup)
        if used is None or group_limit >= computer.total:  # only JupyterHub tells of a limit
            used = _memory_of_this_users_processes()
        left.append(limit - used)
    return max(0, min(left))


def _memory_of_group(cgroup):
    """(limit, used) of a container's control group, in bytes: infinite, None where it tells none.

    `used` is without the pages of files.
    """
    limit, used = float("inf"), None
    older = cgroup / "memory"  # where control groups of version 1 keep it
    for limit_path, used_path, prefix in (
        (cgroup / "memory.max", cgroup / "memory.current", ""),
        (older / "memory.limit_in_bytes", older / "memory.usage_in_bytes", "total_"),
    ):
        for word in filter(str.isdigit, _read_words(limit_path)):  # "max" stands for no limit
            limit = min(limit, int(word))
        for word in filter(str.isdigit, _read_words(used_path)):
            words = _read_words(used_path.with_name("memory.stat"))
            sizes = dict(zip(words[::2], words[1::2], strict=False))
            files = [sizes.get(f"{prefix}{kind}_file", 0) for kind in ("active", "inactive")]
            used = int(word) - sum(map(int, files))
    return limit, used


def _memory_of_this_users_processes():
    import psutil

    me = psutil.Process().username()
    processes = psutil.process_iter(["username", "memory_info"])
    return sum(
        process.info["memory_info"].rss
        for process in processes
        if process.info["username"] == me and process.info["memory_info"]
    )


def _read_words(path):
    try:
        return path.read_text(encoding="utf-8").split()
    except OSError:
        return []


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


def _processor_has_bfloat16():
    """Whether the processor has instructions for bfloat16; without them it is always slower."""
    flags = set(_read_words(Path("/proc/cpuinfo")))
    return platform.system() == "Linux" and bool(flags & {"avx512_bf16", "amx_bf16"})


def precision():
    """`"mixed_bfloat16"` where the machine is clearly faster with it, else `"float32"`.

    A processor may have the instructions and still be slower with them, so where the machine has
    bfloat16 a convolution is timed, once a process: that imports TensorFlow and takes about a
    second. `COURSE_PRECISION=float32` or `mixed_bfloat16` decides without measuring.
    """
    chosen = os.environ.get("COURSE_PRECISION", "auto")
    if chosen not in ("auto", "float32", "mixed_bfloat16"):
        raise ValueError(
            f"COURSE_PRECISION is {chosen!r}, but it can only be auto, float32 or mixed_bfloat16."
        )
    if chosen != "auto":
        return chosen
    if machine().bfloat16 and _bfloat16_gain() >= WORTHWHILE_GAIN:
        return "mixed_bfloat16"
    return "float32"


@cache
def _bfloat16_gain():
    """How many times as fast as in float32 a convolution is in bfloat16."""
    return _convolution_seconds("float32") / _convolution_seconds("bfloat16")


def _convolution_seconds(dtype, rounds=4):
    """The seconds of a 5 × 5 convolution on pictures of 50 × 50: the best round after a warm-up."""
    import_keras()
    import tensorflow as tf

    # A GPU gets more work: else the time to start it, the same in both types, hides the difference.
    pictures, channels, repeats = (20, 256, 10) if computes_on_gpu() else (8, 64, 1)
    inputs = tf.ones((pictures, 50, 50, channels), dtype)
    kernel = tf.ones((5, 5, channels, channels), dtype)
    seconds = []
    for _ in range(1 + rounds):
        began = time.perf_counter()
        for _ in range(repeats):
            outputs = tf.nn.conv2d(inputs, kernel, strides=1, padding="VALID")
        outputs[0, 0, 0, 0].numpy()  # waits until the GPU has done all of it
        seconds.append(time.perf_counter() - began)
    return min(seconds[1:])


def computes_on_gpu():
    """Whether TensorFlow has found a GPU that it can use: then it computes there."""
    import_keras()
    import tensorflow as tf

    return bool(tf.config.list_physical_devices("GPU"))


def import_keras():
    """Keras on TensorFlow, imported without the lines that TensorFlow prints at its import.

    TensorFlow writes them to the process's own error stream, whatever the log level, so that
    stream is turned aside during the import only. If the import fails they are shown.

    Raises: RuntimeError where Keras was imported before on another backend: it can't change it.
    """
    if "keras" in sys.modules:
        _check_backend(sys.modules["keras"])
    else:
        os.environ["KERAS_BACKEND"] = "tensorflow"  # over another choice: the course needs this one
        _make_thread_pools_fit()
        _ask_for_fast_convolutions()
        # Level 3 hides two "errors" that are none: no GPU found, and a fusion left out. What really
        # fails raises a Python exception all the same.
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
        with tempfile.TemporaryFile() as caught:
            real_stream = os.dup(2)
            os.dup2(caught.fileno(), 2)
            try:
                import keras

                _set_log_level()
            except BaseException:
                caught.seek(0)
                os.write(real_stream, caught.read())
                raise
            finally:
                os.dup2(real_stream, 2)
                os.close(real_stream)
    import keras

    # A lesson builds the same nets several times; TensorFlow would advise against that each time.
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    return keras


def _check_backend(keras):
    backend = keras.backend.backend()
    if backend != "tensorflow":
        raise RuntimeError(
            f"Keras was imported before the course, and runs on {backend}, but the course needs it "
            "on TensorFlow. Restart the kernel (menu Kernel, Restart Kernel), and run the lesson's "
            "first cells before you import Keras."
        )


def _set_log_level():
    """Make TensorFlow 2.18 to 2.20 heed `TF_CPP_MIN_LOG_LEVEL`, as 2.21 does by itself.

    Most of their messages come by a library, Abseil, that nobody tells of the level
    (github.com/tensorflow/tensorflow/issues/100442). A graph's optimisation that was left out
    would be a red box. Where the library can't be asked, the messages stay.
    """
    import tensorflow as tf

    folder = Path(tf.sysconfig.get_lib())
    for library in sorted(folder.glob("libtensorflow_framework.*")):
        for name in SETTERS_OF_THE_LOG_LEVEL:
            with contextlib.suppress(OSError, AttributeError, ValueError):
                getattr(ctypes.CDLL(str(library)), name)(int(os.environ["TF_CPP_MIN_LOG_LEVEL"]))


def _ask_for_fast_convolutions():
    """Intel's convolutions (oneDNN), which TensorFlow takes by itself only on some processors.

    On the others, laptops with AVX2 among them, a training is faster with them: on two
    cores of an AMD EPYC (Zen 3) a compact step took 56 ms with them and 140 without.
    """
    if platform.machine() in ("x86_64", "AMD64"):
        os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


def progress_is_silent():
    """Whether progress bars stay away: where `TQDM_DISABLE` is set.

    tqdm's bars for terminals heed it by themselves, those for notebooks don't.
    """
    return os.environ.get("TQDM_DISABLE", "") not in ("", "0")


def versions():
    """The versions of Python and of what a training is computed with, by name."""
    keras = import_keras()
    import numpy
    import tensorflow  # asked itself: its package has another name on Binder (tensorflow-cpu)

    told = {module.__name__: module.__version__ for module in (tensorflow, keras, numpy)}
    return {"python": platform.python_version(), **told}


def duration(seconds):
    """A planned time in words: 15 gives "15 seconds", 60 "1 minute", 90 "1.5 minutes"."""
    if seconds < 60:
        return f"{seconds:g} seconds"
    return "1 minute" if seconds == 60 else f"{seconds / 60:g} minutes"


def where_and_when():
    """This machine, the versions and the date, in one line: it stands beside what was measured."""
    told = ", ".join(f"{name} {number}" for name, number in versions().items())
    return f"{machine().sentence()}; {told}; {time.strftime('%Y-%m-%d')}"


def set_seed(seed):
    """One seed for Python's, numpy's and TensorFlow's randomness."""
    import_keras().utils.set_random_seed(seed)


def new_run_folder(name):
    """The path of a folder that does not exist yet, `runs/<name>_001` and so on.

    No run is ever written over an older one.
    """
    taken = [int(path.name[-3:]) for path in RUNS_FOLDER.glob(f"{name}_[0-9][0-9][0-9]")]
    return RUNS_FOLDER / f"{name}_{max(taken, default=0) + 1:03}"


def start():
    """Say in which profile and on which machine the lesson runs. Each lesson begins with it.

    Where less memory is left than a lesson needs, a second sentence says so before it begins.
    From here on the figures that the lesson draws itself have the course's look, `FIGURE_STYLE`:
    matplotlib.rcdefaults() takes it away.
    """
    _make_thread_pools_fit()
    import matplotlib  # it brings numpy, which counts its threads when it is imported

    matplotlib.rcParams.update(FIGURE_STYLE)
    chosen = profile()
    print(f"Profile: {chosen.name}. Machine: {machine().sentence()}.")
    if too_little := _too_little_memory(chosen):
        print(too_little)


def _too_little_memory(chosen):
    """A sentence where this lesson can't have the memory that it needs, else None."""
    import psutil

    # What this lesson holds already is not missing: its first cell may be run a second time.
    ours = memory_left() + psutil.Process().memory_full_info().uss
    if ours >= chosen.memory * 2**30:
        return None
    return (
        f"Only {ours / 2**30:.1f} GiB of memory is left, and a lesson needs up to "
        f"{chosen.memory:.1f} GiB: shut down the other lessons' kernels first (menu Kernel, "
        "Shut Down Kernel), then run this cell again."
    )
