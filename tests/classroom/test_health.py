"""The health panel: each of its sentences, from numbers and from runs made to go that way."""

import dataclasses

import matplotlib.pyplot as plt
import numpy as np
import pytest

from helpers.training import CHAPTER_TUNED, COMPACT

HEALTHY = {
    "step": 800,
    "seconds": 30.0,
    "discriminator_loss": 0.5,
    "generator_loss": 1.8,
    "photographs_right": 0.9,
    "held_out_right": 0.8,
    "fakes_right": 0.85,
    "relative_spread": 0.97,
    "face_rate": 0.9,
}
PHOTOGRAPHS = np.random.default_rng(5).random((40, 50, 50, 3), dtype="float32")


def told(*changes):
    """The sentence after readings that differ from a healthy one as `changes` say."""
    from helpers.classroom.health import Reading, sentence

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
        ({"relative_spread": 0.1}, "normal in the first seconds"),
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
    assert "has collapsed" in told({}, {"relative_spread": 0.1})
    assert "has collapsed" not in told({"relative_spread": 0.05}, {"relative_spread": 0.1})


def test_good_pictures_count_more_than_a_winning_discriminator():
    winning = {"photographs_right": 1.0, "fakes_right": 1.0, "generator_loss": 6.0}
    assert "It goes well" in told(winning)


def test_readings_become_lines_and_none_where_nothing_was_held_out(monkeypatch):
    from helpers.classroom import health

    figures = []

    def keep(figure, alt):
        figures.append(figure)
        plt.close(figure)

    monkeypatch.setattr(health, "show", keep)
    later = {"seconds": 40.0, "face_rate": 0.95}
    readings = [health.Reading(**HEALTHY), health.Reading(**HEALTHY | later)]
    health.show_readings(readings, "Up.", "A line goes up.")
    without = [dataclasses.replace(reading, held_out_right=None) for reading in readings]
    health.show_readings(without, "Up.", "A line goes up.")
    lines, fewer = ({line.get_label(): line for line in figure.axes[0].lines} for figure in figures)
    assert set(lines) - set(fewer) == {"right on those held out"}
    assert list(lines["face rate"].get_xdata()) == [30.0, 40.0]
    assert list(lines["face rate"].get_ydata()) == [0.9, 0.95]


STILL = dataclasses.replace(  # a generator that never learns, and steps that stay as they are
    COMPACT, batch_size=8, generator_learning_rate=0.0, mirrored=False, rate_halved_after=0
)
FROZEN = dataclasses.replace(STILL, discriminator_learning_rate=0.0)


def train(recipe, steps, stretched=False, held_out=None, images=PHOTOGRAPHS):
    """A run of narrow nets after so many steps, and its panel with one reading, of the end."""
    from helpers.classroom.health import HealthPanel
    from helpers.training import Run

    run = Run(recipe, images, width=1 / 16)
    if stretched:  # an untrained generator draws gray; larger last weights make pictures differ
        for net in (run.gan.generator, run.gan.averaged_generator):
            for weight in net.layers[-1].weights:
                weight.assign(8 * weight)
    panel = HealthPanel(run, held_out, every_seconds=1000)
    run.train(steps=steps, more_callbacks=[panel])
    return run, panel


@pytest.fixture(scope="module")
def pictures_of_a_still_generator():
    """What the stretched, untrained generator draws once its normalisation has settled."""
    run, _ = train(FROZEN, steps=60, stretched=True)
    return run.sample(40, seed=9, averaged=False)


def test_a_generator_that_stands_still_loses_to_the_discriminator():
    from helpers.classroom.health import sentence

    quick = dataclasses.replace(STILL, discriminator_learning_rate=0.003)
    _, panel = train(quick, steps=120)
    now = panel.readings[-1]
    assert now.photographs_right == now.fakes_right == 1.0
    differing = dataclasses.replace(
        now, relative_spread=0.9
    )  # it draws gray: that would be told first
    assert "wins too easily" in sentence([differing])


def test_weights_that_forget_the_latent_are_a_collapse(pictures_of_a_still_generator):
    from helpers.classroom.health import read, sentence

    run, panel = train(FROZEN, 60, stretched=True, images=pictures_of_a_still_generator)
    before = panel.readings[-1]
    for net in (run.gan.generator, run.gan.averaged_generator):
        dense = net.weights[0]
        dense.assign(0 * dense)
    after = read(run)
    assert before.relative_spread > 0.6 and after.relative_spread < 0.01
    assert "has collapsed" in sentence([before, after])


def test_far_too_large_steps_are_a_divergence():
    from helpers.classroom.health import sentence

    rates = {"generator_learning_rate": 3.0, "discriminator_learning_rate": 3.0}
    run, panel = train(dataclasses.replace(CHAPTER_TUNED, **rates), steps=6)
    assert not run.diverged
    assert "losses run away" in sentence(panel.readings)


def test_photographs_known_by_heart_are_told_from_those_held_out(pictures_of_a_still_generator):
    """The photographs are the generator's own: nothing but memory tells them from its fakes."""
    from helpers.classroom.health import sentence

    own = pictures_of_a_still_generator
    _, panel = train(STILL, 300, stretched=True, images=own[:8], held_out=own[8:])
    now = panel.readings[-1]
    assert now.photographs_right - now.held_out_right > 0.35
    assert "by heart" in sentence(panel.readings)


def test_a_training_on_one_photograph_has_no_spread_to_compare_with():
    alone = dataclasses.replace(COMPACT, batch_size=1)
    _, panel = train(alone, 1, images=PHOTOGRAPHS[:1])
    assert np.isnan(panel.readings[-1].relative_spread)


def test_a_reading_leaves_no_trace_in_the_run():
    """Twice the same training, once with readings between: the same weights to the last bit."""
    from helpers.classroom.health import HealthPanel
    from helpers.training import Run
    from helpers.training.checkpoints import variables

    for recipe in (COMPACT, CHAPTER_TUNED):  # normalisation's memory, and dropout's random state
        runs = [Run(recipe, PHOTOGRAPHS, width=1 / 32) for _ in range(2)]
        runs[0].train(steps=2)
        panel = HealthPanel(runs[1], PHOTOGRAPHS[:20], every_seconds=0)
        runs[1].train(steps=2, more_callbacks=[panel])
        assert len(panel.readings) >= 2
        quiet, watched = (
            {name: variable.numpy() for name, variable in variables(run.gan).items()}
            for run in runs
        )
        for name, value in quiet.items():
            np.testing.assert_array_equal(value, watched[name], err_msg=name)


def test_outside_a_notebook_a_reading_is_a_line(capsys):
    train(COMPACT, steps=3)
    assert "s, step 3: " in capsys.readouterr().out


def test_the_panel_shows_pictures_and_every_number():
    from helpers.classroom.health import Reading, panel_html

    reading = Reading(**HEALTHY | {"held_out_right": None})
    page = panel_html([reading], PHOTOGRAPHS[:24])
    for words in ("It goes well", "30, 800", "0.50", "1.80", "90%", "–", "85%", "97%"):
        assert words in page
    assert "data:image/png;base64,iVBORw0KGgo" in page
