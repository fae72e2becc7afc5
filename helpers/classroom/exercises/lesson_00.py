"""The answers, reasons and hints of lesson 00's exercises. Learner: try first."""

import math

import numpy as np

from helpers.classroom.exercises.kinds import Function, Value


def a_fake_for_each(forger, noise):
    """Fakes, one after the other."""
    return [forger[0] + forger[1] * number for number in noise]


def loss_by_hand(fake_scores, real_scores):
    """Cross-entropy, one score after the other."""
    costs = [-math.log(score) for score in fake_scores]
    costs += [-math.log(1 - score) for score in real_scores]
    return sum(costs) / len(costs)


class Line:
    """A suspicion that is 0.5 at 60 mm and grows by `slope` with each mm."""

    def __init__(self, slope):
        self.slope = slope

    def __call__(self, mean):
        return 0.5 + self.slope * (mean - 60.0)


def slope_of(mean, suspicion_of):
    """What the learner's first line computes, for the wrong functions."""
    return (suspicion_of(mean + 0.1) - suspicion_of(mean - 0.1)) / 0.2


NOISE = np.array([-1.0, 0.0, 0.5, 2.0])
DIVIDED_BY_SLOPE = "Where the suspicion is flat, the slope is 0. Multiply by it, as before."
FAKE_SCORES, REAL_SCORES = np.array([0.9, 0.6, 0.2]), np.array([0.1, 0.3, 0.8])

EXERCISES = {
    "00.1": Function(
        right=a_fake_for_each,
        cases=((np.array([50.0, 5.0]), NOISE), (np.array([63.0, 3.5]), NOISE)),
        reason="Two weights make a whole heap of fakes. A generator has millions of weights, "
        "and its noise is a hundred numbers for each picture. The idea is the same.",
        hints=(
            (lambda forger, noise: forger[0] + noise, "The mean is in. Where is the spread?"),
            (lambda forger, noise: forger[1] * noise, "The spread is in. Where is the mean?"),
            (
                lambda forger, noise: forger[1] + forger[0] * noise,
                "Mean and spread have changed places: these people differ by 50 mm.",
            ),
            (
                lambda forger, noise: (forger[0] + noise) * forger[1],
                "Mind the order: the spread is for the noise only, not for the mean.",
            ),
        ),
        hint="Noise of 0 must give the mean itself. Noise of 1 must give one spread more.",
    ),
    "00.2": Function(
        right=lambda mean, suspicion_of: mean - 20.0 * suspicion_of.slope,
        cases=((50.0, Line(-0.05)), (70.0, Line(0.04)), (63.0, Line(0.0))),
        reason="Against the slope, the suspicion falls. This is gradient descent, and nearly all "
        "learning of nets is this line, with more numbers.",
        hints=(
            (
                lambda mean, suspicion_of: mean + 20.0 * slope_of(mean, suspicion_of),
                "It walks toward suspicion: where the suspicion rises to the right, this goes "
                "right. Where should it go?",
            ),
            (
                lambda mean, suspicion_of: mean + slope_of(mean, suspicion_of),
                "The direction is still the old one, and the learning rate is gone.",
            ),
            (
                lambda mean, suspicion_of: mean - slope_of(mean, suspicion_of),
                "The direction is right now. But leave the learning rate in: the steps are tiny.",
            ),
            (
                lambda mean, suspicion_of: -20.0 * slope_of(mean, suspicion_of),
                "That is the step alone. The forger needs its new mean.",
            ),
            (
                lambda mean, suspicion_of: mean + 20.0 * abs(slope_of(mean, suspicion_of)),
                "This always goes to the right. A forger at 70 mm has to go left.",
            ),
            (
                lambda mean, suspicion_of: mean - 20.0 / slope_of(mean, suspicion_of),
                DIVIDED_BY_SLOPE,
            ),
            (
                lambda mean, suspicion_of: mean + 20.0 / slope_of(mean, suspicion_of),
                DIVIDED_BY_SLOPE,
            ),
        ),
        hint="In the given line only one character is wrong. Where the slope is positive, the mean must get smaller.",
    ),
    "00.3": Function(
        right=loss_by_hand,
        cases=((FAKE_SCORES, REAL_SCORES), (np.full(4, 0.5), np.full(4, 0.5))),
        reason="This is binary cross-entropy. Keras has it under that name, and all "
        "discriminators of this course learn with it.",
        hints=(
            (
                lambda fake, real: (np.log(fake).mean() + np.log(1 - real).mean()) / 2,
                "The size is right. But a loss is positive here: mind the minus sign.",
            ),
            (
                lambda fake, real: -(np.log(fake).mean() + np.log(real).mean()) / 2,
                "For the real ones a score near 0 is good, so they need the other formula.",
            ),
            (
                lambda fake, real: -(np.log(1 - fake).mean() + np.log(real).mean()) / 2,
                "Fakes and real ones have changed places: a fake should score near 1.",
            ),
            (
                lambda fake, real: -(np.log(fake).mean() + np.log(1 - real).mean()),
                "Nearly. You added the means of the two heaps: the mean of all is half of that.",
            ),
            (
                lambda fake, real: -(np.log10(fake).mean() + np.log10(1 - real).mean()) / 2,
                "Use the natural logarithm, np.log.",
            ),
        ),
        hint="Work it out for one fake and one real distance, both with a score of 0.5. One positive "
        "number must come out.",
    ),
    "00.4": Value(
        right="mean",
        reason="The forger learns only what the inspector can see. Its spread stays far too small.",
        hints=(
            ("both", "Play it: print(play(401, sees=(1, 1, 0))[400]). Real are 63 and 3.5."),
            ("none", "Without the square, can the inspector still see that fakes lie too low?"),
            (
                "spread",
                "Without the square the inspector sees only whether a distance is low or high.",
            ),
        ),
        hint='Answer "mean", "spread", "both" or "none".',
    ),
    "00.5": Value(
        right="inspector",
        reason="It learns with labels, so its part is supervised. The program made the fakes and "
        "knows them.",
        hints=(
            ("forger", "Look for the word labels in both functions."),
            ("discriminator", "Right player, but use its name in this game."),
            ("both", "One of the two functions does not have the word labels in it."),
            ("none", "The game as a whole has none from outside. But look inside the two turns."),
        ),
        hint='Answer with one word in quotation marks, "forger" or "inspector".',
    ),
    "00.6": Value(
        right=0.5,
        reason="It can only guess, and a guess that is sure of itself costs more.",
        hints=(
            (0, "0 means: surely real. Half of them are fake, and those would be very wrong."),
            (1, "1 means: surely fake. Half of them are real, and those would be very wrong."),
            (0.693, "That is a loss. The question is about the score."),
        ),
        hint="The score lies between 0, surely real, and 1, surely fake.",
    ),
    "00.7": Value(
        right=(45, 56),
        reason="First number minus one, last number as it is: 11 columns.",
        hints=(
            ((46, 56), "That is R. Python counts from 0, so the first number is one less."),
            ((45, 55), "Python stops before the last number, so it would end one column early."),
            ((46, 57), "That is one column too far right: Python counts from 0."),
        ),
        hint="Answer with a tuple of two numbers. The rule stands in the table: first minus one, "
        "last as it is.",
    ),
}
