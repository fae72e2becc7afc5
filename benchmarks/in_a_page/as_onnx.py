"""A Keras generator as an ONNX file, for onnxruntime-web, with its weights in 32 or 16 bits.

Needs tf2onnx and onnx, which only `make in_a_page` installs, into an environment of its own.
"""

import numpy as np

SMALL = 1000  # numbers: each layer's scale and shift, which tf2onnx has computed in 32 bits


def as_onnx(net, float16=True):
    """The bytes of an ONNX model: input "latents" (n, 100), output pictures (n, size, size, 3).

    It computes in float32 and gives [-1, 1], as the net does. With `float16` its weights are
    stored as such, half as large, and widened when the model is loaded.
    """
    import tensorflow as tf
    import tf2onnx

    signature = [tf.TensorSpec((None, net.input_shape[1]), tf.float32, name="latents")]
    model, _ = tf2onnx.convert.from_keras(net, input_signature=signature)
    if float16:
        _halve(model.graph)
    return model.SerializeToString()


def _halve(graph):
    """Store every large array of 32-bit numbers in 16, with a node each that widens it again."""
    from onnx import TensorProto, helper, numpy_helper

    widened = []
    for stored in graph.initializer:
        array = numpy_helper.to_array(stored)
        if stored.data_type != TensorProto.FLOAT or array.size < SMALL:
            continue
        name = stored.name
        stored.CopyFrom(numpy_helper.from_array(array.astype(np.float16), f"{name}_float16"))
        widened.append(helper.make_node("Cast", [stored.name], [name], to=TensorProto.FLOAT))
    nodes = [*widened, *graph.node]  # a node stands after those that it reads
    del graph.node[:]
    graph.node.extend(nodes)
