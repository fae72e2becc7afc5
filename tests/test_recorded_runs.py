"""The recorded runs of the full nets: what lies in data/ is what a net drew, and is complete."""

import json

import imageio.v3 as iio
import numpy as np
import pytest

from helpers import recorded_runs
from helpers.recipes import RECIPES, Recipe
from helpers.recorded_runs import FOLDER, keep, recorded_run
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


@pytest.mark.skipif(not PHOTOGRAPHS.is_dir(), reason="needs the photographs in ../shared/lfw")
@pytest.mark.parametrize("name", NAMES)
def test_no_photograph_is_in_a_recorded_run(name):
    """Each picture is farther from every photograph than photographs that are copies could be."""
    from helpers.faces import load_faces

    photographs = load_faces(PHOTOGRAPHS).images.reshape(530, -1)
    for picture in recorded_run(name).pictures.reshape(-1, 7500):
        assert np.abs(photographs - picture).mean(axis=1).min() > 0.03


def test_a_missing_recorded_run_is_a_sentence():
    with pytest.raises(FileNotFoundError, match="No run was kept as .*other.json"):
        recorded_run("other")


def test_what_is_kept_is_what_the_run_drew(tmp_path):
    """A folder as a run leaves it, with pictures that can be told apart."""
    folder = tmp_path / "run"
    (folder / "samples").mkdir(parents=True)
    random = np.random.default_rng(0)
    drawn = {}
    for step in (25, 50, 75, 1025):  # 75 is not among the steps shown; 1025 was never saved
        pictures = random.integers(0, 256, (36, 50, 50, 3), "uint8")
        drawn[step] = pictures
        sheet = np.vstack([np.hstack(list(pictures[row : row + 6])) for row in range(0, 36, 6)])
        iio.imwrite(folder / "samples" / f"step_{step:08}.png", sheet)
    losses = random.random((80, 2))
    lines = [f"{step},{a},{b}" for step, (a, b) in enumerate(losses, start=1)]
    (folder / "history.csv").write_text(
        "step,discriminator_loss,generator_loss\n" + "\n".join(lines)
    )
    (folder / "run.json").write_text(json.dumps({"seconds": 7200}))

    keep(folder, "mine", tmp_path / "kept")
    run = recorded_run("mine", tmp_path / "kept")
    assert run.steps_shown == [25, 50, 75] and run.steps == 80 and run.hours == 2
    for row, step in enumerate(run.steps_shown):
        assert (np.round(run.pictures[row] * 255) == drawn[step][:10]).all()
    assert np.allclose(run.history["discriminator_loss"], losses[:, 0], rtol=1e-3)
    assert np.allclose(run.history["generator_loss"], losses[:, 1], rtol=1e-3)
    assert run.face_rates == [0, 0, 0]  # noise
    assert recorded_runs.SHOWN_PICTURES == 10
