/* A generator that you can read: from 100 numbers to a face, without a library.

It is the compact generator of helpers/nets/compact.py, layer by layer, with the weights that Keras
trained. Between two layers there is a stage: `side` rows and columns of places, and at each place
`channels` numbers. They lie in one long array, row by row, in a row place by place, as in Keras. */
"use strict";
globalThis.course ??= {};

// All of it is one function, since a worker can only be given the source of something.
course.makeGenerator = function makeGenerator() {
  /* The one loop in which nearly all time is spent: weighted sums, for a row of places.

  What the first place sees begins at `start` in `values`, what each next one sees `step` further.
  It sees some `pieces` of `length` numbers each, so far from there. Its sums, one for each channel,
  go to `sums`, from `to` on, and each next place's `stride` further. Two places and four channels
  are summed at once: what has been read once is used several times. */
  function sumRow(values, start, step, places, pieces, length, weights, channels, sums, to, stride) {
    for (let place = 0; place < places; place += 2) {
      const here = start + place * step;
      const isLast = place + 1 === places; // an odd one out is summed twice
      const next = isLast ? here : here + step;
      let hereTo = to + place * stride;
      let nextTo = isLast ? hereTo : hereTo + stride;
      let weight = 0;
      for (let channel = 0; channel < channels; channel += 4) {
        let a0 = 0, a1 = 0, a2 = 0, a3 = 0;
        let b0 = 0, b1 = 0, b2 = 0, b3 = 0;
        for (let piece = 0; piece < pieces.length; piece += 1) {
          const shift = pieces[piece];
          for (let i = 0; i < length; i += 1) {
            const a = values[here + shift + i];
            const b = values[next + shift + i];
            const w0 = weights[weight], w1 = weights[weight + 1];
            const w2 = weights[weight + 2], w3 = weights[weight + 3];
            a0 += a * w0; a1 += a * w1; a2 += a * w2; a3 += a * w3;
            b0 += b * w0; b1 += b * w1; b2 += b * w2; b3 += b * w3;
            weight += 4;
          }
        }
        sums[nextTo] = b0; sums[nextTo + 1] = b1; sums[nextTo + 2] = b2; sums[nextTo + 3] = b3;
        sums[hereTo] = a0; sums[hereTo + 1] = a1; sums[hereTo + 2] = a2; sums[hereTo + 3] = a3;
        hereTo += 4;
        nextTo += 4;
      }
    }
  }

  /* Weights in the order in which `sumRow` reads them: four channels of all rows, then the next four.
  `weightAt(row, channel)`; where a channel is missing at the end, its weights are zero. */
  function inFours(rows, channels, weightAt) {
    const weights = new Float64Array(rows * upToFours(channels));
    let at = 0;
    for (let first = 0; first < channels; first += 4)
      for (let row = 0; row < rows; row += 1)
        for (let channel = first; channel < first + 4; channel += 1, at += 1)
          if (channel < channels) weights[at] = weightAt(row, channel);
    return weights;
  }

  const upToFours = (count) => 4 * Math.ceil(count / 4);

  const emptyStage = (side, channels) => ({
    side, channels, values: new Float64Array(side * side * channels),
  });

  /* The stage with a border of zeros, one place wide: who looks over the edge sees zeros. */
  function framed({ side, channels, values }) {
    const frame = emptyStage(side + 2, channels);
    for (let row = 0; row < side; row += 1) {
      const line = values.subarray(row * side * channels, (row + 1) * side * channels);
      frame.values.set(line, ((row + 1) * frame.side + 1) * channels);
    }
    return frame;
  }

  /* The layers, by Keras's names. Each is given what is told of it, and `take(count)`, which hands on
  the next weights, in Keras's order. It returns a function from a stage to the next stage. */
  const LAYERS = {
    // Each of the latent's numbers goes to all places and channels: one place that sees all.
    Dense({ inputs, outputs }, take) {
      const kernel = take(inputs * outputs);
      const weights = inFours(inputs, outputs, (row, channel) => kernel[row * outputs + channel]);
      return ({ values }) => {
        const next = emptyStage(1, outputs);
        sumRow(values, 0, 0, 1, [0], inputs, weights, outputs, next.values, 0, 0);
        return next;
      };
    },

    // The same numbers; from now on they count as rows, columns and channels.
    Reshape({ side, channels }) {
      return ({ values }) => ({ side, channels, values });
    },

    // Each channel gets the mean and the spread that the training found good for it.
    BatchNormalization({ channels, epsilon }, take) {
      const [scale, offset, mean, variance] = [1, 2, 3, 4].map(() => take(channels));
      return (stage) => {
        for (let channel = 0; channel < channels; channel += 1) {
          const factor = scale[channel] / Math.sqrt(variance[channel] + epsilon);
          const shift = offset[channel] - mean[channel] * factor;
          for (let at = channel; at < stage.values.length; at += channels)
            stage.values[at] = stage.values[at] * factor + shift;
        }
        return stage;
      };
    },

    // What is below zero becomes small. Without it all layers together could do no more than one.
    LeakyReLU({ slope }) {
      return (stage) => {
        const { values } = stage;
        for (let at = 0; at < values.length; at += 1) if (values[at] < 0) values[at] *= slope;
        return stage;
      };
    },

    /* Twice as many rows and columns. Each place of the small stage paints a square of `kernel` onto
    the large one, two places further each time, and squares overlap. Seen from the large stage: a
    place in an even row is reached from other rows of the square than one in an odd row. The same
    holds for columns, so there are four kinds of places, each with weights of its own. */
    Conv2DTranspose({ kernel, inputs, outputs, side }, take) {
      const weights = take(kernel * kernel * outputs * inputs);
      // From which rows a row is reached, and by which row of the square: [how far, which].
      const reached = [[[0, 1], [-1, 3]], [[1, 0], [0, 2]]].map((ways) =>
        ways.filter(([, which]) => which < kernel));
      const kinds = [[0, 0], [0, 1], [1, 0], [1, 1]].map(([oddRow, oddColumn]) => {
        const ways = reached[oddRow].flatMap(([down, row]) =>
          reached[oddColumn].map(([right, column]) => ({ down, right, square: row * kernel + column })));
        const weightAt = (row, channel) => {
          const { square } = ways[Math.floor(row / inputs)];
          return weights[(square * outputs + channel) * inputs + (row % inputs)];
        };
        return { oddRow, oddColumn, ways, weights: inFours(ways.length * inputs, outputs, weightAt) };
      });
      return (stage) => {
        const { side: framedSide, values } = framed(stage);
        const next = emptyStage(side, outputs);
        for (const { oddRow, oddColumn, ways, weights: itsWeights } of kinds) {
          const pieces = ways.map(({ down, right }) => ((1 + down) * framedSide + 1 + right) * inputs);
          for (let row = oddRow; row < side; row += 2) {
            const start = ((row - oddRow) / 2) * framedSide * inputs;
            const places = Math.ceil((side - oddColumn) / 2);
            const to = (row * side + oddColumn) * outputs;
            sumRow(values, start, inputs, places, pieces, inputs, itsWeights, outputs,
              next.values, to, 2 * outputs);
          }
        }
        return next;
      };
    },

    // Each place sees the square of places around it.
    Conv2D({ kernel, inputs, outputs }, take) {
      const weights = take(kernel * kernel * inputs * outputs);
      const bias = take(outputs);
      const channels = upToFours(outputs); // a picture's three become four: red, green, blue, none
      const ordered = inFours(kernel * kernel * inputs, outputs, (row, channel) =>
        weights[row * outputs + channel]);
      return (stage) => {
        const { side: framedSide, values } = framed(stage);
        const next = emptyStage(stage.side, channels);
        const pieces = [0, 1, 2].map((down) => down * framedSide * inputs);
        for (let row = 0; row < stage.side; row += 1)
          sumRow(values, row * framedSide * inputs, inputs, stage.side, pieces, kernel * inputs,
            ordered, channels, next.values, row * stage.side * channels, channels);
        next.values.forEach((value, at) => { next.values[at] = value + (bias[at % channels] ?? 0); });
        return next;
      };
    },

    // A small blur: the mean of a place and its neighbours to the right, below, and across.
    AveragePooling2D() {
      return ({ side, channels, values }) => {
        const next = emptyStage(side, channels);
        let at = 0;
        for (let row = 0; row < side; row += 1) {
          const down = row + 1 < side ? side * channels : 0; // at the edge there is none below
          for (let column = 0; column < side; column += 1) {
            const right = column + 1 < side ? channels : 0;
            for (let channel = 0; channel < channels; channel += 1, at += 1)
              next.values[at] =
                (values[at] + values[at + right] + values[at + down] + values[at + down + right]) / 4;
          }
        }
        return next;
      };
    },

    // Every number is pressed between -1 and 1: from black to the brightest light.
    Activation() {
      return (stage) => ({ ...stage, values: stage.values.map(Math.tanh) });
    },
  };

  /* The net: from what is told of its layers, and all its weights, one after the other.
  Throws where a layer is of a kind that is not above, or where weights are missing or left over. */
  function buildNet(layers, weights) {
    let used = 0;
    const take = (count) => {
      used += count;
      return weights.subarray(used - count, used);
    };
    const net = layers.map((layer) => {
      if (!Object.hasOwn(LAYERS, layer.kind))
        throw new Error(`No layer of the kind ${layer.kind} is known here.`);
      return LAYERS[layer.kind](layer, take);
    });
    if (used !== weights.length)
      throw new Error(`The layers need ${used} weights, and there are ${weights.length}.`);
    return net;
  }

  /* A latent, 100 numbers, becomes a picture: red, green, blue and 255 for each pixel, as a page
  wants it. From -1 … 1 it becomes 0 … 255; the array itself rounds. */
  function draw(net, latent) {
    const last = net.reduce((stage, layer) => layer(stage), { side: 1, values: latent });
    const pixels = new Uint8ClampedArray(last.values.length);
    for (let at = 0; at < pixels.length; at += 1)
      pixels[at] = at % 4 === 3 ? 255 : ((last.values[at] + 1) / 2) * 255;
    return pixels;
  }

  return { buildNet, draw };
};
