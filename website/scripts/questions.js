// The fields of exercises: one types an answer, and the page says what `check` says in a notebook.
//
// A placeholder <div data-widget="answer" data-answer="…"> has the exercise as JSON in base64, made
// by website/answers.py. What is right is decided in answers.js. Nothing is sent and nothing kept:
// an answer is gone when the page is.
"use strict";

(function () {
  const course = (window.course = window.course || {});

  function made(name, attributes = {}, text = "") {
    const element = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.textContent = text;
    return element;
  }

  // JSON in base64; its letters may be any.
  function unpacked(written) {
    const bytes = Uint8Array.from(atob(written), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  }

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
      return made("input", { ...common, type: "text" });
    }
    const placeholder = `np.array([[...], [...]], dtype="${dtype}")`;
    return made("textarea", { ...common, placeholder, rows: parts.length });
  }

  function show(told, { sentence, isRight, isWrong }) {
    told.textContent = "";
    told.className = `course-told ${isRight ? "is-right" : isWrong ? "is-wrong" : "is-open"}`;
    const [first, ...rest] = sentence.split(/(?<=[.:]) /); // "Right." and "Not yet." stand out
    told.append(made("strong", {}, first), ` ${rest.join(" ")}`);
  }

  function build(place) {
    const exercise = unpacked(place.dataset.answer);
    const field = fieldFor(exercise, place.id);
    const label = made("label", { for: field.id });
    label.append(made("span", {}, `${exercise.name}: `), made("code", {}, "answer ="));
    const told = made("p", { id: `${place.id}-told`, role: "status", class: "course-told" });
    const form = made("form", { class: "course-question", novalidate: "" });
    form.append(label, field, made("button", { type: "submit" }, "Check"));
    let wrongTries = 0;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const outcome = course.answers.judge(exercise, field.value, wrongTries);
      wrongTries += outcome.isWrong ? 1 : 0;
      show(told, outcome);
      field.setAttribute("aria-invalid", String(outcome.isWrong));
    });
    place.replaceChildren(form, told);
  }

  function start() {
    document.querySelectorAll('[data-widget="answer"]').forEach(build);
  }

  course.questions = { build };
  if (document.readyState === "loading") {
    document.addEventListener("DOMContentLoaded", start);
  } else {
    start();
  }
})();
