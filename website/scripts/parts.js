/* Parts that all widgets are made of: elements, controls, and when to begin. */
"use strict";
globalThis.course ??= {};

(() => {
  /* Where this script lies: other files of the site are found from here, on a disk, too. */
  course.scriptsFolder = document.currentScript?.src.replace(/[^/]*$/, "") ?? "";

  /* An element with its attributes, listeners (`onclick`) and children, which may be texts. */
  const element = (course.element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
      else if (value === true) made.setAttribute(name, "");
      else if (value !== false) made.setAttribute(name, value);
    }
    made.append(...children);
    return made;
  });

  course.button = (words, onclick, attributes = {}) =>
    element("button", { type: "button", class: "course-button", onclick, ...attributes }, words);

  course.submitButton = (words) => element("button", { type: "submit", class: "course-button" }, words);

  /* A line below a widget in which it says how things are; a screen reader hears it. */
  course.statusLine = (words = "") => element("p", { role: "status", class: "course-status" }, words);

  /* A function that does `work`; where that fails, the status line says why. */
  course.orTell = (statusLine, work) => async (...wanted) => {
    try {
      return await work(...wanted);
    } catch (error) {
      statusLine.textContent = error.message;
      return undefined;
    }
  };

  let sliders = 0; // made so far: each has a name of its own in the page

  /* A slider with its name above it: {whole, set}. `tell(value)` says its place in words; `set(value)`
  moves it, and calls nobody. */
  course.slider = ({ words, min, max, step, value, tell, oninput }) => {
    const told = element("span", { class: "course-slider-value", "aria-hidden": "true" });
    const id = `course-slider-${(sliders += 1)}`;
    const input = element("input", { type: "range", id, min, max, step, value });
    const tellPlace = () => {
      const place = tell(Number(input.value));
      told.textContent = place;
      input.setAttribute("aria-valuetext", place);
    };
    input.addEventListener("input", () => {
      tellPlace();
      oninput(Number(input.value));
    });
    tellPlace();
    const set = (to) => {
      input.value = to;
      tellPlace();
    };
    const name = element("label", { for: id }, words);
    const line = element("div", { class: "course-slider-line" }, name, told);
    return { whole: element("div", { class: "course-slider" }, line, input), set };
  };

  /* What website/answers.py has put into a placeholder's `data-…`: JSON in base64, in any letters. */
  course.unpacked = (written) => {
    const bytes = Uint8Array.from(atob(written), (letter) => letter.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  };

  /* A sentence with its {name}s filled in. */
  course.filled = (sentence, fields) => sentence.replace(/\{(\w+)\}/g, (_, name) => fields[name]);

  /* Calls `start` once the page is there, with all that stands in it. */
  course.whenThere = (start) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
    else start();
  };

  /* Calls `build(place)` for every widget of this kind, in place of the sentence that stands there. */
  course.whenReady = (widget, build) => course.whenThere(() => {
    for (const place of document.querySelectorAll(`[data-widget="${widget}"]`)) {
      place.replaceChildren();
      build(place);
    }
  });
})();
