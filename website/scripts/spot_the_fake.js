/* Spot the fake: one of two pictures was painted by the course's program, and one by a net that
learned from such pictures. No photograph is in this game. */
"use strict";
globalThis.course ??= {};

/* How often a coin finds at least, and at most, so many of so many fakes: two numbers, 0 to 1. */
course.chancesOfACoin = function chancesOfACoin(found, rounds) {
  let ways = 1; // in how many ways a coin finds exactly `hits`
  let atLeast = 0, atMost = 0;
  for (let hits = 0; hits <= rounds; hits += 1) {
    if (hits >= found) atLeast += ways / 2 ** rounds;
    if (hits <= found) atMost += ways / 2 ** rounds;
    ways = (ways * (rounds - hits)) / (hits + 1);
  }
  return { atLeast, atMost };
};

/* What the score says of you: as helpers/classroom/widgets.py says it in lesson 06. */
course.meaningOfScore = function meaningOfScore(found, rounds) {
  const { atLeast, atMost } = course.chancesOfACoin(found, rounds);
  const percent = (chance) => `${(100 * chance).toFixed(1)}%`;
  if (atMost <= 0.1)
    return `So few come by luck in ${percent(atMost)} of all games: you see a difference. ` +
      "Did you mark the real ones?";
  const verdict = atLeast > 0.1 ? "nobody can say whether it was luck" : "you can tell them apart";
  return `A coin does as well in ${percent(atLeast)} of all games: ${verdict}.`;
};

(() => {
  /* Where a picture is that lies in the page as packed text: in the one file that can be mailed. */
  function addressOf(packed, bytes) {
    const content = course.makeWeights().bytesOf(packed).subarray(0, bytes);
    return URL.createObjectURL(new Blob([content], { type: "image/webp" }));
  }

  const ENOUGH = 4; // rounds, before luck is spoken of

  course.studio?.whenSeen("spot-the-fake", (place) => {
    const { element, studio } = course;
    const { file, packed, bytes, side, columns, count } = course.paintedFaces;
    const generator = course.generators.find(({ isForTheGame }) => isForTheGame);
    const chance = course.makeChance(Date.now());
    const score = { rounds: 0, found: 0, streak: 0, best: 0 };
    let fakeIsA, nextReal = 0, isDrawing = false;
    const order = shuffled(count);

    const letters = ["A", "B"];
    const faces = letters.map((letter) => course.faceCanvas(`Picture ${letter}.`));
    const truths = letters.map(() => element("p", { class: "course-truth" }));
    const buttons = letters.map((letter) => course.button(`${letter} is the fake`, () => answer(letter === "A")));
    const told = course.statusLine();
    const nextButton = course.button("Next pair", begin);
    const scored = element("p", { role: "status", class: "course-score" });

    const sheet = new Image();
    sheet.src = packed ? addressOf(packed, bytes) : course.scriptsFolder + file;
    const arrived = sheet.decode().catch(() => {
      throw new Error(`The painted faces did not come: ${file} is missing. Get the site anew.`);
    });

    function shuffled(length) {
      const numbers = Array.from({ length }, (_, number) => number);
      for (let last = length - 1; last > 0; last -= 1) {
        const other = Math.floor(chance.uniform() * (last + 1));
        [numbers[last], numbers[other]] = [numbers[other], numbers[last]];
      }
      return numbers;
    }

    async function showPair() {
      await arrived;
      const latent = course.latentFor(generator, chance);
      const { pictures } = await studio.draw([latent], generator.moments.at(-1), generator);
      fakeIsA = chance.uniform() < 0.5;
      const [fake, real] = fakeIsA ? faces : [faces[1], faces[0]];
      course.showFace(fake, pictures[0]);
      real.width = real.height = side;
      const number = order[nextReal % count];
      nextReal += 1;
      const from = [(number % columns) * side, Math.floor(number / columns) * side, side, side];
      real.getContext("2d").drawImage(sheet, ...from, 0, 0, side, side);
      for (const truth of truths) truth.textContent = "";
    }

    /* A button that is pressed and then switched off would take the keyboard's focus with it. So
    “Next pair” stays until the other two can be pressed, or until somebody tries again. */
    async function begin() {
      if (isDrawing) return;
      isDrawing = true;
      try {
        await showPair();
        const first = "One of the two was drawn by a net. Which one?";
        told.textContent = score.rounds ? "Which one is the fake?" : first;
        for (const button of buttons) button.disabled = false;
        if (document.activeElement === nextButton) buttons[0].focus();
        nextButton.disabled = true;
      } catch (error) {
        told.textContent = error.message;
        nextButton.disabled = false;
      }
      isDrawing = false;
    }

    function answer(saysA) {
      const isRight = saysA === fakeIsA;
      score.rounds += 1;
      score.found += isRight ? 1 : 0;
      score.streak = isRight ? score.streak + 1 : 0;
      score.best = Math.max(score.best, score.streak);
      nextButton.disabled = false;
      nextButton.focus();
      for (const button of buttons) button.disabled = true;
      const fakeLetter = fakeIsA ? "A" : "B";
      truths.forEach((truth, number) => {
        truth.textContent = letters[number] === fakeLetter ? "drawn by a net" : "painted by the program";
      });
      told.textContent = isRight ? `Yes, ${fakeLetter} is the fake.` : `No, ${fakeLetter} was the fake.`;
      const luck = score.rounds < ENOUGH ? "" : ` ${course.meaningOfScore(score.found, score.rounds)}`;
      scored.textContent =
        `${score.found} of ${score.rounds} found; ${score.streak} in a row, ${score.best} at best.${luck}`;
    }

    place.append(
      element("div", { class: "course-pair" }, ...letters.map((letter, number) =>
        element("div", { class: "course-large" },
          element("p", { class: "course-letter" }, letter), faces[number], truths[number], buttons[number]))),
      element("div", { class: "course-controls" }, nextButton),
      told,
      scored,
    );
    for (const button of [...buttons, nextButton]) button.disabled = true;
    begin();
  });
})();
