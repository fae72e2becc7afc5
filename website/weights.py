"""Trained generators as files that a page can load: the layers, float16 weights and their digest.

A page that is opened from a disk may load scripts only. So the weights are text in a script: packed
by gzip, then 15 bits a character. As UTF-16 that is 7 % more than the bytes; base64 would be 33 %.
"""

import gzip
import hashlib
import json

import numpy as np

from helpers.classroom.growing_generator import to_planes

FIRST_CHARACTER = 0x3400  # from here on 2**15 characters are letters: no quotation mark among them
BITS = 15


class WeightsError(ValueError):
    """Weights can't be written for the page; the message says why and what to do."""


def layers_of(net):
    """What the page must know of each layer of a Keras generator: a list of dicts.

    Raises: WeightsError for a layer, or for settings of one, that website/scripts/generator.js
    does not have.
    """
    return [_told(layer) for layer in net.layers if type(layer).__name__ != "InputLayer"]


def _told(layer):
    kind = type(layer).__name__
    if kind not in _KINDS:
        raise WeightsError(
            f"The layer {layer.name} is of the kind {kind}, which website/scripts/generator.js "
            "does not have: write it there, and in website/weights.py."
        )
    told, needed = _KINDS[kind](layer)
    for setting, value in needed.items():
        has = getattr(layer, setting)
        has = getattr(has, "__name__", has)
        if has != value:
            raise WeightsError(
                f"The layer {layer.name} has {setting} = {has}; website/scripts/generator.js "
                f"has only {value}."
            )
    if told.get("outputs", 4) % 4 and kind != "Conv2D":
        raise WeightsError(
            f"The layer {layer.name} has {told['outputs']} filters; website/scripts/generator.js "
            "sums four at once: take a multiple of 4."
        )
    return {"kind": kind, **told}


def _ends(layer):
    return {"inputs": layer.input.shape[-1], "outputs": layer.output.shape[-1]}


# Of each kind: what is told, and what is taken as given.
_KINDS = {
    "Dense": lambda layer: (_ends(layer), {"use_bias": False, "activation": "linear"}),
    "Reshape": lambda layer: (
        {"side": layer.output.shape[1], "channels": layer.output.shape[-1]},
        {},
    ),
    "BatchNormalization": lambda layer: (
        {"channels": layer.output.shape[-1], "epsilon": layer.epsilon},
        {"center": True, "scale": True},
    ),
    "LeakyReLU": lambda layer: ({"slope": layer.negative_slope}, {}),
    "Conv2DTranspose": lambda layer: (
        {"kernel": layer.kernel_size[0], **_ends(layer), "side": layer.output.shape[1]},
        {"strides": (2, 2), "padding": "same", "use_bias": False, "activation": "linear"},
    ),
    "Conv2D": lambda layer: (
        {"kernel": layer.kernel_size[0], **_ends(layer)},
        {
            "kernel_size": (3, 3),
            "strides": (1, 1),
            "padding": "same",
            "use_bias": True,
            "activation": "linear",
        },
    ),
    "AveragePooling2D": lambda layer: (
        {},
        {"pool_size": (2, 2), "strides": (1, 1), "padding": "same"},
    ),
    "Activation": lambda layer: ({}, {"activation": "tanh"}),
}


def as_float16(weights):
    """The bytes of a list of arrays, one after the other, as float16, low byte first.

    Raises: WeightsError for numbers that are too large for float16.
    """
    flat = np.concatenate([np.ravel(array) for array in weights])
    with np.errstate(over="ignore"):  # it is noticed below
        halves = flat.astype("<f2")
    if not np.isfinite(halves).all():
        raise WeightsError("Some weights are too large for float16: train the generator anew.")
    return halves.tobytes()


def as_text(content):
    """Bytes as text, 15 bits a character; zeros fill the last one."""
    bits = np.unpackbits(np.frombuffer(content, "uint8"))
    bits = np.pad(bits, (0, -len(bits) % BITS)).reshape(-1, BITS)
    numbers = np.packbits(np.pad(bits, ((0, 0), (16 - BITS, 0)))).view(">u2")
    return (numbers + FIRST_CHARACTER).astype("<u2").tobytes().decode("utf-16-le")


def packed(content):
    """Bytes of float16 numbers, packed by gzip as their planes: all low bytes, then all high."""
    return gzip.compress(to_planes(np.frombuffer(content, "<f2")).tobytes(), 9, mtime=0)


def weight_script(name, weights):
    """The bytes of the script with a generator's weights at one moment: UTF-16 with its mark.

    `name`: by which the page asks for it; `weights`: a list of arrays in Keras's order.
    Raises: WeightsError as `as_float16` does.
    """
    content = as_float16(weights)
    file = packed(content)
    told = {
        "sha256": hashlib.sha256(content).hexdigest(),
        "packedBytes": len(file),
        "packed": as_text(file),
    }
    text = f"course.weightsCame({json.dumps(name)}, {json.dumps(told, ensure_ascii=False)});\n"
    return b"\xff\xfe" + text.encode("utf-16-le")
