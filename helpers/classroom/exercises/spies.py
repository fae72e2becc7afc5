"""Stand-ins for nets, which write down what is asked of them: a step is checked without training.

Importing this module imports no TensorFlow.
"""

import numpy as np


class SpyDiscriminator:
    """Takes steps as a compiled net does, and writes down each with its own `trainable`."""

    def __init__(self):
        self.trainable = None
        self.steps = []  # (pictures, labels, trainable)

    def reset_metrics(self):
        """Nothing to forget."""

    def train_on_batch(self, pictures, labels):
        self.steps.append((np.asarray(pictures), np.asarray(labels), self.trainable))
        return 0.5 + len(self.steps) / 1000


class SpyGan:
    """The row of both nets: writes down each step with the `trainable` of its discriminator."""

    def __init__(self, discriminator):
        self.discriminator = discriminator
        self.steps = []  # (latents, targets, the discriminator's trainable)

    def reset_metrics(self):
        """Nothing to forget."""

    def train_on_batch(self, latents, targets):
        state = self.discriminator.trainable
        self.steps.append((np.asarray(latents), np.asarray(targets), state))
        return 2.0 + len(self.steps) / 1000


class SpyGenerator:
    """Makes small pictures of latents, no two alike, and writes down the latents."""

    def __init__(self):
        self.asked = []

    def predict_on_batch(self, latents):
        self.asked.append(latents)
        if np.ndim(latents) != 2:
            return np.zeros((20, 2, 2, 3))
        return np.tanh(np.asarray(latents)[:, :12]).reshape(-1, 2, 2, 3)
