"""How far and how long: bars that can be silenced, and times in words."""

import pytest

from helpers.progress import duration, progress_bar, progress_is_silent


@pytest.mark.parametrize(("value", "silent"), [("1", True), ("true", True), ("0", False)])
def test_bars_stay_away_where_that_is_asked_for(monkeypatch, capsys, value, silent):
    monkeypatch.setenv("TQDM_DISABLE", value)
    assert progress_is_silent() == silent
    with progress_bar(total=3, desc="Photographs") as bar:
        bar.update(3)
    shown = capsys.readouterr()
    assert ("Photographs" in shown.err and "3/3" in shown.err) != silent
    assert shown.out == ""


@pytest.mark.parametrize("value", [None, ""])
def test_bars_are_shown_where_nothing_is_said(monkeypatch, value):
    if value is None:
        monkeypatch.delenv("TQDM_DISABLE", raising=False)
    else:
        monkeypatch.setenv("TQDM_DISABLE", value)
    assert not progress_is_silent()


def test_a_bar_goes_through_what_it_is_given(monkeypatch):
    for silent in ("0", "1"):
        monkeypatch.setenv("TQDM_DISABLE", silent)
        assert list(progress_bar(iterable="abc")) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.5, "0.5 seconds"),
        (1, "1 second"),
        (15, "15 seconds"),
        (60, "1 minute"),
        (90, "1.5 minutes"),
        (120, "2 minutes"),
        (3600, "60 minutes"),
    ],
)
def test_a_time_is_told_in_words(seconds, words):
    assert duration(seconds) == words
