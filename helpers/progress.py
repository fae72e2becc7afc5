"""How far and how long: progress bars, and times in words."""

import os


def progress_bar(**choices):
    """tqdm's bar, in a notebook or a terminal; `choices` are tqdm's own.

    None is shown where `TQDM_DISABLE` is set: tqdm's bars for terminals heed it by themselves,
    those for notebooks don't.
    """
    from tqdm.auto import tqdm

    return tqdm(**choices, disable=progress_is_silent())


def progress_is_silent():
    """Whether progress bars stay away: where `TQDM_DISABLE` is set."""
    return os.environ.get("TQDM_DISABLE", "") not in ("", "0")


def duration(seconds):
    """A planned time in words: 15 gives "15 seconds", 60 "1 minute", 90 "1.5 minutes"."""
    number, unit = (seconds, "second") if seconds < 60 else (seconds / 60, "minute")
    return f"{number:g} {unit}" + ("" if number == 1 else "s")
