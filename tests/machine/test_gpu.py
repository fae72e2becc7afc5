"""A GPU: its memory is taken as it is needed, its name is told, and its generation decides.

Nobody ran this on a GPU yet: TensorFlow's answers about one are stand-ins.
"""

from types import SimpleNamespace

import pytest

from helpers.machine import (
    computes_on_gpu,
    faster_precision,
    gpu_details,
    import_tensorflow,
    precision,
    quiet_keras,
)
from tests.fresh_python import run_python

T4 = {"device_name": "Tesla T4", "compute_capability": (7, 5)}
A100 = {"device_name": "NVIDIA A100-SXM4-40GB", "compute_capability": (8, 0)}
H100 = {"device_name": "NVIDIA H100 80GB HBM3", "compute_capability": (9, 0)}
APPLES = {"device_name": "METAL"}  # which tells no capability
SILENT = {}


@pytest.fixture
def pretend_gpus(monkeypatch):
    """A function: TensorFlow answers that it has these GPUs; returns those asked to grow."""
    config = import_tensorflow().config
    caches = precision._precision_on, quiet_keras._let_gpu_memory_grow
    for each in caches:
        each.cache_clear()

    def pretend(*details, refuses=None):
        grow = []
        gpus = [SimpleNamespace(told=told) for told in details]

        def set_memory_growth(gpu, enable):
            if refuses:
                raise refuses
            grow.append((gpus.index(gpu), enable))

        monkeypatch.setattr(
            config, "list_physical_devices", lambda kind: gpus if kind == "GPU" else ["a CPU"]
        )
        monkeypatch.setattr(config.experimental, "get_device_details", lambda gpu: gpu.told)
        monkeypatch.setattr(config.experimental, "set_memory_growth", set_memory_growth)
        return grow

    yield pretend
    for each in caches:
        each.cache_clear()


@pytest.mark.parametrize("details", [(), (T4,), (A100, H100)])
def test_the_memory_of_each_gpu_is_asked_to_grow(pretend_gpus, details):
    grow = pretend_gpus(*details)
    quiet_keras._let_gpu_memory_grow()
    assert grow == [(number, True) for number in range(len(details))]


@pytest.mark.parametrize(
    "refuses",
    [
        RuntimeError("Physical devices cannot be modified after being initialized"),
        ValueError("Cannot set memory growth on device when virtual devices configured"),
    ],
)
def test_a_gpu_that_is_in_use_already_is_no_error(pretend_gpus, refuses):
    grow = pretend_gpus(A100, refuses=refuses)
    quiet_keras._let_gpu_memory_grow()
    assert grow == []


def test_the_import_asks_once_and_before_anything_is_computed():
    """In a process of its own, where TensorFlow was imported before; it still takes settings."""
    process = run_python("""
import tensorflow as tf
(processor,), asked = tf.config.list_physical_devices("CPU"), []
tf.config.list_physical_devices = lambda kind: ["GPU:0"] if kind == "GPU" else []
tf.config.experimental.set_memory_growth = lambda *words: asked.append(words)
from helpers.machine import import_keras
import_keras(), import_keras()
tf.config.set_logical_device_configuration(processor, [tf.config.LogicalDeviceConfiguration()])
tf.zeros(())
try:
    tf.config.set_logical_device_configuration(processor, [])
except RuntimeError:
    print(asked)
""")
    assert process.stdout.splitlines() == ["[('GPU:0', True)]"], process.stderr


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        ((), None),
        ((T4,), ("Tesla T4", (7, 5))),
        ((A100, T4), ("NVIDIA A100-SXM4-40GB", (8, 0))),
        ((APPLES,), ("METAL", (0, 0))),
        ((SILENT,), ("a GPU", (0, 0))),
    ],
)
def test_the_gpu_is_known_by_name_and_capability(pretend_gpus, details, expected):
    pretend_gpus(*details)
    assert gpu_details() == expected
    assert computes_on_gpu() == (expected is not None)


def never(dtype):
    raise AssertionError("a GPU is not measured")


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        (T4, "float32"),
        (A100, "mixed_bfloat16"),
        (H100, "mixed_bfloat16"),
        (APPLES, "float32"),
        (SILENT, "float32"),
    ],
)
def test_a_gpus_generation_decides_on_short_numbers(
    pretend_gpus, monkeypatch, capsys, details, expected
):
    pretend_gpus(details)
    monkeypatch.setattr(precision, "_convolution_seconds", never)
    assert [faster_precision() for _ in range(3)] == [expected] * 3
    said = capsys.readouterr().out
    if expected == "float32":
        name = details.get("device_name", "a GPU")
        assert said.count("\n") == 1 and said.startswith(f"{name} computes in 32-bit numbers: ")
    else:
        assert said == ""


def test_a_chosen_precision_wins_on_a_gpu_too(pretend_gpus, monkeypatch, capsys):
    pretend_gpus(T4)
    monkeypatch.setenv("COURSE_PRECISION", "mixed_bfloat16")
    assert faster_precision() == "mixed_bfloat16"
    assert capsys.readouterr().out == ""
