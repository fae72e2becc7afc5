"""What each change on the way to the compact recipe buys, and what each of its parts is worth.

python -m benchmarks.ablation --faces lfw --seeds 0 1 2 --seconds 25

Every answer is a training of so many seconds on all but 60 faces, and what its averaged generator
draws is judged. After each training `ablation.json`, which lesson 08 shows, and `ablation.md` are
written to `benchmarks/`. Let nothing else run beside it.
"""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.faces_in_minutes import LATENTS_SEED, PICTURES, command_line
from helpers import judging, runtime
from helpers.faces import load_faces
from helpers.recipes import CHAPTER_TUNED, COMPACT, STEPS_TO_COMPACT
from helpers.whole_files import write_whole

FOLDER = Path(__file__).parent
COLUMNS = ("face rate", "distance", "coverage", "spread")
QUESTIONS = {  # a name for each, and its recipe
    "chapter's nets, 1/8 wide": CHAPTER_TUNED,
    "the same, in two ranges": replace(CHAPTER_TUNED, same_range=False),
    **STEPS_TO_COMPACT,
    "compact, but no gradient penalty": replace(COMPACT, gradient_penalty=0.0),
    "compact, but no average": replace(COMPACT, average_decay=0.0),
    "compact, but beta_1 of 0.9": replace(COMPACT, beta_1=0.9),
    "compact, all augmented": replace(COMPACT, augmented_share=1.0),
}


def answer(recipe, seed, seconds, training, held_out):
    """Train once, and judge: a dict of numbers."""
    from helpers.training import train

    width = 1.0 if recipe.nets == "compact" else 1 / 8
    run = train(recipe, training, minutes=seconds / 60, width=width, seed=seed)
    numbers = judging.judge(run.sample(PICTURES, LATENTS_SEED), training, held_out)
    return {"seed": seed, "steps": run.steps_done, **numbers}


def table(answers):
    """The answers as a table: the face rate of each seed, and means of the other numbers."""
    lines = ["| | steps | face rate | mean | distance | coverage | spread |", "|---" * 7 + "|"]
    for name, rows in answers.items():
        steps = np.mean([row["steps"] for row in rows])
        rates = ", ".join(f"{row['face rate']:.2f}" for row in rows)
        means = [f"{np.mean([row[column] for row in rows]):.3f}" for column in COLUMNS]
        lines.append(f"| {name} | {steps:.0f} | {rates} | {' | '.join(means)} |")
    return "\n".join(lines) + "\n"


def main():
    parser = command_line(__doc__)
    parser.add_argument("--seconds", type=float, default=25)
    options = parser.parse_args()
    faces = load_faces(options.faces)
    training, held_out = judging.split(faces.images)
    where = (
        f"{len(training)} pictures, {options.seconds:g} seconds each; {runtime.where_and_when()}"
    )
    answers = {name: [] for name in QUESTIONS}
    for seed in options.seeds:
        for name, recipe in QUESTIONS.items():
            answers[name].append(answer(recipe, seed, options.seconds, training, held_out))
            print(name, answers[name][-1], flush=True)
            told = {name: rows for name, rows in answers.items() if rows}
            record = {"where": where, "answers": told}
            write_whole(FOLDER / "ablation.json", json.dumps(record, indent=1) + "\n")
            write_whole(FOLDER / "ablation.md", f"{where}.\n\n{table(told)}")
    print(table(answers))


if __name__ == "__main__":
    main()
