"""The answers, reasons and hints of lesson 01's exercises. Learner: try first."""

import numpy as np

from helpers.classroom.exercises.kinds import Function, Value

FRAMED = np.pad(np.full((3, 3), 255, dtype="uint8"), 1)  # black around white
TABLE = np.arange(48).reshape(6, 8)
FOUR = np.arange(4 * 2 * 3 * 3).reshape(4, 2, 3, 3)  # pictures of 2 rows and 3 columns

# All mixtures of these are whole numbers, so that rounding or not makes no difference.
INKS = np.array([0, 0, 0, 100, 200, 255], dtype="uint8")
ALPHAS = np.array([0, 51, 255, 153, 204, 102], dtype="uint8")
ONE_LIST = "np.concatenate takes what it glues as one list, in square brackets: ([a, b], axis=1)."
ALPHA_AS_SHARE = "alpha goes from 0 to 255. First make a share from 0 to 1 of it, the opacity."


def small_icon(*alphas):
    """An icon of one row in black ink."""
    icon = np.zeros((1, len(alphas), 4), dtype="uint8")
    icon[0, :, 3] = alphas
    return icon


def white_from_1_to(end):
    """A white square that begins in row 1 and column 1 of a black one."""
    square = np.zeros((5, 5), dtype="uint8")
    square[1:end, 1:end] = 255
    return square


def number_by_number(picture, top, bottom, left, right):
    """R's window: counted from 1, with both ends."""
    rows, columns = range(top, bottom + 1), range(left, right + 1)
    return [[picture[row - 1, column - 1] for column in columns] for row in rows]


def mixed_one_by_one(ink, alpha):
    """Gray levels on white paper, in Python's own numbers, which don't run over."""
    pairs = zip(ink.tolist(), alpha.tolist(), strict=True)
    return [(level * cover + 255 * (255 - cover)) / 255 for level, cover in pairs]


def dark_by_counting(icon):
    """Which share of the pixels is more ink than paper."""
    alphas = icon[:, :, 3].ravel().tolist()
    return sum(alpha > 127 for alpha in alphas) / len(alphas)


def four_put_in_place(pictures):
    """A sheet of two rows and two columns, picture by picture."""
    height, width = pictures.shape[1:3]
    sheet = np.zeros((2 * height, 2 * width, 3), dtype=pictures.dtype)
    for place, picture in enumerate(pictures):
        top, left = place // 2 * height, place % 2 * width
        sheet[top : top + height, left : left + width] = picture
    return sheet


def columns_first(pictures):
    """A wrong sheet: 0 and 1 below each other."""
    left, right = np.concatenate(pictures[:2]), np.concatenate(pictures[2:])
    return np.concatenate([left, right], axis=1)


EXERCISES = {
    "01.1": Value(
        right=(10, 256, 3),
        reason="Ten rows (10 to 19), all columns, and the channels 0, 1 and 2.",
        hints=(
            ((11, 256, 3), "Row 20 is not in it: Python stops before the end."),
            ((10, 256, 4), "The channels stop before 3: these are 0, 1 and 2."),
            ((10, 256, 1), ":3 is not channel 3. It is all channels before it."),
            ((256, 10, 3), "Rows come first."),
        ),
        hint="Three parts, three numbers: how many rows, how many columns, how many channels?",
    ),
    "01.2": Function(
        right=number_by_number,
        cases=((TABLE, 2, 4, 3, 7), (TABLE, 1, 6, 8, 8), (TABLE, 5, 6, 1, 2)),
        reason="Only the two first numbers change. The last ones may stay: one less, because "
        "counting starts at 0, and one more, because Python stops before the end.",
        hints=(
            (
                lambda picture, top, bottom, left, right: picture[top:bottom, left:right],
                "That is R's numbers as they are. The first row and the first column get lost.",
            ),
            (
                lambda picture, top, bottom, left, right: picture[
                    top - 1 : bottom - 1, left - 1 : right - 1
                ],
                "The start is right. The end comes one too early: Python stops before it.",
            ),
            (
                lambda picture, top, bottom, left, right: picture[
                    left - 1 : right, top - 1 : bottom
                ],
                "The numbers are right. But rows come first, and top and bottom are rows.",
            ),
            (
                lambda picture, top, bottom, left, right: picture[top - 1 : bottom][
                    left - 1 : right
                ],
                "The second bracket cuts rows again. Both slices belong in one bracket, with a comma.",
            ),
            (
                lambda picture, top, bottom, left, right: picture[
                    top - 1 : bottom + 1, left - 1 : right + 1
                ],
                "One row and one column too many. Python stops before the end, and R at it.",
            ),
        ),
        hint="Try it: r_window(np.arange(48).reshape(6, 8), 1, 2, 1, 3) must have 2 rows and "
        "3 columns, and begin with 0.",
    ),
    "01.3": Value(
        right=(100, 120, 29, 32, 0),
        reason="First number minus one, last number as it is, and the channel minus one.",
        hints=(
            ((101, 120, 30, 32, 1), "That is R. Python counts from 0."),
            (
                (100, 119, 29, 31, 0),
                "Python stops before the last number: the last row is lost. How is it with the last column?",
            ),
            (
                (100, 120, 29, 32, 1),
                "Rows and columns are right. The channel is counted from 0, too.",
            ),
            ((101, 121, 30, 33, 1), "That is one step too far: counting starts at 0."),
        ),
        hint="Take the rule from the table: first number minus one, last number as it is.",
    ),
    "01.4": Value(
        right="CDAB",
        reason="Floats have room for what lies above 1, so it can be cut there before bytes are made.",
        hints=(
            ("CADB", "Before the addition there is nothing to cut yet, and after it nothing cuts."),
            (
                "CDBA",
                "What lies above 1 does not fit in a byte: cut it before the bytes are made.",
            ),
            ("BADC", "That is the order backwards. Where do the floats come from?"),
            ("DCAB", "The first line needs `bright`, and there is no `bright` yet."),
            ("DACB", "The first line needs `bright`, and there is no `bright` yet."),
            ("ABCD", "The first line needs `bright`, and there is no `bright` yet."),
            (
                "CBDA",
                "Here 100 / 255, a fraction, is added to bytes. Change to bytes at the very end.",
            ),
        ),
        hint="Which line needs only `small`? And where can numbers get too large? (Four letters.)",
    ),
    "01.5": Value(
        right=204,
        reason="A fifth is black ink, four fifths are paper: 0 · 0.2 + 255 · 0.8 = 204. A light gray.",
        hints=(
            (
                51,
                "That takes alpha for a gray level: it would be nearly black. It is mostly paper.",
            ),
            (0.8, "Right as a share of the light. As a gray level from 0 to 255?"),
            (0.2, "That is the share of the ink. How much light comes from the paper?"),
            (255, "That is the paper alone. A fifth of it is covered."),
        ),
        hint="Mix: ink · opacity + paper · (1 − opacity), with ink 0, paper 255, opacity 0.2.",
    ),
    "01.6": Function(
        right=mixed_one_by_one,
        cases=((INKS, ALPHAS), (INKS[::-1].copy(), ALPHAS)),
        reason="Ink times opacity, and paper times what is left. With three channels in place of "
        "one it is the same line.",
        hints=(
            (lambda ink, alpha: alpha, "That takes alpha for gray levels: a negative."),
            (
                lambda ink, alpha: 255 - alpha,
                "Right for black ink only. Where the ink is gray, its gray must come through.",
            ),
            (
                lambda ink, alpha: ink * (alpha / 255),
                "The ink is right. But where nothing covers the paper, this is black. Where is the "
                "paper's part?",
            ),
            (
                lambda ink, alpha: ink * (1 - alpha / 255) + 255 * (alpha / 255),
                "Ink and paper have changed places: at alpha 255 the ink covers all.",
            ),
            (
                lambda ink, alpha: ink * (alpha / 255) + 1 - alpha / 255,
                "Where nothing covers the paper, white must come out. Yours gives 1 there.",
            ),
            (
                lambda ink, alpha: 255 - ink * (alpha / 255),
                "Where the ink covers all, its own gray must come out: 100 must stay 100.",
            ),
            (
                lambda ink, alpha: ink * (alpha // 255) + 255 * (1 - alpha // 255),
                "// drops the fraction, so your opacity is 0 or 1, and never between.",
            ),
            (lambda ink, alpha: ink * alpha + 255 * (1 - alpha), ALPHA_AS_SHARE),
            (lambda ink, alpha: ink.astype(float) * alpha + 255.0 * (1.0 - alpha), ALPHA_AS_SHARE),
        ),
        hint="Opacity is alpha / 255. At opacity 1 the ink must come out, at opacity 0 the paper.",
    ),
    "01.7": Function(
        right=dark_by_counting,
        cases=(
            (small_icon(0, 0, 0, 255),),
            (small_icon(0, 60, 200, 255, 255),),
            (small_icon(127, 128, 0, 0),),  # gray 128 and 127
        ),
        reason="Where alpha is high there is ink, and black ink is dark. The clock has about a "
        "third of dark pixels, as your eye says.",
        hints=(
            (
                lambda icon: (icon[:, :, 3] < 128).mean(),
                "It calls the paper dark. What does a 255 count in this channel: light, or ink?",
            ),
            (
                lambda icon: (icon[:, :, 0] < 128).mean(),
                "All dark: that is the red channel, black everywhere. The clock is not in it.",
            ),
            (
                lambda icon: (icon[:, :, 3] == 255).mean(),
                "This counts full ink only. A soft edge that is more ink than paper is dark, too.",
            ),
            (
                lambda icon: (icon[:, :, 3] > 128).mean(),
                "Nearly: yours leaves out an alpha of 128, which is gray 127, and dark.",
            ),
            (
                lambda icon: (icon[:, :, 3] > 127).sum(),
                "These are the right pixels. But a share is asked for, not how many they are.",
            ),
        ),
        hint="Turn alpha into gray levels on white paper first: where alpha is 255, gray is 0.",
    ),
    "01.8": Value(
        right=FRAMED,
        reason="Sixteen black pixels around nine white ones. "
        "Show it: plots.show_row([answer], ['mine'], 'My frame', 'A frame').",
        hints=(
            (255 - FRAMED, "A negative! In gray levels, black is 0 and white is 255."),
            (FRAMED / 255, "The frame is right, but uint8 goes to 255, not to 1."),
            (np.zeros((5, 5)), "All black. Which rows and which columns are inside?"),
            (np.full((5, 5), 255), "All white. Begin with zeros, and assign to the inside."),
            (white_from_1_to(3), "Four pixels are white. Python stops before the end of a slice."),
            (white_from_1_to(5), "Your white goes on to the edge. Where should a slice end?"),
        ),
        hint="The frame is one pixel wide: which rows, and which columns, lie inside?",
    ),
    "01.9": Value(
        right=(12, 40, 60, 3),
        reason="Picture, row, column, channel: all arrays of pictures in this course have this order.",
        hints=(
            ((40, 60, 3), "That is one picture. There are twelve."),
            ((40, 60, 3, 12), "Four axes are right. The pictures come first."),
            ((12, 60, 40, 3), "Rows come before columns."),
            ((12, 3, 40, 60), "So do some other libraries. Ours have the channels last."),
            ((12, 40, 60), "Where is the colour?"),
            ((12, 40, 60, 4), "Alpha is not needed: these pictures cover all."),
            ((12, 7200), "So many numbers they are. But a net must know what lies beside what."),
        ),
        hint="Four numbers: which picture, then where in it, then which colour.",
    ),
    "01.10": Function(
        right=four_put_in_place,
        cases=((FOUR,), (FOUR[::-1].copy(),)),
        reason="First side by side, then below each other. Any number of pictures can be glued so.",
        hints=(
            (
                lambda pictures: np.concatenate(list(pictures), axis=1),
                "All four stand in one row. Glue two and two, then one pair below the other.",
            ),
            (
                lambda pictures: np.concatenate(list(pictures), axis=0),
                "All four stand in one column. Glue two and two side by side first.",
            ),
            (
                columns_first,
                "The sheet has the right size, but picture 1 stands below picture 0. It should "
                "stand at its right.",
            ),
            (
                lambda pictures: pictures.reshape(
                    2 * pictures.shape[1], 2 * pictures.shape[2], pictures.shape[3]
                ),
                "The right shape, but the rows of the pictures are mixed up: reshape takes the "
                "numbers in their old order. Glue with np.concatenate.",
            ),
            (lambda pictures: np.concatenate(pictures[0], pictures[1], axis=1), ONE_LIST),
            (lambda pictures: np.concatenate(pictures[0], pictures[1]), ONE_LIST),
            (
                lambda pictures: np.concatenate([pictures[0], pictures[1]], axis=1),
                "That is the upper pair. Where is the lower one?",
            ),
            (
                lambda pictures: four_put_in_place(pictures[[2, 3, 0, 1]]),
                "The right size, but pictures 2 and 3 stand above. 0 and 1 belong there.",
            ),
        ),
        hint="Two pictures of 50 × 50 side by side are 50 × 100. Two such rows are 100 × 100.",
    ),
}
