"""The recorded runs of the full nets: what lies in data/ is what a net drew, and is complete."""

import json

import imageio.v3 as iio
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from helpers.classroom import recorded_run
from helpers.classroom.recorded_runs import FOLDER, keep
from helpers.faces import load_faces, paint_faces
from helpers.training import RECIPES, Recipe
from tests.pictures import PHOTOGRAPHS

NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


@pytest.mark.parametrize("name", NAMES)
def test_a_recorded_run_is_complete_and_of_a_recipe_that_the_course_has(name):
    run = recorded_run(name)
    assert run.pictures.shape == (len(run.steps_shown), 10, 50, 50, 3)
    assert run.steps_shown == sorted(run.steps_shown) and run.steps_shown[-1] <= run.steps
    assert len(run.history["discriminator_loss"]) == run.steps
    assert len(run.face_rates) == len(run.steps_shown)
    assert all(0 <= rate <= 1 for rate in run.face_rates)
    stored = dict(run.record["recipe"])
    assert stored.pop("shown_apart", False) is False  # recipes had it once
    recipe = next(recipe for recipe in RECIPES.values() if recipe.name == stored["name"])
    assert Recipe(**stored) == recipe
    assert run.record["width"] == 1.0 and run.record["photographs"]["count"] == 530
    assert run.hours > 0 and "core" in run.record["machine"]


def test_a_run_of_each_of_the_chapters_recipes_is_there():
    assert NAMES == ["as_printed", "mended", "tuned"]
    recipes = [recorded_run(name).record["recipe"]["name"] for name in NAMES]
    assert recipes == ["as printed", "mended", "tuned"]


def test_all_recorded_runs_together_are_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 5e6


def write_run(folder, pictures_of, losses):
    """A folder as a run leaves it: its samples, step → 36 pictures, uint8, and both its losses."""
    (folder / "samples").mkdir(parents=True)
    for step, pictures in pictures_of.items():
        sheet = np.vstack([np.hstack(list(pictures[row : row + 6])) for row in range(0, 36, 6)])
        iio.imwrite(folder / "samples" / f"step_{step:08}.png", sheet)
    lines = [f"{step},{a},{b}" for step, (a, b) in enumerate(losses, start=1)]
    (folder / "history.csv").write_text(
        "step,discriminator_loss,generator_loss\n" + "\n".join(lines), encoding="utf-8"
    )
    (folder / "run.json").write_text(json.dumps({"seconds": 7200}), encoding="utf-8")


def noise(random):
    return random.integers(0, 256, (36, 50, 50, 3), "uint8")


NOT_A_COPY = 0.08  # mean difference of the pixels; the nets' nearest picture is 0.118 away


def copies_in(run, photographs):
    """Which pictures of a recorded run, row by row, are nearly a photograph or its mirror image."""
    both = np.concatenate([photographs, photographs[:, :, ::-1]])
    nearest = [
        np.abs(both - picture).mean(axis=(1, 2, 3)).min()
        for picture in run.pictures.reshape(-1, 50, 50, 3)
    ]
    return list(np.flatnonzero(np.array(nearest) <= NOT_A_COPY))


def real_photographs():
    if not PHOTOGRAPHS.is_dir():
        pytest.skip("needs the photographs in ../shared/lfw")
    return load_faces(PHOTOGRAPHS).images


@pytest.mark.parametrize("name", NAMES)
def test_no_photograph_is_in_a_recorded_run(name):
    assert copies_in(recorded_run(name), real_photographs()) == []


def painted():
    """In a photograph's place: always at hand, and nobody's likeness."""
    return paint_faces(530, size=50)[0].astype("float32") / 255


CHANGES = {
    "none": lambda picture: picture,
    "mirrored": lambda picture: picture[:, ::-1],
    "noise": lambda picture: np.clip(
        picture + np.random.default_rng(0).normal(0, 0.05, picture.shape), 0, 1
    ),
    "blurred": lambda picture: gaussian_filter(picture, (1, 1, 0)),
    "darkened": lambda picture: 0.9 * picture,
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("photographs_of", [painted, real_photographs])
def test_a_photograph_would_be_found_in_a_recorded_run(change, photographs_of, tmp_path):
    """As it is, and as a net that knows it by heart would draw it: among others, and only it."""
    photographs = photographs_of()
    random = np.random.default_rng(0)
    drawn = {step: noise(random) for step in (25, 50)}
    known = {3: photographs[0], **{place: photographs[place * 26] for place in range(10, 20)}}
    for place, photograph in known.items():
        as_drawn = CHANGES[change](photograph)
        drawn[(25, 50)[place // 10]][place % 10] = np.round(as_drawn * 255)
    write_run(tmp_path / "run", drawn, losses=random.random((50, 2)))
    keep(tmp_path / "run", "mine", tmp_path / "kept")
    assert copies_in(recorded_run("mine", tmp_path / "kept"), photographs) == sorted(known)


def test_a_missing_recorded_run_is_a_sentence():
    with pytest.raises(FileNotFoundError, match="No run was kept as .*other.json"):
        recorded_run("other")


def test_what_is_kept_is_what_the_run_drew(tmp_path):
    random = np.random.default_rng(0)
    # 75 is not among the steps shown; 1025 was never saved
    drawn = {step: noise(random) for step in (25, 50, 75, 1025)}
    losses = random.random((80, 2))
    write_run(tmp_path / "run", drawn, losses)
    keep(tmp_path / "run", "mine", tmp_path / "kept")
    run = recorded_run("mine", tmp_path / "kept")
    assert run.steps_shown == [25, 50, 75] and run.steps == 80 and run.hours == 2
    assert run.pictures.shape == (3, 10, 50, 50, 3)
    for row, step in enumerate(run.steps_shown):
        assert (np.round(run.pictures[row] * 255) == drawn[step][:10]).all()
    assert np.allclose(run.history["discriminator_loss"], losses[:, 0], rtol=1e-3)
    assert np.allclose(run.history["generator_loss"], losses[:, 1], rtol=1e-3)
    assert run.face_rates == [0, 0, 0]  # noise
