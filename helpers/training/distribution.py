"""One training on several devices, or on several machines: who computes what.

The engine is TensorFlow's own, `tf.distribute`: each device or machine holds a replica of both
nets, gets its share of every batch, and all add their gradients up before they move. Source of the
idea: Goyal and others, "Accurate, large minibatch SGD", 2017.

A batch is the same whoever takes it: the stream is global, and what a replica gets of it depends on
its number only. So replicas take the steps that one device would take with the whole batch, but for
the last digits (`helpers/nets/synchronized_layers.py`).
"""

import faulthandler
from dataclasses import dataclass

from helpers.arguments import whole_number
from helpers.machine import import_tensorflow
from helpers.training.run_folder import TrainingError

tf = import_tensorflow()

MOST_PARTS = 64  # of a CPU
CONNECTING_SECONDS = 120  # until TensorFlow must have connected workers that have met


@dataclass(frozen=True)
class Shares:
    """The shares of a batch that are computed in this process.

    replicas: among so many each batch is divided.
    here: the numbers of those in this process, from 0 on.
    """

    replicas: int
    here: tuple

    @property
    def are_the_chiefs(self):
        """Whether this process writes what all have done."""
        return self.here[0] == 0

    def of(self, stream, batch_size):
        """For each batch, a dict of arrays, those of the replicas here, one after the other.

        An array holds a row for each of `batch_size` pictures, or for fakes and then photographs.
        Raises: ValueError where the batch can't be divided evenly.
        """
        share = share_of(batch_size, self.replicas)
        for batch in stream:
            for number in self.here:
                yield {name: _part(rows, number, share, batch_size) for name, rows in batch.items()}


def _part(rows, number, share, batch_size):
    turns = rows.reshape(-1, batch_size, *rows.shape[1:])
    part = turns[:, number * share : (number + 1) * share]
    return part.reshape(-1, *rows.shape[1:])


def share_of(batch_size, replicas):
    """How many pictures of a batch each replica gets.

    Raises: ValueError where the batch can't be divided evenly.
    """
    if batch_size % replicas:
        fitting = [n for n in range(1, batch_size + 1) if batch_size % n == 0]
        raise ValueError(
            f"A batch of {batch_size} can't be shared by {replicas}: each needs as many pictures "
            f"as the others. Choose one of {', '.join(map(str, fitting))}, or another batch size."
        )
    return batch_size // replicas


def shares_here(strategy):
    """The `Shares` that this process computes under a `tf.distribute.Strategy`, or under none."""
    if strategy is None:
        return Shares(1, (0,))
    here = len(strategy.extended.worker_devices)
    cluster = getattr(strategy, "cluster_resolver", None)
    first = cluster.task_id * here if cluster and cluster.cluster_spec().jobs else 0
    return Shares(strategy.num_replicas_in_sync, tuple(range(first, first + here)))


def mirrored(devices):
    """A `tf.distribute.MirroredStrategy` over so many devices of this machine: GPUs if it has some.

    Else over parts of the CPU: to see it work, for they share its cores. None for one device, which
    shares with nobody. Raises: ValueError where
    there are fewer GPUs; TrainingError where TensorFlow is at work with other devices already.
    """
    kind = "GPU" if tf.config.list_physical_devices("GPU") else "CPU"
    there = tf.config.list_physical_devices(kind)
    devices = whole_number("devices", devices, 1, len(there) if kind == "GPU" else MOST_PARTS)
    if devices == 1:
        return None
    if kind == "CPU":
        parts = [tf.config.LogicalDeviceConfiguration() for _ in range(devices)]
        try:
            tf.config.set_logical_device_configuration(there[0], parts)
        except RuntimeError as error:
            if len(tf.config.list_logical_devices("CPU")) < devices:
                raise TrainingError(
                    "TensorFlow is at work on this CPU as one device already. Restart the kernel, "
                    "and ask for devices first."
                ) from error
    return tf.distribute.MirroredStrategy([f"{kind}:{number}" for number in range(devices)])


def of_workers():
    """A `tf.distribute.MultiWorkerMirroredStrategy` over the workers in TF_CONFIG.

    To be called before TensorFlow computes. Where a worker dies meanwhile it ends the process:
    TensorFlow waits for it so that nothing else in this process can.
    """
    faulthandler.dump_traceback_later(CONNECTING_SECONDS, exit=True)
    try:
        return tf.distribute.MultiWorkerMirroredStrategy()
    finally:
        faulthandler.cancel_dump_traceback_later()


def precision_of_all(strategy, mine):
    """The precision of a training: bfloat16 where each replica is faster with it."""
    if strategy is None or strategy.num_replicas_in_sync == 1:
        return mine
    wishes = strategy.run(lambda: tf.constant(float(mine == "mixed_bfloat16")))
    all_wish = strategy.reduce("SUM", wishes, axis=None) == strategy.num_replicas_in_sync
    return "mixed_bfloat16" if all_wish else "float32"


def what_sharing_changes(replicas, former_replicas, fast):
    """A sentence on what is not as with one device, or as before; None where all is."""
    told = []
    if replicas > 1 and fast:
        told.append(
            f"{replicas} replicas share each step, and each normalises its own share of the batch: "
            "that is faster, but not quite the step of one device. fast=False (--exact) asks all."
        )
    if former_replicas not in (None, replicas):
        told.append(
            f"The run had {former_replicas} replicas before, and has {replicas} now: sums are "
            "added up in another order, so from here on it goes another way by its last digits."
        )
    return " ".join(told) or None
