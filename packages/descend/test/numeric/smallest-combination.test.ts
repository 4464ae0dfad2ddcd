// Oracle: geometry of triangles and segments; the condition ⟨gᵢ, v⟩ ≥ ‖v‖² that the shortest vector of a hull satisfies.

import { describe, expect, it } from "vitest";
import { dot, twoNorm } from "../../src/numeric/blas1.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { smallestCombination } from "../../src/numeric/smallest-combination.js";

const of = (...vectors: number[][]) => [...smallestCombination(vectors.map((v) => Float64Array.from(v)))!];

describe("smallestCombination", () => {
  it("is the foot of the perpendicular on a segment, or its nearer end", () => {
    expect(of([1, 1], [1, -1]).map((x) => Number(x.toFixed(12)))).toEqual([1, 0]);
    expect(of([1, 1], [3, 1]).map((x) => Number(x.toFixed(12)))).toEqual([1, 1]);
  });

  it("is 0 if the hull contains 0", () => {
    expect(twoNorm(of([1, 0], [-1, 1], [-1, -1]))).toBeLessThan(1e-10);
    expect(of([0, 0])).toEqual([0, 0]);
  });

  it("does not depend on scale", () => {
    expect(of([1e-200, 1e-200], [1e-200, -1e-200])[0]! / 1e-200).toBeCloseTo(1, 10);
  });

  it("has no vector of the hull on the near side of it", () => {
    for (let seed = 0; seed < 20; seed++) {
      const vectors = Array.from({ length: 9 }, (_, k) =>
        Float64Array.from({ length: 5 }, (_, i) => threefryUniform(seed, k, i) - (i === 0 ? 0 : 0.5)),
      );
      const smallest = smallestCombination(vectors)!;
      for (const g of vectors) expect(dot(g, smallest)).toBeGreaterThan(dot(smallest, smallest) - 1e-9);
    }
  });
});
