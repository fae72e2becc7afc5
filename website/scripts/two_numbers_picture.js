// Draws the game of lesson 00: the two heaps, the inspector's suspicion, and how it all went.
//
// Everything is SVG, drawn anew for each turn in the width that the page has. Millimetres and
// scores become pixels in `across` and `up`; colours and fonts are in two_numbers.css.
"use strict";

globalThis.course ??= {};

course.twoNumbersPicture = (() => {
  const LEAST = 34.0; // mm, the picture's left edge
  const MOST = 80.0; // mm, its right edge
  const MARGIN = { left: 46, right: 14 };
  const HEAPS = { top: 6, bottom: 176 };
  const SCORES = { top: 206, bottom: 292 };
  const HEIGHT = 334;
  const TALL = 0.37; // density per mm that fills the upper part: a spread of 1.1 mm
  const TALLEST = 0.9; // narrower heaps are cut off
  const ARROW = 4.0; // mm for a push of 1; arrows grow with the square root of the push
  const SMALL = { height: 84, top: 8, bottom: 66, left: 34, right: 6 };

  function draw(name, attributes, parent, text) {
    const element = document.createElementNS("http://www.w3.org/2000/svg", name);
    Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
    if (text !== undefined) element.textContent = text;
    parent.append(element);
    return element;
  }

  const within = (number, least, most) => Math.min(most, Math.max(least, number));
  const density = (mean, spread, at) =>
    Math.exp(-0.5 * ((at - mean) / spread) ** 2) / (spread * Math.sqrt(2.0 * Math.PI));
  const line = (points) =>
    points.map(([x, y], place) => `${place ? "L" : "M"}${x.toFixed(1)},${y.toFixed(1)}`).join("");

  // The places from `least` to `most` at which a curve is drawn.
  const places = (least, most, steps) =>
    Array.from({ length: steps + 1 }, (_, step) => least + ((most - least) * step) / steps);

  // A picture of heaps and suspicion in this width, in pixels. `show(game)` draws a turn of it.
  function heapsAndSuspicion(svg, width) {
    const { threeFakes, suspicion, REAL, FLAT } = course.twoNumbers;
    const across = (distance) =>
      MARGIN.left + ((distance - LEAST) / (MOST - LEAST)) * (width - MARGIN.left - MARGIN.right);
    const up = (score) => SCORES.bottom - score * (SCORES.bottom - SCORES.top);
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    svg.setAttribute("height", HEIGHT);
    drawFrame(svg, width, across, up);
    const real = draw("path", { class: "real heap" }, svg);
    const fakes = draw("path", { class: "fakes heap" }, svg);
    const edge = draw("text", { class: "fakes edge", y: HEAPS.top + 30 }, svg);
    const curve = draw("path", { class: "suspicion" }, svg);
    const part = draw("path", { class: "fakes part" }, svg);
    const arrows = draw("path", { class: "fakes arrows" }, svg);
    const dots = [0, 1, 2].map(() => draw("circle", { class: "fakes dot", r: 4 }, svg));

    function heapPath(mean, spread, tall) {
      const least = within(mean - 4.0 * spread, LEAST, MOST);
      const most = within(mean + 4.0 * spread, LEAST, MOST);
      const height = HEAPS.bottom - HEAPS.top;
      const points = places(least, most, 120).map((at) => [
        across(at),
        HEAPS.bottom - Math.min(1.0, density(mean, spread, at) / tall) * height,
      ]);
      return line([[across(least), HEAPS.bottom], ...points, [across(most), HEAPS.bottom]]);
    }

    function showHeaps(mean, spread) {
      const tall = within(density(0.0, spread, 0.0) * 1.03, TALL, TALLEST);
      real.setAttribute("d", heapPath(REAL.mean, REAL.spread, tall));
      fakes.setAttribute("d", heapPath(mean, spread, tall));
      const isLeft = mean < LEAST;
      const isOut = isLeft || mean > MOST;
      edge.textContent = isOut ? `${isLeft ? "← " : ""}fakes${isLeft ? "" : " →"}` : "";
      edge.setAttribute("x", isLeft ? MARGIN.left + 4 : width - MARGIN.right - 4);
      edge.setAttribute("text-anchor", isLeft ? "start" : "end");
    }

    function scorePath(inspector, least, most) {
      const steps = places(within(least, LEAST, MOST), within(most, LEAST, MOST), 120);
      return line(steps.map((at) => [across(at), up(suspicion(inspector, at))]));
    }

    function arrow(fake) {
      const length = Math.sign(fake.push) * ARROW * Math.sqrt(Math.abs(fake.push));
      const [x, y] = [across(fake.place), up(fake.score)];
      const end = across(within(fake.place + length, LEAST, MOST));
      if (Math.abs(fake.push) < FLAT) return "";
      const back = end - Math.sign(length) * 6;
      return line([[x, y], [end, y]]) + line([[back, y - 5], [end, y], [back, y + 5]]);
    }

    function show(game) {
      const { mean, spread: signed } = game.forger;
      const spread = Math.max(Math.abs(signed), 0.02);
      const isDrawn = Number.isFinite(mean) && Number.isFinite(spread);
      [fakes, curve, part, arrows, ...dots].forEach((one) => (one.style.display = "none"));
      if (!isDrawn) return;
      showHeaps(mean, spread);
      curve.setAttribute("d", scorePath(game.inspector, LEAST, MOST));
      fakes.style.display = curve.style.display = "";
      if (mean < LEAST || mean > MOST) return;
      part.setAttribute("d", scorePath(game.inspector, mean - 2.0 * spread, mean + 2.0 * spread));
      const three = threeFakes(game);
      arrows.setAttribute("d", three.map(arrow).join(""));
      three.forEach((fake, place) => {
        dots[place].setAttribute("cx", across(within(fake.place, LEAST, MOST)));
        dots[place].setAttribute("cy", up(fake.score));
      });
      [part, arrows, ...dots].forEach((one) => (one.style.display = ""));
    }
    return show;
  }

  function drawFrame(svg, width, across, up) {
    const [left, right] = [MARGIN.left, width - MARGIN.right];
    const rule = (y, kind) => draw("line", { class: kind, x1: left, x2: right, y1: y, y2: y }, svg);
    rule(HEAPS.bottom, "axis");
    rule(up(0.5), "middle");
    rule(SCORES.bottom, "axis");
    for (let tick = 40; tick <= 80; tick += 10) {
      const x = across(tick);
      draw("line", { class: "grid", x1: x, x2: x, y1: HEAPS.top, y2: SCORES.bottom }, svg);
      draw("text", { x, y: SCORES.bottom + 17, "text-anchor": "middle" }, svg, tick);
    }
    const middle = (left + right) / 2;
    draw("text", { x: middle, y: HEIGHT - 8, "text-anchor": "middle" }, svg, "eye distance (mm)");
    draw("text", { x: left, y: SCORES.top - 10 }, svg, "the inspector's suspicion");
    [["1 fake", 1.0], ["0.5", 0.5], ["0 real", 0.0]].forEach(([text, score]) =>
      draw("text", { x: left - 6, y: up(score) + 4, "text-anchor": "end" }, svg, text));
  }

  // A small chart over all turns. `lines` are [class, row → number]; `show(diary)` draws them.
  function overTurns(svg, width, { least, most, ticks, lines }) {
    const right = width - SMALL.right;
    const up = (number) =>
      SMALL.bottom - ((within(number, least, most) - least) / (most - least)) *
      (SMALL.bottom - SMALL.top);
    svg.replaceChildren();
    svg.setAttribute("viewBox", `0 0 ${width} ${SMALL.height}`);
    svg.setAttribute("height", SMALL.height);
    ticks.forEach(([text, number]) => {
      const y = up(number);
      draw("line", { class: "middle", x1: SMALL.left, x2: right, y1: y, y2: y }, svg);
      draw("text", { x: SMALL.left - 5, y: y + 4, "text-anchor": "end" }, svg, text);
    });
    const [y1, y2] = [SMALL.bottom, SMALL.bottom];
    draw("line", { class: "axis", x1: SMALL.left, x2: right, y1, y2 }, svg);
    draw("text", { x: SMALL.left, y: SMALL.bottom + 14 }, svg, "turn 0");
    const last = draw("text", { x: right, y: SMALL.bottom + 14, "text-anchor": "end" }, svg);
    const paths = lines.map(([kind]) => draw("path", { class: `over-turns ${kind}` }, svg));
    return (diary) => {
      const turns = Math.max(400, diary.length - 1);
      const step = Math.ceil(diary.length / width); // no more points than pixels
      const rows = diary.map((row, turn) => [turn, row]).filter(([turn]) => turn % step === 0);
      last.textContent = turns;
      lines.forEach(([, number], place) => {
        const points = rows
          .filter(([, row]) => !Number.isNaN(number(row)))
          .map(([turn, row]) => [
            SMALL.left + (turn / turns) * (right - SMALL.left), up(number(row)),
          ]);
        paths[place].setAttribute("d", line(points));
      });
    };
  }

  // The pictures in words, for who does not see them.
  function inWords(game) {
    const { REAL, heap, threeFakes } = course.twoNumbers;
    const { mean, spread } = game.forger;
    const scores = threeFakes(game).map((fake) => fake.score.toFixed(2));
    return (
      `Two heaps over eye distances from ${LEAST} to ${MOST} mm. ` +
      `Real: ${heap(REAL)}. Fakes: ${heap({ mean, spread: Math.abs(spread) })}. ` +
      `Below, the inspector's suspicion of low, middle and high fakes: ${scores.join(", ")}.`
    );
  }

  return { heapsAndSuspicion, overTurns, inWords };
})();
