"""The ten directions among a generator's latents along which its pictures change most.

`python -m website.directions` finds them for each generator that the site draws with, and writes
`directions.json` beside its weights: about two minutes on two cores.

A small step along a direction v changes a picture by J v, where J holds how each value of the
picture depends on each number of the latent. Over many latents the mean squared change is v' M v,
with M the mean of J' J. The directions sought are its eigenvectors, by falling eigenvalue: they
are at right angles, and no others change pictures more. Source: Wang and Ponce, "A geometric
analysis of deep generative image models and its applications", ICLR 2021, with squared
distances of pixels.

What a direction changes is measured, not guessed: of a list of things that can be measured in a
portrait, each direction is named after the one that changes most along it.
"""

import json

import numpy as np

from helpers.classroom import growing_generator
from helpers.files import write_whole
from helpers.nets import draw_latents
from website.generators import GENERATORS, in_words

COUNT = 10
LATENTS_SEED = 5
POINTS = 64  # latents at which the change is measured
STEP = 0.05  # by which each of their numbers is moved
TINY = 1e-6  # so that what never changes in any picture has no effect
NAMED_AT, NAMED_ON = 2.0, 200  # how far names are measured, and on how many latents
FACE = 0.35, 0.75, 0.33, 0.67  # where it is in most portraits: top, bottom, left, right


def part(pictures, top, bottom, left, right):
    """A rectangle of portraits (n, size, size, 3) in [0, 1]: (n, rows, columns, 3).

    `top`, `bottom`, `left`, `right`: parts of the sides, from 0 to 1.
    """
    size = pictures.shape[1]
    rows = slice(round(top * size), round(bottom * size))
    return pictures[:, rows, round(left * size) : round(right * size)]


def mean(pictures):
    """How light pictures (n, rows, columns, 3) are, one number for each."""
    return pictures.mean((1, 2, 3))


def warmth(pictures):
    """How much more red than blue, one number for each picture."""
    return pictures[..., 0].mean((1, 2)) - pictures[..., 2].mean((1, 2))


def middle_of_skin(pictures, axis):
    """Where the reddish places lie on average, 0 to 1, along rows (axis 1) or columns (axis 2)."""
    weights = np.clip(pictures[..., 0] - pictures[..., 2], 0, None).sum(3 - axis) + TINY
    return weights @ np.linspace(0, 1, pictures.shape[1]) / weights.sum(1)


def background(pictures):
    """What is at both sides of a head: (n, rows, columns, 3)."""
    sides = [part(pictures, 0, 0.4, 0, 0.15), part(pictures, 0, 0.4, 0.85, 1)]
    return np.concatenate(sides, 2)


# What is measured of portraits (n, size, size, 3): a thing, and the words for less and for more.
MEASURES = {
    ("background", "darker", "lighter"): lambda p: mean(background(p)),
    ("background", "bluer", "redder"): lambda p: warmth(background(p)),
    ("background", "light at the left", "at the right"): lambda p: (
        mean(part(p, 0, 0.4, 0.85, 1)) - mean(part(p, 0, 0.4, 0, 0.15))
    ),
    ("face", "darker", "lighter"): lambda p: mean(part(p, *FACE)),
    ("face", "paler", "redder"): lambda p: warmth(part(p, *FACE)),
    ("light", "from the left", "from the right"): lambda p: (
        mean(part(p, 0.35, 0.75, 0.55, 0.72)) - mean(part(p, 0.35, 0.75, 0.28, 0.45))
    ),
    ("head", "to the left", "to the right"): lambda p: middle_of_skin(p, 2),
    ("head", "higher", "lower"): lambda p: middle_of_skin(p, 1),
    ("hair", "darker", "lighter"): lambda p: mean(part(p, 0.1, 0.25, 0.35, 0.65)),
    ("clothes", "darker", "lighter"): lambda p: mean(part(p, 0.88, 1, 0.1, 0.9)),
    ("clothes", "bluer", "redder"): lambda p: warmth(part(p, 0.88, 1, 0.1, 0.9)),
    ("mouth", "darker", "lighter"): lambda p: (
        mean(part(p, 0.66, 0.76, 0.4, 0.6)) - mean(part(p, *FACE))
    ),
    ("eyes", "darker", "lighter"): lambda p: (
        mean(part(p, 0.38, 0.48, 0.3, 0.7)) - mean(part(p, *FACE))
    ),
    ("contrast", "less", "more"): lambda p: p.std((1, 2, 3)),
}


def mean_change(draw, latents, step=STEP):
    """M, the mean of J' J over latents (n, d): (d, d). `draw`: latents become pictures in [0, 1].

    Its entry (i, j) is the product of the changes by the numbers i and j of a latent, summed over
    a picture's values.
    """
    total = np.zeros((latents.shape[1],) * 2)
    moves = step * np.eye(latents.shape[1], dtype="float32")
    for latent in latents:
        ahead, behind = draw(latent + moves), draw(latent - moves)
        jacobian = ((ahead - behind) / (2 * step)).reshape(len(moves), -1).astype("float64")
        total += jacobian @ jacobian.T
    return total / len(latents)


def strongest(change, count=COUNT):
    """Directions (count, d) of length 1, strongest first, and the share of all change of each."""
    values, vectors = np.linalg.eigh(change)
    order = np.argsort(values)[::-1][:count]
    return vectors[:, order].T, values[order] / values.sum()


def effects(draw, direction, latents):
    """How much each of `MEASURES` rises from one end of a direction (d,) to the other: a dict.

    `draw`: latents (n, d) become pictures (n, size, size, 3) in [0, 1]. In units of the measure's
    standard deviation over pictures of `latents`.
    """
    usual = draw(latents)
    less, more = (draw(latents + side * NAMED_AT * direction) for side in (-1, 1))
    return {
        words: float((measure(more) - measure(less)).mean() / (measure(usual).std() + TINY))
        for words, measure in MEASURES.items()
    }


def described(draw, direction, share, latents, taken=()):
    """One direction as it is stored: turned so that it points to more, with its names.

    There is one name, and a second one where another direction has the first already (`taken`).
    """
    found = effects(draw, direction, latents)
    order = sorted(found, key=lambda words: -abs(found[words]))
    sign = np.sign(found[order[0]])
    return {
        "names": [_name(words, sign * found[words]) for words in order[: 1 + (order[0] in taken)]],
        "share": round(float(share), 4),
        "direction": [round(float(number), 4) for number in direction * sign],
    }, order[0]


def _name(words, effect):
    thing, less, more = words
    ends = [less, more] if effect > 0 else [more, less]
    return {"thing": thing, "ends": ends, "effect": round(abs(effect), 2)}


def find(grown):
    """What is stored of the directions of a GrowingGenerator, at its last moment."""
    last = growing_generator.GrowingGenerator(grown.seconds[-1:], grown.weights[-1:], grown.record)

    def draw(latents):
        return last.generate(latents.astype("float32"))[0]

    random = np.random.default_rng(LATENTS_SEED)
    directions, shares = strongest(mean_change(draw, draw_latents(POINTS, random)))
    latents = draw_latents(NAMED_ON, random)
    told, taken = [], set()
    for direction, share in zip(directions, shares, strict=True):
        one, name = described(draw, direction, share, latents, taken)
        told.append(one)
        taken.add(name)
    return {"sha256": grown.record["sha256"], "directions": told}


def main():
    """Write `directions.json` for each of `GENERATORS`."""
    for generator in GENERATORS:
        found = find(growing_generator.load_growing_generator(generator.side, generator.source))
        folder = growing_generator.FOLDERS[generator.source, generator.side]
        write_whole(folder / "directions.json", json.dumps(found, indent=1) + "\n")
        print(f"{generator.name}:")
        for one in found["directions"]:
            print(f"  {one['share']:6.1%}  {in_words(one)} ({one['names'][0]['effect']})")


if __name__ == "__main__":
    main()
