"""The two nets as one Keras model that trains both in a single step.

Source: *Hands-on Deep Learning with R*, chapter 9. With the chapter's recipes a step computes what
the chapter's loop computes (`helpers/chapter.py` has it in pieces); `tests/test_gan.py` holds the
two together.
"""

from functools import partial

from helpers.augment import augment
from helpers.runtime import import_keras

keras = import_keras()
ops = keras.ops

PENALTY_AT_FIRST = 0.2  # the least strength of the gradient penalty
PENALTY_EVERY = 8  # steps from one gradient penalty to the next, which then counts eightfold


class GAN(keras.Model):
    """Generator, discriminator, and the averaged generator; trained by Keras's `fit`.

    `generator` turns latents (n, 100) into pictures in [-1, 1]; `discriminator` turns pictures
    into scores (n, 1), near 1 for a fake, or into logits if its last layer has no sigmoid. With
    `average_decay` above 0 in the recipe a third net, `averaged_generator`, keeps the moving mean
    of the generator's weights, its normalisation's statistics included; it takes no part in the
    training. It is built as the generator was, by the same function: Keras's own copy of a net is
    another net before Keras 3.15. Source of the averaging: Yazıcı and others, "The unusual
    effectiveness of averaging in GAN training", 2019.

    With `gradient_penalty` in the recipe the discriminator also pays for being steep: for half the
    squared length of its scores' slope on photographs. It can't win by reacting to tiny details,
    so it does not run away from the generator, nor learn its photographs by heart so fast.
    Sources: Mescheder and others, "Which training methods for GANs do actually converge?", 2018
    (R1); Karras and others, "Analyzing and improving the image quality of StyleGAN", 2020, for
    taking it at every eighth step or so only.

    Raises: ValueError for nets that don't fit together.
    """

    def __init__(self, generator, discriminator, recipe, *, averaged_generator=None, name="gan"):
        super().__init__(name=name)
        self.generator = generator
        self.discriminator = discriminator
        self.recipe = recipe
        self.gives_logits = discriminator.layers[-1].activation is keras.activations.linear
        self.averaged_generator = averaged_generator
        if (averaged_generator is not None) != (recipe.average_decay > 0):
            raise ValueError(
                f"The recipe {recipe.name!r} has an average_decay of {recipe.average_decay}: an "
                "averaged generator is needed where it is above 0, and only there."
            )
        _check_sizes(generator, discriminator, averaged_generator)
        if averaged_generator is not None:
            averaged_generator.set_weights(generator.get_weights())
        self.built = True  # else Keras wants to see a call first, and this model has none

    def compile(self, generator_optimizer, discriminator_optimizer):
        """Ready for `fit`. Both optimizers get their variables now, so that they can be saved."""
        super().compile(optimizer=generator_optimizer, jit_compile=False)  # XLA is slower on CPUs
        self.discriminator_optimizer = discriminator_optimizer
        generator_optimizer.build(self.generator.trainable_variables)
        discriminator_optimizer.build(self.discriminator.trainable_variables)

    def train_step(self, batch):
        """Both losses of one step, each before the change that it causes.

        `batch`: a dict as `helpers.batches.batches` gives it.
        """
        take_turns = self._draw_once if self.recipe.drawn_once else self._draw_twice
        discriminator_loss, generator_loss = take_turns(batch)
        if self.averaged_generator is not None:
            self._take_into_the_average()
        return {"discriminator_loss": discriminator_loss, "generator_loss": generator_loss}

    def _draw_twice(self, batch):
        """As in the chapter: fakes for the discriminator, then new latents for the generator."""
        fakes = self.generator(batch["latents"], training=False)  # as the chapter's predict
        discriminator_loss = self._train_discriminator(fakes, batch)
        latents = _only_after(discriminator_loss, batch["next_latents"])
        return discriminator_loss, self._train_generator(latents, batch)

    def _draw_once(self, batch):
        """The same fakes for both turns; between them the discriminator has moved."""
        import tensorflow as tf

        weights = [weight.value for weight in self.generator.trainable_variables]
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(weights)
            fakes = self.generator(batch["latents"], training=True)
        discriminator_loss = self._train_discriminator(fakes, batch)
        seen = _only_after(discriminator_loss, fakes)
        with tf.GradientTape(watch_accessed_variables=False) as judging:
            judging.watch(seen)
            generator_loss = self._wish(seen, batch)
        wanted = judging.gradient(generator_loss, seen)  # how each pixel should change
        gradients = tape.gradient(fakes, weights, output_gradients=wanted)
        self.optimizer.apply(gradients, self.generator.trainable_variables)
        return discriminator_loss, generator_loss

    def _train_discriminator(self, fakes, batch):
        of_fakes, of_photographs = ops.split(batch["labels"], 2, axis=1)
        labels = ops.concatenate([of_fakes, of_photographs])  # fakes first, as in the chapter

        def loss():
            return self._cross_entropy(labels, self._judge(fakes, batch))

        more = partial(self._penalty_gradients, batch) if self.recipe.gradient_penalty else None
        return _minimise(loss, self.discriminator, self.discriminator_optimizer, more)

    def _judge(self, fakes, batch):
        pictures = self._augmented(ops.concatenate([fakes, batch["photographs"]]), batch)
        return self.discriminator(pictures, training=True)

    def _penalty_gradients(self, batch, weights):
        """What the discriminator pays for its slope, at every eighth step; it grows at first.

        As gradients: a penalty that left the condition would be kept there with all its numbers.
        """
        step = self.discriminator_optimizer.iterations.value
        full = self.recipe.gradient_penalty
        grown = full * ops.cast(step, "float32") / self.recipe.gradient_penalty_after
        strength = ops.clip(grown, min(PENALTY_AT_FIRST, full), full)

        def penalty():
            return PENALTY_EVERY * strength * self._steepness(batch["photographs"])

        return ops.cond(
            step % PENALTY_EVERY == 0,
            lambda: _gradients(penalty, weights, unconnected="zero")[1],
            lambda: [ops.zeros_like(weight) for weight in weights],
        )

    def _steepness(self, photographs):
        import tensorflow as tf

        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch(photographs)
            scores = self.discriminator(photographs, training=True)
        slopes = tape.gradient(scores, photographs)
        return 0.5 * ops.mean(ops.sum(slopes**2, axis=(1, 2, 3)))

    def _train_generator(self, latents, batch):
        def loss():
            return self._wish(self.generator(latents, training=True), batch)

        return _minimise(loss, self.generator, self.optimizer)

    def _wish(self, fakes, batch):
        """The generator's loss: it wants its fakes to be taken for photographs."""
        scores = self.discriminator(self._augmented(fakes, batch), training=True)
        return self._cross_entropy(ops.zeros_like(scores), scores)

    def _cross_entropy(self, labels, scores):
        each = keras.losses.binary_crossentropy(labels, scores, from_logits=self.gives_logits)
        return ops.mean(each)

    def _augmented(self, pictures, batch):
        """The pictures as the discriminator sees them; the share that is changed grows."""
        if not self.recipe.augmented_share:
            return pictures
        step = ops.cast(self.discriminator_optimizer.iterations, "float32")
        share = self.recipe.augmented_share * ops.minimum(1.0, step / self.recipe.augmented_after)
        return augment(pictures, batch["chances"][: pictures.shape[0]], share)

    def _take_into_the_average(self):
        """The decay grows with the steps, so that the untrained weights are soon forgotten."""
        step = ops.cast(self.optimizer.iterations, "float32") - 1
        grown = (1 + step) / (self.recipe.average_warm_up + step)
        decay = ops.minimum(self.recipe.average_decay, grown)
        pairs = zip(self.averaged_generator.weights, self.generator.weights, strict=True)
        for mean, weight in pairs:
            mean.assign_add((1 - decay) * (weight - mean))


def _check_sizes(generator, discriminator, averaged_generator):
    """Both generators must draw pictures of the size that the discriminator judges."""
    judged = discriminator.input_shape
    for name, net in (("generator", generator), ("averaged generator", averaged_generator)):
        if net is not None and net.output_shape != judged:
            raise ValueError(
                f"The {name} draws pictures of the shape {net.output_shape[1:]}, but the "
                f"discriminator judges {judged[1:]}. Build all nets for pictures of one size."
            )


def _only_after(earlier, tensor):
    """The tensor, but not before `earlier` is there.

    Without it TensorFlow begins the generator's turn during the discriminator's, and holds the
    numbers of both in memory.
    """
    import tensorflow as tf

    with tf.control_dependencies([earlier]):
        return tf.identity(tensor)


def _minimise(loss, net, optimizer, more_gradients=None):
    """The loss before the change. Only this net's weights are watched, so only they move."""
    weights = [weight.value for weight in net.trainable_variables]
    value, gradients = _gradients(loss, weights)
    if more_gradients is not None:
        pairs = zip(gradients, more_gradients(weights), strict=True)
        gradients = [gradient + more for gradient, more in pairs]
    optimizer.apply(gradients, net.trainable_variables)
    return _only_after(gradients[0], value)  # the first layer's gradient comes last


def _gradients(loss, weights, unconnected="none"):
    """The loss, and how it changes with each of these weights; `unconnected`: where it does not."""
    import tensorflow as tf

    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(weights)
        value = loss()
    return value, tape.gradient(value, weights, unconnected_gradients=unconnected)
