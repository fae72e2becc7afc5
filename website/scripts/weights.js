/* A generator's weights: unpacked from the text of website/weights.py, or by chance. */
"use strict";
globalThis.course ??= {};

// One function, as in generator.js: the worker is given its source.
course.makeWeights = function makeWeights() {
  const FIRST_CHARACTER = 0x3400;
  const BITS = 15;
  const DAMAGED = "The generator's weights are damaged: load the page again, or get the site anew.";

  /* The bytes in a text that has 15 bits in each character; less than a byte may be left over. */
  function bytesOf(text) {
    const bytes = new Uint8Array(Math.floor((text.length * BITS) / 8));
    let held = 0, heldBits = 0, at = 0;
    for (let character = 0; character < text.length; character += 1) {
      held = (held << BITS) | (text.charCodeAt(character) - FIRST_CHARACTER);
      for (heldBits += BITS; heldBits >= 8; at += 1) {
        heldBits -= 8;
        bytes[at] = held >> heldBits; // an array of bytes keeps the lowest eight bits
      }
      held &= 255; // fewer than eight are left
    }
    return bytes;
  }

  /* The gzip file at the beginning of `bytes`, unpacked. Gzip's own check sum is looked at, too. */
  async function unzipped(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  /* The number that two bytes stand for, as float16: a sign, five bits of exponent, ten of fraction. */
  function half(low, high) {
    const sign = high & 128 ? -1 : 1;
    const exponent = (high >> 2) & 31;
    const fraction = ((high & 3) << 8) | low;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  }

  /* All weights. Throws where they are not those whose digest, SHA-256, was written down. */
  async function unpack({ packed, packedBytes, sha256 }) {
    const planes = await unzipped(bytesOf(packed).subarray(0, packedBytes)).catch((error) => {
      throw new Error(`${DAMAGED} (${error.message})`);
    });
    const count = planes.length / 2;
    const content = new Uint8Array(planes.length);
    const weights = new Float64Array(count);
    for (let at = 0; at < count; at += 1) {
      content[2 * at] = planes[at];
      content[2 * at + 1] = planes[count + at];
      weights[at] = half(planes[at], planes[count + at]);
    }
    if (globalThis.crypto?.subtle) { // only on secure pages; elsewhere gzip's sum must do
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
      const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
      if (found !== sha256) throw new Error(`${DAMAGED} (Their digest is wrong.)`);
    }
    return weights;
  }

  /* Weights of a net that nobody has trained, as Keras begins: between two limits by chance (Glorot's
  way; the more numbers a sum has, the narrower), and normalisations that change nothing.
  `uniform()` gives a number between 0 and 1. */
  function untrained(layers, uniform) {
    const same = (count, value) => Array.from({ length: count }, () => value);
    const byChance = (inputs, outputs, square = 1) => {
      const limit = Math.sqrt(6 / (square * (inputs + outputs)));
      return Array.from({ length: square * inputs * outputs }, () => limit * (2 * uniform() - 1));
    };
    const parts = {
      Dense: ({ inputs, outputs }) => [byChance(inputs, outputs)],
      BatchNormalization: ({ channels }) => [1, 0, 0, 1].map((value) => same(channels, value)),
      Conv2DTranspose: ({ kernel, inputs, outputs }) => [byChance(inputs, outputs, kernel ** 2)],
      Conv2D: ({ kernel, inputs, outputs }) =>
        [byChance(inputs, outputs, kernel ** 2), same(outputs, 0)],
    };
    return Float64Array.from(layers.flatMap((layer) => (parts[layer.kind]?.(layer) ?? []).flat()));
  }

  return { bytesOf, unpack, untrained };
};
