"""One way to train, for all: run = train(CHAPTER_TUNED, faces.images, steps=800, width=1 / 8)."""

import contextlib
import time
from pathlib import Path

import numpy as np

from helpers.machine import faster_precision, import_keras
from helpers.nets.latents import draw_latents, generate_from
from helpers.training import callbacks, checkpoints, distribution, identity, run_folder
from helpers.training.batches import as_dataset, batches, check_photographs
from helpers.training.building import build_nets
from helpers.training.choices import check_choices, check_end
from helpers.training.loss_history import LossHistory
from helpers.training.run_folder import TrainingError
from helpers.training.stopping import Ending, Stop, stop_politely

keras = import_keras()


def train(recipe, images, *, steps=None, minutes=None, more_callbacks=(), **options):
    """Train the recipe's two nets on `images`, and return the `Run`.

    The run ends at step `steps`, or when `minutes` of training are over, whichever comes first.
    options: those of `Run`: folder, resume, seed, width, precision, fast, picture_every,
        checkpoint_seconds, about, strategy.
    Raises: as `Run` does; CheckpointError or TrainingError where the folder can't be written.
    """
    run = Run(recipe, images, **options)
    return run.train(steps=steps, minutes=minutes, more_callbacks=more_callbacks)


class Run:
    """A training: its nets, where it stands, and its folder.

    images: float32 (n, size, size, 3) in [0, 1]; of fewer than a batch some come again in a step.
    folder: where the run leaves checkpoints, sample sheets, `history.csv` and `run.json`; without
        one it leaves nothing.
    resume: go on from the folder's newest checkpoint as if the run had never stopped: the same
        bits, on the same machine with the same versions.
    seed: the one source of randomness; the same one gives the same pictures on the same machine.
    width: narrower nets, a share in (0, 1] of all their filters.
    precision: "float32" or "mixed_bfloat16"; by default the faster one here, or that of the run
        which is continued.
    fast: layers and Adam are computed in faster ways that round otherwise (`fast_layers.py`); else
        a step computes what the chapter's loop does: the same bits where we tried it.
    picture_every, checkpoint_seconds: from one sheet of samples or one checkpoint to the next.
    about: a dict of more entries for `run.json`.
    strategy: a `tf.distribute.Strategy` whose replicas share each step (`distribution.py`).

    `history` holds "discriminator_loss" and "generator_loss", a number a step; `steps_done` counts;
    `seconds` is the time spent in training; `stop_reason` says as a `Stop` why the run stands
    still, `stopped` in a sentence, for people.

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
        resume=False,
        seed=0,
        width=1.0,
        precision=None,
        fast=True,
        picture_every=50,
        checkpoint_seconds=120,
        about=None,
        strategy=None,
    ):
        check_choices(
            seed=seed,
            width=width,
            picture_every=picture_every,
            precision=precision,
            checkpoint_seconds=checkpoint_seconds,
        )
        self.recipe = recipe
        self.images = check_photographs(images, recipe.batch_size)
        self.folder = None if folder is None else Path(folder)
        self.seed, self.width, self.fast = seed, width, fast
        self.picture_every = picture_every
        self.checkpoint_seconds = checkpoint_seconds
        self.about = about or {}
        self.strategy = strategy
        self.shares = distribution.shares_here(strategy)
        self.diverged = self._at_work = False
        self._losses, self._ending = LossHistory(), Ending()
        former = self.folder and run_folder.open_run(self.folder, resume)
        self.precision = self._chosen_precision(precision, former)
        nets = {"width": width, "precision": self.precision, "fast": fast, "seed": seed}
        self.identity = identity.identity_of(recipe, self.images, **nets)
        if former:
            identity.check_same_run(self.folder, former, self.identity)
        self._tell_what_sharing_changes(former)
        self.gan = build_nets(recipe, size=self.images.shape[1], strategy=strategy, **nets)
        self.generator, self.discriminator = self.gan.generator, self.gan.discriminator
        self._take_up()

    @property
    def history(self):
        return self._losses.history

    @property
    def steps_done(self):
        return self._losses.steps_done

    @property
    def seconds(self):
        return self._losses.seconds

    @property
    def stop_reason(self):
        """Why the run stands still, or is about to, as a `Stop`; None while it trains."""
        return self._ending.reason

    @property
    def stopped(self):
        """Why the run stands still, or is about to, as a sentence; empty while it trains."""
        return self._ending.sentence

    def sample(self, count, seed=0, averaged=True):
        """What the generator makes now: float32 (count, size, size, 3) in [0, 1].

        The same seed gives the same latents. The averaged (EMA) generator is asked, if there is one
        and `averaged` is not False.
        """
        random, size = np.random.default_rng(seed), self.recipe.latent_size
        return self.generate(draw_latents(count, random, size), averaged)

    def generate(self, latents, averaged=True):
        """What the generator makes now of latents (n, 100): as `sample`, in the same order."""
        net = self.gan.averaged_generator if averaged else None
        return generate_from(net or self.generator, latents, self.recipe)

    def batches(self, after_step=0):
        """The endless stream of batches that this run takes: see `batches.batches`."""
        return batches(self.recipe, self.images, self.seed, after_step, self.shares)

    def train(self, *, steps=None, minutes=None, more_callbacks=()):
        """Go on until step `steps`, or for `minutes` more: see `train`. Returns the run.

        A run that broke down before its first checkpoint has nothing to go on with: it says so.
        """
        if steps is None and minutes is None:
            raise ValueError("Say how long to train: steps=… or minutes=….")
        check_end(steps, minutes)
        with self.at_work():
            if self.diverged:
                print(self.stopped)
                return self
            if steps is not None and steps <= self.steps_done:
                self._ending.set(Stop.REACHED, f"Step {self.steps_done} is done already.")
                return self
            beside = [callbacks.ShowProgress(self, steps)]
            if minutes is not None:
                beside.append(callbacks.stop_in_time(self, minutes))
            self._fit(steps, [*beside, *more_callbacks])
            self.save()
            if self.diverged:
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
            if not self.diverged:
                self._fit(self.steps_done + 3, [note_time])
                if self.diverged:
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
        folder = self.folder if self.shares.are_the_chiefs else None
        with run_folder.only_training(folder, self.steps_done):
            self._ending.interrupted = False
            self._at_work = True
            try:
                with stop_politely(self):
                    yield
            finally:
                self._at_work = False

    def stop(self, sentence, reason=Stop.ASKED):
        """End after the step in progress; `sentence` says why, for people."""
        self._ending.ask(reason, sentence)
        self.gan.stop()

    def interrupt(self):
        """End after the step in progress, or before the next one, until asked to work anew."""
        self._ending.interrupted = True
        self.gan.stop()

    def save(self):
        """Write a checkpoint, `history.csv` and `run.json` to the run's folder, if it has one.

        Raises: CheckpointError where that fails; the checkpoint before it is still whole.
        """
        self.read_losses()
        if self.folder is None or self.diverged or not self.shares.are_the_chiefs:
            return
        arrays = checkpoints.arrays_of(self.gan)
        if seen := checkpoints.breakdown_in(arrays):
            self._meet_breakdown(seen)
            return
        if not (self.folder / "run.json").exists():  # never a checkpoint of an unknown run
            self._write_record()
        checkpoints.save(self.folder, arrays, self._losses, self.identity)
        run_folder.write_history(self.folder, self.history)
        self._write_record()

    def add_step(self, losses):
        """Note the losses of a step, as tensors: they are read later, all at once."""
        self._losses.add(losses)
        if self.stop_reason:  # it may come before Keras's loop listens
            self.gan.stop()
        if "wish_to_stop" in losses and float(losses["wish_to_stop"]) > 0:
            self._ending.ask(Stop.ASKED, "Another worker asked to stop.")
            self.gan.stop_training = True

    def read_losses(self):
        """Bring `history` and `seconds` up to date; stop where a loss is not a number."""
        if (seen := self._losses.read()) and not self.diverged:
            self._meet_breakdown(seen)

    def _chosen_precision(self, precision, former):
        if precision or former:
            return precision or former["precision"]
        return distribution.precision_of_all(self.strategy, faster_precision())

    def _tell_what_sharing_changes(self, former):
        before = former.get("replicas", 1) if former else None
        told = distribution.what_sharing_changes(self.shares.replicas, before, self.fast)
        if told and self.shares.are_the_chiefs:
            print(told)

    def _meet_breakdown(self, seen):
        self.diverged = True
        self._ending.set(Stop.DIVERGED, f"The training broke down: {seen}.")
        self.gan.stop()

    def _fit(self, until_step, beside):
        """Steps until that one; none where an interrupt came before them."""
        self._ending.begin()
        if self.gan.wish_to_stop is not None:
            self.gan.wish_to_stop.assign(float(self._ending.interrupted))
        elif self._ending.interrupted:
            return
        steps_done = self.steps_done
        with self._losses.clock():
            everything = [callbacks.KeepHistory(self), *beside, *self._writers()]
            self.gan.fit(
                as_dataset(lambda: self.batches(after_step=steps_done), self.strategy),
                steps_per_epoch=None if until_step is None else until_step - self.steps_done,
                shuffle=False,
                verbose=0,
                callbacks=callbacks.StepByStep(everything, add_history=True, model=self.gan),
            )
            self.read_losses()
        self._ending.ask(Stop.REACHED, f"Step {self.steps_done} is reached.")

    def _writers(self):
        if self.folder is None or not self.shares.are_the_chiefs:
            return []
        self._write_record()
        return callbacks.writers(self)

    def _write_record(self):
        now = {"steps_done": self.steps_done, "seconds": self.seconds, "stopped": self.stopped}
        now["replicas"] = self.shares.replicas
        run_folder.write_record(self.folder, {**self.about, **self.identity, **now})

    def _take_up(self):
        """Go to the newest checkpoint; whether there is one."""
        if self.folder is None or not checkpoints.restore(self.folder, self.gan, self._losses):
            return False
        self.diverged = False
        self._ending.set(Stop.TAKEN_UP, f"Taken up at step {self.steps_done}.")
        return True

    def _go_back_to_the_last_good(self):
        seen = self.stopped
        if self._take_up():
            now = f"The nets are those of step {self.steps_done} again, the last good ones."
        else:
            now = "There is no checkpoint to go back to."
        self._ending.set(Stop.DIVERGED, f"{seen} {now}")
