"""What a learner keeps says who drew it, and takes the place of nothing."""

import imageio.v3 as imageio
import numpy as np
import pytest

from helpers.classroom import save_portraits
from helpers.classroom.sheets import GAP
from helpers.images import DRAWN_BY_A_NET


@pytest.fixture
def runs(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_RUNS", str(tmp_path / "runs"))
    return tmp_path / "runs"


def some_pictures(count=5, side=100):
    return np.random.default_rng(0).uniform(0, 0.9, (count, side, side, 3)).astype("float32")


def test_the_file_holds_the_faces_and_says_below_them_and_inside_who_drew_them(runs):
    pictures = some_pictures()
    path = save_portraits(pictures, columns=3)
    assert path == runs / "portraits_001" / "portraits.png"
    assert imageio.immeta(path)["Description"] == DRAWN_BY_A_NET
    page = imageio.imread(path) / 255
    fourth = page[100 + 2 * GAP : 200 + 2 * GAP, GAP : 100 + GAP]
    np.testing.assert_allclose(fourth, pictures[3], atol=1 / 500)
    faces_end = 2 * (100 + GAP) + GAP
    assert len(page) > faces_end and (page[faces_end:] < 0.5).any()


def test_each_time_it_is_a_new_file(runs):
    first, second = save_portraits(some_pictures()), save_portraits(some_pictures(2))
    assert first != second and first.exists() and second.exists()


def test_what_are_no_pictures_leaves_no_folder(runs):
    with pytest.raises(ValueError, match="height, width, 3"):
        save_portraits(np.zeros((4, 5, 5)))
    assert not runs.exists()
