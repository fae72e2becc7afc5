// The game of lesson 00, function by function as in its notebook, and what can be said about it.
//
// A forger (the generator) has two numbers, a mean and a spread in millimetres. An inspector (the
// discriminator) has three weights. Distances are arrays of numbers in millimetres, scores lie
// between 0 (real) and 1 (fake). Nothing here touches the page: the tests run this file in node.
"use strict";

globalThis.course ??= {};

course.twoNumbers = (() => {
  const REAL = { mean: 63.0, spread: 3.5 }; // eye distances; neither player may look at them
  const UNTRAINED = { mean: 50.0, spread: 5.0 };
  const CLUELESS = [0.0, 0.0, 0.0];
  const BATCH = 200; // fakes, and as many real ones, each turn
  const LESSON = { inspectorRate: 0.5, forgerRate: 0.25, memory: 0.98, sees: [1, 1, 1] };
  const BLIND = [1, 1, 0]; // an inspector that does not see the square

  const CHASE = { inspectorRate: 0.02, forgerRate: 5.0, memory: 1.0, sees: BLIND };

  // Games with a name: `skip` turns are played at once, then it plays on to turn `until`.
  const GAMES = {
    lesson: { settings: LESSON, skip: 0, until: 400 },
    collapse: { settings: LESSON, skip: 0, until: 50 },
    cure: { settings: LESSON, skip: 50, until: 400 },
    blind: { settings: { ...LESSON, sees: BLIND }, skip: 0, until: 400 },
    circles: { settings: CHASE, skip: 0, until: 400 },
  };

  const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0.0) / numbers.length;

  const drawReal = (count, chance) =>
    chance.standardNormal(count).map((noise) => REAL.mean + REAL.spread * noise);

  const drawFakes = (forger, noise) => noise.map((one) => forger.mean + forger.spread * one);

  // What the inspector measures on one distance: 1, steps of 5 mm from 60 mm, and their square.
  function features(distance) {
    const ruler = (distance - 60.0) / 5.0;
    return [1.0, ruler, ruler ** 2];
  }

  // The inspector's score of one distance.
  function suspicion(inspector, distance) {
    const [one, ruler, square] = features(distance);
    const sum = inspector[0] * one + inspector[1] * ruler + inspector[2] * square;
    return 1.0 / (1.0 + Math.exp(-sum));
  }

  // The inspector after one step: a little less wrong about these two heaps.
  function inspectorLearns(inspector, real, fakes, settings) {
    const total = [0.0, 0.0, 0.0];
    function learnFrom(distances, label) {
      for (const distance of distances) {
        const error = label - suspicion(inspector, distance);
        const measured = features(distance);
        for (let place = 0; place < 3; place += 1) total[place] += measured[place] * error;
      }
    }
    learnFrom(fakes, 1.0);
    learnFrom(real, 0.0);
    const count = fakes.length + real.length;
    return inspector.map(
      (weight, place) => settings.memory * weight + (settings.inspectorRate * total[place]) / count,
    );
  }

  // Which way a fake at this distance should go, away from suspicion: in mm, for a rate of 1.
  function push(inspector, distance) {
    const slope = inspector[1] + 2.0 * inspector[2] * features(distance)[1];
    return -suspicion(inspector, distance) * slope;
  }

  // The forger after one step: its fakes look a little less suspicious.
  function forgerLearns(forger, noise, inspector, settings) {
    const pushes = drawFakes(forger, noise).map((fake) => push(inspector, fake));
    return {
      mean: forger.mean + settings.forgerRate * mean(pushes),
      spread: forger.spread + settings.forgerRate * mean(pushes.map((one, k) => one * noise[k])),
    };
  }

  // Cross-entropy: how wrong the inspector is about these two heaps.
  function inspectorLoss(inspector, real, fakes) {
    const found = mean(fakes.map((fake) => Math.log(suspicion(inspector, fake))));
    const passed = mean(real.map((one) => Math.log(1.0 - suspicion(inspector, one))));
    return -(found + passed) / 2.0;
  }

  // What the forger makes smaller: the cost of its fakes, had they the label "real".
  const forgerLoss = (inspector, fakes) =>
    -mean(fakes.map((fake) => Math.log(1.0 - suspicion(inspector, fake))));

  // A game before its first turn. `chance` has a function standardNormal(count), see chance.js.
  function newGame(chance) {
    const game = { chance, forger: { ...UNTRAINED }, inspector: [...CLUELESS], diary: [] };
    return dealHeaps(game);
  }

  // Two heaps for this turn, and the diary's row about them: row 50 is the lesson's `diary[50]`.
  function dealHeaps(game) {
    game.real = drawReal(BATCH, game.chance);
    game.fakes = drawFakes(game.forger, game.chance.standardNormal(BATCH));
    game.diary.push({
      mean: game.forger.mean,
      spread: Math.abs(game.forger.spread), // a negative spread is the same heap, mirrored
      inspectorLoss: inspectorLoss(game.inspector, game.real, game.fakes),
      forgerLoss: forgerLoss(game.inspector, game.fakes),
    });
    return game;
  }

  // Both players learn once, and the next two heaps are dealt.
  function takeTurn(game, settings) {
    const learned = inspectorLearns(game.inspector, game.real, game.fakes, settings);
    game.inspector = learned.map((weight, place) => settings.sees[place] * weight);
    const noise = game.chance.standardNormal(BATCH);
    game.forger = forgerLearns(game.forger, noise, game.inspector, settings);
    return dealHeaps(game);
  }

  function play(turns, settings, chance) {
    const game = newGame(chance);
    for (let turn = 0; turn < turns; turn += 1) takeTurn(game, settings);
    return game;
  }

  // Limits of the words below.
  const RIGHT = 0.5; // mm; a mean or a spread this near is called right
  const COLLAPSED = REAL.spread / 2.0; // mm; a smaller spread is called mode collapse
  const AWAY = 20.0; // mm; a mean so far from the real one has run away
  const LOST = 1000.0; // mm; from here on there is nothing more to see
  const SWING = 0.7; // mm; a mean so far to both sides of the real one swings
  const WATCHED = 200; // turns in which swings are counted
  const FLAT = 0.05; // mm; smaller pushes are not worth a word, or an arrow

  const millimetres = (number) =>
    Math.abs(number) < 10 * LOST ? number.toFixed(1) : number.toExponential(0);
  const heap = (row) => `${millimetres(row.mean)} ± ${millimetres(row.spread)} mm`;
  const isLost = (row) => !(Math.abs(row.mean - REAL.mean) < LOST); // true of NaN, too
  const isAway = (row) => !(Math.abs(row.mean - REAL.mean) < AWAY);
  const isFinite = (row) => Number.isFinite(row.mean) && Number.isFinite(row.spread);
  const isCollapsed = (row) => row.spread < COLLAPSED;
  const isRight = (row) =>
    Math.abs(row.mean - REAL.mean) < RIGHT && Math.abs(row.spread - REAL.spread) < RIGHT;

  // How often the mean went from well below the real one to well above it, or back.
  function swings(rows) {
    const sides = rows
      .map((row) => row.mean - REAL.mean)
      .filter((miss) => Math.abs(miss) > SWING)
      .map(Math.sign);
    return sides.filter((side, place) => place > 0 && side !== sides[place - 1]).length;
  }

  function aboutSwings(rows) {
    const means = rows.map((row) => row.mean);
    const [least, most] = [Math.min(...means), Math.max(...means)].map(millimetres);
    return (
      `The game does not come to rest: in the last ${rows.length - 1} turns the mean went past ` +
      `the real one ${swings(rows)} times, between ${least} and ${most} mm.`
    );
  }

  function aboutBoth(row) {
    const [miss, wrong] = [row.mean - REAL.mean, row.spread - REAL.spread];
    const way = miss < 0 ? "low" : "high";
    const mean = Math.abs(miss) < RIGHT ? "right" : `${millimetres(Math.abs(miss))} mm too ${way}`;
    if (isCollapsed(row)) {
      return `The mean is ${mean}, and all fakes are nearly alike: this is mode collapse.`;
    }
    if (Math.abs(wrong) < RIGHT) return `The mean is ${mean}, the spread is right.`;
    const shape = wrong < 0 ? "are too much alike" : "differ too much";
    return `The mean is ${mean}, and the fakes ${shape}.`;
  }

  function aboutCure(diary) {
    const narrow = diary.reduce((least, row) => (row.spread < least.spread ? row : least));
    if (!isCollapsed(narrow)) return "Both numbers are right.";
    const turn = diary.indexOf(narrow);
    return `Both numbers are right: the collapse of turn ${turn} (${heap(narrow)}) is cured.`;
  }

  // What has happened in the game of this diary: a kind, and a sentence or two for the visitor.
  function whatHappened(diary) {
    const turn = diary.length - 1;
    const [row, rows] = [diary[turn], diary.slice(-WATCHED - 1)];
    const say = (kind, text) => ({ kind, text: `Turn ${turn}: ${text}` });
    if (!isFinite(row)) {
      return say("away", "the forger has run away. Its numbers are too large to be written down.");
    }
    const where = `the fakes lie at ${heap(row)}.`;
    if (turn === 0) return say("start", `${where} Nobody has learned anything yet.`);
    if (isAway(row)) {
      return say("away", `${where} The forger has run away from the real ones.`);
    }
    if (swings(rows) >= 3) return say("restless", `${where} ${aboutSwings(rows)}`);
    if (isRight(row)) return say("right", `${where} ${aboutCure(diary)}`);
    return say(isCollapsed(row) ? "collapsed" : "underway", `${where} ${aboutBoth(row)}`);
  }

  // Low, middle and high fakes: where they lie, how suspicious they are, where that sends them.
  function threeFakes(game) {
    return [-1.0, 0.0, 1.0].map((noise) => {
      const place = game.forger.mean + Math.abs(game.forger.spread) * noise;
      return {
        place, score: suspicion(game.inspector, place), push: push(game.inspector, place),
      };
    });
  }

  // Why the heap of fakes will move, get narrower or get wider: read from the suspicion.
  function whyItMoves(game) {
    if (isAway(game.forger)) return "";
    const [low, middle, high] = threeFakes(game);
    if ([low, middle, high].every((fake) => Math.abs(fake.push) < FLAT)) {
      return `The inspector gives nearly all fakes the same score, ${middle.score.toFixed(2)}.`;
    }
    if (low.push < 0 && high.push > 0) {
      return "The inspector suspects the middle of the heap: too many of the same. " +
        "So the fakes move apart.";
    }
    if (low.push > 0 && high.push < 0) {
      return "The inspector suspects the edges of the heap. So the fakes move together.";
    }
    const [suspect, way] = low.push > 0 ? ["low", "up"] : ["high", "down"];
    const start = `The inspector suspects ${suspect} fakes most, so all move ${way}`;
    if (Math.abs(high.push - low.push) < FLAT) return `${start}.`;
    const farthest = Math.abs(low.push) > Math.abs(high.push) ? "low" : "high";
    const shape = high.push > low.push ? "wider" : "narrower";
    return `${start}. The ${farthest} ones move farthest: the heap gets ${shape}.`;
  }

  return {
    REAL, UNTRAINED, LESSON, BLIND, GAMES, BATCH, FLAT,
    drawReal, drawFakes, suspicion, push, inspectorLearns, forgerLearns,
    inspectorLoss, forgerLoss, newGame, takeTurn, play, millimetres, heap, isLost, whatHappened,
    threeFakes, whyItMoves,
  };
})();
