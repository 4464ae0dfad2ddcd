// Oracle: what an order is: each index once, no value after a larger one, ties as they stand, what is no number last.

import fc from "fast-check";
import { expect, it } from "vitest";
import { ascendingOrder } from "../../src/numeric/ascending-order.js";

const EDGES = [0, -0, 1, 2, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

it("orders any numbers", () => {
  const number = fc.oneof(fc.double(), fc.constantFrom(...EDGES));
  fc.assert(
    fc.property(fc.array(number, { maxLength: 70 }), (values) => {
      const order = [...ascendingOrder(Float64Array.from(values))];
      expect([...order].sort((a, b) => a - b)).toEqual([...values.keys()]);
      for (let k = 1; k < order.length; k++) {
        const [before, after] = [order[k - 1]!, order[k]!];
        const [a, b] = [values[before]!, values[after]!];
        const isTie = a === b || (Number.isNaN(a) && Number.isNaN(b));
        expect(isTie ? before < after : Number.isNaN(b) || a < b).toBe(true);
      }
    }),
  );
});
