/* Stages: one latent on its way through the layers, with some channels of each stage as pictures. */
"use strict";
globalThis.course ??= {};

(() => {
  const AFTER = "LeakyReLU"; // where a stage is finished
  const COUNT = 6; // channels shown
  const GAP = 1; // places between two of them

  /* A stage's channels side by side on a canvas: the smallest number black, the largest one white. */
  function showChannels(canvas, { side, shown }) {
    canvas.width = COUNT * (side + GAP) - GAP;
    canvas.height = side;
    const pen = canvas.getContext("2d");
    shown.forEach((values, number) => {
      const least = values.reduce((one, other) => Math.min(one, other));
      const most = values.reduce((one, other) => Math.max(one, other));
      const picture = new Uint8ClampedArray(4 * side * side).fill(255);
      values.forEach((value, at) => {
        const gray = (255 * (value - least)) / (most - least || 1);
        picture.fill(gray, 4 * at, 4 * at + 3);
      });
      pen.putImageData(new ImageData(picture, side), number * (side + GAP), 0);
    });
  }

  course.studio?.whenSeen("stages", (place) => {
    const { element, studio } = course;
    const list = element("div", { class: "course-stages" });
    const face = course.faceCanvas("A face is being drawn.");
    const statusLine = course.statusLine();

    function figureOf(stage) {
      const { side, channels } = stage;
      const words = `${side} × ${side} places, ${channels} channels`;
      const canvas = element("canvas", {
        class: "course-channels", role: "img",
        "aria-label": `${COUNT} channels of the stage of ${words}, as gray pictures.`,
      });
      showChannels(canvas, stage);
      return element("figure", { class: "course-stage" },
        element("figcaption", {}, `${words}: ${COUNT} of them`), canvas);
    }

    const show = course.orTell(statusLine, async () => {
      const latent = studio.latent();
      const stages = await studio.stages({ latent, after: AFTER, count: COUNT });
      const { pictures } = await studio.draw([latent]);
      list.replaceChildren(...stages.map(figureOf));
      course.showFace(face, pictures[0], "The face that comes out at the end.");
      statusLine.textContent = "";
    });
    place.append(
      list,
      element("div", { class: "course-large" }, face),
      element("div", { class: "course-controls" }, course.button("Another latent", show)),
      statusLine,
    );
    show();
  });
})();
