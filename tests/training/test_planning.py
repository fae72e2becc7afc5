"""A plan's numbers: a ring is played round by round, nets and passes are counted another way."""

import json
import re
import statistics
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.common import RESULTS
from helpers.machine import import_keras, import_tensorflow
from helpers.nets import chapter, compact, penalty_flop, step_flop
from helpers.nets.compact import FILTERS
from helpers.training import __main__ as command_line
from helpers.training import planning
from helpers.training.batches import batches
from helpers.training.gan import PENALTY_EVERY
from helpers.training.planning import LINKS, Plan, all_reduce_seconds, count_step
from helpers.training.recipes import CHAPTER, CHAPTER_TUNED, COMPACT
from helpers.training.run import Run
from tests.fresh_python import run_python
from tests.pictures import flat_pictures
from tests.training.runs import NARROW, begin, interrupt

keras = import_keras()
tf = import_tensorflow()
layers = keras.layers

BANDWIDTH, LATENCY = 0.5, 0.2  # GB/s, ms
NUMBERS = 840  # in a message: whole pieces for 2, 3, 4, 7 and 8 devices


@pytest.fixture(scope="module")
def counted():
    return count_step(COMPACT, width=1 / 16)


def plan_of(counted, **options):
    options = {"step_seconds": 0.5, "bandwidth": BANDWIDTH, "latency": LATENCY, **options}
    return Plan(counted=counted, **options)


def play_a_ring(vectors):
    """Sums over all devices on each of them, and the bytes that a device sent in each round.

    Round after round every device sends one piece to its neighbour, who adds it or keeps it.
    """
    devices = len(vectors)
    held = [np.split(vector.copy(), devices) for vector in vectors]
    sent = []
    for turn in range(2 * (devices - 1)):
        sending = [(device - turn) % devices for device in range(devices)]
        if turn >= devices - 1:  # its own piece is a whole sum now
            sending = [(device + 1 - (turn - devices + 1)) % devices for device in range(devices)]
        on_the_way = [held[device][piece].copy() for device, piece in enumerate(sending)]
        for device, (piece, numbers) in enumerate(zip(sending, on_the_way, strict=True)):
            neighbour = held[(device + 1) % devices]
            neighbour[piece] = numbers + (neighbour[piece] if turn < devices - 1 else 0)
        sent.append(max(numbers.nbytes for numbers in on_the_way))
    return [np.concatenate(pieces) for pieces in held], sent


@pytest.mark.parametrize("devices", [2, 3, 4, 7, 8])
def test_an_all_reduce_takes_as_long_as_a_ring_that_is_played(devices):
    vectors = np.random.default_rng(0).integers(0, 9, (devices, NUMBERS)).astype("float32")
    results, sent = play_a_ring(list(vectors))
    for result in results:
        np.testing.assert_array_equal(result, vectors.sum(axis=0))
    played = sum(size / (BANDWIDTH * 1e9) + LATENCY / 1000 for size in sent)
    formula = all_reduce_seconds(vectors[0].nbytes, devices, BANDWIDTH, LATENCY)
    assert formula == pytest.approx(played, rel=1e-12)
    assert sum(sent) == pytest.approx(2 * (devices - 1) / devices * vectors[0].nbytes)


def test_one_device_sends_nothing_and_very_many_send_everything_twice():
    assert all_reduce_seconds(1e9, 1, BANDWIDTH, LATENCY) == 0
    assert all_reduce_seconds(1e9, 10**6, BANDWIDTH, 0) == pytest.approx(2 / BANDWIDTH, rel=1e-5)
    assert all_reduce_seconds(0, 5, BANDWIDTH, LATENCY) == pytest.approx(8 * LATENCY / 1000)


def test_more_bytes_more_devices_and_a_slower_link_never_take_less():
    base = {"byte_count": 1e6, "devices": 4, "bandwidth": 1.0, "latency": 0.1}
    for name, values in {
        "byte_count": [0, 1, 1e3, 1e6, 1e9],
        "devices": [1, 2, 3, 4, 8, 64],
        "bandwidth": [1000, 10, 1, 0.1],
        "latency": [0, 0.01, 1, 100],
    }.items():
        times = [all_reduce_seconds(**{**base, name: value}) for value in values]
        assert times == sorted(times) and times[0] < times[-1], name


@pytest.mark.parametrize("recipe", [CHAPTER, COMPACT], ids=lambda recipe: recipe.name)
def test_flop_and_parameters_are_those_of_the_nets(recipe):
    wing = {"chapter": chapter, "compact": compact}[recipe.nets]
    nets = wing.build_generator(1 / 16), wing.build_discriminator(1 / 16)
    counted = count_step(recipe, width=1 / 16)
    flop = step_flop(*nets, recipe.batch_size, recipe.drawn_once)
    of_eight = PENALTY_EVERY * flop
    if recipe.gradient_penalty:
        of_eight += penalty_flop(nets[1], recipe.batch_size)
    assert counted.turns_flop == flop
    assert counted.flop == of_eight / PENALTY_EVERY
    assert counted.parameters == tuple(net.count_params() for net in nets)


@pytest.mark.parametrize("recipe", [CHAPTER_TUNED, COMPACT], ids=lambda recipe: recipe.name)
def test_weights_and_adams_means_are_as_many_as_a_run_holds(recipe):
    run = begin(recipe=recipe, width=1 / 32)
    memory = planning.memory_bytes(count_step(recipe, width=1 / 32), recipe.batch_size)
    nets = run.generator, run.discriminator, run.gan.averaged_generator
    weights = sum(weight.nbytes for net in nets for weight in net.get_weights())
    assert memory["weights"] == weights
    means = [
        variable.numpy().nbytes
        for optimizer in (run.gan.optimizer, run.gan.discriminator_optimizer)
        for variable in optimizer.variables
        if variable.path.endswith(("momentum", "velocity"))
    ]
    assert memory["Adam's two means"] == sum(means) == 2 * memory["gradients"]


def test_a_layers_outputs_are_counted_as_by_hand():
    inputs = keras.Input((4, 4, 3))
    x = layers.Conv2D(2, 3, padding="same")(inputs)  # 4 x 4 x 2
    x = layers.BatchNormalization()(x)  # as many
    x = layers.Conv2D(5, 4, dtype="mixed_bfloat16")(x)  # 1 x 1 x 5, two bytes each
    x = layers.Flatten(dtype="mixed_bfloat16")(x)  # the same numbers
    net = keras.Model(inputs, layers.Dense(1)(x))
    assert planning.output_bytes(net) == 4 * 32 + 4 * 32 + 2 * 5 + 4 * 1


def test_memory_counts_what_is_held_at_once(counted):
    drawn, judged = counted.kept_bytes
    outputs_and_gradients = 2 * (6 * drawn + 6 * judged)  # in the generator's turn
    for drawn_once, outputs in (
        (True, max(outputs_and_gradients, 6 * drawn + 2 * 12 * judged)),  # the fakes wait
        (False, max(outputs_and_gradients, 2 * 12 * judged)),
    ):
        memory = planning.memory_bytes(
            replace(counted, drawn_once=drawn_once), 6, process=100, photographs=7
        )
        assert memory["layers' outputs"] == outputs
        assert memory["the process itself"] == 100 and memory["photographs"] == 7
    assert planning.picture_bytes(50) == np.zeros((50, 50, 3), "float32").nbytes


def test_messages_are_gradients_and_sums_of_normalisation():
    messages = planning.messages_of_a_step(count_step(COMPACT, width=1 / 16), exact=True)
    nets = compact.build_generator(1 / 16), compact.build_discriminator(1 / 16)
    gradients = [sum(w.numpy().nbytes for w in net.trainable_variables) for net in nets]
    channels = [chapter.narrowed(count, 1 / 16) for count in FILTERS[50][0]]
    assert messages == [(size, 1) for size in gradients] + [(8 * count, 2) for count in channels]
    assert planning.messages_of_a_step(count_step(COMPACT, width=1 / 16)) == messages[:2]


def test_from_100_on_the_minibatch_deviation_sends_its_sums_too():
    """Two sums for each of 4 x 4 x 12 numbers, of one group of pictures or of two."""
    counted = count_step(COMPACT, size=100, width=1 / 16)
    *_, turn, other_turn, penalty = planning.messages_of_a_step(counted, exact=True)
    group = 2 * 4 * 4 * 4 * chapter.narrowed(192, 1 / 16)
    assert (turn, other_turn, penalty) == ((2 * group, 2), (group, 2), (group, 4 / PENALTY_EVERY))


@pytest.mark.parametrize("recipe", [CHAPTER_TUNED, COMPACT], ids=lambda recipe: recipe.name)
def test_a_step_normalises_as_often_as_sums_are_sent(recipe):
    """Counted in the graph of a real step: fakes that are drawn for one turn only need no sums."""
    run = begin(recipe=recipe)
    batch = {name: tf.TensorSpec(a.shape, a.dtype) for name, a in next(run.batches()).items()}
    operations = tf.function(run.gan.train_step).get_concrete_function(batch).graph.get_operations()
    normalising = [
        operation
        for operation in operations
        if operation.type in ("FusedBatchNormV3", "FusedBatchNormGradV3")
        and operation.get_attr("is_training")
    ]
    _, _, *sums = planning.messages_of_a_step(count_step(recipe, width=NARROW), exact=True)
    assert len(normalising) == sum(times for _, times in sums)


@pytest.mark.parametrize(("pictures", "batch_size"), [(40, 20), (47, 20), (20, 20), (17, 20)])
def test_a_pass_has_the_steps_that_the_stream_takes_for_it(pictures, batch_size):
    """Within a pass no picture comes twice; one step more would show one again."""
    steps = planning.steps_a_pass(pictures, batch_size)
    recipe = replace(CHAPTER, batch_size=batch_size)
    stream = batches(recipe, flat_pictures(pictures), seed=0)
    for _ in range(3):
        shown = np.concatenate([next(stream)["photographs"][:, 0, 0, 0] for _ in range(steps)])
        if pictures >= batch_size:
            assert len(np.unique(shown)) == len(shown) == steps * batch_size
    assert (steps + 1) * batch_size > pictures


def test_passes_are_steps_by_the_steps_of_a_pass(counted):
    assert plan_of(counted, steps=1250, pictures=10_000).passes == 1250 / 625
    assert plan_of(counted).passes is None


def test_without_sending_a_shared_batch_obeys_amdahl(counted):
    plan = plan_of(counted, fixed_seconds=0.1, bandwidth=1e12, latency=0)
    for devices in (1, 2, 4, 8, 16):
        row = plan.shared(devices)
        assert row.speed == pytest.approx(1 / (0.2 + 0.8 / devices))
        assert row.pictures_each * devices == counted.batch_size
        grown = plan.grown(devices)
        assert grown.speed == pytest.approx(devices) and grown.step_seconds == pytest.approx(0.5)


def test_a_row_is_the_sum_of_its_parts(counted):
    plan = plan_of(counted, fixed_seconds=0.1, steps=100, price=3.0)
    sending = sum(
        times * all_reduce_seconds(size, 4, BANDWIDTH, LATENCY)
        for size, times in planning.messages_of_a_step(counted)
    )
    row = plan.shared(4)
    assert row.exchange_seconds == pytest.approx(sending)
    assert row.step_seconds == pytest.approx(0.1 + 0.4 / 4 + sending)
    assert row.seconds == pytest.approx(100 * row.step_seconds)
    assert row.cost == pytest.approx(3.0 * 4 * row.seconds / 3600)
    grown = plan.grown(4)  # four batches a step: a quarter of the steps
    assert grown.step_seconds == pytest.approx(0.5 + sending)
    assert grown.seconds == pytest.approx(25 * grown.step_seconds)


def test_on_one_device_nothing_is_sent_and_a_step_takes_what_it_takes(counted):
    plan = plan_of(counted, fixed_seconds=0.1)
    for row in (plan.shared(1), plan.grown(1)):
        assert row.exchange_seconds == 0 and row.speed == pytest.approx(1)
        assert row.step_seconds == pytest.approx(0.5)


def test_a_batch_is_shared_evenly_or_not_at_all(counted):
    plan = plan_of(counted)
    assert plan.shared(3) is None and plan.shared(64) is None
    assert plan.grown(64).pictures_each == 16


def test_every_named_link_can_be_planned_with(counted):
    times = [
        plan_of(counted, bandwidth=link.bandwidth, latency=link.latency).grown(8).exchange_seconds
        for link in (LINKS[f"ethernet {rate} Gbit/s"] for rate in (1, 10))
    ]
    assert times[0] > times[1] > 0
    assert all(link.bandwidth > 0 and link.latency > 0 for link in LINKS.values())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("step_seconds", 0),
        ("fixed_seconds", 0.6),  # of a step of 0.5 s
        ("fixed_seconds", -0.1),
        ("bandwidth", 0),
        ("latency", -1),
        ("steps", 0),
        ("steps", 2.5),
        ("pictures", 0),
        ("price", float("nan")),
    ],
)
def test_what_no_plan_can_have_is_a_sentence(counted, name, value):
    with pytest.raises(ValueError, match=rf"^{name} is {value}, but it must be .*\.$"):
        plan_of(counted, **{name: value})


@pytest.mark.parametrize(
    ("number", "name"), [(0, "byte_count"), (1, "devices"), (2, "bandwidth"), (3, "latency")]
)
def test_what_no_link_can_have_is_a_sentence(number, name):
    given = [1e6, 2, 1.0, 0.1]
    given[number] = -1
    with pytest.raises(ValueError, match=rf"^{name} is -1, but it must be .*\.$"):
        all_reduce_seconds(*given)


@pytest.mark.parametrize("name", ["pictures_each", "fixed_seconds", "seconds_a_picture"])
def test_what_no_step_can_have_is_a_sentence(name):
    given = {"pictures_each": 4, "devices": 2, "fixed_seconds": 0.1, "seconds_a_picture": 0.1}
    given |= {"messages": [(100, 1)], "bandwidth": 1.0, "latency": 0.1, name: -1}
    with pytest.raises(ValueError, match=f"^{name} is -1"):
        planning.predicted_step_seconds(**given)


def test_no_device_is_a_sentence(counted):
    with pytest.raises(ValueError, match="^devices is 0"):
        plan_of(counted).shared(0)


def command(*options):
    common = ["--plan", "--recipe", "compact", "--size", 50, "--width", 1 / 16]
    return command_line.main([*map(str, common), "--precision", "float32", *map(str, options)])


def tables_of(printed):
    """The two tables of a plan: lists of dicts, cells by column; a sentence is the second cell."""
    found = []
    for line in printed.splitlines():
        cells = re.split(r"\s{2,}", line.strip())
        if cells[0] == "devices":
            found.append([])
            columns = cells
        elif found and cells[0].isdigit():
            found[-1].append(dict(zip(columns, cells, strict=False)))
    return found


def test_the_command_prints_the_plan_and_leaves_nothing(tmp_path, monkeypatch, capsys, counted):
    monkeypatch.chdir(tmp_path)
    options = ["--folder", tmp_path / "run", "--step-seconds", 0.5, "--pictures", 10_000]
    options += ["--steps", 1250, "--devices", 3, "--price", 2, "--bandwidth", 0.5]
    assert command(*options, "--latency", 0.2) == 0
    assert list(tmp_path.iterdir()) == []
    printed = capsys.readouterr().out
    assert "2 passes over 10,000 pictures" in printed
    megabytes, sent = (
        float(re.search(f"{word} (\\S+) MB", printed)[1]) for word in ("up", "sends")
    )
    assert megabytes == pytest.approx(
        sum(size * times for size, times in planning.messages_of_a_step(counted)) / 1e6, rel=0.01
    )
    assert sent == pytest.approx(megabytes * 4 / 3, rel=0.01)
    plan = plan_of(counted, steps=1250, price=2)
    strong, weak = tables_of(printed)
    assert [row["devices"] for row in strong] == ["1", "2", "3", "4", "8", "64"]
    assert [row["devices"] for row in weak] == ["1", "2", "3", "4", "8", "64"]
    cannot = {"3", "64"}
    for rows, expected in ((strong, plan.shared), (weak, plan.grown)):
        for cells in rows:
            row = expected(int(cells["devices"]))
            if row is None:
                assert cells["devices"] in cannot
                said = f"a batch of 16 can't be shared evenly by {cells['devices']} devices"
                assert cells["pictures each"] == said
                continue
            assert int(cells["pictures each"]) == row.pictures_each
            assert float(cells["s a step"]) == pytest.approx(row.step_seconds, rel=0.01)
            assert float(cells["of it sending"]) == pytest.approx(row.exchange_seconds, rel=0.05)
            assert float(cells["times as fast"]) == pytest.approx(row.speed, abs=0.01)
            assert float(cells["cost"]) == pytest.approx(row.cost, abs=0.01)
            number, unit = cells["time in all"].split()
            seconds = float(number) * {"seconds": 1, "minutes": 60}[unit]
            assert seconds == pytest.approx(row.seconds, rel=0.05)


def test_without_price_and_pictures_the_plan_says_nothing_of_them(capsys):
    assert command("--step-seconds", 0.5) == 0
    printed = capsys.readouterr().out
    assert "cost" not in printed and "passes" not in printed and "photographs" not in printed
    assert "5,000 steps take 41.7 minutes." in printed


@pytest.mark.parametrize(
    ("ends", "steps"),
    [(["--minutes", 1], 120), (["--minutes", 1, "--steps", 7], 7)],
)
def test_the_first_end_counts(capsys, ends, steps):
    assert command("--step-seconds", 0.5, *ends) == 0
    assert f"\n{steps} steps take" in capsys.readouterr().out


def test_a_step_is_measured_with_a_batch_and_with_half_of_it(capsys, monkeypatch, counted):
    monkeypatch.setattr(Run, "seconds_a_step", lambda run: 0.1 + 0.05 * run.recipe.batch_size)
    assert command() == 0
    penalties = counted.flop / counted.turns_flop
    printed = capsys.readouterr().out
    assert f"It takes {0.9 * penalties:.3g} s, measured here; 11 % of that" in printed
    strong, _ = tables_of(printed)
    assert float(strong[0]["s a step"]) == pytest.approx(0.9 * penalties, rel=0.01)


def test_a_real_step_is_measured_and_nothing_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert command() == 0
    seconds = re.search(r"It takes (\S+) s, measured here", capsys.readouterr().out)
    assert float(seconds[1]) > 0
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_a_step_is_measured_ends_the_plan(monkeypatch, capsys):
    real = Run._fit
    monkeypatch.setattr(Run, "_fit", lambda *arguments: (interrupt(), real(*arguments)))
    assert command() == 130
    assert capsys.readouterr().out == "Interrupted.\n"


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--devices", 0, "devices is 0, but it must be a whole number, 1 or more."),
        ("--bandwidth", 0, "bandwidth is 0.0, but it must be a number above 0."),
        ("--latency", -1, "latency is -1.0, but it must be a number 0 or more."),
        ("--pictures", 0, "pictures is 0, but it must be a whole number, 1 or more."),
        ("--price", -2, "price is -2.0, but it must be a number 0 or more."),
        ("--step-seconds", 0, "step_seconds is 0.0, but it must be a number above 0."),
        ("--steps", 0, "steps is 0, but it must be a whole number, 1 or more."),
        ("--size", 64, "compact nets are for pictures of 50 x 50"),
    ],
)
def test_each_bad_value_is_a_sentence(capsys, option, value, told):
    assert command(option, value) == 1
    said = capsys.readouterr()
    assert told in said.err and said.out == ""


@pytest.mark.parametrize("option", ["--bandwidth", "--step-seconds", "--devices"])
def test_a_bad_value_is_told_before_tensorflow_is_imported(option):
    process = run_python(
        "import sys\nfrom helpers.training.__main__ import main\n"
        f"status = main(['--plan', '--recipe', 'compact', {option!r}, '0'])\n"
        "print(status, 'tensorflow' in sys.modules)"
    )
    assert process.stdout.split() == ["1", "False"], process.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--plan"], "--recipe is needed"),
        (["--plan", "--recipe", "compact", "--resume"], "--plan is for a new run"),
        (["--recipe", "compact"], "--folder is needed"),
        (["--plan", "--recipe", "compact", "--link", "a wire"], "invalid choice"),
    ],
)
def test_what_does_not_go_together_is_told(capsys, options, told):
    with pytest.raises(SystemExit) as ended:
        command_line.main(options)
    assert ended.value.code == 2 and told in capsys.readouterr().err


@pytest.mark.parametrize(("batch", "shared"), [(16, True), (32, False)])
def test_two_workers_were_nearly_as_fast_as_the_formula_says(batch, shared):
    """What was measured on two cores (`make sharing`); the rest is waiting for each other."""
    record = json.loads((RESULTS / "sharing.json").read_text(encoding="utf-8"))
    one, two, half = (
        statistics.median(record["seconds"][name])
        for name in (
            "one core, batch of 16",
            "one core, batch of 32",
            f"two workers, a core each, batch of {batch}",
        )
    )
    plan = planning.Plan(
        counted=count_step(COMPACT, size=record["size"]),
        step_seconds=one,
        fixed_seconds=2 * one - two,
        bandwidth=planning.LINKS["loopback"].bandwidth,
        latency=planning.LINKS["loopback"].latency,
    )
    row = plan.shared(2) if shared else plan.grown(2)
    assert 0.8 * half < row.step_seconds <= half


def test_the_batch_size_that_is_asked_for_is_planned(capsys):
    assert command("--step-seconds", 0.5, "--devices", 64) == 0
    assert "a batch of 16 can't be shared evenly by 64 devices" in capsys.readouterr().out
    assert command("--step-seconds", 0.5, "--devices", 64, "--batch-size", 64) == 0
    assert "can't be shared evenly by 64" not in capsys.readouterr().out
    assert command("--step-seconds", 0.5, "--batch-size", 0) == 1
    assert "batch_size is 0, but it must be a whole number" in capsys.readouterr().err
