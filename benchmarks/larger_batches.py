"""Larger batches, as many devices would share them: the same pictures seen, in fewer steps.

python -m benchmarks.larger_batches --seeds 0 1 2

The compact recipe with batches of 16 and 64, the larger one also with both rates four times
as high (the linear rule of Goyal and others, "Accurate, large minibatch SGD", 2017). Each training
sees as many photographs; all but 100 of the drawn person's faces are there to learn from. Kept is
how the averaged generator's pictures are judged, and how both players stand. After each training
`larger_batches.json` and `larger_batches.md` are written to `benchmarks/results/`; what was
measured before and is not asked for stays. Steps are counted, seconds noted.
"""

import argparse
import json
from dataclasses import replace

from benchmarks.common import LATENTS_SEED, add_folder, whole, write
from helpers.classroom.batches_table import NAME, PLAYERS, SCORES, batches_table
from helpers.classroom.readings import Reader
from helpers.faces import load_faces
from helpers.judging import judge, split
from helpers.machine import where_and_when
from helpers.training import COMPACT, Run

SEEN = 16 * 960  # photographs in each training, those that come again included
HELD_OUT = 100  # and as many fakes are judged
FOURFOLD = {
    "generator_learning_rate": 4 * COMPACT.generator_learning_rate,
    "discriminator_learning_rate": 4 * COMPACT.discriminator_learning_rate,
}
BATCHES = {
    "16": COMPACT,
    "64": replace(COMPACT, batch_size=64),
    "64, rates x 4": replace(COMPACT, batch_size=64, **FOURFOLD),
}


def train_and_judge(recipe, training, held_out, seed, seen):
    """What is kept of one training: a dict of numbers."""
    run = Run(recipe, training, seed=seed)
    reader = Reader(run, held_out)
    whole(run.train(steps=seen // recipe.batch_size))
    scores = judge(run.sample(len(held_out), LATENTS_SEED), training, held_out).as_dict()
    reading = reader.read()
    return {
        "seed": seed,
        "steps": run.steps_done,
        "seconds": round(run.seconds, 1),
        **{name: float(f"{scores[name]:.4g}") for name in SCORES},
        **{name: float(f"{getattr(reading, name):.4g}") for name in PLAYERS},
    }


def main(words=None, batches=BATCHES, seen=SEEN, held_out=HELD_OUT):
    """Train and judge, with the options in `words` (the command line's, if None); write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--faces", default="drawn")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--batches", nargs="+", choices=list(batches), default=list(batches))
    add_folder(parser)
    options = parser.parse_args(words)
    training, unseen = split(load_faces(options.faces).images, held_out)
    path = options.folder / f"{NAME}.json"
    former = json.loads(path.read_text(encoding="utf-8"))["answers"] if path.exists() else {}
    answers = {name: former.get(name, []) for name in batches}
    real = judge(unseen, training, unseen).as_dict()
    for name in options.batches:
        for seed in options.seeds:
            row = train_and_judge(batches[name], training, unseen, seed, seen)
            others = [other for other in answers[name] if other["seed"] != seed]
            answers[name] = sorted([*others, row], key=lambda each: each["seed"])
            print(name, row, flush=True)
            record = {
                "where": where_and_when(),
                "faces": options.faces,
                "learned_from": len(training),
                "seen": seen,
                "judged": held_out,
                "real": {name: float(f"{real[name]:.4g}") for name in SCORES},
                "answers": {name: rows for name, rows in answers.items() if rows},
            }
            told = f"```text\n{batches_table(record)}\n```\n"
            write(options.folder, NAME, record, f"{record['where']}.\n\n{told}")


if __name__ == "__main__":
    main()
