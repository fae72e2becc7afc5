"""The two nets as one Keras model that trains both in a single step.

Source: *Hands-on Deep Learning with R*, chapter 9. What a step computes is what the chapter's loop
computes (`helpers/chapter.py` has it in pieces); `tests/test_gan.py` holds the two together.
"""

from helpers.runtime import import_keras

keras = import_keras()
ops = keras.ops


class GAN(keras.Model):
    """Generator, discriminator, and the averaged generator; trained by Keras's `fit`.

    `generator` turns latents (n, 100) into pictures in [-1, 1]; `discriminator` turns pictures
    into scores (n, 1), near 1 for a fake. With `average_decay` above 0 a third net,
    `averaged_generator`, keeps the moving mean of the generator's weights, its normalisation's
    statistics included; it takes no part in the training. Source of the averaging: Yazıcı and
    others, "The unusual effectiveness of averaging in GAN training", 2019.
    """

    def __init__(self, generator, discriminator, average_decay=0.0, name="gan"):
        super().__init__(name=name)
        self.generator = generator
        self.discriminator = discriminator
        self.average_decay = average_decay
        self.averaged_generator = None
        if average_decay > 0:
            self.averaged_generator = keras.models.clone_model(generator)
            self.averaged_generator.set_weights(generator.get_weights())
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
        fakes = self.generator(batch["latents"], training=False)  # as the chapter's predict
        discriminator_loss = self._train_discriminator(fakes, batch["photographs"], batch["labels"])
        latents = _only_after(discriminator_loss, batch["next_latents"])
        generator_loss = self._train_generator(latents)
        if self.averaged_generator is not None:
            self._take_into_the_average()
        return {"discriminator_loss": discriminator_loss, "generator_loss": generator_loss}

    def _train_discriminator(self, fakes, photographs, labels):
        pictures = ops.concatenate([fakes, photographs])  # fakes first, as in the chapter
        labels = ops.concatenate([labels[:, :1], labels[:, 1:]])

        def loss():
            return _cross_entropy(labels, self.discriminator(pictures, training=True))

        return _minimise(loss, self.discriminator, self.discriminator_optimizer)

    def _train_generator(self, latents):
        def loss():
            scores = self.discriminator(self.generator(latents, training=True), training=True)
            return _cross_entropy(ops.zeros_like(scores), scores)  # the target: "photograph"

        return _minimise(loss, self.generator, self.optimizer)

    def _take_into_the_average(self):
        """The decay grows with the steps, so that the untrained weights are soon forgotten."""
        step = ops.cast(self.optimizer.iterations, "float32") - 1
        decay = ops.minimum(self.average_decay, (1 + step) / (10 + step))
        pairs = zip(self.averaged_generator.weights, self.generator.weights, strict=True)
        for mean, weight in pairs:
            mean.assign_add((1 - decay) * (weight - mean))


def _only_after(earlier, tensor):
    """The tensor, but not before `earlier` is there.

    Without it TensorFlow begins the generator's turn during the discriminator's, and holds the
    numbers of both in memory.
    """
    import tensorflow as tf

    with tf.control_dependencies([earlier]):
        return tf.identity(tensor)


def _cross_entropy(labels, scores):
    return ops.mean(keras.losses.binary_crossentropy(labels, scores))


def _minimise(loss, net, optimizer):
    """The loss before the change. Only this net's weights are watched, so only they move."""
    import tensorflow as tf

    weights = [weight.value for weight in net.trainable_variables]
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(weights)
        value = loss()
    gradients = tape.gradient(value, weights)
    optimizer.apply(gradients, net.trainable_variables)
    return _only_after(gradients[0], value)  # the first layer's gradient comes last
