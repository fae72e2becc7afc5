"""The numbers of the judging: each moves when it should, and only then.

The cases have known answers: pictures against pictures of the same kind, noise, one picture
repeated, the reference itself, half of the kinds, blurred and darkened pictures.
"""

import itertools
import subprocess
import sys

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.stats import wasserstein_distance

from helpers import judging
from helpers.drawn_faces import draw_faces
from helpers.faces import load_faces
from helpers.fixed_features import fixed_features
from tests.pictures import PHOTOGRAPHS, flat_pictures

PAIRS = {
    "distance": judging.sliced_wasserstein,
    "patch distance": judging.patch_distance,
    "kernel distance": judging.kernel_distance,
}
REAL = pytest.param(
    "photographs",
    marks=pytest.mark.skipif(
        not PHOTOGRAPHS.is_dir(), reason="needs the photographs in ../shared/lfw"
    ),
)
each_kind = pytest.mark.parametrize("kind", ["drawn", REAL])


@pytest.fixture(scope="module")
def halves():
    """A function from the kind of pictures to two halves of it, at most 200 pictures each."""
    made = {}

    def get(kind):
        if kind not in made:
            if kind == "drawn":
                pictures = np.float32(draw_faces(300, size=50)[0]) / 255
            else:
                pictures = load_faces(PHOTOGRAPHS).images[:400]
            made[kind] = judging.split(pictures, len(pictures) // 2)
        return made[kind]

    return get


def noise_like(pictures):
    return np.random.default_rng(5).random(pictures.shape, dtype="float32")


def blurred(pictures, pixels=1.0):
    return gaussian_filter(pictures, (0, pixels, pixels, 0))


def repeated(pictures):
    return np.repeat(pictures[:1], len(pictures), axis=0)


# ---- the three distances


@each_kind
@pytest.mark.parametrize("name", PAIRS)
def test_a_distance_is_small_within_a_kind_and_grows_with_what_is_wrong(name, kind, halves):
    one, other = halves(kind)
    distance = PAIRS[name]
    within = abs(distance(one, other))
    assert within < 0.5 * distance(one * 0.6, other)
    assert within < 0.4 * distance(noise_like(one), other)
    assert within < 0.4 * distance(repeated(one), other)


@each_kind
@pytest.mark.parametrize("name", ["patch distance", "kernel distance"])
def test_two_of_the_distances_see_a_strong_blur(name, kind, halves):
    one, other = halves(kind)
    within = abs(PAIRS[name](one, other))
    assert within < 0.5 * PAIRS[name](blurred(one, 2), other)


@pytest.mark.parametrize("name", PAIRS)
def test_a_distance_is_the_same_in_both_directions(name, halves):
    one, other = halves("drawn")
    there, back = PAIRS[name](one, other), PAIRS[name](other, one)
    assert there == pytest.approx(back, rel=0.2)


def test_the_distance_to_itself_is_nothing(halves):
    one, _ = halves("drawn")
    assert judging.sliced_wasserstein(one, one) < 1e-9


def test_the_patch_distance_to_itself_is_that_of_two_draws_of_patches(halves):
    """Less than half of what a blur makes that hardly anybody sees."""
    one, _ = halves("drawn")
    slight_blur = judging.patch_distance(blurred(one, 0.5), one)
    assert 0 < judging.patch_distance(one, one) < 0.5 * slight_blur


def test_the_kernel_distance_to_itself_is_below_0_by_what_a_picture_with_itself_makes(halves):
    """Without bias means: no picture with itself within a set, but across the two sets it is."""
    one, _ = halves("drawn")
    x = fixed_features(one).astype("float64")
    kernel = (x @ x.T / 6272 + 1) ** 3
    same = np.eye(len(x), dtype=bool)
    expected = -2 / len(x) * (kernel[same].mean() - kernel[~same].mean())
    assert judging.kernel_distance(one, one) == pytest.approx(expected, rel=0.01)
    assert expected < -0.001


def test_the_distance_hardly_sees_blur_but_the_patch_distance_does(halves):
    one, other = halves("drawn")
    rise = {
        name: PAIRS[name](blurred(one), other) / PAIRS[name](one, other)
        for name in ("distance", "patch distance")
    }
    assert rise["patch distance"] > 3 * rise["distance"]


def test_the_distance_is_the_mean_of_one_dimensional_wasserstein_distances():
    random = np.random.default_rng(0)
    one, other = random.random((2, 400, 8, 8, 3), dtype="float32")
    other = other**2
    directions = np.random.default_rng(9).standard_normal((300, 192))
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    points = [2 * heap.reshape(400, -1) - 1 for heap in (one, other)]
    expected = np.mean([wasserstein_distance(*(heap @ d for heap in points)) for d in directions])
    assert judging.sliced_wasserstein(one, other) == pytest.approx(expected, rel=0.1)


def test_the_kernel_distance_is_the_unbiased_one_of_the_paper():
    one, other = flat_pictures(6), flat_pictures(9, seed=4)
    x, y = (fixed_features(heap).astype("float64") for heap in (one, other))

    def k(a, b):
        return (np.dot(a, b) / 6272 + 1) ** 3

    expected = (
        np.mean([k(a, b) for a, b in itertools.permutations(x, 2)])
        + np.mean([k(a, b) for a, b in itertools.permutations(y, 2)])
        - 2 * np.mean([k(a, b) for a in x for b in y])
    )
    assert judging.kernel_distance(one, other) == pytest.approx(expected, rel=1e-4)


@pytest.mark.skipif(not PHOTOGRAPHS.is_dir(), reason="needs the photographs in ../shared/lfw")
def test_the_floors_in_the_docstrings_are_those_of_the_photographs():
    photographs = load_faces(PHOTOGRAPHS).images
    numbers = judging.floors(photographs, *judging.split(photographs))
    assert numbers["distance"] == pytest.approx(0.056, abs=0.004)
    assert numbers["patch distance"] == pytest.approx(0.007, abs=0.001)
    assert numbers["coverage"] == pytest.approx(0.97, abs=0.02)
    assert numbers["density"] == pytest.approx(1.0, abs=0.15)
    assert numbers["spread"] == pytest.approx(0.36, abs=0.01)
    assert numbers["face rate"] == pytest.approx(0.95, abs=0.02)
    assert abs(numbers["kernel distance"]) < 0.002
    assert 0.4 < numbers["memory"] < 0.7


# ---- the fixed net


def test_the_fixed_net_convolves_as_its_table_says():
    """All three layers again, pixel by pixel."""
    picture = np.random.default_rng(2).random((1, 50, 50, 3), dtype="float32")
    random = np.random.default_rng(0)
    x = 2.0 * picture[0] - 1.0
    for size, filters in ((5, 32), (3, 64), (3, 128)):
        inputs = size * size * x.shape[-1]
        kernel = random.standard_normal((inputs, filters)) * np.sqrt(2 / inputs)
        padded = np.pad(x, ((size // 2,) * 2, (size // 2,) * 2, (0, 0)))
        places = range(-(-len(x) // 2))
        x = np.array([[_seen(padded, 2 * row, 2 * column, size) @ kernel for column in places]
                      for row in places])  # fmt: skip
        x = np.maximum(x, 0)
    seen = fixed_features(picture)
    assert seen.shape == (1, 6272) and seen.dtype == "float32"
    assert np.allclose(seen, x.reshape(1, -1), rtol=1e-3, atol=1e-4)


def _seen(padded, row, column, size):
    """The numbers under a layer's window, colour by colour."""
    return padded[row : row + size, column : column + size].transpose(2, 0, 1).reshape(-1)


# ---- spread, coverage


@each_kind
def test_spread_is_nothing_for_one_picture_and_that_of_the_reference_for_its_other_half(
    kind, halves
):
    one, other = halves(kind)
    assert judging.spread(repeated(one)) == pytest.approx(0, abs=1e-3)
    assert judging.spread(one) == pytest.approx(judging.spread(other), rel=0.1)
    pairs = itertools.combinations(one[:8].astype("float64"), 2)
    expected = np.mean([np.sqrt(((a - b) ** 2).mean()) for a, b in pairs])
    assert judging.spread(one[:8]) == pytest.approx(expected, rel=1e-4)


@each_kind
def test_coverage_sees_what_is_missing(kind, halves):
    one, other = halves(kind)
    _, coverage = judging.density_and_coverage(one, other)
    assert coverage > 0.9
    bright = one.mean(axis=(1, 2, 3))
    half = one[bright > np.median(bright)]  # half of the kinds: the bright ones, as many pictures
    _, of_half = judging.density_and_coverage(np.concatenate([half, half]), other)
    assert of_half < coverage - 0.15
    for bad in (repeated(one), noise_like(one)):
        assert judging.density_and_coverage(bad, other)[1] < 0.1


@each_kind
def test_density_is_one_within_a_kind_and_rises_when_pictures_crowd_in_the_middle(kind, halves):
    one, other = halves(kind)
    density, coverage = judging.density_and_coverage(one, other)
    assert density == pytest.approx(1, abs=0.25)
    assert judging.density_and_coverage(blurred(one, 2), other)[0] > 2 * density
    assert judging.density_and_coverage(noise_like(one), other)[0] < 0.05
    assert judging.density_and_coverage(other, other)[1] == 1.0


def test_density_and_coverage_are_those_of_the_paper():
    """Counted ball by ball."""
    one, other = flat_pictures(20), flat_pictures(12, seed=8)
    x, y = fixed_features(one), fixed_features(other)
    balls = [np.sort(np.linalg.norm(y - centre, axis=1))[5] for centre in y]
    distances = np.array([[np.linalg.norm(a - centre) for centre in y] for a in x])
    inside = distances <= np.array(balls)
    density, coverage = judging.density_and_coverage(one, other)
    assert density == pytest.approx(inside.sum() / 5 / 20)
    assert coverage == pytest.approx(np.mean([column.any() for column in inside.T]))


# ---- memory


def test_the_nearest_photograph_is_found_mirrored_too(halves):
    one, other = halves("drawn")
    copies = other[[3, 40, 7]].copy()
    copies[1] = copies[1, :, ::-1]
    rows, distances = judging.nearest(copies, other)
    assert list(rows) == [3, 40, 7]
    assert distances == pytest.approx([0, 0, 0], abs=1e-3)
    rows, distances = judging.nearest(one[:5], other)
    for picture, row, distance in zip(one[:5], rows, distances, strict=True):
        every = [
            min(np.sqrt(((picture - p) ** 2).mean()), np.sqrt(((picture - p[:, ::-1]) ** 2).mean()))
            for p in other
        ]
        assert row == np.argmin(every) and distance == pytest.approx(min(every), rel=1e-3)


@each_kind
def test_memory_is_seen_where_there_is_some_and_only_there(kind, halves):
    one, other = halves(kind)
    training, held_out = judging.split(one, 30)
    rough = np.random.default_rng(1).normal(0, 0.02, training.shape).astype("float32")
    learned_by_heart = np.clip(training + rough, 0, 1)
    assert judging.closer_to_training(learned_by_heart, training, held_out) > 0.5
    far = [judging.nearest(pictures, training)[1] for pictures in (learned_by_heart, held_out)]
    assert max(far[0]) < 0.5 * np.median(far[1])  # the sharper sign
    few = np.clip(training[:30] + rough[:30], 0, 1)
    assert judging.closer_to_training(few, training[:30], held_out) > 0.99
    of_held_out = judging.closer_to_training(
        held_out, training, held_out, pictures_are_held_out=True
    )
    assert of_held_out == pytest.approx(0.5, abs=0.25)
    assert judging.closer_to_training(other, training, held_out) == pytest.approx(0.5, abs=0.15)
    assert (
        judging.closer_to_training(np.clip(held_out + rough[:30], 0, 1), training, held_out) < 0.1
    )


def test_equal_arrays_alone_do_not_change_what_is_measured(halves):
    """Copies of the held-out photographs are what they are: all closer to the held-out ones."""
    one, _ = halves("drawn")
    training, held_out = judging.split(one, 30)
    assert judging.closer_to_training(held_out.copy(), training, held_out) == 0.0
    hardly_changed = held_out.copy()
    hardly_changed[0, 0, 0, 0] += np.float32(0.001)
    assert judging.closer_to_training(hardly_changed, training, held_out) == 0.0


def test_held_out_photographs_are_each_left_out_of_their_own_side(halves):
    """One by one, against the training and the other held-out ones."""
    one, _ = halves("drawn")
    training, held_out = judging.split(one[:24], 6)
    alone = [
        judging.closer_to_training(held_out[[i]], training, np.delete(held_out, i, axis=0))
        for i in range(6)
    ]
    together = judging.closer_to_training(held_out, training, held_out, pictures_are_held_out=True)
    assert together == pytest.approx(np.mean(alone)) and 0 < together < 1


def test_other_pictures_that_are_said_to_be_held_out_are_refused_in_a_sentence(halves):
    one, _ = halves("drawn")
    training, held_out = judging.split(one, 30)
    for others in (training[:30], held_out[::-1], held_out[:7]):
        with pytest.raises(ValueError, match="must be the held-out photographs, in the same order"):
            judging.closer_to_training(others, training, held_out, pictures_are_held_out=True)


def test_the_share_closer_to_training_is_the_mean_over_all_lots():
    random = np.random.default_rng(6)
    pictures, training, held_out = (
        random.random((count, 2, 2, 3), dtype="float32") for count in (7, 8, 3)
    )
    lots = list(itertools.combinations(range(8), 3))
    shares = []
    for lot in lots:
        to_training = judging.nearest(pictures, training[list(lot)])[1]
        shares.append(np.mean(to_training < judging.nearest(pictures, held_out)[1]))
    expected = np.mean(shares)
    assert judging.closer_to_training(pictures, training, held_out) == pytest.approx(expected)


def test_split_keeps_every_picture_once_and_is_the_same_for_the_same_seed():
    pictures = flat_pictures(50)
    training, held_out = judging.split(pictures, 20, seed=1)
    assert training.shape[0] == 30 and held_out.shape[0] == 20
    both = {picture.tobytes() for picture in [*training, *held_out]}
    assert both == {picture.tobytes() for picture in pictures}
    assert np.array_equal(judging.split(pictures, 20, seed=1)[1], held_out)
    assert not np.array_equal(judging.split(pictures, 20, seed=2)[1], held_out)


# ---- the door


def test_judge_and_floors_name_the_same_numbers(halves):
    one, other = halves("drawn")
    training, held_out = judging.split(other, 30)
    numbers = judging.judge(one[:40], training, held_out)
    assert numbers["coverage"] == judging.density_and_coverage(one[:40], training)[1]
    assert numbers["memory"] == judging.closer_to_training(one[:40], training, held_out)
    floors = judging.floors(other[:80], training, held_out)
    assert list(floors) == list(numbers)
    assert floors["memory"] == judging.closer_to_training(
        held_out, training, held_out, pictures_are_held_out=True
    )


TAKES = {  # each public function that takes pictures, and how many sets of them
    judging.judge: 3,
    judging.floors: 3,
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
        for name, thing in vars(judging).items()
        if getattr(thing, "__module__", "") == "helpers.judging" and not name.startswith("_")
    }
    assert public == {*TAKES, judging.split}


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
    [measure for measure, count in TAKES.items() if count > 1 and measure != judging.floors],
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
        (judging.floors, [FLAT[:11], *GOOD[1:]]),
    ],
)
def test_one_picture_is_refused_where_pairs_are_compared(measure, sets):
    with pytest.raises(
        ValueError, match=r"Too few .*: (1, but 2|11, but 12) or more are needed\.$"
    ):
        measure(*sets)


def test_one_picture_is_enough_where_it_is_compared_with_others():
    one = FLAT[:1]
    for measure in (judging.sliced_wasserstein, judging.patch_distance):
        assert np.isfinite(measure(one, FLAT)) and np.isfinite(measure(FLAT, one))
    assert np.isfinite(judging.density_and_coverage(one, FLAT)).all()
    assert judging.nearest(one, FLAT)[0] == [0] and judging.nearest(FLAT, one)[0].max() == 0
    assert judging.face_rate(one) == 0.0
    assert 0.0 <= judging.closer_to_training(one, FLAT, FLAT[3:9]) <= 1.0


def test_pictures_too_small_for_a_patch_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match="7 x 50 pixels, but 8 x 8 or more are needed"):
        judging.patch_distance(FLAT[:, :7], FLAT[:, :7])


def test_too_few_pictures_are_refused_in_a_sentence():
    good = flat_pictures(5)
    with pytest.raises(ValueError, match="5 pictures have no 5 neighbours"):
        judging.density_and_coverage(good, good)
    for neighbours, words in ((0, "1 or more"), (-1, "1 or more"), (2.5, "a whole number")):
        with pytest.raises(ValueError, match=f"neighbours is {neighbours}, but {words}"):
            judging.density_and_coverage(good, good, neighbours)
    with pytest.raises(ValueError, match="held_out is 2.5, but a whole number is needed"):
        judging.split(good, 2.5)
    for count in (0, 1):
        with pytest.raises(ValueError, match=f"1 of {count} pictures can't be held out"):
            judging.split(good[:count], 1)
    with pytest.raises(ValueError, match="5 of 5 pictures can't be held out"):
        judging.split(good, 5)
    with pytest.raises(ValueError, match="5 held-out photographs can't be compared with 3"):
        judging.closer_to_training(flat_pictures(9), good[:3], good)


def test_judging_imports_no_tensorflow():
    code = "import sys, helpers.judging; sys.exit('tensorflow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
