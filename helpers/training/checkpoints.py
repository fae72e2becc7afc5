"""What makes a run this run, and what a checkpoint holds of it.

A checkpoint holds every variable that a step changes (`variables`), both losses of each step, and
the seconds of training. The place in the stream of photographs and latents is not in it: `batches`
finds it again from the number of steps.
"""

import dataclasses
import hashlib

import numpy as np

from helpers.training import checkpoints
from helpers.training.batches import batches
from helpers.training.run_folder import TrainingError

FORMAT = 5  # of a checkpoint; raise it when what a checkpoint holds, or what a step does, changes


def identity_of(recipe, images, *, width, precision, fast, seed):
    """What must be the same when a run is continued: a dict that JSON can hold."""
    first_batch = next(batches(recipe, images, seed))
    return {
        "format": FORMAT,
        "recipe": dataclasses.asdict(recipe),
        "width": width,
        "precision": precision,
        "fast": fast,
        "seed": seed,
        "photographs": {"count": len(images), "digest": _digest(images)},
        "random_numbers": _digest(first_batch["latents"]),  # numpy may draw others one day
    }


def variables(gan):
    """Everything that a step changes, by name; a name never depends on Keras's own names."""
    averaged = gan.averaged_generator
    groups = {
        "generator": gan.generator.variables,
        "discriminator": gan.discriminator.variables,  # dropout's seed state among them
        "averaged_generator": averaged.variables if averaged else [],
        "generator_optimizer": gan.optimizer.variables,
        "discriminator_optimizer": gan.discriminator_optimizer.variables,
    }
    return {
        f"{group}/{number:03}": variable
        for group, its_variables in groups.items()
        for number, variable in enumerate(its_variables)
    }


def arrays_of(gan):
    """The numbers of all `variables`, by name, as numpy sees them where TensorFlow keeps them.

    They are only to be read, and before the next step.
    """
    return {
        name: np.asarray(memoryview(variable.value.read_value()))
        for name, variable in variables(gan).items()
    }


def breakdown_in(arrays):
    """Words on the first of the arrays that holds no finite numbers; None where all are well."""
    for name, array in arrays.items():
        if not np.isfinite(array).all():
            return f"the weights in {name} are not finite numbers"
    return None


def save(folder, arrays, losses, identity):
    """Write a checkpoint into the run's folder: `arrays` from `arrays_of`, a `Losses`.

    Raises: CheckpointError where that fails; the checkpoint before it is still whole.
    """
    record = {**identity, "history": losses.history, "seconds": losses.seconds}
    checkpoints.save(folder / "checkpoints", losses.steps_done, arrays, record)


def restore(folder, gan, losses):
    """Take up the folder's newest checkpoint; whether there was one.

    Raises: TrainingError where it holds other nets; CheckpointError where all are damaged.
    """
    stored = checkpoints.load_newest(folder / "checkpoints")
    if not stored:
        return False
    now = variables(gan)
    shapes = {name: tuple(variable.shape) for name, variable in now.items()}
    if shapes != {name: array.shape for name, array in stored.arrays.items()}:
        raise TrainingError(
            f"The checkpoint of step {stored.step} in {folder} holds other nets than the "
            "ones that this version of the course builds. Choose another folder."
        )
    for name, variable in now.items():
        variable.assign(stored.arrays[name])
    losses.history = stored.record["history"]
    losses.seconds = stored.record["seconds"]
    losses.steps_done = stored.step
    return True


def _digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
