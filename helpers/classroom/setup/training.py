"""A real training for a check of the set-up, in a process of its own: a crash there is a line here.

The child trains the compact nets, four steps, on pictures of noise. It says what it found as one
line of JSON, the last that it prints.
"""

import json
import os
import platform
import signal
import subprocess
import sys
import time

from helpers.classroom.profiles import chosen_profile
from helpers.classroom.setup.lines import (
    BROWSER,
    RUN_AGAIN,
    Line,
    by_system,
    course_python,
    forget,
    install_again,
    is_conda,
    new_environment,
)
from helpers.files import REPOSITORY_FOLDER
from helpers.machine import gpu_details, lacks_avx, memory_left, metal_plugin

LIMIT = 120  # seconds: where the disk is slow, the first import of TensorFlow takes half of it
MEMORY = 0.8  # GiB that the child takes at most: .7 were measured
SLOW_STEP = 0.2  # seconds: five times as long as where the lessons' minutes were measured
ILLEGAL = (-4, 0xC000001D)  # how a process ends that uses an instruction the processor lacks
KILLED = -9  # by Linux, where memory is short


def check_training():
    """The Lines about a training step and, where that is good, about the GPU."""
    if lacks_avx():
        told = "not tried: this processor has no AVX instructions, and TensorFlow needs them"
        return [Line("stop", "training", told, BROWSER)]
    left = memory_left() / 2**30
    if left < MEMORY:
        told = f"not tried: {left:.1f} GiB of memory left, and it takes {MEMORY}"
        cure = f"Shut down other kernels (menu Kernel, Shut Down All Kernels). {RUN_AGAIN}"
        return [Line("look", "training", told, cure)]
    print(f"...   a training is tried now: some seconds, {LIMIT // 60} minutes at most", flush=True)
    found, line = _try()
    return [line, _gpu_line(found["gpu"])] if found else [line]


def _try():
    """(what the child found, None where it failed; the Line about it)."""
    paths = [str(REPOSITORY_FOLDER), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, paths)),  # -m may not look into this folder
        "TQDM_DISABLE": "1",
    }
    began = time.monotonic()
    try:
        child = subprocess.run(
            [sys.executable, "-m", "helpers.classroom.setup.training"],
            cwd=REPOSITORY_FOLDER,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIMIT,
        )
    except subprocess.TimeoutExpired:
        told = f"TensorFlow did not end a step within {LIMIT} s"
        return None, Line("stop", "training", told, _cure_of_a_crash(None))
    try:
        found = json.loads(child.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        told = f"the process ended without an answer: {_end_of(child.returncode)}"
        return None, Line("stop", "training", told, _cure_of_a_crash(child.returncode))
    if "error" in found:
        told = f"it failed: {found['error']}: {found['message']}"
        return None, Line("stop", "training", told, _cure_of_an_error(found["error"]))
    step = found["seconds"]
    told = f"a compact step takes {step * 1000:.0f} ms ({time.monotonic() - began:.0f} s in all)"
    fact = f"{step:.3f} s a step"
    if step <= SLOW_STEP or found["gpu"]:
        return found, Line("ok", "training", told, fact=fact)
    told += ": slow, so lessons 05 and 08 take longer than they say"
    cure = by_system(
        "Plug the computer in, close other programs (`top` shows them)",
        "Plug the computer in, close other programs (`top -o cpu` shows them)",
        "Plug the computer in, close other programs (`Get-Process | Sort-Object CPU -Descending`)",
    )
    return found, Line("look", "training", told, f"{cure}. {RUN_AGAIN}", fact)


def _end_of(status):
    """How a process ended, in words: a signal's name, or the system's number."""
    if status < 0:
        try:
            return f"signal {signal.Signals(-status).name}"
        except ValueError:
            return f"signal {-status}"
    return f"exit status {status if status < 2**16 else hex(status)}"


def _cure_of_a_crash(status):
    """What to do where the child ended so; None stands for one that did not end."""
    if status in ILLEGAL:
        return f"This processor is too old for TensorFlow (no AVX). {BROWSER}"
    if status == KILLED:
        return f"Memory was short: close programs and other kernels (`free -h`). {RUN_AGAIN}"
    if is_conda():
        return (
            "In conda, TensorFlow beside pyarrow crashes or hangs, on Apple silicon above all: "
            f"take a Python without conda. In the course's folder: {new_environment()}. {RUN_AGAIN}"
        )
    return install_again("--force-reinstall ")


def _cure_of_an_error(kind):
    again = install_again("--force-reinstall ")
    if platform.system() == "Windows" and kind in ("ImportError", "OSError"):
        library = "winget install Microsoft.VCRedist.2015+.x64"
        return (
            f"TensorFlow needs a library of Microsoft's: `{library}`. If that is not all: {again}"
        )
    return again


def _gpu_line(gpu):
    """The Line about the GPU: what TensorFlow can use counts, not what is built in."""
    if version := metal_plugin():
        told = f"tensorflow-metal {version}: trainings with it are reported to go wrong"
        cure = f"`{course_python()} -m pip uninstall tensorflow-metal`. {RUN_AGAIN}"
        return Line("look", "GPU", told, cure, f"tensorflow-metal {version}")
    if gpu:
        return Line("ok", "GPU", f"TensorFlow uses {gpu}", fact=gpu)
    if chosen_profile().name != "full":
        return Line("ok", "GPU", "none that TensorFlow can use; no lesson needs one", fact="no GPU")
    told = "none that TensorFlow can use, but the profile full would take hours without"
    with_gpu = install_again("'tensorflow[and-cuda]' ")
    more = by_system(
        f"; with an NVIDIA card first {with_gpu}",
        "",
        "; TensorFlow uses a GPU on Windows only within WSL2",
    )
    return Line("look", "GPU", told, f"`{forget('COURSE_PROFILE')}`{more}", "no GPU")


def _train():
    """What a training of four steps found: seconds a step, and the GPU's name or None."""
    import numpy as np

    from helpers.training.recipes import COMPACT
    from helpers.training.run import Run

    noise = np.random.default_rng(0).random((2 * COMPACT.batch_size, 50, 50, 3), np.float32)
    seconds = Run(COMPACT, noise).seconds_a_step()
    gpu = gpu_details()
    return {"seconds": seconds, "gpu": gpu[0] if gpu else None}


def _answer():
    try:
        return _train()
    except Exception as error:  # whatever it is, it becomes a line of the check
        message = " ".join(str(error).split())
        return {"error": type(error).__name__, "message": message[:300]}


if __name__ == "__main__":
    print(f"\n{json.dumps(_answer())}")
