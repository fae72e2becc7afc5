"""Where a number comes from: versions, machine and date."""

import sys
import time
from importlib.metadata import PackageNotFoundError

from helpers.machine import machine, versions, where_and_when


def test_versions_are_those_that_are_imported():
    import numpy

    told = versions()
    assert told["numpy"] == numpy.__version__
    assert told["python"] == ".".join(map(str, sys.version_info[:3]))
    assert set(told) == {"python", "tensorflow", "keras", "numpy"}


def test_tensorflows_version_is_told_whatever_its_package_is_called(monkeypatch):
    """On Binder it is called tensorflow-cpu."""
    import tensorflow

    def version(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", version)
    assert versions()["tensorflow"] == tensorflow.__version__


def test_where_and_when_is_one_line_with_machine_versions_and_date():
    before, told, after = time.strftime("%Y-%m-%d"), where_and_when(), time.strftime("%Y-%m-%d")
    assert told.startswith(f"{machine().sentence()}; python ")
    assert all(f"{name} {number}" in told for name, number in versions().items())
    assert told.endswith((f"; {before}", f"; {after}"))
    assert "\n" not in told
