/**
 * How long does it take from an objective to the first step? Reading, differentiating, compiling, and one step; without loading the library.
 *
 * Cold is the first descent of a process, warm the median of the next ones, hot the median of as many after the engine has had hundreds to optimize.
 * The same objective again is not compiled again; another one of the same kind is. Each sample is a process of its own.
 */

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { createDescent } from "descend";
import { uniform } from "./tools/random.mjs";
import { Question } from "./tools/record.mjs";
import { median } from "./tools/timing.mjs";

const seed = 11;

/** A plain function of two variables. */
function plainFunction() {
  const rosenbrock = ([x, y]) => (1 - x) ** 2 + 100 * (y - x ** 2) ** 2;
  return () => createDescent(rosenbrock, [-1.2, 1], { method: "gradientDescent", learningRate: 1e-3 }).step(1);
}

/** A function of its own in each call. */
function plainFunctions() {
  const functions = Array.from(
    { length: 600 },
    (_, i) => new Function("p", `return (1 - p[0]) ** 2 + ${100 + i} * (p[1] - p[0] ** 2) ** 2;`),
  );
  return () => createDescent(functions.pop(), [-1.2, 1], { method: "gradientDescent", learningRate: 1e-3 }).step(1);
}

/** A perceptron of ten layers over a table, as tensors. */
function perceptron() {
  const next = uniform(seed);
  const [width, layers, rows] = [32, 10, 256];
  const matrix = (m, n) => Array.from({ length: m }, () => Array.from({ length: n }, () => (next() - 0.5) / Math.sqrt(m)));
  const start = {
    layers: Array.from({ length: layers }, () => ({ w: matrix(width, width), b: new Array(width).fill(0) })),
    out: { w: matrix(width, 1), b: [0] },
  };
  const data = { x: matrix(rows, width), y: matrix(rows, 1) };
  const loss = (params, row) => {
    let h = row.x;
    for (const { w, b } of params.layers) h = h.matmul(w).add(b).tanh();
    return h.matmul(params.out.w).add(params.out.b).sub(row.y).square().sum(-1);
  };
  return () => createDescent(loss, start, { data, method: "adam", learningRate: 1e-3 }).step(1);
}

const cases = {
  "plain function": { prepare: plainFunction, limits: { cold: 10, warm: 2, hot: 2 }, again: 30, until: 500 },
  "another plain function": { prepare: plainFunctions, limits: { warm: 2, hot: 2 }, again: 30, until: 500 },
  "perceptron, 10 layers": { prepare: perceptron, limits: { cold: 100, warm: 100 }, again: 5, until: 0 },
};

if (process.argv[2] !== undefined) {
  // A child: times one case in milliseconds, cold and then warm.
  const { prepare, again, until } = cases[process.argv[2]];
  const body = prepare();
  const time = () => {
    const start = performance.now();
    body();
    return performance.now() - start;
  };
  const cold = time();
  const warm = median(Array.from({ length: again }, time));
  for (let call = again + 1; call < until; call++) body();
  console.log(JSON.stringify({ cold, warm, hot: median(Array.from({ length: again }, time)) }));
} else {
  const question = new Question("what-does-the-first-step-cost", "How long does it take from an objective to the first step?", { seed });
  for (const [name, { limits }] of Object.entries(cases)) {
    const runs = [];
    for (let sample = 0; sample < 9; sample++) {
      const ran = spawnSync(process.execPath, [fileURLToPath(import.meta.url), name], { encoding: "utf8" });
      if (ran.status === 0) runs.push(JSON.parse(ran.stdout));
      else question.note(`${name} failed: ${ran.stderr.split("\n").find((line) => line.includes("Error"))}`);
    }
    if (runs.length === 0) continue;
    for (const kind of Object.keys(limits)) {
      const times = runs.map((run) => run[kind]);
      question.add(`${name}, ${kind}`, "descend", "ms", times);
      question.note(`${name}, ${kind}: at most ${limits[kind]} ms wanted, ${median(times) <= limits[kind] ? "reached" : "missed"}`);
    }
  }
  question.finish();
}
