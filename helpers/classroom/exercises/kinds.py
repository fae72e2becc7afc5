"""The kinds of exercises: a value is asked for, a function, or something that has to be tried."""

from collections.abc import Callable
from dataclasses import dataclass

NOT_A_FUNCTION = "Give the function itself, by its name and without brackets behind it."
RETURNS_NOTHING = "Your function returns nothing yet: its last line begins with return."


@dataclass(frozen=True)
class Value:
    """A number, a word, a tuple or an array is asked for.

    `right`: whole numbers must be met exactly, others to a thousandth, words in any case, and of
    an array the dtype, too. `reason`: why it is right. `hints`: (wrong answer, hint) pairs, for the
    mistakes that people make; `hint` is for all other wrong answers. What can go wrong in any
    exercise, a word without quotation marks for example, is in `differences.py`.
    """

    right: object
    reason: str
    hints: tuple = ()
    hint: str = "Read the question once more."


@dataclass(frozen=True)
class Function:
    """A function is asked for. It is called for each of `cases`, tuples of arguments.

    `right`: a function that gives the right results in a way of its own. `hints`: (wrong function,
    hint) pairs: who gets in all cases what a wrong function gives, or the same error in the same
    case, gets its hint. All others get `hint`, and before it what is wrong with the shape or the
    numbers. `dtype`: that its arrays must have; None where the question names none.
    """

    right: Callable
    cases: tuple
    reason: str
    hints: tuple = ()
    hint: str = "Read the question once more, and try your function on a small example."
    dtype: str | None = None


@dataclass(frozen=True)
class Trial:
    """Anything else is asked for, a net for example.

    `find_mistake`: a function of the answer that gives a hint, or None where the answer is right.
    `wrong`: (function without arguments that makes a wrong answer, a part of its hint) pairs, for
    the tests. An error in the function becomes a hint, too. `of_a_function`: a function is asked
    for, and `find_mistake` never sees anything that can't be called.
    """

    find_mistake: Callable
    reason: str
    wrong: tuple = ()
    of_a_function: bool = False
