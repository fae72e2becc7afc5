"""The benchmark on a GPU, where there is none: its parts at their smallest, and what it would tell.

Nobody ran it on a GPU yet: there, what TensorFlow answers about one is a stand-in here.
"""

import json
import sys

import numpy as np
import pytest
from PIL import Image

from benchmarks import common, on_a_gpu
from benchmarks import on_a_gpu_worker as worker
from helpers.faces.drawn_files import write_drawn_faces
from helpers.machine import computes_on_gpu, import_keras, import_tensorflow
from helpers.nets import layer_costs
from helpers.training import COMPACT, Run
from helpers.training.gan import GAN

A100 = "NVIDIA A100-SXM4-40GB", (8, 0)
T4 = "Tesla T4", (7, 5)
SOURCE = "28 drawn faces."


@pytest.fixture(autouse=True)
def results_stay():
    """No test may write over what was measured."""
    before = {path: path.stat().st_mtime_ns for path in common.RESULTS.iterdir()}
    yield
    assert {path: path.stat().st_mtime_ns for path in common.RESULTS.iterdir()} == before


@pytest.fixture(scope="module")
def faces(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faces")
    write_drawn_faces(folder, n=28, album="crowd")
    return folder


# What each part measures


def test_a_convolutions_speed_is_its_operations_in_their_time(monkeypatch):
    monkeypatch.setattr(worker, "_rounds", lambda act, seconds: act() and [2.0, 1.0, 4.0])
    (answer,) = worker.convolution("float32", channels=3, seconds=0)
    layers = import_keras().layers
    net = import_keras().Sequential(
        [layers.Input((50, 50, 3)), layers.Conv2D(3, 5, padding="same")]
    )
    (cost,) = layer_costs(net)
    assert answer["flop_per_second"] == worker.IN_A_ROW * 20 * 2 * cost.multiply_adds / 2


@pytest.mark.parametrize(("nets", "xla"), [("chapter", False), ("compact", True)])
def test_a_step_is_measured_with_and_without_xla(monkeypatch, nets, xla):
    monkeypatch.setattr(worker, "STEPS_IN_A_ROW", {nets: 2})
    compiled, make = [], GAN.make_train_function

    def make_train_function(gan):
        compiled.append((gan, gan.jit_compile))
        return make(gan)

    monkeypatch.setattr(GAN, "make_train_function", make_train_function)
    (answer,) = worker.steps(nets, 50, "float32", xla, width=1 / 32, seconds=0)
    assert len(answer["seconds"]) == worker.LEAST_ROUNDS
    assert 0 < max(answer["seconds"]) < answer["first_step"]
    assert answer["flop"] > 0 and answer["peak"] is None
    ((gan, with_xla),) = compiled
    assert with_xla is xla
    taken = int(gan.discriminator_optimizer.iterations.numpy())
    assert taken == 1 + 2 * (1 + worker.LEAST_ROUNDS)


def test_a_larger_compact_step_costs_more():
    small, large = (worker.compact_flop(1 / 32, size) for size in (50, 100))
    assert small < large


def test_the_engine_compiles_nothing_with_xla_of_itself():
    noise = np.random.default_rng(0).random((20, 50, 50, 3), dtype="float32")
    assert Run(COMPACT, noise, width=1 / 32).gan.jit_compile is False


def test_a_gpus_memory_is_asked_for_its_peak(monkeypatch):
    assert worker._peak_bytes() is None
    monkeypatch.setattr(worker, "computes_on_gpu", lambda: True)
    monkeypatch.setattr(
        import_tensorflow().config.experimental,
        "get_memory_info",
        {"GPU:0": {"current": 5, "peak": 7}}.__getitem__,
    )
    assert worker._peak_bytes() == 7


SMALL = {"precision": "float32", "xla": False, "width": 1 / 32, "pictures": 12}


def test_the_chapters_training_is_judged_at_each_moment(faces, tmp_path):
    asked = {**SMALL, "moments": [1, 3], "seconds": 60, "folder": str(tmp_path)}
    told, *rows = worker.training(str(faces), **asked)
    assert "28" in told["faces"] and 0 <= told["real"] <= 1
    assert [row["step"] for row in rows] == [1, 3]
    assert 0 < rows[0]["seconds"] < rows[1]["seconds"]
    assert all(0 <= row["face rate"] <= 1 for row in rows)
    with Image.open(tmp_path / "on_a_gpu.png") as sheet:
        assert sheet.size == (12 * 50, 2 * 50)


def test_a_training_ends_with_its_seconds(faces, tmp_path):
    asked = {**SMALL, "moments": [10**6, 10**7], "seconds": 0.2, "folder": str(tmp_path)}
    _, *rows = worker.training(str(faces), **asked)
    assert len(rows) == 1 and 1 < rows[0]["step"] < 10**6


# Parts in processes of their own


def test_a_real_part_answers_from_its_process():
    parts = on_a_gpu.Parts(minutes=1)
    asked = {"part": "convolution", "precision": "float32", "channels": 2, "seconds": 0}
    (answer,) = parts.measure("convolution", **asked)
    assert answer["flop_per_second"] > 0 and parts.left_out == []


def pretend_process(monkeypatch, code):
    monkeypatch.setattr(on_a_gpu, "command_of", lambda asked: [sys.executable, "-c", code])


def test_what_a_part_said_before_its_time_was_over_counts(monkeypatch):
    monkeypatch.setattr(on_a_gpu, "LEAST_LEFT", 0)
    pretend_process(
        monkeypatch,
        "import time; print('{\"step\": 1}\\n{\"step\":', end='', flush=True); time.sleep(60)",
    )
    parts = on_a_gpu.Parts(minutes=1)
    assert parts.measure("slow", at_most=1) == [{"step": 1}]
    assert parts.left_out == ["slow: not done after 1 s."]


def test_a_part_that_dies_is_told_in_its_last_words(monkeypatch):
    pretend_process(monkeypatch, "print('{\"step\": 1}', flush=True); raise MemoryError('no room')")
    parts = on_a_gpu.Parts(minutes=1)
    assert parts.measure("large") == [{"step": 1}]
    assert parts.left_out == ["large: ended with status 1: MemoryError: no room"]


def test_no_part_begins_when_the_time_is_over(monkeypatch):
    monkeypatch.setattr(on_a_gpu.subprocess, "run", None)
    parts = on_a_gpu.Parts(minutes=0)
    assert parts.measure("late") == [] and parts.left_out == ["late: no time was left."]


def test_no_part_gets_more_time_than_is_left(monkeypatch):
    given = []

    def run(command, **options):
        given.append(options["timeout"])
        raise on_a_gpu.subprocess.TimeoutExpired(command, options["timeout"])

    monkeypatch.setattr(on_a_gpu.subprocess, "run", run)
    parts = on_a_gpu.Parts(minutes=0.5)
    parts.measure("hangs", at_most=75)
    parts.measure("hangs", at_most=20)
    assert given[0] <= 30 and given[1] == 20


# All of it


@pytest.fixture
def measured(monkeypatch, tmp_path):
    """A function: what is written where TensorFlow has that GPU and each part answers so."""
    asked = []

    def run(gpu, *words, seconds=None, training=None):
        def answer(parts, name, at_most=0, **part):
            asked.append((name, part))
            if part["part"] == "convolution":
                return [{"flop_per_second": {"float32": 5e12}.get(part["precision"], 2e13)}]
            if part["part"] == "training":
                return training or []
            each = (seconds or {}).get((part["precision"], part["xla"]), 0.1)
            row = {"first_step": 9.0, "seconds": [each] * 3, "flop": 1e11, "peak": 3 * 2**30}
            return [row] if each else []

        monkeypatch.setattr(on_a_gpu, "gpu_details", lambda: gpu)
        monkeypatch.setattr(on_a_gpu.Parts, "measure", answer)
        on_a_gpu.main([*words, "--folder", str(tmp_path)])
        record = json.loads((tmp_path / "on_a_gpu.json").read_text(encoding="utf-8"))
        text = (tmp_path / "on_a_gpu.md").read_text(encoding="utf-8")
        return asked, record, text

    return run


def ways_of(asked, nets, size):
    steps = [part for _, part in asked if part["part"] == "steps"]
    chosen = [part for part in steps if (part["nets"], part["size"]) == (nets, size)]
    return [(part["precision"], part["xla"]) for part in chosen]


SHORT_IS_FASTER = {("float32", False): 0.2, ("mixed_bfloat16", False): 0.1}
EACH_NETS = [("chapter", 50), ("compact", 50), ("compact", 100), ("compact", 200)]


def test_a_card_from_ampere_on_is_measured_in_both_precisions_and_xla_in_the_faster(measured):
    asked, record, _ = measured(A100, seconds=SHORT_IS_FASTER)
    both = [("float32", False), ("mixed_bfloat16", False)]
    for nets, size in EACH_NETS:
        assert ways_of(asked, nets, size) == [*both, ("mixed_bfloat16", True)]
    assert set(record["convolutions"]) == {"float32", "mixed_bfloat16"}
    assert all(part["width"] == 1 for _, part in asked if part["part"] == "steps")


def test_an_older_card_is_measured_in_float32_alone(measured):
    asked, record, _ = measured(T4)
    for nets, size in EACH_NETS:
        assert ways_of(asked, nets, size) == [("float32", False), ("float32", True)]
    assert list(record["convolutions"]) == ["float32"]


@pytest.mark.parametrize("xla_seconds", [0.05, 0.15])
def test_the_training_takes_xla_only_where_it_was_faster(measured, xla_seconds):
    seconds = SHORT_IS_FASTER | {("mixed_bfloat16", True): xla_seconds}
    asked, _, _ = measured(A100, seconds=seconds)
    (training,) = (part for _, part in asked if part["part"] == "training")
    assert (training["precision"], training["xla"]) == ("mixed_bfloat16", xla_seconds < 0.1)
    assert training["moments"][-1] == 5000 and training["width"] == 1
    assert training["seconds"] < 8 * 60 / 2


TRAINING = [
    {"faces": SOURCE, "real": 0.95},
    {"step": 300, "seconds": 30.5, "face rate": 0.5},
    {"step": 5000, "seconds": 400.4, "face rate": 0.9},
]


def test_the_tables_say_what_was_measured_and_on_what(measured):
    _, record, text = measured(A100, seconds=SHORT_IS_FASTER, training=TRAINING)
    lines = text.splitlines()
    assert "| chapter, 50 x 50 | bfloat16 | 9 s | 100.0 ms | 10.0 | 1 | 5% | 3.00 GiB |" in lines
    assert "| compact, 200 x 200 | float32 | 9 s | 200.0 ms | 5.0 | 0.5 | 10% | 3.00 GiB |" in lines
    assert "| 5000 | 400.4 | 0.900 |" in lines and "| real pictures | | 0.950 |" in lines
    assert "5000 steps of the chapter took 400 s: measured." in lines
    assert f"{A100[0]}, compute capability 8.0" in text and SOURCE in text
    assert record["where"] in text and "python -m benchmarks.on_a_gpu" in text
    assert "Left out" not in text
    assert record["training"]["rows"] == TRAINING[1:]


@pytest.mark.parametrize("training", [[], TRAINING[:2]])
def test_a_training_that_was_not_whole_is_extrapolated_and_says_so(measured, training):
    _, _, text = measured(A100, seconds=SHORT_IS_FASTER, training=training)
    assert "5000 steps of the chapter would take 500 s: extrapolated from" in text
    assert "not run" in text


def test_without_a_measured_step_nothing_is_trained_and_that_is_told(measured):
    nothing = dict.fromkeys(SHORT_IS_FASTER, 0)
    asked, record, text = measured(A100, seconds=nothing)
    assert not any(part["part"] == "training" or part.get("xla") for _, part in asked)
    assert record["left_out"] == ["the chapter's training: no step of it could be measured."]
    assert f"- {record['left_out'][0]}" in text.splitlines()
    assert "5000 steps" not in text


def test_all_that_could_not_be_measured_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(on_a_gpu, "gpu_details", lambda: A100)
    on_a_gpu.main(["--minutes", "0", "--folder", str(tmp_path)])
    record = json.loads((tmp_path / "on_a_gpu.json").read_text(encoding="utf-8"))
    assert record["steps"] == [] and record["training"] is None
    named = "\n".join(record["left_out"])
    assert all(f"{nets} {size} x {size}, float32" in named for nets, size in EACH_NETS)


@pytest.mark.skipif(computes_on_gpu(), reason="this computer has one")
def test_without_a_gpu_it_ends_with_a_sentence_and_status_one(tmp_path):
    with pytest.raises(SystemExit, match="^TensorFlow finds no GPU here.*--on-the-cpu") as ended:
        on_a_gpu.main(["--folder", str(tmp_path)])
    assert isinstance(ended.value.code, str)  # Python prints it and ends with status 1
    assert list(tmp_path.iterdir()) == []


def test_on_the_cpu_all_parts_are_as_small_as_they_can_be(measured):
    asked, record, text = measured(None, "--on-the-cpu", "--faces", "somewhere")
    kinds = [part["part"] for _, part in asked]
    assert kinds == ["convolution", "steps", "steps", "training", "steps", "steps"]
    assert all(part["width"] == 1 / 32 for _, part in asked if part["part"] == "steps")
    (training,) = (part for _, part in asked if part["part"] == "training")
    assert training["faces"] == "somewhere" and max(training["moments"]) < 10
    assert record["gpu"] is None and "compute capability" not in text
