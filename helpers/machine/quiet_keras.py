"""Keras and TensorFlow, imported without their noise, and one seed for all of them.

Importing this module imports neither.
"""

import contextlib
import ctypes
import logging
import os
import platform
import sys
import tempfile
from functools import cache
from pathlib import Path

from helpers.machine.hardware import lacks_avx, make_thread_pools_fit

SETTERS_OF_THE_LOG_LEVEL = (  # absl::SetMinLogLevel in TensorFlow 2.16 to 2.19, and in 2.20
    "_ZN4absl12lts_2023080214SetMinLogLevelENS0_18LogSeverityAtLeastE",
    "_ZN4absl12lts_2025012714SetMinLogLevelENS0_18LogSeverityAtLeastE",
)


def import_keras():
    """Keras on TensorFlow, imported without the lines that TensorFlow prints at its import.

    TensorFlow writes them to the process's own error stream, whatever the log level, so that
    stream is turned aside during the import only. If the import fails they are shown.

    Raises: RuntimeError where Keras was imported before on another backend: it can't change it;
    and where the processor lacks AVX: TensorFlow would end the process without a word.
    """
    if "keras" in sys.modules:
        _check_backend(sys.modules["keras"])
        _let_gpu_memory_grow()
    else:
        _check_processor()
        os.environ["KERAS_BACKEND"] = "tensorflow"  # over another choice: the course needs this one
        make_thread_pools_fit()
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
                _let_gpu_memory_grow()
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


def import_tensorflow():
    """TensorFlow, imported as quietly as `import_keras` does it."""
    import_keras()
    import tensorflow as tf

    return tf


def _check_backend(keras):
    backend = keras.backend.backend()
    if backend != "tensorflow":
        raise RuntimeError(
            f"Keras was imported before the course, and runs on {backend}, but the course needs it "
            "on TensorFlow. Restart the kernel (menu Kernel, Restart Kernel), and run the lesson's "
            "first cells before you import Keras."
        )


def _check_processor():
    if lacks_avx():
        raise RuntimeError(
            "This processor has no AVX instructions, so TensorFlow can't run here. The course also "
            "runs in a browser, on Colab or Binder: see the README."
        )


def _set_log_level():
    """Make TensorFlow 2.16 to 2.20 heed `TF_CPP_MIN_LOG_LEVEL`, as 2.21 does by itself.

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


@cache
def _let_gpu_memory_grow():
    """Take a GPU's memory as it is needed: else the first lesson takes all, the next finds none."""
    import tensorflow as tf

    for gpu in tf.config.list_physical_devices("GPU"):
        # Too late where somebody computed on it before, or shared it out: that is no error.
        with contextlib.suppress(RuntimeError, ValueError):
            tf.config.experimental.set_memory_growth(gpu, True)


def _ask_for_fast_convolutions():
    """Intel's convolutions (oneDNN), which TensorFlow takes by itself only on some processors.

    On the others, laptops with AVX2 among them, a training is faster with them: on two
    cores of an AMD EPYC (Zen 3) a compact step took 56 ms with them and 140 without.
    """
    if platform.machine() in ("x86_64", "AMD64"):
        os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")


def set_seed(seed):
    """One seed for Python's, numpy's and TensorFlow's randomness."""
    import_keras().utils.set_random_seed(seed)
