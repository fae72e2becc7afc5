"""A browser for the pages that the course makes."""

import shutil

import pytest


@pytest.fixture
def browser():
    """The system's Chromium, without the network; where it is missing, the test is skipped."""
    pytest.importorskip("playwright", reason="needs Playwright: make doors installs it")
    from tests.doors import lab

    if not any(map(shutil.which, lab.CHROMIUM)):
        pytest.skip("There is no Chromium here.")
    with lab.started_browser() as started:
        yield started
