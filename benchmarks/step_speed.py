"""How fast is a step of the chapter's full nets, and of the compact ones? In one run: `make bench`.

Each contestant lives in a process of its own and takes one step when its turn comes (a compact one
96), round after round, so that a slow minute of the machine hits all of them. Written:
`step_speed.json` with every measurement, `step_speed.md` with the table, `step_speed.png` with the
picture.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks import worker
from helpers import runtime

HERE = Path(__file__).parent
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

    def __init__(self, kind, precision, python):
        command = [python, "-m", "benchmarks.worker", kind, precision]
        self.process = subprocess.Popen(
            command,
            cwd=runtime.REPOSITORY_FOLDER,
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

    def _answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit(f"A worker died: {' '.join(self.process.args)}. Run it alone to see why.")
        return json.loads(line)


def chapter_flop():
    """The floating-point operations of one step, counted from the layers."""
    from helpers import chapter
    from helpers.layer_costs import step_flop

    return step_flop(chapter.build_generator(), chapter.build_discriminator(), batch_size=20)


def compact_flop():
    """Those of one step of the compact recipe; its penalty comes at every eighth step."""
    from helpers import compact
    from helpers.gan import PENALTY_EVERY
    from helpers.layer_costs import penalty_flop, step_flop
    from helpers.recipes import COMPACT

    nets = compact.build_generator(), compact.build_discriminator()
    turns = step_flop(*nets, COMPACT.batch_size, drawn_once=COMPACT.drawn_once)
    return turns + penalty_flop(nets[1], COMPACT.batch_size) / PENALTY_EVERY


def measure(rounds, pytorch_python):
    """All measurements: a dict that JSON can hold."""
    contestants = {}
    for name, (kind, precision) in CONTESTANTS.items():
        python = pytorch_python if kind == "pytorch" else sys.executable
        print(f"{name}: starting, first step …", flush=True)
        contestants[name] = Contestant(kind, precision, python)
    for number in range(rounds):
        for contestant in contestants.values():
            time.sleep(0.3)  # the threads of the one before come to rest
            contestant.step()
        newest = ", ".join(f"{c.seconds[-1]:.2f}" for c in contestants.values())
        print(f"round {number + 1} of {rounds}: {newest} s", flush=True)
    results = {
        name: {"first_step": c.first_step, "seconds": c.seconds, "peak": c.peak}
        for name, c in contestants.items()
    }
    for contestant in contestants.values():
        contestant.process.stdin.close()
        contestant.process.wait()
    return {
        "date": time.strftime("%Y-%m-%d"),
        "processor": processor(),
        "machine": runtime.machine().sentence(),
        "versions": {**runtime.versions(), "torch": torch_version(pytorch_python)},
        "step_flop": chapter_flop(),
        "compact_step_flop": compact_flop(),
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
    command = [python, "-c", "import torch; print(torch.__version__)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def rows_of(measured):
    """A row for each contestant: name, first step, median seconds, GFLOP/s, share of peak, GiB."""
    results = measured["results"]
    flop_of = {"convolution": CONVOLUTION_FLOP, "compact": measured["compact_step_flop"]}
    rows = []
    for name, (kind, precision) in CONTESTANTS.items():
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
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from helpers.plots import FAKE_COLOUR, PHOTOGRAPH_COLOUR

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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pytorch-python", required=True, help="a Python that has torch")
    options = parser.parse_args()
    measured = measure(options.rounds, options.pytorch_python)
    (HERE / "step_speed.json").write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    (HERE / "step_speed.md").write_text(table(measured), encoding="utf-8")
    picture(measured, HERE / "step_speed.png")
    print(table(measured))


if __name__ == "__main__":
    main()
