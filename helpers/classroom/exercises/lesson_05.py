"""The answers, reasons and hints of lesson 05's exercises. Learner: try first."""

import numpy as np

from helpers.classroom.exercises.kinds import Function, Trial, Value
from helpers.classroom.exercises.loop_trial import mistake_in_the_loop, wrong_loop
from helpers.classroom.exercises.step_trials import (
    mistake_in_the_discriminators_turn,
    mistake_in_the_generators_turn,
    mistake_in_the_row,
    wrong_discriminators_turn,
    wrong_generators_turn,
    wrong_row,
)


def _one_below_the_other(fakes, photographs):
    batch = np.empty((len(fakes) + len(photographs), *fakes.shape[1:]))
    batch[: len(fakes)], batch[len(fakes) :] = fakes, photographs
    return batch


def _ones_then_zeros(batch_size):
    return np.array([[1.0]] * batch_size + [[0.0]] * batch_size)


def _noise_inward(batch_size, noise, u):
    labels = noise * u
    labels[:batch_size] = 1 - labels[:batch_size]
    return labels


def _noise_inward_of_twenty(batch_size, noise, u):
    """A typical mistake: the lesson's own batch size stands in the function."""
    labels = _ones_then_zeros(batch_size)
    labels[:20] -= noise * u[:20]
    labels[20:] += noise * u[20:]
    return labels


def _restart_when_it_must(first_row, photograph_count, batch_size, restart):
    rows = range(first_row + batch_size, first_row + 2 * batch_size)
    return rows[0] if rows[-1] < photograph_count else restart


def _restart_where(too_far):
    def next_first_row(first_row, photograph_count, batch_size, restart):
        following = first_row + batch_size
        return restart if too_far(following, photograph_count, batch_size) else following

    return next_first_row


_FAKES = np.arange(24.0).reshape(2, 2, 2, 3)
_U = np.array([[0.5], [0.25], [1.0], [0.75]])

EXERCISES = {
    "05.1": Trial(
        of_a_function=True,
        find_mistake=mistake_in_the_row,
        reason="Latents go in, a score comes out, and only the generator's weights can move.",
        wrong=(
            (wrong_row(), "the discriminator would learn, too"),
            (wrong_row(frozen=("discriminator",), compiled=False), "compile it"),
            (wrong_row(frozen=("discriminator",), reach=1), "discriminator's score"),
            (wrong_row(frozen=("generator", "discriminator")), "Freeze the discriminator only"),
            (wrong_row(frozen=("generator",)), "You froze the generator"),
            (wrong_row(frozen=("discriminator",), swapped=True), "can read 100 numbers"),
            (wrong_row(frozen=("discriminator",), is_net=False), "not yet a net"),
            (wrong_row(is_net=False, compiled=False), "not yet a net"),
            (lambda: lambda generator, discriminator: discriminator, "What does the generator"),
        ),
    ),
    "05.2": Trial(
        of_a_function=True,
        find_mistake=mistake_in_the_discriminators_turn,
        reason="It is free before its own step, whatever the other turn has left.",
        wrong=(
            (wrong_discriminators_turn(trainable=None), "still frozen"),
            (wrong_discriminators_turn(swapped=True), "pictures first"),
            (wrong_discriminators_turn(returned=False), "Return its loss"),
            (lambda: lambda discriminator, pictures, labels: 0.501, "takes no step yet"),
        ),
    ),
    "05.3": Trial(
        of_a_function=True,
        find_mistake=mistake_in_the_generators_turn,
        reason="The target says photograph, and only the generator can move toward it.",
        wrong=(
            (wrong_generators_turn(trainable=True), "Freeze it"),
            (wrong_generators_turn(target=1.0), "taken for a fake"),
            (wrong_generators_turn(target=0.5), "label of a photograph"),
            (wrong_generators_turn(returned=False), "Return its loss"),
            (wrong_generators_turn(count=20), "there are 3 latents"),
            (lambda: lambda gan, discriminator, latents: 2.001, "takes no step yet"),
        ),
    ),
    "05.4": Function(
        right=_one_below_the_other,
        cases=((_FAKES, 100 + _FAKES),),
        reason="The batch has twice as many rows; the fakes come first, and so must their labels.",
        hints=(
            (lambda f, p: np.concatenate([p, f]), "The chapter puts the fakes first."),
            (lambda f, p: np.stack([f, p]), "That makes a new dimension. Lengthen the first one."),
            (lambda f, p: f + p, "That adds the values. Each picture must stay what it is."),
            (
                lambda f, p: np.concatenate([f, p], axis=1),
                "That lays each fake on a photograph: one tall picture. Join them along axis 0.",
            ),
            (
                lambda f, p: np.concatenate(f, p),
                "np.concatenate takes what it joins as one list, in square brackets.",
            ),
        ),
        hint="Two arrays of 20 pictures become one of 40. Which of the two comes first?",
    ),
    "05.5": Function(
        right=_ones_then_zeros,
        cases=((2,), (3,), (20,)),
        reason="One row a picture and one column, as the score has; 1 for the fakes, which are first.",
        hints=(
            (
                lambda n: np.concatenate([np.ones(n), np.zeros(n)]),
                "The numbers are right. But a score has the shape (n, 1): make it a column.",
            ),
            (
                lambda n: np.concatenate([np.zeros((n, 1)), np.ones((n, 1))]),
                "The other way round: the fakes are first, and their label is 1.",
            ),
            (lambda n: np.ones((2 * n, 1)), "All of these say 'fake'. What about the photographs?"),
            (lambda n: np.ones((n, 1)), "Half of the batch has no label yet."),
            (
                lambda n: _ones_then_zeros(20),
                "Right for 20, but always 40 labels: take `batch_size` in place of the number.",
            ),
            (
                lambda n: _ones_then_zeros(n // 2),
                "A batch size of 3 means three of each kind, so six labels.",
            ),
        ),
        hint="For a batch size of 2: four rows, one column. Which of the rows are 1?",
    ),
    "05.6": Function(
        right=lambda score, label: -np.log(score**label * (1 - score) ** (1 - label)),
        cases=((0.9, 1.0), (0.9, 0.0), (0.2, 1.0), (0.5, 0.0), (0.6, 0.95)),
        reason="The surer a wrong score, the larger the loss, without any upper limit.",
        hints=(
            (
                lambda score, label: -np.log(score),
                "That is right for the label 1 only. For the label 0 the other part counts.",
            ),
            (
                lambda score, label: label * np.log(score) + (1 - label) * np.log(1 - score),
                "Logarithms of numbers below 1 are negative. What makes a loss of them?",
            ),
            (
                lambda score, label: abs(score - label),
                "That is a distance. Cross-entropy takes logarithms.",
            ),
            (
                lambda score, label: -(label * np.log10(score) + (1 - label) * np.log10(1 - score)),
                "Use the natural logarithm, np.log.",
            ),
            (
                lambda score, label: -np.log(score if label == 1 else 1 - score),
                "Right for the labels 1 and 0. For a label of 0.95 both parts count.",
            ),
        ),
        hint="Two parts, each a logarithm times its share of the label, and a minus before both.",
    ),
    "05.7": Function(
        right=_noise_inward,
        cases=((2, 0.1, _U), (1, 0.3, _U[:2]), (20, 0.1, np.linspace(0, 1, 40)[:, None])),
        reason="All labels stay between 0 and 1, where a score can reach them.",
        hints=(
            (
                lambda n, noise, u: _ones_then_zeros(n) + noise * u,
                "That is as printed: the fakes' labels are above 1.",
            ),
            (
                lambda n, noise, u: _ones_then_zeros(n) - noise * u,
                "Right for the fakes. But the photographs' labels are below 0 now.",
            ),
            (
                lambda n, noise, u: np.abs(_ones_then_zeros(n) - u),
                "The direction is right. How large may the noise be?",
            ),
            (
                lambda n, noise, u: _ones_then_zeros(n) * (1 - noise * u),
                "Right for the fakes. The photographs' labels have no noise at all.",
            ),
            (
                lambda n, noise, u: np.clip(_ones_then_zeros(n) + noise * u, 0, 1),
                "In range, but the fakes' labels have no noise.",
            ),
            (
                _noise_inward_of_twenty,
                "Right for 20 of each kind only: take `batch_size` in place of the number.",
            ),
            (
                lambda n, noise, u: np.ones((n, 1)) - noise * u,
                "`u` has a number for each of the 2 · batch_size labels: first those of the fakes, "
                "then those of the photographs.",
            ),
        ),
        hint="To which side may the label of a fake move, and to which that of a photograph? And which "
        "rows of u belong to which?",
    ),
    "05.8": Value(
        right=np.log(2),
        reason="−ln 0.5 = ln 2, whatever the label. A loss near this number says 'no idea'.",
        hints=(
            (0.5, "That is the score. The loss is minus the logarithm of the score."),
            (np.log(0.5), "A cross-entropy with such labels is never negative: minus is missing."),
            (2 * np.log(2), "The loss of a batch is the mean over its pictures, not a sum."),
            (-np.log10(0.5), "Use the natural logarithm, np.log."),
            (0.69, "That is the number. Write it with np.log, or with three digits."),
        ),
        hint="For a label of 1 the loss is −ln(score).",
    ),
    "05.9": Value(
        right=200_000,
        reason="20 fakes for the discriminator and 20 new ones in the GAN's step, 5000 times.",
        hints=(
            (100_000, "There are two draws of latents in a step."),
            (40, "That is one step. And all of them?"),
            (300_000, "Photographs are not drawn by the generator. Count the draws of latents."),
        ),
        hint="Count both draws of latents in one step, then multiply by the steps.",
    ),
    "05.10": Function(
        right=_restart_when_it_must,
        cases=(
            *((first, 60, 20, 3) for first in (0, 19, 20, 39, 40)),
            (21, 60, 20, 7),
            (25, 60, 20, 5),
        ),
        reason="A full batch that ends with the last photograph is taken now.",
        hints=(
            (
                _restart_where(lambda row, count, size: row + 1 > count - size),
                "That is the same as the printed test. Rows 40 to 59 of 60 would be a full batch: try it.",
            ),
            (
                _restart_where(lambda row, count, size: row + 1 >= count - size),
                "That begins anew even earlier than the printed test. Rows 40 to 59 of 60 would be a full batch: try it.",
            ),
            (
                _restart_where(lambda row, count, size: row >= count),
                "Now a batch may begin near the end and be too short. It needs 20 rows.",
            ),
            (
                _restart_where(lambda row, count, size: row + size > count + 1),
                "One row too far: the last batch would have 19 rows.",
            ),
            (
                lambda row, count, size, restart: restart,
                "It begins anew at every step. When must it, and when not?",
            ),
        ),
        hint="A batch takes the rows first_row to first_row + batch_size - 1. Is the last one there?",
    ),
    "05.11": Trial(
        of_a_function=True,
        find_mistake=mistake_in_the_loop,
        reason="All six blanks are filled, and 200 steps with it left the files that they should.",
        wrong=(
            (wrong_loop(draw=lambda random: random.random(20, 100)), "Blank 1: the line stops"),
            (wrong_loop(begin=0), "Blank 2"),
            (wrong_loop(rows=np.zeros((20, 50, 50, 3))), "function's own argument"),
            (wrong_loop(rows=...), "At blank 2"),
            (
                wrong_loop(learn=lambda net, fakes, *_: net.train_on_batch(fakes)),
                "Blank 3: the line",
            ),
            (
                wrong_loop(learn=lambda net, fakes, _, labels: net.train_on_batch(fakes, labels)),
                "It learns from 20 pictures",
            ),
            (wrong_loop(loss=0.1), "Blank 3"),
            (wrong_loop(trainable=True), "Blank 4"),
            (wrong_loop(target=1), "Blank 5"),
            (wrong_loop(target="photograph"), "Blank 5"),
            (wrong_loop(every=1), "Blank 6: it prints and saves at too many steps"),
            (wrong_loop(every=1000), "Blank 6: it never prints and saves"),
        ),
    ),
    "05.12": Function(
        right=lambda mean, weights, decay: mean - (1 - decay) * (mean - weights),
        cases=((1.0, 0.0, 0.99), (np.array([0.0, 2.0]), np.array([1.0, 2.0]), 0.9)),
        reason="Most of the mean stays, a little of the new weights comes in. Old ones fade away.",
        hints=(
            (
                lambda mean, weights, decay: (1 - decay) * mean + decay * weights,
                "The other way round: this forgets the mean at once and follows the last step.",
            ),
            (
                lambda mean, weights, decay: (mean + weights) / 2,
                "Half and half forgets too fast. The share that stays is called decay.",
            ),
            (
                lambda mean, weights, decay: decay * mean + weights,
                "The two shares must add up to 1, or the mean grows and grows.",
            ),
            (lambda mean, weights, decay: decay * mean, "Where do the new weights come in?"),
            (
                lambda mean, weights, decay: 0.99 * mean + 0.01 * weights,
                "Take the `decay` that your function gets.",
            ),
            (
                lambda mean, weights, decay: decay * mean + 0.01 * weights,
                "Right for a `decay` of 0.99 only: with 0.9, a tenth of the new weights comes in.",
            ),
        ),
        hint="Two parts: of the mean, the share `decay` stays. How large is the share of the weights?",
    ),
}
