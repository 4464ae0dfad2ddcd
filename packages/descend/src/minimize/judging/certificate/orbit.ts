/**
 * Do the steps lead anywhere? The descent walks on a few steps from where it ended, and back: if the way is long, its ends are close
 * together, its steps do not grow shorter and the values no lower, then the length of the steps keeps it from settling.
 */

import { dot, twoNorm } from "../../../numeric/blas1.js";
import { short, type Test } from "./test.js";

/** Walks on from the end of the descent and returns; stops early where the descent would. */
export type Walk = (steps: number, visit: (params: ArrayLike<number>, value: number) => void) => void;

/** Steps walked: even, so that a cycle of two closes; and where judging may cost no more, the fewest that tell. */
export const ORBIT_STEPS = 40;
export const LEAST_ORBIT_STEPS = 24;
/** Net way over the whole way at most, and the least share of their length that steps keep from one half to the next. */
const NET_SHARE = 0.25;
const KEPT_LENGTH = 0.85;
/** Fall of the mean value from one half to the next, against its spread, from which the descent still gains. */
const GAIN_SHARE = 0.1;
/** The same against what one step promises, its length times the slope: values at both ends of a cycle may agree to rounding. */
const PROMISE_SHARE = 1e-3;

export interface OrbitFindings {
  readonly test: Test;
  /** Mean cosine between one step and the next. */
  readonly turning: number;
}

/**
 * @param slope - ‖g‖₂ where the walk begins. Default 0.
 * @param steps - even, from {@link LEAST_ORBIT_STEPS} on. Default {@link ORBIT_STEPS}.
 * @returns undefined if the descent cannot walk that far.
 */
export function orbitTest(
  walk: Walk,
  from: ArrayLike<number>,
  value: number,
  roundoff: number,
  slope: number = 0,
  steps: number = ORBIT_STEPS,
): OrbitFindings | undefined {
  const n = from.length;
  const start = Float64Array.from(from);
  let before = start;
  let lastStep: Float64Array | undefined;
  const lengths: number[] = [];
  const values: number[] = [value];
  let turning = 0;
  walk(steps, (params, reached) => {
    const here = Float64Array.from(params);
    const step = here.map((x, i) => x - before[i]!);
    const length = twoNorm(step);
    if (lastStep !== undefined) turning += dot(step, lastStep) / (length * lengths.at(-1)!) || 0;
    lengths.push(length);
    values.push(reached);
    lastStep = step;
    before = here;
  });
  if (lengths.length < steps) return undefined;
  const half = steps / 2;
  const [early, late] = [lengths.slice(0, half), lengths.slice(half)].map(sum) as [number, number];
  const net = twoNorm(before.map((x, i) => x - start[i]!));
  const way = early + late;
  const spread = Math.max(...values) - Math.min(...values);
  const gain = (sum(values.slice(0, half)) - sum(values.slice(half + 1))) / half;
  const moves = way > steps * 16 * roundoff * Math.max(twoNorm(start), Number.MIN_VALUE);
  const noGain = Math.max(GAIN_SHARE * spread, (PROMISE_SHARE * slope * way) / steps, roundoff * Math.abs(value));
  const orbits = moves && net <= NET_SHARE * way && late >= KEPT_LENGTH * early && gain <= noGain;
  return {
    test: {
      name: "orbit",
      passed: !orbits,
      value: way > 0 ? net / way : 0,
      threshold: NET_SHARE,
      evidence: `${steps} steps on cover a way of ${short(way)} and lead ${short(net)} from where they began; the second half is ${short(late / early)} times as long as the first (n = ${n})`,
    },
    turning: turning / (steps - 1),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
