"""One way to train: for lessons, for the command line (`helpers/train.py`), and for tests.

run = train(CHAPTER_TUNED, faces.images, steps=800, width=1 / 8, folder="runs/first")
"""

import contextlib
import dataclasses
import hashlib
import itertools
import time
from pathlib import Path

import numpy as np

from helpers import callbacks, chapter, checkpoints, compact, run_folder, runtime
from helpers.batches import batches
from helpers.fast_layers import FusedAdam, make_fast
from helpers.gan import GAN, keras
from helpers.run_folder import Stop, TrainingError

NETS = {"chapter": chapter, "compact": compact}  # by the names in a recipe
FORMAT = 5  # of a checkpoint; raise it when what a checkpoint holds, or what a step does, changes


def train(recipe, images, *, steps=None, minutes=None, more_callbacks=(), **choices):
    """Train the recipe's two nets on `images`, and return the `Run`.

    The run ends at step `steps`, or when `minutes` of training are over, whichever comes first.
    `choices` are those of `Run`: folder, seed, resume, width, precision and so on.

    Raises: as `Run` does; CheckpointError or TrainingError where the folder can't be written.
    """
    run = Run(recipe, images, **choices)
    return run.train(steps=steps, minutes=minutes, more_callbacks=more_callbacks)


class Run:
    """A training: its nets, where it stands, and its folder.

    `images`: float32 (n, 50, 50, 3) in [0, 1]. In `folder` the run leaves checkpoints, sample
    sheets, `history.csv` and `run.json` (with the entries of `about`); without a folder, nothing.
    `resume` goes on from the folder's newest checkpoint, exactly as if the run had never stopped.
    `width` narrows the nets; `precision` is "float32" or "mixed_bfloat16", by default the faster
    one here. `fast`: layers and Adam are computed in faster ways that round otherwise
    (`helpers/fast_layers.py`); without, a step is the chapter's loop to the last bit. The same seed
    gives the same pictures on the same machine.

    `history` holds both losses of each step; `steps_done` counts; `seconds` is the time spent in
    training; `stopped` says in a sentence why it stands still, `stop_reason` as a `Stop`.

    Raises: ValueError for images or numbers that a training can't use; TrainingError for a folder
    that holds a run already (without `resume`) or another one (with it), or checkpoints without
    their `run.json`; CheckpointError where all its checkpoints are damaged.
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
        fast=True,
        picture_every=50,
        checkpoint_seconds=120,
        about=None,
    ):
        run_folder.check_choices(
            seed=seed,
            width=width,
            picture_every=picture_every,
            precision=precision,
            checkpoint_seconds=checkpoint_seconds,
        )
        self.recipe = recipe
        self.images = chapter.check_photographs(images, recipe.batch_size)
        self.folder = None if folder is None else Path(folder)
        self.seed = seed
        self.width = width
        self.fast = fast
        self.picture_every = picture_every
        self.checkpoint_seconds = checkpoint_seconds
        self.about = about or {}
        self.history = {"discriminator_loss": [], "generator_loss": []}
        self.steps_done = 0
        self.seconds = 0.0
        self.not_a_number = False
        self._halt = Stop.NOT_BEGUN, "Not begun."  # None while it trains
        self._interrupted = False
        self._at_work = False
        self._unread = []
        self._clock = None
        former = self.folder and run_folder.open_run(self.folder, resume)
        self.precision = precision or (former and former["precision"]) or runtime.precision()
        self.identity = self._identity()
        if former:
            run_folder.check_same_run(self.folder, former, self.identity)
        self.gan = self._build()
        self._go_to_the_newest_checkpoint()

    @property
    def generator(self):
        return self.gan.generator

    @property
    def discriminator(self):
        return self.gan.discriminator

    @property
    def stop_reason(self):
        """Why the run stands still, as a `Stop`; None while it trains."""
        return self._why()[0]

    @property
    def stopped(self):
        """Why the run stands still, as a sentence; empty while it trains."""
        return self._why()[1]

    def _why(self):
        reason, sentence = self._halt or (None, "")
        if self._interrupted and reason is not Stop.DIVERGED:
            return Stop.INTERRUPTED, "Interrupted."
        return reason, sentence

    def sample(self, count, seed=0, averaged=True):
        """What the generator draws now: float32 (count, 50, 50, 3) in [0, 1].

        The same seed gives the same latents. The averaged generator draws, if there is one and
        `averaged` is not False.
        """
        return self.draw(chapter.draw_latents(count, np.random.default_rng(seed)), averaged)

    def draw(self, latents, averaged=True):
        """What the generator draws now from latents (n, 100): as `sample`, in the same order."""
        net = self.gan.averaged_generator if averaged else None
        return chapter.draw_from(net or self.generator, latents, self.recipe)

    def train(self, *, steps=None, minutes=None, more_callbacks=()):
        """Go on until step `steps`, or for `minutes` more: see `train`. Returns the run.

        A run that broke down before its first checkpoint has nothing to go on with: it says so.
        """
        if steps is None and minutes is None:
            raise ValueError("Say how long to train: steps=… or minutes=….")
        run_folder.check_end(steps, minutes)
        with self.at_work():
            if self.not_a_number:
                print(self.stopped)
                return self
            if steps is not None and steps <= self.steps_done:
                self._halt = Stop.REACHED, f"Step {self.steps_done} is done already."
                return self
            beside = [callbacks.ShowProgress(self, steps)]
            if minutes is not None:
                beside.append(callbacks.stop_in_time(self, minutes))
            self._fit(steps, [*beside, *more_callbacks])
            self.save()
            if self.not_a_number:
                self._go_back_to_the_last_good()
            print(self.stopped)
        return self

    def seconds_a_step(self):
        """The seconds of one step, from three steps that are taken (and count as done).

        Raises: TrainingError where Ctrl-C or a breakdown came first: `stopped` is its message.
        """
        times = []
        note_time = keras.callbacks.LambdaCallback(
            on_train_batch_end=lambda step, logs: times.append(time.monotonic())
        )
        with self.at_work():
            if not self.not_a_number:
                self._fit(self.steps_done + 3, [note_time])
                if self.not_a_number:
                    self._go_back_to_the_last_good()
            if self.stop_reason in (Stop.INTERRUPTED, Stop.DIVERGED):
                raise TrainingError(self.stopped)
        return (times[-1] - times[0]) / (len(times) - 1)

    @contextlib.contextmanager
    def at_work(self):
        """Within, the run has its folder for itself, and Ctrl-C ends it after a whole step.

        `train` and `seconds_a_step` work so of themselves. Around more than one of them, no moment
        between them loses a Ctrl-C. An interrupt of former work counts no more.

        Raises: TrainingError where another training works in the folder, or has gone on there.
        """
        if self._at_work:
            yield
            return
        with run_folder.only_training(self.folder, self.steps_done):
            self._interrupted = False
            self._at_work = True
            try:
                with callbacks.stop_politely(self):
                    yield
            finally:
                self._at_work = False

    def stop(self, sentence, reason=Stop.ASKED):
        """End after the step in progress; `sentence` says why, for people."""
        self._halt = self._halt or (reason, sentence)
        self.gan.stop_training = True

    def interrupt(self):
        """End after the step in progress, or before the next one; nothing takes it back."""
        self._interrupted = True
        self.gan.stop_training = True

    def save(self):
        """Write a checkpoint, `history.csv` and `run.json` to the run's folder, if it has one.

        Raises: CheckpointError where that fails; the checkpoint before it is still whole.
        """
        self.read_losses()
        if self.folder is None or self.not_a_number:
            return
        arrays = {name: _without_copy(variable) for name, variable in self._variables().items()}
        for name, array in arrays.items():
            if not np.isfinite(array).all():
                self._meet_not_a_number(f"the weights in {name} are not finite numbers")
                return
        record = {**self.identity, "history": self.history, "seconds": self.seconds}
        if not (self.folder / "run.json").exists():  # never a checkpoint of an unknown run
            self._write_record()
        checkpoints.save(self.folder / "checkpoints", self.steps_done, arrays, record)
        run_folder.write_history(self.folder, self.history)
        self._write_record()

    def add_step(self, losses):
        """Note the losses of a step, as tensors: they are read later, all at once."""
        self._unread.append(losses)
        self.steps_done += 1
        if self._halt or self._interrupted:  # it may come before Keras's loop listens
            self.gan.stop_training = True

    def read_losses(self):
        """Bring `history` and `seconds` up to date; stop where a loss is not a number."""
        self._count_seconds()
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
        self._halt = Stop.DIVERGED, f"The training broke down: {seen}."
        self.gan.stop_training = True

    def _fit(self, until_step, beside):
        """Steps until that one; none where an interrupt came before them."""
        self._halt = None
        if self._interrupted:
            return
        import tensorflow as tf

        stream = batches(self.recipe, self.images, self.seed, after_step=self.steps_done)
        first = next(stream)
        dataset = tf.data.Dataset.from_generator(
            lambda: itertools.chain([first], stream),
            output_signature={name: tf.TensorSpec(a.shape, a.dtype) for name, a in first.items()},
        ).prefetch(2)
        self._clock = time.monotonic()
        everything = [callbacks.KeepHistory(self), *beside, *self._writers()]
        self.gan.fit(
            dataset,
            steps_per_epoch=None if until_step is None else until_step - self.steps_done,
            shuffle=False,
            verbose=0,
            callbacks=callbacks.StepByStep(everything, add_history=True, model=self.gan),
        )
        self.read_losses()
        self._clock = None
        self._halt = self._halt or (Stop.REACHED, f"Step {self.steps_done} is reached.")

    def _count_seconds(self):
        """Those since the clock was read, if it runs: it does while Keras's loop does."""
        if self._clock is not None:
            now = time.monotonic()
            self.seconds += now - self._clock
            self._clock = now

    def _writers(self):
        if self.folder is None:
            return []
        self._write_record()
        writers = [callbacks.DrawSamples(self, self.picture_every)]
        if callbacks.has_tensorboard():
            writers.append(callbacks.WriteTensorBoard(self))
        return [*writers, callbacks.SaveCheckpoints(self, self.checkpoint_seconds)]

    def _build(self):
        runtime.set_seed(self.seed)
        nets = NETS[self.recipe.nets]

        def build(builder):
            net = builder(self.width, self.precision)
            return make_fast(net) if self.fast else net

        generator, discriminator = build(nets.build_generator), build(nets.build_discriminator)
        averaged = build(nets.build_generator) if self.recipe.average_decay > 0 else None
        gan = GAN(generator, discriminator, self.recipe, averaged_generator=averaged)
        rates = self.recipe.generator_learning_rate, self.recipe.discriminator_learning_rate
        gan.compile(*[self._optimizer(rate) for rate in rates])
        return gan

    def _optimizer(self, rate):
        if self.recipe.rate_halved_after:
            steps = self.recipe.rate_halved_after
            rate = keras.optimizers.schedules.InverseTimeDecay(rate, steps, decay_rate=1.0)
        adam = FusedAdam if self.fast else keras.optimizers.Adam
        return adam(rate, beta_1=self.recipe.beta_1)

    def _variables(self):
        """Everything that a step changes, by name; a name never depends on Keras's own names."""
        gan = self.gan
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
            "fast": self.fast,
            "seed": self.seed,
            "photographs": {"count": len(self.images), "digest": _digest(self.images)},
            "random_numbers": _digest(first_batch["latents"]),  # numpy may draw others one day
        }

    def _go_to_the_newest_checkpoint(self):
        """Its step, or None where there is none."""
        stored = self.folder and checkpoints.load_newest(self.folder / "checkpoints")
        if not stored:
            return None
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
        self.not_a_number = False
        self._halt = Stop.TAKEN_UP, f"Taken up at step {stored.step}."
        return stored.step

    def _go_back_to_the_last_good(self):
        _, seen = self._halt
        step = self._go_to_the_newest_checkpoint()
        if step is None:
            now = "There is no checkpoint to go back to."
        else:
            now = f"The nets are those of step {step} again, the last good ones."
        self._halt = Stop.DIVERGED, f"{seen} {now}"

    def _write_record(self):
        state = {"steps_done": self.steps_done, "seconds": self.seconds, "stopped": self.stopped}
        run_folder.write_record(self.folder, {**self.about, **self.identity, **state})


def _without_copy(variable):
    """The variable's numbers as numpy sees them where TensorFlow keeps them; only to be read."""
    return np.asarray(memoryview(variable.value.read_value()))


def _digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
