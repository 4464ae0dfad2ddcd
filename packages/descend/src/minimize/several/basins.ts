/** Ends of descents that are one and the same place, put together. */

import { ascendingOrder } from "../../numeric/ascending-order.js";

/** Where descents began and ended, one after the other. */
export interface Endings {
  /** Parameters n of a point. */
  readonly size: number;
  /** `[descents, n] row-major`. */
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  /** `[descents]`. */
  readonly startValues: Float64Array;
  readonly values: Float64Array;
  /** Ends of different kinds are never one place: a limit is no point. A place is of the kind "". */
  readonly kinds: readonly string[];
}

export interface BasinTolerances {
  /** Distance along a parameter that is none, relative to the parameter and to the spread of the starts. */
  readonly distance: number;
  /** Difference of values that is none, relative to the value and to the fall from the starts. */
  readonly value: number;
}

/**
 * Groups of indices, the lowest value first; in each the lowest end first, which stands for the group. Ends without a place of one kind
 * are a group, after the others.
 *
 * Cost: n log₂ n for the order of n values; then each end is compared with the groups that are near in value.
 */
export function groupEndings(endings: Endings, tolerances: BasinTolerances): number[][] {
  const { values, kinds } = endings;
  const basins = new Basins(endings, tolerances);
  const elsewhere = new Map<string, number[]>();
  const order = ascendingOrder(values);
  for (let place = 0; place < order.length; place++) {
    const index = order[place]!;
    const kind = kinds[index]!;
    if (kind === "") basins.add(index);
    else if (elsewhere.has(kind)) elsewhere.get(kind)!.push(index);
    else elsewhere.set(kind, [index]);
  }
  return [...basins.groups, ...elsewhere.values()];
}

/**
 * The groups of ends that are added in the order of their values. Methods rather than closures: what is called
 * for each end is compiled once for all tables.
 */
class Basins {
  readonly groups: number[][] = [];
  /** The lowest of each group. */
  private readonly lowest: number[] = [];
  /** Groups before this one are too low for all that follow. */
  private first = 0;
  private readonly endings: Endings;
  private readonly tolerances: BasinTolerances;
  private readonly spread: Float64Array;
  private readonly falls: Float64Array;
  private readonly largestFall: number;
  /**
   * What the tolerance allows grows with a value; by less than half of what the value does, unless it is one that allows nearly all. So a
   * group that is lower than an end by twice what is allowed, which is more than rounding can make of once, is too low for all higher ones.
   */
  private readonly reach: number;

  constructor(endings: Endings, tolerances: BasinTolerances) {
    const { size, starts, startValues, values, kinds } = endings;
    this.endings = endings;
    this.tolerances = tolerances;
    this.spread = spreadOf(starts, size);
    this.falls = new Float64Array(values.length);
    let largest = 0;
    for (let i = 0; i < values.length; i++) {
      const fall = Math.abs(startValues[i]! - values[i]!);
      this.falls[i] = fall;
      if (kinds[i] === "" && fall > largest) largest = fall;
    }
    this.largestFall = largest;
    this.reach = tolerances.value < 0.25 ? 2 * tolerances.value : Number.POSITIVE_INFINITY;
  }

  add(index: number): void {
    const { lowest, groups } = this;
    while (this.first < lowest.length && this.isFarAbove(index, lowest[this.first]!)) this.first++;
    let k = this.first;
    while (k < lowest.length && !this.isSame(lowest[k]!, index)) k++;
    if (k < lowest.length) groups[k]!.push(index);
    else {
      groups.push([index]);
      lowest.push(index);
    }
  }

  private isFarAbove(high: number, low: number): boolean {
    const { values } = this.endings;
    const scale = Math.max(Math.abs(values[low]!), Math.abs(values[high]!), this.largestFall);
    return values[high]! - values[low]! > this.reach * scale;
  }

  /** Whether two ends are one place. */
  private isSame(a: number, b: number): boolean {
    const { falls, spread } = this;
    const { size, values, ends } = this.endings;
    const { value, distance } = this.tolerances;
    const scale = Math.max(Math.abs(values[a]!), Math.abs(values[b]!), falls[a]!, falls[b]!);
    if (!(Math.abs(values[a]! - values[b]!) <= value * scale)) return false;
    for (let j = 0; j < size; j++) {
      const x = ends[a * size + j]!;
      const y = ends[b * size + j]!;
      if (!(Math.abs(x - y) <= distance * Math.max(Math.abs(x), Math.abs(y), spread[j]!))) return false;
    }
    return true;
  }
}

/** Largest less smallest coordinate along each parameter. */
function spreadOf(points: Float64Array, size: number): Float64Array {
  const most = points.slice(0, size);
  const least = points.slice(0, size);
  for (let i = size; i < points.length; i += size) {
    for (let j = 0; j < size; j++) {
      most[j] = Math.max(most[j]!, points[i + j]!);
      least[j] = Math.min(least[j]!, points[i + j]!);
    }
  }
  return most.map((x, j) => x - least[j]!);
}
