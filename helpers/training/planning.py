"""What a training will take, on one device or on many, told before it begins.

Everything here is counted or computed from a few measured numbers. Nets are built only to be
counted, so only `count_step` needs TensorFlow.

Sources: Patarasuk and Yuan, "Bandwidth optimal all-reduce algorithms for clusters of workstations",
2009, for the ring; Amdahl, "Validity of the single processor approach to achieving large scale
computing capabilities", 1967, for a batch that is shared; Gustafson, "Reevaluating Amdahl's law",
1988, for a batch that grows with the devices.
"""

import math
from dataclasses import dataclass

from helpers.arguments import real_number, whole_number

FLOAT_BYTES = 4  # of a float32: weights, gradients, sums
NO_MEMORY = "InputLayer", "Reshape", "Flatten"  # layers whose outputs are their inputs' numbers


@dataclass(frozen=True)
class Link:
    """What connects devices: GB/s each way, milliseconds from one device to the next."""

    bandwidth: float
    latency: float


# Ethernet's bandwidth is what TCP leaves for the data: 1448 of the 1538 bytes that a frame takes on
# the wire (IEEE 802.3).
LINKS = {
    # Measured between two processes of two cores, 2026-11-28: 1.5 to 2.6 GB/s.
    "loopback": Link(2.0, 0.035),
    # 0.05 ms is an assumption, for computers on one switch: half of what `ping` says there.
    "ethernet 1 Gbit/s": Link(0.118, 0.05),
    # 20 microseconds: Hurwitz and Feng, "Initial end-to-end performance evaluation of 10-Gigabit
    # Ethernet", 2003.
    "ethernet 10 Gbit/s": Link(1.18, 0.02),
    # H100: 376 GB/s of 450 measured, https://github.com/NVIDIA/nccl/issues/1264; 3.4 microseconds a
    # hop is NCCL's own number for a ring (`hwLat` in its src/graph/tuning.cc).
    "NVLink": Link(376.0, 0.0034),
}


@dataclass(frozen=True)
class StepCount:
    """What a step of a recipe takes, counted from its nets; no time in it.

    flop: floating-point operations, a mean over steps with a gradient penalty and without.
    turns_flop: those of a step without one.
    parameters: of the generator and of the discriminator.
    trainable: as many of them as get a gradient.
    averaged: parameters of the averaged generator, 0 without one.
    normalised: the channels of each normalisation layer of the generator.
    deviation: numbers of a picture (h * w * c) where the minibatch deviation looks, 0 without it.
    penalties: gradient penalties a step, a mean.
    kept_bytes: of the outputs of all layers for one picture, generator and discriminator.
    """

    batch_size: int
    drawn_once: bool
    flop: float
    turns_flop: int
    parameters: tuple
    trainable: tuple
    averaged: int
    normalised: tuple
    deviation: int
    penalties: float
    kept_bytes: tuple


def count_step(recipe, *, size=50, width=1.0, precision="float32"):
    """The `StepCount` of a recipe, for pictures of size x size.

    Raises: ValueError where the recipe has no nets for this size, or an option they don't know.
    """
    from helpers.nets.costs import penalty_flop, step_flop  # here, as nets need TensorFlow
    from helpers.training.building import build_nets
    from helpers.training.gan import PENALTY_EVERY

    real_number("width", width, above=0, most=1)
    gan = build_nets(recipe, size=size, width=width, precision=precision, fast=False, seed=0)
    nets, batch_size = (gan.generator, gan.discriminator), recipe.batch_size
    turns_flop = step_flop(*nets, batch_size, drawn_once=recipe.drawn_once)
    penalties = 1 / PENALTY_EVERY if recipe.gradient_penalty else 0
    averaged = gan.averaged_generator
    return StepCount(
        batch_size=batch_size,
        drawn_once=recipe.drawn_once,
        flop=turns_flop + penalties * penalty_flop(gan.discriminator, batch_size),
        turns_flop=turns_flop,
        parameters=tuple(net.count_params() for net in nets),
        trainable=tuple(sum(math.prod(w.shape) for w in net.trainable_variables) for net in nets),
        averaged=averaged.count_params() if averaged else 0,
        normalised=tuple(
            layer.output.shape[-1] for layer in _layers(gan.generator, "BatchNormalization")
        ),
        deviation=sum(
            math.prod(layer.input.shape[1:])
            for layer in _layers(gan.discriminator, "MinibatchDeviation")
        ),
        penalties=penalties,
        kept_bytes=tuple(map(output_bytes, nets)),
    )


def _layers(net, kind):
    return [layer for layer in net.layers if type(layer).__name__ == kind]


def output_bytes(net):
    """The bytes of what all layers of a Keras net give for one picture."""
    return sum(
        math.prod(layer.output.shape[1:]) * (2 if layer.output.dtype == "bfloat16" else FLOAT_BYTES)
        for layer in net.layers
        if type(layer).__name__ not in NO_MEMORY
    )


def messages_of_a_step(counted, exact=False):
    """What all devices add up in a step: (bytes, times a step) of each all-reduce.

    The gradients of both nets go as one message each. With `exact` (`fast=False`) statistics are
    those of the whole batch: each normalisation adds up sum and sum of squares on the way forward,
    and two sums of gradients on the way back. So does the minibatch deviation, each time that the
    discriminator looks: at fakes and photographs in its own turn, at fakes in the generator's, and
    twice back in a gradient penalty.
    """
    messages = [(FLOAT_BYTES * count, 1) for count in counted.trainable]
    if exact:
        messages += [(2 * FLOAT_BYTES * channels, 2) for channels in counted.normalised]
        sums = 2 * FLOAT_BYTES * counted.deviation
        messages += [(2 * sums, 2), (sums, 2), (sums, 4 * counted.penalties)]
    return [(size, times) for size, times in messages if size and times]


def all_reduce_seconds(byte_count, devices, bandwidth, latency):
    """The seconds until so many bytes, added up over all devices, are on each of them, by a ring.

    Each device sends a piece, a part in `devices`, to its neighbour in 2 (devices - 1) rounds: half
    of the rounds add up, half hand the sums round. `bandwidth` is in GB/s each way (10^9 bytes),
    `latency` in milliseconds a round. Source: Patarasuk and Yuan, 2009. Raises: ValueError.
    """
    real_number("byte_count", byte_count, least=0)
    whole_number("devices", devices, 1)
    real_number("bandwidth", bandwidth, above=0)
    real_number("latency", latency, least=0)
    rounds = 2 * (devices - 1)
    return rounds * (byte_count / devices / (bandwidth * 1e9) + latency / 1000)


def exchange_seconds(messages, devices, bandwidth, latency):
    """The seconds of all all-reduces of a step, one after the other; see `messages_of_a_step`."""
    return sum(
        times * all_reduce_seconds(size, devices, bandwidth, latency) for size, times in messages
    )


def predicted_step_seconds(
    pictures_each, devices, *, fixed_seconds, seconds_a_picture, messages, bandwidth, latency
):
    """The seconds of a step in which each device takes `pictures_each` photographs.

    `fixed_seconds` come whatever the batch is, `seconds_a_picture` for each photograph (with its
    fake). All devices are equally fast, and compute first, then exchange: a program that does both
    at once is faster. A batch that is shared has `pictures_each` smaller with more devices (strong
    scaling: Amdahl's law); where it stays, a step has more pictures (weak scaling: Gustafson's).
    Raises: ValueError.
    """
    real_number("fixed_seconds", fixed_seconds, least=0)
    real_number("seconds_a_picture", seconds_a_picture, least=0)
    whole_number("pictures_each", pictures_each, 1)
    computing = fixed_seconds + pictures_each * seconds_a_picture
    return computing + exchange_seconds(messages, devices, bandwidth, latency)


def picture_bytes(size):
    """The bytes of a picture of size x size in memory: three colours, each a float32."""
    return 3 * FLOAT_BYTES * size * size


def memory_bytes(counted, pictures_each, *, process=0, photographs=0):
    """The bytes of memory that a process needs, by what for: an estimate, not a limit.

    `process`: what Python and TensorFlow take without nets, as measured. `photographs`: bytes of
    all photographs that are held. A turn holds the outputs of its layers, and in the end as much in
    gradients of them; in the discriminator's turn it sees fakes and photographs, and fakes that are
    drawn once wait for the generator's turn with all that made them.
    """
    trainable = sum(counted.trainable)
    drawn, judged = (pictures_each * size for size in counted.kept_bytes)
    discriminators_turn = 2 * 2 * judged + (drawn if counted.drawn_once else 0)
    generators_turn = 2 * (drawn + judged)
    return {
        "the process itself": process,
        "weights": FLOAT_BYTES * (sum(counted.parameters) + counted.averaged),
        "Adam's two means": 2 * FLOAT_BYTES * trainable,
        "gradients": FLOAT_BYTES * trainable,
        "layers' outputs": max(discriminators_turn, generators_turn),
        "photographs": photographs,
    }


def steps_a_pass(pictures, batch_size):
    """Steps until all pictures were shown once; what does not fill a batch waits for the next."""
    return max(1, pictures // batch_size)


def share_of(batch_size, devices):
    """The pictures for each device, or None where a batch can't be shared evenly by so many."""
    whole_number("devices", devices, 1)
    return batch_size // devices if batch_size % devices == 0 else None


def check_asked(steps, pictures, price, *, bandwidth, latency):
    """Raises ValueError, a sentence, for what no plan can have; None is nothing said."""
    if steps is not None:
        whole_number("steps", steps, 1)
    if pictures is not None:
        whole_number("pictures", pictures, 1)
    if price is not None:
        real_number("price", price, least=0)
    real_number("bandwidth", bandwidth, above=0)
    real_number("latency", latency, least=0)


@dataclass(frozen=True)
class Row:
    """A training on so many devices, each with so many pictures a step; times in seconds.

    speed: pictures a second, as a multiple of one device's. seconds: until as many pictures are
    seen as in the steps that were asked for. cost: of all devices until then, None without a price.
    """

    devices: int
    pictures_each: int
    step_seconds: float
    exchange_seconds: float
    speed: float
    seconds: float
    cost: float | None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a training will take, from what `count_step` counted and a few numbers.

    step_seconds: of a step with the whole batch on one device; fixed_seconds of them come whatever
    the batch is. bandwidth in GB/s, latency in milliseconds. steps: those asked for on one device.
    pictures: the photographs that there are. price: of a device for an hour. Raises: ValueError.
    """

    counted: StepCount
    step_seconds: float
    fixed_seconds: float = 0.0
    bandwidth: float
    latency: float
    steps: int = 5000
    pictures: int | None = None
    price: float | None = None
    exact: bool = False

    def __post_init__(self):
        real_number("step_seconds", self.step_seconds, above=0)
        real_number("fixed_seconds", self.fixed_seconds, least=0, most=self.step_seconds)
        check_asked(
            self.steps, self.pictures, self.price, bandwidth=self.bandwidth, latency=self.latency
        )

    @property
    def passes(self):
        """How often the steps show all photographs; None where nobody said how many there are."""
        if self.pictures is None:
            return None
        return self.steps / steps_a_pass(self.pictures, self.counted.batch_size)

    @property
    def messages(self):
        """What all devices add up in a step, as `messages_of_a_step` gives it."""
        return messages_of_a_step(self.counted, self.exact)

    def shared(self, devices):
        """The `Row` of one batch that so many devices share (strong scaling).

        None where they can't share it evenly.
        """
        pictures_each = share_of(self.counted.batch_size, devices)
        return pictures_each and self._row(devices, pictures_each)

    def grown(self, devices):
        """The `Row` of so many devices that each take a whole batch a step (weak scaling)."""
        return self._row(devices, self.counted.batch_size)

    def _row(self, devices, pictures_each):
        batch_size, messages = self.counted.batch_size, self.messages
        link = {"bandwidth": self.bandwidth, "latency": self.latency}
        seconds = predicted_step_seconds(
            pictures_each,
            devices,
            fixed_seconds=self.fixed_seconds,
            seconds_a_picture=(self.step_seconds - self.fixed_seconds) / batch_size,
            messages=messages,
            **link,
        )
        speed = devices * pictures_each / batch_size * self.step_seconds / seconds
        total = self.steps * self.step_seconds / speed
        return Row(
            devices=devices,
            pictures_each=pictures_each,
            step_seconds=seconds,
            exchange_seconds=exchange_seconds(messages, devices, **link),
            speed=speed,
            seconds=total,
            cost=None if self.price is None else self.price * devices * total / 3600,
        )
