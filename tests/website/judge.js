// The page's checker without a page: node tests/website/judge.js < cases.json > sentences.json
// cases: {answers: [[exercise, typed, wrongTries], …], guesses: [[prediction, guess], …]}
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const scripts = path.join(__dirname, "..", "..", "website", "scripts");
global.window = global;
global.document = { readyState: "loading", addEventListener() {}, documentElement: {} };
for (const name of ["parts.js", "typed_values.js", "answers.js", "questions.js", "guesses.js"]) {
  vm.runInThisContext(fs.readFileSync(path.join(scripts, name), "utf8"), { filename: name });
}
const { answers, guesses } = JSON.parse(fs.readFileSync(0, "utf8"));
const told = {
  answers: answers.map((each) => window.course.answers.judge(...each)),
  guesses: guesses.map((each) => window.course.guesses.verdict(...each)),
};
process.stdout.write(JSON.stringify(told));
