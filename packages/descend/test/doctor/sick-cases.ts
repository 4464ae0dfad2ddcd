/**
 * For every check a case that must trigger it and a near miss that shows the same surface without harm. Tables come from a small linear
 * congruential generator, so that the numbers are the same everywhere.
 */

import type { Case, TableCase } from "../../src/doctor/case.js";

export interface CheckedCase {
  readonly id: string;
  readonly sick: Case;
  /** What the near miss is. */
  readonly miss: string;
  readonly near: Case;
}

/** Uniform and normal numbers from a seed. */
export function generator(seed: number): { uniform: () => number; normal: () => number } {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  return { uniform, normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()) };
}

const { normal } = generator(777);
const rows = 200;
const column = (n = rows, mean = 0, deviation = 1): number[] => Array.from({ length: n }, () => mean + deviation * normal());
const named = (columns: readonly number[][]): Record<string, number[]> => Object.fromEntries(columns.map((values, k) => [`x${k}`, values]));
const weights = [1, -2, 0.5, 3];
const target = (columns: readonly number[][], noise: number, w: readonly number[] = weights): number[] =>
  columns[0]!.map((_, i) => 1 + w.reduce((sum, each, k) => sum + each * columns[k]![i]!, 0) + noise * normal());

const x = [0, 1, 2, 3].map(() => column());
const y = target(x, 0.3);
const noisy = target(x, 3);
const table = (more: Partial<TableCase> = {}): TableCase => ({ features: named(x), target: y, model: { kind: "linear" }, ...more });
const validation = (() => {
  const columns = [0, 1, 2, 3].map(() => column(80));
  return { features: named(columns), target: target(columns, 0.3) };
})();
const labels = x[0]!.map((v, i) => (v - x[1]![i]! + 0.8 * normal() > 0 ? 1 : 0));
const separated = x[0]!.map((v, i) => (v - x[1]![i]! > 0 ? 1 : 0));

const uneven = [column(rows, 0, 1), column(rows, 5000, 300), column(rows, 0.5, 0.01)];
const unevenTarget = target(uneven, 0.3, [2, 0.01, 100]);

const base = [0, 1, 2].map(() => column());
const almost = [...base, base[0]!.map((v) => v + 1e-4 * normal())];
const almostTarget = almost[0]!.map((v, i) => 1 + 2 * v + (almost[3]![i]! - v) * 7e3 + 0.05 * normal());
const twice = [...base, base[0]!.slice()];

const coded = x.map((values) => values.slice());
for (let i = 0; i < 12; i++) coded[1]![i * 15] = -999;

const order = y.map((_, i) => i).sort((a, b) => noisy[a]! - noisy[b]!);
const sorted = table({ features: named(x.map((values) => order.map((i) => values[i]!))), target: order.map((i) => noisy[i]!) });

const wide = Array.from({ length: 60 }, () => column(70));
const wideTarget = target(wide, 2, [1, 1]);
const wideValidation = Array.from({ length: 60 }, () => column(200));

const leakingTarget = target(x, 1.5);
const leaking = [...x, leakingTarget.map((v) => v + 0.05 * normal())];
const leakValidation = Array.from({ length: 5 }, (_, k) => column(80, 0, k === 4 ? 2 : 1));

const gd = { method: "gradientDescent" } as const;
const quadratic = "x^2 + 50 y^2";
const square = ([a, b]: number[]): number => 0.5 * (a! * a! + 0.1 * b! * b!);

const batchesOf100 =
  (keepLast: boolean, always: boolean) =>
  (epoch: number): number[][] => {
    const { uniform } = generator(always ? 1 : Math.imul(epoch + 1, 2654435761));
    for (let k = 0; k < 20; k++) uniform();
    const rowsOf = Array.from({ length: 100 }, (_, i) => i);
    if (!always) {
      for (let i = 99; i > 0; i--) {
        const j = Math.floor(uniform() * (i + 1));
        [rowsOf[i], rowsOf[j]] = [rowsOf[j]!, rowsOf[i]!];
      }
    }
    const batches: number[][] = [];
    for (let from = 0; from + 32 <= 100; from += 32) batches.push(rowsOf.slice(from, from + 32));
    if (keepLast) batches.push(rowsOf.slice(96));
    return batches;
  };
const hundred = { x: x[0]!.slice(0, 100), y: x[0]!.slice(0, 100).map((v) => 4 + 3 * v) };

/** The loop of a beginner's script: batches of 32 of 100 rows, gradients by hand, divided by `divisor`. */
export const script = (divisor: number, batches: (epoch: number) => number[][]): Case => ({
  objective: ((p: { w: number; b: number }, row: { x: number; y: number }) => (p.w * row.x + p.b - row.y) ** 2) as never,
  start: { w: 0, b: 0 },
  data: hundred,
  ...gd,
  learningRate: 0.1,
  maxSteps: 300,
  batches,
  batchGradient: ((p: { w: number; b: number }, taken: readonly number[]) => {
    let [w, b] = [0, 0];
    for (const i of taken) {
      const residual = p.w * hundred.x[i]! + p.b - hundred.y[i]!;
      w += 2 * residual * hundred.x[i]!;
      b += 2 * residual;
    }
    return { w: w / divisor, b: b / divisor };
  }) as never,
});
export const allBatches = batchesOf100(true, false);
export const dropsLast = batchesOf100(false, false);

const plain = { table: table(), ...gd, learningRate: 0.3, maxSteps: 300 } satisfies Case;

export const checkedCases: readonly CheckedCase[] = [
  {
    id: "lr-too-large",
    sick: { objective: quadratic, start: { x: 1, y: 1 }, ...gd, learningRate: 0.0205, maxSteps: 300 },
    miss: "97.5 % of the limit, bouncing and converging",
    near: { objective: quadratic, start: { x: 1, y: 1 }, ...gd, learningRate: 0.0195, maxSteps: 2000 },
  },
  {
    id: "lr-too-small",
    sick: { objective: quadratic, start: { x: 1, y: 1 }, ...gd, learningRate: 0.00002, maxSteps: 500 },
    miss: "a tiny rate with the steps it needs",
    near: { objective: quadratic, start: { x: 1, y: 1 }, ...gd, learningRate: 0.0005, maxSteps: 20_000 },
  },
  {
    id: "step-starved",
    sick: { objective: square, start: [10, 30], method: "adagrad", learningRate: 0.05, maxSteps: 500 },
    miss: "a growing accumulator that got there",
    near: { objective: square, start: [1, 3], method: "adagrad", learningRate: 1, maxSteps: 3000 },
  },
  {
    id: "momentum-ringing",
    sick: {
      objective: ([a, b]: number[]) => 0.5 * (a! * a! + 0.01 * b! * b!),
      start: [0.1, 3],
      method: { name: "momentum", momentum: 0.99 },
      learningRate: 1,
      maxSteps: 150,
    },
    miss: "the same momentum, rung out",
    near: {
      objective: ([a, b]: number[]) => 0.5 * (a! * a! + 0.01 * b! * b!),
      start: [0.1, 3],
      method: { name: "momentum", momentum: 0.99 },
      learningRate: 1,
      maxSteps: 4000,
    },
  },
  {
    id: "stopped-early",
    sick: { objective: quadratic, start: { x: 3, y: 1 }, ...gd, learningRate: 0.01, maxSteps: 60 },
    miss: "as many steps as it takes",
    near: { objective: quadratic, start: { x: 3, y: 1 }, ...gd, learningRate: 0.01, maxSteps: 600 },
  },
  {
    id: "ill-conditioned",
    sick: {
      objective: ([a, b, c]: number[]) => 0.5 * (a! * a! + 1e-4 * b! * b! + 3e-5 * c! * c!),
      start: [1, 20, 20],
      ...gd,
      learningRate: 1.8,
      maxSteps: 500,
    },
    miss: "a condition number of 33 000, solved",
    near: { objective: ([a, b, c]: number[]) => 0.5 * (a! * a! + 1e-4 * b! * b! + 3e-5 * c! * c!), start: [1, 20, 20], method: "lbfgs" },
  },
  {
    id: "unscaled-features",
    sick: {
      table: { features: named(uneven), target: unevenTarget, model: { kind: "linear" } },
      ...gd,
      learningRate: 3e-8,
      maxSteps: 1000,
    },
    miss: "the same columns, solved by L-BFGS",
    near: { table: { features: named(uneven), target: unevenTarget, model: { kind: "linear" } }, method: "lbfgs", maxSteps: 1000 },
  },
  {
    id: "collinear-features",
    sick: { table: { features: named(almost), target: almostTarget, model: { kind: "linear" } }, ...gd, learningRate: 0.3, maxSteps: 500 },
    miss: "a column twice, without a target along the difference",
    near: {
      table: { features: named(twice), target: target(twice, 0.3, [1, 1, 1]), model: { kind: "linear" } },
      ...gd,
      learningRate: 0.3,
      maxSteps: 800,
    },
  },
  {
    id: "saddle-point",
    sick: { objective: ([a, b]: number[]) => a! ** 4 - 2 * a! * a! + b! * b!, start: [0, 1], ...gd, learningRate: 0.1, maxSteps: 300 },
    miss: "a start beside the saddle",
    near: { objective: ([a, b]: number[]) => a! ** 4 - 2 * a! * a! + b! * b!, start: [0.1, 1], ...gd, learningRate: 0.05, maxSteps: 600 },
  },
  {
    id: "local-minimum",
    sick: {
      objective: ([a, b]: number[]) => (a! * a! + b! - 11) ** 2 + (a! + b! * b! - 7) ** 2 + 3 * (a! - 3) ** 2 + 3 * (b! - 2) ** 2,
      start: [-4, -4],
      ...gd,
      learningRate: 0.005,
      maxSteps: 1000,
    },
    miss: "four equally low minima",
    near: {
      objective: ([a, b]: number[]) => (a! * a! + b! - 11) ** 2 + (a! + b! * b! - 7) ** 2,
      start: [-4, -4],
      ...gd,
      learningRate: 0.005,
      maxSteps: 1000,
    },
  },
  {
    id: "plateau",
    sick: { objective: ([a]: number[]) => 1 - Math.exp(-((a! - 3) ** 2)), start: [12], ...gd, learningRate: 0.1, maxSteps: 300 },
    miss: "the same well from its slope",
    near: { objective: ([a]: number[]) => 1 - Math.exp(-((a! - 3) ** 2)), start: [4], ...gd, learningRate: 0.3, maxSteps: 500 },
  },
  {
    id: "kink-chatter",
    sick: {
      objective: ([a, b]: number[]) => Math.abs(a! - 1) + Math.abs(b! + 2),
      start: [3.01, 1.52],
      ...gd,
      learningRate: 0.1,
      maxSteps: 300,
    },
    miss: "a kink in the landscape, away from the minimum",
    near: {
      objective: ([a, b]: number[]) => (a! - 3) ** 2 + (b! - 1) ** 2 + 0.1 * Math.abs(a! + 2),
      start: [5, 2],
      ...gd,
      learningRate: 0.2,
      maxSteps: 300,
    },
  },
  {
    id: "no-finite-minimum",
    sick: { table: table({ target: separated, model: { kind: "logistic" } }), ...gd, learningRate: 2, maxSteps: 1500 },
    miss: "overlapping classes",
    near: { table: table({ target: labels, model: { kind: "logistic" } }), ...gd, learningRate: 2, maxSteps: 1500 },
  },
  {
    id: "bad-init-scale",
    sick: {
      objective: ([a, b]: number[]) => Math.sqrt(1 + a! * a!) + Math.sqrt(1 + b! * b!),
      start: [4e4, -3e4],
      ...gd,
      learningRate: 0.5,
      maxSteps: 500,
    },
    miss: "as far a start that a line search comes back from",
    near: { objective: ([a, b]: number[]) => Math.sqrt(1 + a! * a!) + Math.sqrt(1 + b! * b!), start: [4e4, -3e4], method: "lbfgs" },
  },
  {
    id: "head-loss-mismatch",
    sick: { table: table({ target: labels.map((v) => 2 * v - 1), model: { kind: "logistic" } }), ...gd, learningRate: 1, maxSteps: 300 },
    miss: "probabilities as targets",
    near: {
      table: table({ target: labels.map((v) => 0.1 + 0.8 * v), model: { kind: "logistic" } }),
      ...gd,
      learningRate: 2,
      maxSteps: 1500,
    },
  },
  {
    id: "sgd-noise-floor",
    sick: { table: table({ target: noisy }), ...gd, learningRate: 0.3, batch: 2, maxSteps: 2000 },
    miss: "small steps on large batches",
    near: { table: table({ target: noisy }), ...gd, learningRate: 0.005, batch: 50, maxSteps: 3000 },
  },
  {
    id: "unshuffled-batches",
    sick: { table: sorted, ...gd, learningRate: 0.3, batch: 20, shuffle: false, maxSteps: 1000 },
    miss: "a sorted table, shuffled by the loop",
    near: { table: sorted, ...gd, learningRate: 0.02, batch: 50, maxSteps: 2000 },
  },
  {
    id: "unused-rows",
    sick: script(32, batchesOf100(false, true)),
    miss: "a last, smaller batch",
    near: script(32, allBatches),
  },
  {
    id: "wrong-gradient",
    sick: script(100, allBatches),
    miss: "a sum divided by the rows of its batch, the last one apart",
    near: script(32, batchesOf100(false, false)),
  },
  {
    id: "numeric-overflow",
    sick: { objective: ([a]: number[]) => a! - Math.log(a!), start: [3], ...gd, learningRate: 8, maxSteps: 100 },
    miss: "the same logarithm, with steps that stay inside",
    near: { objective: ([a]: number[]) => a! - Math.log(a!), start: [3], ...gd, learningRate: 0.5, maxSteps: 200 },
  },
  {
    id: "precision-floor",
    sick: {
      objective: ([a, b]: number[]) => 0.5 * (a! - 1e4) ** 2 + 0.5 * (b! - 1e4 - 0.7) ** 2,
      start: [1e4 + 0.5, 1e4],
      ...gd,
      learningRate: 2e-4,
      maxSteps: 50_000,
      precision: "float32",
    },
    miss: "float32 where steps are large",
    near: {
      objective: ([a, b]: number[]) => 0.5 * (a! - 1) ** 2 + 0.5 * (b! - 2) ** 2,
      start: [5, 5],
      ...gd,
      learningRate: 0.3,
      maxSteps: 300,
      precision: "float32",
    },
  },
  {
    id: "nonfinite-data",
    sick: { ...plain, table: table({ target: y.map((v, i) => (i === 3 ? Number.NaN : v)) }) },
    miss: "large finite values",
    near: { ...plain, table: table({ target: y.map((v) => 1e6 * v) }) },
  },
  {
    id: "outliers",
    sick: { ...plain, table: table({ features: named(coded) }), learningRate: 1e-5, maxSteps: 1000 },
    miss: "one large value that fits",
    near: { ...plain, table: table() },
  },
  {
    id: "unscaled-target",
    sick: { table: table({ target: y.map((v) => 5000 + 400 * v) }), method: "adam", learningRate: 0.01, maxSteps: 1000 },
    miss: "a large target that squares under a plain gradient do not mind",
    near: { table: table({ target: y.map((v) => 5000 + 400 * v) }), ...gd, learningRate: 0.5, maxSteps: 1000 },
  },
  {
    id: "uninformative-labels",
    sick: { ...plain, table: table({ target: noisy.map((_, i) => noisy[(i + rows - 2) % rows]!) }) },
    miss: "much noise, and a signal",
    near: { ...plain, table: table({ target: noisy }) },
  },
  {
    id: "target-leakage",
    sick: {
      table: {
        features: named(leaking),
        target: leakingTarget,
        model: { kind: "linear" },
        validation: { features: named(leakValidation), target: target(leakValidation, 1.5) },
      },
      ...gd,
      learningRate: 0.1,
      maxSteps: 3000,
    },
    miss: "an honest table with validation",
    near: { ...plain, table: table({ validation }) },
  },
  {
    id: "overfitting",
    sick: {
      table: {
        features: named(wide),
        target: wideTarget,
        model: { kind: "linear" },
        validation: { features: named(wideValidation), target: target(wideValidation, 2, [1, 1]) },
      },
      ...gd,
      learningRate: 0.2,
      maxSteps: 3000,
    },
    miss: "many rows, few columns",
    near: { ...plain, table: table({ validation }) },
  },
  {
    id: "over-regularised",
    sick: { table: table({ target: noisy, model: { kind: "linear", l2: 100 } }), ...gd, learningRate: 0.01, maxSteps: 1000 },
    miss: "a penalty that belongs there",
    near: { ...plain, table: table({ model: { kind: "linear", l2: 0.01 } }), maxSteps: 600 },
  },
  {
    id: "adam-nonconvergence",
    // Reddi, Kale and Kumar 2018, section 3: rare large gradients against many small ones, forgotten before the next comes
    sick: {
      objective: ((p: number[], row: { c: number }) => row.c * p[0]! + 0.05 * p[0]! * p[0]!) as never,
      start: [0],
      data: { c: Array.from({ length: 300 }, (_, i) => (i % 30 === 0 ? 60 : -1)) },
      method: { name: "adam", beta1: 0, beta2: 0.05 },
      learningRate: 0.01,
      batch: 1,
      maxSteps: 6000,
    },
    miss: "the same with a memory that spans an epoch",
    near: {
      objective: ((p: number[], row: { c: number }) => (p[0]! - row.c) ** 2) as never,
      start: [3],
      data: { c: Array.from({ length: 300 }, (_, i) => Math.cos(i)) },
      method: { name: "adam", beta2: 0.999 },
      learningRate: 0.01,
      batch: 50,
      maxSteps: 4000,
    },
  },
];
