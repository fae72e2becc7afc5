"""How every lesson begins: it says in which profile and on which machine it runs."""

import sys

from helpers.classroom.profiles import chosen_profile
from helpers.classroom.setup.lines import copy_course
from helpers.files import REPOSITORY_FOLDER, can_be_written, runs_folder
from helpers.machine import (
    machine,
    make_thread_pools_fit,
    memory_for_this_process,
    metal_plugin,
)

# How the course's figures differ from matplotlib's own look.
FIGURE_STYLE = {"font.size": 10, "axes.spines.top": False, "axes.spines.right": False}


def start():
    """Say in which profile and on which machine the lesson runs. Each lesson begins with it.

    Where less memory is left than a lesson needs, where the course's folder can't be written, and
    where tensorflow-metal would train, another sentence says so before it begins.
    From here on the figures that the lesson draws itself have the course's look, `FIGURE_STYLE`:
    matplotlib.rcdefaults() takes it away.
    """
    make_thread_pools_fit()
    import matplotlib  # it brings numpy, which counts its threads when it is imported

    matplotlib.rcParams.update(FIGURE_STYLE)
    chosen = chosen_profile()
    print(f"Profile: {chosen.name}. Machine: {machine().sentence()}.")
    for warning in (_too_little_memory(chosen), _read_only(), _on_metal()):
        if warning:
            print(warning)


def _too_little_memory(chosen):
    """A sentence where this lesson can't have the memory that it needs, else None."""
    # What this lesson holds already is not missing: its first cell may be run a second time.
    ours = memory_for_this_process()
    if ours >= chosen.memory * 2**30:
        return None
    return (
        f"Only {ours / 2**30:.1f} GiB of memory is left, and a lesson needs up to "
        f"{chosen.memory:.1f} GiB: shut down the other lessons' kernels first (menu Kernel, "
        "Shut Down Kernel), then run this cell again."
    )


def _read_only():
    """A sentence where this lesson can't be saved in the course's folder, else None."""
    if can_be_written(REPOSITORY_FOLDER / "notebooks"):
        return None
    return (
        "The course's folder can't be written, so your answers can't be saved in it. Copy it "
        f"first: `{copy_course()}`, and open the lesson there. What a training leaves goes to "
        f"{runs_folder()}."
    )


def _on_metal():
    """A sentence where Apple's code for its GPUs would train, else None."""
    if not metal_plugin():
        return None
    return (
        "tensorflow-metal is installed, and trainings with it are reported to go wrong. In a cell: "
        "`%pip uninstall -y tensorflow-metal`, then restart the kernel."
    )


def in_notebook():
    """Whether a notebook's kernel runs this."""
    shell = sys.modules.get("IPython") and sys.modules["IPython"].get_ipython()
    return shell is not None and hasattr(shell, "kernel")
