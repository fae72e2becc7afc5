"""The answers, reasons and hints of lesson 08's exercises. Learner: try first."""

import math
import statistics

import numpy as np

from helpers.classroom.exercises.four_pixels import BLUR, HALVE
from helpers.classroom.exercises.kinds import Function, Value


def _plus_four(found, count):
    """The share with two faces and two other pictures more, and how much it varies, squared."""
    share = (found + 2) / (count + 4)
    return share, share * (1 - share) / (count + 4)


def _agresti_coull(found, count):
    share, variance = _plus_four(found, count)
    low, high = share - 2 * variance**0.5, share + 2 * variance**0.5
    return float(np.clip(low, 0, 1)), float(np.clip(high, 0, 1))


def _ends(share, count, times=2, cut=True):
    half = times * math.sqrt(max(share * (1 - share), 0) / count)
    return (max(0, share - half), min(1, share + half)) if cut else (share - half, share + half)


EXERCISES = {
    "08.1": Function(
        right=lambda *sizes: math.prod(sizes[:3]) * sizes[0] * sizes[3] ** 2,
        cases=((3, 64, 32, 25), (1, 2, 3, 4), (5, 3, 8, 10)),
        reason="All weights are used once at each place, so weights times places.",
        hints=(
            (
                lambda kernel, filters_in, filters_out, side: kernel**2 * filters_in * filters_out,
                "That is the number of weights. How often is each of them used?",
            ),
            (
                lambda kernel, filters_in, filters_out, side: filters_in * filters_out * side**2,
                "Each place looks at a window of kernel × kernel places below it.",
            ),
            (
                lambda kernel, filters_in, filters_out, side: (
                    kernel**2 * filters_in * filters_out * side
                ),
                "A picture has side × side places.",
            ),
            (
                lambda kernel, filters_in, filters_out, side: kernel**2 * filters_out * side**2,
                "Each filter looks at all filters that come in.",
            ),
            (
                lambda kernel, filters_in, filters_out, side: (
                    (kernel**2 * filters_in + 1) * filters_out * side**2
                ),
                "Here are the biases counted, too. Leave them out.",
            ),
            (
                lambda kernel, filters_in, filters_out, side: (
                    kernel * filters_in * filters_out * side**2
                ),
                "A kernel of 3 × 3 has nine weights. Yours has three.",
            ),
            (
                lambda kernel, filters_in, filters_out, side: kernel**2 * filters_in * side**2,
                "That is for one filter that comes out. How many are there?",
            ),
            (
                lambda kernel, filters_in, filters_out, side: (
                    2 * kernel**2 * filters_in * filters_out * side**2
                ),
                "A multiplication and its addition are one multiply-add here. You counted them as two.",
            ),
        ),
        hint="Weights times places. Try it with one filter in, one out, and a kernel of 2 × 2.",
    ),
    "08.2": Value(
        right=(1, 4),
        reason="The weights are the same; there are four times as many places where they are used.",
        hints=(
            ((4, 4), "Does a kernel grow with the picture? Write down its shape."),
            ((1, 2), "The height doubles, and the width doubles, too."),
            ((4, 1), "The other way round: first the weights, then the multiply-adds."),
            ((1, 1), "Each place needs its own multiplications. How many places are there?"),
        ),
        hint="Two numbers in brackets. Does a kernel grow with the picture? And how many places more "
        "are there?",
    ),
    "08.3": BLUR,
    "08.4": Function(
        right=_agresti_coull,
        cases=((50, 100), (100, 100), (0, 100), (57, 60), (320, 400)),
        reason="50 of 100 give 0.40 to 0.60. And 100 of 100 are not sure: from 0.95 on all is possible.",
        hints=(
            (
                lambda found, count: _ends(found / count, count),
                "That is the old rule. The four pictures that you pretend to have seen are missing.",
            ),
            (
                lambda found, count: _ends((found + 2) / (count + 4), count),
                "The share has the four pictures in it, but the count under the root has not.",
            ),
            (
                lambda found, count: _ends((found + 2) / count, count + 4),
                "Two of the four show a face, but all four are pictures: the count grows, too.",
            ),
            (
                lambda found, count: _ends((found + 4) / (count + 4), count + 4),
                "Only two of the four pictures show a face.",
            ),
            (
                lambda found, count: _ends((found + 2) / (count + 4), count + 4, cut=False),
                "A share below 0 or above 1 can't be. Cut both ends.",
            ),
            (
                lambda found, count: _ends((found + 2) / (count + 4), count + 4, times=1),
                "The 2 before the root is missing: this covers two tries of three, not 19 of 20.",
            ),
            (
                lambda found, count: _agresti_coull(found, count)[::-1],
                "The lower end comes first.",
            ),
            (
                lambda found, count: 2 * math.sqrt(_plus_four(found, count)[1]),
                "That is the half of the interval. Return both ends, the share minus and plus it.",
            ),
        ),
        hint="First the new share and the new count. Then the rule, with these two. Then cut both ends.",
    ),
    "08.5": Value(
        right=(16 / 50) / (8 / 40),
        reason="16 / 50 against 8 / 40: larger batches use the processor better, but take fewer steps.",
        hints=(
            (2.0, "Its batch is twice as large, but its steps take longer."),
            (0.8, "That compares the steps. How many photographs are in each?"),
            (0.625, "The other way round: B's as a multiple of A's."),
        ),
        hint="Photographs a millisecond: divide the batch by the time of a step.",
    ),
    "08.6": Function(
        right=lambda rate, step, halved_after: rate * halved_after / (halved_after + step),
        cases=((0.001, 0, 2500), (0.001, 2500, 2500), (0.001, 5000, 2500), (0.001, 1250, 2500)),
        reason="A half after 2500 steps, a third after 5000, a quarter after 7500: ever more slowly.",
        hints=(
            (
                lambda rate, step, halved_after: rate * 0.5 ** (step / halved_after),
                "That halves it again and again: soon nothing is left. Here it falls more slowly.",
            ),
            (
                lambda rate, step, halved_after: rate / (1 + step // halved_after),
                "That is a staircase. With / in place of // the rate falls at every step.",
            ),
            (
                lambda rate, step, halved_after: rate * (1 - step / (2 * halved_after)),
                "A straight line reaches 0 after twice as many steps, and then goes below.",
            ),
            (
                lambda rate, step, halved_after: rate / 1 + step / halved_after,
                "The sum below the line needs brackets.",
            ),
            (
                lambda rate, step, halved_after: rate / (step / halved_after),
                "At step 0 the rate is the whole rate: by what is it divided there?",
            ),
        ),
        hint="At step 0 the rate is as it was. How large is it after halved_after steps?",
    ),
    "08.7": Value(
        right=1 / 20,
        reason="Of the 20 ways to choose three of six, one has the three largest.",
        hints=(
            (20, "That is in how many ways it can fall. A probability is at most 1."),
            (
                1 / 8,
                "Three coins: but six numbers are put in order here, and they go to two recipes.",
            ),
            (
                0.1,
                "That counts both marks: all above, and all below. Only one of them is asked for.",
            ),
            (1 / 6, "That is for one seed: that a certain one is the largest of six."),
            (1 / 120, "The order among the three largest does not matter."),
            (1 / 720, "The order among the three largest, and among the others, does not matter."),
        ),
        hint="How many ways are there to choose three of six, and how many of them are asked for?",
    ),
    "08.8": Value(
        right="augmentation",
        reason="It knows its photographs by heart. Changed at random, they can't be learned by heart.",
        hints=(
            ("larger learning rate", "It would learn by heart even faster."),
            ("larger discriminator", "A larger memory is not what it lacks."),
            ("fewer photographs", "Those are even quicker learned by heart."),
        ),
        hint="Answer with one of the names in the question.",
    ),
    "08.9": Function(
        right=lambda results: (
            statistics.fmean(results),
            2 * statistics.stdev(map(float, results)) / len(results) ** 0.5,
        ),
        cases=(
            (np.array([0.7, 0.6, 0.8]),),
            (np.array([0.61, 0.66, 0.63, 0.7, 0.58]),),
            (np.linspace(0.5, 0.9, 20),),
        ),
        reason="The mean of n seeds has √n times less luck in it than one seed has.",
        hints=(
            (
                lambda results: (np.mean(results), 2 * np.std(results, ddof=1)),
                "That is the luck of one seed. The mean of n seeds has less.",
            ),
            (
                lambda results: (np.mean(results), 2 * np.std(results, ddof=1) / len(results)),
                "The root is missing: divide by √n, not by n.",
            ),
            (
                lambda results: (np.mean(results), np.std(results, ddof=1) / np.sqrt(len(results))),
                "Twice as much: that covers about 19 of 20 rooms.",
            ),
            (
                lambda results: (np.mean(results), 2 * np.std(results) / np.sqrt(len(results))),
                "Here np.std divides by n. Give it ddof=1.",
            ),
            (
                lambda results: 2 * np.std(results, ddof=1) / np.sqrt(len(results)),
                "That is the ± alone. Return the mean and the ±, as a pair.",
            ),
            (
                lambda results: (
                    np.median(results),
                    2 * np.std(results, ddof=1) / np.sqrt(len(results)),
                ),
                "That is the median, the one in the middle. Take the mean.",
            ),
        ),
        hint="Two numbers: the mean, and 2 · spread / √n. How many results are there?",
    ),
    "08.10": HALVE,
    "08.11": Value(
        right="DBECA",
        reason="Latents, fakes, one batch of both, the discriminator's turn, the generator's turn.",
        hints=(
            ("DBEAC", "Who has its turn first, in the chapter and in this course?"),
            ("ADBEC", "The generator's turn is the last: first the discriminator learns."),
            ("BDECA", "From what are the fakes made?"),
            ("DEBCA", "The batch of both holds fakes. Are they there yet?"),
            ("DBCEA", "The discriminator learns from `pictures`. Are they there yet?"),
        ),
        hint="Ask of each line what it needs, and in which line that is made. Five letters in one word.",
    ),
}
