/** A common but unsound way to stop: RMSProp by mini-batches until the mean loss of an epoch changes by less than 10⁻³. */

import { createDescent } from "../../src/minimize/minimize.js";
import type { Solution } from "../../src/minimize/solution.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { rmsprop } from "../../src/optim/methods/rmsprop.js";

const ROWS = 100;
const BATCH = 32;
const MAX_EPOCHS = 1000;

/** y = 4 + 3x + e with x uniform on [0, 2] and e standard normal. */
function table(seed: number): { x: Float64Array; y: Float64Array } {
  const uniform = (stream: number, i: number): number => threefryUniform(seed, stream, i);
  const x = Float64Array.from({ length: ROWS }, (_, i) => 2 * uniform(1, i));
  const normal = (i: number): number => Math.sqrt(-2 * Math.log(1 - uniform(2, i))) * Math.cos(2 * Math.PI * uniform(3, i));
  return { x, y: x.map((value, i) => 4 + 3 * value + normal(i)) };
}

export interface NoiseStop {
  readonly epoch: number;
  readonly solution: Solution<{ a: number; b: number }>;
  /** ‖∇f‖₂ over all rows where it stopped, by the normal equations. */
  readonly gradientNorm: number;
  /** Objective over all rows, relative to its minimum, less 1. */
  readonly excess: number;
}

export function stopByEpochLoss(seed: number): NoiseStop {
  const data = table(seed);
  const losses: number[] = [];
  const descent = createDescent(
    (p: { a: number; b: number }, row: { x: number; y: number }) => (p.a * row.x + p.b - row.y) ** 2,
    { a: 0, b: 0 },
    { data, batch: BATCH, method: rmsprop({ learningRate: 0.1, decay: 0.9 }), seed, onStep: ({ value }) => losses.push(value) },
  );
  const batches = Math.ceil(ROWS / BATCH);
  let before = Number.POSITIVE_INFINITY;
  let epoch = 0;
  while (epoch < MAX_EPOCHS) {
    descent.step(batches);
    epoch++;
    const loss = losses.slice(-batches).reduce((sum, value) => sum + value, 0) / batches;
    if (Math.abs(loss - before) < 1e-3) break;
    before = loss;
  }
  const solution = descent.solution();
  const { a, b } = solution.params;
  const residuals = data.y.map((y, i) => a * data.x[i]! + b - y);
  const mean = (value: (i: number) => number): number => residuals.reduce((sum, _, i) => sum + value(i), 0) / ROWS;
  const gradientNorm =
    2 *
    Math.hypot(
      mean((i) => residuals[i]! * data.x[i]!),
      mean((i) => residuals[i]!),
    );
  return { epoch, solution, gradientNorm, excess: mean((i) => residuals[i]! ** 2) / smallestMean(data) - 1 };
}

/** The mean square of the residuals of the least-squares line. */
function smallestMean({ x, y }: { x: Float64Array; y: Float64Array }): number {
  const mean = (v: ArrayLike<number>): number => Array.from(v).reduce((sum, value) => sum + value, 0) / ROWS;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = mean(x.map((value, i) => (value - mx) * (y[i]! - my)));
  const variance = mean(x.map((value) => (value - mx) ** 2));
  return mean(y.map((value) => (value - my) ** 2)) - covariance ** 2 / variance;
}
