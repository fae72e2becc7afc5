"""What each knob of a training does, three seeds a place: the grid that lesson 07 shows.

python -m benchmarks.tuning --albums drawn lfw --seeds 0 1 2

Each place of `KNOBS` is a training of the quick nets on all but 100 faces, for so many steps, and
what its averaged generator draws is judged as lesson 07 does it. After each place `tuning.json` is
written to `benchmarks/results/`. Steps are counted, not seconds: something else may run beside it.
"""

import argparse
import contextlib
import io
import json

from benchmarks.common import add_folder
from helpers.classroom.tuning import NUMBERS, Tuning, grid_table
from helpers.faces import load_faces
from helpers.files import write_whole
from helpers.judging import split
from helpers.machine import where_and_when
from helpers.training.knobs import KNOBS

STEPS = 300
HELD_OUT = 100


def main(words=None, knobs=KNOBS, steps=STEPS, held_out=HELD_OUT):
    """Train and judge, with the options in `words` (the command line's, if None); write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--albums", nargs="+", default=["drawn", "lfw"])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    add_folder(parser)
    options = parser.parse_args(words)
    path = options.folder / "tuning.json"
    record = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for album in options.albums:
        tuning = Tuning(*split(load_faces(album).images, held_out), steps)
        answers = {}
        for name, (recipe, width) in knobs.items():
            for seed in options.seeds:
                with contextlib.redirect_stdout(io.StringIO()):
                    row, _ = tuning.train(name, recipe, seed, width)
                answers.setdefault(name, []).append([float(f"{n:.4g}") for n in row.numbers])
            print(album, name, answers[name], flush=True)
            record[album] = {
                "where": where_and_when(),
                "steps": steps,
                "numbers": NUMBERS,
                "seeds": options.seeds,
                "answers": answers,
            }
            options.folder.mkdir(parents=True, exist_ok=True)
            write_whole(path, json.dumps(record, indent=1) + "\n")
        print(grid_table(answers))


if __name__ == "__main__":
    main()
