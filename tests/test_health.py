"""The health panel: each of its sentences, from numbers and from runs made to go that way."""

import dataclasses

import numpy as np
import pytest

from helpers.recipes import CHAPTER_TUNED, COMPACT

HEALTHY = {
    "step": 800,
    "seconds": 30.0,
    "discriminator_loss": 0.5,
    "generator_loss": 1.8,
    "photographs_right": 0.9,
    "held_out_right": 0.8,
    "fakes_right": 0.85,
    "diversity": 0.97,
    "face_rate": 0.9,
}
PHOTOGRAPHS = np.random.default_rng(5).random((40, 50, 50, 3), dtype="float32")


def told(*changes):
    """The sentence after readings that differ from a healthy one as `changes` say."""
    from helpers.health import Reading, sentence

    return sentence([Reading(**HEALTHY | change) for change in changes])


@pytest.mark.parametrize(
    "change, words",
    [
        ({}, "It goes well: faces in 90%"),
        ({"held_out_right": None}, "It goes well"),
        ({"face_rate": 0.2}, "keep each other busy; faces in 20%"),
        ({"generator_loss": 240.0}, "losses run away (0.5 and 240)"),
        ({"discriminator_loss": -2.4}, "labels that stay between 0 and 1"),
        ({"discriminator_loss": float("nan")}, "losses run away"),
        ({"diversity": 0.1}, "normal in the first seconds"),
        ({"photographs_right": 1.0, "held_out_right": 0.5}, "by heart: it is right on 100%"),
        (
            {
                "photographs_right": 1.0,
                "held_out_right": 1.0,
                "fakes_right": 1.0,
                "generator_loss": 6.0,
                "face_rate": 0.1,
            },
            "wins too easily",
        ),
    ],
)
def test_each_sentence_has_its_numbers(change, words):
    assert words in told(change)


def test_a_collapse_is_told_from_a_beginning():
    assert "has collapsed" in told({}, {"diversity": 0.1})
    assert "has collapsed" not in told({"diversity": 0.05}, {"diversity": 0.1})


def test_good_pictures_count_more_than_a_winning_discriminator():
    winning = {"photographs_right": 1.0, "fakes_right": 1.0, "generator_loss": 6.0}
    assert "It goes well" in told(winning)


@pytest.fixture
def train():
    """Train narrow nets under a panel; the run and the panel, with one reading at the end."""

    def trained(recipe, steps, before=None, held_out=None, images=PHOTOGRAPHS):
        from helpers.health import HealthPanel
        from helpers.training import Run

        run = Run(recipe, images, width=1 / 16)
        if before:
            before(run)
        panel = HealthPanel(run, held_out, every_seconds=1000)
        run.train(steps=steps, more_callbacks=[panel])
        return run, panel

    return trained


def test_a_generator_that_stands_still_loses_to_the_discriminator(train):
    from helpers.health import sentence

    stands_still = dataclasses.replace(COMPACT, generator_learning_rate=0.0, rate_halved_after=0)
    _, panel = train(
        dataclasses.replace(stands_still, discriminator_learning_rate=0.003),
        steps=60,
        before=lambda run: _stretch_what_it_draws(run.gan),
    )
    now = panel.readings[-1]
    assert now.photographs_right == now.fakes_right == 1.0
    assert "wins too easily" in sentence(panel.readings)


def test_weights_that_forget_the_latent_are_a_collapse(train):
    from helpers.health import read, sentence

    run, panel = train(COMPACT, steps=2, before=lambda run: _stretch_what_it_draws(run.gan))
    before = panel.readings[-1]
    for net in (run.gan.generator, run.gan.averaged_generator):
        dense = net.weights[0]
        dense.assign(0 * dense)
    after = read(run)
    assert before.diversity > 0.6 and after.diversity < 0.01
    assert "has collapsed" in sentence([before, after])


def test_far_too_large_steps_are_a_divergence(train):
    from helpers.health import sentence

    rates = {"generator_learning_rate": 3.0, "discriminator_learning_rate": 3.0}
    wild = dataclasses.replace(CHAPTER_TUNED, **rates)
    run, panel = train(wild, steps=6)
    assert not run.not_a_number
    assert "losses run away" in sentence(panel.readings)


def test_photographs_known_by_heart_are_told_from_those_held_out(train):
    """Noise has nothing to learn but each picture itself."""
    from helpers.health import sentence

    mixed = np.random.default_rng(6).random((48, 50, 50, 3), dtype="float32")
    by_heart = dataclasses.replace(
        COMPACT, generator_learning_rate=0.0, mirrored=False, rate_halved_after=0
    )
    _, panel = train(
        by_heart,
        steps=150,
        before=lambda run: _let_it_draw(run, mixed[24:]),
        held_out=mixed[8:24],
        images=mixed[:8],
    )
    now = panel.readings[-1]
    assert now.photographs_right - now.held_out_right > 0.35
    assert "by heart" in sentence(panel.readings)


def test_a_reading_leaves_no_trace_in_the_run(train):
    """Twice the same training, once with readings between: the same weights to the last bit."""
    from helpers.health import HealthPanel
    from helpers.training import Run

    for recipe in (COMPACT, CHAPTER_TUNED):  # normalisation's memory, and dropout's random state
        runs = [Run(recipe, PHOTOGRAPHS, width=1 / 32) for _ in range(2)]
        runs[0].train(steps=4)
        panel = HealthPanel(runs[1], PHOTOGRAPHS[:20], every_seconds=0)
        runs[1].train(steps=4, more_callbacks=[panel])
        assert len(panel.readings) >= 4
        quiet, watched = (
            {name: variable.numpy() for name, variable in run._variables().items()} for run in runs
        )
        for name, value in quiet.items():
            np.testing.assert_array_equal(value, watched[name], err_msg=name)


def test_outside_a_notebook_a_reading_is_a_line(train, capsys):
    train(COMPACT, steps=3)
    assert "s, step 3: " in capsys.readouterr().out


def test_the_panel_shows_pictures_and_every_number():
    from helpers.health import Reading, panel_html

    reading = Reading(**HEALTHY | {"held_out_right": None})
    page = panel_html([reading], PHOTOGRAPHS[:24])
    for words in ("It goes well", "30, 800", "0.50", "1.80", "90%", "–", "85%", "97%"):
        assert words in page
    assert "data:image/png;base64,iVBORw0KGgo" in page


def _stretch_what_it_draws(gan):
    """An untrained generator draws gray; larger last weights make its pictures differ."""
    for net in (gan.generator, gan.averaged_generator):
        for weight in net.layers[-1].weights:
            weight.assign(8 * weight)


def _let_it_draw(run, pictures):
    """Put pictures in the place of what the generator draws."""
    run.sample = lambda count, seed=0, averaged=True: np.resize(pictures, (count, 50, 50, 3))
