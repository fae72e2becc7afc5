"""What is wrong in a learner's turns of a step (exercises 05.2 and 05.3); they run on spies."""

import numpy as np

from helpers.classroom.exercises.spies import SpyDiscriminator, SpyGan

PICTURES, LABELS = np.arange(24.0).reshape(2, 2, 2, 3), np.array([[1.0], [0.0]])
LATENTS = np.arange(12.0).reshape(3, 4)


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
        return "It is still frozen when it takes its step. Set trainable before, not after."
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
        return f"The targets have the shape {targets.shape}: one row a latent, one column."
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


def wrong_generators_turn(*, trainable=False, target=0.0, returned=True):
    """A maker of wrong turns of the generator."""

    def train_generator(gan, discriminator, latents):
        discriminator.trainable = trainable
        loss = gan.train_on_batch(latents, np.full((len(latents), 1), target))
        return loss if returned else None

    return lambda: train_generator
