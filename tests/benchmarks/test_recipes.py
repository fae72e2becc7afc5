"""Ablation, mistakes, clinic, tuning: each runs here at its smallest size."""

import dataclasses
import json

import numpy as np
import pytest

from benchmarks import (
    ablation,
    clinic,
    common,
    faces_in_minutes,
    larger_batches,
    mistakes,
    rivals,
    tuning,
)
from helpers.classroom import RecordedMistakes
from helpers.faces import load_faces
from helpers.training import COMPACT, ONE_MISTAKE_AT_A_TIME, QUICK, Run
from tests.benchmarks.runs import MOMENT, SCORES, assert_finite, read, smallest


def test_the_ablation_answers_each_question_with_a_row(faces, tmp_path):
    chosen = ("chapter's nets, 1/8 wide", "compact")  # one of each pair of nets
    questions = {name: ablation.QUESTIONS[name] for name in chosen}
    ablation.main(smallest(faces, tmp_path, "--seconds", MOMENT), questions)
    record, rows = read(tmp_path, "ablation")
    assert [row[0] for row in rows] == ["", *questions]
    assert list(record["answers"]) == list(questions)
    for answers, row in zip(record["answers"].values(), rows[1:], strict=True):
        assert_finite(answers[0], SCORES | {"seed", "steps"})
        assert answers[0]["steps"] >= 1 and row[1] == str(answers[0]["steps"])
        assert row[2] == f"{answers[0]['face rate']:.2f}"
    assert record["where"].startswith("21 pictures, 0.1 seconds each; ")


def test_larger_pictures_have_questions_of_their_own(faces, tmp_path):
    ablation.main(smallest(faces, tmp_path, "--size", 100, "--seconds", MOMENT))
    _, rows = read(tmp_path, "ablation_100")
    assert [row[0] for row in rows] == ["", *ablation.LARGER_QUESTIONS]


def test_mistakes_are_recorded_for_each_recipe_seed_and_moment(faces, tmp_path, monkeypatch):
    """What lesson 05 reads afterwards; every run has its own pictures, and they are the net's."""
    monkeypatch.setattr(mistakes, "load_faces", lambda album: load_faces(faces))
    names = ("as printed", "tuned")
    recipes = {name: ONE_MISTAKE_AT_A_TIME[name] for name in names}
    words = ["--seeds", "0", "4", "--pictures", "6", "--width", "0.02", "--folder", str(tmp_path)]
    mistakes.main(words, recipes, moment=2, later={"lfw": 3})
    names_of_files = {f"mistakes.{end}" for end in ("json", "webp", "md")}
    assert {path.name for path in tmp_path.iterdir()} == names_of_files
    told = (tmp_path / "mistakes.md").read_text(encoding="utf-8")
    assert RecordedMistakes("lfw", tmp_path).table(3) in told and "2 steps on one drawn" in told
    for album, steps in (("drawn", [2]), ("lfw", [2, 3])):
        record = RecordedMistakes(album, tmp_path)
        assert record.mistakes == list(names) and record.steps == steps
        assert record.judged == 6 and 0 <= record.real["face_rate"] <= 1
        for step in steps:
            assert [run.seed for run in record.of("tuned", step)] == [0, 4]
    run = Run(recipes["tuned"], load_faces(faces).images, width=0.02, seed=4).train(steps=2)
    sample = run.sample(6, common.LATENTS_SEED)
    kept = RecordedMistakes("lfw", tmp_path).of("tuned", 2)[1]
    assert np.abs(kept.pictures - sample).mean() < 0.03  # but for what the file loses
    assert kept.losses["generator_loss"][0] == pytest.approx(run.history["generator_loss"][0], 1e-2)

    before = RecordedMistakes("lfw", tmp_path)
    mistakes.main([*words, "--albums", "drawn", "--seeds", "0"], recipes, moment=4)
    after = RecordedMistakes("lfw", tmp_path)  # not asked for: it is as it was
    assert RecordedMistakes("drawn", tmp_path).steps == [4]
    for old, new in zip(before.judgements, after.judgements, strict=True):
        assert (old.mistake, old.seed, old.step) == (new.mistake, new.seed, new.step)
        assert np.abs(old.pictures - new.pictures).mean() < 0.02


def test_the_clinic_reads_each_training_once_and_goes_on_where_it_was(faces, tmp_path):
    words = ["--albums", faces, "--faults", "healthy", "two ranges", "--processes", 1]
    words = [str(word) for word in (*words, "--folder", tmp_path)]
    clinic.main([*words, "--seeds", "1"], steps=60, healthy_readings=3)
    first = clinic.former(tmp_path)["albums"][str(faces)]["runs"]
    clinic.main([*words, "--seeds", "2"], steps=60, healthy_readings=3)
    record = clinic.former(tmp_path)
    runs = record["albums"][str(faces)]["runs"]
    assert runs[: len(first)] == first and len(runs) == 2 * len(first) == 4
    for run in runs:
        count = 3 if run["fault"] == "healthy" else clinic.READINGS
        readings = clinic.readings_of(record, run)
        assert len(readings) == count and readings[-1].step == 60
        assert all(reading.darkest >= 0 for reading in readings) == (run["fault"] == "two ranges")
    said = clinic.score(record, str(faces))  # of seed 1 alone: it is odd
    assert said["two ranges"] == {("two ranges",): 1}
    assert sum(said["healthy"].values()) == 3
    told = (tmp_path / "clinic.md").read_text(encoding="utf-8")
    assert "| two ranges | 1 | 1 | – |" in told
    assert "Healthy trainings: 3 readings" in told


def test_tuning_judges_each_place_of_each_knob_for_each_seed(faces, tmp_path, capsys):
    fours = dataclasses.replace(QUICK, batch_size=4)
    knobs = {
        "as it is": (QUICK, 1 / 2),
        "batch size: 4": (fours, 1 / 2),
        "filters: few": (QUICK, 1 / 16),
    }
    words = ["--albums", str(faces), "--seeds", "0", "1", "--folder", str(tmp_path)]
    tuning.main(words, knobs, steps=2, held_out=8)
    record = json.loads((tmp_path / "tuning.json").read_text(encoding="utf-8"))[str(faces)]
    assert list(record["answers"]) == ["as it is", "batch size: 4", "filters: few"]
    for rows in record["answers"].values():
        assert len(rows) == 2 and np.isfinite(rows).all() and np.shape(rows) == (2, 3)
    assert record["steps"] == 2 and "batch size: 4" in capsys.readouterr().out


def test_larger_batches_see_as_many_pictures_and_go_on_where_they_were(faces, tmp_path):
    small = dataclasses.replace(QUICK, batch_size=2)
    batches = {"2": small, "4": dataclasses.replace(small, batch_size=4)}
    words = ["--faces", str(faces), "--folder", str(tmp_path)]
    larger_batches.main([*words, "--seeds", "1"], batches, seen=8, held_out=5)
    first = json.loads((tmp_path / "larger_batches.json").read_text(encoding="utf-8"))
    larger_batches.main([*words, "--seeds", "0", "--batches", "4"], batches, seen=8, held_out=5)
    record = json.loads((tmp_path / "larger_batches.json").read_text(encoding="utf-8"))
    assert record["answers"]["2"] == first["answers"]["2"]
    assert record["answers"]["4"][1:] == first["answers"]["4"]
    assert [row["seed"] for row in record["answers"]["4"]] == [0, 1]
    assert [rows[0]["steps"] for rows in record["answers"].values()] == [4, 2]
    told = (tmp_path / "larger_batches.md").read_text(encoding="utf-8")
    assert record["where"] in told and "Each training saw 8 pictures" in told


@pytest.mark.parametrize("module", [ablation, faces_in_minutes, rivals])
def test_an_interrupted_training_is_no_measurement(faces, tmp_path, monkeypatch, module):
    """Ctrl-C is heard by the run, which then ends as if all were well."""

    def train(run, **_):
        run.interrupt()
        return run

    monkeypatch.setattr(Run, "train", train)
    end = ["--seconds", MOMENT] if module is ablation else ["--minutes", MOMENT / 60]
    more = [{"compact": COMPACT}] if module is ablation else []
    with pytest.raises(SystemExit, match="^Interrupted. The files hold what was measured before"):
        module.main(smallest(faces, tmp_path, *end), *more)
    assert list(tmp_path.iterdir()) == []
