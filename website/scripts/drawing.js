/* The generators at work: the page asks for pictures, a worker draws them, so the page never stalls.

`course.generators` (generators.js, which the build writes) tells which there are. The weights of one
moment of a training are one script, fetched when somebody asks for that moment. */
"use strict";
globalThis.course ??= {};

// What the worker does; its source is handed on as text, with those of the functions it is given.
course.workAsDrawer = function workAsDrawer(makeGenerator, makeWeights, makeChance, makeGifEncoder) {
  const { buildNet, draw } = makeGenerator();
  const { unpack, untrained } = makeWeights();
  const nets = new Map(); // by name
  const kinds = new Map(); // by name: those of the net's layers
  const tasks = {
    async load({ name, layers, seed, told }) {
      const weights = told ? await unpack(told) : untrained(layers, makeChance(seed).uniform);
      nets.set(name, buildNet(layers, weights));
      kinds.set(name, layers.map(({ kind }) => kind));
      return {};
    },
    /* What stands between the layers on the way of one latent: after each layer of the kind
    `after`, the first `count` channels, each an array of side * side numbers. */
    stages({ name, latent, after, count }) {
      const stages = [];
      nets.get(name).reduce((stage, layer, number) => {
        const next = layer(stage);
        if (kinds.get(name)[number] === after) {
          const { side, channels, values } = next;
          const shown = Array.from({ length: count }, (_, channel) =>
            values.filter((__, at) => at % channels === channel));
          stages.push({ side, channels, shown });
        }
        return next;
      }, { side: 1, values: latent });
      return { stages };
    },
    draw({ name, latents }) {
      const began = performance.now();
      const pictures = latents.map((latent) => draw(nets.get(name), latent));
      return { pictures, milliseconds: (performance.now() - began) / latents.length };
    },
    /* A GIF of pictures of red, green, blue, 255, each of which stays for some milliseconds. */
    film({ pictures, width, height, delays }) {
      const { GIFEncoder, quantize, applyPalette } = makeGifEncoder();
      const film = GIFEncoder();
      pictures.forEach((picture, number) => {
        const palette = quantize(picture, 256);
        const delay = delays[number];
        film.writeFrame(applyPalette(picture, palette), width, height, { palette, delay });
      });
      film.finish();
      return { bytes: film.bytes() };
    },
  };
  addEventListener("message", async ({ data: { number, task, ...wanted } }) => {
    try {
      postMessage({ number, answer: await tasks[task](wanted) });
    } catch (error) {
      postMessage({ number, trouble: error.message });
    }
  });
};

// A weights' script calls this when it is there.
const arrivedWeights = new Map(); // by name
course.weightsCame = (name, told) => arrivedWeights.set(name, told);

/* The studio: where a page has its pictures drawn. `scriptsFolder` ends with a slash. */
course.openStudio = function openStudio(scriptsFolder) {
  const sources = [course.makeGenerator, course.makeWeights, course.makeChance];
  sources.push(course.makeGifEncoder ?? "undefined"); // only where films are saved
  const code = `"use strict";(${course.workAsDrawer})(${sources.join(",")});`;
  const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(address);
  const waiting = new Map(); // by number: what to do with the answer
  let count = 0;
  worker.addEventListener("message", ({ data: { number, answer, trouble } }) => {
    const { resolve, reject } = waiting.get(number);
    waiting.delete(number);
    if (trouble) reject(new Error(trouble));
    else resolve(answer);
  });
  worker.addEventListener("error", (event) => {
    for (const { reject } of waiting.values()) reject(new Error(event.message || "The worker can't start."));
    waiting.clear();
  });

  const ask = (task, wanted) => new Promise((resolve, reject) => {
    waiting.set(count, { resolve, reject });
    worker.postMessage({ number: count, task, ...wanted });
    count += 1;
  });

  const arriving = new Map(); // by name: a promise that its net is in the worker

  /* Sees to it that the worker has a generator's net at a moment; gives the net's name there.
  Rejects with a sentence. */
  function load(generator, moment) {
    const name = `${generator.name}_${moment.seconds}`;
    if (!arriving.has(name)) {
      const come = moment.weights ? fetched(moment.weights) : Promise.resolve(undefined);
      const { layers } = generator;
      const arrival = come.then((told) => ask("load", { name, layers, seed: moment.seed, told }));
      arriving.set(name, arrival.then(() => name));
      arrival.catch(() => arriving.delete(name)); // so that one can try again
    }
    return arriving.get(name);
  }

  /* What the weights' script tells. It may be in the page already; else it is fetched. */
  function fetched(name) {
    const given = () => {
      const told = arrivedWeights.get(name);
      arrivedWeights.delete(name); // the worker has a copy; one is enough
      return told;
    };
    if (arrivedWeights.has(name)) return Promise.resolve(given());
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const failed = () => reject(new Error(
        `The weights did not come: weights/${name}.js is missing or damaged. ` +
        "Try again with a network, or get the site anew."));
      script.src = `${scriptsFolder}weights/${name}.js`;
      script.addEventListener("load", () => (arrivedWeights.has(name) ? resolve(given()) : failed()));
      script.addEventListener("error", failed);
      document.head.append(script);
      script.remove();
    });
  }

  /* What a generator draws of these latents at a moment: {pictures, milliseconds a picture}. */
  async function draw(generator, moment, latents) {
    const name = await load(generator, moment);
    return ask("draw", { name, latents });
  }

  /* What stands between the layers, as the worker's `stages` tells it. */
  async function stages(generator, moment, wanted) {
    const name = await load(generator, moment);
    return (await ask("stages", { name, ...wanted })).stages;
  }

  /* The bytes of a GIF of frames, all of one size, each of which stays for so many milliseconds. */
  function film(frames, delays) {
    const [{ width, height }] = frames;
    return ask("film", { pictures: frames.map(({ pixels }) => pixels), width, height, delays });
  }

  return { draw, stages, film };
};

/* A latent of a generator by chance, see chance.js. */
course.latentFor = ({ latentSize }, chance) => Float64Array.from(chance.standardNormal(latentSize));

/* A latent between four, as helpers/classroom/widgets.py blends: the mean lies nearer to the middle
than latents do from which the generator has learned, so it is stretched until it spreads as theirs. */
course.blend = function blend(corners, across, down) {
  const parts = [(1 - across) * (1 - down), across * (1 - down), (1 - across) * down, across * down];
  const length = Math.hypot(...parts);
  return corners[0].map((_, at) =>
    corners.reduce((sum, corner, number) => sum + parts[number] * corner[at], 0) / length);
};
