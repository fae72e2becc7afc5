"""The DCGAN of TensorFlow's own tutorial, for pictures of 50 x 50 or 100 x 100 in colour.

Source: https://www.tensorflow.org/tutorials/generative/dcgan. Its layers, batch (256), loss, rates
(1e-4) and traced step; changed is only what the size asks for: it begins with a quarter of the
picture's side, rounded up (13 x 13 or 25 x 25 in place of 7 x 7), doubles it twice, and draws three
colours in place of gray.
"""

import time

import numpy as np

from helpers.images import to_net_range, to_picture_range
from helpers.machine import import_keras, import_tensorflow, set_seed

keras = import_keras()
tf = import_tensorflow()
layers = keras.layers

NOISE_SIZE = 100
BATCH_SIZE = 256
RATE = 1e-4


def build_generator(size):
    """The tutorial's generator for pictures of `size` rows and columns, an even number."""
    half, quarter = size // 2, -(-size // 4)
    padding = 0 if half == 2 * quarter - 1 else 1  # 13 grows to 25, but 25 to 50
    return keras.Sequential(
        [
            keras.Input((NOISE_SIZE,)),
            layers.Dense(quarter * quarter * 256, use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Reshape((quarter, quarter, 256)),
            layers.Conv2DTranspose(128, 5, 1, padding="same", use_bias=False),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Conv2DTranspose(
                64, 5, 2, padding="same", output_padding=padding, use_bias=False
            ),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.Conv2DTranspose(3, 5, 2, padding="same", use_bias=False, activation="tanh"),
        ]
    )


def build_discriminator(size):
    """The tutorial's discriminator."""
    return keras.Sequential(
        [
            keras.Input((size, size, 3)),
            layers.Conv2D(64, 5, 2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Conv2D(128, 5, 2, padding="same"),
            layers.LeakyReLU(),
            layers.Dropout(0.3),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )


def make_train_step(generator, discriminator):
    """The tutorial's step, traced: a function of a batch of photographs in [-1, 1]."""
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    optimizers = [keras.optimizers.Adam(RATE) for _ in range(2)]

    @tf.function
    def train_step(photographs):
        noise = tf.random.normal([BATCH_SIZE, NOISE_SIZE])
        with tf.GradientTape() as of_generator, tf.GradientTape() as of_discriminator:
            fakes = generator(noise, training=True)
            on_photographs = discriminator(photographs, training=True)
            on_fakes = discriminator(fakes, training=True)
            generator_loss = cross_entropy(tf.ones_like(on_fakes), on_fakes)
            discriminator_loss = cross_entropy(
                tf.ones_like(on_photographs), on_photographs
            ) + cross_entropy(tf.zeros_like(on_fakes), on_fakes)
        turns = (
            (generator, of_generator, generator_loss, optimizers[0]),
            (discriminator, of_discriminator, discriminator_loss, optimizers[1]),
        )
        for net, tape, loss, optimizer in turns:
            weights = [weight.value for weight in net.trainable_variables]
            optimizer.apply(tape.gradient(loss, weights), net.trainable_variables)

    return train_step


def draw_after(images, minutes, seed, count):
    """Train on `images` (n, size, size, 3) in [0, 1]; `count` pictures in [0, 1], and the steps."""
    set_seed(seed)
    size = images.shape[1]
    generator, discriminator = build_generator(size), build_discriminator(size)
    train_step = make_train_step(generator, discriminator)
    photographs = tf.data.Dataset.from_tensor_slices(to_net_range(images))
    photographs = photographs.shuffle(len(images), seed=seed).batch(BATCH_SIZE)
    began, steps = None, 0
    while began is None or time.monotonic() - began < 60 * minutes:
        for batch in photographs:
            train_step(batch)
            began = began or time.monotonic()  # the first step prepares the nets
            steps += 1
    noise = np.random.default_rng(seed).standard_normal((count, NOISE_SIZE)).astype("float32")
    return to_picture_range(generator.predict(noise, batch_size=50, verbose=0)), steps
