"""How fast is a step of the chapter's full nets, and of the compact ones? In one run: `make bench`.

Each contestant lives in a process of its own and takes one step when its turn comes (a compact one
96), round after round, so that a slow minute of the machine hits all of them. Written to
`benchmarks/results/`: `step_speed.json` with every measurement, `step_speed.md` with the table,
`step_speed.png` with the picture.
"""

import argparse
import contextlib
import json
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import step_speed_worker as worker
from benchmarks.common import add_folder, write
from helpers.files import REPOSITORY_FOLDER
from helpers.machine import machine, versions

CPU_INFO = Path("/proc/cpuinfo")  # only Linux has it
CONVOLUTION_FLOP = 2 * 20 * 50 * 50 * 5 * 5 * 256 * 256
CONTESTANTS = {
    "the chapter's loop, float32": ("literal", "float32"),
    "engine, float32": ("engine", "float32"),
    "engine, bfloat16": ("engine", "mixed_bfloat16"),
    "PyTorch, float32": ("pytorch", "float32"),
    "PyTorch, bfloat16": ("pytorch", "mixed_bfloat16"),
    "compact nets, float32": ("compact", "float32"),
    "compact nets, bfloat16": ("compact", "mixed_bfloat16"),
    "a convolution alone, float32": ("convolution", "float32"),
    "a convolution alone, bfloat16": ("convolution", "mixed_bfloat16"),
}


class Contestant:
    """A worker process that waits for its turn."""

    def __init__(self, kind, precision, width, python):
        command = [python, "-m", worker.__name__, kind, precision, str(width)]
        self.process = subprocess.Popen(
            command,
            cwd=REPOSITORY_FOLDER,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            bufsize=1,
        )
        began = time.perf_counter()
        self._answer()
        self.first_step = time.perf_counter() - began
        self.seconds = []
        self.peak = 0

    def step(self):
        self.process.stdin.write("step\n")
        answer = self._answer()
        self.seconds.append(answer["seconds"])
        self.peak = answer["peak"]

    def end(self):
        with contextlib.suppress(OSError):  # it has died before
            self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            self.end()  # else its pipes stay open
            sys.exit(f"A worker died: {' '.join(self.process.args)}. Run it alone to see why.")
        return json.loads(line)


def chapter_flop(width):
    """The floating-point operations of one step, counted from the layers."""
    from helpers.nets import chapter, step_flop

    nets = chapter.build_generator(width), chapter.build_discriminator(width)
    return step_flop(*nets, batch_size=worker.BATCH_SIZE)


def compact_flop(width, size=50):
    """Those of one step of the compact recipe; its penalty comes at every eighth step."""
    from helpers.nets import compact, penalty_flop, step_flop
    from helpers.training import COMPACT
    from helpers.training.gan import PENALTY_EVERY

    nets = compact.build_generator(width, size=size), compact.build_discriminator(width, size=size)
    turns = step_flop(*nets, COMPACT.batch_size, drawn_once=COMPACT.drawn_once)
    return turns + penalty_flop(nets[1], COMPACT.batch_size) / PENALTY_EVERY


def take_turns(names, rounds, width, pytorch_python):
    """By name, what each of these contestants was measured at: seconds, and bytes of memory."""
    contestants = {}
    with contextlib.ExitStack() as at_the_end:
        for name in names:
            kind, precision = CONTESTANTS[name]
            python = pytorch_python if kind == "pytorch" else sys.executable
            print(f"{name}: starting, first step …", flush=True)
            contestants[name] = Contestant(kind, precision, width, python)
            at_the_end.callback(contestants[name].end)
        for number in range(rounds):
            for contestant in contestants.values():
                time.sleep(0.3)  # the threads of the one before come to rest
                contestant.step()
            newest = ", ".join(f"{c.seconds[-1]:.2f}" for c in contestants.values())
            print(f"round {number + 1} of {rounds}: {newest} s", flush=True)
    return {
        name: {"first_step": c.first_step, "seconds": c.seconds, "peak": c.peak}
        for name, c in contestants.items()
    }


def measure(rounds, names=CONTESTANTS, width=1.0, pytorch_python=None):
    """All measurements: a dict that JSON can hold.

    `names`: which contestants; those of PyTorch are left out where there is no Python for them.
    `width`: a share of the nets' filters; with less than all of them it is only good for a trial.
    """
    names = [name for name in names if pytorch_python or CONTESTANTS[name][0] != "pytorch"]
    results = take_turns(names, rounds, width, pytorch_python)
    torch = {"torch": torch_version(pytorch_python)} if pytorch_python else {}
    return {
        "date": time.strftime("%Y-%m-%d"),
        "processor": processor(),
        "machine": machine().sentence(),
        "versions": {**versions(), **torch},
        "step_flop": chapter_flop(width),
        "compact_step_flop": compact_flop(width),
        "results": results,
    }


def processor():
    """The processor's name, on Linux with family and model, since many clouds hide the name."""
    try:
        told = CPU_INFO.read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    words = dict(line.split(":", 1) for line in told.split("\n\n")[0].splitlines() if ":" in line)
    words = {name.strip(): value.strip() for name, value in words.items()}
    if "model name" not in words:  # on ARM
        return platform.processor() or platform.machine()
    return f"{words['model name']}, family {words['cpu family']}, model {words['model']}"


def torch_version(python):
    """The version of torch that this Python has."""
    command = [python, "-c", "import torch; print(torch.__version__)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def rows_of(measured):
    """A row for each contestant: name, first step, median seconds, GFLOP/s, share of peak, GiB."""
    results = measured["results"]
    flop_of = {"convolution": CONVOLUTION_FLOP, "compact": measured["compact_step_flop"]}
    rows = []
    for name in results:
        kind, precision = CONTESTANTS[name]
        flop = flop_of.get(kind, measured["step_flop"])
        steps = worker.COMPACT_STEPS if kind == "compact" else 1
        median = statistics.median(results[name]["seconds"]) / steps
        rows.append(
            {
                "name": name,
                "kind": kind,
                "precision": precision,
                "first": results[name]["first_step"],
                "median": median,
                "peak_gib": results[name]["peak"] / 2**30,
                "speed": flop / median / 1e9,
            }
        )
    peaks = {row["precision"]: row["speed"] for row in rows if row["kind"] == "convolution"}
    loop = next(row["median"] for row in rows if row["kind"] == "literal")
    for row in rows:
        row["of_peak"] = row["speed"] / peaks[row["precision"]]
        row["gain"] = loop / row["median"]
    return rows


def table(measured):
    """The rows as Markdown, with the machine under them."""
    lines = [
        "| | first step, import included | a step | against the chapter's loop | GFLOP/s | of the "
        "convolution's speed | memory at most |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows_of(measured):
        alone, compact = (row["kind"] == kind for kind in ("convolution", "compact"))
        cells = [
            row["name"],
            f"{row['first']:.0f} s",
            f"{row['median']:.3f} s" if compact else f"{row['median']:.2f} s",
            "" if alone or compact else f"{row['gain']:.2f} ×",
            f"{row['speed']:.0f}",
            "" if alone else f"{row['of_peak']:.0%}",
            f"{row['peak_gib']:.2f} GiB",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    rounds = len(next(iter(measured["results"].values()))["seconds"])
    versions = ", ".join(f"{name} {version}" for name, version in measured["versions"].items())
    lines += [
        "",
        f"Medians of {rounds} steps each (compact nets: of {rounds} times {worker.COMPACT_STEPS}), "
        f"taken in turns; {measured['step_flop'] / 1e12:.3f} TFLOP a step, compact "
        f"{measured['compact_step_flop'] / 1e9:.2f} GFLOP, counted from the layers. "
        f"{measured['processor']}: {measured['machine']}; "
        f"{versions}; {measured['date']}. Command: `make bench`.",
    ]
    return "\n".join(lines) + "\n"


def picture(measured, path):
    """Write a PNG with a bar for each way to train the chapter's nets."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from helpers.classroom.plots import FAKE_COLOUR, PHOTOGRAPH_COLOUR

    rows = [row for row in rows_of(measured) if row["kind"] not in ("convolution", "compact")][::-1]
    colours = {"float32": PHOTOGRAPH_COLOUR, "mixed_bfloat16": FAKE_COLOUR}
    figure, axis = plt.subplots(figsize=(7.5, 2.9))
    axis.barh(
        [row["name"] for row in rows],
        [row["median"] for row in rows],
        color=[colours[row["precision"]] for row in rows],
    )
    for place, row in enumerate(rows):
        told = f" {row['median']:.2f} s, {row['of_peak']:.0%} of the convolution's speed"
        axis.text(row["median"], place, told, va="center", fontsize=8)
    axis.set(xlabel="seconds for one step of the chapter's full nets, batch 20 (less is better)")
    axis.set_xlim(0, max(row["median"] for row in rows) * 1.5)
    figure.savefig(path, dpi=100, bbox_inches="tight", facecolor="white")


def write_all(measured, folder):
    """Write `step_speed.json`, `.md` and `.png` to the folder."""
    write(folder, "step_speed", measured, table(measured))
    picture(measured, folder / "step_speed.png")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--pytorch-python", help="a Python that has torch; leave it out to leave PyTorch out"
    )
    add_folder(parser)
    options = parser.parse_args()
    measured = measure(options.rounds, pytorch_python=options.pytorch_python)
    write_all(measured, options.folder)
    print(table(measured))


if __name__ == "__main__":
    main()
