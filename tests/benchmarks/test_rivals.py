"""The rivals: measured once, kept beside new runs, and drawn at one size."""

import json

import numpy as np
import pytest

from benchmarks import common, rivals
from helpers.files import REPOSITORY_FOLDER
from tests.benchmarks.runs import MOMENT, SCORES, assert_finite, read, size_of, smallest

LIGHTWEIGHT_PYTHON = REPOSITORY_FOLDER / ".venv" / "lightweight" / "bin" / "python"


def test_rivals_are_measured_and_kept_beside_a_new_compact_run(faces, tmp_path, monkeypatch):
    words = smallest(faces, tmp_path, "--minutes", MOMENT / 60)
    rivals.main(words)
    record, rows = read(tmp_path, "rivals")
    names = ["compact", "TensorFlow's tutorial"]
    assert list(record["rows"]) == names
    assert [row[0] for row in rows] == ["", *names, "real pictures"]
    assert rows[0][2:] == list(record["floor"])
    for name in names:
        assert_finite(record["rows"][name][0], SCORES | {"seed", "step"})
        assert record["rows"][name][0]["step"] >= 1
    assert size_of(tmp_path / "rivals.png") == (12 * 50, 2 * 50)

    kept = record["rows"]["TensorFlow's tutorial"]
    record |= {"rivals_date": "2026-01-02"}
    (tmp_path / "rivals.json").write_text(json.dumps(record), encoding="utf-8")
    gray = np.full((12, 50, 50, 3), 0.5, "float32") + np.linspace(0, 0.1, 12).reshape(12, 1, 1, 1)
    monkeypatch.setattr(rivals, "draw_compact", lambda *_: (gray, 7))
    rivals.main([*words, "--only-compact"])
    again, rows = read(tmp_path, "rivals")
    assert list(again["rows"]) == names and len(rows) == 4
    assert again["rows"]["TensorFlow's tutorial"] == kept
    assert [row["step"] for row in again["rows"]["compact"]] == [7]
    assert again["rivals_date"] == "2026-01-02"
    assert again["where"].endswith(", the rivals of 2026-01-02")
    assert size_of(tmp_path / "rivals.png") == (12 * 50, 2 * 50)


def test_a_report_names_only_the_seeds_that_were_measured():
    """The last of them may have been stopped, and not have every row."""
    rows = [{"seed": seed, "step": 9, "distance": 0.1} for seed in (3, 1)]
    text = common.report("", {"one": rows, "two": rows[:1]}, {"distance": 0.2}, "here")
    assert text.startswith("Seeds 3, 1, in this order; here.")


@pytest.mark.parametrize("change", ["minutes", "machine", "seeds", "half a run"])
def test_rivals_of_another_measurement_are_not_kept(tmp_path, change):
    rows = {name: [{"seed": 0}, {"seed": 1}] for name in ("compact", "one")}
    record = {"measurement": {"minutes": 4, "machine": "2 cores"}, "rows": rows}
    common.write_sheet(tmp_path, "rivals", np.zeros((24, 50, 50, 3)))

    def look(measurement, seeds):
        (tmp_path / "rivals.json").write_text(json.dumps(record), encoding="utf-8")
        return rivals.former_run(tmp_path, "rivals", measurement, seeds)

    told, pictures = look({"minutes": 4, "machine": "2 cores"}, [0, 1])
    assert told == record and [len(row) for row in pictures.values()] == [12, 12]
    measurement, seeds = dict(record["measurement"]), [0, 1]
    if change == "seeds":
        seeds = [0, 2]
    elif change == "half a run":
        del rows["one"][1]
    else:
        measurement[change] = 5
    with pytest.raises(SystemExit, match="another measurement.*Leave --only-compact out"):
        look(measurement, seeds)


def test_without_a_former_run_there_are_no_rivals_to_keep(tmp_path):
    with pytest.raises(SystemExit, match=r"rivals_100\.json is missing. Leave --only-compact out"):
        rivals.former_run(tmp_path, "rivals_100", {}, [0])


def test_the_committed_rivals_can_be_kept():
    measured = json.loads((common.RESULTS / "rivals.json").read_text(encoding="utf-8"))
    record, pictures = rivals.former_run(
        common.RESULTS, "rivals", measured["measurement"], [0, 1, 2]
    )
    assert record["where"].endswith(record["rivals_date"])
    assert list(pictures) == ["compact", "TensorFlow's tutorial", "lightweight-gan"]
    assert {row.shape for row in pictures.values()} == {(12, 50, 50, 3)}


@pytest.mark.skipif(
    not LIGHTWEIGHT_PYTHON.exists(), reason="make rivals sets lightweight-gan up; two steps: 100 s"
)
def test_lightweight_gan_draws_pictures_of_the_size_that_is_asked(faces):
    files = sorted(faces.glob("*.jpg"))
    drawn, steps = rivals.draw_lightweight(files, 64, LIGHTWEIGHT_PYTHON, MOMENT / 60, 0, 2)
    assert drawn.shape == (2, 64, 64, 3)
    assert drawn.min() >= 0 and drawn.max() <= 1 and steps >= 1


@pytest.mark.parametrize("size", rivals.LIGHTWEIGHT_SIZES)
def test_a_rivals_larger_pictures_are_made_as_small_as_all_others(size):
    theirs = np.zeros((2, rivals.LIGHTWEIGHT_SIZES[size], rivals.LIGHTWEIGHT_SIZES[size], 3))
    theirs[1] = 0.5
    small = rivals.made_small(theirs, size)
    assert small.shape == (2, size, size, 3) and small.dtype == np.float32
    np.testing.assert_allclose(small[0], 0.0)
    np.testing.assert_allclose(small[1], 0.5)


@pytest.mark.parametrize("size", rivals.LIGHTWEIGHT_SIZES)
def test_the_tutorials_step_moves_both_nets(size):
    from benchmarks import tutorial_dcgan

    nets = tutorial_dcgan.build_generator(size), tutorial_dcgan.build_discriminator(size)
    assert nets[0].output_shape == (None, size, size, 3) and nets[1].output_shape == (None, 1)
    before = [[weight.numpy() for weight in net.trainable_variables] for net in nets]
    tutorial_dcgan.make_train_step(*nets)(np.zeros((2, size, size, 3), "float32"))
    for net, weights in zip(nets, before, strict=True):
        for weight, old in zip(net.trainable_variables, weights, strict=True):
            assert np.isfinite(weight.numpy()).all() and not np.array_equal(weight, old), (
                weight.path
            )
