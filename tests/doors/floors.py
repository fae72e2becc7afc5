"""The oldest versions that the requirements allow, on the oldest Python: nets and figures work.

Keras's floor is one of them: before it, a transposed convolution took no output_padding of 0.
"""

import subprocess

import pytest

from tests import lesson_tools
from tests.doors.environments import environment, requirement_lines
from tests.doors.kernels import client_of, environment_variables, faults

PYTHON = "3.10"
TESTS = [f"tests/test_{name}.py" for name in ("compact", "gan", "plots", "widgets")]


@pytest.fixture(scope="module")
def python():
    """The Python of an environment with every requirement at its floor."""
    wanted = requirement_lines(lesson_tools.ROOT / "requirements.txt")
    return environment("floors", [*[line.replace(">=", "==") for line in wanted], "pytest"], PYTHON)


def test_nets_training_and_figures_work_with_every_requirement_at_its_floor(python):
    done = subprocess.run(
        [python, "-m", "pytest", "-q", "-o", "addopts=", *TESTS],
        cwd=lesson_tools.ROOT,
        env=environment_variables(TQDM_DISABLE=1),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


def test_the_oldest_tensorflow_writes_nothing_red_in_the_lesson_that_trains(python):
    path = lesson_tools.NOTEBOOKS / "05_training_loop.ipynb"
    client = client_of(path, [python], lesson_tools.NOTEBOOKS, timeout=300)
    client.execute(env=environment_variables(COURSE_PROFILE="smoke", COURSE_FACES="drawn"))
    assert faults(client.nb) == []
