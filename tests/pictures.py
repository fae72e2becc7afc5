"""Pictures for tests."""

import base64
from html.parser import HTMLParser
from pathlib import Path

import imageio.v3 as iio
import numpy as np

# The 530 photographs, where a developer has them; they are never committed.
PHOTOGRAPHS = Path(__file__).parent.parent.parent / "shared" / "lfw" / "George_W_Bush"


def flat_pictures(count, seed=3):
    """Pictures that can be told apart: each is one flat colour, its own.

    Float32 (count, 50, 50, 3) in [0, 1].
    """
    colours = np.random.default_rng(seed).random((count, 1, 1, 3), dtype="float32")
    return np.broadcast_to(colours, (count, 50, 50, 3)).copy()


class _Images(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag == "img":
            self.found.append(dict(attributes))


def images_of(page):
    """The images in a piece of HTML, as (pixels, alt text), with their pixels as imageio reads."""
    parser = _Images()
    parser.feed(page)
    return [(_pixels(image["src"]), image.get("alt")) for image in parser.found]


def _pixels(address):
    kind, content = address.split(";base64,")
    assert kind in ("data:image/png", "data:image/jpeg", "data:image/gif"), kind
    return iio.imread(base64.b64decode(content))
