"""The clinic: cases by lot, cards without a name, diagnoses, and mended trainings."""

import re

import pytest

from helpers.classroom import clinic as room
from helpers.classroom.clinic import Clinic, card, switch_of
from helpers.training import FAULTS
from tests.pictures import flat_pictures

PICTURES = flat_pictures(60)


@pytest.fixture
def pages(monkeypatch):
    """What is displayed, each as HTML and in plain words."""
    shown = []
    monkeypatch.setattr(room, "display", lambda page, raw: shown.append(page))
    return shown


def open_clinic(lot=3, steps=2):
    return Clinic(PICTURES[:40], PICTURES[40:], steps, lot=lot)


def test_the_same_lot_gives_the_same_cases_and_another_one_others():
    names = [[open_clinic(lot).name_of(case) for case in range(1, 7)] for lot in (3, 3, 4)]
    assert names[0] == names[1] != names[2]
    assert all(len(set(each)) == 6 and set(each) <= set(FAULTS) for each in names)


def test_over_many_lots_each_fault_comes_up():
    seen = {open_clinic(lot).name_of(case) for lot in range(12) for case in range(1, 7)}
    assert seen == set(FAULTS)


def test_without_a_lot_the_cases_are_drawn_anew_and_the_lot_is_said(capsys):
    lots = {Clinic(PICTURES[:40], PICTURES[40:], 2).lot for _ in range(6)}
    assert len(lots) > 1
    assert re.search(r"6 cases, lot \d+\.", capsys.readouterr().out)


def test_a_card_shows_all_and_no_name(pages):
    clinic = open_clinic()
    clinic.healthy()
    clinic.examine(2)
    healthy, case = (page["text/html"] for page in pages)
    assert "Case 2" in case and "<th>healthy</th>" in case and "<th>healthy</th>" not in healthy
    assert case.count("<img alt=") == 2
    for words, _ in room.WORDS.values():
        assert f"<td>{words}</td>" in case.replace("&#x27;", "'")
    told = pages[1]["text/plain"]
    assert told.startswith("Case 2, after 2 steps\n")
    assert len(told.splitlines()) == 1 + len(room.WORDS)
    for name in FAULTS:
        assert name not in case and name not in told


def test_a_diagnosis_is_right_wrong_or_none_of_the_twelve(capsys, pages):
    clinic = open_clinic()
    name = clinic.name_of(1)
    wrong = next(other for other in FAULTS if other != name)
    clinic.examine(1)
    capsys.readouterr()
    for answer, words in (
        (..., "No diagnosis yet"),
        ("a cold", "none of the twelve"),
        (wrong, f"Not yet. With {wrong!r}"),
        (name, f"Right: {name}."),
    ):
        clinic.diagnose(1, answer)
        told = capsys.readouterr().out
        assert words in told
        assert (name in told) == (answer in ("a cold", name))  # a hint doesn't tell


def test_after_three_wrong_answers_the_way_out_is_told(capsys):
    clinic = open_clinic()
    wrong = [other for other in FAULTS if other != clinic.name_of(1)][:3]
    for answer in wrong:
        clinic.diagnose(1, answer)
    told = capsys.readouterr().out.splitlines()
    assert sum("name_of(1)" in line for line in told) == 1 and "name_of(1)" in told[-1]


@pytest.mark.parametrize("is_right", [True, False])
def test_only_the_right_switch_taken_out_heals(is_right, pages, monkeypatch, capsys):
    """A wrong one leaves the fault where it is: the training is as broken as before."""
    trained = []

    class Noted(room.BrokenRun):
        def __init__(self, faults, *others, **options):
            trained.append(list(faults))
            super().__init__(faults, *others, **options)

    monkeypatch.setattr(room, "BrokenRun", Noted)
    clinic = open_clinic()
    name = clinic.name_of(1)
    clinic.mend(1, name if is_right else next(other for other in FAULTS if other != name))
    assert trained == [[] if is_right else [name]]
    assert ("That was not the switch" in capsys.readouterr().out) != is_right
    assert len(pages) == 1


def test_mending_needs_a_diagnosis(capsys, pages):
    open_clinic().mend(1, ...)
    assert "Diagnose first" in capsys.readouterr().out and pages == []
    with pytest.raises(ValueError, match="none of the twelve"):
        open_clinic().mend(1, "a cold")
    with pytest.raises(ValueError, match="There is no case 7: they go from 1 to 6"):
        open_clinic().examine(7)


def test_a_card_of_a_training_that_broke_down_says_so():
    class Broken:
        history = {"discriminator_loss": [0.7], "generator_loss": [0.7]}
        steps_done, diverged, stopped = 1, True, "The training broke down: <nan>."

        def sample(self, count, seed=0, averaged=True):
            return PICTURES[:count]

    page = card("Case 1", Broken(), [])
    assert "The training broke down: &lt;nan&gt;." in page and "There is no reading" in page


def test_a_switch_is_shown_as_its_code():
    assert switch_of("swapped labels").startswith("def swapped_labels(batch):")
