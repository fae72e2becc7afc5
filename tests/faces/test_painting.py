"""Faces painted from traits: they look like faces, and each trait shows where it should."""

import itertools
import subprocess
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from helpers.faces import painting
from helpers.faces.painting import paint_face, paint_faces
from helpers.faces.traits import (
    ALBUMS,
    FACTORS,
    HAIRSTYLES,
    PERSON,
    POSED,
    RANGES,
    SHARES,
    Hairstyle,
    face_traits,
)
from helpers.judging import face_rate
from tests.lesson_tools import ROOT

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
    return paint_faces(100, album="crowd")


def facing(index=0, **traits):
    """A face that looks straight ahead, bare, with the traits given."""
    bare = {"hair": "cropped", "beard": "none", "glasses": "none", "mouth": "neutral"}
    return face_traits(index, album="crowd") | dict.fromkeys(STILL, 0.0) | bare | traits


def difference(first, second):
    """Mean absolute difference at each pixel of the two faces' pictures: (250, 250)."""
    pictures = [paint_face(traits).astype(float) for traits in (first, second)]
    return np.abs(pictures[0] - pictures[1]).mean(axis=-1)


# ---- pictures


def test_the_same_seed_draws_the_same_pictures_and_another_seed_others():
    images, factors = paint_faces(4)
    again, factors_again = paint_faces(4)
    others, _ = paint_faces(4, seed=1)
    assert images.dtype == np.uint8 and images.shape == (4, 250, 250, 3)
    np.testing.assert_array_equal(images, again)
    assert all((factors[name] == factors_again[name]).all() for name in factors)
    assert all((one != other).any() for one, other in zip(images, others, strict=True))


def test_a_face_does_not_depend_on_how_many_are_drawn(hundred):
    images, factors = paint_faces(3, album="crowd")
    np.testing.assert_array_equal(images, hundred[0][:3])
    assert all((factors[name] == hundred[1][name][:3]).all() for name in factors)


def test_the_album_shows_one_person_and_the_crowd_another_on_each_picture():
    """What makes a person is the same in all pictures of the album; what changes, changes."""
    for album, same in (("drawn", set(PERSON)), ("crowd", set())):
        faces = [face_traits(index, seed, album) for index in range(40) for seed in (0, 1)]
        values = {name: {face[name] for face in faces} for name in faces[0]}
        assert {name for name, found in values.items() if len(found) == 1} == same
    for name in POSED:
        widest = max(abs(face_traits(index)[name]) for index in range(500))
        assert 0.5 < widest / max(map(abs, RANGES[name])) <= 0.6, name
    found = {
        "yaw",
        "pitch",
        "tilt",
        "scale",
        "shift_x",
        "shift_y",
        "mouth",
        "brows",
        "gaze",
        "grain",
    }
    found |= {name for name in {*FACTORS, *RANGES} if name.startswith(("light", "background"))}
    assert set(PERSON) == {*FACTORS, *RANGES} - found  # all else makes the person
    for name, value in PERSON.items():
        assert value in FACTORS.get(name, ()) or RANGES[name][0] <= value <= RANGES[name][1], name
    assert list(ALBUMS) == ["drawn", "crowd"]


def test_the_detector_finds_the_person_of_the_album():
    small = paint_faces(100)[0][:, 2::5, 2::5].astype("float32") / 255
    assert face_rate(small) >= 0.97


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
        monkeypatch.setattr(painting, paint, lambda *parts: None)
    small = paint_faces(20)[0][:, 2::5, 2::5].astype("float32") / 255
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
    people = [face_traits(index, album="crowd") for index in range(500)]
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


# ---- hairstyles


@pytest.mark.parametrize(
    ("hair", "changed"),
    [
        ("parted", {"beside": 0.2}),
        ("parted", {"above": 0.3}),
        ("parted", {"hairline": 0.8}),
        ("fringe", {"squareness": 3}),
        ("long", {"end": 1.0}),
        ("parted", {"parting": 0.0}),
        ("long", {"strands": 0.0}),
        ("curly", {"curls": 0.06}),
        ("long", {"hangs_behind": False}),
    ],
)
def test_each_measure_of_a_hairstyle_shows(monkeypatch, hair, changed):
    before = paint_face(facing(hair=hair)).astype(float)
    monkeypatch.setitem(HAIRSTYLES, hair, replace(HAIRSTYLES[hair], **changed))
    change = np.abs(paint_face(facing(hair=hair)) - before).mean(axis=-1)
    assert (change > 8).sum() > 150
    assert change[:, :20].max() == 0 and change[:, 230:].max() == 0  # far from the head


def test_a_new_hairstyle_needs_one_entry_only(monkeypatch):
    """It is painted, in the hair's place, and looks like no other; its name comes into FACTORS."""
    assert FACTORS["hair"] == tuple(HAIRSTYLES)
    beehive = Hairstyle(0.1, 0.5, 1.0, 3, end=0.3, strands=0.3)
    monkeypatch.setitem(HAIRSTYLES, "beehive", beehive)
    monkeypatch.setitem(FACTORS, "hair", tuple(HAIRSTYLES))
    for other in HAIRSTYLES.keys() - {"beehive"}:
        change = difference(facing(hair=other), facing(hair="beehive"))
        inside = np.zeros((250, 250), bool)
        inside[PLACES["hair"]] = True
        assert change[inside].mean() > 1.2, other
        assert change[inside].mean() > 3 * change[~inside].mean(), other
    _, factors = paint_faces(60, size=8, album="crowd")
    assert set(factors["hair"]) == {*HAIRSTYLES}


# ---- the door


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"n": 0}, "n is 0, but it must be a whole number, 1 or more."),
        ({"n": "all"}, "n is 'all', but it must be a whole number, 1 or more."),
        ({"size": 7}, "size is 7, but it must be a whole number, 8 or more."),
        ({"seed": -1}, "seed is -1, but it must be a whole number, from 0 to 4294967295."),
        ({"album": "lfw"}, "An album is one of drawn, crowd, but this is 'lfw'."),
        ({"seed": 1.5}, "seed is 1.5, but it must be a whole number, from 0 to 4294967295."),
    ],
)
def test_a_number_that_can_not_be_is_refused_with_a_sentence(wrong, sentence):
    with pytest.raises(ValueError) as refused:
        paint_faces(**{"n": 1} | wrong)
    assert str(refused.value) == sentence


def test_painting_needs_no_tensorflow_and_its_import_little_else():
    code = (
        "import sys, helpers.faces as faces\n"
        "heavy = {'scipy', 'skimage', 'matplotlib', 'tensorflow', 'keras'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "faces.paint_faces(1)\n"
        "assert 'tensorflow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
