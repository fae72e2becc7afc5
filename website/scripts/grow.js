/* Grow: the same latents at several moments of one training. */
"use strict";
globalThis.course ??= {};

(() => {
  const [FACES, COLUMNS] = [6, 3]; // columns in what is saved
  const FILM_SIDE = 120; // pixels of a face in a film
  const [STAYS, LAST_STAYS] = [900, 2500]; // milliseconds

  course.studio?.whenSeen("grow", (place) => {
    const { element, studio } = course;
    let latents, moment;
    let news = ""; // what to say when the next pictures are there
    const faces = Array.from({ length: FACES }, () => course.faceCanvas("A face is being drawn."));
    const told = course.statusLine();
    const controls = element("div", { class: "course-controls" });
    let slider;

    const show = course.newestOnly(course.orTell(told, async (wanted) => {
      moment = wanted;
      const { pictures } = await studio.draw(latents, wanted);
      pictures.forEach((picture, number) => course.showFace(
        faces[number], picture, `What the generator draws of latent ${number + 1}, ${wanted.words}.`));
      told.textContent = news;
      news = "";
    }));

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

    async function makeFilm() {
      const frames = [];
      for (const one of moments()) {
        const { pictures } = await studio.draw(latents, one);
        frames.push(course.frameOf(pictures, FILM_SIDE, COLUMNS));
      }
      const delays = frames.map((_, number) => (number + 1 < frames.length ? STAYS : LAST_STAYS));
      return { frames, delays };
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
        course.pngButton(faces, 200, COLUMNS, "faces_drawn_by_a_net.png", told),
        studio.gifButton(told, "growing_faces.gif", makeFilm),
      );
      return renew();
    }
    place.append(element("div", { class: "course-sheet" }, ...faces), controls, told);
    build();
    return build;
  });
})();
