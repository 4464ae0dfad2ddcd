/** Which level lines to draw so that their spacing can be stated in one sentence. */

import { tickStep, ticks } from "d3-array";
import type { Numbers } from "./finite.js";

export type Levels =
  /** Equal differences. */
  | { readonly kind: "even"; readonly values: readonly number[]; readonly step: number }
  /** floor + c·ratio^k. */
  | { readonly kind: "geometric"; readonly values: readonly number[]; readonly ratio: number; readonly floor: number };

const RATIOS = [2, Math.sqrt(10), 10, 100, 1e4, 1e8, 1e16, 1e32, 1e64];
const MOST_LEVELS = 14;

/**
 * Evenly spaced levels where the values are spread evenly; where most of them are close to the lowest (a valley with steep walls) levels
 * whose distance to the lowest grows by a constant ratio.
 */
export function chooseLevels(values: Numbers): Levels {
  const sorted = Float64Array.from(values).filter(Number.isFinite).sort();
  if (sorted.length === 0 || sorted[0] === sorted.at(-1)) return { kind: "even", values: [], step: 0 };
  const lowest = sorted[0]!;
  const highest = sorted.at(-1)!;
  const quantile = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!;
  const spread = highest - lowest;
  const median = quantile(0.5) - lowest;
  if (!(spread > 5 * median) || !Number.isFinite(spread)) {
    const [low, high] = Number.isFinite(spread) ? [lowest, highest] : [lowest / 4, highest / 4];
    const factor = Number.isFinite(spread) ? 1 : 4;
    const inside = ticks(low, high, 11).filter((value) => value > low && value < high);
    return { kind: "even", values: inside.map((value) => value * factor), step: tickStep(low, high, 11) * factor };
  }
  // The sampled lowest value is only near the lowest there is: where that could be 0, say 0.
  const floor = lowest > 0 && lowest < 1e-3 * median ? 0 : lowest;
  const from = Math.max(quantile(0.01) - floor, spread * 1e-12, Number.MIN_VALUE);
  const span = Math.log(highest - floor) - Math.log(from);
  const ratio = RATIOS.find((candidate) => span / Math.log(candidate) <= MOST_LEVELS) ?? RATIOS.at(-1)!;
  const first = Math.ceil(Math.log(from) / Math.log(ratio));
  const levels: number[] = [];
  for (let k = first; ; k++) {
    const level = floor + powerOf(ratio, k);
    if (!(level < highest)) break;
    if (level > lowest) levels.push(level);
  }
  return { kind: "geometric", values: levels, ratio, floor };
}

/** ratio^k; whole powers of ten without rounding where the ratio allows it. */
function powerOf(ratio: number, k: number): number {
  if (ratio === RATIOS[1]) return k % 2 === 0 ? Number(`1e${k / 2}`) : Number(`1e${(k - 1) / 2}`) * ratio;
  return ratio >= 10 ? Number(`1e${k * Math.round(Math.log10(ratio))}`) : ratio ** k;
}
