"""The two nets as one Keras model that trains both in a single step.

Source: *Hands-on Deep Learning with R*, chapter 9. With the chapter's recipes a step computes what
the chapter's loop computes (`chapter_step.py` has it in pieces); `tests/training/test_gan.py` holds
the two together.
"""

import contextlib

from helpers.machine import import_keras, import_tensorflow
from helpers.nets.synchronized_layers import sum_over_replicas
from helpers.training.augment import augment

keras = import_keras()
tf = import_tensorflow()

PENALTY_AT_FIRST = 0.2  # the least strength of the gradient penalty
PENALTY_EVERY = 8  # steps from one gradient penalty to the next, which then counts eightfold
PENALTY_PIXELS = 50 * 50  # in a picture of so many a penalty counts as the recipe says


class GAN(keras.Model):
    """Generator, discriminator, and the averaged (EMA) generator; trained by Keras's `fit`.

    `generator` turns latents (n, 100) into pictures in [-1, 1]; `discriminator` turns pictures
    into scores (n, 1), near 1 for a fake, or into logits if its last layer has no sigmoid. With
    `average_decay` above 0 in the recipe a third net, `averaged_generator`, keeps the exponential
    moving average of the generator's weights, its normalisation's statistics included; it takes no
    part in the training. It is built as the generator was, by the same function: Keras's own copy
    of a net is another net before Keras 3.15. Source of the averaging: Yazıcı and others, "The
    unusual effectiveness of averaging in GAN training", 2019.

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
        self.replicas = self.distribute_strategy.num_replicas_in_sync
        # Above 0 where somebody wants to stop: all replicas must stop after the same step.
        self.wish_to_stop = tf.Variable(0.0, trainable=False) if self.replicas > 1 else None
        self._agreed = []  # what no gradient moves, and replicas replace by their mean at each step
        if self.replicas > 1:
            moving = [weight.value for weight in generator.non_trainable_weights]  # statistics
            self._agreed = [*moving, self.wish_to_stop]
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
        if self.replicas > 1:
            for optimizer in (generator_optimizer, discriminator_optimizer):
                optimizer._all_reduce_sum_gradients = list  # `_means` has done it
        generator_optimizer.build(self.generator.trainable_variables)
        discriminator_optimizer.build(self.discriminator.trainable_variables)

    def _maybe_symbolic_build(self, **options):
        """Nothing: the nets are built. Keras would take a batch from all replicas for it."""

    def train_step(self, batch):
        """Both losses of one step, each before the change that it causes.

        `batch`: a dict as `batches.batches` gives it.
        """
        generator_weights, discriminator_weights = (
            [weight.value for weight in net.trainable_variables]
            for net in (self.generator, self.discriminator)
        )

        # Fakes: for the discriminator's turn, as the chapter's predict makes them, or for both.
        with _watch(generator_weights) as drawing:
            fakes = self.generator(batch["latents"], training=self.recipe.drawn_once)

        # The discriminator's turn: only its weights are watched, so only they move.
        with _watch(discriminator_weights) as tape:
            pictures = tf.concat([fakes, batch["photographs"]], axis=0)  # as in the chapter
            labels = tf.concat(tf.split(batch["labels"], 2, axis=1), axis=0)
            scores = self.discriminator(self._augmented(pictures, batch), training=True)
            discriminator_loss = self._cross_entropy(labels, scores)
        gradients = tape.gradient(discriminator_loss, discriminator_weights)
        if self.recipe.gradient_penalty:
            penalty = self._penalty_gradients(batch["photographs"], discriminator_weights)
            gradients = [first + more for first, more in zip(gradients, penalty, strict=True)]
        *gradients, discriminator_loss = self._means([*gradients, discriminator_loss])
        self.discriminator_optimizer.apply(gradients, self.discriminator.trainable_variables)
        discriminator_loss = _only_after(gradients[0], discriminator_loss)  # it comes last

        # The generator's turn: fakes that pass for photographs, now that the discriminator moved.
        if not self.recipe.drawn_once:
            next_latents = _only_after(discriminator_loss, batch["next_latents"])
            with _watch(generator_weights) as drawing:
                fakes = self.generator(next_latents, training=True)
        seen = _only_after(discriminator_loss, fakes)
        with _watch(seen) as tape:
            scores = self.discriminator(self._augmented(seen, batch), training=True)
            generator_loss = self._cross_entropy(tf.zeros_like(scores), scores)
        upstream = tape.gradient(generator_loss, seen)  # how each pixel should change
        gradients = drawing.gradient(fakes, generator_weights, output_gradients=upstream)
        gradients, generator_loss = self._agree(gradients, generator_loss)
        self.optimizer.apply(gradients, self.generator.trainable_variables)

        if self.averaged_generator is not None:
            self._update_the_average()
        return self._told(discriminator_loss, generator_loss)

    def make_train_function(self, force=False):
        """Keras's own, but for the means over replicas, which it would take once more."""
        super().make_train_function(force)
        if self.replicas > 1:
            strategy = self.distribute_strategy

            def step(iterator):
                told = strategy.run(self.train_step, args=(next(iterator),))
                return {name: strategy.experimental_local_results(t)[0] for name, t in told.items()}

            self.train_function = tf.function(step)

    def stop(self):
        """End `fit` after the step in progress; with other replicas, after the one that follows."""
        if self.wish_to_stop is None:
            self.stop_training = True
        else:
            self.wish_to_stop.assign(1.0)

    def _told(self, discriminator_loss, generator_loss):
        losses = {"discriminator_loss": discriminator_loss, "generator_loss": generator_loss}
        if self.wish_to_stop is not None:
            losses["wish_to_stop"] = self.wish_to_stop.read_value()
        return losses

    def _agree(self, gradients, loss):
        """Their means over the replicas; what no gradient moves becomes its mean, too."""
        read = [variable.read_value() for variable in self._agreed]
        means = self._means([*gradients, loss, *read])
        for variable, mean in zip(self._agreed, means[len(gradients) + 1 :], strict=True):
            variable.assign(mean)
        return means[: len(gradients)], means[len(gradients)]

    def _means(self, tensors):
        """Each as its mean over the replicas: that of the whole batch. One message for all."""
        if self.replicas == 1:
            return tensors
        message = tf.concat([tf.reshape(tensor, [-1]) for tensor in tensors], axis=0)
        sizes = [tensor.shape.num_elements() for tensor in tensors]
        parts = tf.split(sum_over_replicas(message) / self.replicas, sizes)
        return [tf.reshape(part, t.shape) for part, t in zip(parts, tensors, strict=True)]

    def _cross_entropy(self, labels, scores):
        each = keras.losses.binary_crossentropy(labels, scores, from_logits=self.gives_logits)
        return tf.reduce_mean(each)

    def _augmented(self, pictures, batch):
        """The pictures as the discriminator sees them; the share that is changed grows."""
        if not self.recipe.augmented_share:
            return pictures
        step = tf.cast(self.discriminator_optimizer.iterations.value, "float32")
        share = self.recipe.augmented_share * tf.minimum(1.0, step / self.recipe.augmented_after)
        return augment(pictures, batch["uniform_noise"][: pictures.shape[0]], share)

    def _penalty_gradients(self, photographs, weights):
        """Those of the gradient penalty (R1), at every eighth step, else zeros; it grows at first.

        As gradients: a penalty that left the condition would be kept there with all its numbers.
        """
        step = self.discriminator_optimizer.iterations.value
        full = self.recipe.gradient_penalty
        grown = full * tf.cast(step, "float32") / self.recipe.gradient_penalty_after
        strength = tf.clip_by_value(grown, min(PENALTY_AT_FIRST, full), full)

        def gradients():
            with _watch(weights) as tape:
                penalty = (
                    PENALTY_EVERY
                    * strength
                    * half_squared_gradient_norm(self.discriminator, photographs)
                )
            return tape.gradient(penalty, weights, unconnected_gradients="zero")

        def zeros():
            return [tf.zeros_like(weight) for weight in weights]

        return tf.cond(step % PENALTY_EVERY == 0, gradients, zeros)

    def _update_the_average(self):
        """The decay grows with the steps, so that the untrained weights are soon forgotten."""
        step = tf.cast(self.optimizer.iterations.value, "float32") - 1
        grown = (1 + step) / (self.recipe.average_warm_up + step)
        decay = tf.minimum(self.recipe.average_decay, grown)
        pairs = zip(self.averaged_generator.weights, self.generator.weights, strict=True)
        for average, weight in pairs:
            average.assign_add((1 - decay) * (weight - average))


def half_squared_gradient_norm(discriminator, photographs):
    """How steep the scores are on these photographs (n, height, width, 3): a mean over them.

    As it would be at 50 x 50: a finer picture shares the same slope among more pixels, so that the
    sum of its squares is smaller in the same measure, and is multiplied by it.
    """
    with _watch(photographs) as tape:
        scores = discriminator(photographs, training=True)
    gradients = tape.gradient(scores, photographs)
    finer = photographs.shape[1] * photographs.shape[2] / PENALTY_PIXELS
    return 0.5 * finer * tf.reduce_mean(tf.reduce_sum(gradients**2, axis=(1, 2, 3)))


@contextlib.contextmanager
def _watch(tensors):
    """A tape of what is computed within, for gradients with respect to these tensors only."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(tensors)
        yield tape


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
    with tf.control_dependencies([earlier]):
        return tf.identity(tensor)
