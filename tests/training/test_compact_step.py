"""The compact recipe's step against the same step written out."""

import dataclasses
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers.training.augment import augment
from helpers.training.batches import batches
from helpers.training.gan import PENALTY_EVERY
from helpers.training.recipes import CHAPTER_TUNED, COMPACT
from helpers.training.run import Run
from tests.pictures import flat_pictures

NARROW = 1 / 32
PICTURES = flat_pictures(47)


def begin(recipe=COMPACT, **options):
    return Run(recipe, PICTURES, width=NARROW, precision="float32", seed=3, **options)


def steepness(discriminator, photographs):
    with tf.GradientTape() as tape:
        tape.watch(photographs)
        scores = discriminator(photographs, training=True)
    return tf.reduce_mean(tf.reduce_sum(tape.gradient(scores, photographs) ** 2, (1, 2, 3))) / 2


def one_step_written_out(generator, discriminator, batch, recipe, step):
    """The gradients of one step, each found by one tape through everything.

    Returns the discriminator's gradients before it moves, and a function that gives the
    generator's, to be called after that.
    """
    latents, photographs = batch["latents"], tf.constant(batch["photographs"])
    logistic = tf.nn.sigmoid_cross_entropy_with_logits
    with tf.GradientTape() as tape:
        fakes = tf.stop_gradient(generator(latents, training=True))
        on_fakes = discriminator(fakes, training=True)
        on_photographs = discriminator(photographs, training=True)
        loss = (
            tf.reduce_mean(logistic(tf.ones_like(on_fakes), on_fakes))
            + tf.reduce_mean(logistic(tf.zeros_like(on_photographs), on_photographs))
        ) / 2
        minimised = loss
        if step % PENALTY_EVERY == 0:
            strength = max(0.2, recipe.gradient_penalty * min(1.0, step / 5))
            minimised += strength * PENALTY_EVERY * steepness(discriminator, photographs)
    weights = [weight.value for weight in discriminator.trainable_variables]
    gradients = tape.gradient(minimised, weights)

    def gradients_of_the_generator():
        with tf.GradientTape() as tape:
            scores = discriminator(generator(latents, training=True), training=True)
            loss = tf.reduce_mean(logistic(tf.zeros_like(scores), scores))
        weights = [weight.value for weight in generator.trainable_variables]
        return loss, tape.gradient(loss, weights)

    return loss, gradients, gradients_of_the_generator


def test_a_step_is_the_step_written_out():
    recipe = dataclasses.replace(COMPACT, rate_halved_after=0, gradient_penalty_after=5)
    run, other = begin(recipe), begin(recipe)
    for gan in (run.gan, other.gan):  # noise is drawn in another order here: none
        gan.discriminator.layers[1].limit = 0.0
    optimizers = [
        keras.optimizers.Adam(rate, beta_1=recipe.beta_1)
        for rate in (recipe.generator_learning_rate, recipe.discriminator_learning_rate)
    ]
    losses = []
    steps = PENALTY_EVERY + 2
    for step, batch in enumerate(itertools.islice(batches(recipe, PICTURES, 3), steps)):
        loss, gradients, then = one_step_written_out(
            other.generator, other.discriminator, batch, recipe, step
        )
        optimizers[1].apply(gradients, other.discriminator.trainable_variables)
        generator_loss, gradients = then()
        optimizers[0].apply(gradients, other.generator.trainable_variables)
        losses.append([float(loss), float(generator_loss)])
    run.train(steps=steps)
    assert np.allclose(np.transpose(losses), list(run.history.values()), rtol=1e-3)
    for ours, theirs in (
        (run.generator, other.generator),
        (run.discriminator, other.discriminator),
    ):
        for mine, its in zip(ours.trainable_weights, theirs.trainable_weights, strict=True):
            assert np.abs(mine.numpy() - its.numpy()).max() < 2e-4


def test_both_nets_and_the_average_move():
    run = begin()
    nets = [run.generator, run.discriminator, run.gan.averaged_generator]
    before = [net.get_weights() for net in nets]
    run.train(steps=2)
    for net, weights in zip(nets, before, strict=True):
        for old, new in zip(weights, net.get_weights(), strict=True):
            assert not np.array_equal(old, new)


def test_the_penalty_makes_the_discriminator_flatter():
    ends = {}
    for penalty in (0.0, 100.0):
        recipe = dataclasses.replace(COMPACT, gradient_penalty=penalty, gradient_penalty_after=1)
        run = begin(recipe).train(steps=150)
        photographs = tf.constant(2.0 * PICTURES[:16] - 1.0)
        ends[penalty] = float(steepness(run.discriminator, photographs))
    assert 0 < ends[100.0] < ends[0.0] / 2


def test_a_compact_run_that_was_stopped_and_continued_is_the_same_run(tmp_path):
    whole = begin().train(steps=6)
    begin(folder=tmp_path / "run").train(steps=2)
    again = begin(folder=tmp_path / "run", resume=True).train(steps=6)
    assert again.history == whole.history
    assert (again.sample(5) == whole.sample(5)).all()


def test_the_rates_fall_as_the_recipe_says():
    run = begin(dataclasses.replace(COMPACT, rate_halved_after=4)).train(steps=4)
    for optimizer in (run.gan.optimizer, run.gan.discriminator_optimizer):
        assert float(optimizer.learning_rate) == pytest.approx(0.001 / 2)
    assert float(begin(CHAPTER_TUNED).gan.optimizer.learning_rate) == pytest.approx(0.0004)


def test_the_augmented_share_grows_from_nothing_and_fakes_and_photographs_get_their_own_noise():
    recipe = dataclasses.replace(COMPACT, augmented_share=0.8, augmented_after=100)
    run = begin(recipe)
    batch = next(batches(recipe, PICTURES, 0))
    pictures = np.concatenate([batch["photographs"]] * 2)
    steps = run.gan.discriminator_optimizer.iterations
    for step, share in ((0, 0.0), (50, 0.4), (100, 0.8), (5000, 0.8)):
        steps.assign(step)
        seen = run.gan._augmented(tf.constant(pictures), batch)
        assert np.allclose(seen, augment(pictures, batch["uniform_noise"], share), atol=1e-6)
    half = len(pictures) // 2
    of_the_fakes = run.gan._augmented(tf.constant(pictures[:half]), batch)
    assert np.allclose(of_the_fakes, seen[:half])
    assert not np.allclose(seen[:half], seen[half:])


def test_the_discriminator_sees_augmented_pictures_in_both_turns(monkeypatch):
    """And nothing else: once all pictures of its own turn, once the fakes of the generator's."""
    recipe = dataclasses.replace(COMPACT, augmented_share=1.0, augmented_after=1)
    run = begin(recipe)
    augmented, judged = [], []

    def paint_black(pictures, uniform_noise, share):
        augmented.append(len(pictures))
        return 0.0 * pictures - 1.0

    class Watched(keras.Model):
        def __call__(self, pictures, training):
            judged.append(pictures)
            return run.discriminator(pictures, training=training)

    monkeypatch.setattr("helpers.training.gan.augment", paint_black)
    watched = Watched()
    monkeypatch.setattr(run.gan, "discriminator", watched)
    monkeypatch.setattr(Watched, "trainable_variables", run.discriminator.trainable_variables)
    batch = next(batches(recipe, PICTURES, 0))
    run.gan.train_step({name: tf.constant(array) for name, array in batch.items()})
    assert augmented == [2 * recipe.batch_size, recipe.batch_size]
    in_a_turn = [pictures for pictures in judged if np.all(np.equal(pictures, -1.0))]
    assert [len(pictures) for pictures in in_a_turn] == augmented
