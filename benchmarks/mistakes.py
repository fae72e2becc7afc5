"""One mistake of the chapter's loop at a time: what each cure is worth, alone and together.

python -m benchmarks.mistakes --albums drawn lfw --seeds 0 1 2

Each recipe of `ONE_MISTAKE_AT_A_TIME` trains the chapter's nets, an eighth wide, once for each
seed, on the album of one drawn person and on the photographs. Kept are both losses of each step,
what the averaged generator draws, and how it is judged, after 300 steps (on photographs the
spine of the course goes on to 800). After each training `mistakes.json` and `mistakes.webp`, which
lesson 05 shows, and a table, `mistakes.md`, are written to `data/recorded_mistakes/`. No photograph
is in them; an album that is not asked for stays as it was. Steps are counted, not seconds:
something else may run beside it.
"""

import argparse
import json
from pathlib import Path

from benchmarks.common import LATENTS_SEED, whole
from helpers.classroom.mistakes import (
    ALBUM_WORDS,
    FOLDER,
    NAME,
    RecordedMistakes,
    keep_mistakes,
)
from helpers.faces import load_faces
from helpers.files import write_whole
from helpers.judging import face_rate, kernel_distance, split
from helpers.machine import where_and_when
from helpers.training import ONE_MISTAKE_AT_A_TIME, Run

MOMENT = 300  # the step at which all are judged: that of lesson 05
LATER = {"lfw": 800}  # photographs are harder: there the spine of the course goes on to this step
SPINE = ("as printed", "mended", "tuned")
PICTURES = 200  # judged at each moment
SHOWN = 8  # kept of them
WIDTH = 1 / 8


def judged(run, real, others):
    """The numbers of one moment: face rates, of the averaged generator and of the last step, and
    the kernel distance of the averaged generator's pictures from those others."""
    pictures = run.sample(len(real), LATENTS_SEED)
    last = run.sample(len(real), LATENTS_SEED, averaged=False)
    numbers = {
        "step": run.steps_done,
        "face_rate": face_rate(pictures),
        "face_rate_of_the_last_step": face_rate(last),
        "distance": kernel_distance(pictures, others),
    }
    return numbers, pictures[:SHOWN]


def train_and_judge(run, moments, real, others):
    """What is kept of one training: a dict, and its pictures (moments, SHOWN, 50, 50, 3)."""
    judgements, shown = [], []
    for moment in moments:
        whole(run.train(steps=moment))
        numbers, sample = judged(run, real, others)
        judgements.append(numbers)
        shown.append(sample)
    about = {"mistake": run.recipe.name, "seed": run.seed, "judgements": judgements}
    return about | run.history, shown


def former_albums(folder, names):
    """What was kept of the albums named, which are not recorded anew: records and sheets."""
    albums, sheets = {}, {}
    if (folder / f"{NAME}.json").exists():
        kept = json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8"))
        for name in kept.keys() & names:
            albums[name] = kept[name]
            rows = iter(RecordedMistakes(name, folder).judgements)
            sheets[name] = [
                [next(rows).pictures for _ in run["judgements"]] for run in kept[name]["runs"]
            ]
    return albums, sheets


def report(albums, folder):
    """The tables of all albums and moments as Markdown."""
    lines = []
    for name in albums:
        kept = RecordedMistakes(name, folder)
        for step in kept.steps:
            lines += [f"{step} steps on {kept.faces}; {kept.where}.\n", "```text", kept.table(step)]
            lines += ["```", ""]
    return "\n".join(lines)


def moments_of(album, recipe, moment, later):
    """The steps at which a training on this album is judged."""
    goes_on = album in later and recipe.name in SPINE
    return (moment, later[album]) if goes_on else (moment,)


def main(words=None, recipes=ONE_MISTAKE_AT_A_TIME, moment=MOMENT, later=LATER):
    """Train and keep, with the options in `words` (the command line's, if None)."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--albums", nargs="+", default=list(ALBUM_WORDS), choices=list(ALBUM_WORDS))
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--pictures", type=int, default=PICTURES)
    parser.add_argument("--width", type=float, default=WIDTH)
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the files are written")
    options = parser.parse_args(words)
    albums, sheets = former_albums(options.folder, set(ALBUM_WORDS) - set(options.albums))
    for album in options.albums:
        images = load_faces(album).images
        others, real = split(images, options.pictures)
        albums[album] = {
            "where": where_and_when(),
            "pictures": len(images),
            "judged": options.pictures,
            "width": options.width,
            "real": {"face_rate": face_rate(real), "distance": kernel_distance(real, others)},
            "runs": [],
        }
        for recipe in recipes.values():
            for seed in options.seeds:
                run = Run(recipe, images, width=options.width, seed=seed)
                moments = moments_of(album, recipe, moment, later)
                kept, shown = train_and_judge(run, moments, real, others)
                print(album, recipe.name, seed, kept["judgements"], flush=True)
                albums[album]["runs"].append(kept)
                sheets.setdefault(album, []).append(shown)
                keep_mistakes(albums, sheets, options.folder)
                write_whole(options.folder / f"{NAME}.md", report(albums, options.folder))


if __name__ == "__main__":
    main()
