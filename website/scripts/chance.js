/* Random numbers from a seed: one seed gives the same faces, and the same game, in every browser. */
"use strict";
globalThis.course ??= {};

// One function, as in generator.js: the worker is given its source.
course.makeChance = function makeChance(seed) {
  let state = seed >>> 0;
  /* A number from 0 to 1, without 1. Mulberry32 by Tommy Ettinger, public domain. */
  function uniform() {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  // Box and Muller's way from two uniform numbers to a normal one.
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const standardNormal = (count) => Array.from({ length: count }, normal);
  return { uniform, standardNormal };
};
