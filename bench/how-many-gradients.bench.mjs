/**
 * How many gradients does a minimum take? The 22 problems of Moré, Garbow and Hillstrom from their standard starts, against SciPy's L-BFGS-B and BFGS around
 * the same compiled functions. Each method goes on until it has met its tolerance of the gradient or cannot go on; those until the first value within
 * 1e-8 of a minimum, relative to max(1, |minimum|), are counted as well. Where a method leaves problems unsolved, its sum over all says what it spent and not
 * what minima take: those that it solves are summed apart, and there it is to be matched.
 */

import { fileURLToPath } from "node:url";
import { createDescent } from "descend";
import { moreGarbowHillstromProblems } from "descend/problems";
import { runPython } from "./tools/peers.mjs";
import { Question } from "./tools/record.mjs";

const ACCURACY = 1e-8;
const ALL = "all 22, to the end";
const REACHED = "all 22, until within 1e-8";

const question = new Question("how-many-gradients", "How many gradients does a minimum take?");

/** Of a value, to the nearest minimum. */
function gapOf({ minima }, value) {
  return Math.min(...minima.map((minimum) => Math.abs(value - minimum.value) / Math.max(1, Math.abs(minimum.value))));
}

/** What the default method asks for, its tests at the end included; the products with the Hessian that these ask for are said apart. */
function descend(problem) {
  let reached;
  const descent = createDescent(problem.objective, [...problem.start], {
    onStep({ value }) {
      if (gapOf(problem, value) <= ACCURACY) reached ??= descent.evaluations.gradient;
    },
  });
  const { value, evaluations } = descent.run().solution();
  const { gradient: asked, hessianVector: products } = evaluations;
  return { problem: problem.name, asked, reached, products, gap: gapOf(problem, value) };
}

function report(who, rows) {
  const unsolved = rows.filter(({ gap }) => !(gap <= ACCURACY)).map(({ problem }) => problem);
  if (unsolved.length > 0) question.note(`${who} does not solve ${unsolved.join(" and ")}`);
  for (const { problem, asked } of rows) question.add(problem, who, "gradients", [asked]);
  const sum = (numbers) => numbers.reduce((total, n) => total + n, 0);
  question.add(ALL, who, "gradients", [sum(rows.map(({ asked }) => asked))]);
  const reached = rows.map(({ reached }) => reached).filter((n) => typeof n === "number");
  if (reached.length === rows.length) question.add(REACHED, who, "gradients", [sum(reached)]);
}

const own = moreGarbowHillstromProblems.map(descend);
report("descend", own);
question.note(`the tests at the end took ${own.reduce((total, { products }) => total + products, 0)} products with Hessians on top`);

const problems = moreGarbowHillstromProblems.map(({ name, start, minima }) => ({ name, start, minima: minima.map(({ value }) => value) }));
const answerer = fileURLToPath(new URL("tools/answer-problems.mjs", import.meta.url));
const peers = runPython(question, "gradients", [JSON.stringify(problems), process.execPath, answerer]) ?? [];
const targets = {};
for (const who of new Set(peers.map(({ who }) => who))) {
  const rows = peers.filter((row) => row.who === who);
  report(who, rows);
  const solved = new Set(rows.filter(({ gap }) => gap <= ACCURACY).map(({ problem }) => problem));
  const both = solved.size === rows.length ? ALL : `the ${solved.size} that ${who} solves, to the end`;
  targets[both] = { [who]: 1 };
  if (both === ALL) continue;
  for (const [side, all] of [
    ["descend", own],
    [who, rows],
  ]) {
    const counted = all.filter(({ problem }) => solved.has(problem));
    question.add(both, side, "gradients", [counted.reduce((total, { asked }) => total + asked, 0)]);
  }
}
question.finish({ targets });
