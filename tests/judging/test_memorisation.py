"""Memorisation is seen where there is some, and only there."""

import itertools

import numpy as np
import pytest

from helpers.judging import closer_to_training, nearest, split
from tests.judging.kinds import each_kind
from tests.pictures import flat_pictures


def test_the_nearest_photograph_is_found_mirrored_too(halves):
    one, other = halves("drawn")
    copies = other[[3, 40, 7]].copy()
    copies[1] = copies[1, :, ::-1]
    rows, distances = nearest(copies, other)
    assert list(rows) == [3, 40, 7]
    assert distances == pytest.approx([0, 0, 0], abs=1e-3)
    rows, distances = nearest(one[:5], other)
    for picture, row, distance in zip(one[:5], rows, distances, strict=True):
        every = [
            min(np.sqrt(((picture - p) ** 2).mean()), np.sqrt(((picture - p[:, ::-1]) ** 2).mean()))
            for p in other
        ]
        assert row == np.argmin(every) and distance == pytest.approx(min(every), rel=1e-3)


@each_kind
def test_memorisation_is_seen_where_there_is_some_and_only_there(kind, halves):
    one, other = halves(kind)
    training, held_out = split(one, 30)
    rough = np.random.default_rng(1).normal(0, 0.02, training.shape).astype("float32")
    learned_by_heart = np.clip(training + rough, 0, 1)
    assert closer_to_training(learned_by_heart, training, held_out) > 0.5
    far = [nearest(pictures, training)[1] for pictures in (learned_by_heart, held_out)]
    assert max(far[0]) < 0.5 * np.median(far[1])  # the sharper sign
    few = np.clip(training[:30] + rough[:30], 0, 1)
    assert closer_to_training(few, training[:30], held_out) > 0.99
    of_held_out = closer_to_training(held_out, training, held_out, pictures_are_held_out=True)
    assert of_held_out == pytest.approx(0.5, abs=0.25)
    assert closer_to_training(other, training, held_out) == pytest.approx(0.5, abs=0.15)
    assert closer_to_training(np.clip(held_out + rough[:30], 0, 1), training, held_out) < 0.1


def test_equal_arrays_alone_do_not_change_what_is_measured(halves):
    """Copies of the held-out photographs are what they are: all closer to the held-out ones."""
    one, _ = halves("drawn")
    training, held_out = split(one, 30)
    assert closer_to_training(held_out.copy(), training, held_out) == 0.0
    hardly_changed = held_out.copy()
    hardly_changed[0, 0, 0, 0] += np.float32(0.001)
    assert closer_to_training(hardly_changed, training, held_out) == 0.0


def test_held_out_photographs_are_each_left_out_of_their_own_side(halves):
    """One by one, against the training and the other held-out ones."""
    one, _ = halves("drawn")
    training, held_out = split(one[:24], 6)
    alone = [
        closer_to_training(held_out[[i]], training, np.delete(held_out, i, axis=0))
        for i in range(6)
    ]
    together = closer_to_training(held_out, training, held_out, pictures_are_held_out=True)
    assert together == pytest.approx(np.mean(alone)) and 0 < together < 1


def test_other_pictures_that_are_said_to_be_held_out_are_refused_in_a_sentence(halves):
    one, _ = halves("drawn")
    training, held_out = split(one, 30)
    for others in (training[:30], held_out[::-1], held_out[:7]):
        with pytest.raises(ValueError, match="must be the held-out photographs, in the same order"):
            closer_to_training(others, training, held_out, pictures_are_held_out=True)


def test_the_share_closer_to_training_is_the_mean_over_all_lots():
    random = np.random.default_rng(6)
    pictures, training, held_out = (
        random.random((count, 2, 2, 3), dtype="float32") for count in (7, 8, 3)
    )
    lots = list(itertools.combinations(range(8), 3))
    shares = []
    for lot in lots:
        to_training = nearest(pictures, training[list(lot)])[1]
        shares.append(np.mean(to_training < nearest(pictures, held_out)[1]))
    expected = np.mean(shares)
    assert closer_to_training(pictures, training, held_out) == pytest.approx(expected)


def test_more_held_out_photographs_than_training_ones_are_refused_in_a_sentence():
    pictures = flat_pictures(9)
    with pytest.raises(ValueError, match="5 held-out photographs can't be compared with 3"):
        closer_to_training(pictures, pictures[:3], pictures[:5])
