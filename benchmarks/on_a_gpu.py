"""What a GPU does for the course, in at most eight minutes.

python -m benchmarks.on_a_gpu --faces drawn --minutes 8

Steps a second of the chapter's full nets and of the compact ones at each size, in float32, in
bfloat16 where the card has it, and with the faster of both compiled by XLA; which share of the
card's own convolution speed that is, and how much of its memory it takes; and the chapter's whole
training, 5000 steps, with its faces. Each part runs in a process of its own, for so long as there
is time; what was left out is told. After each part `on_a_gpu.json`, `.md` and, with what the net
drew, `.png` are written to `benchmarks/results/`. Without a GPU it ends with a sentence and status
1; `--on-the-cpu` tries all parts at their smallest size. Let nothing else run beside it.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass

from benchmarks import on_a_gpu_worker as worker
from benchmarks.common import add_folder, write
from helpers.files import REPOSITORY_FOLDER
from helpers.machine import gpu_details, import_tensorflow, where_and_when
from helpers.machine.precision import AMPERE

WHOLE_TRAINING = 5000  # steps, says the chapter
TRAINING_SHARE = 0.4  # of all the time: the rest is for the steps alone
LONGEST_PART = 75  # seconds; XLA may take most of them to prepare a step
LEAST_LEFT = 15  # seconds: TensorFlow alone takes half of them to begin


@dataclass(frozen=True)
class Scale:
    """How large all parts are."""

    width: float  # of the nets, as a share of all their filters
    channels: int  # of the convolution
    sizes: tuple  # rows and columns of the compact nets' pictures
    moments: tuple  # steps of the chapter's training at which its faces are judged
    pictures: int  # judged each time
    seconds: float  # for which a step, or the convolution, is repeated


FULL = Scale(1.0, 256, (50, 100, 200), (100, 300, 1000, 2000, 3500, WHOLE_TRAINING), 200, 3)
SMALLEST = Scale(1 / 32, 8, (50,), (2, 4), 12, 0)


class Parts:
    """Parts in processes of their own, until the minutes are over; `left_out` tells what is not.

    `seconds_left`: until then.
    """

    def __init__(self, minutes):
        self._ends = time.monotonic() + 60 * minutes
        self.left_out = []

    @property
    def seconds_left(self):
        return self._ends - time.monotonic()

    def measure(self, name, at_most=LONGEST_PART, **asked):
        """The answers of one part, a list of dicts: those that came before its time was over."""
        seconds = min(at_most, self.seconds_left)
        if seconds < LEAST_LEFT:
            self.left_out.append(f"{name}: no time was left.")
            return []
        print(f"{name} …", flush=True)
        try:
            child = subprocess.run(
                command_of(asked),
                cwd=REPOSITORY_FOLDER,
                env={**os.environ, "TQDM_DISABLE": "1"},  # its last words are no bar
                capture_output=True,
                timeout=seconds,
            )
            told = child.stdout
            if child.returncode != 0:
                self.left_out.append(f"{name}: {_last_line(child)}")
        except subprocess.TimeoutExpired as error:
            told = error.stdout or b""
            self.left_out.append(f"{name}: not done after {seconds:.0f} s.")
        lines = told.decode("utf-8").splitlines(keepends=True)
        return [json.loads(line) for line in lines if line.endswith("\n")]


def command_of(asked):
    """The command line of the process that measures this part."""
    return [sys.executable, "-m", worker.__name__, json.dumps(asked)]


def _last_line(child):
    """Why a process ended, in its own last words."""
    said = child.stderr.decode("utf-8", "replace").split("\n")
    words = [line.strip() for line in said if line.strip()]
    return f"ended with status {child.returncode}: {words[-1][:200] if words else 'no word'}"


def measure(record, parts, scale, faces, folder, keep):
    """Fill the record, the most telling parts first; `keep()` is called after each part."""
    precisions = ["float32"]
    if record["gpu"] and tuple(record["gpu"]["compute_capability"]) >= AMPERE:
        precisions.append("mixed_bfloat16")

    def convolution(precision):
        asked = {"precision": precision, "channels": scale.channels, "seconds": scale.seconds}
        for answer in parts.measure(f"convolution, {precision}", part="convolution", **asked):
            record["convolutions"][precision] = answer["flop_per_second"]
        keep()

    def steps(nets, size, precision, xla):
        asked = {"nets": nets, "size": size, "precision": precision, "xla": xla}
        name = f"{nets} {size} x {size}, {precision}{', XLA' if xla else ''}"
        more = {"width": scale.width, "seconds": scale.seconds}
        for answer in parts.measure(name, part="steps", **asked, **more):
            record["steps"].append(asked | answer)
        keep()

    def steps_with_xla(nets, size):
        if best := fastest(record, nets, size):
            steps(nets, size, best["precision"], True)

    for precision in precisions:
        convolution(precision)
    for precision in precisions:
        steps("chapter", 50, precision, False)
    steps_with_xla("chapter", 50)
    _train(record, parts, scale, faces, folder)
    keep()
    for size in scale.sizes:
        for precision in precisions:
            steps("compact", size, precision, False)
    for size in scale.sizes:
        steps_with_xla("compact", size)


def fastest(record, nets, size):
    """The row of these nets with the shortest step; None where none was measured."""
    rows = [row for row in record["steps"] if (row["nets"], row["size"]) == (nets, size)]
    return min(rows, key=median, default=None)


def median(row):
    """The seconds of one step of a row."""
    return statistics.median(row["seconds"])


def _train(record, parts, scale, faces, folder):
    """The chapter's training, in the way that was the fastest."""
    name = "the chapter's training"
    best = fastest(record, "chapter", 50)
    if best is None:
        parts.left_out.append(f"{name}: no step of it could be measured.")
        return
    share = TRAINING_SHARE * 60 * record["minutes"]
    answers = parts.measure(
        name,
        at_most=share + LONGEST_PART,  # to draw the faces, and to judge what the net draws
        part="training",
        faces=faces,
        precision=best["precision"],
        xla=best["xla"],
        width=scale.width,
        moments=scale.moments,
        seconds=min(share, parts.seconds_left - LEAST_LEFT),
        pictures=scale.pictures,
        folder=str(folder.resolve()),
    )
    if answers:
        way = {"precision": best["precision"], "xla": best["xla"]}
        record["training"] = {**way, **answers[0], "rows": answers[1:]}


def report(record):
    """All that the record holds, as Markdown."""
    parts = [_table_of_steps(record), _whole_training(record), _table_of_faces(record)]
    if record["left_out"]:
        parts.append("\n".join(["Left out:\n", *[f"- {each}" for each in record["left_out"]]]))
    speeds = [
        f"{_short(precision)} {speed / 1e12:.3g} TFLOP/s"
        for precision, speed in record["convolutions"].items()
    ]
    told = [f"A convolution alone: {', '.join(speeds) or 'not measured'}", record["where"]]
    if card := record["gpu"]:
        capability = ".".join(map(str, card["compute_capability"]))
        told.append(f"{card['name']}, compute capability {capability}, CUDA {card['cuda']}")
    told.append(f"{record['seconds']:.0f} s in all. Command: `{record['command']}`")
    return "\n\n".join([*filter(None, parts), "; ".join(told) + "."]) + "\n"


def _short(precision):
    return precision.removeprefix("mixed_")


def _table_of_steps(record):
    lines = [
        "| nets | numbers | first step | a step | steps a second | TFLOP/s | of the convolution's "
        "speed | memory at most |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in record["steps"]:
        speed = row["flop"] / median(row)
        alone = record["convolutions"].get(row["precision"])
        cells = [
            f"{row['nets']}, {row['size']} x {row['size']}",
            _short(row["precision"]) + (", XLA" if row["xla"] else ""),
            f"{row['first_step']:.0f} s",
            f"{1000 * median(row):.1f} ms",
            f"{1 / median(row):.1f}",
            f"{speed / 1e12:.3g}",
            f"{speed / alone:.0%}" if alone else "–",
            f"{row['peak'] / 2**30:.2f} GiB" if row["peak"] else "–",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _whole_training(record):
    """A sentence on 5000 steps of the chapter: measured, or extrapolated from the shortest step."""
    rows = record["training"]["rows"] if record["training"] else []
    if rows and rows[-1]["step"] >= WHOLE_TRAINING:
        return f"{WHOLE_TRAINING} steps of the chapter took {rows[-1]['seconds']:.0f} s: measured."
    best = fastest(record, "chapter", 50)
    if best is None:
        return ""
    seconds = WHOLE_TRAINING * median(best)
    return (
        f"{WHOLE_TRAINING} steps of the chapter would take {seconds:.0f} s: extrapolated from the "
        f"median of {len(best['seconds'])} rounds of steps, not run."
    )


def _table_of_faces(record):
    told = record["training"]
    if not told:
        return ""
    way = _short(told["precision"]) + (", XLA" if told["xla"] else "")
    lines = ["| steps | seconds of training | face rate |", "|---|---|---|"]
    lines += [
        f"| {row['step']} | {row['seconds']:.1f} | {row['face rate']:.3f} |" for row in told["rows"]
    ]
    lines.append(f"| real pictures | | {told['real']:.3f} |")
    return f"The chapter's training, tuned, seed 0, {way}. {told['faces']}\n\n" + "\n".join(lines)


def options_of(words):
    """The options in `words`, a list like a command line; those of the command line for None."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--faces", default="drawn", help="drawn, lfw, or a folder with pictures")
    parser.add_argument("--minutes", type=float, default=8, help="at most, for all parts together")
    parser.add_argument("--on-the-cpu", action="store_true", help="a trial at the smallest size")
    add_folder(parser)
    return parser.parse_args(words)


def main(words=None):
    """Measure, with the options in `words` (the command line's, if None), and write."""
    options = options_of(words)
    parts = Parts(options.minutes)
    gpu = gpu_details()
    if gpu is None and not options.on_the_cpu:
        sys.exit("TensorFlow finds no GPU here. --on-the-cpu tries all parts at their smallest.")
    words = sys.argv[1:] if words is None else words
    record = {
        "where": where_and_when(),
        "gpu": None,
        "command": " ".join(["python -m benchmarks.on_a_gpu", *words]),
        "minutes": options.minutes,
        "convolutions": {},
        "steps": [],
        "training": None,
    }
    if gpu:
        cuda = import_tensorflow().sysconfig.get_build_info().get("cuda_version")
        record["gpu"] = {"name": gpu[0], "compute_capability": gpu[1], "cuda": cuda}

    def keep():
        record["left_out"] = parts.left_out
        record["seconds"] = 60 * options.minutes - parts.seconds_left
        write(options.folder, "on_a_gpu", record, report(record))

    scale = SMALLEST if options.on_the_cpu else FULL
    measure(record, parts, scale, options.faces, options.folder, keep)
    print(report(record))


if __name__ == "__main__":
    main()
