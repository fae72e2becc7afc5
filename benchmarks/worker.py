"""One contestant in a process of its own: it takes a step when told to, and answers the seconds.

Started by `benchmarks/step_speed.py`. Answers go to the real standard output, one JSON a line.
"""

import json
import os
import sys
import time

from helpers import runtime

BATCH_SIZE = 20
COMPACT_STEPS = 96  # at one turn; the gradient penalty comes twelve times


def literal_loop(precision):
    from helpers.chapter_loop import ChapterLoop

    return ChapterLoop(_recipe(), _pictures(), precision=precision).step


def engine(precision):
    take_step = _step_of_fit(_recipe(), precision)
    return lambda: _read(take_step())


def compact(precision):
    """The compact recipe's step is too short to be timed alone: as in `fit`, many in a row."""
    from helpers.recipes import COMPACT

    take_step = _step_of_fit(COMPACT, precision)
    return lambda: _read([take_step() for _ in range(COMPACT_STEPS)][-1])


def _step_of_fit(recipe, precision):
    """The engine's own step function: what `fit` calls for each batch."""
    import tensorflow as tf

    from helpers.batches import batches
    from helpers.training import Run

    run = Run(recipe, _pictures(), precision=precision)
    stream = batches(run.recipe, run.images, seed=0)
    first = next(stream)
    signature = {name: tf.TensorSpec(array.shape, array.dtype) for name, array in first.items()}
    dataset = tf.data.Dataset.from_generator(lambda: stream, output_signature=signature)
    iterator = iter(dataset.prefetch(2))
    run.gan.make_train_function()
    return lambda: run.gan.train_function(iterator)


def _read(losses):
    """As numbers: TensorFlow must have computed them."""
    return {name: float(loss) for name, loss in losses.items()}


def pytorch(precision):
    from benchmarks.pytorch_step import Step

    step = Step(BATCH_SIZE, precision == "mixed_bfloat16")
    assert step.parameters() == [14_651_011, 3_878_657]  # as many as the chapter's nets train
    return step


def convolution(precision):
    """The largest convolution of the generator, alone: the most that the machine can do."""
    runtime.import_keras()
    import tensorflow as tf

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


def _recipe():
    from helpers.recipes import CHAPTER_TUNED

    return CHAPTER_TUNED


def _pictures():
    import numpy as np

    return np.random.default_rng(0).random((60, 50, 50, 3), dtype="float32")


def peak_bytes():
    """The most memory that this process ever held."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024  # macOS counts bytes, Linux kibibytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main(kind, precision):
    answers = os.fdopen(os.dup(1), "w", buffering=1, encoding="utf-8")
    os.dup2(2, 1)  # what libraries print must not mix with the answers
    began = time.perf_counter()
    step = CONTESTANTS[kind](precision)
    step()
    print(json.dumps({"first": time.perf_counter() - began}), file=answers)
    for _ in sys.stdin:
        began = time.perf_counter()
        step()
        seconds = time.perf_counter() - began
        print(json.dumps({"seconds": seconds, "peak": peak_bytes()}), file=answers)


if __name__ == "__main__":
    main(*sys.argv[1:])
