"""Windows around faces: where they are, and none where no face is."""

import numpy as np
import pytest

from helpers.faces import paint_faces
from helpers.faces.detector import face_windows


@pytest.fixture(scope="module")
def face():
    return np.float32(paint_faces(1, seed=1)[0][0]) / np.float32(255)


def test_a_window_lies_around_the_face_and_moves_with_it(face):
    [(top, left, side)] = face_windows(face, 75, 212)
    assert 60 < side < 190  # of 250
    assert abs(top + side / 2 - 125) < 40 and abs(left + side / 2 - 125) < 25
    moved = np.pad(face, ((30, 0), (60, 0), (0, 0)), mode="edge")
    [(moved_top, moved_left, moved_side)] = face_windows(moved, 75, 212)
    assert abs(moved_top - top - 30) < 12 and abs(moved_left - left - 60) < 12
    assert abs(moved_side - side) < 25


def test_no_window_is_smaller_or_larger_than_asked(face):
    assert face_windows(face, 200, 240) == []
    assert face_windows(face, 30, 60) == []


@pytest.mark.parametrize("shape", [(250, 250, 3), (8, 8, 3), (23, 400, 3), (400, 24, 3)])
def test_in_noise_and_in_slivers_is_no_face(shape):
    assert face_windows(np.random.default_rng(0).random(shape, dtype="float32"), 20, 60) == []
