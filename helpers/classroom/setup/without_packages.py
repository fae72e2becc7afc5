"""What hands on the names of `helpers.classroom` where Python is too old, or lazy_loader missing.

It runs on any Python from 3.7 on: the modules of older ones can't answer for a name.
"""

import importlib
import sys

from helpers.classroom.setup.lines import install_again


def attach(package, submodules, submod_attrs):
    """As that of lazy_loader: it has only `check_setup`, and says of any other what is missing."""

    def __getattr__(name):
        if name.startswith("__"):
            raise AttributeError(name)
        module = importlib.import_module(f"{package}.check_setup")
        sys.modules[package].check_setup = module.check_setup  # over its module
        if name == "check_setup":
            return module.check_setup
        for line in (module.check_python(), module.check_computer()):
            if line.state == "stop":  # then pip would not help
                raise RuntimeError(
                    f"The course can't run here. {line.check}: {line.told}. {line.cure}"
                )
        raise ModuleNotFoundError(
            f"The course's packages are not installed in this Python. {install_again()}"
        )

    names = ["check_setup"]
    return __getattr__, lambda: names, names
