"""Ten steps of several runs in a process of its own: alone, on two devices, or as one of workers.

`python -m tests.training.shared_steps alone|devices|workers FOLDER CASE…` leaves a file of numbers
for each case in the folder, whose pictures it takes. Workers read theirs from disk at each step.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

STEPS = 10
EPSILON = 1e-2  # of Adam: with less it makes steps of whole size of gradients that are but rounding
CASES = ("chapter", "compact", "larger", "own statistics")


def run_of(case, images, strategy):
    """A run of narrow nets, for one of `CASES`."""
    from helpers.training import CHAPTER_TUNED, COMPACT
    from helpers.training.run import Run

    recipe = CHAPTER_TUNED if case == "chapter" else replace(COMPACT, augmented_share=0.5)
    return Run(
        recipe,
        images,
        width=1 / 32 if case == "chapter" else 1 / 8,
        precision="float32",
        fast=case == "own statistics",
        strategy=strategy,
    )


def main(who, folder, *cases):
    from helpers.faces import load_faces
    from helpers.training import distribution

    strategy = None
    if who == "devices":
        strategy = distribution.mirrored(2)
    elif who == "workers":
        strategy = distribution.of_workers()
    number = strategy.cluster_resolver.task_id if who == "workers" else 0
    for case in cases:
        size = 100 if case == "larger" else 50
        memory = 0 if who == "workers" else 1
        faces = load_faces(Path(folder) / "pictures", size, memory=memory)
        run = run_of(case, faces.images, strategy)
        start = numbers_of(run)
        for optimizer in (run.gan.optimizer, run.gan.discriminator_optimizer):
            optimizer.epsilon = EPSILON
        run.train(steps=STEPS)
        moved = {name: array - start[name] for name, array in numbers_of(run).items()}
        np.savez(Path(folder) / f"{who} {number} {case}.npz", **run.history, **moved)


def numbers_of(run):
    """All numbers of a run's nets, by name."""
    nets = {"generator": run.generator, "discriminator": run.discriminator}
    if run.gan.averaged_generator:
        nets["averaged"] = run.gan.averaged_generator
    return {
        f"{name} {place}": np.array(variable.value)
        for name, net in nets.items()
        for place, variable in enumerate(net.variables)
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
