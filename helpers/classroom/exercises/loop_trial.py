"""What is wrong in a learner's own loop (exercise 05.11), blank by blank; it runs on spies."""

import contextlib
import io
import tempfile
from pathlib import Path
from types import SimpleNamespace

import imageio.v3 as iio
import numpy as np

from helpers.classroom.exercises.checking import TakesTooLong, call_in_time
from helpers.classroom.exercises.differences import in_words
from helpers.classroom.exercises.spies import SpyDiscriminator, SpyGan, SpyGenerator
from helpers.nets.latents import LATENT_SIZE

STEPS = 200
BATCH = 20
ROWS = 60  # of the photographs
BLANK_2 = "Is it open, or no 20 rows of `photographs`, the function's own argument?"
LATENTS = (BATCH, LATENT_SIZE)


def mistake_in_the_loop(typed_loop):
    """A hint for the first blank that is wrong, or None. The loop takes 200 steps on spies."""
    trial = _Trial()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        try:
            call_in_time(typed_loop, [*trial.arguments(Path(folder))])
        except TakesTooLong:
            return "Your loop did not end in time. Is there a second loop without end in it?"
        except Exception as error:  # whatever a learner's code raises
            return trial.hint() or trial.hint_for_stopping(error)
        return trial.hint() or _hint_for_files({path.name for path in Path(folder).iterdir()})


class _Trial:
    """Spies for the nets, and what the loop asked of them."""

    def __init__(self):
        self.generator, self.discriminator = SpyGenerator(), SpyDiscriminator()
        self.gan = SpyGan(self.discriminator)
        rows = np.linspace(-1, 1, ROWS, dtype="float32")
        self.photographs = np.broadcast_to(rows[:, None, None, None], (ROWS, 2, 2, 3)).copy()
        self.labels, self.first_rows, self.watched = [], [0], []

    def arguments(self, folder):
        rules = SimpleNamespace(
            make_labels=self._make_labels,
            next_row=self._next_row,
            to_picture=lambda picture: np.clip((picture + 1) / 2, 0, 1),
        )
        nets = self.generator, self.discriminator, self.gan
        random = np.random.default_rng(0)
        return nets, self.photographs, STEPS, folder, self._watch, random, rules

    def _make_labels(self, batch_size, noise, u):
        self.labels.append(noise * np.asarray(u))
        return self.labels[-1]

    def _next_row(self, first_row, photographs, random):
        self.first_rows.append((self.first_rows[-1] + 7) % (ROWS - BATCH))
        return self.first_rows[-1]

    def _watch(self, step, discriminator_loss, generator_loss):
        self.watched.append((step, discriminator_loss, generator_loss))

    def hint(self):
        """For the first blank that the first steps show to be wrong, in their order."""
        return (
            self._hint_for_latents()
            or self._hint_for_photographs()
            or self._hint_for_discriminator()
            or self._hint_for_freezing()
            or self._hint_for_targets()
        )

    def hint_for_stopping(self, error):
        """For a loop that stopped with an error, where `hint` finds nothing: at which blank."""
        if not self.generator.asked:
            return f"Blank 1: the line stops with an error, {in_words(error)}"
        if not self.labels:
            return f"At blank 2 the loop stops with an error, {in_words(error, BLANK_2)}"
        if not self.discriminator.steps:
            return f"Blank 3: the line stops with an error, {in_words(error)}"
        if not self.gan.steps:
            blank = 5 if self.discriminator.trainable is False else 4
            return f"Blank {blank}: the line stops with an error, {in_words(error)}"
        if self.watched:
            return f"At blank 6 the loop stops with an error, {in_words(error)}"
        return f"Your loop stops with an error, {in_words(error)}"

    def _hint_for_latents(self):
        asked = self.generator.asked
        if not asked:
            return None
        if asked[0] is ...:
            return "Blank 1 is open: what does the generator need for 20 fakes?"
        if np.shape(asked[0]) != LATENTS:
            return f"Blank 1: the latents have the shape {np.shape(asked[0])}. What does it need?"
        if len(asked) > 1 and np.array_equal(asked[0], asked[1]):
            return "Blank 1: each step needs new latents, and these are always the same."
        if abs(np.mean(asked[0])) > 0.2:
            return "Blank 1: these numbers are not spread around 0. Use draw_latents."
        return None

    def _hint_for_photographs(self):
        for first_row, (pictures, *_) in zip(
            self.first_rows, self.discriminator.steps, strict=False
        ):
            if len(pictures) != 2 * BATCH:
                return (
                    f"It learns from {len(pictures)} pictures, and a batch has {2 * BATCH}. Does "
                    "blank 2 give 20 photographs, and does blank 3 take `pictures`?"
                )
            if not np.array_equal(pictures[BATCH:], self.photographs[first_row:][:BATCH]):
                return "Blank 2: these are other rows. Take 20, from first_row on."
        return None

    def _hint_for_discriminator(self):
        steps = self.discriminator.steps
        if self.watched and (not steps or self.watched[0][1] is ...):
            return "Blank 3 is open: the discriminator takes one step on pictures and labels."
        for (_, labels, trainable), made in zip(steps, self.labels, strict=False):
            if not np.array_equal(labels, made):
                return "Blank 3: the discriminator needs the labels that were made for this batch."
            if trainable is not True:
                return "The discriminator learns only if trainable is True before its step."
        if self.watched and not np.isclose(self.watched[0][1], 0.501):
            return "Blank 3: keep what train_on_batch gives back. It is the loss."
        return None

    def _hint_for_freezing(self):
        for _, _, trainable in self.gan.steps:
            if trainable is ...:
                return "Blank 4 is open: may the discriminator move in the generator's turn?"
            if trainable is not False:
                return "Blank 4: so it would learn to call these fakes photographs. Freeze it."
        return None

    def _hint_for_targets(self):
        for latents, targets, _ in self.gan.steps:
            if targets.dtype == object:
                return "Blank 5 is open: what should the discriminator say of these 20 fakes?"
            if targets.shape != (BATCH, 1):
                return f"Blank 5: the targets have the shape {targets.shape}. A score has (20, 1)."
            if (targets == 1).all():
                return "Blank 5: with this target the generator learns to be found out."
            if not (targets == 0).all():
                return "Blank 5: the target is the label of a photograph, without noise."
            if np.shape(latents) != LATENTS:
                return f"The generator's latents have the shape {np.shape(latents)}."
        return None


def _hint_for_files(names):
    wanted = {f"{kind}_gwb{step}.png" for kind in ("fake", "real") for step in (100, 200)}
    if names == wanted:
        return None
    if "fake_gwb1.png" in names and len(names) > len(wanted):
        return "Blank 6: it prints and saves at too many steps. Only every hundredth."
    if "fake_gwb99.png" in names:
        return "Blank 6: this loop counts from 1, so step 100 is the hundredth. Don't add one."
    if not names:
        return "Blank 6: it never prints and saves. What is left over when 100 is divided by 100?"
    return f"Blank 6: 200 steps should leave {len(wanted)} files; yours left {len(names)}."


def wrong_loop(**other):
    """A maker of wrong loops: the solution with one blank filled in another way."""

    def typed_loop(nets, photographs, steps, folder, watch, random, rules):
        generator, discriminator, gan = nets
        first_row = 0
        for step in range(1, steps + 1):
            draw = other.get("draw", lambda random: random.standard_normal((20, 100)))
            fakes = generator.predict_on_batch(draw(random))
            begin = other.get("begin", first_row)
            real = other.get("rows", photographs[begin : begin + 20])
            pictures = np.concatenate([fakes, real])
            labels = rules.make_labels(20, 0.1, random.random((40, 1)))
            discriminator.trainable = True
            learn = other.get("learn", lambda net, _, *batch: net.train_on_batch(*batch))
            loss = learn(discriminator, fakes, pictures, labels)
            discriminator.trainable = other.get("trainable", False)
            targets = np.full((20, 1), other.get("target", 0))
            generator_loss = gan.train_on_batch(random.standard_normal((20, 100)), targets)
            first_row = rules.next_row(first_row, photographs, random)
            watch(step, other.get("loss", loss), generator_loss)
            if step % other.get("every", 100) == 0:
                for name, picture in (("fake", fakes[0]), ("real", real[0])):
                    whole = np.uint8(255 * rules.to_picture(picture))
                    iio.imwrite(folder / f"{name}_gwb{step}.png", whole)

    return lambda: typed_loop
