"""The reader of modes: it reads what was painted, and counts what is missing."""

import csv
from types import SimpleNamespace

import numpy as np
import pytest

from helpers.faces.painting import paint_faces
from helpers.faces.traits import FACTORS
from helpers.judging.modes import COUNTED, DrawnModes, kinds_are_known


def faces_in(folder, count, seed, album="crowd", size=50):
    """Drawn faces with their table, as `load_faces(album)` has them."""
    images, factors = paint_faces(count, seed, size=size, album=album)
    names = [f"{album}_{number:04}.jpg" for number in range(count)]
    with (folder / "factors.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["file", *COUNTED])
        rows = zip(names, *[factors[factor] for factor in COUNTED], strict=True)
        writer.writerows(reversed(list(rows)))  # the table's order is not that of the pictures
    return SimpleNamespace(images=np.float32(images) / 255, names=names, folder=folder), factors


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    return DrawnModes(faces_in(tmp_path_factory.mktemp("learned"), 400, seed=0)[0])


@pytest.fixture(scope="module")
def others(tmp_path_factory):
    """Faces that the reader has not learned from, and their true modes."""
    faces, factors = faces_in(tmp_path_factory.mktemp("others"), 300, seed=1)
    return faces.images, np.array([factors[factor] for factor in COUNTED])


def test_it_reads_what_was_painted(reader, others):
    pictures, modes = others
    right = (reader.read(pictures) == modes).mean(axis=1)
    assert (right > 0.88).all()


def test_a_nets_fine_grid_is_not_read_as_another_background(tmp_path_factory):
    large = [tmp_path_factory.mktemp("large") for _ in range(2)]
    learned, _ = faces_in(large[0], 200, seed=0, size=100)
    faces, factors = faces_in(large[1], 100, seed=1, size=100)
    rows, columns = np.indices((100, 100)) // 2
    grid = 0.05 * np.where((rows + columns) % 2, 1, -1)[None, :, :, None]
    read = DrawnModes(learned).read(np.clip(faces.images + grid, 0, 1).astype("float32"))
    right = (read == np.array([factors[factor] for factor in COUNTED])).mean(axis=1)
    assert (right > 0.75).all()


def test_all_modes_are_found_where_they_are_drawn(reader, others):
    assert reader.share_found(others[0]) > 0.95


def test_half_of_the_modes_are_found_where_half_is_drawn(reader, others):
    pictures, modes = others
    kept = np.isin(modes[0], FACTORS["hair"][:3])  # 3 of 6 hairstyles, before all backgrounds
    assert reader.share_found(pictures[kept]) == pytest.approx(0.5, abs=0.1)


def test_one_face_is_one_mode_and_noise_is_few(reader, others):
    pictures, _ = others
    assert reader.share_found(np.repeat(pictures[:1], 50, axis=0)) == pytest.approx(1 / 30)
    noise = np.random.default_rng(0).random((100, 50, 50, 3), dtype="float32")
    assert reader.share_found(noise) < 0.3


def test_a_mode_that_is_drawn_too_rarely_is_not_found(reader, others):
    """As often as it should be it counts; at a fifth of that it does not."""
    pictures, modes = others
    read = reader.read(pictures)
    bald = read[0] == "bald"
    assert bald.sum() > 25
    few = np.flatnonzero(bald)[: bald.sum() // 10]
    thinned = np.concatenate([pictures[~bald], pictures[few]])
    assert reader.share_found(pictures) - reader.share_found(thinned) > 0.1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (np.zeros((0, 50, 50, 3)), "Too few pictures: 0, but 1 or more are needed"),
        (np.zeros((5, 50, 50)), "have shape"),
        (np.full((5, 50, 50, 3), 255.0), "divided by 255"),
        (np.full((5, 50, 50, 3), np.nan), "nan"),
        (np.zeros((5, 40, 50, 3)), "have 40 x 50 pixels, but 50 x 50 pixels are needed"),
    ],
)
def test_pictures_of_another_kind_are_refused_in_a_sentence(reader, wrong, words):
    for measure in (reader.read, reader.share_found):
        with pytest.raises(ValueError, match=words):
            measure(wrong)


def test_faces_without_a_table_are_refused_in_a_sentence(tmp_path):
    faces = SimpleNamespace(images=np.zeros((3, 50, 50, 3)), names=["a", "b", "c"], folder=tmp_path)
    with pytest.raises(ValueError, match="kinds of these faces are not known"):
        DrawnModes(faces)
    assert not kinds_are_known(faces)


def test_the_album_of_one_person_is_refused_in_a_sentence(tmp_path):
    """One hairstyle in all its pictures: a share of 30 kinds would say nothing."""
    faces, factors = faces_in(tmp_path, 12, seed=0, album="drawn")
    [hair] = set(factors["hair"])
    told = rf"same hair \({hair}\), so .*Use load_faces\('crowd'\)\.$"
    with pytest.raises(ValueError, match=told):
        DrawnModes(faces)
    assert not kinds_are_known(faces)


def test_faces_before_one_background_are_refused_in_a_sentence_too(tmp_path):
    faces, factors = faces_in(tmp_path, 40, seed=0)
    assert kinds_are_known(faces)
    of_one = np.flatnonzero(factors["background"] == "plain")
    faces.images, faces.names = faces.images[of_one], [faces.names[number] for number in of_one]
    with pytest.raises(ValueError, match=r"same background \(plain\)"):
        DrawnModes(faces)
    assert not kinds_are_known(faces)
