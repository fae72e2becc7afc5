"""What is wrong in a learner's row of both nets (05.1), and in the turns of a step (05.2, 05.3)."""

import numpy as np

from helpers.classroom.exercises.spies import SpyDiscriminator, SpyGan
from helpers.machine import import_keras

PICTURES, LABELS = np.arange(24.0).reshape(2, 2, 2, 3), np.array([[1.0], [0.0]])
LATENTS = np.arange(12.0).reshape(3, 4)


SCORE_AND_NO_NET = "That is the score, and not yet a net: make one by keras.Model(gan_in, gan_out)."


def _tiny_nets():
    keras = import_keras()
    generator = keras.Sequential([keras.Input((100,)), keras.layers.Dense(3)])
    discriminator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    return keras, generator, discriminator


def mistake_in_the_row(freeze_and_join):
    """A hint for what is wrong in `freeze_and_join(generator, discriminator)`."""
    _, generator, discriminator = _tiny_nets()
    try:
        gan = freeze_and_join(generator, discriminator)
    except AttributeError as error:
        if error.name == "compile":
            return SCORE_AND_NO_NET
        raise
    except ValueError:  # in which Keras speaks of its own names
        return "So the nets don't fit together: which of the two can read 100 numbers?"
    if gan is None or gan is ...:
        return (
            "Your function returns no net yet. Join the two nets, then return the row in a line of "
            "its own: compile gives nothing back."
        )
    if not hasattr(gan, "layers"):
        return SCORE_AND_NO_NET
    if gan.input_shape != (None, 100):
        return f"The row takes {gan.input_shape}. What does the generator take?"
    if gan.output_shape != (None, 1):
        return f"The row gives {gan.output_shape}. At its end stands the discriminator's score."
    moved = {id(weight) for weight in gan.trainable_weights}
    learns = any(id(weight) in moved for weight in discriminator.weights)
    if not all(id(weight) in moved for weight in generator.weights):
        if learns:
            return "You froze the generator: in this row only the discriminator would learn."
        return "In this row the generator learns nothing. Freeze the discriminator only."
    if learns:
        return "In this row the discriminator would learn, too. Freeze it before you join the nets."
    if not gan.compiled or gan.loss is None:
        return "The row can't learn yet: compile it, with an optimizer and a loss."
    return None


def wrong_row(*, frozen=(), compiled=True, reach=2, swapped=False, is_net=True):
    """A maker of rows, for wrong ones: who is frozen, whether compiled, how many nets."""

    def freeze_and_join(generator, discriminator):
        keras, *_ = _tiny_nets()
        discriminator.trainable = "discriminator" not in frozen
        generator.trainable = "generator" not in frozen
        latents = keras.Input((100,))
        end = generator(discriminator(latents)) if swapped else generator(latents)
        scores = discriminator(end) if reach == 2 else end
        gan = keras.Model(latents, scores) if is_net else scores
        if compiled:
            gan.compile(optimizer="adam", loss="binary_crossentropy")
        return gan

    return lambda: freeze_and_join


def mistake_in_the_discriminators_turn(train_discriminator):
    """A hint for what is wrong in `train_discriminator(discriminator, pictures, labels)`."""
    spy = SpyDiscriminator()
    spy.trainable = False  # so the generator's turn has left it
    loss = train_discriminator(spy, PICTURES, LABELS)
    if not spy.steps:
        return "The discriminator takes no step yet: call its train_on_batch."
    pictures, labels, trainable = spy.steps[0]
    if len(spy.steps) > 1:
        return "One step is enough."
    if trainable is not True:
        return "It is still frozen when it takes its step. Set trainable before the step."
    if not (np.array_equal(pictures, PICTURES) and np.array_equal(labels, LABELS)):
        return "train_on_batch takes the pictures first, then their labels."
    if loss is None or not np.isclose(loss, 0.501):
        return "The step is right. Return its loss: it is what train_on_batch gives."
    return None


def mistake_in_the_generators_turn(train_generator):
    """A hint for what is wrong in `train_generator(gan, discriminator, latents)`."""
    discriminator = SpyDiscriminator()
    discriminator.trainable = True
    gan = SpyGan(discriminator)
    loss = train_generator(gan, discriminator, LATENTS)
    if discriminator.steps:
        return "The step is the GAN's, not the discriminator's: gan.train_on_batch."
    if not gan.steps:
        return "The GAN takes no step yet: call its train_on_batch."
    latents, targets, trainable = gan.steps[0]
    if trainable is not False:
        return "The discriminator would move, too. Freeze it before the GAN's step."
    if not np.array_equal(latents, LATENTS):
        return "The GAN gets the latents: the pictures are made inside it."
    if targets.shape != (len(LATENTS), 1):
        return (
            f"In this trial there are {len(LATENTS)} latents, and your targets have the shape "
            f"{targets.shape}: one row for each latent, one column."
        )
    if (targets == 1).all():
        return "With the target 1 it learns to be taken for a fake."
    if not (targets == 0).all():
        return "The target is the label of a photograph."
    if loss is None or not np.isclose(loss, 2.001):
        return "The step is right. Return its loss: it is what train_on_batch gives."
    return None


def wrong_discriminators_turn(*, trainable=True, swapped=False, returned=True):
    """A maker of wrong turns of the discriminator."""

    def train_discriminator(discriminator, pictures, labels):
        if trainable is not None:
            discriminator.trainable = trainable
        batch = (labels, pictures) if swapped else (pictures, labels)
        loss = discriminator.train_on_batch(*batch)
        return loss if returned else None

    return lambda: train_discriminator


def wrong_generators_turn(*, trainable=False, target=0.0, returned=True, count=None):
    """A maker of wrong turns of the generator."""

    def train_generator(gan, discriminator, latents):
        discriminator.trainable = trainable
        loss = gan.train_on_batch(latents, np.full((count or len(latents), 1), target))
        return loss if returned else None

    return lambda: train_generator
