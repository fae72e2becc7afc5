"""The README's moving picture: faces from the shipped generator, at six moments of its training.

`python -m benchmarks.growing_faces` writes `data/growing_faces.gif`, in some seconds. It needs no
photograph: the generator lies in `data/growing_generator/`. The latents are the first 18 of their
seed, the same at all moments; none was chosen.
"""

import io

import numpy as np
from PIL import Image, ImageDraw

from benchmarks.common import LATENTS_SEED
from helpers.classroom import load_growing_generator
from helpers.classroom.sheets import font
from helpers.files import DATA_FOLDER, write_whole
from helpers.images import DRAWN_BY_A_NET
from helpers.nets import draw_latents

PATH = DATA_FOLDER / "growing_faces.gif"
ROWS, COLUMNS = 3, 6
SIDE, GAP, CAPTION = 100, 6, 40  # pixels: of a face, between two, and the height of the words
STILL, LAST_STILL, FADE = 1300, 2100, 100  # milliseconds that a picture stays
FADES = 2  # pictures between two moments
COLOURS, FADE_COLOURS = 192, 48  # more would make a file of more than 1.5 MB
SETTLED = 2  # each colour moves to the middle of its pixels until fewer than so many change theirs
REPEATS = 2  # after the first time; then the last picture stays, so nothing moves for ever
PAPER, INK, PALE = (255, 255, 255), (20, 20, 20), (90, 90, 90)


def sheet(pictures):
    """Faces (18, 50, 50, 3) in [0, 1] in rows, made larger, below a strip for the caption."""
    width = COLUMNS * (SIDE + GAP) + GAP
    page = Image.new("RGB", (width, CAPTION + ROWS * (SIDE + GAP)), PAPER)
    for number, picture in enumerate(np.uint8(np.round(pictures * 255))):
        row, column = divmod(number, COLUMNS)
        face = Image.fromarray(picture).resize((SIDE, SIDE), Image.Resampling.BILINEAR)
        page.paste(face, (GAP + column * (SIDE + GAP), CAPTION + row * (SIDE + GAP)))
    return page


def with_words(page, caption):
    """A copy of a sheet with its caption above the faces."""
    page = page.copy()
    pen = ImageDraw.Draw(page)
    middle = CAPTION / 2
    pen.text((GAP, middle), caption, INK, font(22, "DejaVuSans-Bold"), anchor="lm")
    right = page.width - GAP
    pen.text(
        (right, middle), "drawn by a neural net; two cores, no GPU", PALE, font(15), anchor="rm"
    )
    return page


def frames(grown):
    """All pictures of the film, and how many milliseconds each stays. `grown`: the generator."""
    latents = draw_latents(ROWS * COLUMNS, np.random.default_rng(LATENTS_SEED))
    sheets = [sheet(pictures) for pictures in grown.generate(latents)]
    captions = ["before training", *[f"{words} of training" for words in grown.captions[1:]]]
    pages, stays = [], []
    for number, (page, caption) in enumerate(zip(sheets, captions, strict=True)):
        pages.append(with_words(page, caption))
        stays.append(STILL)
        for part in range(1, FADES + 1) if number + 1 < len(sheets) else ():
            between = Image.blend(page, sheets[number + 1], part / (FADES + 1))
            pages.append(with_words(between, captions[number + 1]))
            stays.append(FADE)
    stays[-1] = LAST_STILL
    return pages, stays


def as_gif(pages, stays, comment):
    """The bytes of a GIF; each picture has colours of its own, and no dots between them."""
    plain = [
        page.quantize(
            FADE_COLOURS if stay == FADE else COLOURS,
            Image.Quantize.MEDIANCUT,
            kmeans=SETTLED,
            dither=Image.Dither.NONE,
        )
        for page, stay in zip(pages, stays, strict=True)
    ]
    file = io.BytesIO()
    plain[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=plain[1:],
        duration=stays,
        loop=REPEATS,
        comment=comment,
    )
    return file.getvalue()


def main(path=PATH):
    """Write the film of the shipped generator to `path`."""
    grown = load_growing_generator()
    pages, stays = frames(grown)
    # The digest of the weights: a test sees by it when the film is older than the generator.
    comment = f"{DRAWN_BY_A_NET} Weights: {grown.record['sha256']}"
    content = as_gif(pages, stays, comment)
    write_whole(path, content)
    print(f"{path.name}: {len(content) / 1e6:.2f} MB, {sum(stays) / 1000:g} s")


if __name__ == "__main__":
    main()
