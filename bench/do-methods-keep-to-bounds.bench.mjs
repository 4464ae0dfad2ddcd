/**
 * Do methods keep to bounds, and end where the first-order conditions hold? Random problems of one to eight parameters in random boxes, some sides open,
 * some closed up; objectives with gradients that look at where they are called. The conditions are checked in plain arithmetic, not by the library.
 */

import { minimize } from "descend";
import { normal, uniform } from "./tools/random.mjs";
import { Question } from "./tools/record.mjs";

/** A projected gradient below this share of the gradient at the start, or of 1, meets the conditions. */
const TOLERANCE = 1e-5;
/** Problems for searches, and for rules, which take a thousand times as many gradients. */
const COUNT = { searches: 10_000, rules: 500 };
const methods = [
  { who: "projectedNewton (default)", options: {}, count: COUNT.searches },
  { who: "lbfgsb", options: { method: "lbfgsb" }, count: COUNT.searches },
  { who: "adam", options: { method: "adam" }, count: COUNT.rules },
  { who: "gradientDescent", options: { method: "gradientDescent" }, count: COUNT.rules },
];

const question = new Question("do-methods-keep-to-bounds", "Do methods keep to bounds, and end where the first-order conditions hold?", {
  seed: 1,
});

/** From the smallest to the largest, in hundredths: as good as ten thousand numbers in a record. */
function percentiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return Array.from({ length: 101 }, (_, k) => sorted[Math.round((k * (sorted.length - 1)) / 100)]);
}

for (const { who, options, count } of methods) {
  const gradients = [];
  const tally = { met: 0, converged: 0, "converged without": 0, "evaluations outside": 0 };
  const others = new Map();
  for (let k = 0; k < count; k++) {
    const { lower, upper, start, value, gradient } = problem(k + 1);
    const inside = (x) => x.every((v, i) => v >= lower[i] && v <= upper[i]);
    const watched = (f) => (x) => {
      if (!inside(x)) tally["evaluations outside"]++;
      return f(x);
    };
    // A function made by bind has no source to read: it is called.
    const solution = minimize(watched(value).bind(undefined), start, {
      bounds: lower.map((low, i) => [low, upper[i]]),
      gradient: watched(gradient),
      ...options,
    });
    const scale = Math.max(1, ...gradient(start).map(Math.abs));
    const met = inside(solution.x) && residual(solution.x, gradient(solution.x), lower, upper) <= TOLERANCE * scale;
    if (met) tally.met++;
    if (solution.converged) tally.converged++;
    else others.set(solution.verdict, (others.get(solution.verdict) ?? 0) + 1);
    if (solution.converged && !met) tally["converged without"]++;
    gradients.push(solution.evaluations.gradient);
  }
  question.add("gradients a problem", who, "gradients", percentiles(gradients));
  const counts = Object.entries(tally).map(([name, n]) => `${n} ${name}`);
  const verdicts = [...others].map(([verdict, n]) => `${n} ${verdict}`);
  question.note(`${who}, of ${count}: ${[...counts, ...verdicts].join(", ")}`);
}
question.finish();

/** ‖∇f‖∞ without what only pushes against a bound. */
function residual(x, gradient, lower, upper) {
  const pushes = (g, i) => (x[i] <= lower[i] && g > 0) || (x[i] >= upper[i] && g < 0);
  return Math.max(...gradient.map((g, i) => (pushes(g, i) ? 0 : Math.abs(g))));
}

/** A quadratic function, convex or not, or Rosenbrock's chained one, in a box. */
function problem(seed) {
  const draw = uniform(seed);
  const drawNormal = normal(seed + 1e6);
  const size = 1 + Math.floor(8 * draw());
  const kind = seed % 3;
  const lower = [];
  const upper = [];
  for (let i = 0; i < size; i++) {
    const [low, high] = [4 * draw() - 2, 4 * draw() - 2].sort((a, b) => a - b);
    const side = kind === 1 ? 1 : draw();
    lower.push(side < 0.1 ? Number.NEGATIVE_INFINITY : low);
    upper.push(side >= 0.1 && side < 0.2 ? Number.POSITIVE_INFINITY : side >= 0.2 && side < 0.23 ? low : high);
  }
  const start = lower.map((low, i) => Math.min(Math.max(4 * drawNormal(), low), upper[i]));
  if (kind === 2) return { lower, upper, start, ...chain(size) };
  const center = lower.map(() => 3 * drawNormal());
  const rows = lower.map(() => lower.map(drawNormal));
  // Curvatures over four decades; of the second kind every other one is negative
  const weights = lower.map((_, q) => (kind === 1 && q % 2 === 1 ? -1 : 1) * 10 ** (4 * draw() - 2));
  const matrix = lower.map((_, i) => lower.map((_, j) => rows.reduce((sum, row, q) => sum + weights[q] * row[i] * row[j], 0)));
  const gradient = (x) => matrix.map((row) => row.reduce((sum, a, j) => sum + a * (x[j] - center[j]), 0));
  const value = (x) => 0.5 * gradient(x).reduce((sum, g, i) => sum + g * (x[i] - center[i]), 0);
  return { lower, upper, start, value, gradient };
}

function chain(size) {
  const value = (x) => {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += (1 - x[i]) ** 2 + (i + 1 < size ? 100 * (x[i + 1] - x[i] ** 2) ** 2 : 0);
    return sum;
  };
  const gradient = (x) => {
    const g = Array.from(x, (v) => -2 * (1 - v));
    for (let i = 0; i + 1 < size; i++) {
      const t = x[i + 1] - x[i] ** 2;
      g[i] -= 400 * x[i] * t;
      g[i + 1] += 200 * t;
    }
    return g;
  };
  return { value, gradient };
}
