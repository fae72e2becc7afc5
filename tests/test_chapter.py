"""The chapter's two nets and its loop, against the book's numbers and an independent model."""

import dataclasses

import imageio.v3 as iio
import numpy as np
import pytest

from helpers import chapter
from helpers.chapter_loop import ChapterLoop
from helpers.recipes import CHAPTER, CHAPTER_AS_PRINTED, CHAPTER_TUNED
from helpers.runtime import import_keras
from tests.pictures import flat_pictures

keras = import_keras()
NARROW = 1 / 64
RECIPES = [CHAPTER_AS_PRINTED, CHAPTER, CHAPTER_TUNED]


def weights_of(net):
    return [weight.numpy() for weight in net.weights]


def moved(before, after):
    return any(np.abs(a - b).max() > 0 for a, b in zip(before, after, strict=True))


def as_built(layer):
    """What the book fixes of a layer, in one row: kind, filters, kernel, strides, padding, …"""
    config = layer.get_config()
    activation = config.get("activation")
    return (
        type(layer).__name__,
        config.get("filters") or config.get("units"),
        config.get("kernel_size"),
        config.get("strides"),
        config.get("padding"),
        None if activation == "linear" else activation,
        config.get("momentum") or config.get("rate"),
    )


NORMALISED = [
    ("BatchNormalization", None, None, None, None, None, 0.5),
    ("ReLU", None, None, None, None, None, None),
]
LEAKY = ("LeakyReLU", None, None, None, None, None, None)


def test_the_generator_is_the_books_layer_by_layer():
    generator = chapter.build_generator()
    expected = [
        ("InputLayer", None, None, None, None, None, None),
        ("Dense", 80_000, None, None, None, None, None),
        *NORMALISED,
        ("Reshape", None, None, None, None, None, None),
        ("Conv2D", 512, (5, 5), (1, 1), "same", None, None),
        *NORMALISED,
        ("Conv2DTranspose", 256, (4, 4), (2, 2), "same", None, None),
        *NORMALISED,
        ("Conv2D", 256, (5, 5), (1, 1), "same", None, None),
        *NORMALISED,
        ("Conv2D", 128, (5, 5), (1, 1), "same", None, None),
        *NORMALISED,
        ("Conv2D", 64, (5, 5), (1, 1), "same", None, None),
        *NORMALISED,
        ("Conv2D", 3, (7, 7), (1, 1), "same", "tanh", None),
    ]
    assert [as_built(layer) for layer in generator.layers] == expected
    assert generator.count_params() == 14_813_443
    assert generator.input_shape == (None, 100)
    assert generator.output_shape == (None, 50, 50, 3)


def test_the_discriminator_is_the_books_layer_by_layer():
    discriminator = chapter.build_discriminator()
    expected = [
        ("InputLayer", None, None, None, None, None, None),
        ("Conv2D", 256, (3, 3), (1, 1), "valid", None, None),
        LEAKY,
        ("Conv2D", 256, (5, 5), (2, 2), "valid", None, None),
        LEAKY,
        ("Conv2D", 256, (5, 5), (2, 2), "valid", None, None),
        LEAKY,
        ("Conv2D", 256, (3, 3), (2, 2), "valid", None, None),
        LEAKY,
        ("Flatten", None, None, None, None, None, None),
        ("Dropout", None, None, None, None, None, 0.5),
        ("Dense", 1, None, None, None, "sigmoid", None),
    ]
    assert [as_built(layer) for layer in discriminator.layers] == expected
    assert discriminator.count_params() == 3_878_657


@pytest.mark.parametrize("width", [1 / 8, 1 / 64])
def test_a_narrow_net_has_the_same_layers_with_fewer_filters(width):
    for build in (chapter.build_generator, chapter.build_discriminator):
        full, narrow = build(), build(width)
        assert [type(layer) for layer in full.layers] == [type(layer) for layer in narrow.layers]
        for wide_layer, narrow_layer in zip(full.layers, narrow.layers, strict=True):
            if type(wide_layer).__name__.startswith("Conv") and wide_layer.filters > 3:
                assert narrow_layer.filters == round(wide_layer.filters * width)
        assert narrow.output_shape == full.output_shape


@pytest.mark.parametrize("width", [0.0, -1.0, 1.5])
def test_an_impossible_width_is_a_sentence(width):
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        chapter.build_generator(width)


def test_the_generators_pictures_lie_in_its_range_and_do_not_repeat():
    pictures = chapter.make_fakes(
        chapter.build_generator(NARROW), chapter.draw_latents(4, np.random.default_rng(0))
    )
    assert pictures.shape == (4, 50, 50, 3) and pictures.dtype == np.float32
    assert pictures.min() >= -1 and pictures.max() <= 1
    assert np.abs(pictures[0] - pictures[1]).max() > 0


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_each_net_moves_in_its_own_step_and_stays_still_in_the_others(recipe):
    loop = ChapterLoop(recipe, flat_pictures(47), width=NARROW)
    for _ in range(3):  # more than once: the trap of a frozen net shows at the first trace only
        generator, discriminator = weights_of(loop.generator), weights_of(loop.discriminator)
        pictures = np.random.default_rng(1).random((40, 50, 50, 3), dtype="float32")
        labels = chapter.labels_without_noise(20)
        chapter.train_discriminator(loop.discriminator, pictures, labels)
        after = weights_of(loop.discriminator)
        assert all(moved([a], [b]) for a, b in zip(discriminator, after, strict=True))
        assert not moved(generator, weights_of(loop.generator))

        latents = chapter.draw_latents(20, np.random.default_rng(2))
        chapter.train_generator(loop.gan, loop.discriminator, latents)
        assert not moved(after, weights_of(loop.discriminator))
        assert moved(generator, weights_of(loop.generator))


def test_the_books_order_of_freezing_never_trains_the_discriminator():
    """Keeps lesson 05's trap honest: if Keras mends it one day, the lesson must change."""
    discriminator = chapter.build_discriminator(NARROW)
    chapter.compile_discriminator(discriminator, CHAPTER_AS_PRINTED)
    discriminator.trainable = False
    before = [weight.numpy() for weight in discriminator.weights]
    with pytest.warns(UserWarning, match="does not have any trainable weights"):
        discriminator.train_on_batch(flat_pictures(40), chapter.labels_without_noise(20))
    assert not moved(before, [weight.numpy() for weight in discriminator.weights])


def test_the_discriminator_learns_that_fakes_are_one_and_photographs_zero():
    random = np.random.default_rng(0)
    loop = ChapterLoop(CHAPTER_TUNED, flat_pictures(47), width=1 / 16)
    noise = random.random((20, 50, 50, 3), dtype="float32") * 2 - 1
    batch = chapter.combine(noise, loop.photographs[:20])
    for _ in range(40):
        labels = chapter.labels_inward(20, 0.1, random)
        chapter.train_discriminator(loop.discriminator, batch, labels)
    scores = loop.discriminator.predict_on_batch(batch)
    assert scores[:20].mean() > scores[20:].mean() + 0.3


def test_the_generators_step_lowers_the_score_of_its_pictures():
    """The target of the generator is 0, "photograph": swapped, its step would raise the score."""
    loop = ChapterLoop(CHAPTER_TUNED, flat_pictures(47), width=1 / 16, seed=1)
    latents = chapter.draw_latents(20, np.random.default_rng(0))

    def mean_score():
        pictures = loop.generator(latents, training=True)  # as the generator's step sees them
        return float(np.mean(loop.discriminator(pictures, training=False)))

    before = mean_score()
    for _ in range(25):
        chapter.train_generator(loop.gan, loop.discriminator, latents)
    assert mean_score() < before - 0.02


def cross_entropy(labels, scores):
    return float(-np.mean(labels * np.log(scores) + (1 - labels) * np.log(1 - scores)))


def test_a_loss_is_that_of_its_own_batch_and_not_a_mean_over_the_steps():
    """Some versions of Keras return a running mean; computed apart, in numpy, without dropout."""
    loop = ChapterLoop(CHAPTER_TUNED, flat_pictures(47), width=NARROW)
    loop.discriminator.layers[-2].rate = 0.0
    random = np.random.default_rng(0)
    labels = chapter.labels_without_noise(20)
    for _ in range(4):
        batch = random.random((40, 50, 50, 3), dtype="float32") * 2 - 1
        expected = cross_entropy(labels, loop.discriminator.predict_on_batch(batch))
        loss = chapter.train_discriminator(loop.discriminator, batch, labels)
        assert loss == pytest.approx(expected, rel=1e-4)
        labels = 1 - labels  # the next batch's loss is another one
    for _ in range(4):
        latents = chapter.draw_latents(20, random)
        scores = loop.discriminator(loop.generator(latents, training=True), training=False)
        loss = chapter.train_generator(loop.gan, loop.discriminator, latents)
        assert loss == pytest.approx(cross_entropy(0, np.asarray(scores)), rel=1e-3)


def test_labels_as_printed_leave_the_range_and_mended_ones_stay():
    printed = chapter.labels_as_printed(20, 0.1, np.random.default_rng(0))
    inward = chapter.labels_inward(20, 0.1, np.random.default_rng(0))
    for labels in (printed, inward):
        assert labels.shape == (40, 1) and labels.dtype == np.float32
        assert labels[:20].mean() > 0.9 and labels[20:].mean() < 0.1  # fakes first
        assert len(np.unique(labels)) == 40
    assert printed.max() > 1
    assert inward.min() >= 0 and inward.max() <= 1


def rows_by_an_independent_model(recipe, count, steps, seed):
    """The rows each step takes, computed apart, from the words of the chapter and the recipe."""
    random = np.random.default_rng(seed)
    batch = recipe.batch_size
    latents = (batch, chapter.LATENT_SIZE)
    order, visited, first = list(range(count)), [], 1  # counts from 1, as R does
    if recipe.shuffled:
        order = np.arange(count)
        random.shuffle(order)
    for _ in range(steps):
        random.standard_normal(latents)
        visited.append([int(row) for row in order[first - 1 : first + batch - 1]])
        random.random((2 * batch, 1), dtype="float32")
        random.standard_normal(latents)
        first = first + batch
        if recipe.shuffled:
            if first > count - batch + 1:
                random.shuffle(order)
                first = 1
        elif first > count - batch:
            first = int(random.integers(0, 10)) + 1
    return visited


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_step_shows_fakes_then_the_right_photographs_with_the_right_labels(recipe, monkeypatch):
    images, steps = flat_pictures(67), 14
    loop = ChapterLoop(recipe, images, width=NARROW, seed=5)
    shown, order_of_play = [], []

    def record_discriminator(discriminator, pictures, labels):
        shown.append((pictures, labels))
        order_of_play.append("discriminator")
        return 0.0

    def record_generator(gan, discriminator, latents):
        assert latents.shape == (20, 100)
        order_of_play.append("generator")
        return 0.0

    monkeypatch.setattr(chapter, "train_discriminator", record_discriminator)
    monkeypatch.setattr(chapter, "train_generator", record_generator)
    for _ in range(steps):
        loop.step()

    expected_rows = rows_by_an_independent_model(recipe, len(images), steps, seed=5)
    expected_photographs = images * 2 - 1 if recipe.same_range else images
    assert order_of_play == ["discriminator", "generator"] * steps
    for (pictures, labels), rows in zip(shown, expected_rows, strict=True):
        assert pictures.shape == (40, 50, 50, 3)
        np.testing.assert_allclose(pictures[20:], expected_photographs[rows], atol=1e-6)
        assert not np.allclose(pictures[:20], pictures[20:], atol=0.05)
        assert labels[:20].min() >= 0.9 and labels[20:].max() <= 0.1
        assert (labels.max() > 1) == (not recipe.noise_points_inward)


def test_the_mended_loop_visits_every_photograph_and_the_printed_one_never_the_last():
    printed = rows_by_an_independent_model(CHAPTER_AS_PRINTED, 530, 5000, seed=0)
    mended = rows_by_an_independent_model(CHAPTER, 530, 200, seed=0)
    assert {row for rows in mended for row in rows} == set(range(530))
    assert max(row for rows in printed for row in rows) == 528  # counted from 0: the last is 529


def test_the_restart_is_among_the_first_ten_rows():
    random = np.random.default_rng(0)
    restarts = {chapter.next_first_row_as_printed(500, 530, 20, random) for _ in range(300)}
    assert restarts == set(range(10))
    assert chapter.next_first_row_as_printed(489, 530, 20, random) == 509
    assert chapter.next_first_row_as_printed(490, 530, 20, random) < 10


def test_the_same_seed_gives_the_same_losses_and_pictures():
    runs = []
    for seed in (7, 7, 8):
        loop = ChapterLoop(CHAPTER_TUNED, flat_pictures(47), width=NARROW, seed=seed)
        losses = [loop.step() for _ in range(3)]
        runs.append((losses, loop.sample(2)))
    assert runs[0][0] == runs[1][0]
    np.testing.assert_array_equal(runs[0][1], runs[1][1])
    assert runs[0][0] != runs[2][0]


def test_samples_are_pictures_and_do_not_disturb_the_loop():
    loops = [ChapterLoop(CHAPTER, flat_pictures(47), width=NARROW) for _ in range(2)]
    for loop in loops:
        loop.step()
    sample = loops[0].sample(3, seed=1)
    assert sample.shape == (3, 50, 50, 3)
    assert sample.min() >= 0 and sample.max() <= 1
    assert loops[0].step()[1] == pytest.approx(loops[1].step()[1], rel=1e-6)


@pytest.mark.parametrize(
    ("pictures", "words"),
    [
        (flat_pictures(19), "There are 19 photographs, but one step takes 20"),
        (flat_pictures(30)[:, :40], "have shape"),
        (flat_pictures(30) * 255, "Divide values that go up to 255"),
        (flat_pictures(30) * np.nan, "is needed"),
    ],
    ids=["too few", "wrong size", "up to 255", "not numbers"],
)
def test_photographs_that_cannot_be_used_are_refused_with_a_sentence(pictures, words):
    with pytest.raises(ValueError, match=words):
        ChapterLoop(CHAPTER, pictures, width=NARROW)


def test_recipes_differ_only_in_what_their_names_say():
    printed, mended, tuned = (dataclasses.asdict(recipe) for recipe in RECIPES)
    assert {key for key in mended if printed[key] != mended[key]} == {
        "name", "noise_points_inward", "same_range", "shuffled",
    }  # fmt: skip
    assert {key for key in mended if tuned[key] != mended[key]} == {
        "name", "beta_1", "discriminator_learning_rate",
    }  # fmt: skip
    with pytest.raises(dataclasses.FrozenInstanceError):
        CHAPTER.beta_1 = 0.1


def test_an_interrupt_keeps_history_and_pictures_and_the_loop_goes_on(tmp_path, monkeypatch):
    """Stopped in the middle of step 5, then gone on with to step 8."""
    loop = ChapterLoop(CHAPTER, flat_pictures(47), width=NARROW, seed=2)
    train_generator, calls = chapter.train_generator, []

    def interrupted_once(*arguments):
        calls.append(1)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return train_generator(*arguments)

    monkeypatch.setattr(chapter, "train_generator", interrupted_once)
    loop.run(8, tmp_path / "stopped", picture_every=2)
    assert loop.steps_done == 4
    assert len(loop.history["generator_loss"]) == 4
    assert {path.name for path in (tmp_path / "stopped").iterdir()} == {
        f"step_0000{step}_{kind}.png" for step in (2, 4) for kind in ("fake", "photograph")
    }
    loop.run(8, tmp_path / "stopped", picture_every=2)
    assert loop.steps_done == len(loop.history["generator_loss"]) == 8
    assert len(list((tmp_path / "stopped").iterdir())) == 8


@pytest.mark.parametrize("recipe", [CHAPTER_AS_PRINTED, CHAPTER], ids=lambda recipe: recipe.name)
def test_the_saved_photograph_is_the_photograph_that_was_shown(recipe, tmp_path):
    images = flat_pictures(47)
    loop = ChapterLoop(recipe, images, width=NARROW)
    loop.run(1, tmp_path, picture_every=1)
    saved = iio.imread(tmp_path / "step_00001_photograph.png")
    distances = np.abs(images - saved / 255).max(axis=(1, 2, 3))
    assert distances.min() < 0.5 / 255 + 1e-6
    fake = iio.imread(tmp_path / "step_00001_fake.png") / 255
    expected = (loop.last_fakes[0] + 1) / 2 if recipe.same_range else loop.last_fakes[0]
    np.testing.assert_allclose(fake, np.clip(expected, 0, 1), atol=0.5 / 255 + 1e-6)


def test_the_averaged_generator_is_the_mean_of_the_generators_of_each_step():
    loop = ChapterLoop(CHAPTER_TUNED, flat_pictures(47), width=NARROW)
    mean = weights_of(loop.generator)
    for count in range(4):
        loop.step()
        share = 1 - min(CHAPTER_TUNED.average_decay, (1 + count) / (10 + count))
        now = weights_of(loop.generator)
        mean = [(1 - share) * old + share * new for old, new in zip(mean, now, strict=True)]
    before = weights_of(loop.generator)
    sample = loop.sample(23, seed=5, averaged=True)
    assert not moved(before, weights_of(loop.generator))
    loop.generator.set_weights(mean)
    latents = chapter.draw_latents(23, np.random.default_rng(5))
    expected = (loop.generator.predict_on_batch(latents) + 1) / 2
    np.testing.assert_allclose(sample, expected, atol=1e-4)
    loop.generator.set_weights(before)
    assert np.abs(loop.sample(23, seed=5) - expected).max() > 1e-3
