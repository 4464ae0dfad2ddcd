/**
 * Oracles: the definition of a projection, ⟨z − P(z), y − P(z)⟩ ≤ 0 for every y of the set and P(z) in it; for the simplex and the L1 ball
 * the algorithm that sorts (Duchi et al. 2008, figure 1).
 */

import { describe, expect, it } from "vitest";
import { input } from "../../../src/graph/build.js";
import { evaluate } from "../../../src/graph/interpret.js";
import { Tensor } from "../../../src/graph/tensor.js";
import { dot, twoNorm } from "../../../src/numeric/blas1.js";
import { threefryUniform } from "../../../src/numeric/random.js";
import { affineSet } from "../../../src/optim/projections/affine-set.js";
import type { ConvexSet } from "../../../src/optim/projections/convex-set.js";
import { halfSpace } from "../../../src/optim/projections/half-space.js";
import { interval, nonNegative } from "../../../src/optim/projections/interval.js";
import { l1Ball } from "../../../src/optim/projections/l1-ball.js";
import { simplex } from "../../../src/optim/projections/simplex.js";
import { twoBall } from "../../../src/optim/projections/two-ball.js";

function projected(set: ConvexSet, z: ArrayLike<number>): Float64Array {
  return evaluate([set.project(Tensor.of(input("z", [z.length]))).node], { inputs: { z } })[0]!;
}

const random = (n: number, seed: number, size: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => size * (2 * threefryUniform(17, seed, i) - 1));

/** Duchi et al. 2008, figure 1: the entries in falling order, the last k for which the mean excess is below the entry. */
function sortedThreshold(z: ArrayLike<number>, total: number): number {
  const sorted = Float64Array.from(z).sort().reverse();
  let sum = 0;
  let threshold = 0;
  sorted.forEach((entry, k) => {
    sum += entry;
    if (entry - (sum - total) / (k + 1) > 0) threshold = (sum - total) / (k + 1);
  });
  return threshold;
}

const n = 7;
const sets: readonly [ConvexSet, contains: (x: Float64Array) => number][] = [
  [simplex(), (x) => Math.max(Math.abs(x.reduce((s, v) => s + v, 0) - 1), -Math.min(...x))],
  [simplex({ total: 3 }), (x) => Math.max(Math.abs(x.reduce((s, v) => s + v, 0) - 3), -Math.min(...x))],
  [l1Ball({ radius: 2 }), (x) => x.reduce((s, v) => s + Math.abs(v), 0) - 2],
  [twoBall(), (x) => twoNorm(x) - 1],
  [twoBall({ radius: 0.5, center: [1, 2, 3, 4, 5, 6, 7] }), (x) => twoNorm(x.map((v, i) => v - i - 1)) - 0.5],
  [interval(-1, 0.5), (x) => Math.max(-1 - Math.min(...x), Math.max(...x) - 0.5)],
  [nonNegative(), (x) => -Math.min(...x)],
  [halfSpace([1, -2, 3, 0, 1, 1, 1], -1), (x) => dot(x, [1, -2, 3, 0, 1, 1, 1]) + 1],
  [
    affineSet(
      [
        [1, 1, 1, 1, 1, 1, 1],
        [1, 2, 3, 4, 5, 6, 7],
      ],
      [1, 3],
    ),
    (x) => Math.max(Math.abs(x.reduce((s, v) => s + v, 0) - 1), Math.abs(x.reduce((s, v, i) => s + v * (i + 1), 0) - 3)),
  ],
];

describe("the nearest point of a set", () => {
  it.each(sets.map(([set, contains]) => [set.name, set, contains] as const))("%s", (_, set, contains) => {
    for (let seed = 0; seed < 100; seed++) {
      const size = 10 ** (seed % 5) / 10;
      const z = random(n, seed, size);
      const p = projected(set, z);
      expect(contains(p)).toBeLessThan(4e-15 * Math.max(10, size));
      for (let k = 0; k < 5; k++) {
        const y = projected(set, random(n, 1000 + 5 * seed + k, 3));
        const toward = dot(
          z.map((v, i) => v - p[i]!),
          y.map((v, i) => v - p[i]!),
        );
        expect(toward).toBeLessThan(1e-14 * Math.max(10, size) ** 2);
      }
      // What is in the set stays.
      projected(set, p).forEach((value, i) => {
        expect(Math.abs(value - p[i]!)).toBeLessThan(4e-15 * Math.max(10, size));
      });
    }
  });

  it.each([1, 2, 3, 8, 100, 1000])("of the simplex and the L1 ball is that of the algorithm that sorts: %i entries", (count) => {
    for (let seed = 0; seed < 20; seed++) {
      const z = random(count, seed, 10 ** (seed % 4) / 10);
      const threshold = sortedThreshold(z, 1);
      projected(simplex(), z).forEach((value, i) => {
        expect(Math.abs(value - Math.max(z[i]! - threshold, 0))).toBeLessThan(1e-13);
      });
      const sizes = z.map(Math.abs);
      const inside = sizes.reduce((s, v) => s + v, 0) <= 1;
      const ballThreshold = inside ? 0 : sortedThreshold(sizes, 1);
      projected(l1Ball(), z).forEach((value, i) => {
        expect(Math.abs(value - Math.sign(z[i]!) * Math.max(sizes[i]! - ballThreshold, 0))).toBeLessThan(1e-13);
      });
    }
  });

  it("of the simplex for equal entries, entries far apart, and one entry", () => {
    expect([...projected(simplex(), [5, 5, 5, 5])]).toEqual([0.25, 0.25, 0.25, 0.25]);
    expect([...projected(simplex(), [1e6, 0, -1e6])]).toEqual([1, 0, 0]);
    expect([...projected(simplex({ total: 2 }), [-7])]).toEqual([2]);
  });

  it("is refused for sets that cannot be", () => {
    const refused = expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" });
    expect(() => simplex({ total: 0 })).toThrow(refused);
    expect(() => l1Ball({ radius: -1 })).toThrow(refused);
    expect(() => twoBall({ center: [Number.NaN] })).toThrow(refused);
    expect(() => interval([0, 2], 1)).toThrow(refused);
    expect(() => halfSpace([0, 0], 1)).toThrow(refused);
    expect(() =>
      affineSet(
        [
          [1, 2],
          [2, 4],
        ],
        [1, 2],
      ),
    ).toThrow(refused);
    expect(() => affineSet([[1, 2]], [1, 2])).toThrow(refused);
  });
});
