/**
 * Where a search may ask: inside the box, at whole numbers where only these are taken.
 */

import { CATEGORY, type SearchProblem } from "../search-method.js";

export class Region {
  /** Bounds of each coordinate, [n]; whole where the coordinate is. ±∞ where there is none. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  private readonly integers: Uint8Array | undefined;

  constructor({ size, box, integers }: Pick<SearchProblem, "size" | "box" | "integers">) {
    const whole = (i: number): boolean => integers !== undefined && integers[i] !== 0;
    const bound = (bounds: Float64Array | undefined, open: number, inward: (x: number) => number): Float64Array =>
      Float64Array.from({ length: size }, (_, i) => (whole(i) ? inward(bounds?.[i] ?? open) : (bounds?.[i] ?? open)));
    this.lower = bound(box?.lower, Number.NEGATIVE_INFINITY, Math.ceil);
    this.upper = bound(box?.upper, Number.POSITIVE_INFINITY, Math.floor);
    this.integers = integers;
  }

  /** Whether coordinate i takes whole numbers only. */
  isWhole(i: number): boolean {
    return this.integers !== undefined && this.integers[i] !== 0;
  }

  /** Whether the whole numbers of coordinate i are names without an order. */
  isCategory(i: number): boolean {
    return this.integers !== undefined && this.integers[i] === CATEGORY;
  }

  /** x as coordinate i may take it: rounded if whole, then moved into its bounds. */
  settle(i: number, x: number): number {
    const value = this.isWhole(i) ? Math.round(x) : x;
    // Adding 0 makes a zero of rounding positive, as it is after JSON.
    return Math.min(Math.max(value, this.lower[i]!), this.upper[i]!) + 0;
  }

  /** The nearest point that may be asked for, [n], a new array. */
  settled(params: ArrayLike<number>): Float64Array {
    return Float64Array.from(this.lower, (_, i) => this.settle(i, params[i]!));
  }

  /** upper − lower; ∞ if a bound is missing. */
  width(i: number): number {
    return this.upper[i]! - this.lower[i]!;
  }

  /** Whether coordinate i has one value only. */
  isFixed(i: number): boolean {
    return !(this.width(i) > 0);
  }

  /**
   * Where to draw first points of coordinate i from: its bounds; where one is missing, `reach` to that side of the start.
   *
   * @param reach - in units of max(1, |start|).
   */
  drawn(i: number, start: number, reach: number): readonly [low: number, high: number] {
    const distance = reach * Math.max(1, Math.abs(start));
    const low = Number.isFinite(this.lower[i]!) ? this.lower[i]! : Math.min(start, this.upper[i]!) - distance;
    const high = Number.isFinite(this.upper[i]!) ? this.upper[i]! : Math.max(start, low) + distance;
    return [low, high];
  }

  /** One of the values of a category other than `value`, chosen by a uniform number in [0, 1); `value` itself if it is the only one. */
  otherCategory(i: number, value: number, uniform: number): number {
    const count = this.width(i);
    if (!(count > 0)) return value;
    const other = this.lower[i]! + Math.floor(uniform * count);
    return other >= value ? other + 1 : other;
  }
}

/** The value for comparisons: what is not a number is worse than everything. */
export function ranked(value: number): number {
  return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
}

/** Largest difference between coordinates of two points, each divided by its scale. */
export function scaledDistance(a: Float64Array, b: Float64Array, scales: Float64Array): number {
  let distance = 0;
  for (let i = 0; i < a.length; i++) distance = Math.max(distance, Math.abs(a[i]! - b[i]!) / scales[i]!);
  return distance;
}
