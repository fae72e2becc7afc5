"""The view of a running training: what it shows, when, and that it changes nothing."""

import numpy as np
import pytest

from helpers.classroom import live_view
from helpers.classroom.live_view import LiveView


class Generator:
    """Makes every picture as bright as it was asked often, and writes down the latents."""

    def __init__(self):
        self.latents = []

    def predict_on_batch(self, latents):
        self.latents.append(latents.copy())
        return np.full((len(latents), 50, 50, 3), len(self.latents) / 10 - 1, dtype="float32")


class Place:
    def __init__(self):
        self.pages = []

    def update(self, page, raw):
        self.pages.append(page)


@pytest.fixture
def place(monkeypatch):
    """Where the view is displayed; its `pages` are all that was shown there."""
    made = Place()

    def display(page, raw, display_id):
        made.update(page, raw)
        return made

    monkeypatch.setattr(live_view, "display", display)
    return made


def watched(steps, losses=(0.7, 0.6)):
    generator = Generator()
    view = LiveView(generator, np.zeros((30, 50, 50, 3), "float32"), steps)
    for step in range(1, steps + 1):
        view(step, *losses)
    return view, generator


def test_it_looks_at_the_first_step_every_25_and_the_last(place):
    watched(60)
    told = [page["text/plain"] for page in place.pages]
    assert told == [f"Step {step} of 60." for step in (1, 25, 50, 60)]


def test_the_latents_are_always_the_same(place):
    _, generator = watched(50)
    assert all(np.array_equal(latents, generator.latents[0]) for latents in generator.latents)
    assert generator.latents[0].shape == (10, 100)


def test_it_keeps_every_loss_and_says_the_last_ones(place):
    view, _ = watched(3, losses=(-1.25, 40.0))
    assert view.history == {"discriminator_loss": [-1.25] * 3, "generator_loss": [40.0] * 3}
    page = place.pages[-1]["text/html"]
    assert "discriminator loss -1.250, generator loss 40.000" in page
    assert page.count("<img alt=") == 2
