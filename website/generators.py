"""What the site draws with: generators, moments of their training, and faces for "spot the fake".

`write_scripts(folder)` writes all that the drawing widgets load: `generators.js`, which tells of
the generators; `weights/<name>.js`, one for each moment; `painted_faces.webp`, of the game.

On the site a net draws, and a program paints. So what the lessons and `load_faces` call drawn faces
are painted faces here: else nobody could say who drew.
"""

import io
import json
from dataclasses import dataclass
from functools import cache

import numpy as np

from helpers.classroom.growing_generator import FOLDERS, load_growing_generator
from helpers.files import write_whole
from helpers.images import DRAWN_BY_A_NET
from website.weights import layers_of, weight_script

PAINTED, COLUMNS = 24, 8  # faces of the game that no net drew, in one picture
UNTRAINED = {"seconds": 0, "words": "untrained", "seed": 1}  # its weights the page draws by chance


@dataclass(frozen=True)
class Generator:
    """A generator of the site; `load_growing_generator(side, source)` gives its weights."""

    name: str
    source: str
    side: int
    words: str
    seconds: tuple  # the moments that the site has: a megabyte each
    is_for_weak_machines: bool = False
    is_for_the_game: bool = False


GENERATORS = (
    Generator(
        "photographs_100",
        "lfw",
        100,
        "100 × 100 pixels, learned from photographs of one man",
        (15, 60, 240, 900),
    ),
    Generator(
        "photographs_50",
        "lfw",
        50,
        "50 × 50 pixels, the same, for slow machines",
        (900,),
        is_for_weak_machines=True,
    ),
    Generator(
        "painted_100",
        "drawn",
        100,
        "100 × 100 pixels, learned from one painted person",
        (600,),
        is_for_the_game=True,
    ),
)


def write_scripts(folder, generators=GENERATORS):
    """Write the files that the drawing widgets load into `folder`, the site's `_static`.

    Raises: GrowingGeneratorError where weights are missing or damaged; WeightsError where the page
    can't draw with them.
    """
    (folder / "weights").mkdir(parents=True, exist_ok=True)
    told = []
    for generator in generators:
        about, scripts = scripts_of(generator)
        told.append(about)
        for name, content in scripts.items():
            write_whole(folder / "weights" / f"{name}.js", content)
    content, about_faces = painted_faces(generators)
    write_whole(folder / about_faces["file"], content)
    write_whole(folder / "generators.js", manifest(told, about_faces))


def manifest(generators, faces):
    """The text of generators.js: what the page knows before it fetches any weights."""
    return (
        '"use strict";\nglobalThis.course ??= {};\n'
        f"course.generators = {json.dumps(generators, ensure_ascii=False)};\n"
        f"course.drawnByANet = {json.dumps(DRAWN_BY_A_NET)};\n"
        f"course.paintedFaces = {json.dumps(faces, ensure_ascii=False)};\n"
    )


@cache
def scripts_of(generator):
    """What is told of a generator, a dict, and its weights' scripts: {name: bytes}.

    Raises: as `write_scripts`; ValueError where the generator was not kept at one of its moments.
    """
    from helpers.nets.compact import build_generator

    grown = load_growing_generator(generator.side, generator.source)
    net = build_generator(size=generator.side)
    if missing := sorted(set(generator.seconds) - set(grown.seconds)):
        raise ValueError(
            f"{generator.name} was not kept after {', '.join(map(str, missing))} seconds: its "
            "run.json says when. Change `seconds` in website/generators.py."
        )
    moments, scripts = [UNTRAINED], {}
    for seconds, caption, weights in zip(grown.seconds, grown.captions, grown.weights, strict=True):
        if seconds in generator.seconds:
            name = f"{generator.name}_{seconds}"
            words = f"after {caption} of training"
            moments.append({"seconds": seconds, "words": words, "weights": name})
            scripts[name] = weight_script(name, weights)
    about = {
        "name": generator.name,
        "words": generator.words,
        "side": generator.side,
        "latentSize": net.input.shape[-1],
        "isForWeakMachines": generator.is_for_weak_machines,
        "isForTheGame": generator.is_for_the_game,
        "layers": layers_of(net),
        "moments": moments,
        "directions": directions_of(generator, grown.record["sha256"]),
    }
    return about, scripts


def directions_of(generator, digest):
    """The stored directions, with the words that a slider shows.

    Raises: ValueError where they were found for other weights.
    """
    path = FOLDERS[generator.source, generator.side] / "directions.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    if stored["sha256"] != digest:
        raise ValueError(f"{path} is of other weights: run python -m website.directions anew.")
    return [
        {
            "words": in_words(one),
            "share": one["share"],
            "direction": one["direction"],
        }
        for one in stored["directions"]
    ]


def in_words(one):
    """A stored direction's names, as a slider shows them."""
    return "; ".join(f"{name['thing']}: {' – '.join(name['ends'])}" for name in one["names"])


def painted_faces(generators, count=PAINTED):
    """The picture with the painted faces of the game, a lossless WebP, and what is told of it.

    Lossless, since no trace of a file format may tell what a net drew and what not.
    """
    from PIL import Image

    from helpers.faces import load_faces

    [side] = {generator.side for generator in generators if generator.is_for_the_game}
    images = load_faces("drawn", side, n=PAINTED).images[:count]
    rows = len(images) // COLUMNS
    sheet = images[: rows * COLUMNS].reshape(rows, COLUMNS, side, side, 3).swapaxes(1, 2)
    pixels = np.uint8(np.round(sheet.reshape(rows * side, COLUMNS * side, 3) * 255))
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "WEBP", lossless=True, quality=100, method=6)
    told = {"file": "painted_faces.webp", "side": side, "columns": COLUMNS, "count": rows * COLUMNS}
    return file.getvalue(), told
