"""Large photographs cut to the face: the right place, nothing lost in silence, nothing half."""

import numpy as np
import pytest
from PIL import Image

from helpers.faces import FacesError, cut_to_faces, cutting, load_faces, paint_faces
from helpers.faces.cutting import largest_face
from tests.faces.noise import noise

pytestmark = pytest.mark.usefixtures("strict")
FACE = paint_faces(1, seed=1)[0][0]  # (250, 250, 3); its middle is about the nose


def photograph(*places, height=1500, width=1000):
    """A gray photograph with faces at (top, left, side): uint8 (height, width, 3)."""
    picture = Image.new("RGB", (width, height), (150, 150, 150))
    for top, left, side in places:
        picture.paste(Image.fromarray(FACE).resize((side, side)), (left, top))
    return np.asarray(picture)


ONE = photograph((200, 300, 600))
TWO = photograph((100, 50, 350), (700, 300, 600))
NONE = photograph()


@pytest.fixture
def folder(tmp_path):
    """Three large photographs: with one face, with two, with none; and one that is damaged."""
    folder = tmp_path / "holiday"
    folder.mkdir()
    exif = Image.Exif()
    exif[0x010F] = "the camera"
    Image.fromarray(ONE).save(folder / "a one.JPG", exif=exif)
    Image.fromarray(TWO).save(folder / "b_two.png")
    Image.fromarray(NONE).save(folder / "c_none.png")
    (folder / "d_broken.jpg").write_text("dear diary", encoding="utf-8")
    (folder / "e.svg").write_text("<svg/>", encoding="utf-8")
    return folder


def state_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


# ---- one picture


def holds(square, top, left, side):
    """Whether the square has the middle of a face at that place in it, near its own middle."""
    row, column = top + side / 2, left + side / 2
    middle = square[0] + square[2] / 2, square[1] + square[2] / 2
    return abs(middle[0] - row) < side / 5 and abs(middle[1] - column) < side / 6


def test_the_square_lies_around_the_face_with_room_for_the_head():
    square, faces = largest_face(ONE)
    assert faces == 1 and holds(square, 200, 300, 600)
    assert 450 < square[2] < 1000  # the painted head is about half of the 600 wide


def test_of_two_faces_the_larger_one_is_taken_and_both_are_counted():
    square, faces = largest_face(TWO)
    assert faces == 2 and holds(square, 700, 300, 600)
    assert largest_face(photograph((50, 20, 250), (600, 250, 700)))[1] == 1  # far behind
    assert largest_face(NONE) == (None, 0)
    assert largest_face(noise(1, 9, 9)) == (None, 0)


@pytest.mark.parametrize("place", [(0, 0, 600), (900, 400, 600), (450, 0, 1000)])
def test_a_square_never_leaves_the_picture(place):
    (top, left, side), faces = largest_face(photograph(place))
    assert faces == 1 and side > 0
    assert 0 <= top <= 1500 - side and 0 <= left <= 1000 - side


def test_a_small_picture_is_cut_as_well():
    square, faces = largest_face(FACE)
    assert faces == 1 and holds(square, 0, 0, 250)


# ---- a folder


def test_what_was_cut_and_what_was_not_is_named_and_counted(folder):
    before = state_of(folder)
    cut = cut_to_faces(folder)
    assert cut.folder == folder.with_name("holiday_faces")
    assert cut.names == ["a one.JPG", "b_two.png.jpg"]
    assert sorted(path.name for path in cut.folder.iterdir()) == cut.names
    assert (cut.several, cut.without_face) == (["b_two.png"], ["c_none.png"])
    told = " ".join(cut.sentences())
    assert "2 pictures cut to the face are in" in told
    assert "Several faces in 1 picture (b_two.png): the largest was taken" in told
    assert "No face was found in 1 picture (c_none.png)" in told
    assert "d_broken.jpg cannot be read" in told and "1 SVG drawing (e.svg)" in told
    assert "needs 20 pictures" in told
    assert state_of(folder) == before
    assert sorted(path.name for path in folder.parent.iterdir()) == ["holiday", "holiday_faces"]


def test_a_cut_is_a_square_of_400_pixels_without_the_cameras_notes(folder):
    cut = cut_to_faces(folder)
    with Image.open(cut.folder / "a one.JPG") as picture:
        assert picture.size == (400, 400) and picture.format == "JPEG"
        assert not dict(picture.getexif())
    assert cut.before.shape == cut.after.shape == (2, 100, 100, 3)
    assert cut.before.dtype == np.float32 and cut.after.min() >= 0 and cut.after.max() <= 1
    red = (cut.before[0] - [1, 0, 0]) ** 2
    assert (red.sum(axis=-1) < 0.3).any()  # the frame
    assert (cut.before[0][:, 0] == 1).all()  # a tall picture has white beside it


def test_twenty_large_photographs_become_faces_for_the_lessons(tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    for number in range(20):
        picture = photograph((100 + 5 * number, 300, 250), height=600, width=800)
        Image.fromarray(picture).save(folder / f"{number:02}.jpg")
    cut = cut_to_faces(folder, tmp_path / "new" / "cut")
    assert len(cut.names) == 20 and len(cut.before) == 12
    assert len(cut.sentences()) == 1
    assert len(load_faces(cut.folder).images) == 20


def test_a_folder_that_is_there_stays_as_it_is(folder):
    (folder.parent / "holiday_faces").mkdir()
    for into in (None, folder):
        with pytest.raises(FacesError, match="exists already, and stays as it is"):
            cut_to_faces(folder, into)
    assert list((folder.parent / "holiday_faces").iterdir()) == []


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
def test_what_is_stopped_half_way_leaves_nothing(folder, monkeypatch, stop):
    asked = []

    def fail_at_the_second(path):
        asked.append(path)
        if len(asked) == 2:
            raise stop
        return ONE

    monkeypatch.setattr(cutting, "load_photograph", fail_at_the_second)
    with pytest.raises(stop):
        cut_to_faces(folder)
    assert [path.name for path in folder.parent.iterdir()] == ["holiday"]


def test_a_folder_without_any_face_is_an_error_that_names_them(folder):
    for name in ("a one.JPG", "b_two.png"):
        (folder / name).unlink()
    with pytest.raises(FacesError, match=r"Nothing was cut.*1 picture \(c_none\.png\).*d_broken"):
        cut_to_faces(folder)
    (folder / "c_none.png").unlink()
    (folder / "d_broken.jpg").unlink()
    with pytest.raises(FacesError, match=r"no picture in .*1 SVG drawing \(e\.svg\)"):
        cut_to_faces(folder)
    assert [path.name for path in folder.parent.iterdir()] == ["holiday"]
