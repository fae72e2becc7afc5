"""The chapter's loop, step after step. It can be stopped and goes on from there: an interrupt in
the middle of a step leaves that step undone in part, as in the chapter.

Source: *Hands-on Deep Learning with R*, chapter 9, "GANs for faces". One step of it, piece by
piece, is in `chapter_step.py`. Order of the photographs, labels and averaging are written here a
second time on purpose: the engine (`gan.py`, `batches.py`) is tested against this loop.
"""

import time

import numpy as np

from helpers.images import save_picture, to_net_range
from helpers.machine import set_seed
from helpers.nets import chapter
from helpers.nets.latents import as_pictures, draw_latents, generate_pictures, make_fakes
from helpers.progress import progress_bar
from helpers.training import chapter_step
from helpers.training.batches import check_photographs, rows_of_a_pass


class ChapterLoop:
    """The chapter's loop: two nets, the photographs, and where it stands.

    `images`: float32 (n, 50, 50, 3) in [0, 1]; of fewer than a batch some come again in a step. The
    same seed gives the same pictures on the same machine. `history` holds one loss of each net a
    step; `steps_done` counts. A loop that was interrupted goes on where it stands.
    """

    def __init__(self, recipe, images, *, width=1.0, seed=0, precision="float32"):
        images = check_photographs(images, recipe.batch_size)
        set_seed(seed)
        self.recipe = recipe
        self.random = np.random.default_rng(seed)
        self.photographs = to_net_range(images) if recipe.same_range else images
        size = images.shape[1]
        self.generator = chapter.build_generator(width, precision, size=size)
        self.discriminator = chapter.build_discriminator(width, precision, size=size)
        chapter_step.compile_discriminator(self.discriminator, recipe)
        self.gan = chapter_step.build_gan(self.generator, self.discriminator, recipe)
        self.order = rows_of_a_pass(len(images), recipe.batch_size)
        if recipe.shuffled:
            self.random.shuffle(self.order)
        self.first_row = 0
        self.steps_done = 0
        self.history = {"discriminator_loss": [], "generator_loss": []}
        self._average = None
        if recipe.average_decay > 0:
            self._average = [weight.numpy() for weight in self.generator.weights]

    def step(self):
        """Both losses, (discriminator's, generator's), of one step of the loop."""
        batch_size = self.recipe.batch_size
        latents = draw_latents(batch_size, self.random)
        self.last_fakes = make_fakes(self.generator, latents)
        rows = self.order[self.first_row : self.first_row + batch_size]
        self.last_photographs = self.photographs[rows]
        pictures = chapter_step.combine(self.last_fakes, self.last_photographs)
        make_labels = (
            chapter_step.labels_inward
            if self.recipe.noise_points_inward
            else chapter_step.labels_as_printed
        )
        u = chapter_step.draw_label_noise(batch_size, self.random)
        labels = make_labels(batch_size, self.recipe.label_noise, u)
        discriminator_loss = chapter_step.train_discriminator(self.discriminator, pictures, labels)
        generator_loss = chapter_step.train_generator(
            self.gan, self.discriminator, draw_latents(batch_size, self.random)
        )
        self._go_to_next_rows()
        self._take_into_the_average()
        self.history["discriminator_loss"].append(discriminator_loss)
        self.history["generator_loss"].append(generator_loss)
        self.steps_done += 1
        return discriminator_loss, generator_loss

    def _go_to_next_rows(self):
        count, batch_size = len(self.order), self.recipe.batch_size
        if not self.recipe.shuffled:
            self.first_row = chapter_step.next_first_row_as_printed(
                self.first_row, count, batch_size, self.random
            )
            return
        self.first_row += batch_size
        if self.first_row + batch_size > count:  # a pass is over: a new order for the next one
            self.random.shuffle(self.order)
            self.first_row = 0

    def _take_into_the_average(self):
        """A moving mean over the last steps' generators; the first ones are soon forgotten."""
        if self._average is None:
            return
        count = self.steps_done
        decay = min(self.recipe.average_decay, (1 + count) / (self.recipe.average_warm_up + count))
        for mean, weight in zip(self._average, self.generator.weights, strict=True):
            mean += (1 - decay) * (weight.numpy() - mean)

    def sample(self, count, seed=0, averaged=True):
        """What the generator draws now: float32 (count, 50, 50, 3) in [0, 1].

        The same seed gives the same latents, so that samples of two moments can be compared. The
        generator draws with the mean of its weights over about the last 100 steps, which swings
        less than the last step does and takes no part in the training; without `averaged`, with
        those of the last step. Source: Yazıcı and others, "The unusual effectiveness of averaging
        in GAN training", 2019.
        """
        if not averaged or self._average is None:
            return generate_pictures(self.generator, count, seed, self.recipe)
        weights = self.generator.get_weights()
        self.generator.set_weights(self._average)
        try:
            return generate_pictures(self.generator, count, seed, self.recipe)
        finally:
            self.generator.set_weights(weights)

    def seconds_a_step(self, steps):
        """The seconds of one step, a mean over so many; one more before them prepares the nets.

        All of them count as steps done.
        """
        self.step()
        began = time.monotonic()
        for _ in range(steps):
            self.step()
        return (time.monotonic() - began) / steps

    def estimate(self, until_step):
        """Take three steps, and say in a sentence how many minutes the rest takes."""
        seconds = self.seconds_a_step(2)
        minutes = seconds * max(0, until_step - self.steps_done) / 60
        return f"{seconds:.2f} s a step: step {until_step} is reached in {minutes:.1f} minutes."

    def run(self, until_step, folder, picture_every):
        """Go on until step `until_step`; every so many steps save a fake and print both losses.

        Pictures go to `folder` as `step_00100_fake.png` and `step_00100_photograph.png`, as in the
        chapter. An interrupt (the stop button, Ctrl-C) keeps the history and the pictures; the next
        call goes on from there.
        """
        folder.mkdir(parents=True, exist_ok=True)
        with progress_bar(total=until_step, initial=self.steps_done, unit="step") as progress:
            try:
                while self.steps_done < until_step:
                    losses = self.step()
                    progress.update()
                    if self.steps_done % picture_every == 0:
                        self._save_and_tell(folder, *losses)
            except KeyboardInterrupt:
                print(f"Stopped after step {self.steps_done}. Run the cell again to go on.")

    def _save_and_tell(self, folder, discriminator_loss, generator_loss):
        print(
            f"step {self.steps_done:5}: discriminator loss {discriminator_loss:7.3f}, "
            f"generator loss {generator_loss:7.3f}"
        )
        for kind, pictures in (("fake", self.last_fakes), ("photograph", self.last_photographs)):
            path = folder / f"step_{self.steps_done:05}_{kind}.png"
            save_picture(path, as_pictures(pictures[0], self.recipe))
