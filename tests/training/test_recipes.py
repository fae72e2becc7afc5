"""What the recipes change."""

import dataclasses

import pytest

from helpers.training.recipes import CHAPTER, CHAPTER_AS_PRINTED, CHAPTER_TUNED

RECIPES = [CHAPTER_AS_PRINTED, CHAPTER, CHAPTER_TUNED]


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
