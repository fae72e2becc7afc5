/* Grow: the same latents at several moments of one training. */
"use strict";
globalThis.course ??= {};

(() => {
  const FACES = 6;
  const FILM_SIDE = 120; // pixels of a face in a film
  const [STAYS, LAST_STAYS] = [900, 2500]; // milliseconds

  course.studio?.whenSeen("grow", (place) => {
    const { element, studio } = course;
    let latents, moment;
    let news = ""; // what to say when the next pictures are there
    const faces = Array.from({ length: FACES }, () => course.faceCanvas("A face is being drawn."));
    const told = element("p", { role: "status", class: "course-status" });
    const controls = element("div", { class: "course-controls" });
    let slider;

    const show = course.newestOnly(async (wanted) => {
      moment = wanted;
      try {
        const { pictures } = await studio.draw(latents, wanted);
        pictures.forEach((picture, number) => course.showFace(
          faces[number], picture, `What the generator draws of latent ${number + 1}, ${wanted.words}.`));
        told.textContent = news;
        news = "";
      } catch (error) {
        told.textContent = error.message;
      }
    });

    const moments = () => studio.generator.moments;

    function renew() {
      latents = faces.map(() => studio.latent());
      return show(moment);
    }

    /* Through the whole training once; whoever moves the slider meanwhile stops it. */
    let playing;
    function play() {
      clearInterval(playing);
      let number = 0;
      const next = () => {
        slider.set(number);
        number += 1;
        if (number === moments().length) {
          clearInterval(playing);
          news = "The training is over.";
        }
        show(moments()[number - 1]);
      };
      next();
      playing = setInterval(next, STAYS);
    }

    async function saveFilm() {
      told.textContent = "The film is being made …";
      try {
        const frames = [];
        for (const one of moments()) {
          const { pictures } = await studio.draw(latents, one);
          const canvases = pictures.map((picture) => {
            const canvas = element("canvas");
            course.showFace(canvas, picture);
            return canvas;
          });
          const sheet = course.sheetOf(canvases, FILM_SIDE, 3);
          frames.push({ sheet, pixels: sheet.getContext("2d").getImageData(0, 0, sheet.width, sheet.height).data });
        }
        const { width, height } = frames[0].sheet;
        const delays = frames.map((_, number) => (number + 1 < frames.length ? STAYS : LAST_STAYS));
        await studio.saveFilm(frames.map(({ pixels }) => pixels), { width, height }, delays, "growing_faces.gif");
        told.textContent = "The film is saved as growing_faces.gif.";
      } catch (error) {
        told.textContent = error.message;
      }
    }

    /* The slider has as many places as the chosen generator has moments. */
    function build() {
      clearInterval(playing);
      moment = moments().at(-1);
      slider = course.slider({
        words: "Training", min: 0, max: moments().length - 1, step: 1, value: moments().length - 1,
        tell: (number) => moments()[number].words,
        oninput: (number) => {
          clearInterval(playing);
          show(moments()[number]);
        },
      });
      controls.replaceChildren(
        slider.whole,
        course.button("Play the training", play),
        course.button("Six other latents", () => {
          news = "These are six other latents.";
          renew();
        }),
        course.pngButton(() => course.sheetOf(faces, 200, 3), "faces_drawn_by_a_net.png", told),
        course.button("Save as GIF", saveFilm),
      );
      return renew();
    }
    place.append(element("div", { class: "course-sheet" }, ...faces), controls, told);
    build();
    return build;
  });
})();
