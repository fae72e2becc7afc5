// What a learner types as an answer, read as Python would read it: 0.5, (45, 56), "mean", 11 * 10.
//
// course.typedValues.read(text, wordIsAsked) gives a value, an object with its Python `type`:
//   int, float, bool   and `value`, a JavaScript number (0 and 1 for False and True)
//   str                and `value`, its text
//   tuple, list        and `parts`, values again
//   array              and `dtype` and `parts`, numbers in nested lists
//   none, other        None, and what is no number here (a complex number)
//   open               `...`, or nothing at all
// What can't be read becomes an Error; its `reason` is a key of the sentences: "unread", "too_much",
// or Python's name of the error. Nothing typed is ever run: there is no `eval` here.
"use strict";
globalThis.course ??= {};

(() => {
  const TOKEN =
    /\s*(?:(\.\.\.|…)|((?:\d[\d_]*\.?(?:\d[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)|("[^"\n]*"|'[^'\n]*')|([\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*)|(\*\*|\/\/|[-+*/%()[\],=]))/uy;
  // These tables have no prototype, so that no inherited name, such as `constructor`, is in them.
  const CONSTANTS = {
    __proto__: null,
    True: { type: "bool", value: 1 },
    False: { type: "bool", value: 0 },
    None: { type: "none" },
    "np.pi": { type: "float", value: Math.PI },
    "math.pi": { type: "float", value: Math.PI },
    "math.e": { type: "float", value: Math.E },
  };
  const { log, log2, log10, exp, sqrt } = Math;
  const FUNCTIONS = { __proto__: null, log, log2, log10, exp, sqrt };
  const DTYPES = {
    __proto__: null, int: "int64", float: "float64", bool: "bool", uint8: "uint8",
    int32: "int32", int64: "int64", float32: "float32", float64: "float64",
  };

  class Unreadable extends Error {
    constructor(reason) {
      super(reason);
      this.reason = reason;
    }
  }

  // Phones and word processors type these in place of Python's own signs.
  function inPythonsSigns(text) {
    return text
      .replace(/[“”„«»]/g, '"')
      .replace(/[‘’‚]/g, "'")
      .replace(/[−–]/g, "-")
      .replace(/\u00a0/g, " ")
      .trim()
      .replace(/^answer\s*=(?!=)\s*/, "");
  }

  function tokensOf(text) {
    const tokens = [];
    TOKEN.lastIndex = 0;
    while (TOKEN.lastIndex < text.length) {
      const found = TOKEN.exec(text);
      if (!found) {
        throw new Unreadable("unread");
      }
      const [, dots, number, word, name, sign] = found;
      if (!sign && tokens.length && !tokens.at(-1).sign) {
        throw new Unreadable("unread"); // two things and no sign between them
      }
      tokens.push({ dots, number, word, name, sign });
    }
    return tokens;
  }

  function isNumber(value) {
    return value.type === "int" || value.type === "float" || value.type === "bool";
  }

  function numberOf(text) {
    const plain = text.replace(/_/g, "");
    if (/_$|__|_[.eE]|^0\d*[1-9]/.test(text) && !/[.eE]/.test(text)) {
      throw new Unreadable("unread"); // 007 and 1__0 are no numbers in Python
    }
    return { type: /[.eE]/.test(plain) ? "float" : "int", value: Number(plain) };
  }

  const ARITHMETIC = {
    "+": (one, other) => one + other,
    "-": (one, other) => one - other,
    "*": (one, other) => one * other,
    "/": (one, other) => one / other,
    "//": (one, other) => Math.floor(one / other),
    "%": (one, other) => one - other * Math.floor(one / other), // the sign of the second, as in Python
    "**": (one, other) => one ** other,
  };

  function calculated(sign, one, other) {
    if (one.type === "str" && other.type === "str" && sign === "+") {
      return { type: "str", value: one.value + other.value };
    }
    if (one.type === "open" || other.type === "open") {
      return { type: "open" };
    }
    if (!isNumber(one) || !isNumber(other)) {
      throw new Unreadable(one.type === "array" || other.type === "array" ? "too_much" : "TypeError");
    }
    if (other.value === 0 && ["/", "//", "%"].includes(sign)) {
      throw new Unreadable("ZeroDivisionError");
    }
    if (one.value === 0 && other.value < 0 && sign === "**") {
      throw new Unreadable("ZeroDivisionError");
    }
    const value = ARITHMETIC[sign](one.value, other.value);
    if (Number.isNaN(value)) {
      return { type: "other" }; // a root of a negative number is complex in Python
    }
    const hasFraction = one.type === "float" || other.type === "float" || sign === "/";
    const turned = sign === "**" && other.value < 0; // 2 ** -1 is 0.5
    return { type: hasFraction || turned ? "float" : "int", value };
  }

  function called(name, given, named) {
    const short = name.replace(/^(?:np|numpy|math)\./, "");
    if (FUNCTIONS[short] && short !== name && given.length === 1 && isNumber(given[0])) {
      return { type: "float", value: FUNCTIONS[short](given[0].value) };
    }
    if (short === "array" && short !== name && given.length === 1) {
      return arrayOf(given[0], named.dtype);
    }
    if (short === "comb" && given.length === 2 && given.every((each) => each.type === "int")) {
      let count = 1;
      for (let taken = 0; taken < given[1].value; taken += 1) {
        count = (count * (given[0].value - taken)) / (taken + 1);
      }
      return { type: "int", value: count };
    }
    throw new Unreadable("too_much");
  }

  function arrayOf(nested, asked) {
    const numbers = [];
    const collect = (value) => {
      if (value.parts) {
        value.parts.forEach(collect);
      } else if (isNumber(value)) {
        numbers.push(value);
      } else {
        throw new Unreadable("too_much");
      }
    };
    collect(nested);
    const name = asked && (asked.dtype || asked.value);
    if (asked && !DTYPES[name]) {
      throw new Unreadable("TypeError");
    }
    const types = numbers.map((number) => number.type);
    const own = types.includes("float") || !types.length ? "float64" : "int64";
    const natural = types.length && types.every((type) => type === "bool") ? "bool" : own;
    return { type: "array", dtype: name ? DTYPES[name] : natural, parts: nested.parts || [nested] };
  }

  // Each method reads one level of Python's grammar, from sums down to numbers and brackets.
  class Reader {
    constructor(tokens) {
      this.tokens = tokens;
      this.place = 0;
    }

    get next() {
      return this.tokens[this.place] || {};
    }

    takes(...signs) {
      if (!signs.includes(this.next.sign)) {
        return "";
      }
      this.place += 1;
      return this.tokens[this.place - 1].sign;
    }

    // A value, or a tuple without brackets: 45, 56.
    whole() {
      const value = this.row("");
      if (this.place < this.tokens.length) {
        throw new Unreadable("unread");
      }
      return value;
    }

    // Values with commas between them, up to the bracket `end`, which is taken, too.
    row(end) {
      const parts = [];
      let hasComma = false;
      while (this.place < this.tokens.length && this.next.sign !== end) {
        parts.push(this.sum());
        if (!this.takes(",")) {
          break;
        }
        hasComma = true;
      }
      if (end && !this.takes(end)) {
        throw new Unreadable("unread");
      }
      if (end === "]") {
        return { type: "list", parts };
      }
      if (!end && !parts.length) {
        throw new Unreadable("unread");
      }
      return parts.length === 1 && !hasComma ? parts[0] : { type: "tuple", parts };
    }

    sum() {
      let value = this.product();
      for (let sign = this.takes("+", "-"); sign; sign = this.takes("+", "-")) {
        value = calculated(sign, value, this.product());
      }
      return value;
    }

    product() {
      const signs = ["*", "/", "//", "%"];
      let value = this.signed();
      for (let sign = this.takes(...signs); sign; sign = this.takes(...signs)) {
        value = calculated(sign, value, this.signed());
      }
      return value;
    }

    signed() {
      const sign = this.takes("-", "+");
      return sign ? calculated(sign, { type: "int", value: 0 }, this.signed()) : this.power();
    }

    power() {
      const value = this.atom();
      return this.takes("**") ? calculated("**", value, this.signed()) : value;
    }

    atom() {
      const { dots, number, word, name } = this.next;
      if (this.takes("(")) {
        return this.row(")");
      }
      if (this.takes("[")) {
        return this.row("]");
      }
      this.place += 1;
      if (dots) {
        return { type: "open" };
      }
      if (number) {
        return numberOf(number);
      }
      if (word) {
        return { type: "str", value: word.slice(1, -1) };
      }
      if (name) {
        return this.takes("(") ? called(name, ...this.brackets()) : named(name);
      }
      throw new Unreadable("unread");
    }

    // What stands in the brackets of a call: values, and values with names.
    brackets() {
      const given = [];
      const byName = {};
      while (!this.takes(")")) {
        const { name } = this.next;
        const follows = this.tokens[this.place + 1] || {};
        if (name && follows.sign === "=") {
          this.place += 2;
          const dtype = (this.next.name || "").replace(/^np\./, "");
          byName[name] = DTYPES[dtype] ? this.dtypeNamed(dtype) : this.sum();
        } else {
          given.push(this.sum());
        }
        if (!this.takes(",") && this.next.sign !== ")") {
          throw new Unreadable("unread");
        }
      }
      return [given, byName];
    }

    dtypeNamed(dtype) {
      this.place += 1;
      return { type: "other", dtype };
    }
  }

  function named(name) {
    if (!CONSTANTS[name]) {
      throw new Unreadable("NameError");
    }
    return CONSTANTS[name];
  }

  // `wordIsAsked`: then a word, or some, need no quotation marks.
  function read(typed, wordIsAsked) {
    const text = inPythonsSigns(typed);
    if (!text) {
      return { type: "open" };
    }
    if (wordIsAsked && /^\p{L}[\p{L}\p{N} ,_-]*$/u.test(text) && !CONSTANTS[text]) {
      return { type: "str", value: text };
    }
    return new Reader(tokensOf(text)).whole();
  }

  course.typedValues = { read, isNumber };
})();
