/* Latents: ten sliders along the directions in which the picture changes most. */
"use strict";
globalThis.course ??= {};

(() => {
  const FARTHEST = 3; // standard deviations; farther out the generator has seen nearly nothing

  course.studio?.whenSeen("latents", (place) => {
    const { element, studio } = course;
    let latent, steps, sliders;
    let news = ""; // what to say when the next picture is there
    const face = course.faceCanvas("A face is being drawn.");
    const told = course.statusLine();
    const list = element("div", { class: "course-sliders" });

    const show = course.newestOnly(course.orTell(told, async () => {
      const moved = latent.map((value, at) =>
        studio.generator.directions.reduce(
          (sum, { direction }, number) => sum + steps[number] * direction[at], value));
      const { pictures } = await studio.draw([moved]);
      course.showFace(face, pictures[0], "The face that the generator draws where the sliders stand.");
      told.textContent = news;
      news = "";
    }));
    function another() {
      latent = studio.latent();
      return show();
    }
    function backToZero() {
      news = "All sliders are at zero.";
      steps.fill(0);
      for (const slider of sliders) slider.set(0);
      return show();
    }
    function begin() {
      const { directions } = studio.generator;
      steps = directions.map(() => 0);
      sliders = directions.map(({ words, share }, number) => course.slider({
        words: `${number + 1}. ${words} (${(100 * share).toFixed(0)}\u00a0%)`,
        min: -FARTHEST, max: FARTHEST, step: 0.1, value: 0,
        tell: (value) => (value > 0 ? "+" : "") + value.toFixed(1),
        oninput: (value) => {
          steps[number] = value;
          show();
        },
      }));
      list.replaceChildren(...sliders.map(({ whole }) => whole));
      return another();
    }
    place.append(
      element("div", { class: "course-beside" },
        element("div", { class: "course-large" }, face), list),
      element("div", { class: "course-controls" },
        course.button("Another face", () => {
          news = "Another face, with the sliders where they are.";
          another();
        }),
        course.button("All to zero", backToZero),
        course.pngButton([face], 400, 1, "face_drawn_by_a_net.png", told)),
      told,
    );
    begin();
    return begin;
  });
})();
