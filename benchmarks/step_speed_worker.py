"""One contestant in a process of its own: it takes a step when told to, and answers the seconds.

Started by `benchmarks/step_speed.py`, as

    python -m benchmarks.step_speed_worker engine float32 1.0

with its kind, its precision, and the width of its nets, a share of all their filters. Answers go to
the real standard output, one JSON a line.
"""

import json
import os
import sys
import time

from helpers.machine import import_tensorflow

BATCH_SIZE = 20
COMPACT_STEPS = 96  # at one turn; the gradient penalty comes twelve times


def literal_loop(precision, width):
    from helpers.training import CHAPTER_TUNED, ChapterLoop

    return ChapterLoop(CHAPTER_TUNED, _pictures(), width=width, precision=precision).step


def engine(precision, width):
    from helpers.training import CHAPTER_TUNED

    take_step = step_of_fit(CHAPTER_TUNED, precision, width)
    return lambda: read(take_step())


def compact(precision, width):
    """The compact recipe's step is too short to be timed alone: as in `fit`, many in a row."""
    from helpers.training import COMPACT

    take_step = step_of_fit(COMPACT, precision, width)
    return lambda: read([take_step() for _ in range(COMPACT_STEPS)][-1])


def step_of_fit(recipe, precision, width, size=50, xla=False):
    """The engine's own step function: what `fit` calls for each batch.

    `xla`: compiled by TensorFlow's compiler XLA, which the engine leaves off.
    """
    from helpers.training import Run
    from helpers.training.batches import as_dataset

    run = Run(recipe, _pictures(size), precision=precision, width=width)
    run.gan.jit_compile = xla
    iterator = iter(as_dataset(run.batches))
    run.gan.make_train_function()
    return lambda: run.gan.train_function(iterator)


def read(losses):
    """As numbers: TensorFlow must have computed them."""
    return {name: float(loss) for name, loss in losses.items()}


def pytorch(precision, width):
    from benchmarks.pytorch_step import Step

    assert width == 1.0  # `pytorch_step.py` has the full nets only
    step = Step(BATCH_SIZE, precision == "mixed_bfloat16")
    assert step.parameters() == [14_651_011, 3_878_657]  # as many as the chapter's nets train
    return step


def convolution(precision, width):
    """The largest convolution of the generator, alone: the most that the machine can do.

    It is as wide as in the full nets, whatever the width of the others.
    """
    tf = import_tensorflow()
    dtype = "bfloat16" if precision == "mixed_bfloat16" else "float32"
    inputs = tf.cast(tf.random.normal((BATCH_SIZE, 50, 50, 256)), dtype)
    kernel = tf.cast(tf.random.normal((5, 5, 256, 256)), dtype)
    convolve = tf.function(lambda: tf.nn.conv2d(inputs, kernel, strides=1, padding="SAME"))
    return lambda: convolve()[0, 0, 0, 0].numpy()


CONTESTANTS = {
    "literal": literal_loop,
    "engine": engine,
    "pytorch": pytorch,
    "compact": compact,
    "convolution": convolution,
}


def _pictures(size=50):
    import numpy as np

    return np.random.default_rng(0).random((60, size, size, 3), dtype="float32")


def peak_bytes():
    """The most memory that this process ever held."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kibibytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main(kind, precision, width):
    """Take a step for each line of the standard input, and answer its seconds."""
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not mix with the answers
    began = time.perf_counter()
    step = CONTESTANTS[kind](precision, float(width))
    step()
    print(json.dumps({"first": time.perf_counter() - began}), file=answers)
    for _ in sys.stdin:
        began = time.perf_counter()
        step()
        seconds = time.perf_counter() - began
        print(json.dumps({"seconds": seconds, "peak": peak_bytes()}), file=answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
