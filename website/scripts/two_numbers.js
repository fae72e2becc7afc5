// Puts the game of lesson 00 into a page: in place of each <div data-widget="two-numbers">.
//
// two_numbers_game.js has the game, two_numbers_picture.js draws it; here are the controls.
"use strict";

globalThis.course ??= {};

(() => {
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

  const { element, button } = course;
  const asLoss = (loss) => (Number.isFinite(loss) ? loss.toFixed(2) : "∞");

  const picture = (kind) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("role", "img");
    svg.setAttribute("class", kind);
    return svg;
  };

  class Widget {
    constructor(place) {
      const { LESSON, GAMES } = course.twoNumbers;
      this.settings = { ...LESSON, speed: SPEED };
      this.seed = 1;
      [this.timer, this.said, this.controls] = [0, 0, []];
      this.build(place);
      this.begin("lesson", GAMES.lesson);
      this.next.textContent = FIRST;
      new ResizeObserver(() => this.measure()).observe(this.heaps);
    }

    build(place) {
      this.heaps = picture("heaps");
      this.sentence = element("p", { class: "sentence" });
      this.next = element("p", { class: "next" });
      this.spoken = element("p", { class: "course-unseen", role: "status" });
      this.run = button("Run", () => (this.timer ? this.pause() : this.start()), {
        class: "course-button main",
      });
      this.seedShown = element("span", { class: "seed" });
      this.charts = CHARTS.map((chart) => this.buildChart(chart));
      this.games = Object.entries(NAMES).map(([name, [text]]) => {
        return [name, button(text, () => this.playGame(name))];
      });
      place.append(
        element("div", { class: "buttons", role: "group", "aria-label": "Games" },
          ...this.games.map(([, made]) => made)),
        this.buildLegend(),
        this.heaps,
        element("div", { class: "buttons", role: "group", "aria-label": "Turns" },
          button("Step", () => this.step()), this.run,
          button("Start again", () => this.again(this.seed)),
          button("Another seed", () => this.again(this.seed + 1)), this.seedShown),
        element("div", { class: "words" }, this.sentence, this.next),
        element("div", { class: "sliders" }, ...SLIDERS.map((slider) => this.buildSlider(...slider))),
        this.buildSquare(),
        element("div", { class: "charts" }, ...this.charts.map((chart) => chart.element)),
        this.spoken,
      );
      place.classList.add("two-numbers");
    }

    buildLegend() {
      const { REAL, heap } = course.twoNumbers;
      [this.turnShown, this.fakesShown] = [element("span", { class: "turn" }), element("strong", {})];
      return element("p", { class: "legend" }, this.turnShown, " ",
        element("span", { class: "real" }, "real ", element("strong", {}, heap(REAL))), " ",
        element("span", { class: "fakes" }, "fakes ", this.fakesShown));
    }

    buildChart(chart) {
      const [shown, second] = [element("strong", {}), element("strong", { class: "fakes" })];
      const caption = element("p", {}, `${chart.title} `, shown);
      if (chart.also) caption.append(`, ${chart.also} `, second);
      const svg = picture("chart");
      return { ...chart, caption, shown, second, svg, element: element("div", {}, caption, svg) };
    }

    buildSlider(name, words, values) {
      const place = () => values.indexOf(this.settings[name]);
      const { whole, set } = course.slider({
        words, min: 0, max: values.length - 1, step: 1, value: place(),
        tell: (at) => values[at],
        oninput: (at) => this.change(name, values[at]),
      });
      this.controls.push(() => set(place()));
      return whole;
    }

    buildSquare() {
      const { LESSON, BLIND } = course.twoNumbers;
      const box = element("input", {
        type: "checkbox", onchange: () => this.change("sees", box.checked ? LESSON.sees : BLIND),
      });
      this.controls.push(() => (box.checked = this.settings.sees[2] === 1));
      return element("label", { class: "square" }, box, "The inspector sees the square ",
        element("small", {}, "(if not: only whether a distance is low or high)"));
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
      const { play } = course.twoNumbers;
      this.call(name);
      this.until = until;
      this.game = play(skip, this.settings, course.makeChance(this.seed));
      this.controls.forEach((show) => show());
      this.seedShown.textContent = `Seed ${this.seed}`;
      this.measure();
    }

    playGame(name) {
      const game = course.twoNumbers.GAMES[name];
      this.pause(false);
      Object.assign(this.settings, game.settings);
      this.begin(name, game);
      this.start();
    }

    again(seed) {
      const { GAMES } = course.twoNumbers;
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
      const { takeTurn, isLost } = course.twoNumbers;
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
        const isOver = this.turn >= this.until || course.twoNumbers.isLost(this.game.forger);
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
      const { heapsAndSuspicion, overTurns } = course.twoNumbersPicture;
      const width = this.heaps.clientWidth || 640;
      this.drawHeaps = heapsAndSuspicion(this.heaps, width);
      this.charts.forEach((chart) => {
        chart.draw = overTurns(chart.svg, chart.svg.clientWidth || 200, chart);
      });
      this.show();
    }

    show() {
      const { heap, millimetres } = course.twoNumbers;
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
      const { whatHappened, whyItMoves } = course.twoNumbers;
      this.said = performance.now();
      this.sentence.textContent = `${whatHappened(this.game.diary).text} ${whyItMoves(this.game)}`;
      this.heaps.setAttribute("aria-label", course.twoNumbersPicture.inWords(this.game));
      this.charts.forEach((chart) => {
        const words = `${chart.caption.textContent}, from turn 0 to turn ${this.turn}.`;
        chart.svg.setAttribute("aria-label", words);
      });
    }

    // Tell a screen reader what the sentence says; only when the game stands still.
    speak() {
      const isDone = this.name && this.turn === course.twoNumbers.GAMES[this.name].until;
      this.next.textContent = isDone ? NAMES[this.name][1] : "";
      this.spoken.textContent = `${this.sentence.textContent} ${this.next.textContent}`;
    }
  }

  course.whenReady("two-numbers", (place) => new Widget(place));
})();
