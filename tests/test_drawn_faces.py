"""Tests of helpers/drawn_faces.py: the pictures, their known factors, and the files."""

import csv
import hashlib
import itertools
import subprocess
import sys
import warnings
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from helpers import drawn_faces
from helpers.drawn_faces import (
    FACTORS,
    RANGES,
    SHARES,
    draw_faces,
    face_traits,
    paint_face,
    write_drawn_faces,
)
from helpers.judging import face_rate

STILL = ("yaw", "pitch", "tilt", "shift_x", "shift_y")

# Where on a 250 x 250 picture of a face that looks straight ahead a factor is to be seen.
PLACES = {  # rows, columns
    "hair": np.s_[20:240, 45:205],
    "mouth": np.s_[145:210, 80:170],
    "brows": np.s_[82:112, 75:175],
    "beard": np.s_[130:210, 65:185],
    "glasses": np.s_[92:140, 60:190],
    "clothes": np.s_[185:250, :],
}


@pytest.fixture(scope="module")
def hundred():
    return draw_faces(100)


def facing(index=0, **traits):
    """A face that looks straight ahead, bare, with the traits given."""
    bare = {"hair": "cropped", "beard": "none", "glasses": "none", "mouth": "neutral"}
    return face_traits(index) | dict.fromkeys(STILL, 0.0) | bare | traits


def difference(first, second):
    """Mean absolute difference at each pixel of the two faces' pictures: (250, 250)."""
    pictures = [paint_face(traits).astype(float) for traits in (first, second)]
    return np.abs(pictures[0] - pictures[1]).mean(axis=-1)


# ---- pictures


def test_the_same_seed_draws_the_same_pictures_and_another_seed_others(hundred):
    images, factors = draw_faces(4)
    again, factors_again = draw_faces(4)
    others, _ = draw_faces(4, seed=1)
    assert images.dtype == np.uint8 and images.shape == (4, 250, 250, 3)
    np.testing.assert_array_equal(images, again)
    assert all((factors[name] == factors_again[name]).all() for name in factors)
    assert all((one != other).any() for one, other in zip(images, others, strict=True))


def test_a_face_does_not_depend_on_how_many_are_drawn(hundred):
    images, factors = draw_faces(3)
    np.testing.assert_array_equal(images, hundred[0][:3])
    assert all((factors[name] == hundred[1][name][:3]).all() for name in factors)


def test_the_factors_are_all_there_is_to_know_about_a_picture(hundred):
    images, factors = hundred
    assert set(factors) == {*FACTORS, *RANGES, "noise_seed"}
    traits = {name: values[57].item() for name, values in factors.items()}
    np.testing.assert_array_equal(paint_face(traits), images[57])


def test_the_detector_finds_the_faces_at_50_pixels(hundred):
    small = hundred[0][:, 2::5, 2::5].astype("float32") / 255
    assert face_rate(small) >= 0.9


def test_the_detector_finds_no_face_where_the_features_are_not_painted(monkeypatch):
    for paint in ("_paint_eyes", "_paint_brows", "_paint_mouth", "_paint_skin"):
        monkeypatch.setattr(drawn_faces, paint, lambda *parts: None)
    small = draw_faces(20)[0][:, 2::5, 2::5].astype("float32") / 255
    assert face_rate(small) <= 0.2


def test_the_pictures_are_well_exposed(hundred):
    images = hundred[0]
    assert (images.min(axis=(1, 2, 3)) < 60).all() and (images.max(axis=(1, 2, 3)) > 150).all()
    clipped = ((images == 0) | (images == 255)).mean()
    assert clipped < 0.02


def test_a_small_picture_shows_the_same_face_as_a_large_one_shrunk():
    large, small = paint_face(facing(grain=0.0)), paint_face(facing(grain=0.0), size=50)
    shrunk = large.reshape(50, 5, 50, 5, 3).mean(axis=(1, 3))
    assert small.shape == (50, 50, 3)
    assert np.abs(shrunk - small).mean() < 6
    assert np.abs(shrunk - paint_face(facing(1, grain=0.0), size=50)).mean() > 20


# ---- known factors


def test_every_mode_appears_among_500_as_often_as_it_should():
    people = [face_traits(index) for index in range(500)]
    for name, modes in FACTORS.items():
        counts = Counter(traits[name] for traits in people)
        shares = SHARES.get(name, [1 / len(modes)] * len(modes))
        assert set(counts) == set(modes)
        assert [counts[mode] / 500 for mode in modes] == pytest.approx(shares, abs=0.06), name
    for name, (low, high) in RANGES.items():
        values = np.array([traits[name] for traits in people])
        assert low <= values.min() and values.max() <= high, name
        assert np.ptp(values) > 0.97 * (high - low), name


@pytest.mark.parametrize("name", PLACES)
def test_each_mode_of_a_factor_moves_its_own_place_in_the_picture(name):
    inside = np.zeros((250, 250), bool)
    inside[PLACES[name]] = True
    for first, second in itertools.combinations(FACTORS[name], 2):
        change = difference(facing(**{name: first}), facing(**{name: second}))
        here, elsewhere = change[inside].mean(), change[~inside].mean()
        assert here > 1.2, f"{first} and {second} look alike"
        assert here > 3 * elsewhere, f"{first} and {second} differ elsewhere"


@pytest.mark.parametrize("mode", FACTORS["background"][1:])
def test_the_background_changes_the_corners_and_leaves_the_face(mode):
    change = difference(facing(background="plain"), facing(background=mode))
    assert set(FACTORS) == {*PLACES, "background"}
    assert change[:40, :40].mean() + change[:40, 210:].mean() > 10
    assert change[80:165, 95:155].max() == 0


def eyes_place(traits):
    """Mean row and column of the darkest pixels around the eyes, for light skin and hair."""
    light = {"skin": 0.0, "hair_colour": 0.8, "light_side": 0.0, "hair": "bald", "eye_colour": 0.0}
    region = paint_face(traits | light)[95:135, 70:180].mean(axis=-1)
    rows, columns = np.nonzero(region <= np.quantile(region, 0.02))
    return rows, columns


def test_yaw_turns_the_eyes_to_its_side_and_pitch_lowers_them():
    columns = [eyes_place(facing(yaw=yaw))[1].mean() for yaw in (-20, 20)]
    rows = [eyes_place(facing(pitch=pitch))[0].mean() for pitch in (-7, 7)]
    assert columns[1] > columns[0] + 15
    assert rows[1] > rows[0] + 5


def test_tilt_lowers_the_eye_on_its_side():
    rows, columns = eyes_place(facing(tilt=10))
    right = columns > 55
    assert rows[right].mean() > rows[~right].mean() + 4


def test_light_brightens_the_side_it_comes_from():
    for side in (-55, 55):
        face = paint_face(facing(light_side=side, light_contrast=0.7))[130:160].astype(float)
        left, right = face[:, 80:105].mean(), face[:, 145:170].mean()
        assert np.sign(right - left) == np.sign(side) and abs(right - left) > 10


def test_skin_goes_from_light_to_deep():
    cheeks = [paint_face(facing(skin=skin))[135:150, 90:160].mean() for skin in (0, 0.5, 1)]
    assert cheeks[0] > cheeks[1] + 20 > cheeks[2] + 40


# ---- files


def read_table(folder):
    with (folder / "factors.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture
def no_drawing(monkeypatch):
    """Call it, and from then on drawing a face fails."""

    def forbid():
        monkeypatch.setattr(drawn_faces, "paint_face", lambda *parts: pytest.fail("drawn again"))

    return forbid


def test_the_files_are_whole_jpegs_of_the_drawn_faces_with_their_factors(tmp_path):
    paths = write_drawn_faces(tmp_path / "new" / "faces", n=3, seed=5)
    images, factors = draw_faces(3, seed=5)
    rows = read_table(paths[0].parent)
    assert [path.name for path in paths] == [f"drawn_000{number}.jpg" for number in (1, 2, 3)]
    assert {path.name for path in paths[0].parent.iterdir()} == {
        "factors.csv",
        *(path.name for path in paths),
    }
    for index, path in enumerate(paths):
        with Image.open(path) as picture:
            assert picture.format == "JPEG" and picture.size == (250, 250)
            pixels = np.asarray(picture.convert("RGB")).astype(float)
        assert np.abs(pixels - images[index]).mean() < 4
        assert rows[index]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        assert rows[index]["hair"] == factors["hair"][index]
        assert float(rows[index]["yaw"]) == factors["yaw"][index]


def test_a_complete_set_is_used_as_it_is(tmp_path, no_drawing):
    paths = write_drawn_faces(tmp_path, n=2)
    times = [path.stat().st_mtime_ns for path in paths]
    no_drawing()
    assert write_drawn_faces(tmp_path, n=2) == paths
    assert [path.stat().st_mtime_ns for path in paths] == times


def test_a_damaged_picture_is_noticed_and_drawn_again(tmp_path):
    paths = write_drawn_faces(tmp_path, n=3)
    whole = contents(tmp_path)
    paths[1].write_bytes(whole[paths[1].name][:2000])
    with pytest.warns(UserWarning, match=r"Damaged.*drawn_0002\.jpg"):
        write_drawn_faces(tmp_path, n=3)
    assert contents(tmp_path) == whole


def test_an_interrupted_set_is_completed_without_a_word(tmp_path, monkeypatch):
    whole = {path.name: path.read_bytes() for path in write_drawn_faces(tmp_path / "whole", n=3)}
    write = drawn_faces._write_whole

    def interrupted(path, content):
        if path.name == "drawn_0003.jpg":
            raise KeyboardInterrupt
        write(path, content)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(drawn_faces, "_write_whole", interrupted)
        write_drawn_faces(tmp_path / "part", n=3)
    assert len(contents(tmp_path / "part")) == 3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        paths = write_drawn_faces(tmp_path / "part", n=3)
    assert {path.name: path.read_bytes() for path in paths} == whole


def test_a_write_that_fails_leaves_the_older_file_and_no_rubbish(tmp_path, monkeypatch):
    path = tmp_path / "drawn_0001.jpg"
    path.write_bytes(b"older")

    def half_written(self, content):
        with self.open("wb") as file:
            file.write(content[:3])
        raise OSError("disk full")

    monkeypatch.setattr("pathlib.Path.write_bytes", half_written)
    with pytest.raises(OSError, match="disk full"):
        drawn_faces._write_whole(path, b"newer")
    assert contents(tmp_path) == {"drawn_0001.jpg": b"older"}


@pytest.mark.parametrize("name", ["holiday.jpg", "drawn_0001.jpg", "factors.csv"])
def test_a_folder_with_other_peoples_files_is_refused_and_left_alone(tmp_path, name):
    (tmp_path / name).write_bytes(b"mine")
    with pytest.raises(ValueError, match=rf"not drawn faces \({name}\).*empty"):
        write_drawn_faces(tmp_path, n=2)
    assert contents(tmp_path) == {name: b"mine"}


def test_a_stranger_among_our_files_is_refused(tmp_path):
    write_drawn_faces(tmp_path, n=2)
    (tmp_path / "holiday.jpg").write_bytes(b"mine")
    with pytest.raises(ValueError, match=r"holiday\.jpg"):
        write_drawn_faces(tmp_path, n=2)


@pytest.mark.parametrize("other", [{"n": 2, "seed": 1}, {"n": 1}, {"n": 3}])
def test_another_set_is_not_overwritten(tmp_path, other):
    write_drawn_faces(tmp_path, n=2)
    before = contents(tmp_path)
    with pytest.raises(ValueError, match="another set: 2 drawn faces of seed 0"):
        write_drawn_faces(tmp_path, **other)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("draw", [draw_faces, lambda n: write_drawn_faces("never", n=n)])
def test_no_faces_is_refused_with_a_sentence(draw, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="at least one face"):
        draw(0)
    assert not contents(tmp_path)


def test_importing_and_drawing_needs_no_tensorflow_and_importing_little_else():
    code = (
        "import sys, helpers.drawn_faces as faces\n"
        "heavy = {'scipy', 'skimage', 'PIL', 'tensorflow', 'keras'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "faces.draw_faces(1)\n"
        "assert 'tensorflow' not in sys.modules"
    )
    subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=drawn_faces.Path(__file__).parent.parent
    )
