"""The detector finds faces, and nothing where there is none."""

import numpy as np
import pytest

from helpers.faces import load_faces
from helpers.judging import face_rate, finds_face
from tests.judging.kinds import each_kind, noise_like
from tests.pictures import flat_pictures


@each_kind
def test_most_faces_are_found_and_none_in_noise(kind, halves):
    faces = halves(kind)[0][:60]
    assert face_rate(faces) > 0.85
    assert face_rate(noise_like(faces)) == 0.0
    assert face_rate(flat_pictures(10)) == 0.0


def test_each_picture_is_judged_by_itself(halves):
    faces = halves("drawn")[0][:20]
    found = finds_face(faces)
    assert found.dtype == bool and found.shape == (20,)
    mixed = np.concatenate([noise_like(faces), faces])[np.arange(40).reshape(2, 20).T.ravel()]
    assert np.array_equal(finds_face(mixed), np.stack([np.zeros(20, bool), found], 1).ravel())
    assert face_rate(mixed) == pytest.approx(found.mean() / 2)


@each_kind
def test_one_mean_face_repeated_gets_all_so_this_number_alone_says_little(kind, halves):
    one, _ = halves(kind)
    assert face_rate(np.repeat(one.mean(axis=0, keepdims=True), 3, axis=0)) == 1.0


@pytest.mark.parametrize("size", [100, 200])
def test_a_finer_picture_shows_its_face_as_well(size):
    """The detector sees the same picture where each pixel is drawn as a block of pixels."""
    faces = load_faces("drawn", n=20).images
    times = size // 50
    blocks = np.repeat(np.repeat(faces, times, axis=1), times, axis=2)
    np.testing.assert_array_equal(finds_face(blocks), finds_face(faces))
    fine = load_faces("drawn", n=20, size=size).images
    assert face_rate(fine) > 0.85 and face_rate(noise_like(fine)) == 0.0
