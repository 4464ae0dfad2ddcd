/** Kinks, jumps, edges and cycles. Oracle: calculus, and the arithmetic of fixed steps. */

import { type Adversary, both, FOUND, type Point, rate } from "./adversary.js";

const at = (...points: Point[]) => ({ minimizers: points, right: FOUND });
const orbits = { minimizers: [], right: ["orbiting"] } as const;

/**
 * A valley of curvatures 1 and 100, whose steep side the start is hardly displaced from: beyond the stable
 * rate that grows, by |1 − rate·100| a step.
 */
const valley = ([x, y]: number[]) => 0.5 * x! ** 2 + 50 * y! ** 2;
/**
 * Rates of gradient descent, of heavy ball and of Nesterov at momentum 0.9 that are as many times the stable
 * one: 2/L, 2(1 + β)/L and 2(1 + β)/((1 + 2β)L).
 */
const growingOrbits: readonly Adversary[] = [1e-4, 1e-3, 1e-2].flatMap((excess) =>
  [300, 3000].flatMap((maxSteps) =>
    [
      ["gradient descent", { method: "gradientDescent", learningRate: 0.02 * (1 + excess) }] as const,
      ["heavy ball", { method: "momentum", methodOptions: { momentum: 0.9 }, learningRate: 0.038 * (1 + excess) }] as const,
      [
        "Nesterov's momentum",
        { method: "nesterov", methodOptions: { momentum: 0.9 }, learningRate: (0.038 / 2.8) * (1 + excess) },
      ] as const,
    ].map(
      ([name, options]): Adversary => ({
        name: `an orbit of ${name} that grows, ${excess} beyond the stable rate, ${maxSteps} steps`,
        objective: valley,
        start: [1, 1e-4],
        options: { ...options, maxSteps },
        minimizers: [],
        right: ["orbiting", "stalled"],
      }),
    ),
  ),
);

export const nonSmooth: readonly Adversary[] = [
  ...both("|x|", ([x]) => Math.abs(x!), [1], 0.3, at([0])),
  ...both("|x − 0.3|", ([x]) => Math.abs(x! - 0.3), [1], 0.1, at([0.3])),
  ...both("|x − 1| + |y + 2|", ([x, y]) => Math.abs(x! - 1) + Math.abs(y! + 2), [5, 5], 0.1, at([1, -2])),
  ...both("|x − 1| + |y + 2| off the grid", ([x, y]) => Math.abs(x! - 1) + Math.abs(y! + 2), [5.123, 4.77], 0.07, at([1, -2])),
  ...both("|x| + 10|y|", ([x, y]) => Math.abs(x!) + 10 * Math.abs(y!), [3.1, -2.7], 0.05, at([0, 0])),
  ...both("|x| + |y − 1| with a small slope", ([x, y]) => Math.abs(x!) + Math.abs(y! - 1) + 0.1 * x!, [3, -2], 0.1, at([0, 1])),
  ...both("|x + y| + |x − y|", ([x, y]) => Math.abs(x! + y!) + Math.abs(x! - y!), [3.3, 1.2], 0.05, at([0, 0])),
  ...both("max(|x|, |y|)", ([x, y]) => Math.max(Math.abs(x!), Math.abs(y!)), [3.3, 1.2], 0.05, at([0, 0])),
  ...both("max(x, −2x)", ([x]) => Math.max(x!, -2 * x!), [3], 0.1, at([0])),
  ...both("max(x² + y, y² − y)", ([x, y]) => Math.max(x! ** 2 + y!, y! ** 2 - y!), [2, 2], 0.05, at([0, 0])),
  ...both("|x² − 1|", ([x]) => Math.abs(x! ** 2 - 1), [3], 0.01, { minimizers: [[1], [-1]], right: [...FOUND, "maximum"] }),
  ...both(
    "a kink across the valley floor",
    ([x, y]) => 10 * Math.abs(y! - x! ** 2) + (1 - x!) ** 2,
    [-1.2, 1],
    1e-3,
    { ...at([1, 1]), right: [...FOUND, "stalled"] },
    { right: [...FOUND, "stalled", "budget", "orbiting"] },
  ),
  ...both("x² + |y|", ([x, y]) => (x! - 1) ** 2 + Math.abs(y!), [3, 2.2], 0.1, at([1, 0])),
  ...both(
    "the absolute deviations of five points",
    ([m]) => Math.abs(m! - 1) + Math.abs(m! - 2) + Math.abs(m! - 4) + Math.abs(m! - 8) + Math.abs(m! - 16),
    [30.3],
    0.01,
    at([4]),
  ),
  ...both("a lasso of two", ([x, y]) => (x! - 2) ** 2 + (y! - 0.1) ** 2 + Math.abs(x!) + Math.abs(y!), [3, 3], 0.1, at([1.5, 0])),
  ...both("a hinge", ([w]) => Math.max(0, 1 - w!) + 0.05 * w! ** 2, [-3.3], 0.1, at([1])),
  ...both("the root of a norm", ([x, y]) => Math.sqrt(x! ** 2 + y! ** 2), [3.1, 1.7], 0.1, at([0, 0])),
  ...both("a cone beside a bowl", ([x, y]) => Math.sqrt((x! - 1) ** 2 + (y! - 1) ** 2) + 0.1 * x! ** 2, [3.1, 1.7], 0.05, at([1, 1])),
  // Where a kink is no minimum.
  ...both(
    "|x| − 0.01y²",
    ([x, y]) => Math.abs(x!) - 0.01 * y! ** 2,
    [1.3, 0],
    0.1,
    { minimizers: [], right: ["stalled", "saddle", "unbounded"] },
    { right: ["stalled", "saddle", "unbounded", "orbiting", "budget"] },
  ),
  ...both("|x| + 0.1y", ([x, y]) => Math.abs(x!) + 0.1 * y!, [1.3, 0], 0.1, { minimizers: [], right: ["unbounded"] }),
  // Jumps and edges.
  {
    name: "a bowl on the edge of a cliff",
    objective: ([x, y]) => x! ** 2 + y! ** 2 + Math.sign(x!),
    start: [0, 1],
    minimizers: [],
    right: ["stalled"],
  },
  ...both("a jump down beside the slope", ([x]) => (x! > 0.5 ? x! ** 2 - 10 : x! ** 2), [1], 0.01, {
    minimizers: [[0]],
    right: [...FOUND, "stalled"],
  }),
  ...both("a slope that ends at a wall, and not on its foot", ([x]) => (x! > 0 ? x! : 1 - x!), [3], 0.1, {
    minimizers: [],
    right: ["stalled", "budget", "orbiting"],
  }),
  ...both("a bowl with a jump in it", ([x]) => x! ** 2 + (x! > 3 ? 5 : 0), [4], 0.1, at([0])),
  ...both("√x at its edge", ([x]) => Math.sqrt(x!), [1], 0.01, { minimizers: [[0]], right: [...FOUND, "stalled"] }),
  ...both("a bowl cut off above its bottom", ([x]) => (x! < 0.5 ? Number.NaN : x! ** 2), [2], 0.1, {
    minimizers: [[0.5]],
    right: [...FOUND, "stalled"],
  }),
  ...both("a pole with a jump beside it", ([x]) => 1 / (x! - 1) + (x! < 1.5 ? 100 : 0), [1.2], 1e-3, {
    minimizers: [],
    right: ["infimum-not-attained"],
  }),
  ...both("tan x from beside its pole", ([x]) => Math.tan(x!), [1.5], 1e-4, { minimizers: [], right: ["unbounded", "stalled"] }),
  {
    name: "x² − ln x in steps that leave the domain",
    objective: ([x]) => x! ** 2 - Math.log(x!),
    start: [5],
    options: rate(1),
    minimizers: [[Math.SQRT1_2]],
    right: ["stalled", ...FOUND],
  },
  {
    name: "a bowl under fine ripples",
    objective: ([x]) => x! ** 2 + 1e-6 * Math.sin(1e7 * x!),
    start: [1],
    minimizers: (x) => Math.abs(2 * x[0]! + 10 * Math.cos(1e7 * x[0]!)) < 1e-3,
    right: [...FOUND, "stalled"],
  },
  { name: "a value that is not a number", objective: ([x]) => Number.NaN * x!, start: [1], minimizers: [], right: ["broken-input"] },
  { name: "a value that is infinite", objective: ([x]) => 1 / (x! - x!), start: [1], minimizers: [], right: ["broken-input"] },
  { name: "ln x from where it has no value", objective: ([x]) => Math.log(x!), start: [-1], minimizers: [], right: ["broken-input"] },
  {
    name: "√x from its edge",
    objective: ([x]) => Math.sqrt(x!),
    start: [0],
    minimizers: [[0]],
    right: ["broken-input", ...FOUND, "stalled"],
  },
  // Cycles.
  {
    name: "x³ − 3x² − 9x + 2 in steps that are a little too long",
    objective: ([x]) => x! ** 3 - 3 * x! ** 2 - 9 * x! + 2,
    start: [0],
    options: rate(0.17),
    ...orbits,
  },
  ...growingOrbits,
  { name: "(x − 3)² in steps that alternate", objective: ([x]) => (x! - 3) ** 2, start: [0], options: rate(1), ...orbits },
  { name: "cos x in steps that are too long", objective: ([x]) => Math.cos(x!), start: [1], options: rate(2.2), ...orbits },
  { name: "ln cosh x in steps that are too long", objective: ([x]) => Math.log(Math.cosh(x!)), start: [1], options: rate(2.5), ...orbits },
  { name: "√(1 + x²) in steps that are too long", objective: ([x]) => Math.sqrt(1 + x! ** 2), start: [3], options: rate(3), ...orbits },
  { name: "a double well in steps that are too long", objective: ([x]) => (x! ** 2 - 1) ** 2, start: [0.5], options: rate(0.3), ...orbits },
  {
    name: "two bowls, one of them in steps that alternate",
    objective: ([x, y]) => 0.5 * x! ** 2 + 0.05 * y! ** 2,
    start: [1, 1],
    options: rate(2),
    ...orbits,
  },
  {
    name: "a bowl in steps that are far too long",
    objective: ([x]) => x! ** 2,
    start: [1],
    options: rate(1.5),
    minimizers: [],
    right: ["stalled"],
  },
  // Budgets.
  {
    name: "ten steps of Rosenbrock's function",
    objective: ([x, y]) => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2,
    start: [-1.2, 1],
    options: rate(1e-3, 10),
    minimizers: [],
    right: ["budget"],
  },
  {
    name: "a thousand steps of Rosenbrock's function",
    objective: ([x, y]) => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2,
    start: [-1.2, 1],
    options: rate(1e-3, 1000),
    minimizers: [],
    right: ["budget"],
  },
  {
    name: "a hundred short steps in a bowl",
    objective: ([x, y]) => x! ** 2 + 10 * y! ** 2,
    start: [5, 5],
    options: rate(1e-3, 100),
    minimizers: [],
    right: ["budget"],
  },
  {
    name: "zigzag in a narrow valley",
    objective: ([x, y]) => x! ** 2 + 1e4 * y! ** 2,
    start: [1, 1],
    options: rate(0.99e-4, 500),
    minimizers: [],
    right: ["budget"],
  },
  {
    name: "three evaluations",
    objective: ([x]) => (x! - 7) ** 4,
    start: [1],
    options: { maxEvaluations: 3 },
    minimizers: [],
    right: ["budget"],
  },
];
