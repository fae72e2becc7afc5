"""The engine computes what the chapter's loop computes: same losses, same weights."""

import functools

import numpy as np
import pytest

from helpers import training
from helpers.batches import batches
from helpers.chapter_loop import ChapterLoop
from helpers.gan import GAN
from helpers.recipes import CHAPTER, CHAPTER_AS_PRINTED, CHAPTER_TUNED
from tests.pictures import flat_pictures

NARROW = 1 / 32
STEPS = 6  # 47 pictures are two batches and a rest: a new pass begins twice
EPSILON = 1e-3  # else Adam makes whole steps of the rounding where a gradient should be exactly 0
RECIPES = [CHAPTER_AS_PRINTED, CHAPTER, CHAPTER_TUNED]


@functools.cache
def by_the_loop(recipe):
    loop = ChapterLoop(recipe, flat_pictures(47), width=NARROW, seed=5)
    loop.discriminator.optimizer.epsilon = loop.gan.optimizer.epsilon = EPSILON
    for _ in range(STEPS):
        loop.step()
    nets = [loop.generator, loop.discriminator]
    return loop.history, [weight.numpy() for net in nets for weight in net.weights], loop._average


def by_the_engine(recipe, fast):
    run = training.Run(
        recipe, flat_pictures(47), width=NARROW, seed=5, precision="float32", fast=fast
    )
    run.gan.optimizer.epsilon = run.gan.discriminator_optimizer.epsilon = EPSILON
    run.train(steps=STEPS)
    nets = [run.generator, run.discriminator]
    averages = [weight.numpy() for weight in run.gan.averaged_generator.weights]
    return run.history, [weight.numpy() for net in nets for weight in net.weights], averages


def differences(recipe, fast=False):
    """The largest difference in losses, in weights and in averaged weights."""
    loop, engine = by_the_loop(recipe), by_the_engine(recipe, fast)
    losses = [np.array(list(history.values())) for history, *_ in (loop, engine)]
    assert losses[0].shape == losses[1].shape == (2, STEPS)

    def largest(kind):
        pairs = zip(loop[kind], engine[kind], strict=True)
        return max(np.abs(a - b).max() for a, b in pairs)

    return np.abs(losses[0] - losses[1]).max(), largest(1), largest(2)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_the_engine_is_the_chapters_loop(recipe):
    assert max(differences(recipe)) < 1e-6


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_the_fast_engine_is_the_chapters_loop_but_for_rounding(recipe):
    losses, weights, averages = differences(recipe, fast=True)
    assert losses < 5e-5 and weights < 3e-4 and averages < 3e-4


class WrongLabel(GAN):
    def _train_discriminator(self, fakes, batch):
        return super()._train_discriminator(fakes, {**batch, "labels": batch["labels"][:, ::-1]})


class SwappedOrder(GAN):
    def _train_discriminator(self, fakes, batch):
        return super()._train_discriminator(batch["photographs"], {**batch, "photographs": fakes})


class SwappedOrderAndLabels(GAN):  # a right training, but another one: dropout falls elsewhere
    def _train_discriminator(self, fakes, batch):
        swapped = {**batch, "photographs": fakes, "labels": batch["labels"][:, ::-1]}
        return super()._train_discriminator(batch["photographs"], swapped)


class OtherNormalisation(GAN):
    def train_step(self, batch):
        generator = self.generator
        try:
            self.generator = lambda latents, training: generator(latents, training=True)
            self.generator.trainable_variables = generator.trainable_variables
            self.generator.weights = generator.weights
            return super().train_step(batch)
        finally:
            self.generator = generator


class LatentsReused(GAN):
    def train_step(self, batch):
        return super().train_step({**batch, "next_latents": batch["latents"]})


class DiscriminatorMovesInBothSteps(GAN):
    def _train_generator(self, latents, batch):
        loss = super()._train_generator(latents, batch)
        for weight in self.discriminator.trainable_variables:
            weight.assign_add(1e-4 * loss)
        return loss


class AverageForgetsTheStatistics(GAN):
    def _take_into_the_average(self):
        before = [weight + 0.0 for weight in self.averaged_generator.non_trainable_variables]
        super()._take_into_the_average()
        for weight, value in zip(
            self.averaged_generator.non_trainable_variables, before, strict=True
        ):
            weight.assign(value)


@pytest.mark.parametrize(
    "broken",
    [
        WrongLabel,
        SwappedOrder,
        SwappedOrderAndLabels,
        OtherNormalisation,
        LatentsReused,
        DiscriminatorMovesInBothSteps,
        AverageForgetsTheStatistics,
    ],
    ids=lambda broken: broken.__name__,
)
def test_a_broken_engine_is_not_the_chapters_loop(broken, monkeypatch):
    """The comparison above can fail: each of these mistakes shows in it."""
    monkeypatch.setattr(training, "GAN", broken)
    assert max(differences(CHAPTER_TUNED)) > 1e-3


def test_the_step_is_traced_once_whatever_comes_between():
    run = training.Run(CHAPTER, flat_pictures(47), width=NARROW, precision="float32")
    traced = []

    class Counting(type(run.gan)):
        def train_step(self, batch):
            traced.append(1)
            return super().train_step(batch)

    run.gan.__class__ = Counting
    run.train(steps=4)
    run.sample(7)
    run.train(steps=9)
    assert run.steps_done == 9 and len(traced) == 1


def test_each_net_moves_in_its_own_turn_and_stays_still_in_the_others():
    run = training.Run(CHAPTER_TUNED, flat_pictures(47), width=NARROW, precision="float32")
    batch = next(batches(CHAPTER_TUNED, run.images, seed=0))
    for _ in range(2):
        generator, discriminator = numbers(run.generator), numbers(run.discriminator)
        fakes = run.generator(batch["latents"], training=False)
        run.gan._train_discriminator(fakes, batch)
        after = numbers(run.discriminator)
        assert all((a != b).any() for a, b in zip(discriminator, after, strict=True))
        assert same(generator, numbers(run.generator))
        run.gan._train_generator(batch["next_latents"], batch)
        assert same(after, numbers(run.discriminator))
        assert not same(generator, numbers(run.generator))


def numbers(net):
    return [weight.numpy() for weight in net.weights]


def same(before, after):
    return all((a == b).all() for a, b in zip(before, after, strict=True))
