"""Diagnoses, from readings made by hand; and the limits, held to the record they come from."""

import dataclasses

import pytest

from benchmarks import clinic as benchmark
from benchmarks.common import RESULTS
from helpers.classroom.diagnosis import BEGINNING, LIMITS, diagnose
from helpers.classroom.readings import Reading
from helpers.training import FAULTS
from tests.readings import HEALTHY

NO_FACES = {"face_rate": 0.1}
ILL = {  # by fault: what differs from a healthy reading
    "frozen discriminator": {"discriminator_moves": 0.0, **NO_FACES},
    "two ranges": {"darkest": 0.0},
    "labels above 1": {"largest_label": 1.1},
    "swapped labels": {
        "photographs_right": 0.0,
        "fakes_right": 0.0,
        "discriminator_loss": 0.2,
        **NO_FACES,
    },
    "discriminator too strong": {"generator_moves": 0.00005, **NO_FACES},
    "discriminator too weak": {"discriminator_moves": 0.00005, **NO_FACES},
    "too much momentum": {
        "photographs_right": 1.0,
        "fakes_right": 1.0,
        "generator_loss": 3.0,
        **NO_FACES,
    },
    "augmented photographs only": {"from_the_album": 0.0},
    "normalisation without statistics": {"modes_apart": 0.25},
    "the same latents": {"new_latents": 0.0},
    "rates too large": {"generator_loss": 5e4},
    "too few photographs": {"known_by": 3.0, "held_out_right": 0.3},
}


def reading(**changes):
    return Reading(**HEALTHY | changes)


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_named_by_what_gives_it_away(fault):
    found = diagnose([reading(**ILL[fault])])
    assert found.suspects[0] == fault
    assert found.sentence.endswith((".", "?")) and "{" not in found.sentence


@pytest.mark.parametrize("fault", FAULTS)
def test_without_held_out_photographs_only_memory_is_missed(fault):
    changes = ILL[fault] | {"known_by": None, "held_out_right": None}
    expected = () if fault == "too few photographs" else (fault,)
    assert diagnose([reading(**changes)]).suspects[:1] == expected


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "It goes well: faces in 90%"),
        ({"held_out_right": None, "known_by": None}, "It goes well"),
        (NO_FACES, "keep each other busy; faces in 10%"),
        ({"relative_spread": 0.1}, "normal in the first seconds"),
    ],
)
def test_nothing_is_blamed_where_nothing_is_wrong(changes, words):
    found = diagnose([reading(**changes)])
    assert found.suspects == () and words in found.sentence


def test_a_collapse_is_told_from_a_beginning():
    alike, different = {"relative_spread": 0.1}, {"relative_spread": 0.97}
    assert "has collapsed" in diagnose([reading(**different), reading(**alike)]).sentence
    assert "has collapsed" not in diagnose([reading(**alike), reading(**alike)]).sentence


@pytest.mark.parametrize("fault", ["discriminator too strong", "discriminator too weak"])
def test_whoever_draws_faces_is_not_blamed_for_its_pace(fault):
    assert diagnose([reading(**ILL[fault] | {"face_rate": 0.9})]).suspects == ()


@pytest.mark.parametrize("kind", ["photographs_right", "fakes_right"])
def test_a_discriminator_wins_only_where_it_is_right_on_both_kinds(kind):
    ill = ILL["too much momentum"]
    assert diagnose([reading(**ill | {kind: 0.82})]).suspects[:1] == ("too much momentum",)
    assert diagnose([reading(**ill | {kind: 0.78})]).suspects == ()


@pytest.mark.parametrize("fault", ["normalisation without statistics", "too much momentum"])
def test_nobody_is_blamed_in_the_first_steps_for_what_settles_later(fault):
    assert diagnose([reading(**ILL[fault] | {"step": BEGINNING - 1})]).suspects == ()
    assert diagnose([reading(**ILL[fault] | {"step": BEGINNING})]).suspects[0] == fault


def test_a_loss_that_is_no_number_is_a_diagnosis_even_without_a_reading():
    assert diagnose([], diverged=True).suspects == ("rates too large",)
    assert diagnose([reading()], diverged=True).suspects == ("rates too large",)
    assert diagnose([reading(discriminator_loss=float("nan"))]).suspects == ("rates too large",)
    both = diagnose([reading(discriminator_loss=-80.0, largest_label=1.1)]).suspects
    assert both[0] == "labels above 1"


RECORD = benchmark.former(RESULTS)
needs_the_record = pytest.mark.skipif(
    not RECORD["albums"], reason="there is no benchmarks/results/clinic.json: run make clinic"
)


@needs_the_record
def test_the_limits_are_those_that_the_record_gives():
    """Rounded to two digits; chosen on the even seeds alone."""
    chosen = benchmark.choose_limits(RECORD)
    assert chosen.keys() <= LIMITS.keys()
    for name, limit in chosen.items():
        assert LIMITS[name] == pytest.approx(limit, rel=0.05), name


@needs_the_record
@pytest.mark.parametrize("album", RECORD["albums"])
def test_on_seeds_that_it_never_saw_the_panel_names_and_seldom_blames(album):
    said = benchmark.score(RECORD, album)
    healthy = said.pop(benchmark.HEALTHY)
    false_alarms = sum(count for suspects, count in healthy.items() if suspects)
    assert false_alarms <= 0.05 * sum(healthy.values())
    for fault, told in said.items():
        named = sum(count for suspects, count in told.items() if fault in suspects)
        assert named >= 0.9 * sum(told.values()), fault


@needs_the_record
def test_the_table_that_lesson_07_shows_is_the_records():
    assert (RESULTS / "clinic.md").read_text(encoding="utf-8") == benchmark.report(RECORD)


def test_a_limit_divides_two_rows_with_the_fewest_mistakes():
    assert benchmark.divide([0.0, 1.0], [3.0, 4.0]) == 2.0
    assert 1 < benchmark.divide([0.0, 1.0, 5.0], [3.0, 4.0]) < 3  # one mistake, not two
    assert benchmark.divide([-4.0], [-1.0]) == -2.5


def test_a_reading_has_what_the_cards_and_the_record_name():
    from helpers.classroom.clinic import SIGNS, WORDS

    fields = {field.name for field in dataclasses.fields(Reading)}
    assert set(WORDS) == fields - {"step", "seconds"}
    assert set(SIGNS) == set(FAULTS) and {field for field, _ in SIGNS.values()} <= fields
