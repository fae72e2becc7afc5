"""What hands on the names of `helpers.classroom` where not even lazy_loader is installed."""

import importlib
import sys

from helpers.classroom.setup.lines import install_again


def attach(package, submodules, submod_attrs):
    """As that of lazy_loader: it has only `check_setup`, and says of any other what is missing."""

    def __getattr__(name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name != "check_setup":
            raise ModuleNotFoundError(
                f"The course's packages are not installed in this Python. {install_again()}"
            )
        function = importlib.import_module(f"{package}.{name}").check_setup
        setattr(sys.modules[package], name, function)  # over the module, which has the same name
        return function

    names = ["check_setup"]
    return __getattr__, lambda: names, names
