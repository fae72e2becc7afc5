"""Node, which runs the page's scripts without a page: for the tests of what they say."""

import json
import subprocess
from pathlib import Path

from tests.website.node import node

JUDGE = Path(__file__).with_name("judge.js")


def judged(answers=(), guesses=()):
    """What the page's scripts say to all of these cases."""
    cases = json.dumps({"answers": list(answers), "guesses": list(guesses)})
    command = [node(), str(JUDGE)]
    done = subprocess.run(
        command, input=cases, capture_output=True, text=True, encoding="utf-8", timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
