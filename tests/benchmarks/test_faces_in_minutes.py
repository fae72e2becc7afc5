"""Faces in minutes: judged at each moment, and the generators that are kept."""

import numpy as np
import pytest
from PIL import Image

from benchmarks import faces_in_minutes, growing_faces
from helpers.classroom import growing_generator, load_growing_generator
from helpers.faces.drawn_files import TABLE
from tests.benchmarks.runs import FINER, MOMENT, SCORES, assert_finite, read, size_of, smallest


def test_faces_in_minutes_judges_at_each_time(faces, tmp_path):
    minutes = [MOMENT / 60, 2 * MOMENT / 60]
    faces_in_minutes.main(smallest(faces, tmp_path, "--seeds", 0, 3, "--minutes", *minutes))
    record, rows = read(tmp_path, "faces_in_minutes")
    assert [(row["seed"], row["minutes"]) for row in record["rows"]] == [
        (seed, time) for seed in (0, 3) for time in minutes
    ]
    for row in record["rows"]:
        assert_finite(row, SCORES | {"modes", "seed", "minutes", "step"})
    assert record["rows"][0]["step"] < record["rows"][1]["step"]
    assert_finite(record["floor"], SCORES | {"modes"})
    assert [row[0] for row in rows] == ["minutes", *[f"{m:g}" for m in minutes], "real pictures"]
    assert rows[0][2:] == list(record["floor"])
    assert rows[1][1] == f"{record['rows'][0]['step']}, {record['rows'][2]['step']}"
    assert size_of(tmp_path / "faces_in_minutes.png") == (12 * 50, 2 * 50)


def test_larger_faces_have_files_of_their_own_and_two_numbers_more(faces, tmp_path):
    words = ["--size", 100, "--minutes", 0]
    faces_in_minutes.main(smallest(faces, tmp_path, *words))
    record, rows = read(tmp_path, "faces_in_minutes_100")
    more = {"modes", *FINER}
    assert_finite(record["floor"], SCORES | more)
    assert_finite(record["rows"][0], SCORES | more | {"seed", "minutes", "step"})
    assert rows[0][2:] == list(record["floor"])
    assert size_of(tmp_path / "faces_in_minutes_100.png") == (12 * 100, 100)


def test_faces_in_minutes_keeps_the_generator_at_each_moment(faces, tmp_path, monkeypatch):
    """Of faces whose kinds nobody knows: there is no table of traits beside them."""
    unknown, kept, seconds = tmp_path / "unknown", tmp_path / "kept", (0, MOMENT, 2 * MOMENT)
    unknown.mkdir()
    for path in faces.glob("*.jpg"):
        (unknown / path.name).write_bytes(path.read_bytes())
    assert (faces / TABLE).exists() and not (unknown / TABLE).exists()
    monkeypatch.setitem(growing_generator.FOLDERS, (str(unknown), 100), kept)
    monkeypatch.setitem(growing_generator.SECONDS, (str(unknown), 100), seconds)
    words = ["--size", 100, "--minutes", MOMENT / 60, "--files", "small", "--keep-generator"]
    faces_in_minutes.main(smallest(unknown, tmp_path, *words))
    record, rows = read(tmp_path, "small")
    assert_finite(record["rows"][0], SCORES | FINER | {"seed", "minutes", "step"})
    assert len(rows) == 3
    grown = load_growing_generator(100, str(unknown))
    assert grown.seconds == seconds and grown.record["size"] == 100
    assert grown.record["recipe"]["name"] == "compact" and grown.record["seed"] == 0
    pictures = grown.generate(np.random.default_rng(0).standard_normal((2, 100), dtype="float32"))
    first, second, third = pictures
    assert not np.allclose(first, second) and not np.allclose(second, third)


def test_without_keep_generator_none_is_kept():
    assert not faces_in_minutes.options_of([]).keep_generator
    assert faces_in_minutes.options_of(["--size", "200", "--keep-generator"]).keep_generator


def test_a_generator_of_a_size_that_is_not_shipped_is_not_kept(capsys):
    with pytest.raises(SystemExit):
        faces_in_minutes.options_of(["--faces", "drawn", "--keep-generator"])
    told = capsys.readouterr().err
    assert "no generator of size 50 that learned from drawn is shipped" in " ".join(told.split())


def test_the_film_of_growing_faces_is_the_committed_one(tmp_path, monkeypatch):
    path = tmp_path / "film.gif"
    monkeypatch.setattr(growing_faces, "SETTLED", 10**6)  # nearly the same colours, much sooner
    growing_faces.main(path)
    told = []
    for file in (path, growing_faces.PATH):
        with Image.open(file) as film:
            stays = []
            for number in range(film.n_frames):
                film.seek(number)
                stays.append(film.info["duration"])
            pixels = np.asarray(film.convert("RGB"), float)
            told.append((film.info["comment"], film.size, stays, pixels))
    assert told[0][:3] == told[1][:3]
    assert np.abs(told[0][3] - told[1][3]).mean() < 5  # the last picture; of 255
