/** The objective on a ray, at doubling distances. */

import type { Probe } from "../probe.js";

export interface RayScan {
  /** f at from + 2ᵏ·step, k = 0 … doublings. */
  readonly values: readonly number[];
  /** Whether it never rises, by more than rounding. */
  readonly falls: boolean;
  /** Fall from the first point to the last. */
  readonly fall: number;
}

const DOUBLINGS = 16;

/** @param step - from one point to another: the first point of the scan is where it ends. */
export function rayScan(probe: Probe, from: Float64Array, step: Float64Array, floor: number): RayScan {
  const values: number[] = [];
  for (let k = 0; k <= DOUBLINGS; k++) {
    const value = probe.value(from.map((x, i) => x + 2 ** k * step[i]!));
    values.push(value);
    // Past the range of numbers: −∞ is a fall without end, NaN and +∞ tell nothing of what is before
    if (!Number.isFinite(value)) break;
  }
  const last = values.at(-1)!;
  const counted = last === Number.NEGATIVE_INFINITY || Number.isFinite(last) ? values : values.slice(0, -1);
  const falls = counted.length > 6 && counted.every((value, k) => k === 0 || value <= counted[k - 1]! + floor);
  return { values, falls, fall: counted[0]! - counted.at(-1)! };
}
