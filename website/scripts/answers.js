// Whether an answer is right, and which hint a wrong one gets: what `check` does in a notebook.
//
// course.answers.judge(exercise, typed, wrongTries) gives {sentence, isRight, isWrong}.
// `exercise` comes out of the page, made by website/answers.py from the exercise itself: its right
// answer, its reason and its hints, and all sentences. So here stand rules only, no words. They are
// those of helpers/classroom/exercises/checking.py and differences.py; tests/website/test_answers.py
// compares the two for every exercise.
"use strict";
globalThis.course ??= {};

(() => {
  const isNumber = (value) => course.typedValues.isNumber(value);
  const isRow = (value) => value.type === "tuple" || value.type === "list";
  const isWord = (value) => value.type === "str";

  // ---- as Python and numpy write numbers -------------------------------------------------------

  // repr(0.5), repr(5.0)
  const floatText = (number) => (Number.isInteger(number) ? `${number}.0` : String(number));

  // f"{number:.6g}"
  function generalText(number) {
    const [mantissa, exponent] = number.toExponential(5).split("e");
    const plain = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);
    if (exponent < -4 || exponent >= 6) {
      const digits = String(Math.abs(exponent)).padStart(2, "0");
      return `${plain(mantissa)}e${exponent < 0 ? "-" : "+"}${digits}`;
    }
    return plain(number.toFixed(5 - exponent));
  }

  function short({ type, value }) {
    return type === "bool" ? (value ? "True" : "False") : generalText(value);
  }

  const shapeText = (shape) => `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;

  // ---- as numpy sees a value: {kind, shape, flat, dtype}, or null for rows of different lengths --

  const KINDS = { str: "U", float: "f", int: "i", bool: "b" };
  const KIND_OF_DTYPE = { uint8: "u", int32: "i", int64: "i", float32: "f", float64: "f", bool: "b" };
  const STRONGEST_FIRST = ["O", "U", "f", "i", "u", "b"];

  function stacked(parts) {
    if (parts.some((part) => part === null)) {
      return null;
    }
    const shape = parts.length ? parts[0].shape : [];
    if (parts.some((part) => String(part.shape) !== String(shape))) {
      return null;
    }
    const kinds = parts.map((part) => part.kind);
    const kind = STRONGEST_FIRST.find((each) => kinds.includes(each)) || "f";
    return { kind, shape: [parts.length, ...shape], flat: parts.flatMap((part) => part.flat) };
  }

  function asArray(value) {
    if (!value.parts) {
      return { kind: KINDS[value.type] || "O", shape: [], flat: [value] };
    }
    const array = stacked(value.parts.map(asArray));
    if (array && value.type === "array") {
      array.kind = KIND_OF_DTYPE[value.dtype];
    }
    return array;
  }

  function dtypeOf(value) {
    if (value.type === "array") {
      return value.dtype;
    }
    const { kind, flat } = asArray(value);
    const longest = Math.max(1, ...words({ kind, flat }).map((word) => [...word].length));
    return { f: "float64", i: "int64", b: "bool", U: `<U${longest}` }[kind];
  }

  // The elements as words, as numpy writes them, without the blanks around them.
  function words({ kind, flat }) {
    return flat.map((value) => {
      if (isWord(value)) {
        return value.value.trim().toLowerCase();
      }
      if (!isNumber(value)) {
        return value.type; // None
      }
      const own = kind === "U" || kind === "O" ? KINDS[value.type] : kind;
      const text = { f: floatText, b: (number) => (number ? "true" : "false") }[own] || String;
      return text(value.value);
    });
  }

  function isClose(one, other, tolerance) {
    if (one === other || (Number.isNaN(one) && Number.isNaN(other))) {
      return true;
    }
    return Number.isFinite(other) && Math.abs(one - other) <= 1e-6 + tolerance * Math.abs(other);
  }

  function same(answer, expected) {
    const [one, other] = [asArray(answer), asArray(expected)];
    if (!one || !other || String(one.shape) !== String(other.shape)) {
      return false;
    }
    if (one.kind === "U" || other.kind === "U") {
      const asked = words(other);
      return words(one).every((word, place) => word === asked[place]);
    }
    if (one.kind === "O" || other.kind === "O") {
      return false;
    }
    const tolerance = other.kind === "f" ? 1e-3 : 1e-9;
    const asked = other.flat;
    return one.flat.every((value, place) => isClose(value.value, asked[place].value, tolerance));
  }

  // one == other, in Python
  function equal(one, other) {
    if (isNumber(one) && isNumber(other)) {
      return one.value === other.value;
    }
    if (isRow(one) && one.type === other.type && one.parts.length === other.parts.length) {
      return one.parts.every((part, place) => equal(part, other.parts[place]));
    }
    return isWord(one) && isWord(other) && one.value === other.value;
  }

  // ---- what a wrong answer shows of its mistake ------------------------------------------------

  // The letters and digits of a word, or of a row of words; null for all else.
  function letters(value) {
    const parts = isRow(value) ? value.parts : [value];
    if (!parts.every(isWord)) {
      return null;
    }
    const joined = parts.map((part) => part.value).join("");
    return joined.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
  }

  function nearlyRight(exercise, answer) {
    const { right, sentences, rounded } = exercise;
    if (isWord(right) && letters(answer) === letters(right)) {
      return sentences.letters;
    }
    const areRows = isRow(right) && isRow(answer);
    if (areRows && right.parts.length === answer.parts.length) {
      const within = (parts, others) =>
        parts.every((part) => others.some((each) => equal(part, each)));
      const asGood = within(answer.parts, right.parts) && within(right.parts, answer.parts);
      return asGood ? sentences.order : "";
    }
    return isNumber(answer) && rounded.includes(answer.value) ? sentences.rounded : "";
  }

  function otherWord({ right, sentences }, answer) {
    if (!isWord(answer)) {
      return sentences.no_word;
    }
    const asked = [...right.value];
    if (right.value !== right.value.toUpperCase()) {
      return "";
    }
    const given = [...answer.value.trim()];
    if (given.length !== asked.length) {
      return course.filled(sentences.length, { asked: asked.length, given: given.length });
    }
    const large = [...answer.value.trim().toUpperCase()];
    const there = large.filter((letter, place) => letter === asked[place]).length;
    return course.filled(sentences.places, { there, asked: asked.length });
  }

  function otherRow({ right, sentences }, answer) {
    const asked = right.parts.length;
    if (!isRow(answer)) {
      return course.filled(sentences.no_row, { asked });
    }
    const given = answer.parts.length;
    return given === asked ? "" : course.filled(sentences.parts, { asked, given });
  }

  function otherShape({ right, sentences }, answer) {
    const array = asArray(answer);
    const asked = asArray(right).shape;
    if (!array || array.kind === "O" || String(array.shape) === String(asked)) {
      return "";
    }
    const fields = { what: "It", has: shapeText(array.shape), asked: shapeText(asked) };
    if (!asked.length) {
      return course.filled(sentences.not_single, fields);
    }
    return course.filled(array.shape.length ? sentences.shape : sentences.single, fields);
  }

  function placeText(index, shape) {
    const place = [];
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      place.unshift(index % shape[axis]);
      index = Math.floor(index / shape[axis]);
    }
    return `[${place.join(", ")}]`;
  }

  function wrongNumbers({ right, sentences }, answer) {
    const [array, asked] = [asArray(answer), asArray(right)];
    const isNumeric = array && array.kind !== "O" && array.kind !== "U";
    if (!asked.shape.length || !isNumeric || String(array.shape) !== String(asked.shape)) {
      return "";
    }
    const isWrong = (value, place) => !isClose(value.value, asked.flat[place].value, 1e-3);
    const count = array.flat.filter(isWrong).length;
    if (!count) {
      return "";
    }
    const first = array.flat.findIndex(isWrong);
    return course.filled(sentences.numbers, {
      count,
      size: array.flat.length,
      place: placeText(first, asked.shape),
      made_of: "",
      given: short(array.flat[first]),
      asked: short(asked.flat[first]),
    });
  }

  function otherForm(exercise, answer) {
    const { right, sentences } = exercise;
    if (isWord(right)) {
      return otherWord(exercise, answer);
    }
    const wordsAsked = isRow(right) && right.parts.every(isWord);
    if (isWord(answer) && !wordsAsked) {
      return sentences.no_number;
    }
    if (isRow(right)) {
      return otherRow(exercise, answer);
    }
    return otherShape(exercise, answer) || wrongNumbers(exercise, answer);
  }

  // The hint for an answer, or "" where it is right.
  function hintFor(exercise, answer) {
    const { right, sentences, hints, hint } = exercise;
    if (same(answer, right)) {
      const given = right.type === "array" ? dtypeOf(answer) : right.dtype;
      return given === right.dtype ? "" : course.filled(sentences.dtype, { given, asked: right.dtype });
    }
    const known = hints.find(([wrong]) => same(answer, wrong));
    const own = known ? known[1] : nearlyRight(exercise, answer);
    return own || `${otherForm(exercise, answer)} ${hint}`.trim();
  }

  const isOpen = (value) =>
    value.type === "open" || (isRow(value) && value.parts.some((part) => part.type === "open"));

  // What to say where Python itself would stop: it is no try, as in a notebook.
  function unreadable(exercise, error) {
    const { sentences, errors } = exercise;
    const sentence = sentences[error.reason] || errors[error.reason];
    return { sentence: course.filled(sentences.wrong, { hint: sentence }), isRight: false, isWrong: false };
  }

  function judge(exercise, typed, wrongTries) {
    const { right, sentences, reason, tries } = exercise;
    let answer;
    try {
      answer = course.typedValues.read(typed, isWord(right));
    } catch (error) {
      if (!error.reason) {
        throw error; // a mistake of this script, not of the learner
      }
      return unreadable(exercise, error);
    }
    if (isOpen(answer)) {
      return { sentence: sentences.open, isRight: false, isWrong: false };
    }
    const hint = hintFor(exercise, answer);
    if (!hint) {
      return { sentence: course.filled(sentences.right, { reason }), isRight: true, isWrong: false };
    }
    const all = wrongTries + 1 >= tries ? hint + sentences.enough : hint;
    return { sentence: course.filled(sentences.wrong, { hint: all }), isRight: false, isWrong: true };
  }

  course.answers = { judge };
})();
