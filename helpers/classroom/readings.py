"""What the health panel measures: a training at one moment, in numbers."""

import hashlib
import itertools
import math
from dataclasses import dataclass

import numpy as np

from helpers.images import to_net_range
from helpers.judging import face_rate, spread
from helpers.nets.latents import draw_latents

SHOWN_PICTURES = 24  # on the panel, in three rows, always from the same latents
SHOWN_SEED = 0
BLOCK = 512  # photographs in memory at once
JUDGED_PICTURES = 60  # shown to the discriminator, of each kind
NEWEST_LOSSES = 50  # steps whose mean is read as the loss


@dataclass(frozen=True)
class Reading:
    """A training at one moment.

    What comes out:

    - `discriminator_loss`, `generator_loss`: means of the newest 50 steps.
    - `photographs_right`, `held_out_right`, `fakes_right`: shares of 60 pictures that the
      discriminator judges rightly. The held-out photographs were never shown to it in training;
      None where there are none.
    - `known_by`: how much surer the discriminator is of its photographs than of those held out,
      in standard deviations of its scores: near 0 where it knows none by heart. None without any.
    - `relative_spread`: the fakes' spread as a share of the photographs': 0 where all are the
      same, about 1 where they differ as photographs do. `face_rate`: of 24 fakes.

    What goes in, in the two steps that come next:

    - `smallest_label`, `largest_label`.
    - `darkest`: the smallest number in the photographs, in the nets' range: near -1.
    - `from_the_album`: the share of the photographs that are in the album as they are, or mirrored.
    - `new_latents`: the share of the second step's latents that the first step does not have.

    What happens inside:

    - `discriminator_moves`, `generator_moves`: how far the weights of a net have moved since the
      reading before, a step, as a share of their size.
    - `modes_apart`: how far the last step's fakes in the mode of training are from those of the
      same latents in the mode of use (inference), a mean over all values in [0, 1].
    """

    step: int
    seconds: float
    discriminator_loss: float
    generator_loss: float
    photographs_right: float
    held_out_right: float | None
    fakes_right: float
    known_by: float | None
    relative_spread: float
    face_rate: float
    smallest_label: float
    largest_label: float
    darkest: float
    from_the_album: float
    new_latents: float
    discriminator_moves: float
    generator_moves: float
    modes_apart: float


class Reader:
    """Takes the Readings of a `Run`, one after the other. Changes nothing in it, no random state.

    `held_out`: photographs, float32 (n, 50, 50, 3) in [0, 1], that the run does not train on.
    """

    def __init__(self, run, held_out=None):
        self.run = run
        self.held_out = held_out
        self._before = self._weights()
        self._step_before = run.steps_done
        self._album = set()
        for first in range(0, len(run.images), BLOCK):  # all at once they may not fit into memory
            some = self._in_nets_range(run.images[first : first + BLOCK])
            self._album |= {_digest(picture) for picture in (*some, *some[:, :, ::-1])}

    def read(self, shown=None):
        """The Reading of now. `shown`: what `draw_shown` gives, if it is at hand."""
        run = self.run
        run.read_losses()
        fakes = run.sample(JUDGED_PICTURES, SHOWN_SEED, averaged=False)  # as the other net sees
        some = np.random.default_rng(0).permutation(len(run.images))[:JUDGED_PICTURES]
        photographs = run.images[some]
        scores = self._scores(photographs)
        held_out = None if self.held_out is None else self._scores(self.held_out)
        shown = draw_shown(run) if shown is None else shown
        return Reading(
            step=run.steps_done,
            seconds=run.seconds,
            discriminator_loss=float(np.mean(run.history["discriminator_loss"][-NEWEST_LOSSES:])),
            generator_loss=float(np.mean(run.history["generator_loss"][-NEWEST_LOSSES:])),
            photographs_right=float(np.mean(scores <= 0)),
            held_out_right=None if held_out is None else float(np.mean(held_out <= 0)),
            fakes_right=float(np.mean(self._scores(fakes) > 0)),
            known_by=None if held_out is None else _apart(scores, held_out),
            relative_spread=spread(shown) / spread(photographs) if len(some) > 1 else math.nan,
            face_rate=face_rate(shown),
            modes_apart=self._modes_apart(),
            **self._what_goes_in(),
            **self._moves(),
        )

    def _scores(self, pictures):
        """The discriminator's scores as logits, (n,): above 0 it says "fake"."""
        run = self.run
        pictures, size = pictures[:JUDGED_PICTURES], run.recipe.batch_size
        shown = self._in_nets_range(pictures)
        scores = np.concatenate(
            [
                run.discriminator(shown[first : first + size], training=False)
                for first in range(0, len(shown), size)
            ]
        )[:, 0]
        if run.gan.gives_logits:
            return scores
        scores = np.clip(scores.astype("float64"), 1e-7, 1 - 1e-7)
        return np.log(scores / (1 - scores))

    def _in_nets_range(self, pictures):
        return to_net_range(pictures) if self.run.recipe.same_range else pictures

    def _what_goes_in(self):
        run = self.run
        first, second = itertools.islice(run.batches(after_step=run.steps_done), 2)
        photographs = np.concatenate([first["photographs"], second["photographs"]])
        former = {latent.tobytes() for latent in first["latents"]}
        return {
            "smallest_label": float(min(batch["labels"].min() for batch in (first, second))),
            "largest_label": float(max(batch["labels"].max() for batch in (first, second))),
            "darkest": float(photographs.min()),
            "from_the_album": float(
                np.mean([_digest(picture) in self._album for picture in photographs])
            ),
            "new_latents": float(
                np.mean([latent.tobytes() not in former for latent in second["latents"]])
            ),
        }

    def _weights(self):
        nets = (self.run.discriminator, self.run.generator)
        return [
            np.concatenate([weight.numpy().ravel() for weight in net.trainable_variables])
            for net in nets
        ]

    def _moves(self):
        before, self._before = self._before, self._weights()
        steps, self._step_before = self.run.steps_done - self._step_before, self.run.steps_done
        names = ("discriminator_moves", "generator_moves")
        return {
            name: float(np.linalg.norm(after - former) / np.linalg.norm(former) / max(steps, 1))
            for name, former, after in zip(names, before, self._before, strict=True)
        }

    def _modes_apart(self):
        """Training mode moves a normalisation's statistics: they are put back."""
        net, size = self.run.generator, self.run.recipe.batch_size
        latents = draw_latents(size, np.random.default_rng(SHOWN_SEED))
        kept = [variable.numpy() for variable in net.non_trainable_variables]
        in_training = np.array(net(latents, training=True))
        for variable, value in zip(net.non_trainable_variables, kept, strict=True):
            variable.assign(value)
        return float(np.abs(in_training - np.array(net(latents, training=False))).mean() / 2)


def train_and_read(run, held_out, steps, count):
    """Train until step `steps`; the Readings at `count` moments on the way, the last at the end.

    Fewer where the training breaks down: `run.diverged` says so. `held_out`: as for a Reader.
    """
    reader, readings = Reader(run, held_out), []
    for moment in range(1, count + 1):
        run.train(steps=max(1, moment * steps // count))
        if run.diverged:
            break
        readings.append(reader.read())
    return readings


def draw_shown(run):
    """The panel's pictures, always from the same latents: float32 (24, 50, 50, 3) in [0, 1]."""
    return run.sample(SHOWN_PICTURES, SHOWN_SEED)


def _digest(picture):
    return hashlib.sha256(picture.tobytes()).digest()


def _apart(known, unknown):
    """How far the mean of the second is above the first's, in the first's standard deviations."""
    return float((unknown.mean() - known.mean()) / max(known.std(), 1e-7))
