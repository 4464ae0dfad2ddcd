// Oracle: flattenLike, tree by tree.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DescendError } from "../../src/errors.js";
import { flattenAll } from "../../src/tree/flatten-all.js";
import { flatten, flattenLike, type Params } from "../../src/tree/tree.js";

const one = {
  w: [
    [1, 2, 3],
    [4, 5, 6],
  ],
  b: Float64Array.of(7, 8),
  layers: [{ gain: 9 }, { gain: [10] }],
  "learning rate": 11,
};
const { layout } = flatten(one as never);

describe("flattenAll", () => {
  it("puts the values of each tree in a row, in whatever containers they are", () => {
    const other = {
      ...one,
      w: one.w.map((row) => row.map((x) => -x)),
      b: [0.5, -0],
      layers: [{ gain: 1e300 }, { gain: Float32Array.of(3) }],
    };
    expect([...flattenAll(layout, [one, other, one], "start")]).toEqual(
      [one, other, one].flatMap((tree) => [...flattenLike(layout, tree as never)]),
    );
    expect([...flattenAll(flatten(2).layout, [3, 4], "start")]).toEqual([3, 4]);
    expect([...flattenAll(layout, [], "start")]).toEqual([]);
  });

  it("agrees with one tree after the other for records of numbers", () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    const record = fc.record({ x: number, y: fc.array(number, { minLength: 3, maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1 }), (trees) => {
        const like = flatten(trees[0] as Params).layout;
        expect([...flattenAll(like, trees, "start")]).toEqual(trees.flatMap((tree) => [...flattenLike(like, tree)]));
      }),
    );
  });

  it.each([
    ["another order", { y: 1, x: 2 }],
    ["an entry too many", { x: 1, y: 2, z: 3 }],
    ["an entry too few", { x: 1 }],
    ["no number", { x: 1, y: "2" }],
    ["no finite number", { x: 1, y: Number.NaN }],
    ["an object that is no record", new Map([["x", 1]])],
    ["a hole", { x: 1, y: new Array(1) }],
    ["nothing", null],
  ])("refuses what flattenLike refuses, in the same words: %s", (_, bad) => {
    const like = flatten({ x: 1, y: 2 }).layout;
    const errorOf = (run: () => unknown): DescendError => {
      try {
        run();
      } catch (error) {
        if (error instanceof DescendError) return error;
      }
      throw new Error("nothing was thrown");
    };
    const expected = errorOf(() => flattenLike(like, bad as never, "start"));
    const got = errorOf(() => flattenAll(like, [{ x: 1, y: 2 }, bad], "start"));
    expect([got.code, got.message, got.details]).toEqual([expected.code, expected.message, expected.details]);
  });
});
