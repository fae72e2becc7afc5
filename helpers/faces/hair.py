"""The hair of a drawn face: one layer behind the head, one before it.

The hairstyles themselves stand in `traits.py`, in `HAIRSTYLES`.
"""

import numpy as np

from helpers.faces.brushes import blend, hair_colour, hill, inside, light, line, lit
from helpers.faces.traits import HAIRSTYLES


class Hair:
    """The hair of one face. `head`: where each pixel lies, a `Head`; `random` draws the strands."""

    def __init__(self, traits, head, random):
        self.traits, self.head = traits, head
        self.style = HAIRSTYLES[traits["hair"]]
        self.phases = [float(phase) for phase in random.uniform(0, 6.28, 4)]

    def paint_behind(self, picture):
        """What hangs behind the neck."""
        if self.style is None or not self.style.hangs_behind:
            return
        side, y, middle = np.abs(self.head.x), self.head.y, self.style.end / 2
        self._paint(picture, inside(side - 1.1) * inside(np.abs(y - middle) - middle - 0.05, 0.1))

    def paint_before(self, picture):
        """What lies on the skull and around the face."""
        if self.style is None:
            return
        style, head = self.style, self.head
        curls = 0.0
        if style.curls:
            angle = 16 * np.arctan2(head.x, -head.y) + 9 * self.traits["parting"]
            curls = style.curls * np.sin(angle)
        cover = inside(self._outside() + curls) * inside(1 - self._face() - 3 * curls, 0.18)
        self._paint(picture, cover * inside(head.y - style.end, 0.2))

    def _outside(self):
        """Below 0 within the hair's outline: (size, size)."""
        style, x, y = self.style, self.head.x, self.head.y
        round_top = np.sqrt((x / (1 + style.beside)) ** 2 + (y / (1.3 + style.above)) ** 2) - 1
        if style.end <= 1:
            return round_top
        falling = np.abs(x) - 1 - style.beside - 0.1 * np.maximum(y - 1, 0)
        return np.where(y > 0, falling, round_top)

    def _face(self):
        """Below 1 where the face is bare: (size, size)."""
        style, head = self.style, self.head
        hairline = style.hairline
        if style.parting:
            hairline = hairline + style.parting * line(head.face_x - self.traits["parting"], 0.3)
        rise = np.maximum(0.3 - head.face_y, 0) / hairline
        return (np.abs(head.face_x) / 0.88) ** style.squareness + rise**style.squareness

    def _strands(self):
        """The pattern of the hair, about -1 to 1: locks that fall from the crown, or curls."""
        head, phases = self.head, self.phases
        if self.style.curls:
            x, y = 17 * head.x, 17 * head.y
            bends = np.sin(0.7 * y + phases[0]), np.sin(0.6 * x + phases[1])
            return np.sin(x + 2 * bends[0]) * np.sin(y + 2 * bends[1])
        crown = head.x - 0.5 * self.traits["parting"], head.y + 1.9
        angle = np.arctan2(*crown) + 0.1 * np.sin(3 * head.y)
        return self.style.strands * (
            np.sin(31 * angle + phases[2]) + np.sin(83 * angle + phases[3])
        )

    def _paint(self, picture, cover):
        """Hair where cover says, with strands and a soft shine on the side of the light."""
        if not cover.any():
            return
        head, strands = self.head, self._strands()
        roundness = 1.1 - (head.x / 1.3) ** 2 - (np.minimum(head.y, 0) / 1.6) ** 2
        brightness = lit(np.sqrt(np.maximum(roundness, 0.02)), head, self.traits)
        brightness = brightness * (0.9 + 0.14 * strands)
        shine = hill(head.x - 0.5 * light(self.traits)[0], head.y + 1.0, 0.6, 0.2)
        shine = shine * (0.6 + 0.4 * strands)
        colour = hair_colour(self.traits) * brightness[..., None] + 0.12 * shine[..., None]
        blend(picture, colour, cover)
