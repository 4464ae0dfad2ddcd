/** Oracle: an odd polynomial of a matrix acts on its singular values alone, here those of a diagonal matrix. */

import { describe, expect, it } from "vitest";
import { type OrthogonalizeOptions, orthogonalize } from "../../../src/optim/transforms/orthogonalize.js";
import { runRule } from "../run-rule.js";

const values = [3, 1, 0.2];
const diagonal = values.flatMap((value, i) => values.map((_, j) => (i === j ? value : 0)));

function orthogonalized(options: OrthogonalizeOptions): number[] {
  const leaves = [{ path: "w", offset: 0, shape: [3, 3] }];
  const { updates } = runRule(orthogonalize(options), new Float64Array(9), { steps: 1, gradient: () => diagonal, leaves });
  return [...updates[0]!];
}

/** σ ← aσ + bσ³ + cσ⁵, from σ/‖σ‖₂ on. */
function mapped(iterations: number, [a, b, c]: readonly [number, number, number]): number[] {
  const norm = Math.hypot(...values);
  return values.map((value) => {
    let sigma = value / norm;
    for (let i = 0; i < iterations; i++) sigma = a * sigma + b * sigma ** 3 + c * sigma ** 5;
    return sigma;
  });
}

describe("orthogonalize", () => {
  it("applies the quintic to singular values, with the coefficients of Jordan et al. by default", () => {
    const result = orthogonalized({});
    for (const [i, sigma] of mapped(5, [3.4445, -4.775, 2.0315]).entries()) expect(result[4 * i]).toBeCloseTo(sigma, 12);
    expect(result.filter((_, i) => i % 4 !== 0).every((off) => off === 0)).toBe(true);
  });

  it("takes other coefficients: those that converge to 1 reach it", () => {
    const coefficients = [1.875, -1.25, 0.375] as const;
    const few = orthogonalized({ coefficients, iterations: 4 });
    for (const [i, sigma] of mapped(4, coefficients).entries()) expect(few[4 * i]).toBeCloseTo(sigma, 12);
    for (const i of [0, 4, 8]) expect(orthogonalized({ coefficients, iterations: 15 })[i]).toBeCloseTo(1, 12);
  });

  it.each([[[1, 2]], [[1, 2, 3, 4]], [[1, Number.NaN, 2]]])("refuses the coefficients %j", (coefficients) => {
    expect(() => orthogonalize({ coefficients })).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
  });
});
