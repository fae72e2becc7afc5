"""The compact recipe beside what one would take instead, for the same minutes on the same faces.

python -m benchmarks.rivals --faces lfw --lightweight-python .venv/lightweight/bin/python

The rivals: the DCGAN of TensorFlow's tutorial (`tutorial_dcgan.py`), and lightweight-gan from PyPI
(`lightweight_gan_worker.py`). Each is trained anew with each seed, and what it draws is judged.
Writes `rivals.json`, `rivals.md` and, with twelve pictures of each, `rivals.png` to `benchmarks/`.
Let nothing else run beside it. After a change of the compact nets `--only-compact` trains these
alone and keeps the rivals' rows and pictures, if they are of this machine.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import imageio.v3 as imageio
import numpy as np

from benchmarks.faces_in_minutes import PICTURES, SHOWN, command_line, report
from helpers import judging, runtime
from helpers.faces import load_faces
from helpers.images import save_picture
from helpers.plots import contact_sheet
from helpers.recipes import COMPACT
from helpers.whole_files import write_whole

FOLDER = Path(__file__).parent
RIVALS_OF = ", the rivals of "  # stands before their date where they are older


def draw_compact(training, minutes, seed):
    from helpers.training import train

    run = train(COMPACT, training, minutes=minutes, seed=seed)
    return run.sample(PICTURES, seed), run.steps_done


def draw_tutorial(training, minutes, seed):
    from benchmarks.tutorial_dcgan import draw_after

    return draw_after(training, minutes, seed, PICTURES)


def draw_lightweight(files, python, minutes, seed):
    """Its pictures, made as small as the others', and its steps."""
    from skimage.transform import resize

    with tempfile.TemporaryDirectory() as work:
        pictures = Path(work) / "faces"
        pictures.mkdir()
        for path in files:
            (pictures / path.name).symlink_to(path)
        worker = FOLDER / "lightweight_gan_worker.py"
        words = [python, worker, pictures, work, minutes, seed, PICTURES]
        done = subprocess.run(
            [str(word) for word in words], check=True, capture_output=True, text=True
        )
        drawn = np.load(Path(work) / "pictures.npy", allow_pickle=False)
    small = np.stack([resize(picture, (50, 50), anti_aliasing=True) for picture in drawn])
    return small.astype("float32"), int(done.stdout.split()[-1])


def former_run(where, seeds):
    """The rows of the last run, a row of pictures each, by name, and the date of the rivals'."""
    told = json.loads((FOLDER / "rivals.json").read_text(encoding="utf-8"))
    its_seeds = [row["seed"] for row in told["rows"]["compact"]]
    (measurement, date), (wanted, _) = (text.rsplit("; ", 1) for text in (told["where"], where))
    if (measurement, its_seeds) != (wanted, seeds):
        sys.exit(
            f"rivals.json tells of another measurement ({told['where']}; seeds {its_seeds}) than "
            f"this one ({where}; seeds {seeds}). Leave --only-compact out to measure all anew."
        )
    strips = np.split(imageio.imread(FOLDER / "rivals.png") / 255, len(told["rows"]))
    pictures = [np.stack(np.split(strip, SHOWN, axis=1)) for strip in strips]
    rivals_date = date.split(RIVALS_OF)[-1]
    return told["rows"], dict(zip(told["rows"], pictures, strict=True)), rivals_date


def main():
    parser = command_line(__doc__)
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--only-compact", action="store_true", help="keep the rivals' last run")
    parser.add_argument("--lightweight-python", help="leave it out to leave lightweight-gan out")
    options = parser.parse_args()
    faces = load_faces(options.faces)
    training, held_out = judging.split(faces.images)
    names, _ = judging.split(np.array(faces.names))
    files = [(faces.folder / name).resolve() for name in names]
    minutes = options.minutes
    contestants = {
        "compact": lambda seed: draw_compact(training, minutes, seed),
        "TensorFlow's tutorial": lambda seed: draw_tutorial(training, minutes, seed),
    }
    if options.lightweight_python:
        contestants["lightweight-gan"] = lambda seed: draw_lightweight(
            files, options.lightweight_python, minutes, seed
        )
    where = f"{minutes:g} minutes each; {runtime.where_and_when()}"
    floor = judging.floors(faces.images, training, held_out)
    rows, sheet, anew = {}, {}, list(contestants)
    if options.only_compact:
        rows, sheet, rivals_date = former_run(where, options.seeds)
        where += RIVALS_OF + rivals_date  # their rows are as old as they are
        anew = ["compact"]
    rows |= {name: [] for name in anew}
    for seed in options.seeds:
        for name in anew:
            drawn, steps = contestants[name](seed)
            numbers = judging.judge(drawn, training, held_out)
            rows[name].append({"seed": seed, "step": steps, **numbers})
            if len(rows[name]) == 1:
                sheet[name] = drawn[:SHOWN]
            print(name, rows[name][-1], flush=True)
            told = {"where": where, "rows": rows, "floor": floor}
            write_whole(FOLDER / "rivals.json", json.dumps(told, indent=1) + "\n")
    text = report("", rows, floor, options.seeds, where)
    write_whole(FOLDER / "rivals.md", text)
    save_picture(FOLDER / "rivals.png", contact_sheet(np.concatenate([*sheet.values()]), SHOWN))
    print(text)


if __name__ == "__main__":
    main()
