/** Oracles: the definition of a norm in exact-enough arithmetic, and PyTorch's clip_grad_norm_ (reference/torch-losses.json). */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { threefryUniform } from "../../../src/numeric/random.js";
import { clipByLeafNorm } from "../../../src/optim/transforms/clip-by-leaf-norm.js";
import { clipByNorm } from "../../../src/optim/transforms/clip-by-norm.js";
import { clipByValue } from "../../../src/optim/transforms/clip-by-value.js";
import { referenceJson } from "../../reference-data.js";
import { applyRule } from "../run-rule.js";
import { exactTwoNorm, ulpOf } from "./exact-norm.js";

interface Clipping {
  function: string;
  given: Record<string, unknown>;
  gradients: unknown[];
  totalNorm: number;
  clipped: unknown[];
}
const reference = referenceJson<{ clipping: Clipping[] }>("torch-losses.json");

// Elements far below the others do not matter here, and have no place in the exact norm.
const elements = fc.double({ min: -10, max: 10, noNaN: true }).map((x) => (Math.abs(x) < 1e-14 ? 0 : x));
const vectors = fc.array(elements, { minLength: 2, maxLength: 9 });

describe("clipByNorm", () => {
  it("clips to the given norm within 1 ulp and keeps the direction", () => {
    fc.assert(
      fc.property(vectors, fc.double({ min: 1e-3, max: 100, noNaN: true }), (vector, limit) => {
        const clipped = applyRule(clipByNorm(limit), vector);
        expect(exactTwoNorm(clipped)).toBeLessThanOrEqual(limit + ulpOf(limit));
        const before = exactTwoNorm(vector);
        if (before === 0) return;
        const cosine = vector.reduce((sum, x, i) => sum + (x / before) * (clipped[i]! / exactTwoNorm(clipped)), 0);
        expect(Math.abs(cosine - 1)).toBeLessThan(1e-14);
      }),
      { numRuns: 2000, seed: 1 },
    );
  });

  it("stays within 4 ulps where the sum of squares is long, for 100 and 1000 elements", () => {
    for (const n of [100, 1000]) {
      for (let seed = 0; seed < 20; seed++) {
        const vector = Array.from({ length: n }, (_, i) => threefryUniform(seed, n, i) * 2 - 1);
        const clipped = applyRule(clipByNorm(0.7), vector);
        expect(Math.abs(exactTwoNorm(clipped) - 0.7)).toBeLessThanOrEqual(4 * ulpOf(0.7));
      }
    }
  });

  it("leaves the bits of what is short enough", () => {
    expect([...applyRule(clipByNorm(5), [3, -4])]).toEqual([3, -4]);
    expect([...applyRule(clipByNorm(1), [0.1, -0.7, 0.3])]).toEqual([0.1, -0.7, 0.3]);
    expect([...applyRule(clipByNorm(1), [0, 0])]).toEqual([0, 0]);
  });

  it("clips what is too long to be squared", () => {
    for (const size of [1e160, 1e300]) {
      const [x, y] = applyRule(clipByNorm(10), [3 * size, -4 * size]);
      expect(x).toBeCloseTo(6, 13);
      expect(y).toBeCloseTo(-8, 13);
    }
    const [a, b] = applyRule(clipByNorm(10), [3e30, -4e30], { dtype: "float32" });
    expect(a).toBeCloseTo(6, 5);
    expect(b).toBeCloseTo(-8, 5);
  });

  it("clips to a limit below what can be squared", () => {
    const [x, y] = applyRule(clipByNorm(1e-200), [3e-180, 4e-180]);
    expect(x! / 6e-201).toBeCloseTo(1, 13);
    expect(y! / 8e-201).toBeCloseTo(1, 13);
  });

  it("shows gradients that are not finite instead of hiding them", () => {
    expect([...applyRule(clipByNorm(1), [Number.NaN, 1])].every(Number.isNaN)).toBe(true);
    expect([...applyRule(clipByNorm(1), [Number.POSITIVE_INFINITY, 1])].some(Number.isNaN)).toBe(true);
  });

  it("refuses a negative limit and an unknown norm", () => {
    expect(() => clipByNorm(-1)).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
    expect(() => clipByNorm(1, { norm: "three" as "two" })).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
  });
});

describe("clipByLeafNorm", () => {
  it("clips each leaf by itself", () => {
    const leaves = [
      { path: ".a", offset: 0, shape: [2] },
      { path: ".b", offset: 2, shape: [1, 2] },
    ];
    const [a, b, c, d] = applyRule(clipByLeafNorm(1), [3, 4, 0.3, 0.4], { leaves });
    expect(a).toBeCloseTo(0.6, 15);
    expect(b).toBeCloseTo(0.8, 15);
    expect([c, d]).toEqual([0.3, 0.4]);
  });
});

describe("clipByValue", () => {
  it("bounds each element, keeps what lies within, and keeps NaN", () => {
    expect([...applyRule(clipByValue(2), [-5, -2, 0.5, 3, Number.POSITIVE_INFINITY])]).toEqual([-2, -2, 0.5, 2, 2]);
    expect(applyRule(clipByValue(2), [Number.NaN])[0]).toBeNaN();
  });
});

describe.skipIf(reference === undefined)("PyTorch's clipping (needs ../shared/reference)", () => {
  it.each((reference?.clipping ?? []).map((c) => [`${c.function} ${JSON.stringify(c.given)}`, c] as const))("agrees with %s", (_, c) => {
    const flat = c.gradients.flat(3) as number[];
    const expected = c.clipped.flat(3) as number[];
    if (c.function === "clip_grad_value_") {
      expect([...applyRule(clipByValue(c.given.clip_value as number), flat)]).toEqual(expected);
      return;
    }
    const norm = c.given.norm_type === "inf" ? "max" : c.given.norm_type === 1 ? "one" : "two";
    // PyTorch multiplies by min(1, c/(‖u‖ + 1e-6)): what it calls a limit c is our limit c·‖u‖/(‖u‖ + 1e-6).
    const limit = (c.given.max_norm as number) * (c.totalNorm / (c.totalNorm + 1e-6));
    const clipped = applyRule(clipByNorm(limit, { norm }), flat);
    expected.forEach((x, i) => {
      expect(Math.abs(clipped[i]! - x)).toBeLessThanOrEqual(1e-14 * Math.abs(x));
    });
  });
});
