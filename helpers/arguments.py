"""What a function is given, checked: a value that can't be gets a sentence, never a traceback."""

import contextlib
import math
import numbers
import operator

LARGEST_SEED = 2**32 - 1  # numpy takes no larger one


def whole_number(name, value, least, most=math.inf):
    """The value as an int, if it is a whole number from `least` to `most`.

    Raises: ValueError, a sentence with its name, where it is none.
    """
    with contextlib.suppress(TypeError):
        number = operator.index(value)
        truth = isinstance(value, bool) or str(getattr(value, "dtype", "")) == "bool"  # numpy's
        if not truth and least <= number <= most:
            return number
    limits = f"{least} or more" if most == math.inf else f"from {least} to {most}"
    raise ValueError(f"{name} is {value!r}, but it must be a whole number, {limits}.")


def real_number(name, value, *, above=-math.inf, least=-math.inf, most=math.inf):
    """The value, if it is a finite number above `above`, not below `least`, at most `most`.

    Raises: ValueError, a sentence with its name, where it is none.
    """
    is_number = isinstance(value, numbers.Real) and not isinstance(value, bool)
    with contextlib.suppress(OverflowError):  # a whole number too large for a float
        if is_number and math.isfinite(value) and above < value and least <= value <= most:
            return value
    limits = [
        words
        for limit, words in (
            (above, f"above {above:g}"),
            (least, f"{least:g} or more"),
            (most, f"at most {most:g}"),
        )
        if math.isfinite(limit)
    ]
    wanted = f"a number {' and '.join(limits)}" if limits else "a finite number"
    raise ValueError(f"{name} is {value!r}, but it must be {wanted}.")
