"""The ten directions: found rightly where the answer is known, and named after what is measured."""

import json

import numpy as np
import pytest

from helpers.classroom import load_growing_generator
from helpers.classroom.growing_generator import FOLDERS, GrowingGenerator
from website.directions import MEASURES, described, effects, mean_change, strongest
from website.generators import GENERATORS, directions_of, in_words


def test_of_a_linear_generator_they_are_known():
    """Pictures that are a matrix times the latent: the directions are its singular vectors."""
    random = np.random.default_rng(0)
    matrix = random.standard_normal((4 * 4 * 3, 6)) * [5, 3, 2, 1, 0.5, 0.1]

    def draw(latents):
        return (latents @ matrix.T).reshape(-1, 4, 4, 3)

    change = mean_change(draw, random.standard_normal((3, 6)))
    np.testing.assert_allclose(change, matrix.T @ matrix, rtol=1e-6)
    directions, shares = strongest(change, 3)
    _, sizes, vectors = np.linalg.svd(matrix)
    np.testing.assert_allclose(np.abs(np.sum(directions * vectors[:3], 1)), 1, rtol=1e-6)
    np.testing.assert_allclose(shares, (sizes**2 / (sizes**2).sum())[:3], rtol=1e-6)


def test_a_direction_gets_the_name_of_what_changes_along_it():
    """A generator whose first number makes the clothes darker."""

    def draw(latents):
        pictures = np.full((len(latents), 50, 50, 3), 0.5)
        pictures += 0.01 * latents[:, 1].reshape(-1, 1, 1, 1)
        pictures[:, 44:] -= 0.3 + 0.05 * latents[:, 0].reshape(-1, 1, 1, 1)
        return pictures

    latents = np.random.default_rng(0).standard_normal((50, 3))
    found, name = described(draw, np.array([1.0, 0, 0]), 0.5, latents)
    assert name == ("clothes", "darker", "lighter")
    assert in_words(found) == "clothes: darker – lighter"
    assert found["direction"] == [-1.0, 0.0, 0.0]  # turned to where they are lighter
    second, _ = described(draw, np.array([1.0, 0, 0]), 0.5, latents, {name})
    first_again, other = second["names"]
    assert first_again["thing"] == "clothes" and other["effect"] <= first_again["effect"]
    assert other["thing"] == "contrast" and other["ends"] == ["more", "less"]


def test_what_is_measured_has_names_for_both_ends():
    assert all(thing and less != more for thing, less, more in MEASURES)
    pictures = np.random.default_rng(0).random((5, 100, 100, 3))
    assert all(measure(pictures).shape == (5,) for measure in MEASURES.values())


@pytest.mark.parametrize("generator", GENERATORS, ids=lambda generator: generator.name)
def test_the_stored_ones_are_of_this_generator_and_do_what_they_say(generator):
    grown = load_growing_generator(generator.side, generator.source)
    path = FOLDERS[generator.source, generator.side] / "directions.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert stored["sha256"] == grown.record["sha256"]
    directions = np.array([one["direction"] for one in stored["directions"]])
    assert directions.shape == (10, 100)
    np.testing.assert_allclose(directions @ directions.T, np.eye(10), atol=5e-3)
    shares = [one["share"] for one in stored["directions"]]
    assert shares == sorted(shares, reverse=True) and 0.2 < sum(shares) < 1
    last = GrowingGenerator(grown.seconds[-1:], grown.weights[-1:], grown.record)
    latents = np.random.default_rng(9).standard_normal((40, 100)).astype("float32")
    for one in stored["directions"][:3]:

        def draw(latents):
            return last.generate(latents.astype("float32"))[0]

        found = effects(draw, np.array(one["direction"]), latents)
        [name] = [its for its in one["names"] if its["effect"] == one["names"][0]["effect"]]
        [(words, effect)] = [
            item
            for item in found.items()
            if item[0][0] == name["thing"] and set(item[0][1:]) == set(name["ends"])
        ]
        assert effect > 0.5 * name["effect"] and list(words[1:]) == name["ends"]


def test_directions_of_other_weights_are_refused():
    with pytest.raises(ValueError, match=r"of other weights.*website.directions"):
        directions_of(GENERATORS[0], "another digest")
