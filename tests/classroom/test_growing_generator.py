"""The shipped generators: kept and read without a loss that an eye could see; damage is noticed."""

import json

import numpy as np
import pytest

from helpers.classroom.growing_generator import (
    FOLDERS,
    SECONDS,
    GrowingGeneratorError,
    keep,
    load_growing_generator,
)
from tests.pictures import PHOTOGRAPHS

LATENTS = np.random.default_rng(3).standard_normal((30, 100)).astype("float32")


@pytest.fixture
def untrained(tmp_path):
    """A folder with a generator at two moments, and its weights as they were."""
    from helpers.machine import set_seed
    from helpers.nets.compact import build_generator

    set_seed(0)
    weights = {seconds: build_generator(size=100).get_weights() for seconds in (0, 60)}
    keep(weights, {"size": 100, "seed": 0}, tmp_path)
    return tmp_path, weights


def test_the_moments_come_back_in_order_and_nearly_as_they_were(untrained):
    folder, weights = untrained
    grown = load_growing_generator(folder=folder)
    assert grown.seconds == (0, 60) and grown.captions == ["untrained", "1 minute"]
    assert grown.record["seed"] == 0
    for stored, original in zip(grown.weights, weights.values(), strict=True):
        for one, other in zip(stored, original, strict=True):
            assert one.dtype == "float32" and one.shape == other.shape
            np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-6)


def test_half_the_bits_give_the_same_pictures(untrained):
    from helpers.images import to_picture_range
    from helpers.nets.compact import build_generator

    folder, weights = untrained
    drawn = load_growing_generator(folder=folder).generate(LATENTS)
    assert drawn.shape == (2, 30, 100, 100, 3)
    generator = build_generator(size=100)
    for pictures, original in zip(drawn, weights.values(), strict=True):
        generator.set_weights(original)
        exact = to_picture_range(generator.predict(LATENTS, verbose=0))
        assert np.abs(pictures - exact).max() < 1 / 255


def test_one_changed_byte_is_noticed(untrained):
    folder, _ = untrained
    content = bytearray((folder / "weights.npz").read_bytes())
    content[len(content) // 2] ^= 1
    (folder / "weights.npz").write_bytes(content)
    with pytest.raises(GrowingGeneratorError, match=r"weights.npz is damaged.*git checkout"):
        load_growing_generator(folder=folder)


@pytest.mark.parametrize("name", ["weights.npz", "run.json"])
def test_a_missing_file_is_named(untrained, name):
    folder, _ = untrained
    (folder / name).unlink()
    with pytest.raises(GrowingGeneratorError, match=f"{name} is missing"):
        load_growing_generator(folder=folder)


def test_a_size_that_is_not_shipped_is_refused_with_those_that_are():
    with pytest.raises(GrowingGeneratorError, match="size 25 .* shipped: .*100 of lfw, 200 of lfw"):
        load_growing_generator(25)
    with pytest.raises(GrowingGeneratorError, match="size 50 that learned from drawn"):
        load_growing_generator(50, "drawn")


def test_weights_of_other_nets_are_refused(tmp_path):
    keep({0: [np.zeros((3, 4))]}, {"size": 100}, tmp_path)
    with pytest.raises(GrowingGeneratorError, match="of other nets.*make faces"):
        load_growing_generator(folder=tmp_path).generate(LATENTS)


def test_numbers_beyond_float16_are_refused(tmp_path):
    with pytest.raises(GrowingGeneratorError, match="too large for float16"):
        keep({0: [np.array([1e6])]}, {}, tmp_path)
    assert not (tmp_path / "weights.npz").exists()


@pytest.mark.parametrize("shipped", FOLDERS)
def test_what_is_shipped_is_small_and_says_where_it_comes_from(shipped):
    files = list(FOLDERS[shipped].iterdir())
    assert {file.name for file in files} - {"directions.json"} == {"weights.npz", "run.json"}
    assert sum(file.stat().st_size for file in files) < len(SECONDS[shipped]) * 1.1e6
    record = json.loads((FOLDERS[shipped] / "run.json").read_text(encoding="utf-8"))
    assert tuple(record["seconds"]) == SECONDS[shipped] and record["size"] == shipped[1]
    assert {"recipe", "seed", "faces", "where"} <= set(record)


def test_what_is_shipped_grows_into_faces():
    from helpers.judging import face_rate, spread

    drawn = load_growing_generator().generate(LATENTS)
    # As a screen shows them: in gray, in differences that no eye sees, the detector may see a face.
    rates = [face_rate(np.round(pictures * 255) / 255) for pictures in drawn]
    assert rates[0] == 0.0
    assert min(rates[2:]) > 0.7
    assert spread(drawn[0]) < 0.1 < spread(drawn[-1])


@pytest.mark.parametrize("shipped", FOLDERS)
def test_each_one_draws_faces_at_its_end(shipped):
    from helpers.judging import face_rate, spread

    source, size = shipped
    drawn = load_growing_generator(size, source).generate(LATENTS)[-1]
    assert drawn.shape == (30, size, size, 3)
    assert face_rate(drawn) > 0.85 and spread(drawn) > 0.1


@pytest.mark.skipif(not PHOTOGRAPHS.is_dir(), reason="needs the photographs in ../shared/lfw")
@pytest.mark.parametrize("size", [size for source, size in FOLDERS if source == "lfw"])
def test_what_is_shipped_gives_back_no_photograph(size):
    """Its pictures are as far from those that it learned from as photographs that it never saw.

    At full size, not averaged down: a copied detail would count.
    """
    from helpers.faces import load_faces
    from helpers.judging import nearest, split
    from helpers.nets import draw_latents

    training, held_out = split(load_faces(PHOTOGRAPHS, size).images)
    latents = draw_latents(200, np.random.default_rng(77))
    drawn = load_growing_generator(size).generate(latents)[-1]
    copies = np.clip(training[:200] + np.random.default_rng(0).normal(0, 0.05, drawn.shape), 0, 1)
    of_drawn, of_unseen, of_copies = (
        np.quantile(nearest(pictures, training)[1], [0.05, 0.5])
        for pictures in (drawn, held_out, copies)
    )
    assert (of_drawn > 0.9 * of_unseen).all()
    assert (of_copies < 0.5 * of_unseen).all()
