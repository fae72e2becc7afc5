"""What a fixed net sees in a picture: numbers by which sets of pictures are compared.

Importing this module imports no TensorFlow.
"""

import hashlib

import numpy as np

REMEMBERED = 3  # sets of pictures whose features are kept: a net's, another's, and the real ones
_remembered = {}  # from the least to the most lately asked for

LAYERS = ((5, 32), (3, 64), (3, 128))  # kernel size and filters; every layer has stride 2 and ReLU


def fixed_features(pictures):
    """What a small convolutional net sees whose weights are random and never change.

    `pictures`: float32 (n, 50, 50, 3) in [0, 1]. Returns: float32 (n, 6272), all 0 or above, to be
    read only: the last three sets are kept, because several numbers are found from the same.

    Nobody has trained the net, so it knows nothing of faces; but pictures that look alike get
    numbers that are alike. It needs no download, and is the same on every machine. Source: Naeem
    and others, "Reliable fidelity and diversity metrics for generative models", 2020, who use
    random nets for pictures that no trained net was made for.
    """
    pictures = np.ascontiguousarray(pictures, dtype="float32")
    known_by = pictures.shape, hashlib.blake2b(pictures).digest()
    features = _remembered.pop(known_by, None)
    if features is None:
        features = _computed(pictures)
        features.setflags(write=False)
        while len(_remembered) >= REMEMBERED:
            del _remembered[next(iter(_remembered))]
    _remembered[known_by] = features
    return features


def _computed(pictures):
    x = pictures * 2.0 - 1.0
    for kernel_size, kernel in _kernels(x.shape[-1]):
        margin = kernel_size // 2
        x = np.pad(x, ((0, 0), (margin, margin), (margin, margin), (0, 0)))
        window = (kernel_size, kernel_size)
        windows = np.lib.stride_tricks.sliding_window_view(x, window, axis=(1, 2))[:, ::2, ::2]
        x = np.maximum(windows.reshape(*windows.shape[:3], -1) @ kernel, 0.0)
    return x.reshape(len(x), -1)


def _kernels(channels):
    """Size and weights of each layer; their variance keeps the numbers at one scale (He, 2015)."""
    random = np.random.default_rng(0)
    for kernel_size, filters in LAYERS:
        inputs = channels * kernel_size**2
        kernel = random.standard_normal((inputs, filters)) * np.sqrt(2.0 / inputs)
        yield kernel_size, kernel.astype("float32")
        channels = filters
