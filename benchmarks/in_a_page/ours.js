/* Our own generator, from the scripts of the site: website/scripts/generator.js and weights.js. */
"use strict";

let weights; // packed
course.weightsCame = (name, told) => { weights = told; };

function inWorker(makeGenerator, makeWeights) {
  addEventListener("unhandledrejection", ({ reason }) => { throw reason; }); // the page hears it
  const generator = makeGenerator();
  let net;
  onmessage = async ({ data }) => {
    if (!net) {
      net = generator.buildNet(data.layers, await makeWeights().unpack(data.weights));
      return postMessage("ready");
    }
    const latent = Float64Array.from(data); // as all its numbers are: two kinds make it slow
    const began = performance.now();
    const pixels = generator.draw(net, latent);
    const milliseconds = performance.now() - began;
    return postMessage({ pixels, milliseconds }, [pixels.buffer]);
  };
}

async function startWorker() {
  const source = `(${inWorker})(${course.makeGenerator}, ${course.makeWeights})`;
  const worker = new Worker(URL.createObjectURL(new Blob([source])));
  worker.postMessage({ layers: course.layers, weights });
  await answerOf(worker);
  return worker;
}
