"""Computers that tests make up: without limits from outside, and with those that a test sets."""

from pathlib import Path

from helpers.machine.hardware import THREAD_POOLS

GIB = 2**30
NOWHERE = Path("/no/such/folder")  # the control group of a process that is in no container
FROM_OUTSIDE = ("COURSE_PROFILE", "COURSE_PRECISION", "CPU_LIMIT", "MEM_LIMIT", *THREAD_POOLS)


def forget_limits(monkeypatch):
    """Each test sets what it needs: nothing comes from the shell, and nothing stays after it."""
    for name in FROM_OUTSIDE:
        monkeypatch.setenv(name, "")  # so that pytest takes away what the test or the course sets
        monkeypatch.delenv(name)
