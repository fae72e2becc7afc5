"""Which kind of numbers is faster here, measured: 32 bits, or 16 of them (bfloat16)."""

import os
import time
from functools import cache

from helpers.machine.hardware import machine
from helpers.machine.quiet_keras import computes_on_gpu, import_tensorflow

WORTHWHILE_GAIN = 1.3  # short numbers must be so many times as fast before a net uses them


def faster_precision():
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
    tf = import_tensorflow()
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
