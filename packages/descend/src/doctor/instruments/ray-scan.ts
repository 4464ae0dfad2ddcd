/** The objective on the ray from the start through the end of the run, at doubling distances. */

import type { Probe } from "../probe.js";

export interface RayScan {
  /** f at start + 2ᵏ·(end − start), k = 0 … doublings. */
  readonly values: readonly number[];
  /** Whether it never rises, by more than rounding. */
  readonly falls: boolean;
  /** Fall from the end of the run to the last point. */
  readonly fall: number;
}

const DOUBLINGS = 16;

export function rayScan(probe: Probe, start: Float64Array, end: Float64Array, floor: number): RayScan {
  const values: number[] = [];
  for (let k = 0; k <= DOUBLINGS; k++) {
    const value = probe.value(start.map((x, i) => x + 2 ** k * (end[i]! - x)));
    values.push(value);
    // Past the range of numbers: −∞ is a fall without end, NaN and +∞ tell nothing of what is before
    if (!Number.isFinite(value)) break;
  }
  const last = values.at(-1)!;
  const counted = last === Number.NEGATIVE_INFINITY || Number.isFinite(last) ? values : values.slice(0, -1);
  const falls = counted.length > 6 && counted.every((value, k) => k === 0 || value <= counted[k - 1]! + floor);
  return { values, falls, fall: counted[0]! - counted.at(-1)! };
}
