/* The worker of onnx.js. It begins to load the model while the runtime is loaded. */
"use strict";

addEventListener("unhandledrejection", ({ reason }) => { throw reason; }); // the page hears it
const model = fetch(new URLSearchParams(location.search).get("model"));
importScripts("ort.wasm.min.js");
ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = new URL("./", location.href).href;

const session = model
  .then((answer) => answer.arrayBuffer())
  .then((bytes) => ort.InferenceSession.create(bytes, { executionProviders: ["wasm"] }));
session.then(() => postMessage("ready"));

/* Of the net's -1 … 1, row by row with three channels, a picture as a page wants it. */
function asPixels(values) {
  const pixels = new Uint8ClampedArray((values.length / 3) * 4);
  for (let from = 0, to = 0; to < pixels.length; from += 3, to += 4) {
    for (let channel = 0; channel < 3; channel += 1)
      pixels[to + channel] = ((values[from + channel] + 1) / 2) * 255;
    pixels[to + 3] = 255;
  }
  return pixels;
}

onmessage = async ({ data: latent }) => {
  const ready = await session;
  const began = performance.now();
  const input = new ort.Tensor("float32", latent, [1, latent.length]);
  const output = await ready.run({ [ready.inputNames[0]]: input });
  const pixels = asPixels(output[ready.outputNames[0]].data);
  const milliseconds = performance.now() - began;
  postMessage({ pixels, milliseconds }, [pixels.buffer]);
};
