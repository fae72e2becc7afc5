"""The compact recipe beside what one would take instead, for the same minutes on the same faces.

python -m benchmarks.rivals --faces lfw --size 50 --lightweight-python .venv/lightweight/bin/python

The rivals: the DCGAN of TensorFlow's tutorial (`tutorial_dcgan.py`), and lightweight-gan from PyPI
(`lightweight_gan_worker.py`). Each is trained anew with each seed, and what it draws is judged.
After each training `rivals.json`, `rivals.md` and, with twelve pictures of each, `rivals.png` are
written to `benchmarks/results/`; of pictures of 100 x 100 they are called `rivals_100`. Let nothing
else run beside it. After a change of the compact nets `--only-compact` trains these alone and keeps
the rivals' rows and pictures, if they are of this machine.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import imageio.v3 as imageio
import numpy as np

from benchmarks.common import (
    SHOWN,
    command_line,
    file_name,
    report,
    split_faces,
    whole,
    write,
    write_sheet,
)
from helpers.faces import load_faces
from helpers.judging import floors, judge
from helpers.machine import machine, versions, where_and_when
from helpers.training import COMPACT

LIGHTWEIGHT_SIZES = {50: 64, 100: 128}  # it draws powers of two: the next larger one


def draw_compact(training, minutes, seed, count):
    """Train the compact recipe; `count` pictures in [0, 1], and the steps."""
    from helpers.training import train

    run = whole(train(COMPACT, training, minutes=minutes, seed=seed))
    return run.sample(count, seed), run.steps_done


def draw_tutorial(training, minutes, seed, count):
    """The same of the tutorial's nets."""
    from benchmarks.tutorial_dcgan import draw_after

    return draw_after(training, minutes, seed, count)


def draw_lightweight(files, size, python, minutes, seed, count):
    """The same of lightweight-gan, trained on these files: pictures as large as it draws them."""
    with tempfile.TemporaryDirectory() as work:
        pictures = Path(work) / "faces"
        pictures.mkdir()
        for path in files:
            (pictures / path.name).symlink_to(path)
        worker = Path(__file__).parent / "lightweight_gan_worker.py"
        words = [python, worker, pictures, work, size, minutes, seed, count]
        done = subprocess.run(
            [str(word) for word in words], check=True, capture_output=True, text=True
        )
        drawn = np.load(Path(work) / "pictures.npy", allow_pickle=False)
    return drawn, int(done.stdout.split()[-1])


def made_small(pictures, size):
    """Pictures of a rival whose own size is another one, as large as all others'."""
    from skimage.transform import resize

    small = [resize(picture, (size, size), anti_aliasing=True) for picture in pictures]
    return np.stack(small).astype("float32")


def contestants(faces, options):
    """By name, a function of the seed that trains and draws: pictures in [0, 1], and the steps."""
    training, _ = split_faces(faces.images)
    names, _ = split_faces(np.array(faces.names))
    files = [(faces.folder / name).resolve() for name in names]
    minutes, count = options.minutes, options.pictures
    found = {
        "compact": lambda seed: draw_compact(training, minutes, seed, count),
        "TensorFlow's tutorial": lambda seed: draw_tutorial(training, minutes, seed, count),
    }
    if options.lightweight_python:
        size = LIGHTWEIGHT_SIZES[options.size]

        def draw(seed):
            python = options.lightweight_python
            drawn, steps = draw_lightweight(files, size, python, minutes, seed, count)
            return made_small(drawn, options.size), steps

        found["lightweight-gan"] = draw
    return found


def new_record(faces, options):
    """What the record holds before the first training: a dict without rows.

    Measurements can stand in one table where their "measurement" is the same. "rivals_date" is the
    day of the rivals' rows; the compact ones may be younger.
    """
    training, held_out = split_faces(faces.images)
    return {
        "where": f"{options.minutes:g} minutes each; {where_and_when()}",
        "measurement": {
            "minutes": options.minutes,
            "size": options.size,
            "training pictures": len(training),
            "judged pictures": options.pictures,
            "machine": machine().sentence(),
            "versions": versions(),
        },
        "rivals_date": time.strftime("%Y-%m-%d"),
        "rows": {},
        "floor": floors(training, held_out, options.pictures).as_dict(),
    }


def former_run(folder, name, measurement, seeds):
    """The record of the last run with these files, and by name a row of its pictures.

    Ends the benchmark where its rivals can't stand beside this measurement with these seeds.
    """
    anew = "Leave --only-compact out to measure all anew."
    try:
        record = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        sheet = imageio.imread(folder / f"{name}.png") / 255
    except FileNotFoundError as error:
        sys.exit(f"{error.filename} is missing. {anew}")
    rows = record["rows"]
    rivals = [name for name in rows if name != "compact"]
    complete = all([row["seed"] for row in rows[name]] == seeds for name in rivals)
    if record["measurement"] != measurement or not complete:
        told = {name: [row["seed"] for row in rows[name]] for name in rivals}
        sys.exit(
            f"{name}.json tells of another measurement ({record['measurement']}; seeds {told}) "
            f"than this one ({measurement}; seeds {seeds}). {anew}"
        )
    pictures = [np.stack(np.split(row, SHOWN, axis=1)) for row in np.split(sheet, len(rows))]
    return record, dict(zip(rows, pictures, strict=True))


def options_of(words):
    """The options in `words`, a list like a command line; those of the command line for None."""
    parser = command_line(__doc__)
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--size", type=int, default=50, choices=LIGHTWEIGHT_SIZES)
    parser.add_argument("--only-compact", action="store_true", help="keep the rivals' last run")
    parser.add_argument("--lightweight-python", help="leave it out to leave lightweight-gan out")
    options = parser.parse_args(words)
    options.files = file_name("rivals", options.size)
    return options


def main(words=None):
    """Measure, with the options in `words` (the command line's, if None), and write."""
    options = options_of(words)
    faces = load_faces(options.faces, options.size)
    training, held_out = split_faces(faces.images)
    draws, record, pictures = contestants(faces, options), new_record(faces, options), {}
    if options.only_compact:
        former, pictures = former_run(
            options.folder, options.files, record["measurement"], options.seeds
        )
        record |= {"rows": former["rows"] | {"compact": []}, "rivals_date": former["rivals_date"]}
        record["where"] += f", the rivals of {former['rivals_date']}"
        draws = {"compact": draws["compact"]}
    for seed in options.seeds:
        for name, draw in draws.items():
            drawn, steps = draw(seed)
            scores = judge(drawn, training, held_out)
            rows = record["rows"].setdefault(name, [])
            rows.append({"seed": seed, "step": steps, **scores.as_dict()})
            if len(rows) == 1:
                pictures[name] = drawn[:SHOWN]
            print(name, rows[-1], flush=True)
            text = report("", record["rows"], record["floor"], record["where"])
            write(options.folder, options.files, record, text)
            write_sheet(options.folder, options.files, np.concatenate([*pictures.values()]))
    print(text)


if __name__ == "__main__":
    main()
