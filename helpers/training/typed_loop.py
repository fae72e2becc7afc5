"""The chapter's whole loop in one function, as a learner types it in lesson 05: its solution.

Source: *Hands-on Deep Learning with R*, chapter 9, "GANs for faces". `ChapterLoop` takes the same
steps and can do more: it goes on after a stop, and it keeps an averaged generator.
"""

import imageio.v3 as iio
import numpy as np

from helpers.nets.latents import draw_latents


def typed_loop(nets, photographs, steps, folder, watch, random, rules):
    """Train for so many steps; every hundredth one print both losses and save a fake and a real.

    nets: generator, discriminator and GAN, all but the generator compiled.
    photographs: float32 (n, 50, 50, 3), in the range that the nets shall see.
    folder: where `fake_gwb100.png` and `real_gwb100.png` and so on go; it is there.
    watch: called after each step with its number and both losses, the discriminator's first.
    random: the one source of latents and noise.
    rules: has three functions: `make_labels(batch_size, noise, u)`,
        `next_row(first_row, photographs, random)`, `to_picture(pictures)` for files.
    """
    generator, discriminator, gan = nets
    first_row = 0
    for step in range(1, steps + 1):
        latents = draw_latents(20, random)  # blank 1
        fakes = generator.predict_on_batch(latents)
        real = photographs[first_row : first_row + 20]  # blank 2
        pictures = np.concatenate([fakes, real])
        u = random.random((40, 1), dtype="float32")
        labels = rules.make_labels(20, 0.1, u)

        discriminator.trainable = True
        discriminator.reset_metrics()
        discriminator_loss = discriminator.train_on_batch(pictures, labels)  # blank 3

        discriminator.trainable = False  # blank 4
        latents = draw_latents(20, random)
        gan.reset_metrics()
        generator_loss = gan.train_on_batch(latents, np.zeros((20, 1)))  # blank 5

        first_row = rules.next_row(first_row, photographs, random)
        watch(step, discriminator_loss, generator_loss)
        if step % 100 == 0:  # blank 6
            print(f"step {step}: losses {discriminator_loss:.3f} and {generator_loss:.3f}")
            for name, picture in (("fake", fakes[0]), ("real", real[0])):
                whole = np.uint8(255 * rules.to_picture(picture))
                iio.imwrite(folder / f"{name}_gwb{step}.png", whole)
