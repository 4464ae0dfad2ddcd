/** Saddles, maxima and flat places that a descent may take for a minimum. Oracle: calculus. */

import { type Adversary, both, FOUND, type Truth, zeros } from "./adversary.js";

const saddle: Truth = { minimizers: [], right: ["saddle", "unbounded"] };
const plateau = (...minimizers: readonly (readonly number[])[]): Truth => ({
  minimizers,
  right: minimizers.length > 0 ? ["plateau", ...FOUND] : ["plateau"],
});

export const stationary: readonly Adversary[] = [
  ...both("x² − y² along its ridge", ([x, y]) => x! ** 2 - y! ** 2, [1, 0], 0.1, saddle),
  ...both("x² − y⁴ along its ridge", ([x, y]) => x! ** 2 - y! ** 4, [1, 0], 0.1, saddle),
  ...both("x² − y⁴ from its saddle", ([x, y]) => x! ** 2 - y! ** 4, [0, 0], 0.1, saddle),
  ...both("x² + y³ along its shoulder", ([x, y]) => x! ** 2 + y! ** 3, [1, 0], 0.1, saddle),
  ...both("x·y along the diagonal", ([x, y]) => x! * y!, [1, 1], 0.1, saddle),
  ...both("the monkey saddle", ([x, y]) => x! ** 3 - 3 * x! * y! ** 2, [0, 0], 0.1, saddle),
  ...both("the monkey saddle from aside", ([x, y]) => x! ** 3 - 3 * x! * y! ** 2, [1, 0], 0.1, saddle, { right: ["saddle", "budget"] }),
  ...both("a double well from its hump", ([x]) => (x! ** 2 - 1) ** 2, [0], 0.05, { minimizers: [[1], [-1]], right: ["maximum", ...FOUND] }),
  ...both("a double well beside a bowl", ([x, y]) => (x! ** 2 - 1) ** 2 + y! ** 2, [0, 1], 0.05, {
    minimizers: [
      [1, 0],
      [-1, 0],
    ],
    right: ["saddle", ...FOUND],
  }),
  ...both("a weak double well beside a strong bowl", ([x, y]) => 1e-4 * (x! ** 2 - 1) ** 2 + 100 * y! ** 2, [0, 1], 1e-3, {
    minimizers: [
      [1, 0],
      [-1, 0],
    ],
    within: 1e-2,
    right: ["saddle", ...FOUND],
  }),
  ...both(
    "one slightly negative curvature among 99 others",
    (x) => {
      let s = 0;
      for (let i = 0; i < 100; i++) s += (i < 99 ? i + 1 : -1e-3) * x[i]! ** 2;
      return s;
    },
    [...zeros(99).map(() => 1), 0],
    5e-3,
    saddle,
  ),
  ...both(
    "a shallow well of 50 that starts on its hump",
    (x) => {
      let s = 0.01 * (x[49]! ** 2 - 1) ** 2;
      for (let i = 0; i < 49; i++) s += (i + 1) ** 2 * (x[i]! - 1) ** 2;
      return s;
    },
    zeros(50),
    2e-4,
    { minimizers: (x) => Math.abs(Math.abs(x[49]!) - 1) < 1e-3, right: ["saddle", ...FOUND] },
    { right: ["budget"] },
  ),
  ...both(
    "a turned saddle of 30",
    (x) => {
      let sum = 0;
      let squares = 0;
      for (let i = 0; i < 30; i++) {
        sum += x[i]!;
        squares += x[i]! ** 2;
      }
      return squares - 0.05 * sum ** 2;
    },
    Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 1 : -1)),
    0.1,
    saddle,
  ),
  ...both("cos x from its top", ([x]) => Math.cos(x!), [0], 0.5, {
    minimizers: (x) => Math.cos(x[0]!) < -1 + 1e-8,
    right: ["maximum", ...FOUND],
  }),
  ...both("−x² from its top", ([x]) => -(x! ** 2), [0], 0.1, { minimizers: [], right: ["maximum", "unbounded"] }),
  ...both("−x⁴ from its top", ([x]) => -(x! ** 4), [0], 0.1, { minimizers: [], right: ["maximum", "unbounded"] }),
  ...both("−x² − 3y² from its top", ([x, y]) => -(x! ** 2) - 3 * y! ** 2, [0, 0], 0.1, { minimizers: [], right: ["maximum", "unbounded"] }),
  ...both("x³ − 3x² − 9x + 2 from its maximum", ([x]) => x! ** 3 - 3 * x! ** 2 - 9 * x! + 2, [-1], 0.01, {
    minimizers: [[3]],
    right: ["maximum", ...FOUND],
  }),
  ...both("x² − 2|x| from the top of its kink", ([x]) => x! ** 2 - 2 * Math.abs(x!), [0], 0.1, {
    minimizers: [[1], [-1]],
    right: ["maximum", ...FOUND],
  }),
  ...both("x² + y² − |y| along the kink", ([x, y]) => x! ** 2 + y! ** 2 - Math.abs(y!), [1, 0], 0.1, {
    minimizers: [
      [0, 0.5],
      [0, -0.5],
    ],
    right: ["saddle", "maximum", ...FOUND],
  }),
  ...both("x² − max(x, −x) from the top of its kink", ([x]) => x! ** 2 - Math.max(x!, -x!), [0], 0.1, {
    minimizers: [[0.5], [-0.5]],
    right: ["maximum", ...FOUND],
  }),
  // Along every straight line a minimum, along a parabola between the two a maximum.
  ...both("(y − x²)(y − 3x²) from 0, after Peano", ([x, y]) => (y! - x! ** 2) * (y! - 3 * x! ** 2), [0, 0], 0.1, {
    minimizers: [],
    right: ["saddle", "unbounded"],
  }),
  ...both("the same bowl beside it", ([x, y, z]) => (y! - x! ** 2) * (y! - 3 * x! ** 2) + (z! - 1) ** 2, [0, 0, 3], 0.1, {
    minimizers: [],
    right: ["saddle", "unbounded"],
  }),
  // Flat places.
  ...both("a constant", ([x]) => 5 + 0 * x!, [1], 0.1, plateau()),
  ...both("⌊x⌋", ([x]) => Math.floor(x!), [1.5], 0.1, plateau()),
  ...both("a staircase with slanting treads", ([x]) => Math.floor(x!) + 0.1 * (x! - Math.floor(x!)), [2.5], 0.1, {
    minimizers: [],
    right: ["stalled", "unbounded", "budget"],
  }),
  ...both("−e^−x² far out", ([x]) => -Math.exp(-(x! ** 2)), [10], 0.5, plateau([0])),
  ...both("−e^−x² at 6", ([x]) => -Math.exp(-(x! ** 2)), [6], 0.1, plateau([0])),
  ...both("−e^−x² where it underflows", ([x]) => -Math.exp(-(x! ** 2)), [40], 0.1, plateau([0])),
  ...both("10 − e^−x² far out", ([x]) => 10 - Math.exp(-(x! ** 2)), [6], 0.1, plateau([0])),
  ...both("x²/(1 + x²) far out", ([x]) => x! ** 2 / (1 + x! ** 2), [1e4], 1, plateau([0])),
  ...both("the ramp max(0, x) from its flat side", ([x]) => Math.max(0, x!), [-2], 0.1, {
    minimizers: (x) => x[0]! <= 0,
    right: ["plateau", ...FOUND],
  }),
  ...both("the ramp max(0, x) from above", ([x]) => Math.max(0, x!), [2], 0.1, {
    minimizers: (x) => x[0]! <= 1e-6,
    right: ["plateau", ...FOUND],
  }),
  ...both("a dead unit", ([w, b]) => (Math.max(0, w! * 2 + b!) - 1) ** 2, [-1, -1], 0.1, {
    minimizers: (x) => Math.abs(Math.max(0, 2 * x[0]! + x[1]!) - 1) < 1e-4,
    right: ["plateau"],
  }),
  ...both("a saturated sigmoid", ([w]) => (1 / (1 + Math.exp(-w!)) - 0.5) ** 2, [40], 0.1, plateau([0])),
];
