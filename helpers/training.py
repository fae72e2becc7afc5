"""One way to train: for lessons, for the command line (`helpers/train.py`), and for tests.

    run = train(CHAPTER_TUNED, faces.images, steps=800, width=1 / 8, folder="runs/first")
"""

import dataclasses
import hashlib
import itertools
import json
import time
from pathlib import Path

import numpy as np

from helpers import callbacks, chapter, checkpoints, runtime
from helpers.batches import batches
from helpers.gan import GAN, keras
from helpers.whole_files import write_whole

FORMAT = 1  # of a checkpoint; raise it when what a checkpoint holds, or what a step does, changes


class TrainingError(Exception):
    """A run can't begin or go on; the message says what was wrong, and what to do."""


def train(
    recipe,
    images,
    *,
    steps=None,
    minutes=None,
    folder=None,
    seed=0,
    resume=False,
    width=1.0,
    precision=None,
    picture_every=50,
    checkpoint_seconds=120,
    more_callbacks=(),
):
    """Train the recipe's two nets on `images`, and return the `Run`.

    `images`: float32 (n, 50, 50, 3) in [0, 1]. The run ends at step `steps`, or when `minutes` of
    training are over, whichever comes first. In `folder` it leaves checkpoints, sample sheets,
    `history.csv` and `run.json`; without a folder, nothing. `resume` goes on from the folder's
    newest checkpoint, exactly as if the run had never stopped. `width` narrows the nets;
    `precision` is "float32" or "mixed_bfloat16", by default the faster one here.

    Raises: ValueError for images that a training can't use; TrainingError for a folder that holds
    a run already (without `resume`) or another one (with it), and where a checkpoint fails.
    """
    run = Run(
        recipe,
        images,
        folder=folder,
        seed=seed,
        resume=resume,
        width=width,
        precision=precision,
        picture_every=picture_every,
        checkpoint_seconds=checkpoint_seconds,
    )
    run.train(steps=steps, minutes=minutes, more_callbacks=more_callbacks)
    return run


class Run:
    """A training: its nets, where it stands, and its folder.

    `history` holds both losses of each step; `steps_done` counts; `seconds` is the time spent in
    training; `stopped` says in a sentence why it stands still. The same seed gives the same
    pictures on the same machine. What the arguments mean and what is raised: see `train`.
    """

    def __init__(
        self,
        recipe,
        images,
        *,
        folder=None,
        seed=0,
        resume=False,
        width=1.0,
        precision=None,
        picture_every=50,
        checkpoint_seconds=120,
    ):
        self.recipe = recipe
        self.images = chapter.check_photographs(images, recipe.batch_size)
        self.folder = None if folder is None else Path(folder)
        self.seed = seed
        self.width = width
        self.picture_every = picture_every
        self.checkpoint_seconds = checkpoint_seconds
        self.history = {"discriminator_loss": [], "generator_loss": []}
        self.steps_done = 0
        self.seconds = 0.0
        self.stopped = "Not begun."
        self.not_a_number = False
        self._unread = []
        stored = self._open_folder(resume)
        self.precision = precision or (stored and stored.record["precision"]) or runtime.precision()
        if stored:
            self._check_same_run(stored)
        self.gan = self._build()
        if stored:
            self._restore(stored)

    @property
    def generator(self):
        return self.gan.generator

    @property
    def discriminator(self):
        return self.gan.discriminator

    def sample(self, count, seed=0, averaged=True):
        """What the generator draws now: float32 (count, 50, 50, 3) in [0, 1].

        The same seed gives the same latents. The averaged generator draws, if there is one and
        `averaged` is not False.
        """
        net = self.gan.averaged_generator if averaged else None
        return chapter.draw_pictures(net or self.generator, count, seed, self.recipe)

    def train(self, *, steps=None, minutes=None, more_callbacks=()):
        """Go on until step `steps`, or for `minutes`: see `train` above. Returns the run."""
        if steps is None and minutes is None:
            raise ValueError("Say how long to train: steps=… or minutes=….")
        if steps is not None and steps <= self.steps_done:
            self.stopped = f"Step {self.steps_done} is done already."
            return self
        beside = [callbacks.ShowProgress(self, steps)]
        if minutes is not None:
            beside.append(callbacks.StopInTime(self, minutes))
        if self.folder is not None:
            self._write_run_record()
            beside.append(callbacks.DrawSamples(self, self.picture_every))
            if callbacks.has_tensorboard():
                beside.append(callbacks.WriteTensorBoard(self))
            beside.append(callbacks.SaveCheckpoints(self, self.checkpoint_seconds))
        self._fit(steps, [*beside, *more_callbacks])
        if self.not_a_number:
            self._go_back_to_the_last_good()
        else:
            self.save()
        return self

    def seconds_a_step(self):
        """The seconds of one step, from three steps that are taken (and count as done)."""
        times = []
        note_time = keras.callbacks.LambdaCallback(
            on_train_batch_end=lambda step, logs: times.append(time.monotonic())
        )
        self._fit(self.steps_done + 3, [note_time])
        return (times[-1] - times[0]) / max(1, len(times) - 1)

    def stop(self, reason):
        """End after the step in progress; `reason` is a sentence."""
        self.stopped = self.stopped or reason
        self.gan.stop_training = True

    def save(self):
        """Write a checkpoint, `history.csv` and `run.json` to the run's folder, if it has one.

        Raises: CheckpointError where that fails; the checkpoint before it is still whole.
        """
        self.read_losses()
        if self.folder is None or self.not_a_number:
            return
        arrays = {name: variable.numpy() for name, variable in self._variables().items()}
        for name, array in arrays.items():
            if not np.isfinite(array).all():
                self._meet_not_a_number(f"the weights in {name} are not finite numbers")
                return
        now = time.monotonic()
        self.seconds += now - self._clock
        self._clock = now
        record = {**self._identity(), "history": self.history, "seconds": self.seconds}
        checkpoints.save(self.folder / "checkpoints", self.steps_done, arrays, record)
        rows = zip(*self.history.values(), strict=True)
        lines = ["step," + ",".join(self.history)]
        lines += [f"{step},{d!r},{g!r}" for step, (d, g) in enumerate(rows, start=1)]
        write_whole(self.folder / "history.csv", "\n".join(lines) + "\n")
        self._write_run_record()

    def add_step(self, losses):
        """Note the losses of a step, as tensors: they are read later, all at once."""
        self._unread.append(losses)
        self.steps_done += 1
        if self.stopped:  # a signal may come before Keras's loop listens
            self.gan.stop_training = True

    def read_losses(self):
        """Take the losses since the last call into `history`; stop where one is not a number."""
        for losses in self._unread:
            read = {name: float(losses[name]) for name in self.history}
            for name, loss in read.items():
                self.history[name].append(loss)
            if not np.isfinite(list(read.values())).all() and not self.not_a_number:
                step = len(self.history["generator_loss"])
                told = ", ".join(f"{name} {loss}" for name, loss in read.items())
                self._meet_not_a_number(f"the losses of step {step} are: {told}")
        self._unread.clear()

    def _meet_not_a_number(self, seen):
        self.not_a_number = True
        self.stop(f"The training broke down: {seen}.")

    def _fit(self, until_step, beside):
        import tensorflow as tf

        stream = batches(self.recipe, self.images, self.seed, after_step=self.steps_done)
        first = next(stream)
        dataset = tf.data.Dataset.from_generator(
            lambda: itertools.chain([first], stream),
            output_signature={name: tf.TensorSpec(a.shape, a.dtype) for name, a in first.items()},
        ).prefetch(2)
        self.stopped = ""
        self._clock = time.monotonic()
        everything = [callbacks.KeepHistory(self), *beside]
        with callbacks.stop_politely(self):
            self.gan.fit(
                dataset,
                steps_per_epoch=None if until_step is None else until_step - self.steps_done,
                shuffle=False,
                verbose=0,
                callbacks=callbacks.StepByStep(everything, add_history=True, model=self.gan),
            )
        self.read_losses()
        self.seconds += time.monotonic() - self._clock
        self._clock = time.monotonic()
        self.stopped = self.stopped or f"Step {self.steps_done} is reached."

    def _build(self):
        runtime.set_seed(self.seed)
        gan = GAN(
            chapter.build_generator(self.width, self.precision),
            chapter.build_discriminator(self.width, self.precision),
            self.recipe.average_decay,
        )
        rates = self.recipe.generator_learning_rate, self.recipe.discriminator_learning_rate
        gan.compile(*[keras.optimizers.Adam(rate, beta_1=self.recipe.beta_1) for rate in rates])
        return gan

    def _variables(self):
        """Everything that a step changes, by name; a name never depends on Keras's own names."""
        gan = self.gan
        groups = {
            "generator": gan.generator.variables,
            "discriminator": gan.discriminator.variables,  # dropout's seed state among them
            "averaged_generator": gan.averaged_generator.variables if gan.averaged_generator else [],
            "generator_optimizer": gan.optimizer.variables,
            "discriminator_optimizer": gan.discriminator_optimizer.variables,
        }
        return {
            f"{group}/{number:03}": variable
            for group, variables in groups.items()
            for number, variable in enumerate(variables)
        }

    def _identity(self):
        """What makes a run this run: it must be the same when a run is continued."""
        first_batch = next(batches(self.recipe, self.images, self.seed))
        return {
            "format": FORMAT,
            "recipe": dataclasses.asdict(self.recipe),
            "width": self.width,
            "precision": self.precision,
            "seed": self.seed,
            "photographs": {"count": len(self.images), "digest": _digest(self.images)},
            "random_numbers": _digest(first_batch["latents"]),  # numpy may draw others one day
        }

    def _open_folder(self, resume):
        """The stored checkpoint to go on from; None for a run that begins."""
        if self.folder is None:
            return None
        begun = (self.folder / "run.json").exists()
        if begun and not resume:
            raise TrainingError(
                f"The folder {self.folder} holds a run already. Go on with it (resume=True, or "
                "--resume on the command line), or choose another folder."
            )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise TrainingError(
                f"The folder {self.folder} can't be made: {error.strerror}. Choose another one."
            ) from error
        return checkpoints.load_newest(self.folder / "checkpoints")

    def _check_same_run(self, stored):
        was, wanted = _flat(stored.record), _flat(self._identity())
        for name, value in wanted.items():
            if was.get(name) != value:
                raise TrainingError(
                    f"The run in {self.folder} was made with {name} = {was.get(name)!r}, but now "
                    f"it is {value!r}. To go on, ask for the same; else choose another folder."
                )

    def _restore(self, stored):
        variables = self._variables()
        shapes = {name: tuple(variable.shape) for name, variable in variables.items()}
        if shapes != {name: array.shape for name, array in stored.arrays.items()}:
            raise TrainingError(
                f"The checkpoint of step {stored.step} in {self.folder} holds other nets than the "
                "ones that this version of the course builds. Choose another folder."
            )
        for name, variable in variables.items():
            variable.assign(stored.arrays[name])
        self.history = stored.record["history"]
        self.seconds = stored.record["seconds"]
        self.steps_done = stored.step
        self.stopped = f"Taken up at step {stored.step}."

    def _go_back_to_the_last_good(self):
        stored = self.folder and checkpoints.load_newest(self.folder / "checkpoints")
        if not stored:
            self.stopped += " There is no checkpoint to go back to."
            return
        reason = self.stopped
        self._restore(stored)
        self.stopped = f"{reason} The nets are those of step {stored.step} again, the last good ones."

    def _write_run_record(self):
        record = {
            **self._identity(),
            "steps_done": self.steps_done,
            "seconds": round(self.seconds, 1),
            "stopped": self.stopped,
            "machine": runtime.machine().sentence(),
            "versions": runtime.versions(),
        }
        try:
            write_whole(self.folder / "run.json", json.dumps(record, indent=2) + "\n")
        except OSError as error:
            raise TrainingError(
                f"{self.folder / 'run.json'} could not be written: {error.strerror}."
            ) from error


def _digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def _flat(record):
    """A record's entries, those of its recipe and its photographs among them, by plain names."""
    flat = {}
    for name, value in record.items():
        flat.update(value if isinstance(value, dict) and name == "recipe" else {name: value})
    return flat
