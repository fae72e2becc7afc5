"""What Keras computes, faster: normalization, LeakyReLU, Adam, and large convolutions.

Keras 3 writes normalization and Adam out in a dozen operations, and each of these reads and writes
everything once more; here each is one operation. Convolutions: `winograd.py`. Same numbers
but for their last digits, same variables: `tests/nets/test_fast_layers.py` holds them together.
Measured: `benchmarks/results/step_speed.md`.
"""

from helpers.machine import import_keras, import_tensorflow
from helpers.nets import winograd

keras = import_keras()
tf = import_tensorflow()

PARTS_OF_ADAM = "_momentums", "_velocities", "_get_variable_index"  # Keras promises none of them


class FusedBatchNormalization(keras.layers.BatchNormalization):
    """As `keras.layers.BatchNormalization` on the last axis, for inputs (n, c) or (n, h, w, c).

    Source: Ioffe and Szegedy, "Batch normalization", 2015.
    """

    def call(self, inputs, training=None, mask=None):
        flat = len(inputs.shape) == 2
        training = bool(training) and self.trainable
        nothing = tf.zeros([0])
        outputs, mean, variance, *_ = tf.raw_ops.FusedBatchNormV3(
            x=inputs[:, None, None, :] if flat else inputs,
            scale=self.gamma,
            offset=self.beta,
            mean=nothing if training else self.moving_mean,
            variance=nothing if training else self.moving_variance,
            epsilon=self.epsilon,
            is_training=training,
        )
        if training:
            count = tf.cast(tf.size(inputs) // inputs.shape[-1], "float32")
            as_in_keras = variance * ((count - 1.0) / count)  # not divided by count - 1
            for moving, seen in ((self.moving_mean, mean), (self.moving_variance, as_in_keras)):
                moving.assign(moving * self.momentum + seen * (1.0 - self.momentum))
        return outputs[:, 0, 0, :] if flat else outputs


class LeanLeakyReLU(keras.layers.LeakyReLU):
    """As `keras.layers.LeakyReLU`: its gradient asks the outputs which inputs were above 0.

    So the inputs need not be kept, and TensorFlow may join the layer with the convolution before.
    """

    def call(self, inputs):
        @tf.custom_gradient
        def rectify(inputs):
            outputs = tf.nn.leaky_relu(inputs, self.negative_slope)

            def gradient(upstream):
                return tf.raw_ops.LeakyReluGrad(
                    gradients=upstream,
                    features=tf.stop_gradient(outputs),
                    alpha=self.negative_slope,
                )

            return outputs, gradient

        return rectify(inputs)


class FusedAdam(keras.optimizers.Adam):
    """As `keras.optimizers.Adam`, for float32 weights. Source: Kingma and Ba, "Adam", 2015.

    It reaches into Keras for Adam's two means: where a Keras keeps them elsewhere, it says so, and
    computes as Keras does.
    """

    def build(self, variables):
        super().build(variables)
        self._is_fused = all(hasattr(self, part) for part in PARTS_OF_ADAM)
        if not self._is_fused:
            print(
                f"Keras {keras.__version__} keeps Adam's numbers in another place: its own Adam is "
                "taken, which is slower."
            )

    def update_step(self, gradient, variable, learning_rate):
        if not self._is_fused:
            super().update_step(gradient, variable, learning_rate)
            return
        place = self._get_variable_index(variable)
        steps = tf.cast(self.iterations + 1, "float32")
        tf.raw_ops.ResourceApplyAdam(
            var=variable.handle,
            m=self._momentums[place].value.handle,
            v=self._velocities[place].value.handle,
            beta1_power=self.beta_1**steps,
            beta2_power=self.beta_2**steps,
            lr=learning_rate,
            beta1=self.beta_1,
            beta2=self.beta_2,
            epsilon=self.epsilon,
            grad=gradient,
        )


def make_fast(net):
    """Give a net the faster layers, in place: weights, names and seeds stay what they are."""
    for layer in net.layers:  # a copy would draw new weights and seeds
        if type(layer) is keras.layers.BatchNormalization:
            layer.__class__ = FusedBatchNormalization
        elif type(layer) is keras.layers.LeakyReLU:
            layer.__class__ = LeanLeakyReLU
        elif winograd.is_faster(layer):
            layer.__class__ = winograd.WinogradConvolution
    return net
