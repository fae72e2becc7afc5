"""What each change on the way to the compact recipe buys, and what each of its parts is worth.

python -m benchmarks.ablation --faces lfw --seeds 0 1 2 --seconds 25
python -m benchmarks.ablation --size 100 --seconds 240

Every answer is a training of so many seconds on all but 60 faces, and what its averaged generator
draws is judged. After each training `ablation.json` and `ablation.md` are written to
`benchmarks/results/`, or files of another name: lesson 08 shows `ablation` (photographs) and
`ablation_drawn` (one drawn person). Pictures that are larger have questions and files of their own,
`ablation_100` and so on: what they need beside another layer. Let nothing else run beside it.
"""

from dataclasses import replace

import numpy as np

from benchmarks.common import LATENTS_SEED, command_line, file_name, split_faces, whole, write
from helpers.faces import load_faces
from helpers.judging import judge
from helpers.machine import where_and_when
from helpers.training import CHAPTER_TUNED, COMPACT, STEPS_TO_COMPACT

COLUMNS = ("face rate", "distance", "patch distance", "coverage", "spread")
QUESTIONS = {  # a name for each, and its recipe
    "chapter's nets, 1/8 wide": CHAPTER_TUNED,
    "the same, in two ranges": replace(CHAPTER_TUNED, same_range=False),
    **STEPS_TO_COMPACT,
    "compact, but no gradient penalty": replace(COMPACT, gradient_penalty=0.0),
    "compact, but no average": replace(COMPACT, average_decay=0.0),
    "compact, but beta_1 of 0.9": replace(COMPACT, beta_1=0.9),
    "compact, all augmented": replace(COMPACT, augmented_share=1.0),
}

LARGER_QUESTIONS = {
    "compact": COMPACT,
    "compact, blind to the minibatch": replace(COMPACT, minibatch_deviation_from=10**9),
    "compact, a quarter of the penalty": replace(
        COMPACT, gradient_penalty=COMPACT.gradient_penalty / 4
    ),
}


def train_for(recipe, seed, seconds, training):
    """The `Run` of a training of so many seconds; the chapter's nets are an eighth wide."""
    from helpers.training import train

    width = 1.0 if recipe.nets == "compact" else 1 / 8
    return whole(train(recipe, training, minutes=seconds / 60, width=width, seed=seed))


def table(answers):
    """The answers as a table: the face rate of each seed, and means of the other numbers."""
    lines = [f"| | steps | face rate | mean | {' | '.join(COLUMNS[1:])} |"]
    lines.append("|---" * (len(COLUMNS) + 3) + "|")
    for name, rows in answers.items():
        steps = np.mean([row["steps"] for row in rows])
        rates = ", ".join(f"{row['face rate']:.2f}" for row in rows)
        means = [f"{np.mean([row[column] for row in rows]):.3f}" for column in COLUMNS]
        lines.append(f"| {name} | {steps:.0f} | {rates} | {' | '.join(means)} |")
    return "\n".join(lines) + "\n"


def main(words=None, questions=None):
    """Answer the questions, with the options in `words` (the command line's, if None); write."""
    parser = command_line(__doc__)
    parser.add_argument("--seconds", type=float, default=25)
    parser.add_argument("--size", type=int, default=50, help="rows and columns of a picture")
    parser.add_argument("--files", help="the files' name, without its ending")
    options = parser.parse_args(words)
    options.files = options.files or file_name("ablation", options.size)
    questions = questions or (QUESTIONS if options.size == 50 else LARGER_QUESTIONS)
    training, held_out = split_faces(load_faces(options.faces, options.size).images)
    where = f"{len(training)} pictures, {options.seconds:g} seconds each; {where_and_when()}"
    answers = {}
    for seed in options.seeds:
        for name, recipe in questions.items():
            run = train_for(recipe, seed, options.seconds, training)
            scores = judge(run.sample(options.pictures, LATENTS_SEED), training, held_out)
            row = {"seed": seed, "steps": run.steps_done, **scores.as_dict()}
            print(name, row, flush=True)
            answers.setdefault(name, []).append(row)
            record = {"where": where, "answers": answers}
            write(options.folder, options.files, record, f"{where}.\n\n{table(answers)}")
    print(table(answers))


if __name__ == "__main__":
    main()
