"""The numbers in a net, for tests that look whether it moves."""

import numpy as np


def weights_of(net):
    """Its weights and statistics, as arrays that stay when the net moves on."""
    return [weight.numpy() for weight in net.weights]


def moved(before, after):
    """Whether any number has changed."""
    return any(np.abs(a - b).max() > 0 for a, b in zip(before, after, strict=True))
