/* Walk: through the square between four latents. */
"use strict";
globalThis.course ??= {};

(() => {
  const CORNERS = ["upper left", "upper right", "lower left", "lower right"];
  const FRAMES = 32; // of a round, in the film, too
  const FILM_SIDE = 240; // pixels
  const STAYS = 80; // milliseconds that a picture of the round stays

  /* A round along the square's edge, a little inside: [across, down] of a part of it, 0 to 1. */
  function onTheRound(part) {
    const turn = 2 * Math.PI * part;
    return [0.5 - 0.5 * Math.cos(turn), 0.5 - 0.5 * Math.sin(turn)];
  }

  course.studio?.whenSeen("walk", (place) => {
    const { element, studio } = course;
    let corners, walking;
    let news = ""; // what to say when the next picture is there
    let [across, down] = [0.5, 0.5];
    const face = course.faceCanvas("A face is being drawn.");
    const small = CORNERS.map((words) => course.faceCanvas(`The face in the ${words} corner.`));
    const told = course.statusLine();

    const show = course.newestOnly(course.orTell(told, async () => {
      const { pictures } = await studio.draw([course.blend(corners, across, down)]);
      course.showFace(face, pictures[0], `The face at ${across.toFixed(2)} across and ${down.toFixed(2)} down.`);
      told.textContent = news;
      news = "";
    }));

    const sliders = ["across", "down"].map((words) => course.slider({
      words, min: 0, max: 1, step: 0.01, value: 0.5, tell: (value) => value.toFixed(2),
      oninput: (value) => {
        stop();
        if (words === "across") across = value;
        else down = value;
        moveDot();
        show();
      },
    }));
    // A place to point at, for who has a pointer; the sliders do the same for everybody.
    const dot = element("span", { class: "course-dot" });
    const pad = element("div", { class: "course-pad", "aria-hidden": "true" }, dot);
    function moveDot() {
      dot.style.left = `${100 * across}%`;
      dot.style.top = `${100 * down}%`;
    }
    function goTo(newAcross, newDown) {
      [across, down] = [newAcross, newDown].map((value) => Math.min(1, Math.max(0, value)));
      sliders[0].set(across);
      sliders[1].set(down);
      moveDot();
      return show();
    }
    function follow(event) {
      if (event.buttons === 0) return;
      stop();
      const { left, top, width, height } = pad.getBoundingClientRect();
      goTo((event.clientX - left) / width, (event.clientY - top) / height);
    }
    pad.addEventListener("pointerdown", (event) => {
      pad.setPointerCapture(event.pointerId);
      follow(event);
    });
    pad.addEventListener("pointermove", follow);

    async function drawCorner(number) {
      const { pictures } = await studio.draw([corners[number]]);
      course.showFace(small[number], pictures[0]);
    }
    const exchange = course.orTell(told, async (number) => {
      corners[number] = studio.latent();
      await drawCorner(number);
      news = `Another face is in the ${CORNERS[number]} corner.`;
      await show();
    });

    const walkButton = course.button("Walk around", () => (walking ? stop() : walk()));
    function stop() {
      walking = undefined;
      walkButton.textContent = "Walk around";
    }
    /* From where the dot is to where the round begins, in steps as long as the round's. */
    function wayToTheRound() {
      const [toAcross, toDown] = onTheRound(0);
      const steps = Math.round((FRAMES / Math.PI) * Math.hypot(toAcross - across, toDown - down));
      const at = (from, to, step) => from + ((to - from) * step) / steps;
      return Array.from({ length: steps }, (_, step) => [at(across, toAcross, step), at(down, toDown, step)]);
    }
    /* A round; each step waits for its face, so a slow machine takes longer steps in time only. */
    async function walk() {
      const mine = (walking = {});
      walkButton.textContent = "Stop";
      const round = Array.from({ length: FRAMES + 1 }, (_, frame) => onTheRound(frame / FRAMES));
      for (const at of [...wayToTheRound(), ...round]) {
        if (walking !== mine) return;
        await Promise.all([goTo(...at), new Promise((go) => setTimeout(go, STAYS))]);
      }
      if (walking !== mine) return;
      stop();
      told.textContent = "The walk is over.";
    }

    async function makeFilm() {
      const frames = [];
      for (let frame = 0; frame < FRAMES; frame += 1) {
        const { pictures } = await studio.draw([course.blend(corners, ...onTheRound(frame / FRAMES))]);
        frames.push(course.frameOf(pictures, FILM_SIDE, 1));
      }
      return { frames, delays: frames.map(() => STAYS) };
    }

    const begin = course.orTell(told, async () => {
      stop();
      corners = CORNERS.map(() => studio.latent());
      await Promise.all(CORNERS.map((_, number) => drawCorner(number)));
      await show();
    });
    const corner = (number) => element("div", { class: "course-corner" }, small[number],
      course.button(`Another ${CORNERS[number]}`, () => exchange(number)));
    place.append(
      element("div", { class: "course-beside" },
        element("div", { class: "course-large" }, face),
        element("div", { class: "course-square" }, corner(0), pad, corner(1), corner(2), corner(3))),
      element("div", { class: "course-controls" }, ...sliders.map(({ whole }) => whole), walkButton,
        course.pngButton([face], 400, 1, "face_drawn_by_a_net.png", told),
        studio.gifButton(told, "walk_between_faces.gif", makeFilm)),
      told,
    );
    moveDot();
    begin();
    return begin;
  });
})();
