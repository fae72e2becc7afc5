"""The page draws what Keras draws, and notices weights that are not whole."""

import base64
import json

import numpy as np
import pytest

from helpers.classroom import load_growing_generator
from tests.website.node import answers
from website.generators import GENERATORS, UNTRAINED, scripts_of
from website.weights import WeightsError, as_float16, as_text, layers_of, packed, weight_script

SCRIPTS = ["generator.js", "weights.js"]
LATENTS = np.random.default_rng(11).standard_normal((12, 100)).astype("float32")
FARTHEST = """(async () => {
  const { buildNet, draw } = course.makeGenerator();
  let told;
  course.weightsCame = (name, its) => { told = its; };
  (0, eval)(given.script);
  const net = buildNet(given.layers, await course.makeWeights().unpack(told));
  const keras = Buffer.from(given.pictures, "base64");
  let at = 0, farthest = 0;
  for (const latent of given.latents)
    draw(net, latent).forEach((value, place) => {
      if (place % 4 < 3) farthest = Math.max(farthest, Math.abs(value - keras[at++]));
    });
  return [farthest, at];
})()"""


def farthest(pictures, **given):
    """How far the page's pictures are from these at any pixel, in steps of 1/255."""
    steps = np.uint8(np.round(pictures * 255))
    given |= {"pictures": base64.b64encode(steps.tobytes()).decode(), "latents": LATENTS.tolist()}
    distance, compared = answers(SCRIPTS, FARTHEST, given)
    assert compared == steps.size
    return distance


@pytest.mark.parametrize("generator", GENERATORS, ids=lambda generator: generator.name)
def test_the_page_draws_keras_pictures_at_each_moment(generator):
    grown = load_growing_generator(generator.side, generator.source)
    drawn = dict(zip(grown.seconds, grown.generate(LATENTS), strict=True))
    about, scripts = scripts_of(generator)
    moments = [moment for moment in about["moments"] if "weights" in moment]
    assert len(moments) == len(generator.seconds) and moments[-1]["seconds"] == grown.seconds[-1]
    for moment in moments:
        script = scripts[moment["weights"]].decode("utf-16")
        pictures = drawn[moment["seconds"]]
        # Both round: where Keras is at half a step, they may be one step apart.
        assert farthest(pictures, layers=about["layers"], script=script) <= 1


def uniform(seed, count):
    """Mulberry32's numbers, all at once: its state grows by the same amount each time."""
    with np.errstate(over="ignore"):
        state = np.uint32(seed) + np.arange(1, count + 1, dtype="uint32") * np.uint32(0x6D2B79F5)
        mixed = (state ^ (state >> np.uint32(15))) * (state | np.uint32(1))
        mixed ^= mixed + (mixed ^ (mixed >> np.uint32(7))) * (mixed | np.uint32(61))
        return (mixed ^ (mixed >> np.uint32(14))) / 2**32


def test_untrained_weights_are_those_with_which_keras_begins():
    """Weights are compared: pictures of an untrained net are gray, whatever its weights are."""
    from helpers.machine import set_seed
    from helpers.nets.compact import build_generator

    set_seed(0)
    net = build_generator(size=50)
    weights, taken = [], 0
    for its in net.weights:
        if its.path.endswith("kernel"):  # only these begin by chance
            limit = np.abs(its.numpy()).max()
            exact = np.sqrt(6 / (np.prod(its.shape[:-2]) * sum(its.shape[-2:])))
            assert 0.99 * exact < limit <= exact  # the rule is Keras's own
            count = int(np.prod(its.shape))
            part = uniform(UNTRAINED["seed"], taken + count)[taken:]
            taken += count
            weights.append(exact * (2 * part - 1))
        else:
            weights.append(np.ravel(its.numpy()))
    question = """Array.from(course.makeWeights().untrained(
      given.layers, course.makeChance(given.seed).uniform))"""
    told = {"layers": layers_of(net), "seed": UNTRAINED["seed"]}
    found = answers(["weights.js", "chance.js"], question, told)
    np.testing.assert_allclose(found, np.concatenate(weights), rtol=0, atol=1e-7)


@pytest.fixture(scope="module")
def small():
    """A small generator, and its weights as one array."""
    from helpers.nets.compact import build_generator

    net = build_generator(width=0.125, size=50)
    return net, net.get_weights()


OUTCOME = """course.makeWeights().unpack(given).then(
  (weights) => Array.from(weights), (error) => error.message)"""


def told_of(weights):
    """What a weights' script tells."""
    text = weight_script("it", weights).decode("utf-16")
    return json.loads(text[text.index("{") : text.rindex("}") + 1])


def test_the_weights_come_back_to_the_last_bit(small):
    _, weights = small
    found = answers(["weights.js"], OUTCOME, told_of(weights))
    flat = np.concatenate([np.ravel(array) for array in weights]).astype("float16")
    np.testing.assert_array_equal(np.array(found, "float16"), flat)


def test_each_float16_comes_back():
    """All of them, the smallest and the negative ones, too; not infinity."""
    numbers = np.arange(2**16, dtype="uint16").view("float16")
    numbers = numbers[np.isfinite(numbers)]
    found = answers(["weights.js"], OUTCOME, told_of([numbers]))
    np.testing.assert_array_equal(np.array(found), numbers.astype("float64"))


def test_an_altered_weight_is_noticed(small):
    _, weights = small
    told = told_of(weights)
    altered = [weights[0] + np.float32(0.001), *weights[1:]]
    file = packed(as_float16(altered))  # a whole file, but not the one whose digest is told
    other = {**told, "packed": as_text(file), "packedBytes": len(file)}
    assert "damaged" in answers(["weights.js"], OUTCOME, other)
    middle = len(told["packed"]) // 2
    character = chr(ord(told["packed"][middle]) ^ 1)
    text = told["packed"][:middle] + character + told["packed"][middle + 1 :]
    assert "damaged" in answers(["weights.js"], OUTCOME, {**told, "packed": text})


BUILT = """(() => {
  try { course.makeGenerator().buildNet(given, new Float64Array(5)); }
  catch (error) { return error.message; }
})()"""


def test_a_wrong_layer_is_named():
    assert "kind Dropout" in answers(["generator.js"], BUILT, [{"kind": "Dropout"}])
    dense = {"kind": "Dense", "inputs": 2, "outputs": 4}
    assert "need 8 weights, and there are 5" in answers(["generator.js"], BUILT, [dense])


def test_a_net_that_the_page_does_not_have_is_refused():
    from helpers.machine import import_keras

    keras = import_keras()
    latents = keras.Input((4,))
    wide = keras.layers.Dense(8, use_bias=False)(latents)
    cases = {
        "kind ReLU": keras.layers.ReLU()(wide),
        "use_bias = True": keras.layers.Dense(8)(latents),
        "6 filters": keras.layers.Dense(6, use_bias=False)(latents),
        r"strides = \(1, 1\)": keras.layers.Conv2DTranspose(4, 3, padding="same", use_bias=False)(
            keras.layers.Reshape((2, 2, 2))(wide)
        ),
    }
    for words, end in cases.items():
        with pytest.raises(WeightsError, match=words):
            layers_of(keras.Model(latents, end))


def test_numbers_beyond_float16_are_refused():
    with pytest.raises(WeightsError, match="too large for float16"):
        as_float16([np.array([1e6])])


def test_packed_text_has_nothing_that_ends_a_script():
    characters = set(as_text(bytes(range(256)) * 300))
    assert all(0x3400 <= ord(character) < 0x3400 + 2**15 for character in characters)
