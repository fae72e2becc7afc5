"""Two layers of the compact discriminator that Keras does not have."""

from helpers.machine import import_keras, import_tensorflow

keras = import_keras()
tf = import_tensorflow()
layers = keras.layers


class UniformNoise(layers.Layer):
    """Noise of the standard deviation `deviation` on all values, in training only: same shape.

    All amounts within its limits are equally likely. `keras.layers.GaussianNoise` is another noise
    to the eye only, and takes three times as long.
    """

    def __init__(self, deviation, **options):
        super().__init__(dtype="float32", **options)
        self.limit = deviation * 3**0.5
        self.seed_generator = keras.random.SeedGenerator()

    def call(self, x, training=False):
        if not training:
            return x
        limits = {"minval": -self.limit, "maxval": self.limit}
        return x + keras.random.uniform(tf.shape(x), **limits, seed=self.seed_generator)


class MinibatchDeviation(layers.Layer):
    """How much the pictures of a minibatch differ, at each place: (n, h, w, c) become (n, h * w).

    The standard deviation over the minibatch, a mean over the channels; all pictures of a minibatch
    get the same numbers. Photographs differ; so a generator whose pictures are too much alike, or
    all too dark, gives itself away. The pictures come in minibatches of `minibatch`, one after the
    other, as fakes and photographs do in a step; any other number of pictures is one minibatch.
    Source: Karras and others, "Progressive growing of GANs", 2018, section 3.
    """

    def __init__(self, minibatch, **options):
        super().__init__(dtype="float32", **options)
        self.minibatch = minibatch

    def call(self, x):
        count, (height, width, channels) = tf.shape(x)[0], x.shape[1:]
        whole = tf.where(count % self.minibatch == 0, self.minibatch, count)
        groups = tf.reshape(x, (-1, whole, height * width, channels))
        deviation = tf.sqrt(tf.math.reduce_variance(groups, axis=1, keepdims=True) + 1e-8)
        everywhere = tf.reduce_mean(deviation, axis=3)
        return tf.reshape(tf.tile(everywhere, (1, whole, 1)), (count, height * width))

    def compute_output_shape(self, shape):
        return shape[0], shape[1] * shape[2]
