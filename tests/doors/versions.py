"""Other versions: the tests of nets and training with Colab's, and with the oldest that we allow.

The oldest TensorFlow is the last that Intel Macs get. Keras's floor is one of these, too: below it,
a transposed convolution takes no output_padding of 0.
"""

import subprocess

import pytest

from tests import lesson_tools
from tests.doors import environments
from tests.doors.kernels import client_of, environment_variables, faults

GENERATOR = "classroom/test_growing_generator.py"
NETS = [f"nets/test_{name}.py" for name in ("compact", "fast_layers")]
TRAINING = ["training/test_compact_step.py"]  # lessons try the rest, and `make floors` all
FIGURES = [f"classroom/test_{name}.py" for name in ("plots", "widgets")]
FACES = [f"faces/test_{name}.py" for name in ("download", "photographs")]  # Pillow, requests


def run_tests(python, names):
    """Fail with pytest's own words where one of these, files or folders of tests, fails there."""
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "-o", "addopts=", *[f"tests/{name}" for name in names]],
        cwd=lesson_tools.ROOT,
        env=environment_variables(TQDM_DISABLE=1),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


def test_nets_and_training_work_with_colabs_versions():
    run_tests(environments.colab_environment(), [GENERATOR, *NETS, *TRAINING])


@pytest.fixture(scope="module")
def oldest():
    return environments.oldest_environment()


def test_nets_training_figures_and_faces_work_with_every_requirement_at_its_floor(oldest):
    run_tests(oldest, [*NETS, *TRAINING, *FIGURES, *FACES])


def test_the_oldest_tensorflow_writes_nothing_red_in_the_lesson_that_trains(oldest):
    path = lesson_tools.NOTEBOOKS / "05_training_loop.ipynb"
    client = client_of(path, [oldest], lesson_tools.NOTEBOOKS, timeout=300)
    client.execute(env=environment_variables(COURSE_PROFILE="smoke", COURSE_FACES="drawn"))
    assert faults(client.nb) == []
