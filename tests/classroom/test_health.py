"""The health panel: what it shows, and that it leaves no trace in the run."""

import dataclasses

import matplotlib.pyplot as plt
import numpy as np

from helpers.classroom.readings import Reading
from helpers.training import CHAPTER_TUNED, COMPACT
from tests.readings import HEALTHY

PHOTOGRAPHS = np.random.default_rng(5).random((40, 50, 50, 3), dtype="float32")


def test_readings_become_lines_and_none_where_nothing_was_held_out(monkeypatch):
    from helpers.classroom import health

    figures = []

    def keep(figure, alt):
        figures.append(figure)
        plt.close(figure)

    monkeypatch.setattr(health, "show", keep)
    later = {"seconds": 40.0, "face_rate": 0.95}
    readings = [Reading(**HEALTHY), Reading(**HEALTHY | later)]
    health.show_readings(readings, "Up.", "A line goes up.")
    without = [dataclasses.replace(reading, held_out_right=None) for reading in readings]
    health.show_readings(without, "Up.", "A line goes up.")
    lines, fewer = ({line.get_label(): line for line in figure.axes[0].lines} for figure in figures)
    assert set(lines) - set(fewer) == {"right on those held out"}
    assert list(lines["face rate"].get_xdata()) == [30.0, 40.0]
    assert list(lines["face rate"].get_ydata()) == [0.9, 0.95]


def train(recipe, steps, images=PHOTOGRAPHS):
    """The panel of a run of narrow nets, with one reading, of the end."""
    from helpers.classroom.health import HealthPanel
    from helpers.training import Run

    run = Run(recipe, images, width=1 / 16)
    panel = HealthPanel(run, every_seconds=1000)
    run.train(steps=steps, more_callbacks=[panel])
    return panel


def test_a_training_on_one_photograph_has_no_spread_to_compare_with():
    alone = dataclasses.replace(COMPACT, batch_size=1)
    panel = train(alone, 1, images=PHOTOGRAPHS[:1])
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
    from helpers.classroom.health import panel_html, panel_text

    reading = Reading(**HEALTHY | {"held_out_right": None})
    page = panel_html([reading], PHOTOGRAPHS[:24])
    for words in ("It goes well", "30, 800", "0.50", "1.80", "90%", "–", "85%", "97%"):
        assert words in page
    assert panel_text([reading]).startswith("30 s, step 800: It goes well")
    assert "data:image/png;base64,iVBORw0KGgo" in page
    larger = PHOTOGRAPHS[:24].repeat(2, axis=1).repeat(2, axis=2)
    assert "data:image/jpeg;base64," in panel_html([reading], larger)
