"""Python code in a process of its own, where nothing is imported yet."""

import os
import subprocess
import sys

from tests.lesson_tools import ROOT

# All warnings, but for one: ipywidgets 7.7 uses what ipykernel has given up; notebooks hide it.
WARNINGS = "default,ignore::DeprecationWarning:ipywidgets.widgets.widget"


def run_python(code, *, path=ROOT):
    """The finished process of this code, its standard and its C error stream as text.

    `path`: a folder of modules that are found before the installed ones.
    """
    environment = {**os.environ, "PYTHONPATH": str(path), "PYTHONWARNINGS": WARNINGS}
    environment.pop("TF_CPP_MIN_LOG_LEVEL", None)
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True
    )
