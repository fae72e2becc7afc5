"""What holds for every test of this folder."""

import pytest

from tests.machine.computers import forget_limits


@pytest.fixture(autouse=True)
def no_limits_from_outside(monkeypatch):
    forget_limits(monkeypatch)
