"""Which GPU TensorFlow computes on, if it has one. (`quiet_keras.py` makes its memory grow.)"""

from helpers.machine.quiet_keras import import_tensorflow


def computes_on_gpu():
    """Whether TensorFlow has found a GPU that it can use: then it computes there."""
    return bool(import_tensorflow().config.list_physical_devices("GPU"))


def gpu_details():
    """(name, compute capability) of the GPU that TensorFlow computes on; None without one.

    The capability is NVIDIA's number for what a card can do: (7, 5) for a T4, (8, 0) for an A100;
    (0, 0) where TensorFlow tells none.
    """
    config = import_tensorflow().config
    gpus = config.list_physical_devices("GPU")
    if not gpus:
        return None
    told = config.experimental.get_device_details(gpus[0])  # of several it takes the first
    return told.get("device_name", "a GPU"), told.get("compute_capability", (0, 0))
