// Puts the game of lesson 00 into a page: in place of each <div data-widget="two-numbers">.
//
// two_numbers_game.js has the game, two_numbers_picture.js draws it; here are the controls.
"use strict";

window.course = window.course || {};

window.course.twoNumbersWidget = (() => {
  const MORE = 400; // turns that Run goes on when the game has reached its end
  const LONGEST = 50; // turns for one look; a browser that was busy or hidden does not catch up
  const JUMP = 500; // ms between two looks, for visitors who want no motion
  const READING = 400; // ms that a sentence stays while the game runs

  // Sliders: their values are few and round, in steps that are about equal factors.
  const SLIDERS = [
    ["inspectorRate", "Inspector's learning rate", [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5]],
    ["forgerRate", "Forger's learning rate", [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5]],
    ["memory", "Inspector's memory", [0.9, 0.95, 0.98, 0.99, 1]],
    ["speed", "Turns in a second", [5, 10, 20, 50, 100]],
  ];
  const SPEED = 20; // turns in a second, at the start
  const FIRST = "Where will the forger be after 400 turns? Guess, then press Run.";

  // The games' names, and what to do next where one has come to its end as it was.
  const NAMES = {
    lesson: ["The lesson's game", "“The collapse” stops at the narrow peak on the way."],
    collapse: ["The collapse", "Will the forger stay there? Guess, then press “Its cure”."],
    cure: ["Its cure",
      "You changed nothing: the inspector sees the square, and that tells it when fakes are too " +
      "much alike. And if it could not see that? “A blind inspector” shows it."],
    blind: ["A blind inspector",
      "This inspector can't see that the fakes are too much alike. " +
      "Tick “The inspector sees the square”, guess, and press Run."],
    circles: ["In circles",
      "This inspector is blind, slow, and forgets nothing. " +
      "Set its memory to 0.98, guess, and press Run."],
  };
  const CHARTS = [
    { title: "Mean", unit: " mm", least: 45, most: 75, ticks: [["63", 63]],
      lines: [["fakes", (row) => row.mean]] },
    { title: "Spread", unit: " mm", least: 0, most: 6, ticks: [["3.5", 3.5]],
      lines: [["fakes", (row) => row.spread]] },
    { title: "Losses: inspector", also: "forger", unit: "", least: 0, most: 1.5,
      ticks: [["0.69", Math.LN2]],
      lines: [["inspector", (row) => row.inspectorLoss], ["fakes", (row) => row.forgerLoss]] },
  ];
  let widgets = 0; // in this page, so that each gets names of its own

  const asLoss = (loss) => (Number.isFinite(loss) ? loss.toFixed(2) : "∞");

  function make(name, attributes, ...inside) {
    const element = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    element.append(...inside);
    return element;
  }

  function button(text, act, kind = "") {
    const made = make("button", { type: "button", class: kind }, text);
    made.addEventListener("click", act);
    return made;
  }

  const picture = (kind) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("role", "img");
    svg.setAttribute("class", kind);
    return svg;
  };

  class Widget {
    constructor(place) {
      const { LESSON, GAMES } = window.course.twoNumbers;
      this.number = widgets += 1;
      this.settings = { ...LESSON, speed: SPEED };
      this.seed = 1;
      [this.timer, this.said] = [0, 0];
      this.build(place);
      this.begin("lesson", GAMES.lesson);
      this.next.textContent = FIRST;
      new ResizeObserver(() => this.measure()).observe(this.heaps);
    }

    build(place) {
      this.heaps = picture("heaps");
      this.sentence = make("p", { class: "sentence" });
      this.next = make("p", { class: "next" });
      this.spoken = make("p", { class: "spoken", role: "status" });
      this.run = button("Run", () => (this.timer ? this.pause() : this.start()), "main");
      this.seedShown = make("span", { class: "seed" });
      this.charts = CHARTS.map((chart) => this.buildChart(chart));
      this.games = Object.entries(NAMES).map(([name, [text]]) => {
        return [name, button(text, () => this.playGame(name))];
      });
      place.replaceChildren(
        make("div", { class: "buttons", role: "group", "aria-label": "Games" },
          ...this.games.map(([, made]) => made)),
        this.buildLegend(),
        this.heaps,
        make("div", { class: "buttons", role: "group", "aria-label": "Turns" },
          button("Step", () => this.step()), this.run,
          button("Start again", () => this.again(this.seed)),
          button("Another seed", () => this.again(this.seed + 1)), this.seedShown),
        make("div", { class: "words" }, this.sentence, this.next),
        make("div", { class: "sliders" }, ...SLIDERS.map((slider) => this.buildSlider(...slider))),
        this.buildSquare(),
        make("div", { class: "charts" }, ...this.charts.map((chart) => chart.element)),
        this.spoken,
      );
      place.classList.add("two-numbers");
    }

    buildLegend() {
      const { REAL, heap } = window.course.twoNumbers;
      [this.turnShown, this.fakesShown] = [make("span", { class: "turn" }), make("strong", {})];
      return make("p", { class: "legend" }, this.turnShown, " ",
        make("span", { class: "real" }, "real ", make("strong", {}, heap(REAL))), " ",
        make("span", { class: "fakes" }, "fakes ", this.fakesShown));
    }

    buildChart(chart) {
      const [shown, second] = [make("strong", {}), make("strong", { class: "fakes" })];
      const caption = make("p", {}, `${chart.title} `, shown);
      if (chart.also) caption.append(`, ${chart.also} `, second);
      const svg = picture("chart");
      return { ...chart, caption, shown, second, svg, element: make("div", {}, caption, svg) };
    }

    buildSlider(name, text, values) {
      const id = `two-numbers-${this.number}-${name}`;
      const most = values.length - 1;
      const slider = make("input", { id, type: "range", min: 0, max: most, step: 1 });
      const shown = make("output", { for: id, "aria-live": "off" });
      const show = () => {
        slider.value = values.indexOf(this.settings[name]);
        shown.textContent = this.settings[name];
        slider.setAttribute("aria-valuetext", this.settings[name]);
      };
      slider.addEventListener("input", () => this.change(name, values[Number(slider.value)]));
      this.controls = [...(this.controls ?? []), show];
      return make("div", {}, make("label", { for: id }, text), shown, slider);
    }

    buildSquare() {
      const { LESSON, BLIND } = window.course.twoNumbers;
      const box = make("input", { type: "checkbox" });
      box.addEventListener("change", () => this.change("sees", box.checked ? LESSON.sees : BLIND));
      this.controls.push(() => (box.checked = this.settings.sees[2] === 1));
      return make("label", { class: "square" }, box, "The inspector sees the square ",
        make("small", {}, "(if not: only whether a distance is low or high)"));
    }

    // A slider was moved: the game goes on, but it is no longer one of those with a name.
    change(name, value) {
      this.settings[name] = value;
      if (name !== "speed") this.call(null);
      this.next.textContent = "";
      this.controls.forEach((show) => show());
    }

    call(name) {
      this.name = name;
      this.games.forEach(([one, made]) => made.setAttribute("aria-current", one === name));
    }

    // Turn 0 of a game, or its turn `skip`.
    begin(name, { skip, until }) {
      const { play, randomFrom } = window.course.twoNumbers;
      this.call(name);
      this.until = until;
      this.game = play(skip, this.settings, randomFrom(this.seed));
      this.controls.forEach((show) => show());
      this.seedShown.textContent = `Seed ${this.seed}`;
      this.measure();
    }

    playGame(name) {
      const game = window.course.twoNumbers.GAMES[name];
      this.pause(false);
      Object.assign(this.settings, game.settings);
      this.begin(name, game);
      this.start();
    }

    again(seed) {
      const { GAMES } = window.course.twoNumbers;
      this.pause(false);
      this.seed = seed;
      this.begin(this.name, { skip: 0, until: this.name ? GAMES[this.name].until : MORE });
      this.speak();
    }

    get turn() {
      return this.game.diary.length - 1;
    }

    step() {
      this.pause(false);
      this.take(1);
      this.speak();
    }

    take(turns) {
      const { takeTurn, isLost } = window.course.twoNumbers;
      for (let turn = 0; turn < turns; turn += 1) {
        takeTurn(this.game, this.settings);
        if (isLost(this.game.forger)) break;
      }
      this.show();
    }

    start() {
      if (this.turn >= this.until) this.until = this.turn + MORE;
      this.run.textContent = "Pause";
      this.next.textContent = "";
      const isCalm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
      let [before, owed] = [performance.now(), 0];
      const look = () => {
        const now = performance.now();
        owed = Math.min(LONGEST, owed + ((now - before) / 1000) * this.settings.speed);
        before = now;
        const turns = Math.min(Math.floor(owed), this.until - this.turn);
        owed -= turns;
        if (turns > 0) this.take(turns);
        const isOver = this.turn >= this.until || window.course.twoNumbers.isLost(this.game.forger);
        if (isOver) this.pause();
        else this.timer = wait();
      };
      const wait = isCalm ? () => setTimeout(look, JUMP) : () => requestAnimationFrame(look);
      this.stop = isCalm ? clearTimeout : cancelAnimationFrame;
      this.timer = wait();
    }

    // Stop, and say what has happened unless somebody else does.
    pause(isSpoken = true) {
      if (!this.timer) return;
      this.stop.call(window, this.timer);
      this.timer = 0;
      this.run.textContent = "Run";
      this.show();
      if (isSpoken) this.speak();
    }

    // The page's width has changed, or there is a new game: prepare the pictures and draw them.
    measure() {
      const { heapsAndSuspicion, overTurns } = window.course.twoNumbersPicture;
      const width = this.heaps.clientWidth || 640;
      this.drawHeaps = heapsAndSuspicion(this.heaps, width);
      this.charts.forEach((chart) => {
        chart.draw = overTurns(chart.svg, chart.svg.clientWidth || 200, chart);
      });
      this.show();
    }

    show() {
      const { heap, millimetres } = window.course.twoNumbers;
      const { diary } = this.game;
      const row = diary[this.turn];
      this.drawHeaps(this.game);
      this.turnShown.textContent = `Turn ${this.turn}`;
      this.fakesShown.textContent = heap(row);
      this.charts.forEach((chart) => {
        const text = chart.unit ? millimetres : asLoss;
        const [first, second] = chart.lines.map(([, number]) => text(number(row)));
        chart.draw(diary);
        chart.shown.textContent = `${first}${chart.unit}`;
        if (chart.also) chart.second.textContent = second;
      });
      if (!this.timer || performance.now() - this.said > READING) this.describe();
    }

    // Say in words what is drawn.
    describe() {
      const { whatHappened, whyItMoves } = window.course.twoNumbers;
      this.said = performance.now();
      this.sentence.textContent = `${whatHappened(this.game.diary).text} ${whyItMoves(this.game)}`;
      this.heaps.setAttribute("aria-label", window.course.twoNumbersPicture.inWords(this.game));
      this.charts.forEach((chart) => {
        const words = `${chart.caption.textContent}, from turn 0 to turn ${this.turn}.`;
        chart.svg.setAttribute("aria-label", words);
      });
    }

    // Tell a screen reader what the sentence says; only when the game stands still.
    speak() {
      const isDone = this.name && this.turn === window.course.twoNumbers.GAMES[this.name].until;
      this.next.textContent = isDone ? NAMES[this.name][1] : "";
      this.spoken.textContent = `${this.sentence.textContent} ${this.next.textContent}`;
    }
  }

  const start = () =>
    document.querySelectorAll('[data-widget="two-numbers"]').forEach((place) => new Widget(place));
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
  return { Widget };
})();
