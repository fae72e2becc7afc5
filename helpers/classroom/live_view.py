"""A training, seen while it runs: ten latents drawn again and again, and both losses."""

import numpy as np
from IPython.display import display

from helpers.classroom.html_pictures import as_figure, as_html, as_jpeg
from helpers.classroom.plots import loss_panels
from helpers.classroom.recorded_runs import LOSSES
from helpers.classroom.sheets import labelled_sheet
from helpers.images import to_picture_range
from helpers.nets.latents import draw_latents

EVERY = 25  # steps from one look at the pictures to the next
LATENTS = 10
LATENTS_SEED = 1


class LiveView:
    """What a generator makes of ten fixed latents, beside two real faces, above both losses.

    `generator`: what is watched; `images`: real faces, float32 (n, 50, 50, 3) in [0, 1]; `steps`:
    how many there will be; `to_picture` turns what the net gives into [0, 1]. Call it after each
    step with the step's number and both losses, the discriminator's first: every 25 steps, and at
    the last one, the picture is drawn anew in its place. `history` holds the losses, a number a
    step. It uses none of the training's random numbers.
    """

    def __init__(self, generator, images, steps, to_picture=to_picture_range):
        self.generator, self.steps, self.to_picture = generator, steps, to_picture
        self.history = {name: [] for name in LOSSES}
        self._real = images[[0, len(images) // 2]]
        self._latents = draw_latents(LATENTS, np.random.default_rng(LATENTS_SEED))
        self._place = None

    def __call__(self, step, discriminator_loss, generator_loss):
        for name, loss in zip(LOSSES, (discriminator_loss, generator_loss), strict=True):
            self.history[name].append(float(loss))
        if step == 1 or step % EVERY == 0 or step == self.steps:
            self._draw(step)

    def _draw(self, step):
        page = {"text/html": self.page(step), "text/plain": f"Step {step} of {self.steps}."}
        if self._place is None:
            self._place = display(page, raw=True, display_id=True)
        else:
            self._place.update(page, raw=True)

    def page(self, step):
        """The view as HTML."""
        fakes = self.to_picture(self.generator.predict_on_batch(self._latents))
        half = LATENTS // 2
        white = np.ones_like(self._real)
        rows = [
            np.concatenate([fakes[:half], white[:1], self._real[:1]]),
            np.concatenate([fakes[half:], white[1:], self._real[1:]]),
        ]
        last = {name: losses[-1] for name, losses in self.history.items()}
        sheet = as_html(
            as_jpeg(labelled_sheet(np.concatenate(rows), columns=half + 2)),
            f"Ten pictures that the generator makes at step {step}; at the right two real faces.",
        )
        told = ", ".join(f"{name.replace('_', ' ')} {loss:.3f}" for name, loss in last.items())
        losses = as_html(loss_panels(self.history), f"Both losses up to step {step}; now {told}.")
        return as_figure(
            sheet + losses,
            f"<b>Step {step} of {self.steps}</b>: ten latents, always the same; at the right two "
            f"real faces. Now {told}.",
        )
