"""How long one step of the chapter's full nets takes here, measured in a process of its own.

TensorFlow does not give memory back, and a full step needs more than a gigabyte. So the measuring
process is a child that ends; and where the memory is too small, only the child dies.
"""

import contextlib
import subprocess
import sys
from pathlib import Path

from helpers.files import REPOSITORY_FOLDER
from helpers.machine import faster_precision, memory_left

BATCH_SIZE = 5  # a quarter of the chapter's: measured, its step takes a quarter of the time
RECORDED_SECONDS = 1.7  # that step on two cores without a GPU, in float32
NEEDED_BYTES = 1.2 * 2**30  # measured: 0.8 GiB of its own, 1.2 with TensorFlow's files


def quarter_step_seconds(steps):
    """The seconds of one step on 5 photographs, a mean over `steps`; see `BATCH_SIZE`.

    Where it can't be measured (`steps` is 0, too little memory, the child failed) it says so in a
    sentence and returns the recorded seconds of two cores without a GPU.
    """
    reason = "This profile leaves the measurement out"
    if steps > 0:
        reason = (
            f"A full step needs {NEEDED_BYTES / 2**30:.1f} GiB of memory, more than is left here"
        )
        if memory_left() >= NEEDED_BYTES:
            command = [sys.executable, "-m", "helpers.classroom.step_cost", str(steps)]
            child = subprocess.run(command, cwd=REPOSITORY_FOLDER, capture_output=True, text=True)
            if child.returncode == 0:
                return float(child.stdout.splitlines()[-1])  # above it sentences may stand
            reason = f"The measuring process failed (exit status {child.returncode})"
    print(f"{reason}: here is what two cores without a GPU need.")
    return RECORDED_SECONDS


def _measure(steps):
    from dataclasses import replace

    import numpy as np

    from helpers.training import CHAPTER, ChapterLoop

    recipe = replace(CHAPTER, batch_size=BATCH_SIZE, average_decay=0)
    images = np.random.default_rng(0).random((20, 50, 50, 3), dtype="float32")
    return ChapterLoop(recipe, images, precision=faster_precision()).seconds_a_step(steps)


def _be_the_first_to_be_killed():
    """Should the memory end all the same, Linux kills this process and no lesson's kernel."""
    with contextlib.suppress(OSError):  # there is no such file on other systems
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="utf-8")


if __name__ == "__main__":
    _be_the_first_to_be_killed()
    print(_measure(int(sys.argv[1])))
