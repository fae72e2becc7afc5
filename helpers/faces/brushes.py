"""The painter's tools: soft edges, round hills, colours, light, and where the head is.

Lengths are in head units: half the head's width is about 1, the eyes lie on y = 0, y grows
downward, z comes toward the viewer. `face_x` and `face_y` are places on the turned face, so
that a feature is drawn as on a frontal face and the turn of the head moves it.
"""

import colorsys
from math import cos, radians, sin
from typing import NamedTuple

import numpy as np

from helpers.faces.traits import HAIR_COLOURS, MOUTHS, SKIN_COLOURS


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


def inside(distance, softness=0.025):
    """1 where the distance is below zero, 0 above, with an edge of the given softness."""
    return np.clip(0.5 - distance / softness, 0, 1)


def hill(x, y, width, height):
    """A round hill of height 1 around x = y = 0."""
    return np.exp(-((x / width) ** 2) - (y / height) ** 2)


def line(distance, width):
    """A soft line where the distance is 0."""
    return np.exp(-((distance / width) ** 2))


def step(x):
    """Smoothly from 0 at x = 0 to 1 at x = 1."""
    x = np.clip(x, 0, 1)
    return x * x * (3 - 2 * x)


def blend(picture, colour, cover):
    """Lays a colour, (3,) or one a pixel, over the picture, as opaque as cover says."""
    covered = np.flatnonzero(cover.any(1))
    if covered.size:
        rows = slice(covered[0], covered[-1] + 1)  # many things are small: half of the time saved
        colour = np.broadcast_to(colour, picture.shape)[rows]
        picture[rows] += cover[rows, :, None] * (colour - picture[rows])


def close_up(picture, head, near):
    """The part of picture (a view, to paint on) and head around the pixels that are near."""
    rows, columns = np.flatnonzero(near.any(1)), np.flatnonzero(near.any(0))
    window = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return picture[window], Head(*(places[window] for places in head))


def from_palette(palette, place):
    """The colour at place (0 to 1) along a palette: float32 (3,) in [0, 1]."""
    stops = np.linspace(0, 1, len(palette))
    channels = np.transpose(palette)
    return np.array([np.interp(place, stops, channel) for channel in channels], "float32") / 255


def from_hue(hue, saturation, value):
    """The colour of a hue (0 red, 1/3 green, 2/3 blue, 1 red): float32 (3,) in [0, 1]."""
    return np.float32(colorsys.hsv_to_rgb(hue % 1, saturation, value))


def tone(colour, brightness):
    """A colour in light: (height, width, 3). Shadows keep some red, as they do on skin."""
    b = brightness[..., None]
    return colour * (b * (1 + (1 - b) * np.float32([0.12, -0.03, -0.08])))


def light(traits):
    """The unit vector (x, y, z) toward the light."""
    side, height = radians(traits["light_side"]), radians(traits["light_height"])
    return sin(side) * cos(height), -sin(height), cos(side) * cos(height)


def lit(surface, head, traits):
    """Brightness of a surface, given by each pixel's depth: about 1 where it faces the light."""
    toward_light, contrast = light(traits), traits["light_contrast"]
    slope_y, slope_x = np.gradient(surface, float(head.body_x[0, 1] - head.body_x[0, 0]))
    toward = toward_light[2] - slope_x * toward_light[0] - slope_y * toward_light[1]
    toward /= np.sqrt(1 + slope_x**2 + slope_y**2)
    return 1.1 - contrast + contrast * np.clip((toward + 0.35) / 1.35, 0, 1)


def place_head(traits, size):
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
    level = (x / (1 - 0.1 * step(below))) ** 2 + below ** traits["jaw"] + above**2.3
    depth = np.sqrt(np.maximum(1 - level, 0))
    face_x, face_y = x * cos(yaw) - depth * sin(yaw), y - depth * sin(pitch)
    return Head(body_x, body_y, x, y, level, face_x, face_y, face_x - 0.16 * sin(yaw))


def skin_colour(traits):
    """The skin's colour: float32 (3,) in [0, 1]."""
    return from_palette(SKIN_COLOURS, traits["skin"])


def hair_colour(traits):
    """The hair's colour: float32 (3,) in [0, 1]."""
    return from_palette(HAIR_COLOURS, traits["hair_colour"])
