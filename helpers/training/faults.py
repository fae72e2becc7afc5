"""Ways to break a training, each a switch: one thing changed in one place.

Lesson 07 shows each without its name; the learner says what it is, and takes it out again. What
tells them apart is measured in `benchmarks/clinic.py`; the health panel names them
(`helpers/classroom/diagnosis.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from helpers.nets.latents import draw_latents
from helpers.training.augment import RANDOM_NUMBERS, augment
from helpers.training.recipes import QUICK, QUICK_WIDTH
from helpers.training.run import Run


def _as_it_is(thing):
    return thing


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a training, as a switch.

    `change_recipe`: a function of a `Recipe` that gives the wrong one. `change_photographs`: of the
    album, float32 (n, 50, 50, 3) in [0, 1]. `change_batch`: of each batch of `batches.batches`, a
    dict, that gives the wrong one. `change_nets`: of the `GAN` before its first step; it changes it
    in place. All but one of the four change nothing. `cause` and `cure`: a sentence each.
    """

    name: str
    cause: str
    cure: str
    change_recipe: Callable = _as_it_is
    change_photographs: Callable = _as_it_is
    change_batch: Callable = _as_it_is
    change_nets: Callable = _as_it_is

    @property
    def switch(self):
        """The function that does the harm: `inspect.getsource` shows it."""
        changes = (
            self.change_recipe,
            self.change_photographs,
            self.change_batch,
            self.change_nets,
        )
        return next(change for change in changes if change is not _as_it_is)


def frozen_discriminator(recipe):
    return replace(recipe, name="frozen", discriminator_learning_rate=0.0)


def two_ranges(recipe):
    return replace(recipe, name="two ranges", same_range=False)


def labels_outward(recipe):
    return replace(recipe, name="labels outward", noise_points_inward=False)


def swapped_labels(batch):
    return batch | {"labels": batch["labels"][:, ::-1].copy()}


def slow_generator(recipe):
    rate = recipe.discriminator_learning_rate / 30
    return replace(recipe, name="slow generator", generator_learning_rate=rate)


def slow_discriminator(recipe):
    rate = recipe.generator_learning_rate / 100
    return replace(recipe, name="slow discriminator", discriminator_learning_rate=rate)


def more_momentum(recipe):
    return replace(recipe, name="more momentum", beta_1=0.99)


def change_photographs_alone(batch):
    photographs = batch["photographs"]
    random = np.random.default_rng(batch["latents"].view("uint32")[0, :4])
    noise = random.random((len(photographs), RANDOM_NUMBERS), dtype="float32")
    return batch | {"photographs": np.array(augment(photographs, noise, share=1.0))}


def statistics_that_stand_still(gan):
    for layer in gan.generator.layers:
        if hasattr(layer, "momentum"):
            layer.momentum = 1.0


def same_latents(batch):
    count, size = batch["latents"].shape
    latents = draw_latents(count, np.random.default_rng(0), size)
    return batch | {"latents": latents, "next_latents": latents}


def large_rates(recipe):
    rates = {"generator_learning_rate": 0.3, "discriminator_learning_rate": 0.3}
    return replace(recipe, name="large rates", **rates)


def few_photographs(photographs):
    return photographs[: QUICK.batch_size]


FAULTS = {
    fault.name: fault
    for fault in (
        Fault(
            "frozen discriminator",
            "The discriminator takes no step: it judges as on the first day.",
            "Let it learn: look at its rate, and at what is frozen when its step is made.",
            change_recipe=frozen_discriminator,
        ),
        Fault(
            "two ranges",
            "Photographs come in [0, 1], fakes in [-1, 1]: the range alone betrays a fake.",
            "Turn the photographs to [-1, 1] before the nets see them.",
            change_recipe=two_ranges,
        ),
        Fault(
            "labels above 1",
            "Noise lifts the labels of fakes above 1: no score is ever high enough for them.",
            "Let the noise point inward: fakes 1 - 0.1 u, photographs 0.1 u.",
            change_recipe=labels_outward,
        ),
        Fault(
            "swapped labels",
            "Fakes are labelled as photographs, and photographs as fakes. So the discriminator "
            "learns the reverse, and the generator is praised for what is least like a face.",
            "1 for a fake, 0 for a photograph, in the order in which the pictures are joined.",
            change_batch=swapped_labels,
        ),
        Fault(
            "discriminator too strong",
            "The discriminator's rate is 30 times the generator's: it is always far ahead.",
            "Equal rates.",
            change_recipe=slow_generator,
        ),
        Fault(
            "discriminator too weak",
            "The discriminator's rate is a hundredth of the generator's: it has nothing to teach.",
            "Equal rates.",
            change_recipe=slow_discriminator,
        ),
        Fault(
            "too much momentum",
            "With a beta_1 of 0.99 a step follows a hundred old gradients, and the opponent they "
            "answered is gone: both nets overshoot.",
            "A beta_1 of 0.5.",
            change_recipe=more_momentum,
        ),
        Fault(
            "augmented photographs only",
            "Photographs are moved and lit anew before the discriminator sees them, fakes are not. "
            "So the generator learns to draw what was done to them.",
            "Change both kinds of pictures in the same ways, or none.",
            change_batch=change_photographs_alone,
        ),
        Fault(
            "normalisation without statistics",
            "The running means of the generator's normalisation never move. In training it takes "
            "those of the batch and draws faces; in use it takes these, and draws nothing.",
            "A momentum below 1; and look at what the net draws in the mode in which it is used.",
            change_nets=statistics_that_stand_still,
        ),
        Fault(
            "the same latents",
            f"Each step takes the same latents: the generator learns {QUICK.batch_size} pictures, "
            "and knows nothing of all other latents.",
            "Draw new latents at each step.",
            change_batch=same_latents,
        ),
        Fault(
            "rates too large",
            "With rates of 0.3 each step leaps over what it was to reach: numbers explode.",
            "Rates of a thousandth or less.",
            change_recipe=large_rates,
        ),
        Fault(
            "too few photographs",
            f"There are {QUICK.batch_size} photographs: the discriminator soon knows them by "
            "heart.",
            "More photographs, or changed ones (fakes changed alike).",
            change_photographs=few_photographs,
        ),
    )
}


class BrokenRun(Run):
    """A `Run` of the quick nets with some faults in it; none: a healthy one.

    `faults`: names of `FAULTS`. It keeps nothing: what is broken on purpose has no folder.

    Raises: KeyError for a name that is none.
    """

    def __init__(self, faults, images, *, seed=0, width=QUICK_WIDTH, recipe=QUICK):
        self.faults = [FAULTS[name] for name in faults]
        for fault in self.faults:
            recipe, images = fault.change_recipe(recipe), fault.change_photographs(images)
        super().__init__(recipe, images, seed=seed, width=width)
        for fault in self.faults:
            fault.change_nets(self.gan)

    def batches(self, after_step=0):
        stream = super().batches(after_step)
        for fault in self.faults:
            stream = map(fault.change_batch, stream)
        return stream
