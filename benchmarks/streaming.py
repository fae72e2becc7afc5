"""What it costs to train on pictures that memory can't hold: they are read from disk, step by step.

python -m benchmarks.streaming --count 100000 --size 100

Its pictures are links to 500 drawn JPEGs, with names of their own, in the cache. Four parts, each
of which `--parts` can name alone; the record keeps the others:

- fill: how long it takes to store them all, and to find them stored;
- start: a process of its own loads them and trains: when is its first step done, what is the most
  memory that it ever held;
- speed: the compact recipe's steps, by turns with pictures from disk and in memory, where it has
  the first 10,000; the order of the two changes from round to round;
- stream: how many pictures a second come, at each size, with the file in the system's cache and
  after it was dropped from there (Linux only), beside how many the steps take.

Writes `streaming.json` and `.md` to `benchmarks/results/`. Let nothing else run beside it.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.common import add_folder, write
from benchmarks.step_speed_worker import peak_bytes
from helpers.faces import load_faces
from helpers.faces.drawn_files import drawn_folder
from helpers.faces.stored_pictures import StoredPictures
from helpers.files import cached
from helpers.machine import faster_precision, where_and_when
from helpers.training import COMPACT, Run
from helpers.training.batches import as_dataset, batches

DRAWN = 500  # different pictures among all
IN_MEMORY = 10_000  # pictures, for the run beside: more would leave other programs too little
STREAM_SIZES = (50, 100, 200)
NAMES = {"disk": "from disk", "memory": "in memory"}


def sources(count):
    """A folder with so many JPEGs of 250 x 250, in the cache: links to 500 drawn ones."""
    folder = cached(f"streaming_{count}")
    if not folder.exists():
        faces = sorted(drawn_folder(min(count, DRAWN), 0, "crowd").glob("*.jpg"))
        with tempfile.TemporaryDirectory(dir=folder.parent) as aside:
            fresh = Path(aside) / "faces"
            fresh.mkdir()
            for number in range(count):
                os.link(faces[number % len(faces)], fresh / f"{number:06}.jpg")
            fresh.rename(folder)
    return folder


def fill(folder, options):
    """Seconds to store what is not stored yet, and to find all of it again."""
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        images = load_faces(folder, options.size, memory=0).images
        seconds.append(time.perf_counter() - began)
    return {"stored": seconds[0], "found": seconds[1], "bytes_on_disk": images.nbytes // 4}


def start(folder, options):
    """What `train_from_disk` tells, from a new process."""
    words = [str(folder), options.size, options.steps, time.time()]
    code = f"from benchmarks.streaming import train_from_disk as train; train(*{words!r})"
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    done.check_returncode()
    return json.loads(done.stdout.splitlines()[-1])


def train_from_disk(folder, size, steps, began):
    """Print when the first step was done, from `began` (`time.time()`), and the memory at most."""
    from helpers.machine import import_keras

    ends = []
    note = import_keras().callbacks.LambdaCallback(
        on_train_batch_end=lambda step, logs: ends.append(time.time())
    )
    images = load_faces(folder, size, memory=0).images
    loaded = time.time() - began
    with tempfile.TemporaryDirectory() as place:
        run = Run(COMPACT, images, folder=place, picture_every=max(1, steps // 4))
        run.train(steps=steps, more_callbacks=[note])
    first = ends[0] - began
    print(json.dumps({"loaded": loaded, "first_step": first, "peak": peak_bytes()}))


def speed(folder, options):
    """Seconds of each turn, from disk and in memory: dict of lists, a number a round."""
    stored = load_faces(folder, options.size, memory=0).images
    turns = {"disk": _turn(stored), "memory": _turn(stored[:IN_MEMORY])}
    seconds = {name: [] for name in turns}
    for number in range(options.rounds):
        for name in list(turns)[:: 1 if number % 2 else -1]:
            seconds[name].append(turns[name](options.steps))
    return seconds


def _turn(images):
    """A function that takes some steps of the compact recipe, as `fit` does: their seconds."""
    run = Run(COMPACT, images)
    iterator = iter(as_dataset(run.batches))
    run.gan.make_train_function()

    def turn(steps):
        began = time.perf_counter()
        losses = [run.gan.train_function(iterator) for _ in range(steps)][-1]
        float(losses["generator_loss"])  # TensorFlow must have computed them
        return time.perf_counter() - began

    turn(1)  # the first time it is prepared
    return turn


def stream(_, options):
    """A row a size: pictures a second that come, and that the steps take; noise on disk."""
    rows = []
    for size in options.stream_sizes:
        with tempfile.TemporaryDirectory(dir=cached("")) as place:
            path = Path(place) / "noise.bin"
            random = np.random.default_rng(0)
            with path.open("wb") as file:
                for _ in range(options.stored // 100):
                    file.write(random.bytes(100 * size * size * 3))
                file.flush()
                os.fsync(file.fileno())
            images = StoredPictures(path, size, np.arange(options.stored // 100 * 100))
            row = {"size": size, "dropped": _pictures_a_second(images, path, options.steps)}
            row["cached"] = _pictures_a_second(images, None, options.steps)
            row["needed"] = COMPACT.batch_size * options.steps / _turn(images)(options.steps)
        rows.append(row)
    return rows


def _pictures_a_second(images, to_be_dropped, steps):
    """How many come in so many batches; before, the file leaves the system's cache if asked for."""
    if to_be_dropped is not None:
        if not hasattr(os, "posix_fadvise"):
            return None
        with to_be_dropped.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    taken = batches(COMPACT, images, seed=1)
    began = time.perf_counter()
    for _ in range(steps):
        next(taken)
    return COMPACT.batch_size * steps / (time.perf_counter() - began)


MEASURED = {"fill": fill, "start": start, "speed": speed, "stream": stream}


def table(record):
    """What the record holds, as Markdown."""
    rows = []
    if told := record.get("fill"):
        rows += [
            ("on disk", f"{told['bytes_on_disk'] / 2**30:.2f} GiB"),
            ("to store what was missing", f"{told['stored']:.0f} s"),
            ("to find all stored", f"{told['found']:.1f} s"),
        ]
    if told := record.get("start"):
        rows += [
            ("from a process's start to the end of its first step", f"{told['first_step']:.1f} s"),
            ("its memory at most, TensorFlow and nets included", f"{told['peak'] / 2**30:.2f} GiB"),
        ]
    if told := record.get("speed"):
        for name, seconds in told.items():
            per_second = record["steps"] / statistics.median(seconds)
            rows.append((f"steps a second, {NAMES[name]}", f"{per_second:.2f}"))
        gains = [memory / disk for disk, memory in zip(told["disk"], told["memory"], strict=True)]
        least, median, most = min(gains), statistics.median(gains), max(gains)
        told = f"{median:.1%} ({least:.1%} to {most:.1%})"
        rows.append((f"the first of the second, median of {len(gains)} pairs", told))
    pictures = f"{record['count']} pictures of {record['size']} x {record['size']}"
    lines = [f"{pictures}; {record['where']}.", "", "| | |", "|---|---|"]
    lines += [f"| {name} | {number} |" for name, number in rows]
    if "stream" in record:
        lines += ["", "| pictures a second | file in the system's cache | not in it | steps take |"]
        lines.append("|---|---|---|---|")
        for row in record["stream"]:
            numbers = [row["cached"], row["dropped"], row["needed"]]
            cells = ["–" if number is None else f"{number:.0f}" for number in numbers]
            lines.append(f"| {row['size']} x {row['size']} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def main(words=None):
    """Measure, with the options in `words` (the command line's, if None), and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    add = parser.add_argument
    add("--count", type=int, default=100_000, help="pictures")
    add("--size", type=int, default=100, help="rows and columns of a picture")
    add("--parts", nargs="+", choices=list(MEASURED), default=list(MEASURED))
    add("--rounds", type=int, default=8, help="turns of each side")
    add("--steps", type=int, default=96, help="of a turn; every eighth has the gradient penalty")
    add("--stored", type=int, default=20_000, help="pictures of noise, for the stream")
    add("--stream-sizes", type=int, nargs="+", default=STREAM_SIZES)
    add_folder(parser)
    options = parser.parse_args(words)
    path = options.folder / "streaming.json"
    asked = {name: getattr(options, name) for name in ("count", "size", "steps")}
    record = json.loads(path.read_text(encoding="utf-8")) if path.exists() else asked
    if not asked.items() <= record.items():
        record = asked
    folder = sources(options.count)
    for name in options.parts:
        record[name] = MEASURED[name](folder, options)
        record["where"] = f"{faster_precision()}; {where_and_when()}"
        write(options.folder, "streaming", record, table(record))
    print(table(record))


if __name__ == "__main__":
    main()
