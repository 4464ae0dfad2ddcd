/** Ends of descents that are one and the same place, put together. */

/** Where a descent began and ended, as flat vectors. */
export interface Ending {
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly startValue: number;
  readonly value: number;
  /** Ends of different kinds are never one place: a limit is no point. */
  readonly kind: string;
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
 */
export function groupEndings(endings: readonly Ending[], hasPlace: (kind: string) => boolean, tolerances: BasinTolerances): number[][] {
  const spread = spreadOf(endings.map(({ start }) => start));
  const same = (a: Ending, b: Ending): boolean => {
    const fall = Math.max(Math.abs(a.startValue - a.value), Math.abs(b.startValue - b.value));
    if (!(Math.abs(a.value - b.value) <= tolerances.value * Math.max(Math.abs(a.value), Math.abs(b.value), fall))) return false;
    return a.end.every((x, i) => {
      const scale = Math.max(Math.abs(x), Math.abs(b.end[i]!), spread[i]!);
      return Math.abs(x - b.end[i]!) <= tolerances.distance * scale;
    });
  };
  const order = endings.map((_, i) => i).sort((a, b) => compare(endings[a]!.value, endings[b]!.value) || a - b);
  const groups: number[][] = [];
  const elsewhere = new Map<string, number[]>();
  for (const index of order) {
    const ending = endings[index]!;
    if (!hasPlace(ending.kind)) {
      elsewhere.set(ending.kind, [...(elsewhere.get(ending.kind) ?? []), index]);
      continue;
    }
    const group = groups.find(([first]) => same(endings[first!]!, ending));
    if (group === undefined) groups.push([index]);
    else group.push(index);
  }
  return [...groups, ...elsewhere.values()];
}

/** What is not a number comes last. */
function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

function spreadOf(points: readonly Float64Array[]): Float64Array {
  const [first = new Float64Array(0)] = points;
  return first.map((_, j) => {
    const along = points.map((point) => point[j]!);
    return along.reduce((most, x) => Math.max(most, x), along[0]!) - along.reduce((least, x) => Math.min(least, x), along[0]!);
  });
}
