"""Faces that we draw ourselves: no network, no copyright, nobody's likeness.

A face is a dictionary of traits, some chosen from `FACTORS`, some from `RANGES`, and
`paint_face` turns it into a picture. So we know the true distribution of these pictures,
and can count which of its modes a generator forgets.

Lengths are in head units: half the head's width is about 1, the eyes lie on y = 0, y grows
downward, z comes toward the viewer. `face_x` and `face_y` are places on the turned face, so
that a feature is drawn as on a frontal face and the turn of the head moves it.
"""

import csv
import hashlib
import io
import os
import warnings
from math import cos, radians, sin
from pathlib import Path
from typing import NamedTuple

import numpy as np

FACTORS = {
    "hair": ("bald", "cropped", "parted", "curly", "fringe", "long"),
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

SKIN = (
    (240, 204, 180),
    (230, 188, 158),
    (220, 170, 134),
    (186, 134, 98),
    (148, 102, 74),
    (112, 78, 60),
)
HAIR = (
    (30, 26, 26),
    (62, 43, 33),
    (104, 70, 45),
    (138, 70, 40),
    (206, 166, 106),
    (172, 170, 168),
)
EYES = ((70, 44, 28), (104, 84, 46), (86, 112, 82), (84, 122, 160), (120, 136, 148))

MOUTHS = {  # half width, lift of the corners, gap between the lips, share of the gap that is teeth
    "neutral": (0.36, 0.03, 0.0, 0.0),
    "smile": (0.45, 0.12, 0.0, 0.0),
    "laugh": (0.47, 0.15, 0.19, 0.75),
    "open": (0.31, 0.03, 0.27, 0.25),
}
BROWS = {"flat": (0.25, 0.03), "arched": (0.26, 0.08), "raised": (0.34, 0.06)}  # height, arch
HAIRSTYLES = {  # width beside and above the skull, hairline above y = 0.3, squareness, lower end
    "cropped": (0.05, 0.06, 1.16, 4, 0.15),
    "parted": (0.08, 0.16, 1.0, 3, 0.2),
    "curly": (0.24, 0.27, 1.0, 3, 0.35),
    "fringe": (0.17, 0.15, 0.74, 7, 1.1),
    "long": (0.16, 0.16, 1.04, 3, 2.1),
}


class Head(NamedTuple):
    """Where each pixel lies, all float32 (height, width), lengths in head units."""

    body_x: np.ndarray  # upright, from between the eyes
    body_y: np.ndarray
    x: np.ndarray  # leaning with the head
    y: np.ndarray
    level: np.ndarray  # 0 in the middle of the head, 1 on its outline, more outside
    face_x: np.ndarray  # on the turned face
    face_y: np.ndarray
    nose_x: np.ndarray  # from the nose's middle, which the turn moves further: it stands out


def draw_faces(n=500, seed=0, size=250):
    """The first n faces of a seed, and the traits that they were drawn from.

    Face i is the same for every n > i.

    Returns: images uint8 (n, size, size, 3); factors, a dict from each name in `FACTORS`,
    `RANGES` and "noise_seed" to an array of n values, modes as strings.
    """
    if n < 1 or size < 8:
        raise ValueError(f"We need at least one face of 8 pixels; asked for {n} of {size} pixels.")
    people = [face_traits(index, seed) for index in range(n)]
    images = np.stack([paint_face(traits, size) for traits in people])
    return images, {name: np.array([traits[name] for traits in people]) for name in people[0]}


def face_traits(index, seed=0):
    """One face's traits: a mode for each factor, a number for each range, and its noise's seed."""
    random = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(index,)))
    traits = {}
    for name, modes in FACTORS.items():
        traits[name] = str(random.choice(modes, p=SHARES.get(name)))
    for name, (low, high) in RANGES.items():
        traits[name] = float(random.uniform(low, high))
    traits["noise_seed"] = int(random.integers(2**31))
    return traits


def paint_face(traits, size=250):
    """The picture of one face: uint8 (size, size, 3). Painted from the back to the front."""
    for_background, for_hair, for_noise = (  # apart, so that one thing's chance moves no other
        np.random.default_rng([traits["noise_seed"], part]) for part in range(3)
    )
    head = _place_head(traits, size)
    picture = _background(traits, size, for_background)
    strands = _strands(traits, head, for_hair)

    _paint_hair(picture, traits, head, strands, _hair_behind(traits, head))
    _paint_body(*_close_up(picture, head, head.body_y > 0.4), traits)
    _paint_ears(*_close_up(picture, head, (np.abs(head.x) < 1.3) & (np.abs(head.y) < 0.6)), traits)
    face = _close_up(picture, head, head.level < 1.05)
    _paint_skin(*face, traits)
    eyes = _close_up(*face, np.abs(face[1].face_y) < 0.5)
    _paint_eyes(*eyes, traits)
    _paint_brows(*eyes, traits)
    _paint_mouth(*_close_up(*face, np.abs(face[1].face_y - 1) < 0.4), traits)
    _paint_beard(*face, traits)
    _paint_hair(picture, traits, head, strands, _hair_before(traits, head))
    _paint_glasses(*eyes, traits)
    return _photograph(picture, traits, for_noise)


# Small tools: all that follows is made of soft edges and round hills.


def _inside(distance, softness=0.025):
    """1 where the distance is below zero, 0 above, with an edge of the given softness."""
    return np.clip(0.5 - distance / softness, 0, 1)


def _hill(x, y, width, height):
    """A round hill of height 1 around x = y = 0."""
    return np.exp(-((x / width) ** 2) - (y / height) ** 2)


def _line(distance, width):
    """A soft line where the distance is 0."""
    return np.exp(-((distance / width) ** 2))


def _step(x):
    """Smoothly from 0 at x = 0 to 1 at x = 1."""
    x = np.clip(x, 0, 1)
    return x * x * (3 - 2 * x)


def _blend(picture, colour, cover):
    """Lays a colour, (3,) or one a pixel, over the picture, as opaque as cover says."""
    covered = np.flatnonzero(cover.any(1))
    if covered.size:
        rows = slice(covered[0], covered[-1] + 1)  # many things are small: half of the time saved
        colour = np.broadcast_to(colour, picture.shape)[rows]
        picture[rows] += cover[rows, :, None] * (colour - picture[rows])


def _close_up(picture, head, near):
    """The part of picture (a view, to paint on) and head around the pixels that are near."""
    rows, columns = np.flatnonzero(near.any(1)), np.flatnonzero(near.any(0))
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return picture[window], Head(*(places[window] for places in head))


def _from_palette(palette, place):
    """The colour at place (0 to 1) along a palette: float32 (3,) in [0, 1]."""
    stops = np.linspace(0, 1, len(palette))
    channels = np.transpose(palette)
    return np.array([np.interp(place, stops, channel) for channel in channels], "float32") / 255


def _from_hue(hue, saturation, value):
    """The colour of a hue (0 red, 1/3 green, 2/3 blue, 1 red): float32 (3,) in [0, 1]."""
    k = (hue * 6 + np.array([5, 3, 1])) % 6
    return (value - value * saturation * np.clip(np.minimum(k, 4 - k), 0, 1)).astype("float32")


def _tone(colour, brightness):
    """A colour in light: (height, width, 3). Shadows keep some red, as they do on skin."""
    b = brightness[..., None]
    return colour * (b * (1 + (1 - b) * np.float32([0.12, -0.03, -0.08])))


def _light(traits):
    """The unit vector (x, y, z) toward the light."""
    side, height = radians(traits["light_side"]), radians(traits["light_height"])
    return sin(side) * cos(height), -sin(height), cos(side) * cos(height)


def _lit(surface, head, traits):
    """Brightness of a surface, given by each pixel's depth: about 1 where it faces the light."""
    light, contrast = _light(traits), traits["light_contrast"]
    slope_y, slope_x = np.gradient(surface, float(head.body_x[0, 1] - head.body_x[0, 0]))
    toward = light[2] - slope_x * light[0] - slope_y * light[1]
    toward /= np.sqrt(1 + slope_x**2 + slope_y**2)
    return 1.1 - contrast + contrast * np.clip((toward + 0.35) / 1.35, 0, 1)


def _place_head(traits, size):
    """Where each pixel lies on and around the head: a `Head`."""
    unit = 57 * traits["scale"] / 250
    place = (np.arange(size, dtype="float32") + 0.5) / size
    body_x, body_y = np.meshgrid(
        (place - 0.5 - traits["shift_x"] / 250) / unit,
        (place - 0.455 - traits["shift_y"] / 250) / unit,
    )
    yaw, pitch, tilt = (radians(traits[name]) for name in ("yaw", "pitch", "tilt"))
    x = (cos(tilt) * body_x + sin(tilt) * body_y) / traits["face_width"]
    y = cos(tilt) * body_y - sin(tilt) * body_x

    chin = traits["chin"] + 0.35 * MOUTHS[traits["mouth"]][2]
    below, above = np.maximum(y, 0) / chin, np.maximum(-y, 0) / 1.3
    level = (x / (1 - 0.1 * _step(below))) ** 2 + below ** traits["jaw"] + above**2.3
    depth = np.sqrt(np.maximum(1 - level, 0))
    face_x, face_y = x * cos(yaw) - depth * sin(yaw), y - depth * sin(pitch)
    return Head(body_x, body_y, x, y, level, face_x, face_y, face_x - 0.16 * sin(yaw))


def _background(traits, size, random):
    """What is behind the person: float32 (size, size, 3)."""
    hue, saturation = traits["background_hue"], traits["background_saturation"]
    value, kind = traits["background_value"], traits["background"]
    across = np.linspace(0, 1, size, dtype="float32")
    x, y = np.meshgrid(across, across)
    picture = _from_hue(hue, saturation, value) * (1.05 - 0.1 * y[..., None])
    if kind == "gradient":
        angle = random.uniform(0, 6.28)
        along = 0.5 + (x - 0.5) * cos(angle) + (y - 0.5) * sin(angle)
        other = _from_hue(hue + random.uniform(0.1, 0.5), saturation, 1.05 - value)
        _blend(picture, other, _step(along))
    elif kind == "lights":
        picture *= 0.6
        for _ in range(14):
            chance = random.uniform((0, 0, 0.05, -0.1), (1, 0.9, 0.14, 0.1))
            middle_x, middle_y, radius, turn = chance.tolist()
            distance = np.sqrt((x - middle_x) ** 2 + (y - middle_y) ** 2) - radius
            _blend(picture, _from_hue(hue + turn, 0.35, 0.9), 0.6 * _inside(distance, 0.04))
    elif kind == "panels":
        for edge in np.cumsum(random.uniform(0.08, 0.28, 6)):
            colour = _from_hue(
                hue + random.uniform(-0.1, 0.1), saturation, random.uniform(0.2, 0.9)
            )
            _blend(picture, colour, _inside(float(edge) - x, 0.05))
    elif kind == "landscape":
        hills = 0.5 + 0.08 * np.sin(7 * x + random.uniform(0, 6)) + 0.02 * np.sin(23 * x)
        picture[:] = _from_hue(0.58, 0.35, 0.95) * (0.75 + 0.35 * y[..., None])
        _blend(picture, _from_hue(0.3, 0.3, 0.5), _inside(hills - 0.1 - y, 0.06))
        _blend(picture, _from_hue(0.2 + 0.15 * hue, 0.55, 0.4), _inside(hills + 0.08 - y, 0.05))
    return picture


def _skin_colour(traits):
    return _from_palette(SKIN, traits["skin"])


def _hair_colour(traits):
    return _from_palette(HAIR, traits["hair_colour"])


def _paint_body(picture, head, traits):
    """Neck, shoulders and clothes; the body stays upright when the head leans."""
    x, y = head.body_x + 0.9 * sin(radians(traits["tilt"])), head.body_y
    side = np.abs(x)
    neck = 0.54 + 0.35 * _step((y - 1.35) / 0.6) ** 2
    roundness = np.sqrt(np.clip(1 - (x / (neck + 0.06)) ** 2, 0, 1))
    brightness = _lit(roundness, head, traits)
    brightness *= 1 - 0.45 * np.clip((2.0 - head.level) / 0.9, 0, 1)  # the head's shadow
    _blend(picture, _tone(_skin_colour(traits), brightness), _inside(side - neck))

    hue, value = traits["clothes_hue"], traits["clothes_value"]
    cloth = _from_hue(hue, 0.45, value)
    shoulders = _inside(1.5 + 0.3 * side + 1.6 * np.maximum(side - 1.85, 0) ** 2 - y)
    fall = 1 + 0.14 * _light(traits)[0] * x - 0.16 * side + 0.015 * np.sin(9 * x + 5 * y)
    if traits["clothes"] == "sweater":
        opening = np.sqrt((x / 0.64) ** 2 + ((y - 1.45) / 0.42) ** 2)
        _blend(picture, _tone(cloth, fall), shoulders * _inside(1 - opening, 0.06))
        _blend(
            picture,
            _tone(0.8 * cloth, fall),
            shoulders * _inside(np.abs(opening - 1.1) - 0.1, 0.05),
        )
    elif traits["clothes"] == "suit":
        lapel = 0.6 * (2.55 - y) - side
        jacket = _from_hue(hue, 0.25, 0.12 + 0.3 * value)
        shirt = _inside(1.72 - 0.4 * side - y) * _inside(side - 0.62)
        _blend(picture, _tone(np.float32([0.92, 0.92, 0.94]), fall), shirt)
        tie = _inside(side - 0.05 * y - 0.01) * _inside(1.8 - y)
        _blend(picture, _tone(_from_hue(hue + 0.4, 0.65, 0.55), fall), tie)
        _blend(picture, _tone(jacket, fall), shoulders * _inside(lapel))
        _blend(picture, 0.5 * jacket, shoulders * _line(lapel + 0.28, 0.018) * _inside(1.85 - y))
    else:
        _blend(picture, _tone(cloth, fall), shoulders * _inside(1.95 - 0.6 * side - y))
        collar = _inside(np.abs(side - 0.5 * (2.5 - y)) - 0.16) * _inside(np.abs(y - 1.75) - 0.25)
        _blend(picture, _tone(np.minimum(1.25 * cloth, 1), fall), collar)


def _paint_ears(picture, head, traits):
    """Both ears; the head, painted later, hides what the turn hides."""
    yaw, light_x = radians(traits["yaw"]), _light(traits)[0]
    for sign in (-1, 1):
        x, y = head.x - sign * 0.99 * cos(yaw) - 0.12 * sin(yaw), head.y - 0.14
        reach = np.sqrt((x / 0.17) ** 2 + ((y + sign * 0.15 * x) / 0.3) ** 2)
        brightness = 0.8 + 0.2 * sign * light_x - 0.3 * _hill(x, y - 0.02, 0.09, 0.17)
        colour = _skin_colour(traits) * np.float32([1.0, 0.93, 0.9])
        _blend(picture, _tone(colour, brightness), _inside(reach - 1, 0.12))


def _relief(head, traits):
    """How far nose, brows, cheeks, lips and chin stand out of the head's round shape."""
    x, y, eye, tip = head.face_x, head.face_y, traits["eye_distance"], traits["nose_length"]
    side, width, lift = np.abs(x), traits["nose_width"], MOUTHS[traits["mouth"]][1]
    along = np.clip((y + 0.1) / (tip + 0.1), 0, 1)
    ridge = along * _line(head.nose_x, (0.07 + 0.09 * along) * width) * _inside(y - tip - 0.05, 0.2)
    wings = _hill(np.abs(head.nose_x) - 0.13 * width, y - tip, 0.08, 0.08)
    sockets = _hill(side - eye + 0.04, y - 0.01, 0.24, 0.16)
    eyeballs = _hill(side - eye, y, 0.16, 0.09)
    brows = _hill(side - 0.36, y + 0.27, 0.3, 0.1)
    cheeks = _hill(side - 0.5, y - 0.48 + 0.5 * lift, 0.24, 0.2)
    lips = _hill(x, y - 0.93, 0.38, 0.24) - 0.7 * _hill(x, y - 1.12, 0.2, 0.07)
    chin = _hill(x, y - traits["chin"] + 0.13, 0.24, 0.15)
    relief = 0.27 * ridge + 0.1 * wings - 0.12 * sockets + 0.05 * eyeballs + 0.045 * brows
    return relief + (0.06 + 0.35 * lift) * cheeks + 0.055 * lips + 0.09 * chin


def _paint_skin(picture, head, traits):
    """The bare head: shaded relief, red cheeks, nostrils, and the folds that a smile makes."""
    x, y, nose_x, tip = head.face_x, head.face_y, head.nose_x, traits["nose_length"]
    side, eye, lift = np.abs(x), traits["eye_distance"], MOUTHS[traits["mouth"]][1]
    roundness = 0.9 * np.sqrt(np.maximum(1.02 - head.level, 0.01))
    brightness = _lit(roundness + _relief(head, traits), head, traits)

    shade = 0.35 * _hill(side - eye + 0.05, y + 0.08, 0.24, 0.1)
    shade += 0.25 * _hill(nose_x, y - tip - 0.12, 0.2, 0.05)
    nostrils = np.abs(nose_x) - 0.085 * traits["nose_width"]
    shade += 0.6 * _hill(nostrils, y - tip - 0.07, 0.05, 0.03)
    folds = side - 0.22 - 0.22 * _step((y - tip) / 0.5)
    shade += (0.05 + 0.45 * lift) * _hill(folds, y - 0.66, 0.045, 0.18)
    shade += 0.15 * _hill(x, y - 1.13, 0.2, 0.05)
    colour = _tone(_skin_colour(traits), brightness * (1 - np.minimum(shade, 0.8)))

    blush = _hill(side - 0.55, y - 0.42, 0.25, 0.18) + 0.7 * _hill(nose_x, y - tip, 0.14, 0.12)
    colour *= 1 - (0.13 * traits["blush"] * blush)[..., None] * np.float32([0.0, 1.0, 0.8])
    light_x = _light(traits)[0]
    shine = _hill(x - 0.3 * light_x, y + 0.6, 0.4, 0.2) + _hill(nose_x, y - tip + 0.08, 0.05, 0.12)
    shine += 0.7 * _hill(side - 0.48, y - 0.36, 0.2, 0.1)
    colour += ((0.08 + 0.06 * traits["skin"]) * shine * brightness)[..., None]
    _blend(picture, colour, _inside((head.level - 1) / 2))


def _paint_eyes(picture, head, traits):
    """Whites, irises, pupils, a highlight from the light, lashes and the lids' creases."""
    outward = np.abs(head.face_x) - traits["eye_distance"]
    iris_x = outward * np.sign(head.face_x) - traits["gaze"]
    opening = traits["eye_opening"] * (1 - 1.5 * MOUTHS[traits["mouth"]][1])
    arch = np.maximum(1 - (outward / 0.21) ** 2, 0)
    y = head.face_y + 0.06 * outward
    upper, lower = -0.115 * opening * arch**0.8, 0.07 * opening * arch
    cover = _inside(upper - y) * _inside(y - lower) * _inside(np.abs(outward) - 0.21)
    white = np.float32([0.9, 0.88, 0.86]) - 0.4 * _hill(outward, y - upper, 0.3, 0.05)[..., None]
    _blend(picture, white, cover)

    radius = np.sqrt(iris_x**2 + (y + 0.015) ** 2)
    iris = _from_palette(EYES, traits["eye_colour"]) * (1.2 - 6 * radius[..., None])
    _blend(picture, iris, cover * _inside(radius - 0.098))
    _blend(picture, np.float32([0.04, 0.03, 0.03]), cover * _inside(radius - 0.05))
    glint = iris_x - (0.035 if traits["light_side"] > 0 else -0.035)
    _blend(picture, np.float32([1, 1, 1]), cover * _hill(glint, y + 0.045, 0.022, 0.022))

    dark, near = 0.2 * _skin_colour(traits), _inside(np.abs(outward) - 0.21, 0.08)
    lids = 0.95 * _line(y - upper, 0.026) + 0.3 * _line(y - lower, 0.016)
    _blend(picture, dark, near * np.minimum(lids + 0.3 * _line(y - upper + 0.075, 0.02), 1))


def _paint_brows(picture, head, traits):
    """Two tapering arcs of hair."""
    outward = np.abs(head.face_x) - traits["eye_distance"]
    height, arch = BROWS[traits["brows"]]
    middle = -height - arch * (1 - ((outward - 0.05) / 0.25) ** 2)
    thickness = 0.05 * (1 - 0.6 * _step((outward + 0.1) / 0.4))
    cover = _inside(np.abs(head.face_y - middle) - thickness, 0.05)
    dark = np.minimum(0.5 * _hair_colour(traits), 0.45 * _skin_colour(traits))
    _blend(picture, dark, 0.8 * cover * _inside(np.abs(outward) - 0.26, 0.08))


def _mouth_lines(head, traits):
    """Place across the mouth (-1 to 1), place below its middle line, and where the lips part."""
    half_width, lift, gap, _ = MOUTHS[traits["mouth"]]
    across = head.face_x / half_width
    arch = np.clip(1 - across**2, 0, 1)
    y = head.face_y - 0.92 + lift * (np.minimum(across**2, 1.5) - 0.5)
    return across, y, arch, -0.3 * gap * arch, 0.7 * gap * arch


def _paint_mouth(picture, head, traits):
    """Lips, and between them the dark of the mouth and the upper teeth."""
    half_width, _, gap, teeth = MOUTHS[traits["mouth"]]
    across, y, arch, upper, lower = _mouth_lines(head, traits)
    top = upper - 0.08 * traits["lip_fullness"] * arch**0.8 * (1 - 0.3 * _line(across, 0.16))
    bottom = lower + 0.1 * traits["lip_fullness"] * arch**0.9
    ends = _inside((np.abs(across) - 1) * half_width, 0.04)

    skin, redness = _skin_colour(traits), traits["lip_redness"]
    red = skin * np.float32([0.86, 0.6 - 0.15 * redness, 0.6 - 0.12 * redness])
    lips = _inside(top - y, 0.035) * _inside(y - bottom, 0.035) * ends
    _blend(picture, red * (0.85 + 0.25 * _inside(lower - y)[..., None]), 0.85 * lips)
    _blend(picture, skin + 0.25, 0.25 * _hill(across, y - (lower + bottom) / 2, 0.4, 0.02))
    if gap:
        hole = _inside(upper - y) * _inside(y - lower) * ends
        _blend(picture, np.float32([0.22, 0.07, 0.07]), hole)
        _blend(
            picture, np.float32([0.93, 0.91, 0.87]), hole * _inside(y - upper - teeth * gap * arch)
        )
    _blend(picture, 0.22 * skin, 0.75 * ends * _line(y - upper, 0.02))
    _blend(picture, 0.4 * skin, 0.4 * _hill(np.abs(across) - 1.02, y, 0.1, 0.05))


def _paint_beard(picture, head, traits):
    """A full beard or a moustache, in the colour of the hair."""
    if traits["beard"] == "none":
        return
    side = np.abs(head.face_x)
    across, y, _, upper, lower = _mouth_lines(head, traits)
    cover = _inside(np.abs(y - upper + 0.14) - 0.07 + 0.08 * side, 0.08) * _inside(side - 0.44, 0.2)
    if traits["beard"] == "beard":
        cheeks = 0.9 - 0.8 * _step((side - 0.3) / 0.6)
        lips = (across / 1.15) ** 2 + (
            (y - (upper + lower) / 2) / (0.11 + (lower - upper) / 2)
        ) ** 2
        cover = np.maximum(cover, _inside(cheeks - head.face_y, 0.25) * _inside(1 - lips, 0.3))
    grain = 0.12 * np.sin(70 * head.face_x + 9 * np.sin(5 * head.face_y)) * np.sin(23 * head.face_y)
    colour = _hair_colour(traits) * (0.85 + grain)[..., None]
    _blend(picture, colour, 0.85 * cover * _inside((head.level - 1) / 2))


def _strands(traits, head, random):
    """The pattern of the hair, about -1 to 1: locks that fall from the crown, or curls."""
    phases = [float(phase) for phase in random.uniform(0, 6.28, 4)]
    if traits["hair"] == "curly":
        x, y = 17 * head.x, 17 * head.y
        bends = np.sin(0.7 * y + phases[0]), np.sin(0.6 * x + phases[1])
        return np.sin(x + 2 * bends[0]) * np.sin(y + 2 * bends[1])
    angle = np.arctan2(head.x - 0.5 * traits["parting"], head.y + 1.9) + 0.1 * np.sin(3 * head.y)
    depth = 0.2 if traits["hair"] == "cropped" else 0.5
    return depth * (np.sin(31 * angle + phases[2]) + np.sin(83 * angle + phases[3]))


def _hair_before(traits, head):
    """Cover of the hair on the skull and around the face: (size, size)."""
    if traits["hair"] == "bald":
        return np.zeros_like(head.x)
    beside, above, hairline, squareness, end = HAIRSTYLES[traits["hair"]]
    if traits["hair"] in ("parted", "long"):
        hairline = hairline + 0.15 * _line(head.face_x - traits["parting"], 0.3)
    curls = 0.0
    if traits["hair"] == "curly":
        curls = 0.03 * np.sin(16 * np.arctan2(head.x, -head.y) + 9 * traits["parting"])
    round_top = np.sqrt((head.x / (1 + beside)) ** 2 + (head.y / (1.3 + above)) ** 2) - 1
    falling = np.abs(head.x) - 1 - beside - 0.1 * np.maximum(head.y - 1, 0)
    outside = np.where(head.y > 0, falling, round_top) if end > 1 else round_top
    rise = np.maximum(0.3 - head.face_y, 0) / hairline
    face = (np.abs(head.face_x) / 0.88) ** squareness + rise**squareness
    return (
        _inside(outside + curls) * _inside(1 - face - 3 * curls, 0.18) * _inside(head.y - end, 0.2)
    )


def _hair_behind(traits, head):
    """Cover of the hair behind the neck: (size, size)."""
    if traits["hair"] not in ("fringe", "long"):
        return np.zeros_like(head.x)
    end = HAIRSTYLES[traits["hair"]][-1]
    return _inside(np.abs(head.x) - 1.1) * _inside(np.abs(head.y - end / 2) - end / 2 - 0.05, 0.1)


def _paint_hair(picture, traits, head, strands, cover):
    """Hair where cover says, with strands and a soft shine on the side of the light."""
    if not cover.any():
        return
    roundness = 1.1 - (head.x / 1.3) ** 2 - (np.minimum(head.y, 0) / 1.6) ** 2
    brightness = _lit(np.sqrt(np.maximum(roundness, 0.02)), head, traits) * (0.9 + 0.14 * strands)
    shine = _hill(head.x - 0.5 * _light(traits)[0], head.y + 1.0, 0.6, 0.2) * (0.6 + 0.4 * strands)
    colour = _hair_colour(traits) * brightness[..., None] + 0.12 * shine[..., None]
    _blend(picture, colour, cover)


def _paint_glasses(picture, head, traits):
    """Rims, bridge and temples, and lenses that reflect a little."""
    if traits["glasses"] == "none":
        return
    side, y = np.abs(head.face_x), head.face_y - 0.03
    lens = (((side - traits["eye_distance"] - 0.02) / 0.31) ** 4 + (y / 0.25) ** 4) ** 0.25 - 1
    bars = _inside(np.abs(side - 0.9) - 0.19) + _inside(side - 0.13)  # temples and bridge
    bars *= _inside(np.abs(y + 0.07) - 0.02) * _inside((head.level - 1) / 2)
    _blend(picture, np.float32([0.9, 0.95, 1.0]), 0.08 * _inside(lens))
    frame = _from_palette(((20, 18, 20), (90, 60, 40), (110, 110, 115)), traits["clothes_hue"])
    _blend(picture, frame, 0.85 * np.maximum(_inside(np.abs(lens) - 0.06, 0.08), bars))


def _photograph(picture, traits, random):
    """The picture as a camera would take it: tinted light, slight blur, noise; uint8."""
    from scipy.ndimage import gaussian_filter1d

    warmth = 0.04 * traits["light_warmth"]
    picture = picture * np.float32([1 + warmth, 1, 1 - warmth])
    for axis in (0, 1):
        picture = gaussian_filter1d(picture, 0.9 * len(picture) / 250, axis, truncate=2)
    picture += traits["grain"] * random.standard_normal(picture.shape, dtype="float32")
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype("uint8")


# The faces on disk: JPEGs, and a table of their traits and digests that says whose they are.

TABLE = "factors.csv"


def write_drawn_faces(folder, n=500, seed=0):
    """The paths of n drawn 250 x 250 JPEGs in folder: `drawn_0001.jpg` and on, in order.

    `factors.csv` beside them holds each file's digest (SHA-256), seed and traits. A complete set
    of the same n and seed is used as it is; a missing picture is drawn again, and so is a damaged
    one, with a warning. ValueError where the folder holds anything else; then nothing is written.
    """
    if n < 1:
        raise ValueError(f"We need at least one face to write; asked for {n}.")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    names = [f"drawn_{index + 1:04d}.jpg" for index in range(n)]
    digests = _recorded_digests(folder, names, seed)
    stale = [name for name in names if _digest_of_file(folder / name) != digests[name]]
    damaged = [name for name in stale if (folder / name).exists()]
    if damaged:
        message = f"Damaged, so drawn again in {folder}: {', '.join(damaged)}."
        warnings.warn(message, stacklevel=2)
    if stale:
        people = {name: face_traits(index, seed) for index, name in enumerate(names)}
        jpegs = {name: _as_jpeg(paint_face(people[name])) for name in stale}
        digests |= {name: hashlib.sha256(jpeg).hexdigest() for name, jpeg in jpegs.items()}
        # The table first: if we are interrupted after it, it says that the pictures are ours.
        _write_whole(folder / TABLE, _as_table(people, digests, seed))
        for name, jpeg in jpegs.items():
            _write_whole(folder / name, jpeg)
    return [folder / name for name in names]


def _recorded_digests(folder, names, seed):
    """Each name's digest as the folder's table has it, or "" for each in an empty folder.

    Raises ValueError where the folder holds another set, or files that are not ours.
    """
    present = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    if not present:
        return dict.fromkeys(names, "")
    advice = "Give a folder that is empty or not there yet."
    try:
        with (folder / TABLE).open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        digests = {row["file"]: row["sha256"] for row in rows}
        seeds = {int(row["seed"]) for row in rows}
    except (OSError, ValueError, KeyError, TypeError, csv.Error):
        digests, seeds = {}, set()
    foreign = sorted(present - {TABLE} - set(digests)) if digests else sorted(present)
    if foreign:
        raise ValueError(
            f"{folder} holds files that are not drawn faces ({foreign[0]}); they stay. {advice}"
        )
    if list(digests) != names or seeds != {seed}:
        raise ValueError(
            f"{folder} holds another set: {len(digests)} drawn faces of seed {min(seeds)}, "
            f"but {len(names)} of seed {seed} are asked for. {advice}"
        )
    return digests


def _digest_of_file(path):
    """The file's SHA-256 in hexadecimal, None if there is no such file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _as_jpeg(picture):
    """The bytes of the picture as a JPEG."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, format="JPEG", quality=92)
    return buffer.getvalue()


def _as_table(people, digests, seed):
    """The bytes of the table: one row a face, with its traits."""
    rows = [
        {"file": name, "sha256": digests[name], "seed": seed} | traits
        for name, traits in people.items()
    ]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _write_whole(path, content):
    """Writes aside and renames, so that nobody ever reads half a file."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_bytes(content)
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
