"""What a step of the compact nets is made of: the time of each layer, at each size.

python -m benchmarks.step_by_layer --sizes 50 100 200

Each layer runs alone, forwards and backwards, on random numbers of the shape and kind that it gets
in a step: the generator's with 16 pictures, the discriminator's with 32. So the sum is a little
more than the layers take together, and a step has more: the discriminator is asked twice, at every
eighth step the gradient penalty comes, and then both optimizers and the averaged generator.
Writes `step_by_layer.json` and `.md` to `benchmarks/results/`. Let nothing else run beside it.
"""

import argparse
import time

import numpy as np

from benchmarks.common import add_folder, write
from helpers.machine import faster_precision, import_keras, import_tensorflow, where_and_when
from helpers.training import COMPACT

ROUNDS = 12
BATCHES = {"generator": COMPACT.batch_size, "discriminator": 2 * COMPACT.batch_size}
SHOWN = 0.5  # milliseconds: what takes less is summed up in one line


def milliseconds(layer, batch, rounds=ROUNDS):
    """The median time of a layer, forwards and backwards, on a batch of random inputs."""
    tf = import_tensorflow()
    kind = "bfloat16" if layer.compute_dtype == "bfloat16" else "float32"
    inputs = tf.cast(tf.random.normal((batch, *layer.input.shape[1:])), kind)
    weights = [weight.value for weight in layer.trainable_variables]

    @tf.function
    def both_ways(inputs):
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            outputs = layer(inputs, training=True)
        upstream = tf.ones_like(outputs) * tf.cast(tf.reduce_mean(outputs), outputs.dtype)
        return tape.gradient(outputs, [inputs, *weights], output_gradients=upstream)

    both_ways(inputs)[0].numpy()  # the first time it is prepared
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        both_ways(inputs)[0].numpy()
        times.append(time.perf_counter() - begin)
    return 1000 * float(np.median(times))


def profile(net, rounds=ROUNDS):
    """A row for each layer of a net that has one input: a dict."""
    keras = import_keras()
    rows = []
    for layer in net.layers:
        is_one = not isinstance(layer.input, list)
        if is_one and not isinstance(layer, keras.layers.InputLayer):
            told = {"layer": type(layer).__name__, "from": layer.input.shape[1:]}
            told["to"] = layer.output.shape[1:]
            rows.append({**told, "ms": milliseconds(layer, BATCHES[net.name], rounds)})
    return rows


def table(profiles):
    """All profiles as Markdown, each below its size and net."""
    lines = []
    for (size, name), rows in profiles.items():
        total = sum(row["ms"] for row in rows)
        lines += [f"\n{size} × {size}, {name}, {BATCHES[name]} pictures: {total:.1f} ms in all\n"]
        lines += ["| layer | from | to | ms |", "|---|---|---|---|"]
        for row in rows:
            if row["ms"] >= SHOWN:
                sides = (" × ".join(map(str, row[end])) for end in ("from", "to"))
                lines.append(f"| {row['layer']} | {' | '.join(sides)} | {row['ms']:.1f} |")
        rest = sum(row["ms"] for row in rows if row["ms"] < SHOWN)
        lines.append(f"| all others | | | {rest:.1f} |")
    return "\n".join(lines)


def main(words=None, rounds=ROUNDS):
    """Measure, with the options in `words` (the command line's, if None), and write."""
    from helpers.nets import compact
    from helpers.nets.fast_layers import make_fast

    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=list(compact.SIZES))
    parser.add_argument("--width", type=float, default=1.0)
    add_folder(parser)
    options = parser.parse_args(words)
    precision = faster_precision()
    profiles = {}
    for size in options.sizes:
        for build in (compact.build_generator, compact.build_discriminator):
            net = make_fast(build(options.width, precision, size=size))
            profiles[size, net.name] = profile(net, rounds)
    where = f"{precision}; {where_and_when()}"
    rows = [
        {"size": size, "net": name, **row}
        for (size, name), rows in profiles.items()
        for row in rows
    ]
    text = f"The median of {rounds} rounds; {where}.\n{table(profiles)}\n"
    write(options.folder, "step_by_layer", {"where": where, "rows": rows}, text)
    print(text)


if __name__ == "__main__":
    main()
