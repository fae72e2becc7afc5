"""One part of `benchmarks/on_a_gpu.py`, in a process of its own. Started by it, as

    python -m benchmarks.on_a_gpu_worker '{"part": "convolution", "precision": "float32", …}'

Each answer is a line of JSON on the real standard output, written as soon as it is known: what is
there when the time is over counts.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.common import LATENTS_SEED, SHOWN, whole, write_sheet
from benchmarks.step_speed import chapter_flop, compact_flop
from benchmarks.step_speed_worker import BATCH_SIZE, read, step_of_fit
from helpers.machine import computes_on_gpu, import_tensorflow

IN_A_ROW = 20  # convolutions: on a large GPU one alone is over before it can be timed
STEPS_IN_A_ROW = {"chapter": 8, "compact": 48}  # the gradient penalty comes at every eighth
LEAST_ROUNDS = 3


def convolution(precision, channels, seconds):
    """The speed of the chapter's largest convolution, of 256 channels: the most the card can do."""
    tf = import_tensorflow()
    dtype = "bfloat16" if precision == "mixed_bfloat16" else "float32"
    pictures = tf.cast(tf.random.normal((BATCH_SIZE, 50, 50, channels)), dtype)
    kernel = tf.random.normal((5, 5, channels, channels), stddev=(25 * channels) ** -0.5)
    kernel = tf.cast(kernel, dtype)  # so small that the numbers stay as large as they are

    @tf.function
    def convolve(pictures):
        for _ in range(IN_A_ROW):
            pictures = tf.nn.conv2d(pictures, kernel, strides=1, padding="SAME")
        return pictures[0, 0, 0, 0]

    times = _rounds(lambda: convolve(pictures).numpy(), seconds)
    flop = IN_A_ROW * 2 * BATCH_SIZE * 50 * 50 * 5 * 5 * channels * channels
    yield {"flop_per_second": flop / statistics.median(times)}


def steps(nets, size, precision, xla, width, seconds):
    """The seconds of a step of these nets, its operations, and the most memory that it takes."""
    from helpers.training import CHAPTER_TUNED, COMPACT

    recipe = {"chapter": CHAPTER_TUNED, "compact": COMPACT}[nets]
    in_a_row = STEPS_IN_A_ROW[nets]
    began = time.perf_counter()
    take_step = step_of_fit(recipe, precision, width, size, xla)
    read(take_step())
    first_step = time.perf_counter() - began
    times = _rounds(lambda: read([take_step() for _ in range(in_a_row)][-1]), seconds)
    peak = _peak_bytes()  # before the nets that the operations are counted on
    flop = chapter_flop(width) if nets == "chapter" else compact_flop(width, size)
    each = [seconds / in_a_row for seconds in times]
    yield {"first_step": first_step, "seconds": each, "flop": flop, "peak": peak}


def training(faces, precision, xla, width, moments, seconds, pictures, folder):
    """The chapter's training, tuned: its face rate at these steps, until the seconds are over.

    Writes what the averaged generator draws to `on_a_gpu.png` in the folder, a row for each moment.
    """
    from helpers.faces import load_faces
    from helpers.judging import face_rate
    from helpers.training import CHAPTER_TUNED, Run

    loaded = load_faces(faces)
    real = face_rate(loaded.images[:pictures])
    yield {"faces": loaded.source, "real": real}
    run = Run(CHAPTER_TUNED, loaded.images, precision=precision, width=width)
    run.gan.jit_compile = xla
    rows = []
    for moment in moments:
        left = seconds - run.seconds
        if left <= 0:
            break
        whole(run.train(steps=moment, minutes=left / 60))
        drawn = run.sample(pictures, LATENTS_SEED)
        rows.append(drawn[:SHOWN])
        write_sheet(Path(folder), "on_a_gpu", np.concatenate(rows))
        yield {"step": run.steps_done, "seconds": run.seconds, "face rate": face_rate(drawn)}


def _rounds(act, seconds):
    """The seconds of each round of `act`, for so many seconds; the first round does not count."""
    act()
    times, begin = [], time.perf_counter()
    while len(times) < LEAST_ROUNDS or time.perf_counter() - begin < seconds:
        began = time.perf_counter()
        act()
        times.append(time.perf_counter() - began)
    return times


def _peak_bytes():
    """The most of the GPU's memory that this process ever held; None without a GPU."""
    if not computes_on_gpu():
        return None
    return import_tensorflow().config.experimental.get_memory_info("GPU:0")["peak"]


PARTS = {part.__name__: part for part in (convolution, steps, training)}


def main(words):
    """Measure the part that the JSON in `words` asks for, and answer."""
    asked = json.loads(words)
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)  # what the course prints must not mix with the answers
    for answer in PARTS[asked.pop("part")](**asked):
        print(json.dumps(answer), file=answers)


if __name__ == "__main__":
    main(sys.argv[1])
