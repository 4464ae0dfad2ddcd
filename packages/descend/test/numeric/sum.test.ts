import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { segmentStart, sumLanes, sumLeftToRight, sumOrder, sumPairwise, sumRows } from "../../src/numeric/sum.js";

const float64 = sumOrder("float64");
const float32 = sumOrder("float32");
// Numbers whose sum shows in which order they were added: 1 is lost beside 2^53, and 2^53 cancels.
const big = 2 ** 53;

describe("the order of sums", () => {
  it("adds fewer than two vectors from left to right (oracle: 2^53 + 1 = 2^53 in float64)", () => {
    expect(sumLanes([big, 1, -big], float64)).toBe(0);
    expect(sumLanes([1, big, -big], float64)).toBe(0);
    expect(sumLanes([big, -big, 1], float64)).toBe(1);
  });

  it("adds four or more float64 elements in two lanes, then the tail (oracle: written out by hand)", () => {
    // lanes: 2^53 − 2^53 = 0 and 1 + 1 = 2
    expect(sumLanes([big, 1, -big, 1], float64)).toBe(2);
    // the tail comes after the lanes are combined: (2^53 + 0) + 1 = 2^53
    expect(sumLanes([big, 1, 0, -1, 1], float64)).toBe(big);
  });

  it("adds eight or more float32 elements in four lanes, rounding each sum (oracle: written out by hand)", () => {
    const x = [1, 2, 3, 4, 5, 6, 7, 8, 0.1].map(Math.fround);
    const f = Math.fround;
    expect(sumLanes(x, float32)).toBe(f(f(f(6 + 8) + f(10 + 12)) + f(0.1)));
    expect(sumLanes([2 ** 24, 1, 1, 1, -(2 ** 24), 1, 1, 1], float32)).toBe(6);
  });

  it("adds the rows of a tile in lanes and the tiles from left to right in their segment (oracle: written out by hand)", () => {
    const order = sumOrder("float64", 4, 2);
    // Tiles [a b c d][e f g h][i]; 3 tiles in 2 segments: [0, 1) and [1, 3).
    const rows = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
    const tile0 = 0.1 + 0.3 + (0.2 + 0.4);
    const tile1 = 0.5 + 0.7 + (0.6 + 0.8);
    expect(sumRows(rows, order)).toBe(tile0 + (tile1 + 0.9));
    expect(segmentStart(1, 3, 2)).toBe(1);
  });

  it("combines segments in a balanced tree (oracle: written out by hand)", () => {
    const x = [0.1, 0.2, 0.3, 0.4, 0.5];
    expect(sumPairwise(x)).toBe(0.1 + 0.2 + (0.3 + 0.4) + 0.5);
    expect(sumPairwise([])).toBe(0);
    expect(sumRows([], float64)).toBe(0);
  });

  it("is exact on whole numbers of any count, whatever the layout (oracle: exact integer arithmetic)", () => {
    const integers = fc.array(fc.integer({ min: -1000, max: 1000 }), { maxLength: 400 });
    fc.assert(
      fc.property(integers, fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 70 }), (x, tileRows, segments) => {
        const exact = x.reduce((a, b) => a + b, 0);
        for (const dtype of ["float64", "float32"] as const) {
          const order = sumOrder(dtype, tileRows, segments);
          expect(sumRows(x, order)).toBe(exact);
          expect(sumLanes(x, order) + 0).toBe(exact);
          expect(sumLeftToRight(x, 0, x.length) + 0).toBe(exact);
        }
      }),
    );
  });

  it("deals every tile to exactly one segment (oracle: counting)", () => {
    for (const tiles of [1, 2, 3, 63, 64, 65, 100, 7813]) {
      const segments = Math.min(64, tiles);
      expect(segmentStart(0, tiles, segments)).toBe(0);
      expect(segmentStart(segments, tiles, segments)).toBe(tiles);
      for (let s = 0; s < segments; s++) expect(segmentStart(s + 1, tiles, segments)).toBeGreaterThan(segmentStart(s, tiles, segments));
    }
  });
});
