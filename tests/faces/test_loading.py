"""Faces from folders: good pictures, bad pictures, wrong requests."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from helpers.faces import Faces, FacesError, load_faces, resize_nearest
from helpers.faces.folders import line_for
from tests.faces.noise import noise
from tests.lesson_tools import ROOT

pytestmark = pytest.mark.usefixtures("strict")
FORMATS = {"jfif": "JPEG"}  # Pillow can't tell from the ending


@pytest.fixture
def folder(tmp_path):
    """A folder with 20 good JPEGs, as many as one batch."""
    folder = tmp_path / "mine"
    folder.mkdir()
    for number in range(20):
        Image.fromarray(noise(number)).save(folder / f"good_{number:02d}.jpg")
    return folder


# ---- a folder of the learner's own


def test_a_folder_of_20_pictures_loads_in_the_order_of_names(folder):
    own = load_faces(folder)
    assert isinstance(own, Faces)
    assert own.images.shape == (20, 50, 50, 3) and own.images.dtype == np.float32
    assert 0 <= own.images.min() < 0.05 and 0.95 < own.images.max() <= 1
    assert own.names == [f"good_{number:02d}.jpg" for number in range(20)]
    assert own.source == "20 pictures from the folder mine"
    with Image.open(folder / "good_07.jpg") as picture:
        expected = resize_nearest(np.asarray(picture), 50) / 255
    np.testing.assert_allclose(own.images[7], expected, atol=1e-6)
    assert len(repr(own)) < 200  # a cell that ends with it doesn't print the pictures


def test_a_folder_can_be_a_string_with_a_home_sign(folder, monkeypatch):
    monkeypatch.setenv("HOME", str(folder.parent))
    monkeypatch.setenv("USERPROFILE", str(folder.parent))
    np.testing.assert_array_equal(load_faces("~/mine").images, load_faces(str(folder)).images)


def test_size_and_n_are_kept(folder):
    own = load_faces(folder, size=64, n=5)
    assert own.images.shape == (5, 64, 64, 3)
    assert own.names == [f"good_{number:02d}.jpg" for number in range(5)]
    assert own.source.startswith("The first 5 of 20 pictures")


def test_the_middle_square_of_a_wide_and_of_a_tall_picture_is_taken(folder):
    wide = np.zeros((60, 100, 3), "uint8")
    wide[:, 20:80] = 255  # the middle square is white, the rest black
    Image.fromarray(wide).save(folder / "a_wide.png")
    Image.fromarray(wide.transpose(1, 0, 2)).save(folder / "b_tall.png")
    own = load_faces(folder)
    assert own.names[:2] == ["a_wide.png", "b_tall.png"]
    assert own.images[:2].min() == 1


def test_all_common_types_are_read_and_what_is_no_picture_is_passed_over(folder, capsys):
    for ending in ("JPG", "jpeg", "jfif", "png", "webp", "bmp", "tif", "tiff", "gif"):
        Image.fromarray(noise(5)).save(folder / f"x.{ending}", format=FORMATS.get(ending))
    (folder / "notes.txt").write_text("not a picture", encoding="utf-8")
    (folder / "empty").mkdir()
    own = load_faces(folder)
    assert len(own.names) == 29
    assert capsys.readouterr() == ("", "")


def test_what_looks_like_a_picture_and_is_not_read_is_told_kind_by_kind(folder, capsys):
    (folder / "logo.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "album.jpg").mkdir()
    (folder / "empty.png").write_bytes(b"")
    Image.fromarray(noise(5)).save(folder / ".hidden.jpg")
    own = load_faces(folder)
    assert len(own.names) == 20
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    for word in ("1 SVG drawing (logo.svg)", "(album.jpg)", "1 empty file (empty.png)", ".hidden"):
        assert sum(line.startswith("Left out: ") and word in line for line in lines) == 1
    assert own.source.endswith("; 2 left out that cannot be read")  # the drawing, the empty file


def test_a_phones_folder_without_a_reader_is_an_error_with_the_cure(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)  # an import of it fails
    for number in range(30):
        (tmp_path / f"IMG_{number:02}.HEIC").write_bytes(b"a picture")
    with pytest.raises(FacesError) as found:
        load_faces(tmp_path)
    assert "30 HEIC pictures (IMG_00.HEIC, IMG_01.HEIC, IMG_02.HEIC and 27 more)" in str(
        found.value
    )
    assert "pip install pillow-heif" in str(found.value)


# ---- folders inside


def test_pictures_in_folders_inside_are_offered_with_the_line_to_set(folder, capsys):
    home = folder.parent
    with pytest.raises(FacesError) as found:
        load_faces(home)
    told = str(found.value)
    assert told.startswith(f"There is no picture in {home}") and "mine (20 pictures)" in told
    assert told.endswith(f"To take the first: {line_for(folder)}")
    assert capsys.readouterr().out == ""


def test_folders_inside_are_offered_where_pictures_are_too_few_and_where_they_are_enough(
    folder, capsys
):
    inside = folder / "holiday"
    inside.mkdir()
    for path in sorted(folder.glob("*.jpg")):
        (inside / path.name).write_bytes(path.read_bytes())
    assert len(load_faces(folder).names) == 20
    assert (
        f"holiday (20 pictures). To take the first: {line_for(inside)}" in capsys.readouterr().out
    )
    (folder / "good_00.jpg").unlink()
    with pytest.raises(FacesError, match=r"Too few pictures: 19 .*holiday \(20 pictures\)"):
        load_faces(folder)


def damage(folder, kind):
    path = folder / "bad.jpg"
    if kind == "not a picture":
        path.write_text("dear diary", encoding="utf-8")
    elif kind == "one pixel":
        Image.new("RGB", (1, 1)).save(path)
    elif kind == "truncated png":
        Image.fromarray(noise(1)).save(folder / "whole.png")
        (folder / "bad.jpg").write_bytes((folder / "whole.png").read_bytes()[:5000])
        (folder / "whole.png").unlink()
    elif kind == "broken header":
        path.write_bytes((folder / "good_00.jpg").read_bytes()[:4] + bytes(300))
    elif kind == "truncated":
        path.write_bytes((folder / "good_00.jpg").read_bytes()[:1500])
    return path


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("truncated", "the file ends too early"),
        ("truncated png", "the file ends too early"),
        ("not a picture", "it is not a picture"),
        ("broken header", "bad.jpg cannot be read"),
        ("one pixel", "too small: 1 × 1 pixels"),
    ],
)
def test_a_damaged_picture_is_named_and_the_others_still_load(folder, capsys, kind, reason):
    damage(folder, kind)
    own = load_faces(folder)
    assert own.images.shape == (20, 50, 50, 3) and "bad.jpg" not in own.names
    printed = capsys.readouterr()
    assert printed.out.startswith("Left out: bad.jpg") and reason in printed.out
    assert printed.out.count("\n") == 1 and printed.err == ""
    assert own.source.endswith("1 left out that cannot be read")


def test_many_damaged_pictures_do_not_flood_the_page(folder, capsys):
    for number in range(40):
        (folder / f"bad_{number}.jpg").write_text("dear diary", encoding="utf-8")
    own = load_faces(folder)
    assert capsys.readouterr().out.count("\n") == 11
    assert "40 left out" in own.source


def test_fewer_pictures_than_a_batch_is_told_with_both_numbers(folder):
    damage(folder, "truncated")
    (folder / "good_00.jpg").unlink()
    with pytest.raises(FacesError, match=r"19 can be read in .*mine, 1 cannot.* needs 20"):
        load_faces(folder)


def test_a_folder_without_pictures_is_told(tmp_path):
    (tmp_path / "notes.txt").write_text("nothing to see", encoding="utf-8")
    with pytest.raises(FacesError, match="There is no picture in .*folders inside it are not read"):
        load_faces(tmp_path)


def test_a_file_in_place_of_a_folder_is_told(folder):
    with pytest.raises(FacesError, match=r"good_00\.jpg is a file.*load_photograph"):
        load_faces(folder / "good_00.jpg")


@pytest.mark.parametrize("word", ["lwf", "no/such/folder", "LFW", ""])
def test_an_unknown_word_or_a_missing_folder_is_told_with_what_can_be_said(
    word, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FacesError, match=r'"auto", "lfw", "drawn", "crowd" or a folder'):
        load_faces(word)


def test_a_source_that_is_no_word_is_told():
    with pytest.raises(FacesError, match="but this is 42"):
        load_faces(42)


@pytest.mark.parametrize(
    "wrong",
    [{"size": 0}, {"size": 2.5}, {"size": 5000}, {"size": True}, {"n": 0}, {"n": "all"}]
    + [{"seed": -1}, {"seed": None}],
)
def test_a_number_that_can_not_be_is_refused_by_name(folder, wrong):
    [(name, value)] = wrong.items()
    with pytest.raises(ValueError, match=f"^{name} is {value!r}, but it must be a whole number, "):
        load_faces(folder, **wrong)


def test_a_numpy_number_is_a_number(folder):
    assert load_faces(folder, size=np.int64(32)).images.shape == (20, 32, 32, 3)


# ---- the door


def test_importing_faces_brings_no_tensorflow_asks_no_network_and_writes_nothing(tmp_path):
    code = (
        "import sys, socket\n"
        "def refuse(*_): raise AssertionError('the network was asked')\n"
        "socket.socket.connect = socket.getaddrinfo = refuse\n"
        "import helpers.faces\n"
        "assert 'tensorflow' not in sys.modules and 'keras' not in sys.modules\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env={"PATH": "", "COURSE_CACHE": str(tmp_path / "cache")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (done.stdout, done.stderr) == ("", "")
    assert not (tmp_path / "cache").exists()
