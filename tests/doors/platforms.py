"""Where can the course be installed? What the package index has for each platform and Python.

python -m tests.doors.platforms            the README's table beside what the index has now
python -m tests.doors.platforms --write    put it in

It asks pip's index for wheels of all of requirements.txt, and installs nothing. The exit status is
1 where the README tells something else: a new TensorFlow is out, or a wheel has gone.
"""

import argparse
import re
import subprocess
import sys

from tests.lesson_tools import ROOT

README = ROOT / "README.md"
PLATFORMS = {  # as the README calls them, and as uv does
    "Linux, x86-64": "x86_64-unknown-linux-gnu",
    "macOS, Apple silicon": "aarch64-apple-darwin",
    "Windows, x86-64": "x86_64-pc-windows-msvc",
    "macOS, Intel": "x86_64-apple-darwin",
    "Linux, ARM": "aarch64-unknown-linux-gnu",
    "Windows, ARM": "aarch64-pc-windows-msvc",
}
PYTHONS = [f"3.{minor}" for minor in range(9, 16)]
NONE = "–"


def tensorflow_for(platform, python):
    """The TensorFlow that pip would take there, "2.21.0" for example; None where it finds none.

    `platform`: a name of PLATFORMS. Only wheels count, and no release candidates.
    """
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-header"]
    command += ["--only-binary", ":all:", "--prerelease", "disallow"]
    command += ["--python-platform", PLATFORMS[platform], "--python-version", python]
    done = subprocess.run(
        [*command, str(ROOT / "requirements.txt")], capture_output=True, text=True
    )
    if done.returncode == 0:
        return re.search(r"^tensorflow==(\S+)", done.stdout, re.MULTILINE).group(1)
    if "No solution found" in done.stderr:
        return None
    raise RuntimeError(f"uv gave no answer for {platform}, Python {python}: {done.stderr}")


def told(versions):
    """(Pythons, TensorFlows) as the table tells them, of {"3.10": "2.21.0", "3.14": None, ...}."""
    good = [python for python, version in versions.items() if version]
    if not good:
        return NONE, "none"
    pythons = f"{good[0]}–{good[-1]}" if len(good) > 1 else good[0]
    return pythons, ", ".join(dict.fromkeys(versions[python] for python in good))


def rows(text):
    """{platform: the cells of its row} of the README's table."""
    found = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("|") and cells[0] in PLATFORMS:
            found[cells[0]] = cells
    return found


def with_versions(text, table):
    """The README's text with these Pythons and TensorFlows, {platform: (Pythons, TensorFlows)}."""
    for platform, cells in rows(text).items():
        before = "| " + " | ".join(cells) + " |"
        after = "| " + " | ".join([platform, *table[platform], *cells[3:]]) + " |"
        text = text.replace(before, after)
    return text


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="put it into the README")
    chosen = parser.parse_args(arguments)
    table = {}
    for platform in PLATFORMS:
        table[platform] = told({python: tensorflow_for(platform, python) for python in PYTHONS})
        print(f"{platform}: Python {table[platform][0]}, TensorFlow {table[platform][1]}")
    text = README.read_text(encoding="utf-8")
    new = with_versions(text, table)
    if new == text:
        print("The README says the same.")
    elif chosen.write:
        README.write_text(new, encoding="utf-8")
        print("The README says so now.")
    else:
        print("The README says something else: make platforms WRITE=1 puts this in.")
    return int(new != text and not chosen.write)


if __name__ == "__main__":
    sys.exit(main())
