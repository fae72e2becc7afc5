/* The page's studio: which generator draws, how fast it is on this machine, and one large face. */
"use strict";
globalThis.course ??= {};

(() => {
  const TOO_SLOW = 150; // milliseconds a face: then sliders stutter, and the small generator is taken

  const listeners = [];
  let room; // opened when the first face is wanted

  // All widgets of a page draw here. `generator` is the one of course.generators that was chosen.
  const studio = (course.studio = {
    generator: course.generators[0],
    // The first latents are the same for each visitor; none was chosen for its looks.
    chance: course.makeChance(20),

    latent: () => course.latentFor(studio.generator, studio.chance),

    /* The pictures of these latents, red, green, blue, 255, and the milliseconds that each took:
    by the chosen generator at the end of its training, if nothing else is named. */
    draw(latents, moment = studio.generator.moments.at(-1), generator = studio.generator) {
      room ??= course.openStudio(course.scriptsFolder);
      return room.draw(generator, moment, latents);
    },

    /* What stands between the layers of the first generator, for one latent. */
    stages(wanted) {
      room ??= course.openStudio(course.scriptsFolder);
      const [generator] = course.generators;
      return room.stages(generator, generator.moments.at(-1), wanted);
    },

    /* A button that saves a film; `make()` promises its frames and for how many milliseconds each
    stays. */
    gifButton(statusLine, name, make) {
      return course.button("Save as GIF", course.orTell(statusLine, async () => {
        statusLine.textContent = "The film is being made …";
        const { frames, delays } = await make();
        const { bytes } = await room.film(frames, delays);
        course.saveGif(bytes, name);
        statusLine.textContent = `The film is saved as ${name}.`;
      }));
    },

    choose(generator) {
      studio.generator = generator;
      for (const listener of listeners) listener(generator);
    },

    /* Calls `work(place)` for each widget of this kind when it is about to be seen. It may return a
    function that draws all anew: it is called when another generator is chosen. */
    whenSeen(widget, work) {
      course.whenReady(widget, (place) => {
        const watcher = new IntersectionObserver((entries) => {
          if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
          watcher.disconnect();
          const anew = work(place);
          if (anew) listeners.push(anew);
        }, { rootMargin: "400px" });
        watcher.observe(place);
      });
    },
  });

  const inWords = ({ side }, milliseconds) =>
    `A face of ${side} × ${side} pixels takes ${Math.max(1, Math.round(milliseconds))} milliseconds ` +
    "on this machine.";

  course.whenReady("face", (place) => {
    const { element } = course;
    const face = course.faceCanvas("A face is being drawn.");
    const told = course.statusLine("The generator is being fetched …");
    let before = ""; // what was decided for the visitor

    const drawAnother = course.newestOnly(course.orTell(told, async () => {
      const { generator } = studio;
      const { pictures, milliseconds } = await studio.draw([studio.latent()]);
      course.showFace(face, pictures[0], `A face, drawn by the generator: ${generator.words}.`);
      told.textContent = before + inWords(generator, milliseconds);
    }));

    const radios = course.generators.map((generator) => {
      const input = element("input", {
        type: "radio", name: "course-generator", value: generator.name,
        checked: generator === studio.generator, onchange: () => studio.choose(generator),
      });
      return element("label", { class: "course-choice" }, input, generator.words);
    });
    listeners.push((generator) => {
      for (const radio of radios) {
        const input = radio.querySelector("input");
        input.checked = input.value === generator.name;
      }
      drawAnother();
    });
    place.append(
      element("div", { class: "course-large" }, face),
      element("div", { class: "course-controls" },
        course.button("Another face", () => { before = ""; drawAnother(); }),
        course.pngButton([face], 400, 1, "face_drawn_by_a_net.png", told)),
      told,
    );
    if (radios.length > 1) // the one file that can be mailed has one generator
      place.append(element("fieldset", { class: "course-choices" }, element("legend", {}, "Who draws"), ...radios));

    /* The first face is the first of all that is asked for. The second one tells how fast this
    machine is, since in the first the browser was still warming up. */
    const begin = course.orTell(told, async () => {
      await drawAnother();
      const { milliseconds } = await studio.draw([studio.latent(), studio.latent()]);
      told.textContent = inWords(studio.generator, milliseconds);
      const small = course.generators.find(({ isForWeakMachines }) => isForWeakMachines);
      if (milliseconds > TOO_SLOW && small && small !== studio.generator) {
        before = `${told.textContent} So the small generator was chosen. `;
        studio.choose(small);
      }
    });
    begin();
  });
})();
