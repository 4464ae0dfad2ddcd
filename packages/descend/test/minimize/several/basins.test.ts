// Oracle: the definition, each end compared with the first of every group in turn.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BasinTolerances, type Endings, groupEndings } from "../../../src/minimize/several/basins.js";

/** The same table without an order of values to make use of. */
function groupedOneByOne(endings: Endings, tolerances: BasinTolerances): number[][] {
  const { size, starts, ends, startValues, values, kinds } = endings;
  const spread = Array.from({ length: size }, (_, j) => {
    const along = Array.from(values, (_, i) => starts[i * size + j]!);
    return Math.max(...along) - Math.min(...along);
  });
  const same = (a: number, b: number): boolean => {
    const falls = [a, b].map((i) => Math.abs(startValues[i]! - values[i]!));
    const scale = Math.max(Math.abs(values[a]!), Math.abs(values[b]!), ...falls);
    if (!(Math.abs(values[a]! - values[b]!) <= tolerances.value * scale)) return false;
    return spread.every((width, j) => {
      const [x, y] = [ends[a * size + j]!, ends[b * size + j]!];
      return Math.abs(x - y) <= tolerances.distance * Math.max(Math.abs(x), Math.abs(y), width);
    });
  };
  const last = (x: number): number => (Number.isNaN(x) ? Number.MAX_VALUE : x);
  const order = [...values.keys()].sort((a, b) => (last(values[a]!) === last(values[b]!) ? a - b : last(values[a]!) - last(values[b]!)));
  const groups: number[][] = [];
  const elsewhere: Record<string, number[]> = {};
  for (const i of order) {
    if (kinds[i] !== "") elsewhere[kinds[i]!] = [...(elsewhere[kinds[i]!] ?? []), i];
    else {
      const group = groups.find(([first]) => same(first!, i));
      if (group === undefined) groups.push([i]);
      else group.push(i);
    }
  }
  return [...groups, ...Object.values(elsewhere)];
}

describe("groupEndings", () => {
  const coarse = fc.integer({ min: -6, max: 6 }).map((k) => k / 2);
  const value = fc.oneof(
    { weight: 8, arbitrary: coarse },
    { weight: 2, arbitrary: fc.double({ min: -1e3, max: 1e3, noNaN: true }) },
    { weight: 1, arbitrary: fc.constantFrom(Number.NaN, -0, 1e-9, 1e-9 + 1e-15, 1e9) },
  );
  const ending = fc.record({ start: coarse, startValue: value, value, end: coarse, kind: fc.constantFrom("", "", "", "unbounded", "b") });

  it.each([
    { distance: 1e-3, value: 1e-6 },
    { distance: 0.2, value: 0.1 },
    { distance: 0.5, value: 0.24999 },
    { distance: 0.5, value: 0.6 },
    { distance: 3, value: 4 },
  ])("is what comparing each end with every group gives: $distance, $value", (tolerances) => {
    fc.assert(
      fc.property(fc.array(ending, { minLength: 1, maxLength: 60 }), (list) => {
        const endings: Endings = {
          size: 1,
          starts: Float64Array.from(list, (e) => e.start),
          ends: Float64Array.from(list, (e) => e.end),
          startValues: Float64Array.from(list, (e) => e.startValue),
          values: Float64Array.from(list, (e) => e.value),
          kinds: list.map((e) => e.kind),
        };
        expect(groupEndings(endings, tolerances)).toEqual(groupedOneByOne(endings, tolerances));
      }),
      { numRuns: 400 },
    );
  });
});
