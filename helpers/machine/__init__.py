"""The ground floor: this computer and its limits, and a quiet import of Keras.

Importing this wing imports no TensorFlow.
"""

from helpers.machine.gpu import computes_on_gpu, gpu_details
from helpers.machine.hardware import (
    Machine,
    core_count,
    lacks_avx,
    machine,
    make_thread_pools_fit,
    memory_for_this_process,
    memory_left,
    memory_limit,
    metal_plugin,
)
from helpers.machine.precision import faster_precision
from helpers.machine.provenance import versions, where_and_when
from helpers.machine.quiet_keras import (
    import_keras,
    import_tensorflow,
    set_seed,
)

__all__ = [
    "Machine",
    "computes_on_gpu",
    "core_count",
    "faster_precision",
    "gpu_details",
    "import_keras",
    "import_tensorflow",
    "lacks_avx",
    "machine",
    "make_thread_pools_fit",
    "memory_for_this_process",
    "memory_left",
    "memory_limit",
    "metal_plugin",
    "set_seed",
    "versions",
    "where_and_when",
]
