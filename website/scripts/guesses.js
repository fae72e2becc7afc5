// Predict, then see: what comes after a prediction is hidden until the reader has guessed.
//
// A placeholder <div data-widget="guess" data-guess="…"> has the prediction as JSON in base64, made
// by website/answers.py. What is hidden begins behind it, and ends at the next
// <div class="course-guess-end">. The browser's search, a link and the site's search open it, and
// print shows it. Nothing is sent and nothing kept.
"use strict";
globalThis.course ??= {};

(() => {
  const { element, button } = course;
  const CAN_BE_SEARCHED = "onbeforematch" in document.documentElement; // hidden="until-found"

  // ---- what to say to a guess ------------------------------------------------------------------

  // `guess`: a choice, or what was typed; null where nobody guessed.
  function verdict({ right, sentences }, guess) {
    if (guess === null) {
      return sentences.none;
    }
    const sentence = guess === right ? sentences.right : sentences.other;
    return course.filled(sentence, { right, guess });
  }

  // ---- the part that is hidden -----------------------------------------------------------------

  // The elements between two others, in the page's order; as few as cover all of it.
  function between(first, last) {
    const found = [];
    let here = first;
    while (here !== last) {
      let next = here.nextElementSibling;
      while (!next && here.parentElement) {
        here = here.parentElement;
        next = here.nextElementSibling;
      }
      while (next && next !== last && next.contains(last)) {
        next = next.firstElementChild;
      }
      if (!next) {
        return [];
      }
      if (next !== last) {
        found.push(next);
      }
      here = next;
    }
    return found;
  }

  // Neighbours get one box around them, so that no gaps are left where they are hidden.
  function boxedUp(elements) {
    const boxes = [];
    elements.forEach((hidden) => {
      const box = boxes[boxes.length - 1];
      if (box && box.nextElementSibling === hidden) {
        box.append(hidden);
      } else {
        const fresh = element("div", { class: "course-guess-part" });
        hidden.before(fresh);
        fresh.append(hidden);
        boxes.push(fresh);
      }
    });
    return boxes;
  }

  function hide(boxes) {
    boxes.forEach((box) => box.setAttribute("hidden", CAN_BE_SEARCHED ? "until-found" : ""));
  }

  // ---- the widget ------------------------------------------------------------------------------

  // `reveal(choice)` is called when a button is pressed.
  function buttonsFor(choices, reveal) {
    return choices.map(([choice, words]) => {
      const attributes = { "aria-pressed": "false", "data-choice": choice };
      const made = button(choice, () => reveal(choice), attributes);
      if (words) {
        made.append(element("span", { class: "course-unseen" }, `: ${words}`));
        made.title = words;
      }
      return made;
    });
  }

  function fieldFor(asked, name) {
    const id = `${name}-field`;
    const field = element("input", { type: "text", id, autocomplete: "off", autocapitalize: "off" });
    return [element("label", { for: id }, `Your guess, ${asked}: `), field];
  }

  class Guess {
    constructor(place) {
      this.place = place;
      this.prediction = course.unpacked(place.dataset.guess);
      const ends = [...document.querySelectorAll(".course-guess-end")];
      const isBehind = (end) => place.compareDocumentPosition(end) & Node.DOCUMENT_POSITION_FOLLOWING;
      const end = ends.find(isBehind);
      this.boxes = end ? boxedUp(between(place, end)) : [];
      this.told = element("p", { role: "status", class: "course-told" });
      this.see = button("", () => (this.isOpen ? this.cover() : this.reveal(null)), {
        class: "course-button course-plain",
      });
      this.form = element("form", { class: "course-question", novalidate: true });
      this.build();
      this.cover();
    }

    build() {
      const { choices, asked } = this.prediction;
      this.place.setAttribute("role", "group");
      this.place.setAttribute("aria-label", "Your guess");
      if (choices.length) {
        this.buttons = buttonsFor(choices, (choice) => this.reveal(choice));
        this.form.append(element("span", { "aria-hidden": "true" }, "Your guess:"), ...this.buttons);
      } else {
        this.buttons = [];
        const [label, field] = fieldFor(asked, this.place.id);
        this.field = field;
        this.form.append(label, field, course.submitButton("See"));
      }
      this.form.append(this.see);
      this.form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.reveal(this.field && this.field.value.trim() ? this.field.value.trim() : null);
      });
      this.boxes.forEach((box) => box.addEventListener("beforematch", () => this.reveal(null)));
      this.place.append(this.form, this.told);
    }

    get isOpen() {
      return !this.boxes.some((box) => box.hasAttribute("hidden"));
    }

    press(guess) {
      this.buttons.forEach((each) =>
        each.setAttribute("aria-pressed", String(each.dataset.choice === guess)),
      );
    }

    cover() {
      hide(this.boxes);
      this.press(null);
      this.see.textContent = "Show without guessing";
      this.told.textContent = "";
    }

    reveal(guess) {
      this.boxes.forEach((box) => box.removeAttribute("hidden"));
      this.press(guess);
      this.see.textContent = "Hide again";
      const { right } = this.prediction;
      const isKnown = right !== null && guess !== null;
      const kind = isKnown ? (guess === right ? "is-right" : "is-other") : "is-open";
      this.told.className = `course-told ${kind}`;
      this.told.textContent = verdict(this.prediction, guess);
    }

    holds(place) {
      return this.boxes.some((box) => box.contains(place));
    }
  }

  // ---- links and searches into a hidden part -----------------------------------------------------

  function openFor(guesses, place) {
    const hiding = guesses.filter((guess) => !guess.isOpen && guess.holds(place));
    hiding.forEach((guess) => guess.reveal(null));
  }

  // The element that the page's address names behind its "#"; null where there is none.
  function named() {
    try {
      return document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    } catch {
      return null; // a "%" that stands for no letter: no place is called so
    }
  }

  function followHash(guesses) {
    const target = named();
    if (target) {
      openFor(guesses, target);
      target.scrollIntoView();
    }
  }

  const guesses = [];
  course.whenReady("guess", (place) => guesses.push(new Guess(place)));
  course.whenThere(() => {
    followHash(guesses); // what was hidden above has moved the page
    window.addEventListener("hashchange", () => followHash(guesses));
    // Where Sphinx marks what was searched, it does so some time after the page is there.
    const openMarked = () =>
      document.querySelectorAll("span.highlighted").forEach((mark) => openFor(guesses, mark));
    const watch = new MutationObserver(openMarked);
    guesses.forEach(({ boxes }) =>
      boxes.forEach((box) => watch.observe(box, { childList: true, subtree: true })),
    );
    openMarked();
  });
  course.guesses = { verdict, between };
})();
