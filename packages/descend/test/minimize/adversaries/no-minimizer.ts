/** Functions without a minimizer where the descent goes: they fall for ever, or approach a value they never have. Oracle: calculus. */

import { type Adversary, both, type Truth } from "./adversary.js";

const unbounded: Truth = { minimizers: [], right: ["unbounded"] };
const limit: Truth = { minimizers: [], right: ["infimum-not-attained"] };
/** Stationary in between, where a method may end: no minimizer, and the function is unbounded beyond. */
const inflection: Truth = { minimizers: [], right: ["unbounded", "saddle"] };

export const noMinimizer: readonly Adversary[] = [
  ...both("x³ from below", ([x]) => x! ** 3, [-2], 0.01, unbounded),
  ...both("x³ from above", ([x]) => x! ** 3, [2], 0.1, inflection),
  ...both("x³ from its inflection", ([x]) => x! ** 3, [0], 0.1, { minimizers: [], right: ["saddle", "unbounded"] }),
  ...both("x⁵ from above", ([x]) => x! ** 5, [1], 0.1, inflection),
  ...both("x³ − 3x² − 9x + 2 from the left of its maximum", ([x]) => x! ** 3 - 3 * x! ** 2 - 9 * x! + 2, [-1.5], 0.01, unbounded),
  ...both("x³ − 3x from the left of its hump", ([x]) => x! ** 3 - 3 * x!, [-1.5], 0.01, unbounded),
  ...both("x + sin x", ([x]) => x! + Math.sin(x!), [5], 0.1, inflection),
  ...both("x + 2 sin x", ([x]) => x! + 2 * Math.sin(x!), [0], 0.1, {
    minimizers: (x) => Math.abs(1 + 2 * Math.cos(x[0]!)) < 1e-4,
    right: ["converged", "precision-floor"],
  }),
  ...both("x", ([x]) => x!, [1], 0.1, unbounded),
  { name: "1e-12·x", objective: ([x]) => 1e-12 * x!, start: [1], ...unbounded },
  ...both("−2x + 3y", ([x, y]) => -2 * x! + 3 * y!, [1, 1], 0.1, unbounded),
  ...both("−x²", ([x]) => -(x! ** 2), [0.1], 0.1, unbounded),
  ...both("−x⁴", ([x]) => -(x! ** 4), [0.5], 0.1, unbounded),
  ...both("−|x|", ([x]) => -Math.abs(x!), [1], 0.1, unbounded),
  ...both("ln x", ([x]) => Math.log(x!), [1], 1e-3, { minimizers: [], right: ["unbounded", "stalled"] }),
  ...both("−ln x", ([x]) => -Math.log(x!), [1], 0.1, unbounded),
  ...both("−√x", ([x]) => -Math.sqrt(x!), [1], 0.1, unbounded),
  ...both("1/x from below its pole", ([x]) => 1 / x!, [-1], 0.1, { minimizers: [], right: ["unbounded", "stalled"] }),
  ...both("x² − y²", ([x, y]) => x! ** 2 - y! ** 2, [1, 0.1], 0.1, unbounded),
  ...both("x·y", ([x, y]) => x! * y!, [1, 0.5], 0.1, unbounded),
  ...both("x² + y³", ([x, y]) => x! ** 2 + y! ** 3, [1, 1], 0.1, inflection),
  ...both("a constant slope beside a bowl", ([x, y]) => x! ** 2 + 1e-9 * y!, [1, 1], 0.1, unbounded),
  ...both("a slope of 1e-3 beside a bowl", ([x, y]) => x! ** 2 + 1e-3 * y!, [1, 1], 0.1, unbounded),
  ...both("(y − x²)(y − 2x²)", ([x, y]) => (y! - x! ** 2) * (y! - 2 * x! ** 2), [0.5, 0.4], 1e-2, inflection, {
    right: ["unbounded", "orbiting"],
  }),
  ...both("eˣ − e^2x", ([x]) => Math.exp(x!) - Math.exp(2 * x!), [0], 0.01, unbounded),
  ...both(
    "a cubic in ten",
    (x) => {
      let s = 0;
      for (let i = 0; i < 10; i++) s += x[i]! ** 2 - 0.1 * x[i]! ** 3;
      return s;
    },
    [8, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    0.01,
    unbounded,
  ),
  // Values that are approached and never had.
  ...both("e^−x", ([x]) => Math.exp(-x!), [0], 0.5, limit),
  ...both("e^−x + 5", ([x]) => Math.exp(-x!) + 5, [0], 0.5, limit),
  ...both("1e-8·e^−x", ([x]) => 1e-8 * Math.exp(-x!), [0], 1e8, limit),
  ...both("e^−100x", ([x]) => Math.exp(-100 * x!), [0], 1e-3, limit),
  ...both("(x − y)² + e^−x", ([x, y]) => (x! - y!) ** 2 + Math.exp(-x!), [0, 0], 0.1, limit),
  ...both("(x + 2y)² + e^−y", ([x, y]) => (x! + 2 * y!) ** 2 + Math.exp(-y!), [3, 1], 0.05, limit),
  ...both("1/x", ([x]) => 1 / x!, [1], 0.1, limit),
  ...both("1/x²", ([x]) => 1 / x! ** 2, [1], 0.1, limit),
  ...both("1/√x", ([x]) => 1 / Math.sqrt(x!), [1], 0.1, limit),
  ...both("tanh x", ([x]) => Math.tanh(x!), [1], 0.5, limit),
  ...both("arctan x", ([x]) => Math.atan(x!), [1], 0.5, limit),
  ...both("1/(1 + x²)", ([x]) => 1 / (1 + x! ** 2), [1], 0.5, limit),
  ...both("ln(1 + eˣ)", ([x]) => Math.log(1 + Math.exp(x!)), [1], 0.5, limit),
  ...both("the logistic function", ([x]) => 1 / (1 + Math.exp(x!)), [0], 1, limit),
  ...both("separable classes", ([w]) => Math.log(1 + Math.exp(-w!)) + Math.log(1 + Math.exp(-2 * w!)), [0], 0.5, limit),
  ...both(
    "separable classes in two",
    ([u, v]) => Math.log(1 + Math.exp(-(u! + v!))) + Math.log(1 + Math.exp(-(2 * u! - v!))),
    [0, 0],
    0.5,
    limit,
  ),
  ...both(
    "ln of a sum of exponentials of falling lines",
    ([x, y]) => Math.log(Math.exp(-x! - y!) + Math.exp(-2 * x! + y!) + 1),
    [0, 0],
    0.5,
    limit,
  ),
  ...both("e^−x beside a bowl", ([x, y]) => Math.exp(-x!) + (y! - 1) ** 2, [0, 0], 0.3, limit),
  {
    name: "e^−x² beside a bowl of two, far from its middle",
    objective: ([x, y, z]) =>
      Math.exp(-((0.1 * (x! + 0.4) + 0.9 * (y! + 0.2) + 0.9 * (z! - 2)) ** 2)) + 0.4 * (y! + 0.2) ** 2 + 3 * (z! - 2) ** 2,
    start: [-1.9, -0.5, 3.8],
    ...limit,
  },
  {
    name: "separable classes beside a bowl of three",
    objective: ([a, b, c, d]) =>
      Math.log(1 + Math.exp(0.25 * a! - 0.07 * b! + 0.2 * c! + 0.6 * d!)) + (b! - 0.3) ** 2 + 93 * (c! + 1.8) ** 2 + (d! + 1.7) ** 2,
    start: [0.6, 1.6, -1.7, 0.2],
    ...limit,
  },
  ...both("e^(−x−y)", ([x, y]) => Math.exp(-x! - y!), [0, 0], 0.3, limit),
  ...both("√(1 + x²) − x", ([x]) => Math.sqrt(1 + x! ** 2) - x!, [0], 0.5, limit),
  ...both("(xy − 1)² + x²", ([x, y]) => (x! * y! - 1) ** 2 + x! ** 2, [1, 1], 0.05, {
    minimizers: [],
    right: ["infimum-not-attained", "budget"],
    options: { maxSteps: 2000 },
  }),
];
