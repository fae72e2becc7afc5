"""The walk between four faces and the game: what they compute, and that their buttons do it."""

from math import comb

import numpy as np
import pytest

from helpers.classroom import SpotTheFake, blend_grid, grow, walk
from helpers.classroom.widgets import WIDGET, blend
from tests.pictures import flat_pictures, images_of

CORNERS = np.random.default_rng(0).standard_normal((4, 100)).astype("float32")


def colour_of(html_widget):
    """Of the middle of the picture: a sheet has a white edge."""
    [(pixels, _)] = images_of(html_widget.value)
    return pixels[pixels.shape[0] // 2, pixels.shape[1] // 2] / 255


def test_the_corners_of_the_square_are_the_four_latents():
    for corner, (across, down) in zip(CORNERS, [(0, 0), (1, 0), (0, 1), (1, 1)], strict=True):
        assert np.allclose(blend(CORNERS, across, down), corner)
    grid = blend_grid(CORNERS, rows=3, columns=4)
    assert grid.shape == (12, 100) and grid.dtype == np.float32
    assert np.allclose(grid[[0, 3, 8, 11]], CORNERS)
    assert np.allclose(grid[6], blend(CORNERS, 2 / 3, 0.5))


def test_a_blend_spreads_as_latents_do_wherever_it_lies():
    many = np.random.default_rng(1).standard_normal((4, 20000)).astype("float32")
    for across, down in [(0.5, 0.5), (0.25, 0), (0.9, 0.3)]:
        assert blend(many, across, down).std() == pytest.approx(1, abs=0.03)


def test_the_sliders_show_the_face_that_lies_there():
    def draw(latents):  # a flat picture whose colour tells the latent
        return np.broadcast_to(
            1 / (1 + np.exp(-latents[:, None, None, :3])), (len(latents), 9, 9, 3)
        )

    box = walk(draw, CORNERS).widget
    picture, sliders = box.children[0], box.children[1].children
    assert np.allclose(colour_of(picture), draw(CORNERS[:1])[0, 0, 0], atol=0.003)
    sliders[0].value = 1.0
    sliders[1].value = 0.35
    expected = draw(blend(CORNERS, 1.0, 0.35)[None])[0, 0, 0]
    assert np.allclose(colour_of(picture), expected, atol=0.003)


def test_the_slider_of_a_training_shows_the_moment_that_it_names():
    moments = flat_pictures(3)[:, None]  # one picture at each
    slider, picture = grow(moments, ["untrained", "1 minute", "2 minutes"]).widget.children
    assert np.allclose(colour_of(picture), moments[0, 0, 25, 25], atol=0.003)
    slider.label = "2 minutes"
    assert np.allclose(colour_of(picture), moments[2, 0, 25, 25], atol=0.003)
    assert "2 minutes" in images_of(picture.value)[0][1]


def game(rounds=10, seed=0):
    photographs, fakes = flat_pictures(20) * 0.5, 0.5 + flat_pictures(20) * 0.5
    return SpotTheFake(photographs, fakes, rounds, seed)


def test_each_pair_has_one_fake_and_the_solution_tells_which():
    played = game()
    assert played.pairs.shape == (10, 2, 50, 50, 3)
    is_fake = played.pairs.min(axis=(2, 3, 4)) >= 0.5
    assert (is_fake.sum(axis=1) == 1).all()
    assert "".join("AB"[place] for place in is_fake.argmax(axis=1)) == played.solution
    assert set(played.solution) == {"A", "B"}
    assert game().solution == played.solution != game(seed=1).solution
    assert len(np.unique(played.pairs.reshape(20, -1), axis=0)) == 20  # no picture twice


def test_the_verdict_counts_and_says_whether_it_can_be_luck():
    played = game()
    opposite = played.solution.translate(str.maketrans("AB", "BA"))
    assert played.verdict(played.solution.lower()) == (
        "10 of 10 fakes found. A coin does as well in 0.1% of all games: you can tell them apart."
    )
    half = played.solution[:5] + opposite[5:]
    assert played.verdict(half) == (
        "5 of 10 fakes found. A coin does as well in 62.3% of all games: nobody can say whether it "
        "was luck."
    )
    eight = played.solution[:8] + opposite[8:]
    chance = sum(comb(10, hits) for hits in (8, 9, 10)) / 2**10
    assert f"in {chance:.1%} of all games" in played.verdict(eight)
    assert "So few come by luck in 0.1% of all games" in played.verdict(opposite)


@pytest.mark.parametrize("answers", ["AB", "ABABABABAX", "", "ABABABABABA"])
def test_an_answer_that_is_none_is_refused_in_a_sentence(answers):
    with pytest.raises(ValueError, match="10 letters are needed, each A or B"):
        game().verdict(answers)


def test_too_few_pictures_are_refused_in_a_sentence():
    with pytest.raises(
        ValueError, match="10 rounds need 10 photographs and 10 fakes, but.*4 and 9"
    ):
        SpotTheFake(flat_pictures(4), flat_pictures(9))


def test_the_buttons_play_the_game_to_its_end():
    played = game(rounds=4)
    told, pictures, buttons = played.play().widget.children
    for number, letter in enumerate(played.solution):
        assert told.value == f"Pair {number + 1} of 4"
        for picture, expected in zip(pictures.children, played.pairs[number], strict=True):
            assert np.allclose(colour_of(picture), expected[0, 0], atol=0.003)
        buttons.children["AB".index(letter)].click()
    assert told.value == played.verdict(played.solution)
    assert all(button.disabled for button in buttons.children)


def dull(latents):
    return np.full((len(latents), 9, 9, 3), 0.5)


PLAYABLE = {
    "walk": lambda: walk(dull, CORNERS),
    "grow": lambda: grow(flat_pictures(2)[:, None], ["untrained", "1 minute"]),
    "spot the fake": lambda: game().play(),
}


@pytest.mark.parametrize("kind", PLAYABLE)
def test_a_notebook_gets_the_widget_and_a_still_form_that_says_what_to_do(kind):
    playable = PLAYABLE[kind]()
    bundle = playable._repr_mimebundle_()
    assert bundle[WIDGET]["model_id"] == playable.widget.model_id
    assert "Run this cell" in bundle["text/html"]
    assert images_of(bundle["text/html"])


def test_the_alt_texts_of_the_game_do_not_tell_which_is_the_fake():
    played = game()
    told, pictures, _ = played.play().widget.children
    alts = [images_of(picture.value)[0][1] for picture in pictures.children]
    assert alts == ["Picture A of pair 1.", "Picture B of pair 1."]
