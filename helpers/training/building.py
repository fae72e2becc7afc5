"""The two nets and their optimizers, built as a recipe says."""

from helpers.machine import import_keras, set_seed
from helpers.nets import chapter, compact
from helpers.nets.fast_layers import FusedAdam, make_fast
from helpers.training.gan import GAN

keras = import_keras()

NETS = {"chapter": chapter, "compact": compact}  # by the names in a recipe


def build_nets(recipe, *, width, precision, fast, seed):
    """The recipe's `GAN`, compiled; all its weights come from the seed."""
    set_seed(seed)
    nets = NETS[recipe.nets]

    def build(builder):
        net = builder(width, precision)
        return make_fast(net) if fast else net

    def adam(rate):
        if recipe.rate_halved_after:
            steps = recipe.rate_halved_after
            rate = keras.optimizers.schedules.InverseTimeDecay(rate, steps, decay_rate=1.0)
        optimizer = FusedAdam if fast else keras.optimizers.Adam
        return optimizer(rate, beta_1=recipe.beta_1)

    generator, discriminator = build(nets.build_generator), build(nets.build_discriminator)
    averaged = build(nets.build_generator) if recipe.average_decay > 0 else None
    gan = GAN(generator, discriminator, recipe, averaged_generator=averaged)
    gan.compile(adam(recipe.generator_learning_rate), adam(recipe.discriminator_learning_rate))
    return gan
