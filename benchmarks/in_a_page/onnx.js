/* The same net in onnxruntime-web: its WebAssembly in one thread, the smallest build there is. */
"use strict";

async function startWorker({ model }) {
  const worker = new Worker(`onnx_worker.js?${new URLSearchParams({ model })}`);
  await answerOf(worker);
  return worker;
}
