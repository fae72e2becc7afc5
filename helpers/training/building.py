"""The two nets and their optimizers, built as a recipe says."""

import contextlib
import inspect

from helpers.machine import import_keras, set_seed
from helpers.nets import chapter, compact
from helpers.nets.fast_layers import FusedAdam, make_fast
from helpers.nets.synchronized_layers import make_synchronized
from helpers.training.distribution import share_of
from helpers.training.gan import GAN

keras = import_keras()

NETS = {"chapter": chapter, "compact": compact}  # by the names in a recipe


def build_nets(recipe, *, size=50, width, precision, fast, seed, strategy=None):
    """The recipe's `GAN`, compiled, for pictures of size x size; its weights come from the seed.

    strategy: a `tf.distribute.Strategy`, whose replicas take each step together; None for none.
    Raises: ValueError where the recipe has an option that its nets' builders don't know, where
    there are no such nets for pictures of this size, or where replicas can't share its batch.
    """
    with strategy.scope() if strategy else contextlib.nullcontext():
        return _build_nets(recipe, size, width, precision, fast, seed, strategy)


def _build_nets(recipe, size, width, precision, fast, seed, strategy):
    set_seed(seed)
    nets = NETS[recipe.nets]
    replicas = strategy.num_replicas_in_sync if strategy else 1
    share = share_of(recipe.batch_size, replicas)

    def build(builder, options):
        _check_options(recipe, builder, options)
        net = builder(width, precision, size=size, **options)
        if fast:
            make_fast(net)
        if strategy:
            net._distribute_strategy = None  # it is asked for pictures in one process alone
        if replicas > 1:
            make_synchronized(net, share, statistics=not fast)
        return net

    def adam(rate):
        if recipe.rate_halved_after:
            steps = recipe.rate_halved_after
            rate = keras.optimizers.schedules.InverseTimeDecay(rate, steps, decay_rate=1.0)
        optimizer = FusedAdam if fast else keras.optimizers.Adam
        return optimizer(rate, beta_1=recipe.beta_1)

    def build_generator():
        options = {"latent_size": recipe.latent_size, **recipe.generator_options}
        return build(nets.build_generator, options)

    generator = build_generator()
    options = dict(recipe.discriminator_options)
    if size >= recipe.minibatch_deviation_from:
        options["minibatch"] = recipe.batch_size
    discriminator = build(nets.build_discriminator, options)
    averaged = build_generator() if recipe.average_decay > 0 else None
    gan = GAN(generator, discriminator, recipe, averaged_generator=averaged)
    gan.compile(adam(recipe.generator_learning_rate), adam(recipe.discriminator_learning_rate))
    return gan


def _check_options(recipe, builder, options):
    known = list(inspect.signature(builder).parameters)
    for name in options:
        if name not in known:
            raise ValueError(
                f"The recipe {recipe.name!r} has the option {name!r}, but {builder.__name__} of "
                f"the {recipe.nets} nets only knows: {', '.join(known)}."
            )
