"""The compact nets, and their step against the same step written out."""

import dataclasses
import itertools

import keras
import numpy as np
import pytest
import tensorflow as tf

from helpers import compact
from helpers.augment import augment
from helpers.batches import batches
from helpers.gan import PENALTY_EVERY
from helpers.recipes import CHAPTER_TUNED, COMPACT
from helpers.training import Run
from tests.pictures import flat_pictures

NARROW = 1 / 32
PICTURES = flat_pictures(47)


def begin(recipe=COMPACT, **options):
    return Run(recipe, PICTURES, width=NARROW, precision="float32", seed=3, **options)


def shapes_of(net, kind):
    return [layer.output.shape[1:3] for layer in net.layers if isinstance(layer, kind)]


def test_the_two_nets_are_each_others_mirror_image():
    generator, discriminator = compact.build_generator(), compact.build_discriminator()
    assert generator.input_shape == (None, 100) and generator.output_shape == (None, 50, 50, 3)
    assert discriminator.input_shape == (None, 50, 50, 3)
    assert discriminator.output_shape == (None, 1)
    up = shapes_of(generator, keras.layers.Conv2DTranspose)
    down = shapes_of(discriminator, keras.layers.Conv2D)
    assert up == [(7, 7), (13, 13), (25, 25), (50, 50)]
    assert down == [(25, 25), (13, 13), (7, 7), (4, 4)]


def test_a_blur_takes_the_checkerboard_of_strided_kernels_away():
    generator = compact.build_generator()
    blurs = [
        layer for layer in generator.layers if isinstance(layer, keras.layers.AveragePooling2D)
    ]
    assert [blur.output.shape[1:3] for blur in blurs] == [(25, 25), (50, 50)]
    latents = np.random.default_rng(0).standard_normal((8, 100)).astype("float32")
    checkerboard = (-1.0) ** np.add.outer(np.arange(50), np.arange(50))[None, :-1, :-1, None]
    around = keras.Model(generator.input, [blurs[-1].input, blurs[-1].output])
    before, after = [
        np.abs((maps.numpy()[:, :-1, :-1] * checkerboard).mean((1, 2))).mean()
        for maps in around(latents, training=True)
    ]
    assert after < before / 5


def test_the_generator_draws_in_its_range_and_the_discriminator_gives_logits():
    latents = 50 * np.random.default_rng(0).standard_normal((4, 100)).astype("float32")
    drawn = compact.build_generator()(latents, training=True).numpy()
    assert -1 <= drawn.min() < -0.1 and 0.1 < drawn.max() <= 1
    discriminator = compact.build_discriminator()
    assert discriminator.layers[-1].activation is keras.activations.linear
    assert begin().gan.gives_logits and not begin(CHAPTER_TUNED).gan.gives_logits


def test_width_narrows_every_layer_and_a_wrong_one_is_refused():
    for build in (compact.build_generator, compact.build_discriminator):
        whole, half = build(), build(width=0.5)
        pairs = zip(whole.layers[1:-1], half.layers[1:-1], strict=True)
        filters = [
            (a.filters, b.filters) for a, b in pairs if hasattr(a, "filters") and a.filters > 3
        ]
        assert len(filters) >= 2 and all(a == 2 * b for a, b in filters)
        with pytest.raises(ValueError, match="must be above 0 and at most 1"):
            build(width=1.5)


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
        gan.discriminator.layers[1].stddev = 0.0
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


def test_noise_lies_on_the_discriminators_pictures_in_training_only():
    run = begin()
    pictures = tf.constant(PICTURES[:8])
    noise = run.discriminator.layers[1]
    on_them = noise(pictures, training=True) - pictures
    assert np.std(on_them) == pytest.approx(compact.NOISE, rel=0.02)
    assert np.array_equal(noise(pictures, training=False), pictures)


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


def test_the_augmented_share_grows_from_nothing_and_fakes_and_photographs_get_their_own_chances():
    recipe = dataclasses.replace(COMPACT, augmented_share=0.8, augmented_after=100)
    run = begin(recipe)
    batch = next(batches(recipe, PICTURES, 0))
    pictures = np.concatenate([batch["photographs"]] * 2)
    steps = run.gan.discriminator_optimizer.iterations
    for step, share in ((0, 0.0), (50, 0.4), (100, 0.8), (5000, 0.8)):
        steps.assign(step)
        seen = run.gan._augmented(tf.constant(pictures), batch)
        assert np.allclose(seen, augment(pictures, batch["chances"], share), atol=1e-6)
    half = len(pictures) // 2
    of_the_fakes = run.gan._augmented(tf.constant(pictures[:half]), batch)
    assert np.allclose(of_the_fakes, seen[:half])
    assert not np.allclose(seen[:half], seen[half:])


def test_the_discriminator_sees_augmented_pictures_in_both_turns():
    always = dataclasses.replace(COMPACT, augmented_share=1.0, augmented_after=1)
    losses = []
    for recipe in (always, dataclasses.replace(COMPACT, augmented_share=0.0)):
        run = begin(recipe)
        run.discriminator.layers[1].stddev = 0.0
        run.gan.discriminator_optimizer.iterations.assign(10)
        batch = {"photographs": PICTURES[:8], "chances": np.full((16, 6), 0.05, "float32")}
        fakes = tf.constant(PICTURES[8:16])
        losses.append([run.gan._wish(fakes, batch), run.gan._judge(fakes, batch)[8]])
    assert abs(losses[0][0] - losses[1][0]) > 1e-5
    assert abs(losses[0][1] - losses[1][1]) > 1e-5
