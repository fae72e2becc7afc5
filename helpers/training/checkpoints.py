"""What a checkpoint holds of a run, and how the run takes it up again.

It holds every variable that a step changes (`variables`), both losses of each step, the seconds of
training, and what makes the run this run (`identity.py`). The place in the stream of photographs
and latents is not in it: `batches` finds it again from the number of steps. How the files are
written is in `checkpoint_files.py`.
"""

import numpy as np

from helpers.training import checkpoint_files
from helpers.training.run_folder import TrainingError


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
    """Write a checkpoint into the run's folder: `arrays` from `arrays_of`, a `LossHistory`.

    Raises: CheckpointError where that fails; the checkpoint before it is still whole.
    """
    record = {**identity, "history": losses.history, "seconds": losses.seconds}
    checkpoint_files.save(folder / "checkpoints", losses.steps_done, arrays, record)


def restore(folder, gan, losses):
    """Take up the folder's newest checkpoint; whether there was one.

    Raises: TrainingError where it holds other nets; CheckpointError where all are damaged.
    """
    stored = checkpoint_files.load_newest(folder / "checkpoints")
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
