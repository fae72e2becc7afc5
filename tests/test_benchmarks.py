"""The benchmarks: each runs here at its smallest size, and what it writes is looked at."""

import dataclasses
import json
import math
import platform
import sys

import numpy as np
import psutil
import pytest
from PIL import Image

from benchmarks import (
    ablation,
    clinic,
    common,
    faces_in_minutes,
    growing_faces,
    mistakes,
    rivals,
    step_by_layer,
    step_speed,
    streaming,
    tuning,
)
from benchmarks import step_speed_worker as worker
from helpers.classroom import RecordedMistakes, growing_generator, load_growing_generator
from helpers.faces import load_faces
from helpers.faces.drawn_files import TABLE, write_drawn_faces
from helpers.files import REPOSITORY_FOLDER
from helpers.training import COMPACT, ONE_MISTAKE_AT_A_TIME, QUICK, Run, Stop

CPU_INFO = """processor\t: 0
model name\t: AMD EPYC 7B13
cpu family\t: 25
model\t\t: 1

processor\t: 1
model name\t: another
"""
SCORES = {
    "face rate",
    "distance",
    "patch distance",
    "kernel distance",
    "density",
    "coverage",
    "spread",
    "memorisation",
    "nearest",
}
SINCE = {"nearest"}  # scores that came after the last measurement
FINER = {"distance at full size", "patch distance at half"}  # of more than 50 x 50

MOMENT = 0.1  # seconds of training after the first step, which alone takes longer
LIGHTWEIGHT_PYTHON = REPOSITORY_FOLDER / ".venv" / "lightweight" / "bin" / "python"


@pytest.fixture(scope="module")
def faces(tmp_path_factory):
    """A folder with 28 drawn faces: 21 to train on, one more than the chapter's batch."""
    folder = tmp_path_factory.mktemp("faces")
    write_drawn_faces(folder, n=28, album="crowd")
    return folder


@pytest.fixture(autouse=True)
def results_stay():
    """No benchmark in a test may write over what was measured."""
    files = [*common.RESULTS.iterdir(), growing_faces.PATH, *mistakes.FOLDER.iterdir()]
    before = {path: path.stat().st_mtime_ns for path in files}
    yield
    assert {path: path.stat().st_mtime_ns for path in files} == before


def smallest(faces, folder, *words):
    """A command line: few faces, one seed, twelve judged pictures, and where to write."""
    common_words = ["--faces", faces, "--seeds", 0, "--pictures", 12, "--folder", folder, *words]
    return [str(word) for word in common_words]


def read(folder, name):
    """What a benchmark has written: the JSON, and the cells of the table, row by row."""
    record = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    lines = (folder / f"{name}.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("|").split("|") for line in lines if line.startswith("|")]
    assert len({len(row) for row in rows}) == 1  # else it is no table
    return record, [[cell.strip() for cell in row] for row in rows[:1] + rows[2:]]


def assert_finite(row, names):
    assert set(row) == names
    assert all(math.isfinite(number) for number in row.values()), row


def size_of(path):
    with Image.open(path) as picture:
        return picture.size


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


def test_faces_in_minutes_judges_at_each_time(faces, tmp_path):
    minutes = [MOMENT / 60, 2 * MOMENT / 60]
    faces_in_minutes.main(smallest(faces, tmp_path, "--seeds", 0, 3, "--minutes", *minutes))
    record, rows = read(tmp_path, "faces_in_minutes")
    assert [(row["seed"], row["minutes"]) for row in record["rows"]] == [
        (seed, time) for seed in (0, 3) for time in minutes
    ]
    for row in record["rows"]:
        assert_finite(row, SCORES | {"modes", "seed", "minutes", "step"})
    assert record["rows"][0]["step"] < record["rows"][1]["step"]
    assert_finite(record["floor"], SCORES | {"modes"})
    assert [row[0] for row in rows] == ["minutes", *[f"{m:g}" for m in minutes], "real pictures"]
    assert rows[0][2:] == list(record["floor"])
    assert rows[1][1] == f"{record['rows'][0]['step']}, {record['rows'][2]['step']}"
    assert size_of(tmp_path / "faces_in_minutes.png") == (12 * 50, 2 * 50)


def test_a_step_is_profiled_layer_by_layer(tmp_path):
    """Every layer with weights is there, and the discriminator's noise; times are above 0."""
    words = ["--sizes", "50", "--width", "0.03125", "--folder", str(tmp_path)]
    step_by_layer.main(words, rounds=1)
    record = json.loads((tmp_path / "step_by_layer.json").read_text(encoding="utf-8"))
    found = [row["layer"] for row in record["rows"] if row["net"] == "discriminator"]
    assert found.count("Conv2D") == 4 and "UniformNoise" in found
    drawn = [row["to"] for row in record["rows"] if row["net"] == "generator"]
    assert drawn[-1] == [50, 50, 3]
    assert all(row["ms"] > 0 for row in record["rows"])
    text = (tmp_path / "step_by_layer.md").read_text(encoding="utf-8")
    assert "50 × 50, generator, 16 pictures" in text and "| all others |" in text


def test_streaming_measures_its_parts_and_keeps_those_that_are_not_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(streaming, "DRAWN", 20)
    words = ["--count", "24", "--size", "50", "--steps", "2", "--rounds", "2", "--stored", "200"]
    words += ["--stream-sizes", "50", "--folder", str(tmp_path)]
    streaming.main([*words, "--parts", "fill", "start"])
    streaming.main([*words, "--parts", "speed", "stream"])
    record = json.loads((tmp_path / "streaming.json").read_text(encoding="utf-8"))
    assert record["count"] == 24 and record["fill"]["bytes_on_disk"] == 24 * 50 * 50 * 3
    assert 0 < record["start"]["loaded"] < record["start"]["first_step"]
    assert record["start"]["peak"] > 100 * 2**20  # TensorFlow alone takes more
    assert {name: len(seconds) for name, seconds in record["speed"].items()} == {
        "disk": 2,
        "memory": 2,
    }
    [row] = record["stream"]
    assert row["size"] == 50 and min(row["cached"], row["needed"]) > 0
    told = (tmp_path / "streaming.md").read_text(encoding="utf-8")
    assert told.startswith("24 pictures of 50 x 50; ") and "| 50 x 50 | " in told
    assert "median of 2 pairs" in told


def test_larger_faces_have_files_of_their_own_and_two_numbers_more(faces, tmp_path):
    words = ["--size", 100, "--minutes", 0]
    faces_in_minutes.main(smallest(faces, tmp_path, *words))
    record, rows = read(tmp_path, "faces_in_minutes_100")
    more = {"modes", *FINER}
    assert_finite(record["floor"], SCORES | more)
    assert_finite(record["rows"][0], SCORES | more | {"seed", "minutes", "step"})
    assert rows[0][2:] == list(record["floor"])
    assert size_of(tmp_path / "faces_in_minutes_100.png") == (12 * 100, 100)


def test_faces_in_minutes_keeps_the_generator_at_each_moment(faces, tmp_path, monkeypatch):
    """Of faces whose kinds nobody knows: there is no table of traits beside them."""
    unknown, kept, seconds = tmp_path / "unknown", tmp_path / "kept", (0, MOMENT, 2 * MOMENT)
    unknown.mkdir()
    for path in faces.glob("*.jpg"):
        (unknown / path.name).write_bytes(path.read_bytes())
    assert (faces / TABLE).exists() and not (unknown / TABLE).exists()
    monkeypatch.setitem(growing_generator.FOLDERS, 100, kept)
    monkeypatch.setitem(growing_generator.SECONDS, 100, seconds)
    words = ["--size", 100, "--minutes", MOMENT / 60, "--files", "small", "--keep-generator"]
    faces_in_minutes.main(smallest(unknown, tmp_path, *words))
    record, rows = read(tmp_path, "small")
    assert_finite(record["rows"][0], SCORES | FINER | {"seed", "minutes", "step"})
    assert len(rows) == 3
    grown = load_growing_generator(100)
    assert grown.seconds == seconds and grown.record["size"] == 100
    assert grown.record["recipe"]["name"] == "compact" and grown.record["seed"] == 0
    pictures = grown.generate(np.random.default_rng(0).standard_normal((2, 100), dtype="float32"))
    first, second, third = pictures
    assert not np.allclose(first, second) and not np.allclose(second, third)


def test_without_keep_generator_none_is_kept():
    assert not faces_in_minutes.options_of([]).keep_generator
    assert faces_in_minutes.options_of(["--size", "200", "--keep-generator"]).keep_generator


def test_a_generator_of_a_size_that_is_not_shipped_is_not_kept(capsys):
    with pytest.raises(SystemExit):
        faces_in_minutes.options_of(["--keep-generator"])
    assert "no generator of size 50 is shipped" in capsys.readouterr().err


def test_the_film_of_growing_faces_is_the_committed_one(tmp_path, monkeypatch):
    path = tmp_path / "film.gif"
    monkeypatch.setattr(growing_faces, "SETTLED", 10**6)  # nearly the same colours, much sooner
    growing_faces.main(path)
    told = []
    for file in (path, growing_faces.PATH):
        with Image.open(file) as film:
            stays = []
            for number in range(film.n_frames):
                film.seek(number)
                stays.append(film.info["duration"])
            pixels = np.asarray(film.convert("RGB"), float)
            told.append((film.info["comment"], film.size, stays, pixels))
    assert told[0][:3] == told[1][:3]
    assert np.abs(told[0][3] - told[1][3]).mean() < 5  # the last picture; of 255


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


def test_step_speed_measures_contestants_in_processes_of_their_own(tmp_path):
    names = ["the chapter's loop, float32", "a convolution alone, float32"]
    measured = step_speed.measure(rounds=1, names=names, width=1 / 32)
    step_speed.write_all(measured, tmp_path)
    record, rows = read(tmp_path, "step_speed")
    assert [row[0] for row in rows[1:]] == names
    assert record["versions"].keys() == {"python", "tensorflow", "keras", "numpy"}
    assert 0 < record["compact_step_flop"] < record["step_flop"] < 1.75e12 / 100
    for name in names:
        result = record["results"][name]
        assert set(result) == {"first_step", "seconds", "peak"}
        assert len(result["seconds"]) == 1 and 0 < result["seconds"][0] < result["first_step"]
        assert result["peak"] > 2**27  # TensorFlow alone takes more
    assert size_of(tmp_path / "step_speed.png")[0] > 300


@pytest.mark.parametrize("kind", ["engine", "compact"])
def test_the_other_workers_take_a_step_too(monkeypatch, kind):
    """In this process: their own ones would only begin, which takes longest."""
    monkeypatch.setattr(worker, "COMPACT_STEPS", 2)
    step = worker.CONTESTANTS[kind]("float32", 1 / 32)
    losses = step(), step()
    assert all(math.isfinite(loss) for both in losses for loss in both.values())
    assert losses[0] != losses[1]


def test_the_committed_step_speed_makes_the_committed_table():
    measured, rows = read(common.RESULTS, "step_speed")
    text = (common.RESULTS / "step_speed.md").read_text(encoding="utf-8")
    assert step_speed.table(measured) == text
    assert [row[0] for row in rows[1:]] == list(step_speed.CONTESTANTS)


def test_a_worker_that_dies_ends_the_benchmark():
    with pytest.raises(SystemExit, match="A worker died: .*step_speed_worker unheard"):
        step_speed.Contestant("unheard", "float32", 1.0, sys.executable)


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


def test_a_training_that_broke_down_is_no_measurement_either():
    class Broken:
        stop_reason, stopped = Stop.DIVERGED, "The training broke down: a loss is NaN."

    with pytest.raises(SystemExit, match="broke down: a loss is NaN. The files hold"):
        common.whole(Broken)


@pytest.mark.parametrize(("count", "held_out"), [(530, 60), (240, 60), (239, 59), (28, 7)])
def test_sixty_faces_or_a_quarter_stay_out(count, held_out):
    training, others = common.split_faces(np.arange(count))
    assert len(others) == held_out
    assert sorted([*training, *others]) == list(range(count))


@pytest.mark.parametrize(
    "name",
    [
        "ablation",
        "ablation_100",
        "ablation_drawn",
        "faces_in_minutes",
        "faces_in_minutes_100",
        "faces_in_minutes_200",
        "faces_on_one_core",
        "faces_on_one_core_100",
        "known_modes",
        "known_modes_100",
        "rivals",
        "rivals_100",
    ],
)
def test_what_is_committed_has_the_numbers_that_the_code_writes_today(name):
    record, _ = read(common.RESULTS, name)
    rows = record.get("answers", record.get("rows"))
    rows = rows if isinstance(rows, list) else [row for group in rows.values() for row in group]
    for row in rows:
        beside = {"seed", "step", "steps", "minutes", "modes", *SINCE, *FINER} & set(row)
        assert_finite(row, (SCORES - SINCE) | beside)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows doesn't tell it")
def test_the_peak_of_memory_is_in_bytes():
    peak, now = worker.peak_bytes(), psutil.Process().memory_info().rss
    assert 0.9 * now < peak < 20 * now


@pytest.mark.skipif(sys.platform == "win32", reason="Windows doesn't tell it")
def test_the_peak_of_memory_is_in_bytes_on_macos_too(monkeypatch):
    """There the system counts in bytes already."""
    import resource
    from types import SimpleNamespace

    monkeypatch.setattr(resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=3 * 2**20))
    monkeypatch.setattr(sys, "platform", "darwin")
    assert worker.peak_bytes() == 3 * 2**20
    monkeypatch.setattr(sys, "platform", "linux")
    assert worker.peak_bytes() == 3 * 2**30


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (CPU_INFO, "AMD EPYC 7B13, family 25, model 1"),
        ("processor\t: 0\nCPU part\t: 0xd0c\n", "arm64 of some kind"),
        (None, "arm64 of some kind"),  # macOS, Windows: there is no such file
    ],
)
def test_a_processor_has_a_name_on_every_system(tmp_path, monkeypatch, told, expected):
    monkeypatch.setattr(platform, "processor", lambda: "arm64 of some kind")
    monkeypatch.setattr(step_speed, "CPU_INFO", tmp_path / "cpuinfo", raising=False)
    if told is not None:
        step_speed.CPU_INFO.write_text(told, encoding="utf-8")
    assert step_speed.processor() == expected


def test_a_number_that_an_older_row_lacks_is_a_dash():
    rows = {
        "then": [{"step": 3, "face rate": 0.5}],
        "now": [{"step": 4, "face rate": 1, "nearest": 0.2}],
    }
    lines = common.table("", rows, {"face rate": 1.0, "nearest": 0.25}).splitlines()
    assert lines[2] == "| then | 3 | 0.500 | – |" and lines[3] == "| now | 4 | 1.000 | 0.200 |"
