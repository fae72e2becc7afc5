"""What each layer of a net costs, counted from its shapes."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class LayerCost:
    """One layer: its kind, the shape that leaves it, its weights, its multiply-adds a picture."""

    kind: str
    output_shape: tuple
    parameters: int
    multiply_adds: int


def layer_costs(net):
    """A LayerCost for every layer of a Keras net, in order, for one picture going forward.

    Counted are the multiply-adds of the dense and convolution layers; all else together is below
    one per cent. One multiply-add is two floating-point operations (FLOP).
    """
    return [
        LayerCost(
            kind=type(layer).__name__,
            output_shape=tuple(layer.output.shape[1:]),
            parameters=layer.count_params(),
            multiply_adds=_multiply_adds(layer),
        )
        for layer in net.layers
    ]


def _multiply_adds(layer):
    kind = type(layer).__name__
    if kind == "Dense":
        return math.prod(layer.kernel.shape)
    if kind == "Conv2D":  # every output cell looks through the whole kernel
        return math.prod(layer.kernel.shape) * math.prod(layer.output.shape[1:3])
    if kind == "Conv2DTranspose":  # every input cell is spread through the whole kernel
        return math.prod(layer.kernel.shape) * math.prod(layer.input.shape[1:3])
    return 0


def step_flop(generator, discriminator, batch_size, drawn_once=False):
    """The floating-point operations of one step of the chapter's loop.

    `drawn_once`: the same fakes serve both turns, as in the compact recipe.

    A backward pass costs twice a forward pass: once for the weights' gradient and once for the
    input's. The frozen discriminator needs no gradient for its weights, and the first layer of a
    net that is trained needs none for its input.
    """
    generator_costs = [cost.multiply_adds for cost in layer_costs(generator)]
    discriminator_costs = [cost.multiply_adds for cost in layer_costs(discriminator)]
    forward_g, forward_d = sum(generator_costs), sum(discriminator_costs)
    first_g = next(cost for cost in generator_costs if cost)
    first_d = next(cost for cost in discriminator_costs if cost)
    fakes = 0 if drawn_once else batch_size * forward_g
    discriminator_step = 2 * batch_size * (3 * forward_d - first_d)
    generator_step = batch_size * (3 * forward_g - first_g + 2 * forward_d)
    return 2 * (fakes + discriminator_step + generator_step)


def penalty_flop(discriminator, batch_size):
    """The floating-point operations of one gradient penalty (`helpers/training/gan.py`).

    The photographs go forward, the slope goes back to the pixels, and for the weights' gradient
    that way back is taken once more, which costs twice as much. The last layer is spared this: its
    slope is its weights.
    """
    costs = [cost.multiply_adds for cost in layer_costs(discriminator) if cost.multiply_adds]
    return 2 * batch_size * (4 * sum(costs) - 2 * costs[-1])
