"""What a drawn face is made of: traits, some chosen from `FACTORS`, some from `RANGES`.

So we know the true distribution of these pictures, and can count which of its modes a generator
forgets. There are two albums of them: "drawn" shows one person, as the chapter's 530 photographs
do, and "crowd" another person on each picture.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np


@dataclass(frozen=True)
class Hairstyle:
    """How the hair lies on a head, in head units."""

    beside: float  # width beside the skull
    above: float  # height above the skull
    hairline: float  # its height above y = 0.3
    squareness: float  # of the hairline: round to square
    end: float  # y of the lower end
    parting: float = 0.0  # how much higher the hairline is at the parting
    strands: float = 0.5  # how deep they are
    curls: float = 0.0  # how far they stand out; without any, locks fall from the crown
    hangs_behind: bool = False  # behind the neck as well


HAIRSTYLES = {  # one more is one more entry here
    "bald": None,
    "cropped": Hairstyle(0.05, 0.06, 1.16, 4, end=0.15, strands=0.2),
    "parted": Hairstyle(0.08, 0.16, 1.0, 3, end=0.2, parting=0.15),
    "curly": Hairstyle(0.24, 0.27, 1.0, 3, end=0.35, curls=0.03),
    "fringe": Hairstyle(0.17, 0.15, 0.74, 7, end=1.1, hangs_behind=True),
    "long": Hairstyle(0.16, 0.16, 1.04, 3, end=2.1, parting=0.15, hangs_behind=True),
}

FACTORS = {
    "hair": tuple(HAIRSTYLES),
    "mouth": ("neutral", "smile", "laugh", "open"),
    "brows": ("flat", "arched", "raised"),
    "beard": ("none", "moustache", "beard"),
    "glasses": ("none", "glasses"),
    "clothes": ("suit", "shirt", "sweater"),
    "background": ("plain", "gradient", "lights", "panels", "landscape"),
}
SHARES = {  # how often each mode is drawn; factors not named here are drawn evenly
    "beard": (0.7, 0.15, 0.15),
    "glasses": (0.75, 0.25),
}
RANGES = {  # drawn evenly between the two
    "yaw": (-20, 20),  # degrees; the face looks to the picture's right where positive
    "pitch": (-7, 7),  # degrees; looks down where positive
    "tilt": (-10, 10),  # degrees; the head leans to the picture's right where positive
    "scale": (0.94, 1.06),
    "shift_x": (-5, 5),  # pixels of a 250 px picture
    "shift_y": (-4, 4),
    "face_width": (0.94, 1.05),
    "chin": (1.38, 1.54),
    "jaw": (2.0, 2.9),  # the exponent of the outline: round to square
    "nose_width": (0.8, 1.2),
    "nose_length": (0.46, 0.56),
    "eye_distance": (0.39, 0.44),
    "eye_opening": (0.85, 1.15),
    "lip_fullness": (0.7, 1.3),
    "lip_redness": (0.0, 1.0),
    "gaze": (-0.05, 0.05),
    "skin": (0.0, 1.0),  # light to deep
    "blush": (0.0, 1.0),
    "hair_colour": (0.0, 1.0),  # black, brown, red, blond, gray
    "parting": (-0.5, 0.5),
    "eye_colour": (0.0, 1.0),  # brown, green, blue, gray
    "light_side": (-55, 55),  # degrees; from the picture's right where positive
    "light_height": (5, 45),  # degrees
    "light_contrast": (0.35, 0.75),
    "light_warmth": (-1.0, 1.0),
    "clothes_hue": (0.0, 1.0),
    "clothes_value": (0.15, 0.75),
    "background_hue": (0.0, 1.0),
    "background_value": (0.2, 0.9),
    "background_saturation": (0.1, 0.6),
    "grain": (0.004, 0.014),  # camera noise, share of the full range
}
SKIN_COLOURS = (
    (240, 204, 180),
    (230, 188, 158),
    (220, 170, 134),
    (186, 134, 98),
    (148, 102, 74),
    (112, 78, 60),
)
HAIR_COLOURS = (
    (30, 26, 26),
    (62, 43, 33),
    (104, 70, 45),
    (138, 70, 40),
    (206, 166, 106),
    (172, 170, 168),
)
EYE_COLOURS = ((70, 44, 28), (104, 84, 46), (86, 112, 82), (84, 122, 160), (120, 136, 148))
MOUTHS = {  # half width, lift of the corners, gap between the lips, share of the gap that is teeth
    "neutral": (0.36, 0.03, 0.0, 0.0),
    "smile": (0.45, 0.12, 0.0, 0.0),
    "laugh": (0.47, 0.15, 0.19, 0.75),
    "open": (0.31, 0.03, 0.27, 0.25),
}
BROWS = {"flat": (0.25, 0.03), "arched": (0.26, 0.08), "raised": (0.34, 0.06)}  # height, arch


# Who the person of the album "drawn" is: what does not change from one picture to the next.
# Strong features, so that the chapter's nets, an eighth wide, find them within 300 steps.
PERSON = {
    "hair": "curly",
    "beard": "none",
    "glasses": "none",
    "clothes": "suit",
    "face_width": 1.0,
    "chin": 1.46,
    "jaw": 2.4,
    "nose_width": 1.0,
    "nose_length": 0.51,
    "eye_distance": 0.43,
    "eye_opening": 1.15,
    "lip_fullness": 1.2,
    "lip_redness": 1.0,
    "skin": 0.05,
    "blush": 0.5,
    "hair_colour": 0.2,
    "parting": -0.35,
    "eye_colour": 0.05,
    "clothes_hue": 0.62,
    "clothes_value": 0.3,
}
POSED = ("yaw", "pitch", "tilt", "shift_x", "shift_y", "light_side")


class Album(NamedTuple):
    """What the faces of an album have in common."""

    told: str  # how a sentence calls them
    person: dict  # traits that are the same on all pictures
    movement: float  # share of the `POSED` ranges: who sits for a portrait looks at the camera


ALBUMS = {
    "drawn": Album("pictures of one person, drawn by the course", PERSON, movement=0.6),
    "crowd": Album("faces of different people, drawn by the course", {}, movement=1.0),
}


def face_traits(index, seed=0, album="drawn"):
    """One face's traits: a mode for each factor, a number for each range, and its noise's seed.

    What makes the person is the album's (`ALBUMS`); what a photographer finds is drawn anew.
    Raises: ValueError where there is no such album.
    """
    if album not in ALBUMS:
        raise ValueError(f"An album is one of {', '.join(ALBUMS)}, but this is {album!r}.")
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(index,)))
    traits = {}
    for name, modes in FACTORS.items():
        traits[name] = str(random.choice(modes, p=SHARES.get(name)))
    for name, (low, high) in RANGES.items():
        traits[name] = float(random.uniform(low, high))
    traits["noise_seed"] = int(random.integers(2**31))
    for name in POSED:
        traits[name] *= ALBUMS[album].movement
    return traits | ALBUMS[album].person
