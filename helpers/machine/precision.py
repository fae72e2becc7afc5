"""Which kind of numbers is faster here: 32 bits, or 16 of them (bfloat16).

A processor is measured, a GPU is known by its generation. float16, which older GPUs have, is left
out: its range is so small that the losses of both turns, and the gradient penalty, would have to be
scaled in `GAN.train_step`, and nobody could try that here.
"""

import os
import time
from functools import cache

from helpers.machine.gpu import gpu_details
from helpers.machine.hardware import machine
from helpers.machine.quiet_keras import import_tensorflow

WORTHWHILE_GAIN = 1.3  # short numbers must be so many times as fast before a net uses them
AMPERE = 8, 0  # the compute capability of NVIDIA's first GPUs that compute in bfloat16


def faster_precision():
    """`"mixed_bfloat16"` where the machine is clearly faster with it, else `"float32"`.

    A GPU is faster with it from Ampere on (compute capability 8.0); an older one gets float32, and
    a printed sentence says so. A processor may have the instructions and still be slower with them,
    so where the machine has bfloat16 a convolution is timed, once a process: that takes about a
    second. `COURSE_PRECISION=float32` or `mixed_bfloat16` decides without either.
    """
    chosen = os.environ.get("COURSE_PRECISION", "auto")
    if chosen not in ("auto", "float32", "mixed_bfloat16"):
        raise ValueError(
            f"COURSE_PRECISION is {chosen!r}, but it can only be auto, float32 or mixed_bfloat16."
        )
    if chosen != "auto":
        return chosen
    if gpu := gpu_details():
        return _precision_on(*gpu)
    if machine().bfloat16 and _bfloat16_gain() >= WORTHWHILE_GAIN:
        return "mixed_bfloat16"
    return "float32"


@cache
def _precision_on(gpu, capability):
    """The precision for a GPU of this name; said once a process where that is the longer one."""
    if capability >= AMPERE:
        return "mixed_bfloat16"
    print(f"{gpu} computes in 32-bit numbers: it is older than NVIDIA's Ampere, or another make.")
    return "float32"


@cache
def _bfloat16_gain():
    """How many times as fast as in float32 a convolution is in bfloat16."""
    return _convolution_seconds("float32") / _convolution_seconds("bfloat16")


def _convolution_seconds(dtype, rounds=4):
    """The seconds of a 5 × 5 convolution on pictures of 50 × 50: the best round after a warm-up."""
    tf = import_tensorflow()
    inputs = tf.ones((8, 50, 50, 64), dtype)
    kernel = tf.ones((5, 5, 64, 64), dtype)
    seconds = []
    for _ in range(1 + rounds):
        began = time.perf_counter()
        tf.nn.conv2d(inputs, kernel, strides=1, padding="VALID").numpy()
        seconds.append(time.perf_counter() - began)
    return min(seconds[1:])
