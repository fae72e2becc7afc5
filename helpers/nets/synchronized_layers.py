"""Layers that see a share of a batch and compute what they would compute on the whole of it.

Where several devices or machines take a step together (`tf.distribute`), each holds a replica of
both nets and gets its share of the batch. Most layers treat each picture alone and notice nothing.
Four don't: noise and dropout draw a number for each value in the batch; here a replica takes those
of the whole batch's numbers that are its own. Normalisation and the minibatch's deviation ask all
pictures of the batch; here they add their sums up over all replicas.

`tests/training/test_distribution.py` holds them to the layers whose places they take. Sources:
Ioffe and Szegedy, "Batch normalization", 2015; over replicas: Zhang and others, "Context encoding
for semantic segmentation", 2018.
"""

import math

from helpers.machine import import_keras, import_tensorflow
from helpers.nets.compact_layers import MinibatchDeviation, UniformNoise

keras = import_keras()
tf = import_tensorflow()

PHILOX = 1  # TensorFlow's number of the random generator that a CPU and a GPU both have
NUMBERS_A_COUNT = 4  # that it makes at each count; so a share can begin at any fourth number


def make_synchronized(net, share, *, statistics):
    """Give a net the layers of this module, in place: weights, names and seeds stay what they are.

    share: of a batch's pictures so many are seen by a replica. In the discriminator's turn it sees
        twice as many: its fakes, then its photographs.
    statistics: whether normalisation and the minibatch's deviation ask all replicas. It takes two
        messages a layer; else each replica asks its own share only.
    """
    for layer in net.layers:
        if isinstance(layer, MinibatchDeviation) and not statistics:
            layer.minibatch = share
        for plain, synchronized in {**NOISE, **(STATISTICS if statistics else {})}.items():
            if isinstance(layer, plain):
                layer.__class__ = synchronized
                layer.share = share
    return net


def _replicas():
    return tf.distribute.get_replica_context().num_replicas_in_sync


@tf.custom_gradient
def sum_over_replicas(tensor):
    """The sum of the replicas' tensors, at each of them.

    As `ReplicaContext.all_reduce`, which can't stand inside a condition, as the gradient penalty
    does: it makes all replicas wait for each other while their graphs are built.
    """
    context = tf.distribute.get_replica_context()
    reduce = context.strategy.extended._cross_device_ops._all_reduce
    options = tf.distribute.experimental.CommunicationOptions()
    number = context._replica_id
    [total] = reduce(tf.distribute.ReduceOp.SUM, [tensor], number, options)
    return total, sum_over_replicas  # a sum's slope at each replica is the sum of the slopes at all


def _uniform_share(x, seed, share):
    """For all values of `x` this replica's part of the uniform numbers that a whole batch gets.

    Philox counts, and makes four numbers of each count: a part needs only its first count.
    """
    context = tf.distribute.get_replica_context()
    number, replicas = context.replica_id_in_sync_group, context.num_replicas_in_sync
    row = math.prod(x.shape[1:])  # numbers for a picture
    if share * row % NUMBERS_A_COUNT:
        raise ValueError(
            f"A replica's share of {share} pictures needs {share * row} random numbers, but shares "
            f"must begin at every {NUMBERS_A_COUNT}th number. Take another share."
        )
    key, counter = tf.raw_ops.StatelessRandomGetKeyCounter(seed=tf.cast(seed, "int32"))
    counts = share * row // NUMBERS_A_COUNT  # of a share

    def drawn(turn):
        first = tf.cast((turn * replicas + number) * counts, "uint64")
        return tf.raw_ops.StatelessRandomUniformV2(
            shape=[share, *x.shape[1:]],
            key=key,
            counter=tf.stack([counter[0] + first, counter[1]]),
            alg=PHILOX,
            dtype=x.dtype,
        )

    return tf.concat([drawn(turn) for turn in range(x.shape[0] // share)], axis=0)


class SynchronizedNoise(UniformNoise):
    """`UniformNoise` on a share of a batch."""

    def call(self, x, training=False):
        if not training:
            return x
        uniform = _uniform_share(x, self.seed_generator.next(), self.share)
        return x + (2.0 * self.limit * uniform - self.limit)


class SynchronizedDropout(keras.layers.Dropout):
    """`keras.layers.Dropout` on a share of a batch."""

    def call(self, inputs, training=False):
        if not training or not self.rate:
            return inputs
        uniform = _uniform_share(inputs, self.seed_generator.next(), self.share)
        kept = inputs * tf.constant(1.0 / (1.0 - self.rate), inputs.dtype)
        return tf.where(uniform >= tf.cast(self.rate, inputs.dtype), kept, tf.zeros_like(kept))


class SynchronizedMinibatchDeviation(MinibatchDeviation):
    """`MinibatchDeviation` of whole minibatches, of which each replica sees a share."""

    def call(self, x):
        count, (height, width, channels) = tf.shape(x)[0], x.shape[1:]
        groups = tf.reshape(x, (-1, self.share, height * width, channels))
        sums = tf.stack([tf.reduce_sum(x, axis=1, keepdims=True) for x in (groups, groups**2)])
        mean, square = tf.unstack(sum_over_replicas(sums) / float(self.share * _replicas()))
        variance = tf.maximum(square - mean**2, 0.0)
        everywhere = tf.reduce_mean(tf.sqrt(variance + 1e-8), axis=3)
        return tf.reshape(tf.tile(everywhere, (1, self.share, 1)), (count, height * width))


class SynchronizedBatchNormalization(keras.layers.BatchNormalization):
    """`keras.layers.BatchNormalization` over all replicas, for inputs (n, c) or (n, h, w, c).

    One sum over the replicas on the way forward, and one on the way back.
    """

    def call(self, inputs, training=None, mask=None):
        flat = len(inputs.shape) == 2
        x = inputs[:, None, None, :] if flat else inputs
        if not (training and self.trainable):
            outputs, *_ = self._normalized(x, self.gamma, self.beta, self.moving_mean,
                                           self.moving_variance)  # fmt: skip
            return outputs[:, 0, 0, :] if flat else outputs
        outputs, mean, variance = self._normalized_by_all(
            x, tf.convert_to_tensor(self.gamma), tf.convert_to_tensor(self.beta)
        )
        for moving, seen in ((self.moving_mean, mean), (self.moving_variance, variance)):
            moving.assign(moving * self.momentum + seen * (1.0 - self.momentum))
        return outputs[:, 0, 0, :] if flat else outputs

    def _normalized(self, x, gamma, beta, mean, variance):
        return tf.raw_ops.FusedBatchNormV3(
            x=x,
            scale=gamma,
            offset=beta,
            mean=mean,
            variance=variance,
            epsilon=self.epsilon,
            is_training=False,
        )

    def _normalized_by_all(self, x, gamma, beta):
        """(outputs, mean, variance), with a gradient that asks all replicas, too."""
        values = tf.cast(tf.size(x) // x.shape[-1] * _replicas(), "float32")  # of a channel

        @tf.custom_gradient
        def normalize(x, gamma, beta):
            wide = tf.cast(x, "float32")
            sums = tf.stack([tf.reduce_sum(wide, (0, 1, 2)), tf.reduce_sum(wide**2, (0, 1, 2))])
            mean, square = tf.unstack(sum_over_replicas(sums) / values)
            variance = tf.maximum(square - mean**2, 0.0)
            outputs, *_ = self._normalized(x, gamma, beta, mean, variance)

            def gradient(upstream, *_):
                slope_x, slope_gamma, slope_beta, *_ = tf.raw_ops.FusedBatchNormGradV3(
                    y_backprop=upstream,
                    x=x,
                    scale=gamma,
                    reserve_space_1=mean,
                    reserve_space_2=variance,
                    reserve_space_3=mean,
                    epsilon=self.epsilon,
                    is_training=False,
                )
                all_gamma, all_beta = tf.unstack(
                    sum_over_replicas(tf.stack([slope_gamma, slope_beta]))
                )
                inverse = tf.math.rsqrt(variance + self.epsilon)
                slant = gamma * inverse**2 * all_gamma / values
                level = gamma * inverse * all_beta / values - slant * mean
                through_both = tf.cast(slant, x.dtype) * x + tf.cast(level, x.dtype)
                return slope_x - through_both, slope_gamma, slope_beta

            return (outputs, mean, variance), gradient

        return normalize(x, gamma, beta)


NOISE = {keras.layers.Dropout: SynchronizedDropout, UniformNoise: SynchronizedNoise}
STATISTICS = {
    keras.layers.BatchNormalization: SynchronizedBatchNormalization,
    MinibatchDeviation: SynchronizedMinibatchDeviation,
}
