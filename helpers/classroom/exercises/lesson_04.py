"""The answers, reasons and hints of lesson 04's exercises. Learner: try first."""

import numpy as np

from helpers.classroom.exercises.kinds import Function, Trial, Value


def _numbered(height, width):
    """A picture in which every number is another one."""
    return np.arange(height * width * 3).reshape(height, width, 3)


def _middle_square(picture):
    height, width, _ = picture.shape
    while height > width:  # the last row goes first, then the first, and so on
        picture = picture[:-1] if (height - width) % 2 else picture[1:-1]
        height = len(picture)
    while width > height:
        picture = picture[:, :-1] if (width - height) % 2 else picture[:, 1:-1]
        width = picture.shape[1]
    return picture


def _middle_rows(old, new):
    """The row in which the middle of each tile lies, by counting halves of rows."""
    return [int((tile + 0.5) * (old / new) + 1e-9) for tile in range(new)]


def _block(pictures):
    block = np.empty((len(pictures), *pictures[0].shape), dtype="float32")
    for number, picture in enumerate(pictures):
        block[number] = picture / 255
    return block


def _turned(values, back):
    return np.interp(values, [-1, 1], [0, 1]) if back else np.interp(values, [0, 1], [-1, 1])


def _as_rows(batches):
    """The batches as an array; an empty one where they have different lengths."""
    try:
        return np.asarray(batches)
    except ValueError:
        return np.empty(0)


def _find_mistake_in_a_pass(pass_of_batches):
    if not callable(pass_of_batches):
        return "Give the function itself, by its name and without brackets behind it."
    random = np.random.default_rng(0)
    batches = pass_of_batches(30, 5, random)
    if batches is None:
        return "Your function returns nothing yet: its last line begins with return."
    batches = _as_rows(batches)
    if batches.shape != (6, 5):
        return (
            "30 pictures, 5 a batch: the array should have six rows of five, and yours has the "
            f"shape {batches.shape}."
        )
    if sorted(batches.ravel().tolist()) != list(range(30)):
        return (
            "Not every picture comes once. Cut one shuffled order into pieces; draw no batch alone."
        )
    if np.array_equal(batches, np.arange(30).reshape(6, 5)):
        return "Every picture comes once, but still in file order: where is the shuffling?"
    if np.array_equal(np.sort(batches, axis=1), np.arange(30).reshape(6, 5)):
        return "You shuffle inside each batch, so neighbours stay together. Shuffle all rows first."
    if np.array_equal(batches, pass_of_batches(30, 5, random)):
        return "Two passes have the same order. Draw from `random`, which goes on, in every pass."
    try:
        left_over = _as_rows(pass_of_batches(33, 5, random))
    except Exception as error:  # whatever a learner's code raises
        return (
            "With 33 pictures and 5 a batch three are left over, and there your function stops "
            f"with an error, {type(error).__name__}: {error}"
        )
    if left_over.shape != (6, 5):
        return "With 33 pictures and 5 a batch three are left over: leave them out of this pass."
    if len(set(left_over.ravel().tolist())) != 30:
        return "With 33 pictures and 5 a batch some picture comes twice."
    if all(np.max(pass_of_batches(33, 5, random)) < 30 for _ in range(9)):
        return "With 33 pictures the last three are never used. Shuffle all rows, then cut."
    return None


def _file_order(count, batch, random):
    return np.arange(count // batch * batch).reshape(-1, batch)


def _each_batch_alone(count, batch, random):
    return random.integers(0, count, (count // batch, batch))


def _only_inside(count, batch, random):
    return random.permuted(_file_order(count, batch, random), axis=1)


def _always_the_same(count, batch, random):
    order = np.random.default_rng(0).permutation(count)
    return order[: count // batch * batch].reshape(-1, batch)


def _no_rest(count, batch, random):
    return random.permutation(count).reshape(-1, batch)


def _ends_never_used(count, batch, random):
    return random.permutation(count // batch * batch).reshape(-1, batch)


EXERCISES = {
    "04.1": Function(
        right=_middle_square,
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
        ),
        hint="Draw a picture of 6 rows and 4 columns on paper. Which rows stay? Then take 7 rows, and "
        "then a wide picture.",
    ),
    "04.2": Function(
        right=_middle_rows,
        cases=((250, 50), (250, 25), (10, 5), (61, 50), (7, 7)),
        reason="Twice as many halves, whole division: no rounding, so the same rows on every computer.",
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
    "04.3": Function(
        right=_block,
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
        ),
        hint="What is the shape of the result for two pictures? It should have four numbers.",
    ),
    "04.4": Value(
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
    "04.5": Function(
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
                "On the way back, add one first, and then take the half.",
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
    "04.6": Value(
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
    "04.7": Trial(
        find_mistake=_find_mistake_in_a_pass,
        reason="One order, cut into pieces: every picture comes at most once, and the next pass is new.",
        wrong=(
            (lambda: _file_order, "still in file order"),
            (lambda: _each_batch_alone, "draw no batch alone"),
            (lambda: _only_inside, "neighbours stay together"),
            (lambda: _always_the_same, "Two passes have the same order"),
            (lambda: _no_rest, "there your function stops with an error"),
            (lambda: _ends_never_used, "the last three are never used"),
        ),
    ),
    "04.8": Value(
        right=(1, 0),
        reason="Each picture has a face, and no two differ. So one number alone would praise this net.",
        hints=(
            (
                (0, 0),
                "The detector found a face in the mean face, and it finds it a hundred times.",
            ),
            ((1, 1), "The spread is 0 where all pictures are the same."),
            ((0, 1), "The other way round: is there a face? Do two pictures differ?"),
            ((0.01, 0), "The detector looks at each of the hundred pictures for itself."),
        ),
        hint="Two numbers in brackets: the share with a face, and how much two pictures differ.",
    ),
}
