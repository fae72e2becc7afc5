"""What several tests of the judging need."""

import numpy as np
import pytest

from helpers import judging
from helpers.faces import load_faces, paint_faces
from tests.pictures import PHOTOGRAPHS


@pytest.fixture(scope="session")
def halves():
    """A function from the kind of pictures to two halves of it, at most 200 pictures each."""
    made = {}

    def get(kind):
        if kind not in made:
            if kind == "drawn":
                pictures = np.float32(paint_faces(300, size=50, album="crowd")[0]) / 255
            else:
                pictures = load_faces(PHOTOGRAPHS).images[:400]
            made[kind] = judging.split(pictures, len(pictures) // 2)
            for half in made[kind]:
                half.flags.writeable = False  # all tests share them
        return made[kind]

    return get
