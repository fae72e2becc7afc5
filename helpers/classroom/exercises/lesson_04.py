"""The answers, reasons and hints of lesson 04's exercises. Learner: try first."""

import numpy as np

from helpers.classroom.exercises.file_trials import (
    always_the_same,
    each_batch_alone,
    ends_never_used,
    file_order,
    mistake_in_a_list,
    mistake_in_a_pass,
    no_rest,
    only_inside,
)
from helpers.classroom.exercises.kinds import Function, Trial, Value
from helpers.classroom.exercises.picture_trials import (
    always_into,
    as_block,
    cut,
    cut_from_both_ends,
    filled,
    middle_square,
    only_some,
)


def _numbered(height, width):
    """A picture in which every number is another one."""
    return np.arange(height * width * 3).reshape(height, width, 3)


def _middle_rows(old, new):
    """The row in which the middle of each tile lies, by counting halves of rows."""
    return [int((tile + 0.5) * (old / new) + 1e-9) for tile in range(new)]


def _picked(picture, rows):
    return picture[np.ix_(rows, rows)]


def _photographs(count):
    return [np.full((50, 50, 3), 7 * number + 3, dtype="uint8") for number in range(count)]


def _turned(values, back):
    return np.interp(values, [-1, 1], [0, 1]) if back else np.interp(values, [0, 1], [-1, 1])


EXERCISES = {
    "04.1": Trial(
        of_a_function=True,
        find_mistake=mistake_in_a_list,
        reason="The star stands for any letters, and sorted makes the order the same everywhere.",
        wrong=(
            (lambda: lambda folder: list(folder.glob("*.jpg")), "not in the order of their names"),
            (lambda: lambda folder: sorted(folder.iterdir()), "There are other files"),
            (lambda: lambda folder: sorted(folder.glob(".jpg")), "It finds nothing"),
            (
                lambda: lambda folder: sorted(path.name for path in folder.glob("*.jpg")),
                "names without their folder",
            ),
            (lambda: lambda folder: sorted(folder.glob("*.jpg"))[:3], "your list has 3"),
            (lambda: lambda folder: None, "returns nothing yet"),
            (lambda: lambda folder: sorted(folder), "a folder is no list"),
        ),
    ),
    "04.2": Function(
        right=middle_square,
        cases=((_numbered(4, 4),), (_numbered(6, 4),), (_numbered(3, 7),), (_numbered(7, 4),)),
        reason="Whole division also serves odd numbers: of 3 rows too many, 1 goes above and 2 below.",
        hints=(
            (
                lambda picture: picture[: min(picture.shape[:2]), : min(picture.shape[:2])],
                "That is a square, but from the upper left corner. How much has to go there?",
            ),
            (
                lambda picture: picture[-min(picture.shape[:2]) :, -min(picture.shape[:2]) :],
                "That is a square, but from the lower right corner. Half of the rest goes there.",
            ),
            (lambda picture: picture, "Nothing is cut off. Which side is the longer one?"),
            (
                lambda picture: cut(picture, side=3),
                "Your square has 3 rows and columns: that is the number of colours. Take the height "
                "and the width only.",
            ),
            (
                lambda picture: cut(picture, extra=1),
                "Of 7 rows and 4 columns, three rows are too many: one goes above, two below.",
            ),
            (
                cut_from_both_ends,
                "Where nothing has to go, this cuts everything: 0 and −0 are the same place.",
            ),
        ),
        hint="Draw a picture of 6 rows and 4 columns on paper. Which rows stay? Then take 7 rows, and "
        "then a wide picture.",
    ),
    "04.3": Function(
        right=_middle_rows,
        cases=((250, 50), (250, 25), (10, 5), (61, 50), (7, 7)),
        reason="The middle of each tile, as a whole number. The solution has whole numbers on the way, "
        "too, so it gives the same rows on every computer.",
        hints=(
            (
                lambda old, new: [tile * old // new for tile in range(new)],
                "These are the first rows of the tiles. Go half a tile further.",
            ),
            (
                lambda old, new: [(tile + 1) * old // new - 1 for tile in range(new)],
                "These are the last rows of the tiles. Their middles are asked for.",
            ),
            (
                lambda old, new: (np.arange(new) + 0.5) * old / new,
                "The middles are right, but a row has a whole number: drop the fraction.",
            ),
            (
                lambda old, new: [round((tile + 0.5) * old / new) for tile in range(new)],
                "Drop the fraction: `round` goes to the nearest whole number, so often too far.",
            ),
            (
                lambda old, new: [old // new * tile + old // new // 2 for tile in range(new)],
                "Right as long as the tiles are whole. Of 61 rows 50 are made, too: divide last.",
            ),
        ),
        hint="With 10 old rows and 5 new ones a tile has two rows, and the middles are at 1, 3, 5, 7, 9.",
    ),
    "04.4": Function(
        right=_picked,
        cases=(
            (_numbered(10, 10), np.array([1, 3, 5, 7, 9])),
            (_numbered(6, 6), np.array([1, 4])),
        ),
        reason="One pixel of each tile stays, with all its three colours.",
        hints=(
            (
                lambda picture, rows: picture[rows, rows],
                "That pairs row 1 with column 1, row 3 with column 3: a line, no picture. First "
                "the rows, then the columns.",
            ),
            (
                lambda picture, rows: picture[rows],
                "The rows are right. All columns are still there.",
            ),
            (
                lambda picture, rows: picture[:, rows],
                "The columns are right. All rows are still there.",
            ),
            (
                lambda picture, rows: picture[rows][rows],
                "After the first bracket only the chosen rows are left, and the second bracket "
                "chooses rows again. Which axis are the columns?",
            ),
            (
                lambda picture, rows: picture[: len(rows), : len(rows)],
                "That is the upper left corner in full. A pixel of each tile is asked for.",
            ),
            (
                lambda picture, rows: picture[:: len(picture) // len(rows)][
                    :, :: len(picture) // len(rows)
                ],
                "That takes the first pixel of each tile. Use the numbers in `rows`.",
            ),
        ),
        hint="Two pairs of square brackets are enough, one behind the other.",
    ),
    "04.5": Function(
        right=filled,
        cases=((_photographs(3),), (_photographs(1),)),
        reason="The first axis says which picture, and each picture has its place there.",
        hints=(
            (
                lambda pictures: np.zeros((len(pictures), 50, 50, 3)),
                "The shape is right, and all of it is still 0. Put each picture into its place.",
            ),
            (
                lambda pictures: only_some(pictures, slice(1, None)),
                "The shape is right, but picture 0 is still black. Where does your loop begin?",
            ),
            (
                lambda pictures: only_some(pictures, slice(1)),
                "The shape is right, but only picture 0 is there. Does return stand inside the loop?",
            ),
            (
                lambda pictures: only_some(pictures, slice(-1)),
                "The shape is right, but the last picture is still black. Where does your loop end?",
            ),
            (always_into(0), "Each picture goes to place 0, where the next one covers it."),
            (
                always_into(slice(None)),
                "Each picture goes to all places at once, so all show the last one.",
            ),
            (
                lambda pictures: np.moveaxis(filled(pictures), 0, -1),
                "The number of pictures is the last axis here. It has to be the first.",
            ),
            (
                lambda pictures: np.zeros((50, 50, 3)) + pictures[-1],
                "That is room for one picture. Four numbers make the shape.",
            ),
        ),
        hint="Print the shape of what you give back, for two pictures.",
    ),
    "04.6": Function(
        right=as_block,
        cases=(([_numbered(2, 4), _numbered(2, 4) + 7],), ([_numbered(3, 3)] * 4,)),
        reason="np.stack makes the new first axis. An assert on the shape finds the other one at once.",
        hints=(
            (
                lambda pictures: np.concatenate(pictures) / 255,
                "The result is no block of pictures. Print its shape for two pictures.",
            ),
            (
                lambda pictures: np.stack(pictures, axis=-1) / 255,
                "The new axis is the last one now. It has to be the first.",
            ),
            (
                lambda pictures: np.stack(pictures),
                "The shape is right. But the values should go from 0 to 1.",
            ),
            (
                lambda pictures: np.concatenate(pictures, axis=1) / 255,
                "Now they are glued side by side. The block needs an axis more.",
            ),
            *(
                (
                    lambda pictures, first=first: (
                        np.concatenate(pictures).reshape(first or len(pictures), 50, 50, 3) / 255
                    ),
                    "The pictures need not be 50 × 50, so don't write the size down. Which function "
                    "makes the new axis by itself?",
                )
                for first in (None, -1)
            ),
        ),
        dtype="float32",
        hint="What is the shape of the result for two pictures? It should have four numbers.",
    ),
    "04.7": Value(
        right="CEABD",
        reason="A square first, so that nothing is squeezed; and the checks at the end, on what is used.",
        hints=(
            ("CAEBD", "Made 50 × 50 first, a picture that is no square would be squeezed."),
            ("CEBAD", "Pictures of several sizes can't be stacked. Make them alike before."),
            ("CEADB", "There is no `images` before the pictures are one array."),
            ("ECABD", "A file is packed: there are no rows and columns before it is unpacked."),
        ),
        hint="Five letters. What does each step need that another one makes?",
    ),
    "04.8": Function(
        right=_turned,
        cases=(
            (np.array([0.0, 0.25, 0.5, 1.0]), False),
            (np.array([-1.0, -0.5, 0.0, 1.0]), True),
        ),
        reason="There and back are each other's inverse: what is done last is undone first.",
        hints=(
            (
                lambda values, back: 2 * values - 1,
                "One way is right. Where `back` is True the other way is asked for.",
            ),
            (
                lambda values, back: values / 2 + 1 if back else 2 * values - 1,
                "On the way back −1 should become 0, and yours gives 0.5. What is done last on the way "
                "there?",
            ),
            (
                lambda values, back: (values - 1) / 2 if back else 2 * values - 1,
                "On the way back −1 should become 0. Yours becomes −1.",
            ),
            (
                lambda values, back: 2 * values - 1 if back else (values + 1) / 2,
                "Both formulas are right, but they have changed places.",
            ),
        ),
        hint="Try 0 and 1 on the way there, and −1 and 1 on the way back.",
    ),
    "04.9": Value(
        right=6,
        reason="The steps begin at rows 0, 20, 40, 60, 80 and 100. The next, 120, is too near to the end.",
        hints=(
            (26, "That is for 530 pictures."),
            (6.5, "130 / 20 is 6.5, but a walk has whole steps."),
            (7, "The seventh step would begin at row 120, and need rows up to 139."),
            (5, "Row 100 still fits: 101 is not above 130 − 20."),
        ),
        hint="Write down the rows where the steps begin: 0, 20, 40, … Which is the last that fits?",
    ),
    "04.10": Trial(
        of_a_function=True,
        find_mistake=mistake_in_a_pass,
        reason="One order, cut into pieces: every picture comes at most once, and the next pass is new.",
        wrong=(
            (lambda: file_order, "still in file order"),
            (lambda: each_batch_alone, "draw no batch alone"),
            (lambda: only_inside, "neighbours stay together"),
            (lambda: always_the_same, "Two passes have the same order"),
            (lambda: no_rest, "there your function stops with an error"),
            (lambda: ends_never_used, "the last three are never used"),
        ),
    ),
    "04.11": Value(
        right="DCAEB",
        reason="You will meet each of them again, with your own pictures at the latest.",
        hints=(
            ("CDAEB", "Swapped rows and columns leave every pixel as bright as it was."),
            ("DCBEA", "26,500 is 530 · 50. Which mistake glues pictures to each other?"),
            ("ECADB", "Squeezed faces still stand upright. What makes them lie?"),
            ("DCAEA", "Each letter is used once."),
        ),
        hint="Begin with the one that you are sure of. Each letter is used once.",
    ),
}
