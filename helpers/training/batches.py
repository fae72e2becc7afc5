"""What each step of a training takes: photographs, latents and labels, all from one seed.

The stream depends on nothing but the recipe, the photographs and the seed. So a run that is
continued finds its place in it again from the number of its steps alone.

Its order is one of row numbers, shuffled as a whole, so photographs on disk (`StoredPictures`) are
shuffled as well as those in memory. A buffer as tf.data's `shuffle` has it would mix neighbours
only, and would have to be filled anew by a run that is continued.
"""

import itertools

import numpy as np

from helpers.faces.stored_pictures import StoredPictures
from helpers.images import check_pictures, to_net_range
from helpers.machine import import_tensorflow
from helpers.nets.latents import draw_latents
from helpers.training import chapter_step
from helpers.training.augment import RANDOM_NUMBERS

tf = import_tensorflow()

FEWEST = 16  # photographs: what is left of 20 where a fifth is held out


def check_photographs(images, batch_size):
    """The photographs as float32 (n, size, size, 3), if a training can use them; stored ones stay.

    Where they are fewer than a batch, a sentence says so: a step shows some of them again.
    Raises: ValueError where they are not, are fewer than 16 (or a batch), or leave [0, 1].
    """
    if not isinstance(images, StoredPictures):  # nothing but pictures in [0, 1] is stored
        images = check_pictures(images, "photographs")
    if images.shape[1] != images.shape[2]:
        raise ValueError(
            f"The photographs have {images.shape[1]} x {images.shape[2]} pixels, but the nets need "
            "squares. load_faces makes squares of any pictures."
        )
    needed = min(batch_size, FEWEST)
    if len(images) < needed:
        raise ValueError(
            f"There are {len(images)} photographs, but a training needs {needed} or more. "
            "Add photographs, or use load_faces('drawn')."
        )
    if len(images) < batch_size:
        print(
            f"A step takes {batch_size} photographs, but there are {len(images)}: each step shows "
            "some of them more than once."
        )
    return images


def rows_of_a_pass(count, batch_size):
    """The rows of all photographs, in order; where they don't fill a batch, all of them again."""
    return np.tile(np.arange(count), -(-batch_size // count))


def batches(recipe, images, seed, after_step=0, shares=None):
    """An endless stream of batches, one a step, drawn in the order of the chapter's loop.

    `images`: float32 (n, size, size, 3) in [0, 1], in memory or stored; where they are fewer than
    the recipe's batch size b, some are in a batch more than once. `after_step` leaves out as many
    batches of the stream. Each batch is a dict of float32 arrays:

    - `latents` (b, 100): the fakes that the discriminator sees are made of them;
    - `photographs` (b, size, size, 3), in the recipe's range;
    - `labels` (b, 2): the label of a fake, and that of a photograph;
    - `next_latents` (b, 100): for the generator's turn;
    - `uniform_noise` (2b, 6), where the recipe augments: for `augment.augment`, fakes first.

    shares: a `Shares`: of each batch the shares of these replicas come, one after the other, in
        place of the whole.
    """
    stream = itertools.islice(_drawn(recipe, len(images), seed), after_step, None)
    for batch in shares.of(stream, recipe.batch_size) if shares else stream:
        chosen = images[batch.pop("rows")]
        if recipe.same_range:
            chosen = to_net_range(chosen)
        mirrored = batch.pop("mirrored")[:, None, None, None]
        batch["photographs"] = np.where(mirrored, chosen[:, :, ::-1], chosen)
        yield batch


def as_dataset(make_stream, strategy=None):
    """Streams of batches as a `tf.data.Dataset`, two batches ahead of the step that needs them.

    make_stream: gives the stream; whoever iterates over the dataset gets a new one from it.
    strategy: with a `tf.distribute.Strategy` it is a stream of shares, for this process's replicas.
    """
    first = next(make_stream())
    dataset = tf.data.Dataset.from_generator(
        make_stream,
        output_signature={name: tf.TensorSpec(a.shape, a.dtype) for name, a in first.items()},
    ).prefetch(2)
    if strategy is None:
        return dataset
    endless = tf.data.experimental.assert_cardinality(tf.data.INFINITE_CARDINALITY)
    dataset = dataset.apply(endless)  # else workers ask each other at every step who has an end
    return strategy.distribute_datasets_from_function(lambda _: dataset)


def _drawn(recipe, photograph_count, seed):
    """The stream with row numbers in place of photographs: a skipped step costs next to nothing."""
    random = np.random.default_rng(seed)
    batch_size = recipe.batch_size
    make_labels = (
        chapter_step.labels_inward if recipe.noise_points_inward else chapter_step.labels_as_printed
    )
    order = rows_of_a_pass(photograph_count, batch_size)
    row_count = len(order)
    if recipe.shuffled:
        random.shuffle(order)
    first_row = 0
    while True:
        latents = draw_latents(batch_size, random, recipe.latent_size)
        u = chapter_step.draw_label_noise(batch_size, random)
        labels = make_labels(batch_size, recipe.label_noise, u)
        yield {
            "latents": latents,
            "rows": order[first_row : first_row + batch_size].copy(),
            "labels": labels.reshape(2, batch_size).T,
            "next_latents": draw_latents(batch_size, random, recipe.latent_size),
            **_augmentation(batch_size, recipe.augmented_share, random),
            "mirrored": _by_lot(batch_size, recipe.mirrored, random),
        }
        if not recipe.shuffled:
            first_row = chapter_step.next_first_row_as_printed(
                first_row, row_count, batch_size, random
            )
            continue
        first_row += batch_size
        if first_row + batch_size > row_count:  # a pass is over: a new order
            random.shuffle(order)
            first_row = 0


def _by_lot(count, are_asked_for, random):
    """Which photographs are mirrored: every second on average, or none, without using numbers."""
    return random.random(count) < 0.5 if are_asked_for else np.zeros(count, bool)


def _augmentation(count, share, random):
    if not share:
        return {}
    return {"uniform_noise": random.random((2 * count, RANDOM_NUMBERS), dtype="float32")}
