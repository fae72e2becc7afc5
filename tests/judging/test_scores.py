"""All numbers at once, and what holds for each of them: good pictures in, or a sentence out."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from helpers import judging
from helpers.faces import load_faces
from tests.judging.kinds import each_kind, needs_photographs
from tests.lesson_tools import ROOT
from tests.pictures import PHOTOGRAPHS, flat_pictures


def test_split_keeps_every_picture_once_and_is_the_same_for_the_same_seed():
    pictures = flat_pictures(50)
    training, held_out = judging.split(pictures, 20, seed=1)
    assert training.shape[0] == 30 and held_out.shape[0] == 20
    both = {picture.tobytes() for picture in [*training, *held_out]}
    assert both == {picture.tobytes() for picture in pictures}
    assert np.array_equal(judging.split(pictures, 20, seed=1)[1], held_out)
    assert not np.array_equal(judging.split(pictures, 20, seed=2)[1], held_out)


@pytest.mark.parametrize(
    ("count", "held_out"), [(530, 60), (300, 60), (299, 59), (20, 4), (9, 1), (2, 1)]
)
def test_of_few_pictures_a_fifth_is_held_out_where_nothing_else_is_asked(count, held_out):
    training, unseen = judging.split(flat_pictures(count))
    assert (len(training), len(unseen)) == (count - held_out, held_out)


def test_twenty_pictures_are_enough_to_judge_with():
    training, held_out = judging.split(flat_pictures(20))
    for scores in (
        judging.judge(flat_pictures(8), training, held_out),
        judging.floors(training, held_out),
    ):
        assert np.isfinite(list(scores.as_dict().values())).all()


def test_judge_and_floors_find_each_number_by_its_own_function(halves):
    one, other = halves("drawn")
    pictures, (training, held_out) = one[:30], judging.split(other[:60], 30)
    density, coverage = judging.density_and_coverage(pictures, training)
    assert judging.judge(pictures, training, held_out) == judging.Scores(
        face_rate=judging.face_rate(pictures),
        distance=judging.sliced_wasserstein(pictures, training),
        patch_distance=judging.patch_distance(pictures, training),
        kernel_distance=judging.kernel_distance(pictures, training),
        density=density,
        coverage=coverage,
        spread=judging.spread(pictures),
        memorisation=judging.closer_to_training(pictures, training, held_out),
        nearest=float(judging.nearest(pictures, training)[1].mean()),
    )
    assert judging.floors(training, held_out) == replace(
        judging.judge(held_out, training, held_out),
        memorisation=judging.closer_to_training(
            held_out, training, held_out, pictures_are_held_out=True
        ),
    )


def test_a_net_and_real_pictures_are_compared_with_the_same_others_and_as_many():
    """With 10 of 60 held out, 25 pictures: 35 others of the training, and none of the unseen."""
    pictures = flat_pictures(60)
    training, held_out = pictures[:50], pictures[50:]
    unseen, reference = judging.compared_with(training, held_out, 25)
    assert len(unseen) == 25 and len(reference) == 35
    both = {picture.tobytes() for picture in [*unseen, *reference]}
    assert both == {picture.tobytes() for picture in pictures}
    np.testing.assert_array_equal(unseen[:10], held_out)
    judged = judging.judge(unseen, training, held_out)
    assert judged.distance == judging.floors(training, held_out, 25).distance
    assert judged.distance == judging.sliced_wasserstein(unseen, reference)
    assert (
        len(judging.compared_with(training, held_out, 8)[1]) == 50
    )  # fewer than are held out: all of them
    assert len(judging.compared_with(training, held_out, 55)[1]) == 25  # but half of them at least


def test_pictures_of_every_size_are_compared_at_one_size():
    """Each pixel drawn as a block of 2 x 2: the same numbers, but for the patch distance's."""
    small = [np.concatenate([flat_pictures(20, seed), noise(20, seed)]) for seed in range(3)]
    large = [np.repeat(np.repeat(these, 2, axis=1), 2, axis=2) for these in small]
    one, other = judging.judge(*small), judging.judge(*large)
    for name, number in one.as_dict().items():
        if name != "patch distance":
            assert other.as_dict()[name] == pytest.approx(number, abs=1e-4), name
    _, reference = judging.compared_with(*large[1:], len(large[0]))
    assert other.patch_distance == judging.patch_distance(large[0], reference)


def noise(count, seed):
    return np.random.default_rng(seed).random((count, 50, 50, 3), dtype="float32")


@each_kind
def test_the_nearest_training_picture_is_counted_one_pair_after_the_other(kind, halves):
    """With a loop, and numpy's root mean square of each pair, mirrored and not."""
    one, other = halves(kind)
    pictures, training, held_out = one[:5], other[:12], other[12:18]

    def mean_of_the_nearest(pictures):
        smallest = []
        for picture in pictures.astype("float64"):
            pairs = [picture - way for real in training for way in (real, real[:, ::-1])]
            smallest.append(min(np.linalg.norm(pair) / np.sqrt(pair.size) for pair in pairs))
        return sum(smallest) / len(smallest)

    judged = judging.judge(pictures, training, held_out)
    assert judged.nearest == pytest.approx(mean_of_the_nearest(pictures), rel=1e-3)
    of_held_out = judging.floors(training, held_out)
    assert of_held_out.nearest == pytest.approx(mean_of_the_nearest(held_out), rel=1e-3)


@each_kind
def test_no_copier_comes_near_the_nearest_of_unseen_pictures(kind, halves):
    """One of a few pictures, one of all, and one that mirrors them: the share misses the second."""
    one, other = halves(kind)
    training, held_out = judging.split(other, len(other) // 5)
    rough = np.random.default_rng(1).normal(0, 0.02, training.shape).astype("float32")
    copies = np.clip(training + rough, 0, 1)
    unseen = judging.judge(one[:60], training, held_out)
    few = np.repeat(copies[:10], 6, axis=0)
    for copied in (few, copies[:60], copies[:60, :, ::-1]):
        scores = judging.judge(copied, training, held_out)
        assert scores.nearest < 0.4 * unseen.nearest
    assert judging.judge(one[:60] * 0.98, training, held_out).nearest > 0.8 * unseen.nearest


def test_the_numbers_have_the_names_that_tables_show():
    scores = judging.Scores(0.9, 0.1, 0.02, 0.003, 1.0, 0.8, 0.3, 0.5, 0.14)
    assert scores.as_dict() == {
        "face rate": 0.9,
        "distance": 0.1,
        "patch distance": 0.02,
        "kernel distance": 0.003,
        "density": 1.0,
        "coverage": 0.8,
        "spread": 0.3,
        "memorisation": 0.5,
        "nearest": 0.14,
    }


@needs_photographs
def test_the_floors_in_the_docstrings_are_those_of_the_photographs():
    photographs = load_faces(PHOTOGRAPHS).images
    halves = judging.split(photographs, len(photographs) // 2)
    scores = judging.floors(*halves)
    assert scores.distance == pytest.approx(0.056, abs=0.004)
    assert scores.patch_distance == pytest.approx(0.007, abs=0.001)
    assert scores.coverage == pytest.approx(0.97, abs=0.02)
    assert scores.density == pytest.approx(1.0, abs=0.15)
    assert scores.spread == pytest.approx(0.36, abs=0.01)
    assert scores.face_rate == pytest.approx(0.95, abs=0.02)
    assert abs(scores.kernel_distance) < 0.002
    assert 0.4 < scores.memorisation < 0.7


# ---- the door

TAKES = {  # each public function that takes pictures, and how many sets of them
    judging.judge: 3,
    judging.floors: 2,
    judging.finds_face: 1,
    judging.face_rate: 1,
    judging.sliced_wasserstein: 2,
    judging.patch_distance: 2,
    judging.kernel_distance: 2,
    judging.spread: 1,
    judging.density_and_coverage: 2,
    judging.nearest: 2,
    judging.closer_to_training: 3,
}
PLACES = [
    pytest.param(measure, place, id=f"{measure.__name__}-{place}")
    for measure, count in TAKES.items()
    for place in range(count)
]
FLAT = flat_pictures(14)
GOOD = (FLAT, FLAT[::-1], FLAT[3:9])


def test_every_public_function_is_among_those_that_are_tried():
    public = {
        thing
        for thing in vars(judging).values()
        if getattr(thing, "__module__", "").startswith("helpers.judging.")
    }
    others = {
        judging.split,
        judging.compared_with,
        judging.DrawnModes,
        judging.kinds_are_known,
        judging.Scores,
    }
    assert public == {*TAKES, *others}
    assert {thing.__name__ for thing in public} == {*judging.__all__}


@pytest.mark.parametrize("measure", TAKES)
def test_every_public_function_takes_good_pictures(measure):
    measure(*GOOD[: TAKES[measure]])


@pytest.mark.parametrize(("measure", "place"), PLACES)
@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (np.zeros((0, 50, 50, 3)), r"Too few .*: 0, but \d+ or more are needed\.$"),
        (np.zeros((14, 50, 50)), "have shape"),
        (np.zeros((14, 50, 50, 4)), "have shape"),
        (np.zeros((14, 0, 50, 3)), "0 x 50 pixels"),
        (0.5, "have shape"),
        (np.full((14, 50, 50, 3), 255.0), "255"),
        (np.full((14, 50, 50, 3), np.nan), "nan"),
        (np.where(np.arange(3) == 1, np.nan, FLAT), "nan"),
        (np.full((14, 50, 50, 3), np.inf), "inf"),
        (np.full((14, 50, 50, 3), -0.5), "to_picture_range"),
        ([FLAT[0], FLAT[1, :40]] * 7, "not one array of numbers"),
        (FLAT * 1j, "not one array of numbers"),
        (np.full((14, 50, 50, 3), "0.5"), "not one array of numbers"),
        ([None, "a face"], "not one array of numbers"),
    ],
)
def test_pictures_of_another_kind_are_refused_in_a_sentence(measure, place, wrong, words):
    sets = list(GOOD[: TAKES[measure]])
    sets[place] = wrong
    with pytest.raises(ValueError, match=words) as refused:
        measure(*sets)
    assert str(refused.value).startswith(("The ", "Too few "))


@pytest.mark.parametrize(
    "measure",
    [measure for measure, count in TAKES.items() if count > 1],
)
def test_pictures_of_two_sizes_are_refused_in_a_sentence(measure):
    sets = list(GOOD[: TAKES[measure]])
    sets[-1] = sets[-1][:, :40]
    with pytest.raises(ValueError, match="50 x 50 pixels, but the .* 40 x 50 pixels: make all"):
        measure(*sets)


@pytest.mark.parametrize(
    ("measure", "sets"),
    [
        (judging.spread, [FLAT[:1]]),
        (judging.kernel_distance, [FLAT[:1], FLAT]),
        (judging.kernel_distance, [FLAT, FLAT[:1]]),
        (judging.judge, [FLAT[:1], *GOOD[1:]]),
        (judging.floors, [FLAT, FLAT[:1]]),
        (judging.floors, [FLAT[:5], FLAT]),
    ],
)
def test_one_picture_is_refused_where_pairs_are_compared(measure, sets):
    with pytest.raises(ValueError, match=r"Too few .*: (1, but 2|5, but 6) or more are needed\.$"):
        measure(*sets)


def test_one_picture_is_enough_where_it_is_compared_with_others():
    one = FLAT[:1]
    for measure in (judging.sliced_wasserstein, judging.patch_distance):
        assert np.isfinite(measure(one, FLAT)) and np.isfinite(measure(FLAT, one))
    assert np.isfinite(judging.density_and_coverage(one, FLAT)).all()
    assert judging.nearest(one, FLAT)[0] == [0] and judging.nearest(FLAT, one)[0].max() == 0
    assert judging.face_rate(one) == 0.0
    assert 0.0 <= judging.closer_to_training(one, FLAT, FLAT[3:9]) <= 1.0


@pytest.mark.parametrize("held_out", [0, 2.5, 5])
def test_what_can_not_be_held_out_is_refused_in_a_sentence(held_out):
    told = f"^held_out is {held_out}, but it must be a whole number, from 1 to 4"
    with pytest.raises(ValueError, match=told):
        judging.split(flat_pictures(5), held_out)


@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_pictures_can_not_be_split(count):
    with pytest.raises(ValueError, match=f"Too few pictures: {count}, but 2 or more are needed"):
        judging.split(flat_pictures(count), 1)


def test_judging_imports_no_tensorflow():
    code = "import sys, helpers.judging; sys.exit('tensorflow' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
