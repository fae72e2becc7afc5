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


@pytest.mark.parametrize("name", PROFILES)
def test_twice_the_side_gets_no_fewer_minutes(name):
    minutes = [PROFILES[name].minutes_at(size) for size in (50, 100, 200)]
    assert minutes == sorted(minutes) and minutes[0] == PROFILES[name].compact_minutes


def test_the_nets_sizes_have_minutes_and_no_others():
    from helpers.nets import compact

    workshop = PROFILES["workshop"]
    assert [workshop.minutes_at(size) > 0 for size in compact.SIZES] == [True] * 3
    with pytest.raises(ValueError, match="50 x 50, 100 x 100, 200 x 200, not of 60 x 60"):
        workshop.minutes_at(60)
