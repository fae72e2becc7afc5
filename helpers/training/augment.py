"""Augmentation: photographs and fakes changed in the same ways before the discriminator sees them.

Sources: Zhao and others, "Differentiable augmentation for data-efficient GAN training", 2020, for
changing both alike, so that the generator does not learn the changes; Karras and others, "Training
generative adversarial networks with limited data", 2020, for changing only a part of them.
"""

from helpers.machine import import_tensorflow

tf = import_tensorflow()

RANDOM_NUMBERS = 6  # that a picture needs
SHIFT = 4  # pixels of a picture of 50 x 50, each way
BRIGHTNESS = 0.15  # of the range from black to white, up and down
COLOUR = 0.4  # how much more or less colourful


def augment(pictures, uniform_noise, share):
    """The pictures, a share of them moved, and a share of them in another light.

    `pictures`: (n, size, size, 3) in [-1, 1], and a little beyond when they come back.
    `uniform_noise`: (n, 6), in [0, 1): all randomness comes from them. `share`, in [0, 1]: how many
    pictures are changed in each of the two ways. Moved: by up to 4 pixels of 50; what enters from
    the side repeats the picture's edge. Light: brighter or darker by up to 0.15 of the range, and
    colours 0.6 to 1.4 times as strong. Gradients flow through all of it.
    """
    amounts = 2.0 * uniform_noise - 1.0
    return _moved(
        _lit(pictures, uniform_noise[:, 0] < share, amounts), uniform_noise[:, 3] < share, amounts
    )


def _lit(pictures, chosen, amounts):
    chosen = tf.cast(chosen, "float32")
    brighter, colourful = (
        (strength * chosen * amounts[:, number])[:, None, None, None]
        for strength, number in ((2.0 * BRIGHTNESS, 1), (COLOUR, 2))
    )
    gray = tf.reduce_mean(pictures, axis=3, keepdims=True)
    return pictures + brighter + colourful * (pictures - gray)


def _moved(pictures, chosen, amounts):
    for axis, number in ((1, 4), (2, 5)):
        size = pictures.shape[axis]
        pixels = tf.cast(tf.floor((SHIFT * size // 50 + 0.5) * amounts[:, number] + 0.5), "int32")
        shift = tf.where(chosen, pixels, 0)
        taken = tf.clip_by_value(tf.range(size) + shift[:, None], 0, size - 1)
        pictures = tf.gather(pictures, taken, axis=axis, batch_dims=1)
    return pictures
