"""The drawn faces on disk: drawn once, kept whole, and nothing of anybody else's overwritten."""

import csv
import hashlib
import importlib
import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from helpers.faces import FacesError, drawn_files, load_faces, paint_faces
from helpers.faces.drawn_files import write_drawn_faces
from helpers.files import REPOSITORY_FOLDER
from tests.faces.noise import noise_jpeg

pytestmark = pytest.mark.usefixtures("strict")


@pytest.fixture
def drawings(monkeypatch):
    """The drawing code replaced by a fast one; the list of what it was asked for."""
    asked = []

    def draw(folder, n=500, seed=0, album="drawn"):
        asked.append((n, seed) if album == "drawn" else (n, seed, album))
        for number in range(1, n + 1):
            content = noise_jpeg(seed * 1000 + number)
            (Path(folder) / f"{album}_{number:04d}.jpg").write_bytes(content)
        (Path(folder) / "factors.csv").write_text("name\n", encoding="utf-8")

    monkeypatch.setattr("helpers.faces.drawn_files.write_drawn_faces", draw)
    return asked


# ---- a folder of the user's choice


def read_table(folder):
    with (folder / "factors.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_files_are_whole_jpegs_of_the_drawn_faces_with_their_factors(tmp_path):
    paths = write_drawn_faces(tmp_path / "new" / "faces", n=3, seed=5)
    images, factors = paint_faces(3, seed=5)
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


@pytest.mark.parametrize("name", ["holiday.jpg", "drawn_0001.jpg", "factors.csv", ".hidden"])
def test_a_folder_that_holds_anything_is_refused_and_left_alone(tmp_path, name):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_bytes(b"mine")
    with pytest.raises(ValueError, match=rf"mine holds {name}: give a folder that is empty"):
        write_drawn_faces(tmp_path / "mine", n=2)
    assert contents(tmp_path / "mine") == {name: b"mine"}


@pytest.mark.parametrize("other", [{"n": 2}, {"n": 2, "seed": 1}, {"n": 1}, {"n": 3}])
def test_an_older_set_is_not_overwritten(tmp_path, other):
    write_drawn_faces(tmp_path / "mine", n=2)
    before = contents(tmp_path / "mine")
    with pytest.raises(ValueError, match="mine holds "):
        write_drawn_faces(tmp_path / "mine", **other)
    assert contents(tmp_path / "mine") == before


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"n": 0}, "n is 0, but it must be a whole number, 1 or more."),
        ({"n": 2.5}, "n is 2.5, but it must be a whole number, 1 or more."),
        ({"seed": -1}, "seed is -1, but it must be a whole number, from 0 to 4294967295."),
    ],
)
def test_a_number_that_can_not_be_is_refused_and_no_folder_is_made(tmp_path, wrong, sentence):
    with pytest.raises(ValueError) as refused:
        write_drawn_faces(tmp_path / "mine", **{"n": 1} | wrong)
    assert str(refused.value) == sentence
    assert not (tmp_path / "mine").exists()


# ---- the cache


def test_drawn_faces_are_drawn_once_and_then_read(drawings, tmp_path):
    first = load_faces("drawn", n=25, seed=3)
    again = load_faces("drawn", n=25, seed=3)
    assert drawings == [(25, 3)]
    assert first.images.shape == (25, 50, 50, 3)
    assert first.names == [f"drawn_{number:04d}.jpg" for number in range(1, 26)]
    assert first.source == "25 pictures of one person, drawn by the course (seed 3)"
    np.testing.assert_array_equal(first.images, again.images)
    assert [path.name for path in (tmp_path / "cache").iterdir()] == ["drawn_n25_seed3"]


def test_another_number_or_seed_is_drawn_anew(drawings):
    load_faces("drawn", n=25)
    load_faces("drawn", n=26)
    load_faces("drawn", n=26, seed=1)
    crowd = load_faces("crowd", n=26, seed=1)
    assert drawings == [(25, 0), (26, 0), (26, 1), (26, 1, "crowd")]
    assert crowd.source == "26 faces of different people, drawn by the course (seed 1)"
    assert crowd.folder.name == "crowd_n26_seed1" and crowd.names[0] == "crowd_0001.jpg"


def test_500_faces_are_drawn_where_no_number_is_asked_for(drawings, tmp_path):
    load_faces("drawn", size=8)
    assert drawings == [(500, 0)]
    assert (tmp_path / "cache" / "drawn_n500_seed0").is_dir()


@pytest.mark.parametrize("name", ["drawn_0004.jpg", "factors.csv"])
@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"damaged")])
def test_drawings_with_gaps_or_damage_are_drawn_anew(drawings, tmp_path, name, damage):
    first = load_faces("drawn", n=25)
    folder = tmp_path / "cache" / "drawn_n25_seed0"
    whole = contents(folder)
    damage(folder / name)
    np.testing.assert_array_equal(load_faces("drawn", n=25).images, first.images)
    assert len(drawings) == 2
    assert contents(folder) == whole
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [folder.name]


NO_DRAWING = {"__init__", "choice", "cut", "cutting", "detector", "download", "errors", "folders"}
NO_DRAWING |= {"loading", "photographs", "servers", "stored_pictures", "storing"}
DRAWING = sorted(
    {path.stem for path in (REPOSITORY_FOLDER / "helpers" / "faces").glob("*.py")} - NO_DRAWING
)


@pytest.mark.parametrize("name", DRAWING)
def test_drawings_of_an_older_code_are_drawn_anew(drawings, tmp_path, monkeypatch, name):
    load_faces("drawn", n=25)
    newer = tmp_path / "newer.py"
    newer.write_text("# other code", encoding="utf-8")
    monkeypatch.setattr(importlib.import_module(f"helpers.faces.{name}"), "__file__", str(newer))
    load_faces("drawn", n=25)
    load_faces("drawn", n=25)
    assert len(drawings) == 2


def test_the_wait_for_drawing_is_announced_once(drawings, capsys):
    load_faces("drawn", n=25)
    assert capsys.readouterr() == ("Drawing 25 faces, once: about 2 s.\n", "")
    load_faces("drawn", n=25)
    assert capsys.readouterr() == ("", "")


def test_drawing_that_breaks_off_leaves_nothing_that_looks_whole(drawings, tmp_path, monkeypatch):
    def break_off(folder, n=500, seed=0, album="drawn"):
        (folder / "drawn_0001.jpg").write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(drawn_files, "write_drawn_faces", break_off)
        with pytest.raises(KeyboardInterrupt):
            load_faces("drawn", n=25)
    assert list((tmp_path / "cache").iterdir()) == []
    assert load_faces("drawn", n=25).images.shape[0] == 25


def test_two_lessons_may_draw_the_same_faces_at_once(drawings, monkeypatch):
    together = threading.Barrier(2)
    quick = drawn_files.write_drawn_faces

    def wait_for_the_other(folder, n=500, seed=0, album="drawn"):
        quick(folder, n=n, seed=seed, album=album)
        together.wait(10)

    monkeypatch.setattr(drawn_files, "write_drawn_faces", wait_for_the_other)
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(load_faces("drawn", n=25))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(results) == 2
    np.testing.assert_array_equal(results[0].images, results[1].images)


def test_a_cache_that_can_not_be_written_is_told_with_the_way_out(drawings, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "file"))
    with pytest.raises(FacesError, match="COURSE_CACHE"):
        load_faces("drawn", n=25)


def test_real_drawn_faces_come_through_the_same_pipeline(tmp_path):
    drawn = load_faces("drawn", n=20)
    assert drawn.images.shape == (20, 50, 50, 3)
    assert drawn.images.std(axis=0).mean() > 0.1  # twenty different faces
    with Image.open(tmp_path / "cache" / "drawn_n20_seed0" / drawn.names[0]) as picture:
        assert picture.format == "JPEG" and picture.size == (250, 250)
