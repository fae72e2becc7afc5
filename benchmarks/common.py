"""What the benchmarks share: what they ask for, which faces stay out, and what they write."""

import argparse
import json
import sys
from pathlib import Path

from helpers.files import write_whole
from helpers.images import contact_sheet, save_picture
from helpers.judging import split
from helpers.training import Stop

RESULTS = Path(__file__).parent / "results"
PICTURES = 200  # judged after a training
SHOWN = 12  # pictures in a row of the sheet
LATENTS_SEED = 77  # every net draws from the same latents
HELD_OUT = 60  # faces that stay out of the training


def command_line(text):
    """A parser with what these benchmarks ask: faces, seeds, how many pictures, and the folder.

    `text`: a module's docstring, which `--help` shows.
    """
    parser = argparse.ArgumentParser(
        description=text, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--faces", default="lfw")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument(
        "--pictures",
        type=int,
        default=PICTURES,
        help=f"how many are judged after a training; {PICTURES} if left out",
    )
    add_folder(parser)
    return parser


def add_folder(parser):
    """Let the parser ask where the files are written: `folder`, benchmarks/results if left out."""
    parser.add_argument("--folder", type=Path, default=RESULTS, help="where the files are written")


def split_faces(faces):
    """Training faces and held-out ones, as `split` parts them: 60, or a quarter of fewer than 240.

    `faces`: an array, of the pictures or of their names: both are parted in the same way.
    """
    return split(faces, min(HELD_OUT, len(faces) // 4))


def file_name(name, size):
    """What the files of a benchmark on pictures of that size are called: plainly for 50 x 50."""
    return name if size == 50 else f"{name}_{size}"


def whole(run):
    """The run, if its training came to its end.

    Else the benchmark ends here, with a sentence: half a training is no measurement.
    """
    if run.stop_reason in (Stop.INTERRUPTED, Stop.DIVERGED):
        sys.exit(f"{run.stopped} The files hold what was measured before this training.")
    return run


def table(heading, groups, floor):
    """Groups of rows, by what stands first in their lines, as Markdown; below them the floor.

    A row is a dict with "step" and all names of the floor.
    """
    lines = [f"| {heading} | steps | {' | '.join(floor)} |", "|---" * (len(floor) + 2) + "|"]
    for first, rows in groups.items():
        cells = [first, _each(rows, "step", ".0f"), *[_each(rows, name, ".3f") for name in floor]]
        lines.append(f"| {' | '.join(cells)} |")
    limits = " | ".join(f"{limit:.3f}" for limit in floor.values())
    return "\n".join([*lines, f"| real pictures | | {limits} |"])


def _each(rows, name, form):
    """The rows' numbers of that name; a dash for a row of an older record that lacks it."""
    return ", ".join(f"{row[name]:{form}}" if name in row else "–" for row in rows)


def report(heading, groups, floor, where):
    """The table, below a line that says which seeds, in which order, and on which machine."""
    measured = dict.fromkeys(row["seed"] for rows in groups.values() for row in rows)
    seeds = ", ".join(map(str, measured))
    return f"Seeds {seeds}, in this order; {where}.\n\n{table(heading, groups, floor)}\n"


def write(folder, name, record, text):
    """Write what was measured: `record` to `<name>.json` in the folder, `text` to `<name>.md`."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / f"{name}.json", json.dumps(record, indent=1) + "\n")
    write_whole(folder / f"{name}.md", text)


def write_sheet(folder, name, pictures, columns=SHOWN):
    """Write the pictures, (n, height, width, 3) in [0, 1], to `<name>.png`, `columns` in a row."""
    save_picture(folder / f"{name}.png", contact_sheet(pictures, columns=columns))
