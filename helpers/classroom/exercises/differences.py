"""What is seen of an answer without knowing the exercise: whether it is the same as another one,
and of a wrong one its form, its shape and its numbers."""

import numpy as np

from helpers.classroom.exercises.sentences import SENTENCES

IN_WORDS = {  # what Python's errors mean, for those who meet them the first time
    NameError: "A name stands there that Python doesn't know: is it spelled as in the question?",
    AttributeError: "Behind a dot stands a name that this thing doesn't have.",
    TypeError: "Something gets another kind of thing than it takes, or too many, or too few: look "
    "at what stands in the brackets.",
    ValueError: "The kind of thing is right, but not its values or its shape: print the shapes.",
    IndexError: "It asks for a place that isn't there: places are counted from 0.",
    KeyError: "It asks for a name that isn't there.",
    ZeroDivisionError: "Somewhere it divides by 0.",
}
LONGEST_ERROR = 180  # letters of an error's own words
LONGEST = 60  # letters of a function's arguments, or of its result, that a sentence shows

BYTES_RUN_OVER = (
    "With floats it would be right. But a byte times a byte is a byte again, and runs over. Divide "
    "first: that makes floats."
)


def in_words(error, hint=None):
    """An error as Python names it, and the hint; without one, what a common error means."""
    common = next((IN_WORDS[kind] for kind in IN_WORDS if isinstance(error, kind)), "")
    told = " ".join(line for line in str(error).splitlines() if line.strip())  # Keras tells pages
    told = told if len(told) <= LONGEST_ERROR else f"{told[:LONGEST_ERROR]} …"
    return f"{type(error).__name__}: {told.rstrip('.')}. {hint or common}".strip()


def same(answer, expected):
    """Whether an answer agrees with another; False for all that is no number, word or array."""
    try:
        answer, expected = np.asarray(answer), np.asarray(expected)
    except (TypeError, ValueError):  # rows of different lengths, a net's symbolic tensor
        return False
    if answer.shape != expected.shape:
        return False
    kinds = answer.dtype.kind + expected.dtype.kind
    if "U" in kinds:
        return bool(np.all(_plain_words(answer) == _plain_words(expected)))
    if not set(kinds) <= set("biuf"):
        return False
    # A thousandth of a parameter count would forgive forgotten biases.
    tolerance = 1e-3 if expected.dtype.kind == "f" else 1e-9
    return bool(np.allclose(answer, expected, rtol=tolerance, atol=1e-6, equal_nan=True))


def other_dtype(answer, asked):
    """What to say of an array of the right numbers in another dtype, or None.

    `asked`: a dtype; None where any will do.
    """
    given = np.asarray(answer).dtype
    if asked is None or given == asked:
        return None
    return SENTENCES["dtype"].format(given=given, asked=asked)


def nearly_right(answer, right):
    """What to say of the right letters, the right parts in disorder, a rounded number, or None."""
    if isinstance(right, str) and _letters(answer) == _letters(right):
        return SENTENCES["letters"]
    if _is_row(right) and _is_row(answer) and len(answer) == len(right) and _short(answer):
        as_good = all(part in right for part in answer) and all(part in answer for part in right)
        return SENTENCES["order"] if as_good else None
    if isinstance(right, float) and isinstance(answer, (int, float)):
        rounded = any(answer == round(float(right), digits) for digits in (1, 2, 3))
        return SENTENCES["rounded"] if rounded else None
    return None


def other_form(answer, right):
    """What a wrong value shows of the mistake: its form, its shape, what of it is right; or ''."""
    if isinstance(right, str):
        return _other_word(answer, right)
    words_asked = _is_row(right) and all(isinstance(part, str) for part in right)
    if isinstance(answer, str) and not words_asked:
        return SENTENCES["no_number"]
    if _is_row(right):
        if not _is_row(answer):
            return SENTENCES["no_row"].format(asked=len(right))
        if len(answer) != len(right):
            return SENTENCES["parts"].format(asked=len(right), given=len(answer))
        return ""
    return _other_shape("It", answer, right) or _wrong_numbers(answer, right)


def _other_word(answer, right):
    if not isinstance(answer, str):
        return SENTENCES["no_word"]
    if not right.isupper():
        return ""
    given = len(answer.strip())
    if given != len(right):
        return SENTENCES["length"].format(asked=len(right), given=given)
    there = sum(one == other for one, other in zip(answer.strip().upper(), right, strict=True))
    return SENTENCES["places"].format(there=there, asked=len(right))


def difference(case, result, expected):
    """What a function's wrong result shows of the mistake, a sentence, or ''.

    `case`: the arguments. `expected`: the right result.
    """
    if result is None:
        return "In one of the tries it returns nothing: does every way through it end in return?"
    told = _other_shape("Your result", result, expected)
    if told:
        return _tried_with(case) + told
    if _is_cut_off(result, expected):
        return "Your numbers are up to 1 too small: a fraction was cut off. Round first."
    given, gives, right = (_short(part) for part in (tuple(case), result, expected))
    if given and gives and right and gives != right:
        return f"With {given} yours gives {gives}, and {right} is right."
    return _wrong_numbers(result, expected, case)


def _tried_with(case):
    """Words on the shape of a case's only array, or ''."""
    shapes = [part.shape for part in case if isinstance(part, np.ndarray)]
    return f"It was tried with the shape {shapes[0]}. " if len(shapes) == 1 else ""


def _letters(answer):
    """The letters and digits of a word, or of a row of words, in small letters."""
    parts = answer if _is_row(answer) else (answer,)
    if not all(isinstance(part, str) for part in parts):
        return None
    return "".join(letter for letter in "".join(parts).lower() if letter.isalnum())


def _is_row(thing):
    return isinstance(thing, (tuple, list))


def _shape(thing):
    """Its shape, or None for what is no number, word or array."""
    try:
        thing = np.asarray(thing)
    except (TypeError, ValueError):
        return None
    return thing.shape if thing.dtype.kind in "biufU" else None


def _other_shape(what, thing, expected):
    """A sentence about two shapes, or '' where they are one."""
    has, asked = _shape(thing), _shape(expected)
    if has is None or has == asked:
        return ""
    if not asked:
        return SENTENCES["not_single"].format(what=what, has=has)
    if not has:
        return SENTENCES["single"].format(what=what, asked=asked)
    return SENTENCES["shape"].format(what=what, has=has, asked=asked)


def _wrong_numbers(result, expected, case=()):
    """How many numbers of an array are wrong, and what the first is; '' for all else.

    `case`: the arguments; of those that have the result's shape, the first one's numbers are told.
    """
    if not _shape(expected) or _shape(result) != _shape(expected):
        return ""
    result, expected = np.asarray(result), np.asarray(expected)
    if "U" in result.dtype.kind + expected.dtype.kind:
        return ""
    wrong = ~np.isclose(result.astype(float), expected.astype(float), rtol=1e-3, atol=1e-6)
    if not wrong.any():
        return ""
    first = tuple(int(place[0]) for place in np.nonzero(wrong))
    given = tuple(part[first] for part in case if np.shape(part) == expected.shape)
    made_of = f" (made of {_short(given)})" if _short(given) else ""
    return SENTENCES["numbers"].format(
        count=wrong.sum(),
        size=wrong.size,
        place=list(first),
        made_of=made_of,
        given=_short(result[first]),
        asked=_short(expected[first]),
    )


def _is_cut_off(result, expected):
    """Whether whole numbers stand where fractions were, each at most 1 below the right one."""
    result, expected = np.asarray(result), np.asarray(expected)
    if not result.ndim or result.dtype.kind not in "iu" or expected.dtype.kind != "f":
        return False
    below = expected - result.astype(float)
    return bool(np.all(below > -1e-6) and np.all(below < 1 + 1e-6))


def _short(thing):
    """A number, a word, or a few of them as they are written in Python; '' for all else."""
    if isinstance(thing, (tuple, list)):
        parts = [_short(part) for part in thing]
        written = f"({', '.join(parts)})" if len(parts) > 1 else "".join(parts)
        return written if all(parts) and len(written) <= LONGEST else ""
    if isinstance(thing, (bool, np.bool_, str)):
        return repr(thing.item() if isinstance(thing, np.bool_) else thing)
    if np.ndim(thing) == 0 and isinstance(thing, (int, float, np.number)):
        return f"{float(thing):.6g}"
    return ""


def _plain_words(words):
    return np.char.lower(np.char.strip(words.astype(str)))
