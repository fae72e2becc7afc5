"""What each step takes: the same stream as the chapter's loop draws, from any step on."""

import dataclasses
import itertools

import numpy as np
import pytest

from helpers.training.batches import batches, check_photographs
from helpers.training.chapter_loop import ChapterLoop
from helpers.training.recipes import CHAPTER, CHAPTER_AS_PRINTED, CHAPTER_TUNED
from tests.pictures import flat_pictures

PICTURES = flat_pictures(67)


def first(count, recipe, seed=0, after_step=0):
    return list(itertools.islice(batches(recipe, PICTURES, seed, after_step), count))


def rows_of(batch, same_range=True):
    """Which pictures are in a batch: each has a colour of its own."""
    colours = batch["photographs"][:, 0, 0]
    colours = (colours + 1) / 2 if same_range else colours
    distances = np.abs(colours[:, None] - PICTURES[None, :, 0, 0]).sum(axis=2)
    assert distances.min(axis=1).max() < 1e-5
    return distances.argmin(axis=1)


@pytest.mark.parametrize("recipe", [CHAPTER_AS_PRINTED, CHAPTER_TUNED], ids=lambda r: r.name)
def test_the_stream_goes_on_the_same_from_any_step(recipe):
    whole = first(14, recipe)
    for step in (1, 2, 3, 7):  # a pass has three batches: its end is among them
        for ours, theirs in zip(first(7, recipe, after_step=step), whole[step:], strict=False):
            assert ours.keys() == theirs.keys()
            assert all((ours[name] == theirs[name]).all() for name in ours)


def test_a_batch_has_the_shapes_that_a_step_needs():
    batch = first(1, CHAPTER)[0]
    assert {name: array.shape for name, array in batch.items()} == {
        "latents": (20, 100),
        "photographs": (20, 50, 50, 3),
        "labels": (20, 2),
        "next_latents": (20, 100),
    }
    assert all(array.dtype == np.float32 for array in batch.values())
    assert (batch["latents"] != batch["next_latents"]).all()


def test_labels_follow_the_recipe():
    printed, mended = (
        np.concatenate([batch["labels"] for batch in first(50, recipe)])
        for recipe in (CHAPTER_AS_PRINTED, CHAPTER)
    )
    for labels, fakes in ((printed, (1.0, 1.1)), (mended, (0.9, 1.0))):
        assert fakes[0] <= labels[:, 0].min() < fakes[0] + 0.01
        assert fakes[1] - 0.01 < labels[:, 0].max() <= fakes[1] + 1e-6
        assert 0 <= labels[:, 1].min() < 0.01 and 0.09 < labels[:, 1].max() <= 0.1


def test_a_mended_pass_shows_no_photograph_twice_and_the_next_one_another_order():
    rows = [rows_of(batch) for batch in first(6, CHAPTER)]
    passes = np.concatenate(rows[:3]), np.concatenate(rows[3:])
    for shown in passes:
        assert len(set(shown)) == 60
    assert (passes[0] != passes[1]).any()


def test_as_printed_the_rows_come_in_the_order_of_the_files_and_in_their_own_range():
    for batch in first(3, CHAPTER_AS_PRINTED):
        rows = rows_of(batch, same_range=False)
        assert (np.diff(rows) == 1).all()
    assert batch["photographs"].min() >= 0
    assert first(1, CHAPTER)[0]["photographs"].min() < -0.5


def test_another_seed_is_another_stream():
    one, other = first(1, CHAPTER, seed=1)[0], first(1, CHAPTER, seed=2)[0]
    assert all((one[name] != other[name]).any() for name in one)


def test_a_mirroring_recipe_mirrors_every_second_photograph_and_changes_nothing_else():
    random = np.random.default_rng(0)
    pictures = random.random((24, 50, 50, 3), dtype="float32")
    recipe = dataclasses.replace(CHAPTER, mirrored=True, batch_size=8)
    found = []
    for batch in itertools.islice(batches(recipe, pictures, 0), 60):
        for photograph in (batch["photographs"] + 1) / 2:
            as_it_is = np.abs(pictures - photograph).max(axis=(1, 2, 3)).min()
            in_the_mirror = np.abs(pictures[:, :, ::-1] - photograph).max(axis=(1, 2, 3)).min()
            assert min(as_it_is, in_the_mirror) < 1e-6
            found.append(in_the_mirror < as_it_is)
    assert 0.4 < np.mean(found) < 0.6


def test_only_an_augmenting_recipe_has_uniform_noise():
    recipe = dataclasses.replace(CHAPTER, augmented_share=0.5)
    assert "uniform_noise" not in first(1, CHAPTER)[0]
    noise = np.concatenate([batch["uniform_noise"] for batch in first(20, recipe)])
    assert noise.shape == (20 * 40, 6) and noise.dtype == np.float32
    assert 0 <= noise.min() < 0.01 and 0.99 < noise.max() < 1


def test_fewer_photographs_than_a_batch_fill_it_and_all_come_equally_often():
    """Of 16 a batch of 20 shows some twice; a batch of 64 shows each four times."""
    for batch_size, most in ((20, 2), (64, 4)):
        recipe = dataclasses.replace(CHAPTER, batch_size=batch_size)
        shown = np.zeros(16, int)
        for batch in itertools.islice(batches(recipe, PICTURES[:16], 0), 200):
            assert batch["photographs"].shape == (batch_size, 50, 50, 3)
            counts = np.bincount(rows_of(batch), minlength=16)
            assert counts.max() <= most
            shown += counts
        assert shown.min() > 0.85 * shown.mean() and shown.max() < 1.15 * shown.mean()


@pytest.mark.parametrize("recipe", [CHAPTER_AS_PRINTED, CHAPTER_TUNED], ids=lambda r: r.name)
def test_the_chapters_loop_takes_the_same_few_photographs(recipe):
    loop = ChapterLoop(recipe, PICTURES[:17], width=1 / 64, seed=4)
    for batch in itertools.islice(batches(recipe, PICTURES[:17], 4), 5):
        loop.step()
        np.testing.assert_array_equal(batch["photographs"], loop.last_photographs)


@pytest.mark.parametrize(
    ("count", "batch_size", "told"),
    [(16, 20, "takes 20 photographs, but there are 16"), (20, 20, ""), (17, 16, ""), (4, 4, "")],
)
def test_a_sentence_says_where_photographs_come_again(capsys, count, batch_size, told):
    check_photographs(PICTURES[:count], batch_size)
    printed = capsys.readouterr().out
    assert told in printed and bool(told) == bool(printed)


@pytest.mark.parametrize(("count", "batch_size", "needed"), [(15, 20, 16), (15, 64, 16), (7, 8, 8)])
def test_too_few_photographs_for_a_training_are_refused_with_a_sentence(count, batch_size, needed):
    with pytest.raises(ValueError, match=f"{count} photographs, but a training needs {needed} or"):
        check_photographs(PICTURES[:count], batch_size)
