// Oracle: the curvatures of a quadratic with a diagonal Hessian: its entries, and all 1 where they are divided by themselves.

import { describe, expect, it } from "vitest";
import { extremeCurvatures, krylovProbe, largestCurvature } from "../../../src/doctor/instruments/krylov-probe.js";
import type { Probe } from "../../../src/doctor/probe.js";

const diagonal = Float64Array.of(1e-3, 0.5, 2, 40);
const probe = { hessianVector: () => (v: Float64Array) => v.map((value, i) => diagonal[i]! * value) } as unknown as Probe;
const params = new Float64Array(4);

describe("curvature by products with the Hessian", () => {
  it("has the largest entry of a diagonal, and 1 of one that is divided by itself", () => {
    expect(largestCurvature(probe, params, 3)).toBeCloseTo(40, 10);
    expect(largestCurvature(probe, params, 3, diagonal)).toBeCloseTo(1, 12);
    // H·P⁻¹ for P = 4
    expect(largestCurvature(probe, params, 3, Float64Array.of(4, 4, 4, 4))).toBeCloseTo(10, 10);
  });

  it("is found from a direction with a part along every axis: fewer products see less, more see all", () => {
    expect(largestCurvature(probe, params, 3, undefined, 1)).toBeGreaterThan(1e-3);
    expect(largestCurvature(probe, params, 3, undefined, 1)).toBeLessThan(40);
    const begun = extremeCurvatures(probe, params, 3);
    expect([...begun.values].map((value, i) => value / diagonal[i]!)).toEqual(Array.from(diagonal, () => expect.closeTo(1, 9)));
    // Vectors from chance have entries of both signs.
    const signs = [0, 1, 2, 3, 4, 5].map((seed) => Math.sign(extremeCurvatures(probe, params, seed).vector(3)[3]!));
    expect(new Set(signs).size).toBe(2);
  });

  it("tells what Newton's step gains: ½·Σ gᵢ²/hᵢ, of length ‖g/h‖₂", () => {
    const gradient = Float64Array.of(1e-3, 1, 0, 4);
    const found = krylovProbe(probe, { params, gradient, begun: extremeCurvatures(probe, params, 3) });
    expect(found.gap).toBeCloseTo(0.5 * (1e-3 + 2 + 0.4), 9);
    expect(found.distance).toBeCloseTo(Math.hypot(1, 2, 0.1), 9);
    expect([found.lowest, found.largest, found.slowCurvature]).toEqual([
      expect.closeTo(1e-3, 9),
      expect.closeTo(40, 9),
      expect.closeTo(0.5, 9),
    ]);
  });
});
