"""The engine computes what the chapter's loop computes: same losses, same weights."""

import functools
from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from helpers.nets import compact
from helpers.training import building
from helpers.training.batches import batches
from helpers.training.chapter_loop import ChapterLoop
from helpers.training.gan import GAN, half_squared_gradient_norm, keras
from helpers.training.recipes import CHAPTER, CHAPTER_AS_PRINTED, CHAPTER_TUNED, COMPACT
from helpers.training.run import Run
from tests.pictures import flat_pictures
from tests.weights import moved, weights_of

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
    run = Run(recipe, flat_pictures(47), width=NARROW, seed=5, precision="float32", fast=fast)
    run.gan.optimizer.epsilon = run.gan.discriminator_optimizer.epsilon = EPSILON
    run.train(steps=STEPS)
    nets = [run.generator, run.discriminator]
    averages = weights_of(run.gan.averaged_generator)
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
    """The difference is 0.0 on an AMD EPYC (Zen 5); another processor may sum in another order."""
    assert max(differences(recipe)) < 1e-6


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_the_fast_engine_is_the_chapters_loop_but_for_rounding(recipe):
    losses, weights, averages = differences(recipe, fast=True)
    assert losses < 5e-5 and weights < 3e-4 and averages < 3e-4


class WrongLabel(GAN):
    def train_step(self, batch):
        return super().train_step({**batch, "labels": batch["labels"][:, ::-1]})


class SwappedOrder(GAN):
    def _augmented(self, pictures, batch):
        """What the discriminator sees: photographs first in its own turn."""
        half = batch["photographs"].shape[0]
        return tf.concat([pictures[half:], pictures[:half]], axis=0)


class SwappedOrderAndLabels(SwappedOrder, WrongLabel):
    """A right training, but another one: dropout falls elsewhere."""


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
    def train_step(self, batch):
        losses = super().train_step(batch)
        for weight in self.discriminator.trainable_variables:
            weight.assign_add(1e-4 * losses["generator_loss"])
        return losses


class AverageForgetsTheStatistics(GAN):
    def _update_the_average(self):
        before = [weight + 0.0 for weight in self.averaged_generator.non_trainable_variables]
        super()._update_the_average()
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
    monkeypatch.setattr(building, "GAN", broken)
    assert max(differences(CHAPTER_TUNED)) > 1e-3


def test_the_step_is_traced_once_whatever_comes_between():
    run = Run(CHAPTER, flat_pictures(47), width=NARROW, precision="float32")
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


@pytest.mark.parametrize("recipe", [*RECIPES, COMPACT], ids=lambda recipe: recipe.name)
def test_each_net_moves_in_its_own_turn_and_stays_still_in_the_others(recipe, monkeypatch):
    run = Run(recipe, flat_pictures(47), width=NARROW, precision="float32")
    nets = {"discriminator": run.discriminator, "generator": run.generator}
    optimizers = dict(zip(nets, (run.gan.discriminator_optimizer, run.gan.optimizer), strict=True))
    turns = []

    def watch(name, optimizer):
        real = optimizer.apply

        def apply(gradients, variables):
            before = {net: weights_of(nets[net]) for net in nets}
            real(gradients, variables)
            after = {net: weights_of(nets[net]) for net in nets}
            turns.append((name, {net for net in nets if moved(before[net], after[net])}))

        monkeypatch.setattr(optimizer, "apply", apply)

    for name, optimizer in optimizers.items():
        watch(name, optimizer)
    batch = next(batches(recipe, run.images, seed=0))
    for _ in range(2):
        run.gan.train_step({name: tf.constant(array) for name, array in batch.items()})
    assert turns == 2 * [("discriminator", {"discriminator"}), ("generator", {"generator"})]


def test_the_generators_turn_meets_the_discriminator_that_has_moved():
    """Its loss is that of the discriminator after its own turn, not before."""
    recipe = replace(COMPACT, rate_halved_after=0)
    run = Run(recipe, flat_pictures(47), width=NARROW, precision="float32")
    run.discriminator.layers[1].limit = 0.0  # no noise
    run.gan.discriminator_optimizer.learning_rate = 0.1
    run.gan.optimizer.learning_rate = 0.0
    batch = next(batches(recipe, run.images, seed=0))
    losses = run.gan.train_step({name: tf.constant(array) for name, array in batch.items()})
    fakes = run.generator(batch["latents"], training=True)
    scores = run.discriminator(fakes, training=True)
    expected = np.log1p(np.exp(scores)).mean()  # cross-entropy with the label 0
    assert float(losses["generator_loss"]) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("recipe", [CHAPTER_TUNED, COMPACT], ids=lambda recipe: recipe.name)
def test_the_averaged_generator_begins_as_the_generator_whatever_keras_keeps_in_a_config(
    recipe, monkeypatch
):
    """Before Keras 3.15 a transposed convolution's config lacks its output_padding."""
    layer = keras.layers.Conv2DTranspose
    whole = layer.get_config

    def as_before(self):
        return {key: value for key, value in whole(self).items() if key != "output_padding"}

    monkeypatch.setattr(layer, "get_config", as_before)
    run = Run(recipe, flat_pictures(47), width=NARROW, seed=5, precision="float32")
    drawn, averaged = (run.sample(3, averaged=which) for which in (False, True))
    assert averaged.shape == (3, 50, 50, 3)
    np.testing.assert_array_equal(drawn, averaged)


def another_size():
    """A generator that draws pictures of 64 x 64."""
    latents = keras.Input((100,))
    pictures = keras.layers.Reshape((64, 64, 3))(keras.layers.Dense(64 * 64 * 3)(latents))
    return keras.Model(latents, pictures)


@pytest.mark.parametrize("wrong", ["generator", "averaged generator"])
def test_nets_for_pictures_of_two_sizes_are_refused(wrong):
    nets = {name: compact.build_generator(NARROW) for name in ("generator", "averaged generator")}
    nets[wrong] = another_size()
    with pytest.raises(ValueError, match=rf"The {wrong} draws .*\(64, 64, 3\).*\(50, 50, 3\)"):
        GAN(
            nets["generator"],
            compact.build_discriminator(NARROW),
            COMPACT,
            averaged_generator=nets["averaged generator"],
        )


def test_an_averaged_generator_is_there_where_the_recipe_averages_and_only_there():
    nets = compact.build_generator(NARROW), compact.build_discriminator(NARROW)
    with pytest.raises(ValueError, match="average_decay of 0.9999.*is needed"):
        GAN(*nets, COMPACT)
    spare = compact.build_generator(NARROW)
    with pytest.raises(ValueError, match="average_decay of 0.*only there"):
        GAN(*nets, replace(COMPACT, average_decay=0.0), averaged_generator=spare)


def test_a_penalty_counts_the_same_on_finer_pictures():
    """A discriminator that looks at the means of blocks is as steep on them as on the means."""
    coarse = compact.build_discriminator(NARROW)
    pictures = keras.Input((100, 100, 3))
    fine = keras.Model(pictures, coarse(keras.layers.AveragePooling2D(2)(pictures)))
    small = np.random.default_rng(0).random((4, 50, 50, 3), dtype="float32")
    large = np.repeat(np.repeat(small, 2, axis=1), 2, axis=2)
    for noise in [layer for layer in coarse.layers if isinstance(layer, compact.UniformNoise)]:
        noise.limit = 0.0
    norms = [
        half_squared_gradient_norm(net, tf.constant(these))
        for net, these in ((coarse, small), (fine, large))
    ]
    of_means, of_blocks = map(float, norms)
    assert of_blocks == pytest.approx(of_means, rel=1e-4) and of_means > 0
