// The fields of exercises: one types an answer, and the page says what `check` says in a notebook.
//
// A placeholder <div data-widget="answer" data-answer="…"> has the exercise as JSON in base64, made
// by website/answers.py. What is right is decided in answers.js. Nothing is sent and nothing kept:
// an answer is gone when the page is.
"use strict";
globalThis.course ??= {};

(() => {
  const { element } = course;

  // An array is written in several lines, everything else in one.
  function fieldFor(exercise, name) {
    const common = {
      id: `${name}-field`,
      placeholder: "...",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      "aria-describedby": `${name}-told`,
    };
    const { type, dtype, parts } = exercise.right;
    if (type !== "array") {
      return element("input", { ...common, type: "text" });
    }
    const placeholder = `np.array([[...], [...]], dtype="${dtype}")`;
    return element("textarea", { ...common, placeholder, rows: parts.length });
  }

  function show(told, { sentence, isRight, isWrong }) {
    told.textContent = "";
    told.className = `course-told ${isRight ? "is-right" : isWrong ? "is-wrong" : "is-open"}`;
    const [first, ...rest] = sentence.split(/(?<=[.:]) /); // "Right." and "Not yet." stand out
    told.append(element("strong", {}, first), ` ${rest.join(" ")}`);
  }

  function build(place) {
    const exercise = course.unpacked(place.dataset.answer);
    const field = fieldFor(exercise, place.id);
    const label = element("label", { for: field.id },
      element("span", {}, `${exercise.name}: `), element("code", {}, "answer ="));
    const told = element("p", { id: `${place.id}-told`, role: "status", class: "course-told" });
    const form = element("form", { class: "course-question", novalidate: true });
    form.append(label, field, course.submitButton("Check"));
    let wrongTries = 0;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const outcome = course.answers.judge(exercise, field.value, wrongTries);
      wrongTries += outcome.isWrong ? 1 : 0;
      show(told, outcome);
      field.setAttribute("aria-invalid", String(outcome.isWrong));
    });
    place.append(form, told);
  }

  course.whenReady("answer", build);
})();
