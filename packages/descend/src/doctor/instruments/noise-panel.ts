/**
 * The noise of mini-batches at a point: spread of single rows' gradients, spread of batches as they are taken
 * against random ones, and the order of the target.
 */

import { mean, median } from "../../numeric/averages.js";
import { threefryUniform } from "../../numeric/random.js";
import type { Probe } from "../probe.js";

export interface NoisePanel {
  /** tr Σ: mean ‖gᵢ − ḡ‖² over single rows. */
  readonly trace: number;
  /** tr Σ/‖ḡ‖²: batches below it are mostly noise. */
  readonly noiseScale: number;
  /** Mean ‖g_b − ḡ‖² of batches as they are taken ÷ that of random batches of as many rows. */
  readonly spreadRatio: number;
  /** z of the number of runs of the target above and below its median (mean where values repeat), along the rows (Wald, Wolfowitz). */
  readonly runs: number;
}

/** Single rows, and batches of each kind, looked at. */
const ROWS = 64;
const BATCHES = 12;

export interface NoiseOptions {
  /** Rows of each batch of an epoch, in order. */
  readonly batches: readonly (readonly number[])[];
  readonly target: ArrayLike<number> | undefined;
  readonly seed: number;
}

export function noisePanel(probe: Probe, params: Float64Array, { batches, target, seed }: NoiseOptions): NoisePanel {
  const rows = probe.rows;
  const whole = probe.at(params).gradient;
  const size = whole.reduce((sum, g) => sum + g * g, 0);
  const count = Math.min(ROWS, rows);
  const spread = (groups: readonly (readonly number[])[]): number =>
    groups.reduce((sum, group) => {
      const { gradient } = probe.over(group, params);
      return sum + gradient.reduce((total, g, i) => total + (g - whole[i]!) ** 2, 0);
    }, 0) / groups.length;
  const singles = Array.from({ length: count }, (_, k) => [Math.floor(threefryUniform(seed, 0x501, k) * rows)]);
  const trace = spread(singles);
  // Batches of the usual size only: the last of an epoch may be smaller
  const usual = batches[0]!.length;
  const full = batches.filter(({ length }) => length === usual);
  const stride = Math.max(1, Math.floor(full.length / BATCHES));
  const taken = full.filter((_, k) => k % stride === 0).slice(0, BATCHES);
  const random = taken.map((_, b) => Array.from({ length: usual }, (_, k) => Math.floor(threefryUniform(seed, 0x600 + b, k) * rows)));
  return {
    trace,
    noiseScale: size > 0 ? trace / size : Number.POSITIVE_INFINITY,
    spreadRatio: taken.length >= 2 && usual < rows ? spread(taken) / Math.max(spread(random), Number.MIN_VALUE) : 1,
    runs: target === undefined ? 0 : runsOf(target),
  };
}

function runsOf(target: ArrayLike<number>): number {
  const values = Array.from(target);
  // Where half of the values are the same, as of two classes, the median parts nothing
  const usual = median(target);
  const middle = usual === Math.min(...values) || usual === Math.max(...values) ? mean(values) : usual;
  const above = values.filter((y) => y !== middle).map((y) => y > middle);
  const up = above.filter(Boolean).length;
  const down = above.length - up;
  if (up < 5 || down < 5) return 0;
  let runs = 1;
  for (let i = 1; i < above.length; i++) if (above[i] !== above[i - 1]) runs++;
  const n = above.length;
  const expected = (2 * up * down) / n + 1;
  const variance = ((expected - 1) * (expected - 2)) / (n - 1);
  return (runs - expected) / Math.sqrt(variance);
}
