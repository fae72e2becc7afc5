/* What is measured in the page, the same for both contestants.

Before this script stands a contestant's, which defines `startWorker(page)`: a promise of a worker
that has its net ready. The worker answers a latent, a Float32Array, with { pixels, milliseconds }:
red, green, blue and 255 for each pixel, and how long it drew. `page` is what the address says. */
"use strict";

const page = Object.fromEntries(new URLSearchParams(location.search));
const stalls = { "until the first face": 0, "while it draws": 0 };
let phase = "until the first face";

/* The longest time in which the page could answer nobody: between two of its frames. */
let before = performance.now();
requestAnimationFrame(function look() {
  const now = performance.now();
  stalls[phase] = Math.max(stalls[phase], now - before);
  before = now;
  requestAnimationFrame(look);
});

/* The worker's next message; rejects with what it throws. */
function answerOf(worker) {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
  });
}

function draw(worker, latent) {
  worker.postMessage(Float32Array.from(latent));
  return answerOf(worker);
}

/* Put a face on the page, and wait until it is on the screen: the frame after the next begins. */
async function show(pixels) {
  const canvas = document.querySelector("canvas");
  const side = Math.sqrt(pixels.length / 4);
  canvas.width = canvas.height = side;
  canvas.getContext("2d").putImageData(new ImageData(pixels, side, side), 0, 0);
  for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
}

const started = startWorker(page).then(async (worker) => {
  const anyLatent = Float32Array.from({ length: 100 }, (_, at) => Math.sin(at * at));
  const face = await draw(worker, anyLatent);
  await show(face.pixels);
  return { worker, milliseconds: face.milliseconds, firstFace: performance.now() };
});

/* All that a page tells after its first face; `latents` are drawn and shown one after the other. */
async function measure(latents) {
  const { worker, milliseconds, firstFace } = await started;
  phase = "while it draws";
  const faces = [];
  for (const latent of latents) {
    const face = await draw(worker, latent);
    await show(face.pixels);
    faces.push(face);
  }
  return {
    firstFace: rounded(firstFace),
    firstDrawn: rounded(milliseconds),
    drawn: faces.map((face) => rounded(face.milliseconds)),
    stalls: Object.fromEntries(Object.entries(stalls).map(([name, ms]) => [name, rounded(ms)])),
    cores: navigator.hardwareConcurrency,
    pixels: await asText(faces.map((face) => face.pixels)),
  };
}

/* A browser's clock tells tenths of a millisecond, with digits behind them that mean nothing. */
function rounded(milliseconds) {
  return Math.round(10 * milliseconds) / 10;
}

/* All pixels, one face after the other, in base64. */
function asText(arrays) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1] ?? "");
    reader.readAsDataURL(new Blob(arrays));
  });
}
