"""What a run may be asked for. Nothing here needs TensorFlow, so errors come before its import."""

from helpers.arguments import LARGEST_SEED, real_number, whole_number

PRECISIONS = "float32", "mixed_bfloat16"


def check_choices(*, seed, width, picture_every, precision=None, checkpoint_seconds=0):
    """Raises ValueError, a sentence, for what no run can have. A precision of None is the run's."""
    if precision not in (None, *PRECISIONS):
        raise ValueError(f"precision is {precision!r}, but it must be {' or '.join(PRECISIONS)}.")
    whole_number("seed", seed, 0, LARGEST_SEED)
    whole_number("picture_every", picture_every, 1)
    real_number("width", width, above=0, most=1)
    real_number("checkpoint_seconds", checkpoint_seconds, least=0)


def check_end(steps, minutes):
    """Raises ValueError, a sentence, for an end that no training can have; None is no end."""
    if steps is not None:
        whole_number("steps", steps, 1)
    if minutes is not None:
        real_number("minutes", minutes, above=0)
