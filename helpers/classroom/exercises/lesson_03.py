"""The answers, reasons and hints of lesson 03's exercises. Learner: try first."""

import math

import numpy as np

from helpers.classroom.exercises.judge_trials import (
    CONVOLUTIONS,
    chapters_judge,
    judge,
    mistake_in_a_judge,
    mistake_in_the_chapters_judge,
)
from helpers.classroom.exercises.kinds import Function, Trial, Value


def places(size, kernel, stride):
    """Let the window jump until it does not fit any more, and count."""
    count, start = 0, 0
    while start + kernel <= size:
        count, start = count + 1, start + stride
    return count


def cross_entropy(score, label):
    """The two cases one by one."""
    return -math.log(score) if label == 1 else -math.log(1 - score)


def gray(pictures):
    """Each pixel's three colours become their mean."""
    return np.einsum("nrcs,st->nrct", pictures, np.full((3, 3), 1 / 3))


def labels_of(fakes, photographs):
    return np.array([[1.0]] * fakes + [[0.0]] * photographs)


def unseen(size, layers):
    """Carry a mark for each row through all layers: a row that leaves none is not seen."""
    rows = [{row} for row in range(size)]
    for kernel, stride in layers:
        starts = range(0, len(rows) - kernel + 1, stride)
        rows = [set().union(*rows[start : start + kernel]) for start in starts]
    return size - len(set().union(*rows))


def left_over(size, kernel, stride):
    return (size - kernel) % stride


def added_up(size, layers):
    """A typical mistake: what each layer leaves over, as if all rows were rows of the picture."""
    total = 0
    for kernel, stride in layers:
        total += left_over(size, kernel, stride)
        size = places(size, kernel, stride)
    return total


def left_at_the_end(size, layers):
    """A typical mistake: how many places fewer come out than rows went in."""
    now = size
    for kernel, stride in layers:
        now = places(now, kernel, stride)
    return size - now


EXERCISES = {
    "03.1": Function(
        right=places,
        cases=((48, 5, 2), (22, 5, 2), (9, 3, 2), (50, 3, 1), (50, 7, 3), (7, 7, 2)),
        reason="The window jumps (size − filter) // stride times, and its first place counts, too.",
        hints=(
            (
                lambda size, kernel, stride: (size - kernel) // stride,
                "Nearly: you counted the jumps. The window also stands at its first place.",
            ),
            (
                lambda size, kernel, stride: size - kernel + 1,
                "That is with stride 1. The window may jump several places at a time.",
            ),
            (
                lambda size, kernel, stride: -(-size // stride),
                'That would be with padding="same". Here the window never leaves the picture.',
            ),
            (
                lambda size, kernel, stride: (size - kernel + 1) // stride,
                "Sometimes right, by luck. Count the jumps first, and only then the first place.",
            ),
            (
                lambda size, kernel, stride: (size - kernel) / stride + 1,
                "There is no half place: what does not fill a stride is dropped.",
            ),
        ),
        hint="Write down all starts for a picture of 9, a filter of 3 and stride 2, and count.",
    ),
    "03.2": Value(
        right=73792,
        reason="Each of the 64 filters has 3·3·128 weights and one bias: 64 · 1153 = 73792.",
        hints=(
            (73728, "The weights are right. Each filter also has a bias."),
            (640, "A filter looks at all 128 channels, not at one."),
            (73856, "One bias for each filter, not one for each channel."),
        ),
        hint="Count one filter first, then take 64 of them.",
    ),
    "03.3": Trial(
        of_a_function=True,
        find_mistake=mistake_in_a_judge,
        reason="The sigmoid turns any sum into a score between 0 and 1, and only such a score has a cross-entropy.",
        wrong=(
            (lambda: judge, "Which scores does section 6 allow"),
            (lambda: lambda: judge("tanh"), "−1"),
            (lambda: lambda: judge("softmax"), "always 1"),
            (lambda: lambda: judge("relu"), "no upper end"),
            (lambda: lambda: judge("sigmoid", units=2), "one number for each picture"),
        ),
    ),
    "03.4": Value(
        right=0.1,
        reason="0.9 there means 'surely a photograph', and for us that is near 0: 1 − 0.9 = 0.1.",
        hints=(
            (0.9, "There, 1 is a photograph. Here, 1 is a fake."),
            (-0.9, "A score lies between 0 and 1. Which one is as far from the other end?"),
            (0, "Nearly. That tutorial's judge was not perfectly sure, and ours should not be."),
        ),
        hint="What does 0.9 say in that tutorial, in words?",
    ),
    "03.5": Function(
        right=unseen,
        cases=(
            (50, ((3, 1), (5, 2), (5, 2), (3, 2))),
            (50, ((3, 1),)),
            (48, ((5, 2),)),
            (10, ((3, 2), (3, 3))),
            (55, ((3, 1), (5, 2), (5, 2), (3, 2))),
        ),
        reason="With 55 rows nothing is lost: 53, 25, 11, 5, and no stride leaves a rest. With 50, three rows are.",
        hints=(
            (
                lambda size, layers: sum(left_over(size, *layer) for layer in layers[:1]),
                "That is the first layer alone. Go through all of them.",
            ),
            (
                added_up,
                "A row that is left over after a stride of 2 stands for two rows of the picture.",
            ),
            (lambda size, layers: 0, "Look at the scores above: some rows made no difference."),
            (lambda size, layers: 3, "Right for 50 rows and the chapter's net. Try other numbers."),
            (
                left_at_the_end,
                "That is all that the layers take away. Most of it was seen: count what no window "
                "reaches.",
            ),
        ),
        hint="Which layer leaves something over? And how many rows of the picture is each row there "
        "worth?",
    ),
    "03.6": Value(
        right=12544,
        reason="50 → 50 → 25 → 13 → 7, and 7·7·256 = 12544: three times as many as with 'valid'.",
        hints=(
            (4096, "That is the chapter's net. Did you set padding='same' in all four layers?"),
            (640_000, "Nothing got smaller here. Are the strides still in it?"),
            (9216, "Rounded up, not down: what does half of 25 become?"),
            (49, "That is the number of places. Each of them holds 256 numbers."),
            (7, "That is the number of rows. Flatten comes last."),
            ((7, 7, 256), "Flatten makes one row of them: multiply."),
        ),
        hint="How many rows are left after each of the four? Print x.shape after each layer.",
    ),
    "03.7": Function(
        right=cross_entropy,
        cases=((0.95, 1), (0.5, 1), (0.05, 1), (0.05, 0), (0.7, 0)),
        reason="The label chooses which half counts. Sure and right costs nearly nothing, sure and wrong a lot.",
        hints=(
            (
                lambda score, label: -cross_entropy(score, label),
                "The numbers are right, but a cost is positive: mind the minus sign.",
            ),
            (
                lambda score, label: cross_entropy(score, 1 - label),
                "The two cases are the wrong way round: label 1 is a fake.",
            ),
            (
                lambda score, label: cross_entropy(score, label) / math.log(10),
                "Use the natural logarithm, np.log.",
            ),
            (
                lambda score, label: cross_entropy(score, 1),
                "Right for a fake. For a photograph a score near 0 must be cheap.",
            ),
        ),
        hint="Two cases: −log(score) for label 1, and −log(1 − score) for label 0.",
    ),
    "03.8": Value(
        right=-np.log(0.25),
        reason="−log(0.25) = 1.386: the discriminator was fooled, and it pays for it.",
        hints=(
            (
                -np.log(0.75),
                "That is what a photograph with this score would cost. This is a fake.",
            ),
            (0.288, "That is what a photograph with this score would cost. This is a fake."),
            *(
                (negative, "The number is right, but a cost is positive: mind the minus sign.")
                for negative in (np.log(0.25), -1.39, -1.4)
            ),
            (-np.log10(0.25), "Use the natural logarithm, np.log."),
        ),
        hint="Which half of the formula counts for a fake?",
    ),
    "03.9": Function(
        right=labels_of,
        cases=((2, 3), (20, 20), (1, 0)),
        reason="Fakes come first and are 1, photographs are 0. No error would have told you.",
        hints=(
            (
                lambda fakes, photographs: 1 - labels_of(fakes, photographs),
                "Take one fake and one photograph: which label does each get?",
            ),
            (
                lambda fakes, photographs: (
                    labels_of(photographs, fakes)[::-1] * 0 + labels_of(fakes, photographs)[::-1]
                ),
                "The photographs come first here. In the batch the fakes do.",
            ),
            (
                lambda fakes, photographs: labels_of(fakes, photographs).ravel(),
                "The numbers are right. Keep the form: one row for each picture, one column.",
            ),
            (
                lambda fakes, photographs: np.ones((fakes + photographs, 1)),
                "Now all of them are called fakes, the photographs too.",
            ),
            (
                lambda fakes, photographs: labels_of(photographs, fakes),
                "The ones come first, as they should. But which of the two counts is that of the fakes?",
            ),
        ),
        hint="Fakes first. What is the label of a fake, and what that of a photograph?",
    ),
    "03.10": Function(
        right=gray,
        cases=(
            (np.linspace(0, 1, 60).reshape(1, 4, 5, 3) ** 2,),
            (np.random.default_rng(0).random((2, 3, 3, 3)),),
        ),
        reason="Three equal channels: the eyes, the mouth and the light are still there, only the colour is gone.",
        hints=(
            (
                lambda pictures: pictures.mean(axis=3),
                "The values are right, but the last axis is gone. keepdims=True keeps it.",
            ),
            (
                lambda pictures: pictures.mean(axis=3, keepdims=True),
                "One channel is left. The judge wants three: repeat it.",
            ),
            (
                lambda pictures: pictures[..., :1].repeat(3, axis=3),
                "That is the red of each pixel three times. Take all three colours into it.",
            ),
            (
                lambda pictures: np.full(pictures.shape, pictures.mean()),
                "One gray for everything: the face is gone, too. Mean over the colours only.",
            ),
            (
                lambda pictures: (pictures @ [0.299, 0.587, 0.114])[..., None].repeat(3, axis=3),
                "That weighs the colours as the eye does. Here, take their plain mean.",
            ),
            (
                lambda pictures: pictures @ [0.299, 0.587, 0.114],
                "Those are the weights of lesson 01: here, take the plain mean. And three channels "
                "must come out.",
            ),
            (
                lambda pictures: np.stack([pictures.mean(axis=3)] * 3),
                "The values are right, but the three channels are the first axis now. They must be "
                "the last one.",
            ),
        ),
        hint="In numpy, the colours are axis 3.",
    ),
    "03.11": Trial(
        of_a_function=True,
        find_mistake=mistake_in_the_chapters_judge,
        reason="Every layer is the chapter's, and together they have 3,878,657 parameters.",
        wrong=(
            (lambda: lambda: None, "must return the net"),
            (lambda: lambda: chapters_judge(CONVOLUTIONS[:3]), "and yours has 3"),
            (lambda: lambda: chapters_judge(((256, 3, 2), *CONVOLUTIONS[1:])), "The strides are"),
            (lambda: lambda: chapters_judge(padding="same"), "no window leaves the picture"),
            (lambda: lambda: chapters_judge(((32, 3, 1), *CONVOLUTIONS[1:])), "numbers of filters"),
            (lambda: lambda: chapters_judge(leaky=3), "comes a leaky ReLU"),
            (lambda: lambda: chapters_judge(drops=0), "throws half of the numbers away"),
            (lambda: lambda: chapters_judge(drops=0.3), "throws another share away"),
            (lambda: lambda: chapters_judge(slope=0.2), "is 0.2 in yours"),
            (lambda: lambda: chapters_judge(drops_first=True), "not in the chapter's order"),
            (lambda: lambda: chapters_judge(units=2), "one number for each picture"),
        ),
    ),
}
