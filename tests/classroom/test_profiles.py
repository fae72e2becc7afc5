"""The three profiles: which one is chosen, and that they grow."""

import pytest

from helpers.classroom.profiles import PROFILES, chosen_profile


@pytest.mark.parametrize("name", ["smoke", "workshop", "full"])
def test_each_profile_is_chosen_by_its_name(monkeypatch, name):
    monkeypatch.setenv("COURSE_PROFILE", name)
    assert chosen_profile().name == name


def test_without_a_choice_it_is_the_workshop(monkeypatch):
    monkeypatch.delenv("COURSE_PROFILE", raising=False)
    assert chosen_profile().name == "workshop"


def test_an_unknown_profile_is_a_sentence_that_names_the_known_ones(monkeypatch):
    monkeypatch.setenv("COURSE_PROFILE", "fast")
    with pytest.raises(ValueError, match=r"'fast'.*smoke, workshop, full.*\.$"):
        chosen_profile()


def test_profiles_grow_from_smoke_to_full():
    smoke, workshop, full = (PROFILES[name] for name in ("smoke", "workshop", "full"))
    for field in (
        "width",
        "full_size_steps",
        "printed_and_mended_steps",
        "judged_pictures",
        "memory",
    ):
        sizes = [getattr(each, field) for each in (smoke, workshop, full)]
        assert sizes == sorted(sizes), field
    assert full.width == 1.0
