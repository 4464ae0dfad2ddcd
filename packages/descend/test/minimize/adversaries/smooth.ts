/** Smooth functions with minimizers: flat ones, narrow ones, in all units, in both number formats. Oracle: calculus. */

import { type Adversary, both, FOUND, type Point, precisions, rate } from "./adversary.js";

const rosenbrock = ([x, y]: number[]) => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2;
const at = (...points: Point[]) => ({ minimizers: points, right: FOUND });
/** Sublinear progress: gradient descent may be on its way still, or there as far as rounding goes. */
const slow = { right: [...FOUND, "budget"] } as const;

function chained(n: number): (x: number[]) => number {
  return n === 10
    ? (x) => {
        let s = 0;
        for (let i = 0; i < 9; i++) s += 100 * (x[i + 1]! - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2;
        return s;
      }
    : (x) => {
        let s = 0;
        for (let i = 0; i < 499; i++) s += 2 * (x[i + 1]! - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2;
        return s;
      };
}

export const smooth: readonly Adversary[] = [
  // Scale of the objective, height, units of the parameters.
  ...both("Rosenbrock's function", rosenbrock, [-1.2, 1], 1e-3, at([1, 1]), { within: 1e-3, options: { maxSteps: 100_000 } }),
  {
    name: "1e200 times Rosenbrock's function",
    objective: (x) => 1e200 * ((1 - x[0]!) ** 2 + 100 * (x[1]! - x[0]! ** 2) ** 2),
    start: [-1.2, 1],
    ...at([1, 1]),
  },
  {
    name: "1e-200 times Rosenbrock's function",
    objective: (x) => 1e-200 * ((1 - x[0]!) ** 2 + 100 * (x[1]! - x[0]! ** 2) ** 2),
    start: [-1.2, 1],
    ...at([1, 1]),
  },
  { name: "eˣ + e⁻ˣ from 700", objective: ([x]) => Math.exp(x!) + Math.exp(-x!), start: [700], ...at([0]) },
  ...both(
    "1e-8 times Rosenbrock's function",
    (x) => 1e-8 * ((1 - x[0]!) ** 2 + 100 * (x[1]! - x[0]! ** 2) ** 2),
    [-1.2, 1],
    1e5,
    at([1, 1]),
    {
      options: { maxSteps: 100_000 },
    },
  ),
  ...both(
    "1e12 times Rosenbrock's function",
    (x) => 1e12 * ((1 - x[0]!) ** 2 + 100 * (x[1]! - x[0]! ** 2) ** 2),
    [-1.2, 1],
    1e-15,
    at([1, 1]),
    {
      options: { maxSteps: 100_000 },
    },
  ),
  ...both(
    "Rosenbrock's function on a height of 1e8",
    (x) => 1e8 + (1 - x[0]!) ** 2 + 100 * (x[1]! - x[0]! ** 2) ** 2,
    [-1.2, 1],
    1e-3,
    at([1, 1]),
    {
      options: { maxSteps: 100_000 },
    },
  ),
  ...both("a bowl on a height of 1e12", ([x, y]) => 1e12 + (x! - 1) ** 2 + 3 * (y! + 2) ** 2, [5, 5], 0.1, at([1, -2])),
  ...both("a bowl in a depth of −1e6", ([x, y]) => (x! - 1) ** 2 + 3 * (y! + 2) ** 2 - 1e6, [5, 5], 0.1, at([1, -2])),
  ...both("tiny values", ([x]) => 1e-150 * (x! - 1e-3) ** 2, [0.5], 1e149, at([1e-3])),
  ...both("huge values", ([x]) => 1e150 * (x! - 3) ** 2, [0.5], 1e-151, at([3])),
  ...both("a minimizer a million away", ([x]) => (x! - 1e6) ** 2, [0], 0.1, { ...at([1e6]), within: 1 }),
  ...both("a minimizer at a millionth", ([x]) => (x! - 1e-6) ** 2, [1e-3], 0.1, { ...at([1e-6]), within: 1e-10 }),
  ...both(
    "parameters of 1e-9 and 1e9",
    ([x, y]) => (1e9 * x! - 2) ** 2 + (1e-9 * y! - 3) ** 2,
    [1e-9, 1e9],
    1e-19,
    {
      minimizers: (x) => Math.abs(1e9 * x[0]! - 2) < 1e-3 && Math.abs(1e-9 * x[1]! - 3) < 1e-3,
      right: FOUND,
    },
    { right: ["budget", "stalled", "precision-floor", "plateau"] },
  ),
  {
    name: "Brown's badly scaled function",
    objective: ([x, y]) => (x! - 1e6) ** 2 + (y! - 2e-6) ** 2 + (x! * y! - 2) ** 2,
    start: [1, 1],
    minimizers: (x) => Math.abs(x[0]! - 1e6) < 1 && Math.abs(x[1]! - 2e-6) < 1e-9,
    right: FOUND,
  },
  {
    name: "Powell's badly scaled function",
    objective: ([x, y]) => (1e4 * x! * y! - 1) ** 2 + (Math.exp(-x!) + Math.exp(-y!) - 1.0001) ** 2,
    start: [0, 1],
    minimizers: [
      [1.09815932969982e-5, 9.106146739867],
      [9.106146739867, 1.09815932969982e-5],
    ],
    within: 2e-2,
    right: [...FOUND, "stalled"],
  },
  {
    name: "Meyer's function in float32",
    objective: ([a, b, c]) => {
      let s = 0;
      const y = [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872];
      for (let i = 0; i < 16; i++) s += (a! * Math.exp(b! / (45 + 5 * (i + 1) + c!)) - y[i]!) ** 2;
      return s;
    },
    start: [0.02, 4000, 250],
    options: { precision: "float32" },
    minimizers: (x) => Math.abs(x[0]! - 0.005609636471) < 1e-4 && Math.abs(x[1]! - 6181.34634) < 50,
    right: [...FOUND, "stalled", "budget"],
  },
  ...both("1e300·(x − 3)², whose slopes have no squares", ([x]) => 1e300 * (x! - 3) ** 2, [2], 1e-301, at([3]), {
    right: [...FOUND, "stalled", "budget"],
  }),
  ...both("a bowl of condition 1e8", ([x, y]) => (x! - 1) ** 2 + 1e-8 * (y! - 3) ** 2, [0, 0], 0.5, at([1, 3]), {
    ...slow,
    right: ["budget"],
  }),
  ...both("a bowl of condition 1e4", ([x, y]) => (x! - 1) ** 2 + 1e-4 * (y! - 3) ** 2, [0, 0], 0.5, at([1, 3]), {
    options: { maxSteps: 400_000 },
  }),
  ...both("a turned bowl", ([x, y]) => (x! + y! - 3) ** 2 + 1e-2 * (x! - y! - 1) ** 2, [0, 0], 0.1, at([2, 1])),
  // Where curvature vanishes.
  ...both("x⁴", ([x]) => x! ** 4, [1], 0.1, { ...at([0]), within: 1e-2 }, slow),
  ...both("x⁴ from its bottom", ([x]) => x! ** 4, [0], 0.1, at([0])),
  ...both("x⁶", ([x]) => x! ** 6, [1], 0.05, { ...at([0]), within: 5e-2 }, slow),
  ...both("x⁸ + 1", ([x]) => x! ** 8 + 1, [1.5], 0.01, { ...at([0]), within: 0.1 }, slow),
  ...both("x² + y⁴", ([x, y]) => x! ** 2 + y! ** 4, [1, 1], 0.1, { ...at([0, 0]), within: 1e-2 }, slow),
  ...both(
    "Powell's singular function",
    ([a, b, c, d]) => (a! + 10 * b!) ** 2 + 5 * (c! - d!) ** 2 + (b! - 2 * c!) ** 4 + 10 * (a! - d!) ** 4,
    [3, -1, 0, 1],
    3e-3,
    { ...at([0, 0, 0, 0]), within: 1e-2 },
    { ...slow, within: 0.3 },
  ),
  ...both("a valley of minimizers", ([x, y]) => (x! + y! - 1) ** 2, [3, 5], 0.1, {
    minimizers: (x) => Math.abs(x[0]! + x[1]! - 1) < 1e-6,
    right: FOUND,
  }),
  ...both("a circle of minimizers", ([x, y]) => (x! ** 2 + y! ** 2 - 1) ** 2, [3, 5], 3e-3, {
    minimizers: (x) => Math.abs(Math.hypot(x[0]!, x[1]!) - 1) < 1e-6,
    right: FOUND,
  }),
  ...both("a parabola of minimizers", ([x, y]) => (y! - x! ** 2) ** 2, [2, 1], 1e-2, {
    minimizers: (x) => Math.abs(x[1]! - x[0]! ** 2) < 1e-5,
    right: FOUND,
  }),
  ...both("two parameters for one", ([a, b]) => (a! * b! - 1) ** 2, [3, 1], 1e-2, {
    minimizers: (x) => Math.abs(x[0]! * x[1]! - 1) < 1e-6,
    right: FOUND,
  }),
  // More than one well.
  ...both("a double well", ([x]) => (x! ** 2 - 1) ** 2, [0.3], 0.05, at([1], [-1])),
  ...both("x³ − 3x² − 9x + 2", ([x]) => x! ** 3 - 3 * x! ** 2 - 9 * x! + 2, [0], 0.01, at([3])),
  ...both("x³ − 3x² − 9x + 2 from next to its maximum", ([x]) => x! ** 3 - 3 * x! ** 2 - 9 * x! + 2, [-0.999], 0.01, at([3])),
  ...both("Himmelblau's function", ([x, y]) => (x! ** 2 + y! - 11) ** 2 + (x! + y! ** 2 - 7) ** 2, [0.1, 0.1], 1e-2, {
    minimizers: [
      [3, 2],
      [-2.805118086953, 3.13131251825],
      [-3.779310253378, -3.283185991286],
      [3.58442834033, -1.848126526964],
    ],
    right: FOUND,
  }),
  ...both(
    "Rastrigin's function",
    ([x, y]) => 20 + x! ** 2 + y! ** 2 - 10 * (Math.cos(2 * Math.PI * x!) + Math.cos(2 * Math.PI * y!)),
    [0.3, 1.2],
    1e-3,
    {
      minimizers: (x) => x.every((v) => Math.abs(2 * v + 20 * Math.PI * Math.sin(2 * Math.PI * v)) < 1e-3 && Math.cos(2 * Math.PI * v) > 0),
      right: FOUND,
    },
  ),
  ...both("cos x", ([x]) => Math.cos(x!), [1], 0.5, { minimizers: (x) => Math.cos(x[0]!) < -1 + 1e-8, right: FOUND }),
  ...both("sin x + sin(x√2)", ([x]) => Math.sin(x!) + Math.sin(Math.SQRT2 * x!), [1], 0.2, {
    minimizers: (x) => Math.abs(Math.cos(x[0]!) + Math.SQRT2 * Math.cos(Math.SQRT2 * x[0]!)) < 1e-4,
    right: FOUND,
  }),
  ...both("the origin as start", ([x]) => x! ** 2, [0], 0.1, at([0])),
  ...both("e^x − x", ([x]) => Math.exp(x!) - x!, [3], 0.05, at([0])),
  ...both("ln cosh x", ([x]) => Math.log(Math.cosh(x! - 2)), [0], 0.5, at([2])),
  ...both("√(1 + x²)", ([x]) => Math.sqrt(1 + x! ** 2), [100], 1, at([0])),
  ...both(
    "Beale's function",
    ([x, y]) => (1.5 - x! + x! * y!) ** 2 + (2.25 - x! + x! * y! ** 2) ** 2 + (2.625 - x! + x! * y! ** 3) ** 2,
    [1, 1],
    1e-2,
    at([3, 0.5]),
    {
      options: { maxSteps: 100_000 },
    },
  ),
  // Where logarithms and poles bound the domain.
  ...both("x² − ln x", ([x]) => x! ** 2 - Math.log(x!), [5], 0.05, at([Math.SQRT1_2])),
  ...both("x ln x", ([x]) => x! * Math.log(x!), [3], 0.1, at([Math.exp(-1)])),
  // A long first step leads over the pole, and there it falls for ever.
  ...both("x + 1/x", ([x]) => x! + 1 / x!, [4], 0.1, { minimizers: [[1]], right: [...FOUND, "unbounded"] }, { right: FOUND }),
  ...both("a barrier beside the minimizer", ([x]) => (x! - 1e-3) ** 2 - 1e-6 * Math.log(x!), [1], 0.1, {
    minimizers: [[1.366025403784439e-3]],
    within: 1e-6,
    right: FOUND,
  }),
  ...both("tan² x between its poles", ([x]) => Math.tan(x!) ** 2, [1], 0.05, at([0])),
  ...both("1/(1 − x²) between its poles", ([x]) => 1 / (1 - x! ** 2), [0.9], 1e-3, at([0])),
  ...both("ln of a square with an offset", ([x]) => Math.log(1e-6 + (x! - 2) ** 2), [5], 1e-7, at([2]), { right: [...FOUND, "budget"] }),
  // Number formats.
  ...precisions(
    "Beale's function from its start",
    ([x, y]) => (1.5 - x! + x! * y!) ** 2 + (2.25 - x! + x! * y! ** 2) ** 2 + (2.625 - x! + x! * y! ** 3) ** 2,
    [1, 1],
    at([3, 0.5]),
    2e-2,
  ),
  ...precisions("Rosenbrock's function from its start", rosenbrock, [-1.2, 1], at([1, 1]), 2e-2),
  ...precisions(
    "x² + 10y² + 100z²",
    ([x, y, z]) => (x! - 1) ** 2 + 10 * (y! - 2) ** 2 + 100 * (z! - 3) ** 2,
    [0, 0, 0],
    at([1, 2, 3]),
    1e-2,
  ),
  ...precisions(
    "Wood's function",
    ([a, b, c, d]) =>
      100 * (a! ** 2 - b!) ** 2 +
      (a! - 1) ** 2 +
      (c! - 1) ** 2 +
      90 * (c! ** 2 - d!) ** 2 +
      10.1 * ((b! - 1) ** 2 + (d! - 1) ** 2) +
      19.8 * (b! - 1) * (d! - 1),
    [-3, -1, -3, -1],
    // Near (−1, 1, −1, 1) it has a saddle in a flat valley, where few digits see no more.
    { minimizers: [[1, 1, 1, 1]], right: [...FOUND, "saddle"] },
    5e-2,
  ),
  {
    name: "Rosenbrock's function by forward differences",
    objective: rosenbrock,
    start: [-1.2, 1],
    options: { gradient: "forward-difference" },
    minimizers: [[1, 1]],
    within: 1e-3,
    right: [...FOUND, "stalled"],
  },
  {
    name: "Rosenbrock's function by central differences",
    objective: rosenbrock,
    start: [-1.2, 1],
    options: { gradient: "central-difference" },
    ...at([1, 1]),
  },
  {
    name: "a bowl whose minimizer is its start in float32",
    objective: ([x, y]) => (x! - 0.5) ** 2 + (y! + 0.25) ** 2,
    start: [0.5, -0.25],
    options: { precision: "float32" },
    ...at([0.5, -0.25]),
  },
  // Units of all orders of magnitude, from where nothing tells them.
  {
    name: "a parameter of 10¹⁰ among others of 10⁻¹² from 0",
    objective: ([a, b, c, d]) => (a! / 7e-5 - 1) ** 2 + (b! / 8e-12 - 1) ** 2 + (c! / 1e10 + 1) ** 2 + (d! / 5e-12 + 1) ** 2,
    start: [0, 0, 0, 0],
    minimizers: (x) => Math.abs(x[2]! + 1e10) < 1e5,
    right: [...FOUND, "stalled"],
  },
  // Far below the start there is a minimizer all the same.
  {
    name: "x³ + x⁴/250 − 3xy² + y⁴/250 from next to its saddle",
    objective: ([x, y]) => x! ** 3 - 3 * x! * y! ** 2 + 0.004 * (x! ** 4 + y! ** 4),
    start: [-1e-5, 0],
    minimizers: (x) => Math.abs(x[0]! + 187.5) < 1e-4 && x[1] === 0,
    right: [...FOUND, "stalled"],
  },
  // Many parameters.
  {
    name: "the chained Rosenbrock function of 10",
    objective: chained(10),
    start: Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? -1.2 : 1)),
    minimizers: (x) => x.every((v) => Math.abs(v - 1) < 1e-4) || Math.abs(x[0]! + 0.9932861) < 1e-2,
    right: FOUND,
  },
  {
    name: "a chained function of 500",
    objective: chained(500),
    start: Array.from({ length: 500 }, () => 0.5),
    minimizers: (x) => x.every((v) => Math.abs(v - 1) < 1e-3),
    right: FOUND,
  },
  {
    name: "a bowl of 500 with condition 500",
    objective: (x) => {
      let s = 0;
      for (let i = 0; i < 500; i++) s += (i + 1) * (x[i]! - 1) ** 2;
      return s;
    },
    start: new Array<number>(500).fill(0),
    minimizers: (x) => x.every((v) => Math.abs(v - 1) < 1e-3),
    right: FOUND,
  },
  {
    name: "a bowl of 100 in fixed steps",
    objective: (x) => {
      let s = 0;
      for (let i = 0; i < 100; i++) s += (i + 1) * (x[i]! - 1) ** 2;
      return s;
    },
    start: new Array<number>(100).fill(0),
    options: rate(5e-3),
    minimizers: (x) => x.every((v) => Math.abs(v - 1) < 1e-3),
    right: FOUND,
  },
];
