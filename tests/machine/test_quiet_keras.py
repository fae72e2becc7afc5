"""Keras and TensorFlow come quietly, on the right backend, and with one seed for all."""

import json
import platform

import pytest

from helpers.machine import core_count
from tests.fresh_python import run_python
from tests.machine.computers import NOWHERE

IMPORT_AND_REPORT = """
import json, os
os.environ.pop("TF_ENABLE_ONEDNN_OPTS", None)  # which other tests may have left
from helpers import machine
keras = machine.import_keras()
again = machine.import_keras() is keras
tensorflow = machine.import_tensorflow().__name__
def drawn(seed):
    import random
    import numpy as np
    machine.set_seed(seed)
    return [random.random(), float(np.random.rand()), float(keras.initializers.RandomNormal()(()))]
for dtype in ("float32", "bfloat16"):
    keras.ops.conv(keras.ops.ones((8, 50, 50, 64), dtype), keras.ops.ones((5, 5, 64, 64), dtype))
print(json.dumps({
    "same module": again, "backend": keras.backend.backend(), "tensorflow": tensorflow,
    "draws": [drawn(1), drawn(1), drawn(2)],
    "convolutions": os.environ.get("TF_ENABLE_ONEDNN_OPTS"),
}))
"""


@pytest.fixture(scope="module")
def keras_process():
    """What a fresh process says that imports Keras through the helper: (report, process)."""
    process = run_python(IMPORT_AND_REPORT)
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout.splitlines()[-1]), process


def test_keras_comes_on_tensorflow_and_is_the_same_each_time(keras_process):
    report, _ = keras_process
    assert report["backend"] == report["tensorflow"] == "tensorflow"
    assert report["same module"]


def test_the_import_and_the_first_computation_write_nothing_to_the_error_stream(keras_process):
    _, process = keras_process
    assert process.stderr == ""
    assert len(process.stdout.splitlines()) == 1


def test_one_seed_gives_the_same_numbers_everywhere(keras_process):
    first, again, other = keras_process[0]["draws"]
    assert first == again
    assert all(a != b for a, b in zip(first, other, strict=True))


def test_the_import_asks_for_intels_convolutions_where_they_exist(keras_process):
    is_intel_or_amd = platform.machine() in ("x86_64", "AMD64")
    assert keras_process[0]["convolutions"] == ("1" if is_intel_or_amd else None)


TENSORFLOW = """
class sysconfig:
    get_lib = staticmethod(lambda: "no such folder")

class config:
    list_physical_devices = staticmethod(lambda kind: [])

    class experimental:
        set_memory_growth = staticmethod(lambda gpu, enable: print(gpu, 'grows', enable))
"""


@pytest.fixture
def with_stand_ins(tmp_path):
    """A function: the finished process of some code where Keras and TensorFlow are stand-ins."""

    def run(code, keras="", tensorflow=TENSORFLOW):
        (tmp_path / "keras.py").write_text(keras, encoding="utf-8")
        (tmp_path / "tensorflow.py").write_text(tensorflow, encoding="utf-8")
        return run_python(code, path=tmp_path)

    return run


def test_what_a_failing_import_says_is_shown(with_stand_ins):
    process = with_stand_ins(
        "from helpers.machine import import_keras\n"
        "try:\n"
        "    import_keras()\n"
        "except ImportError as error:\n"
        "    print('caught:', error)\n"
        "import os; os.write(2, b'the error stream is back\\n')\n",
        keras="import os\n"
        "os.write(2, b'libtensorflow: cannot open shared object file\\n')\n"
        "raise ImportError('Keras is broken')\n",
    )
    assert process.returncode == 0
    assert process.stdout.strip() == "caught: Keras is broken"
    assert process.stderr.splitlines() == [
        "libtensorflow: cannot open shared object file",
        "the error stream is back",
    ]


def test_what_a_good_import_says_is_not_shown(with_stand_ins):
    process = with_stand_ins(
        "from helpers.machine import import_keras\nimport_keras()\n",
        keras="import os\nos.write(2, b'chatter\\n')\nprint('imported')\n",
    )
    assert (process.returncode, process.stderr) == (0, "")
    assert process.stdout.strip() == "imported"


@pytest.mark.parametrize(
    ("processor", "set_before", "set_after"),
    [("x86_64", None, "1"), ("AMD64", None, "1"), ("arm64", None, None), ("x86_64", "0", "0")],
)
def test_intels_convolutions_are_asked_for_unless_the_user_says_otherwise(
    processor, set_before, set_after, monkeypatch, with_stand_ins
):
    monkeypatch.setenv("TF_ENABLE_ONEDNN_OPTS", set_before or "")
    if set_before is None:
        monkeypatch.delenv("TF_ENABLE_ONEDNN_OPTS")
    process = with_stand_ins(
        f"import os, platform; platform.machine = lambda: {processor!r}\n"
        "from helpers.machine import import_keras\n"
        "import_keras()\n"
        "print(os.environ.get('TF_ENABLE_ONEDNN_OPTS'))\n"
    )
    assert process.stdout.strip() == str(set_after), process.stderr


def test_an_old_processor_is_told_before_tensorflow_ends_the_process(with_stand_ins):
    process = with_stand_ins(
        "from helpers.machine import import_keras, quiet_keras\n"
        "quiet_keras.lacks_avx = lambda: True\n"
        "try:\n"
        "    import_keras()\n"
        "except RuntimeError as error:\n"
        "    print(error)\n",
        keras="import os, signal\nos.kill(os.getpid(), signal.SIGILL)\n",
    )
    assert process.returncode == 0, process.stderr
    assert "no AVX" in process.stdout and "Colab or Binder" in process.stdout


def test_the_thread_pools_fit_before_keras_is_imported(with_stand_ins):
    if core_count(NOWHERE) == 1:
        pytest.skip("this computer has only one core")
    process = with_stand_ins(
        "import os; os.environ['CPU_LIMIT'] = '1'\n"
        "from helpers.machine import import_keras\n"
        "import_keras()\n",
        keras="import os\n"
        "from helpers.machine.hardware import THREAD_POOLS\n"
        "print([os.environ.get(name) for name in THREAD_POOLS])\n",
    )
    assert process.stdout.strip() == str(["1"] * 4), process.stderr


@pytest.mark.parametrize(("devices", "computes_there"), [([], False), (["GPU:0"], True)])
def test_tensorflow_is_asked_for_a_gpu_whose_memory_grows(devices, computes_there, with_stand_ins):
    process = with_stand_ins(
        "from helpers.machine import computes_on_gpu\nprint(computes_on_gpu())\n",
        tensorflow=TENSORFLOW.replace("[]", f"{devices} if kind == 'GPU' else ['CPU:0']"),
    )
    said = [*[f"{name} grows True" for name in devices], str(computes_there)]
    assert process.stdout.splitlines() == said, process.stderr


KERAS_ON_SOME_BACKEND = """
import os

class backend:
    backend = staticmethod(lambda: os.environ["KERAS_BACKEND"])
"""


def test_keras_on_another_backend_is_told_in_a_sentence(with_stand_ins):
    program = (
        "import os; os.environ['KERAS_BACKEND'] = '{backend}'\n"
        "import keras\n"
        "from helpers.machine import import_keras\n"
        "assert import_keras() is keras\n"
    )
    process = with_stand_ins(program.format(backend="jax"), KERAS_ON_SOME_BACKEND)
    assert process.returncode != 0
    assert "RuntimeError: Keras was imported before the course, and runs on jax" in process.stderr
    assert "Restart the kernel" in process.stderr
    process = with_stand_ins(program.format(backend="tensorflow"), KERAS_ON_SOME_BACKEND)
    assert process.returncode == 0, process.stderr


def test_a_backend_that_is_only_wished_for_is_tensorflow_all_the_same(with_stand_ins):
    process = with_stand_ins(
        "import os; os.environ['KERAS_BACKEND'] = 'jax'\n"
        "from helpers.machine import import_keras\n"
        "import_keras()\n",
        keras="import os; print(os.environ['KERAS_BACKEND'])\n",
    )
    assert process.stdout.strip() == "tensorflow", process.stderr
