"""Where a number comes from: the machine, the versions and the date that stand beside it."""

import platform
import time

from helpers.machine.hardware import machine
from helpers.machine.quiet_keras import import_keras


def versions():
    """The versions of Python and of what a training is computed with, by name."""
    keras = import_keras()
    import numpy
    import tensorflow  # asked itself: its package has another name on Binder (tensorflow-cpu)

    told = {module.__name__: module.__version__ for module in (tensorflow, keras, numpy)}
    return {"python": platform.python_version(), **told}


def where_and_when():
    """This machine, the versions and the date, in one line: it stands beside what was measured."""
    told = ", ".join(f"{name} {number}" for name, number in versions().items())
    return f"{machine().sentence()}; {told}; {time.strftime('%Y-%m-%d')}"
