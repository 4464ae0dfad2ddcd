/** What methods with a population share: its first members, its best one, how far it spreads, when there is nothing left to choose from. */

import type { SearchPoint, SearchProblem } from "../search-method.js";
import type { Draws } from "./draws.js";
import { type Region, ranked } from "./region.js";
import { roundingOf, samePoint } from "./step-sizes.js";

/** Points with their values, NaN counted as ∞. */
export interface Population {
  readonly members: readonly Float64Array[];
  readonly values: Float64Array;
}

/** How far beyond the start first members lie where there is no bound, in units of max(1, |x|). */
const REACH = 5;

/**
 * A Latin hypercube: in each coordinate, one member in each of `count` equally wide strips, in random order.
 *
 * Source: McKay, Beckman and Conover 1979.
 */
export function latinHypercube(count: number, { start }: Pick<SearchProblem, "start">, region: Region, draws: Draws): Float64Array[] {
  const members = Array.from({ length: count }, () => new Float64Array(start.length));
  for (let i = 0; i < start.length; i++) {
    const [low, high] = region.drawn(i, start[i]!, REACH);
    // Whole numbers get strips of equal width around each of them.
    const margin = region.isWhole(i) ? 0.5 : 0;
    draws.permutation(count).forEach((strip, k) => {
      members[k]![i] = region.settle(i, low - margin + (high - low + 2 * margin) * ((strip + draws.uniform()) / count));
    });
  }
  return members;
}

/** Index of the lowest value; the first of several. */
export function bestOf(values: Float64Array): number {
  let best = 0;
  for (let k = 1; k < values.length; k++) if (values[k]! < values[best]!) best = k;
  return best;
}

/** Indices from the lowest to the highest value; the earlier of equals first. */
export function ranking(values: ArrayLike<number>): number[] {
  return Array.from({ length: values.length }, (_, k) => k).sort((a, b) =>
    values[a]! < values[b]! ? -1 : values[a]! > values[b]! ? 1 : a - b,
  );
}

/** The population with `point` among its members: if it was moved from outside, it takes the place of the worst. */
export function withPoint(population: Population, point: SearchPoint): Population {
  if (population.members.some((member) => samePoint(member, point.params))) return population;
  const worst = ranking(population.values).at(-1)!;
  return {
    members: population.members.map((member, k) => (k === worst ? point.params : member)),
    values: population.values.map((value, k) => (k === worst ? ranked(point.value) : value)),
  };
}

/** Largest minus smallest member in each coordinate, [n]. */
export function widthsOf(members: readonly Float64Array[]): Float64Array {
  return Float64Array.from(members[0]!, (_, i) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const member of members) {
      low = Math.min(low, member[i]!);
      high = Math.max(high, member[i]!);
    }
    return high - low;
  });
}

/** Whether the members no longer differ: in their places, or in their values by more than rounding. */
export function hasContracted({ members, values }: Population, scales: Float64Array, tolerance: number): boolean {
  if (widthsOf(members).every((width, i) => width <= tolerance * scales[i]!)) return true;
  const order = ranking(values);
  const [lowest, highest] = [values[order[0]!]!, values[order.at(-1)!]!];
  return highest - lowest <= roundingOf(lowest);
}
