/**
 * How many values does a minimum take without derivatives? Evaluations until the first value within 1e-8 of the lowest, against SciPy.
 * A run that gets there within 20 000 values counts as a success; the table is of successes, failures are noted. Methods that draw are run
 * with 11 seeds.
 */

import { createSearch } from "descend";
import { runPython } from "./tools/peers.mjs";
import { Question } from "./tools/record.mjs";

const LIMIT = 20_000;
const SEEDS = 11;

/** As in peers/without-derivatives.py, in the same order. */
const problems = [
  { name: "Rosenbrock", f: ([x, y]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2, start: [-1.2, 1], box: [-5, 10], lowest: 0 },
  { name: "Beale", f: beale, start: [1, 1], box: [-4.5, 4.5], lowest: 0 },
  { name: "Powell singular", f: powellSingular, start: [3, -1, 0, 1], box: [-4, 5], lowest: 0 },
  { name: "sphere of 5", f: (x) => x.reduce((s, v) => s + (v - 1) ** 2, 0), start: [2, -3, 4, 0, 5], box: [-10, 10], lowest: 0 },
  { name: "kinks of 3", f: (x) => x.reduce((s, v, i) => s + (i + 1) * Math.abs(v - i), 0), start: [4, -2, 5], box: [-10, 10], lowest: 0 },
  { name: "Rastrigin of 2", f: rastrigin, start: [3, -4], box: [-5.12, 5.12], lowest: 0 },
  { name: "Rastrigin of 5", f: rastrigin, start: [3, -4, 2, 1, 3], box: [-5.12, 5.12], lowest: 0 },
];
const local = ["nelderMead", "powell", "compassSearch"];
const drawing = ["cmaes", "differentialEvolution", "simulatedAnnealing", "geneticAlgorithm"];

const question = new Question("how-many-evaluations-without-derivatives", "How many values does a minimum take without derivatives?", {
  seed: 0,
});

/** Values until the target, or undefined. */
function valuesOf(method, { f, start, box, lowest }, seed) {
  const search = createSearch(start, { method, bounds: box, seed });
  let count = 0;
  while (!search.done && count < LIMIT) {
    const points = search.ask();
    const values = points.map(f);
    for (const value of values) {
      count++;
      if (value <= lowest + 1e-8) return count;
    }
    search.tell(values);
  }
  return undefined;
}

function report(problem, method, who, counts) {
  const reached = counts.filter((count) => count !== undefined && count !== null);
  const failures = counts.length - reached.length;
  const label = `${problem}, ${method}`;
  if (failures > 0) question.note(`${label}, ${who}: ${failures} of ${counts.length} runs did not get there`);
  if (reached.length > 0)
    question.add(label, who, "values", reached, failures === 0 ? {} : { note: `${failures} of ${counts.length} failed` });
}

const peers = runPython(question, "without-derivatives", [SEEDS, LIMIT]) ?? [];
for (const problem of problems) {
  for (const method of [...local, ...drawing]) {
    const seeds = drawing.includes(method) ? SEEDS : 1;
    report(
      problem.name,
      method,
      "descend",
      Array.from({ length: seeds }, (_, seed) => valuesOf(method, problem, seed)),
    );
    for (const row of peers) if (row.problem === problem.name && row.method === method) report(problem.name, method, row.who, row.counts);
  }
}
question.note(
  "powell by SciPy begins with golden sections of the box, which happen upon the minimum of symmetric functions, and of Rosenbrock's in this box",
);
question.finish();

function beale([x, y]) {
  return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y ** 2) ** 2 + (2.625 - x + x * y ** 3) ** 2;
}

function powellSingular([a, b, c, d]) {
  return (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4;
}

function rastrigin(x) {
  return 10 * x.length + x.reduce((sum, v) => sum + v * v - 10 * Math.cos(2 * Math.PI * v), 0);
}
