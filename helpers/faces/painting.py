"""Faces that we paint ourselves: no network, no copyright, nobody's likeness.

`paint_face` turns a face's traits into a picture, from the back to the front.
"""

from math import cos, radians, sin

import numpy as np

from helpers.arguments import LARGEST_SEED, whole_number
from helpers.faces.brushes import (
    blend,
    close_up,
    from_hue,
    from_palette,
    hair_colour,
    hill,
    inside,
    light,
    line,
    lit,
    place_head,
    skin_colour,
    step,
    tone,
)
from helpers.faces.hair import Hair
from helpers.faces.traits import BROWS, EYE_COLOURS, MOUTHS, face_traits

SMALLEST_SIZE = 8  # pixels; less can't show a face


def paint_faces(n=500, seed=0, size=250, album="drawn"):
    """The first n faces of a seed, and the traits that they were painted from.

    Face i is the same for every n > i. The album "drawn" shows one person, always the same one;
    "crowd" shows another person on each picture.

    Returns: images uint8 (n, size, size, 3); factors, a dict from each name in `FACTORS`,
    `RANGES` and "noise_seed" to an array of n values, modes as strings.
    Raises: ValueError for a number that can't be, or where there is no such album.
    """
    n, size = whole_number("n", n, 1), whole_number("size", size, SMALLEST_SIZE)
    seed = whole_number("seed", seed, 0, LARGEST_SEED)
    faces = [face_traits(index, seed, album) for index in range(n)]
    images = np.stack([paint_face(traits, size) for traits in faces])
    return images, {name: np.array([traits[name] for traits in faces]) for name in faces[0]}


def paint_face(traits, size=250):
    """The picture of one face: uint8 (size, size, 3). Painted from the back to the front."""
    for_background, for_hair, for_noise = (  # apart, so that one thing's chance moves no other
        np.random.default_rng([traits["noise_seed"], part]) for part in range(3)
    )
    head = place_head(traits, size)
    picture = _background(traits, size, for_background)
    hair = Hair(traits, head, for_hair)

    hair.paint_behind(picture)
    _paint_body(*close_up(picture, head, head.body_y > 0.4), traits)
    _paint_ears(*close_up(picture, head, (np.abs(head.x) < 1.3) & (np.abs(head.y) < 0.6)), traits)
    face = close_up(picture, head, head.level < 1.05)
    _paint_skin(*face, traits)
    eyes = close_up(*face, np.abs(face[1].face_y) < 0.5)
    _paint_eyes(*eyes, traits)
    _paint_brows(*eyes, traits)
    _paint_mouth(*close_up(*face, np.abs(face[1].face_y - 1) < 0.4), traits)
    _paint_beard(*face, traits)
    hair.paint_before(picture)
    _paint_glasses(*eyes, traits)
    return _photograph(picture, traits, for_noise)


def _background(traits, size, random):
    """What is behind the person: float32 (size, size, 3)."""
    hue, saturation = traits["background_hue"], traits["background_saturation"]
    value, kind = traits["background_value"], traits["background"]
    across = np.linspace(0, 1, size, dtype="float32")
    x, y = np.meshgrid(across, across)
    picture = from_hue(hue, saturation, value) * (1.05 - 0.1 * y[..., None])
    if kind == "gradient":
        angle = random.uniform(0, 6.28)
        along = 0.5 + (x - 0.5) * cos(angle) + (y - 0.5) * sin(angle)
        other = from_hue(hue + random.uniform(0.1, 0.5), saturation, 1.05 - value)
        blend(picture, other, step(along))
    elif kind == "lights":
        picture *= 0.6
        for _ in range(14):
            chance = random.uniform((0, 0, 0.05, -0.1), (1, 0.9, 0.14, 0.1))
            middle_x, middle_y, radius, turn = chance.tolist()
            distance = np.sqrt((x - middle_x) ** 2 + (y - middle_y) ** 2) - radius
            blend(picture, from_hue(hue + turn, 0.35, 0.9), 0.6 * inside(distance, 0.04))
    elif kind == "panels":
        for edge in np.cumsum(random.uniform(0.08, 0.28, 6)):
            colour = from_hue(hue + random.uniform(-0.1, 0.1), saturation, random.uniform(0.2, 0.9))
            blend(picture, colour, inside(float(edge) - x, 0.05))
    elif kind == "landscape":
        hills = 0.5 + 0.08 * np.sin(7 * x + random.uniform(0, 6)) + 0.02 * np.sin(23 * x)
        picture[:] = from_hue(0.58, 0.35, 0.95) * (0.75 + 0.35 * y[..., None])
        blend(picture, from_hue(0.3, 0.3, 0.5), inside(hills - 0.1 - y, 0.06))
        blend(picture, from_hue(0.2 + 0.15 * hue, 0.55, 0.4), inside(hills + 0.08 - y, 0.05))
    return picture


def _paint_body(picture, head, traits):
    """Neck, shoulders and clothes; the body stays upright when the head leans."""
    x, y = head.body_x + 0.9 * sin(radians(traits["tilt"])), head.body_y
    side = np.abs(x)
    neck = 0.54 + 0.35 * step((y - 1.35) / 0.6) ** 2
    roundness = np.sqrt(np.clip(1 - (x / (neck + 0.06)) ** 2, 0, 1))
    brightness = lit(roundness, head, traits)
    brightness *= 1 - 0.45 * np.clip((2.0 - head.level) / 0.9, 0, 1)  # the head's shadow
    blend(picture, tone(skin_colour(traits), brightness), inside(side - neck))

    hue, value = traits["clothes_hue"], traits["clothes_value"]
    cloth = from_hue(hue, 0.45, value)
    shoulders = inside(1.5 + 0.3 * side + 1.6 * np.maximum(side - 1.85, 0) ** 2 - y)
    fall = 1 + 0.14 * light(traits)[0] * x - 0.16 * side + 0.015 * np.sin(9 * x + 5 * y)
    if traits["clothes"] == "sweater":
        opening = np.sqrt((x / 0.64) ** 2 + ((y - 1.45) / 0.42) ** 2)
        blend(picture, tone(cloth, fall), shoulders * inside(1 - opening, 0.06))
        blend(
            picture,
            tone(0.8 * cloth, fall),
            shoulders * inside(np.abs(opening - 1.1) - 0.1, 0.05),
        )
    elif traits["clothes"] == "suit":
        lapel = 0.6 * (2.55 - y) - side
        jacket = from_hue(hue, 0.25, 0.12 + 0.3 * value)
        shirt = inside(1.72 - 0.4 * side - y) * inside(side - 0.62)
        blend(picture, tone(np.float32([0.92, 0.92, 0.94]), fall), shirt)
        tie = inside(side - 0.05 * y - 0.01) * inside(1.8 - y)
        blend(picture, tone(from_hue(hue + 0.4, 0.65, 0.55), fall), tie)
        blend(picture, tone(jacket, fall), shoulders * inside(lapel))
        blend(picture, 0.5 * jacket, shoulders * line(lapel + 0.28, 0.018) * inside(1.85 - y))
    else:
        blend(picture, tone(cloth, fall), shoulders * inside(1.95 - 0.6 * side - y))
        collar = inside(np.abs(side - 0.5 * (2.5 - y)) - 0.16) * inside(np.abs(y - 1.75) - 0.25)
        blend(picture, tone(np.minimum(1.25 * cloth, 1), fall), collar)


def _paint_ears(picture, head, traits):
    """Both ears; the head, painted later, hides what the turn hides."""
    yaw, light_x = radians(traits["yaw"]), light(traits)[0]
    for sign in (-1, 1):
        x, y = head.x - sign * 0.99 * cos(yaw) - 0.12 * sin(yaw), head.y - 0.14
        reach = np.sqrt((x / 0.17) ** 2 + ((y + sign * 0.15 * x) / 0.3) ** 2)
        brightness = 0.8 + 0.2 * sign * light_x - 0.3 * hill(x, y - 0.02, 0.09, 0.17)
        colour = skin_colour(traits) * np.float32([1.0, 0.93, 0.9])
        blend(picture, tone(colour, brightness), inside(reach - 1, 0.12))


def _relief(head, traits):
    """How far nose, brows, cheeks, lips and chin stand out of the head's round shape."""
    x, y, eye, tip = head.face_x, head.face_y, traits["eye_distance"], traits["nose_length"]
    side, width, lift = np.abs(x), traits["nose_width"], MOUTHS[traits["mouth"]][1]
    along = np.clip((y + 0.1) / (tip + 0.1), 0, 1)
    ridge = along * line(head.nose_x, (0.07 + 0.09 * along) * width) * inside(y - tip - 0.05, 0.2)
    wings = hill(np.abs(head.nose_x) - 0.13 * width, y - tip, 0.08, 0.08)
    sockets = hill(side - eye + 0.04, y - 0.01, 0.24, 0.16)
    eyeballs = hill(side - eye, y, 0.16, 0.09)
    brows = hill(side - 0.36, y + 0.27, 0.3, 0.1)
    cheeks = hill(side - 0.5, y - 0.48 + 0.5 * lift, 0.24, 0.2)
    lips = hill(x, y - 0.93, 0.38, 0.24) - 0.7 * hill(x, y - 1.12, 0.2, 0.07)
    chin = hill(x, y - traits["chin"] + 0.13, 0.24, 0.15)
    relief = 0.27 * ridge + 0.1 * wings - 0.12 * sockets + 0.05 * eyeballs + 0.045 * brows
    return relief + (0.06 + 0.35 * lift) * cheeks + 0.055 * lips + 0.09 * chin


def _paint_skin(picture, head, traits):
    """The bare head: shaded relief, red cheeks, nostrils, and the folds that a smile makes."""
    x, y, nose_x, tip = head.face_x, head.face_y, head.nose_x, traits["nose_length"]
    side, eye, lift = np.abs(x), traits["eye_distance"], MOUTHS[traits["mouth"]][1]
    roundness = 0.9 * np.sqrt(np.maximum(1.02 - head.level, 0.01))
    brightness = lit(roundness + _relief(head, traits), head, traits)

    shade = 0.35 * hill(side - eye + 0.05, y + 0.08, 0.24, 0.1)
    shade += 0.25 * hill(nose_x, y - tip - 0.12, 0.2, 0.05)
    nostrils = np.abs(nose_x) - 0.085 * traits["nose_width"]
    shade += 0.6 * hill(nostrils, y - tip - 0.07, 0.05, 0.03)
    folds = side - 0.22 - 0.22 * step((y - tip) / 0.5)
    shade += (0.05 + 0.45 * lift) * hill(folds, y - 0.66, 0.045, 0.18)
    shade += 0.15 * hill(x, y - 1.13, 0.2, 0.05)
    colour = tone(skin_colour(traits), brightness * (1 - np.minimum(shade, 0.8)))

    blush = hill(side - 0.55, y - 0.42, 0.25, 0.18) + 0.7 * hill(nose_x, y - tip, 0.14, 0.12)
    colour *= 1 - (0.13 * traits["blush"] * blush)[..., None] * np.float32([0.0, 1.0, 0.8])
    light_x = light(traits)[0]
    shine = hill(x - 0.3 * light_x, y + 0.6, 0.4, 0.2) + hill(nose_x, y - tip + 0.08, 0.05, 0.12)
    shine += 0.7 * hill(side - 0.48, y - 0.36, 0.2, 0.1)
    colour += ((0.08 + 0.06 * traits["skin"]) * shine * brightness)[..., None]
    blend(picture, colour, inside((head.level - 1) / 2))


def _paint_eyes(picture, head, traits):
    """Whites, irises, pupils, a highlight from the light, lashes and the lids' creases."""
    outward = np.abs(head.face_x) - traits["eye_distance"]
    iris_x = outward * np.sign(head.face_x) - traits["gaze"]
    opening = traits["eye_opening"] * (1 - 1.5 * MOUTHS[traits["mouth"]][1])
    arch = np.maximum(1 - (outward / 0.21) ** 2, 0)
    y = head.face_y + 0.06 * outward
    upper, lower = -0.115 * opening * arch**0.8, 0.07 * opening * arch
    cover = inside(upper - y) * inside(y - lower) * inside(np.abs(outward) - 0.21)
    white = np.float32([0.9, 0.88, 0.86]) - 0.4 * hill(outward, y - upper, 0.3, 0.05)[..., None]
    blend(picture, white, cover)

    radius = np.sqrt(iris_x**2 + (y + 0.015) ** 2)
    iris = from_palette(EYE_COLOURS, traits["eye_colour"]) * (1.2 - 6 * radius[..., None])
    blend(picture, iris, cover * inside(radius - 0.098))
    blend(picture, np.float32([0.04, 0.03, 0.03]), cover * inside(radius - 0.05))
    glint = iris_x - (0.035 if traits["light_side"] > 0 else -0.035)
    blend(picture, np.float32([1, 1, 1]), cover * hill(glint, y + 0.045, 0.022, 0.022))

    dark, near = 0.2 * skin_colour(traits), inside(np.abs(outward) - 0.21, 0.08)
    lids = 0.95 * line(y - upper, 0.026) + 0.3 * line(y - lower, 0.016)
    blend(picture, dark, near * np.minimum(lids + 0.3 * line(y - upper + 0.075, 0.02), 1))


def _paint_brows(picture, head, traits):
    """Two tapering arcs of hair."""
    outward = np.abs(head.face_x) - traits["eye_distance"]
    height, arch = BROWS[traits["brows"]]
    middle = -height - arch * (1 - ((outward - 0.05) / 0.25) ** 2)
    thickness = 0.05 * (1 - 0.6 * step((outward + 0.1) / 0.4))
    cover = inside(np.abs(head.face_y - middle) - thickness, 0.05)
    dark = np.minimum(0.5 * hair_colour(traits), 0.45 * skin_colour(traits))
    blend(picture, dark, 0.8 * cover * inside(np.abs(outward) - 0.26, 0.08))


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
    top = upper - 0.08 * traits["lip_fullness"] * arch**0.8 * (1 - 0.3 * line(across, 0.16))
    bottom = lower + 0.1 * traits["lip_fullness"] * arch**0.9
    ends = inside((np.abs(across) - 1) * half_width, 0.04)

    skin, redness = skin_colour(traits), traits["lip_redness"]
    red = skin * np.float32([0.86, 0.6 - 0.15 * redness, 0.6 - 0.12 * redness])
    lips = inside(top - y, 0.035) * inside(y - bottom, 0.035) * ends
    blend(picture, red * (0.85 + 0.25 * inside(lower - y)[..., None]), 0.85 * lips)
    blend(picture, skin + 0.25, 0.25 * hill(across, y - (lower + bottom) / 2, 0.4, 0.02))
    if gap:
        hole = inside(upper - y) * inside(y - lower) * ends
        blend(picture, np.float32([0.22, 0.07, 0.07]), hole)
        blend(
            picture, np.float32([0.93, 0.91, 0.87]), hole * inside(y - upper - teeth * gap * arch)
        )
    blend(picture, 0.22 * skin, 0.75 * ends * line(y - upper, 0.02))
    blend(picture, 0.4 * skin, 0.4 * hill(np.abs(across) - 1.02, y, 0.1, 0.05))


def _paint_beard(picture, head, traits):
    """A full beard or a moustache, in the colour of the hair."""
    if traits["beard"] == "none":
        return
    side = np.abs(head.face_x)
    across, y, _, upper, lower = _mouth_lines(head, traits)
    cover = inside(np.abs(y - upper + 0.14) - 0.07 + 0.08 * side, 0.08) * inside(side - 0.44, 0.2)
    if traits["beard"] == "beard":
        cheeks = 0.9 - 0.8 * step((side - 0.3) / 0.6)
        lips = (across / 1.15) ** 2 + (
            (y - (upper + lower) / 2) / (0.11 + (lower - upper) / 2)
        ) ** 2
        cover = np.maximum(cover, inside(cheeks - head.face_y, 0.25) * inside(1 - lips, 0.3))
    grain = 0.12 * np.sin(70 * head.face_x + 9 * np.sin(5 * head.face_y)) * np.sin(23 * head.face_y)
    colour = hair_colour(traits) * (0.85 + grain)[..., None]
    blend(picture, colour, 0.85 * cover * inside((head.level - 1) / 2))


def _paint_glasses(picture, head, traits):
    """Rims, bridge and temples, and lenses that reflect a little."""
    if traits["glasses"] == "none":
        return
    side, y = np.abs(head.face_x), head.face_y - 0.03
    lens = (((side - traits["eye_distance"] - 0.02) / 0.31) ** 4 + (y / 0.25) ** 4) ** 0.25 - 1
    bars = inside(np.abs(side - 0.9) - 0.19) + inside(side - 0.13)  # temples and bridge
    bars *= inside(np.abs(y + 0.07) - 0.02) * inside((head.level - 1) / 2)
    blend(picture, np.float32([0.9, 0.95, 1.0]), 0.08 * inside(lens))
    frame = from_palette(((20, 18, 20), (90, 60, 40), (110, 110, 115)), traits["clothes_hue"])
    blend(picture, frame, 0.85 * np.maximum(inside(np.abs(lens) - 0.06, 0.08), bars))


def _photograph(picture, traits, random):
    """The picture as a camera would take it: tinted light, slight blur, noise; uint8."""
    from scipy.ndimage import gaussian_filter1d

    warmth = 0.04 * traits["light_warmth"]
    picture = picture * np.float32([1 + warmth, 1, 1 - warmth])
    for axis in (0, 1):
        picture = gaussian_filter1d(picture, 0.9 * len(picture) / 250, axis, truncate=2)
    picture += traits["grain"] * random.standard_normal(picture.shape, dtype="float32")
    return (np.clip(picture, 0, 1) * 255 + 0.5).astype("uint8")
