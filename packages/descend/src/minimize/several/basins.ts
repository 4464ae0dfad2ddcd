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
  const same = sameness(endings, tolerances);
  const isFarBelow = farBelow(endings, tolerances);
  const groups: number[][] = [];
  const elsewhere = new Map<string, number[]>();
  /** Groups before this one are too low for all that follow. */
  let first = 0;
  for (const index of ascendingOrder(values)) {
    const kind = kinds[index]!;
    if (kind !== "") {
      const group = elsewhere.get(kind);
      if (group === undefined) elsewhere.set(kind, [index]);
      else group.push(index);
      continue;
    }
    while (first < groups.length && isFarBelow(groups[first]![0]!, index)) first++;
    let k = first;
    while (k < groups.length && !same(groups[k]![0]!, index)) k++;
    if (k === groups.length) groups.push([index]);
    else groups[k]!.push(index);
  }
  return [...groups, ...elsewhere.values()];
}

/** Whether two ends are one place. */
function sameness({ size, starts, ends, startValues, values }: Endings, tolerances: BasinTolerances): (a: number, b: number) => boolean {
  const spread = spreadOf(starts, size);
  return (a, b) => {
    const [low, high] = [values[a]!, values[b]!];
    const fall = Math.max(Math.abs(startValues[a]! - low), Math.abs(startValues[b]! - high));
    if (!(Math.abs(low - high) <= tolerances.value * Math.max(Math.abs(low), Math.abs(high), fall))) return false;
    for (let j = 0; j < size; j++) {
      const [x, y] = [ends[a * size + j]!, ends[b * size + j]!];
      const scale = Math.max(Math.abs(x), Math.abs(y), spread[j]!);
      if (!(Math.abs(x - y) <= tolerances.distance * scale)) return false;
    }
    return true;
  };
}

/**
 * Whether an end is so much lower than another that neither this nor any that is higher can be the same: by more than twice what the largest fall of all
 * allows, which is more than rounding can make of once. What the tolerance allows grows with a value, but by less than half of what the value does.
 */
function farBelow({ startValues, values, kinds }: Endings, tolerances: BasinTolerances): (low: number, high: number) => boolean {
  if (tolerances.value >= 0.25) return () => false;
  const allowed = 2 * tolerances.value;
  let fall = 0;
  values.forEach((value, i) => {
    const own = Math.abs(startValues[i]! - value);
    if (kinds[i] === "" && own > fall) fall = own;
  });
  return (low, high) => values[high]! - values[low]! > allowed * Math.max(Math.abs(values[low]!), Math.abs(values[high]!), fall);
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
