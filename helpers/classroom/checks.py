"""Exercise checks: a right answer gets its reason, a wrong one a hint."""

import numpy as np


def check(answer, expected, reason, hints=(), hint="Read the question once more."):
    """Print "Right" with the reason, or "Not yet" with a hint; return whether it is right.

    `answer` may be a number, a word, a tuple or an array; `...`, alone or in a tuple, counts as
    not answered yet. Whole numbers must be met exactly, others to a thousandth, words in any case.
    `hints` is a list of (wrong answer, hint) pairs for the mistakes that people make.
    """
    if answer is ... or (isinstance(answer, (tuple, list)) and any(part is ... for part in answer)):
        print("No answer yet: put yours in place of the three dots, and run the cell again.")
        return False
    if _same(answer, expected):
        print(f"Right. {reason}")
        return True
    its_hint = next((text for wrong, text in hints if _same(answer, wrong)), hint)
    print(its_hint if its_hint.startswith("Not yet") else f"Not yet. {its_hint}")
    return False


def _same(answer, expected):
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
    return bool(np.allclose(answer, expected, rtol=tolerance, atol=1e-6))


def _plain_words(words):
    return np.char.lower(np.char.strip(words.astype(str)))
