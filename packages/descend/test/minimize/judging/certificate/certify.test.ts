// Oracle: quadratics ½ Σ λᵢxᵢ² with given curvatures.

import { describe, expect, it } from "vitest";
import { certify } from "../../../../src/minimize/judging/certificate/certify.js";
import type { PointEvidence } from "../../../../src/minimize/judging/certificate/point-evidence.js";
import { pointOf } from "./point.js";

function onBowl(lambda: number[], params: number[], more: Partial<PointEvidence> = {}) {
  const f = (x: ArrayLike<number>) => lambda.reduce((sum, l, i) => sum + 0.5 * l * x[i]! ** 2, 0);
  return certify(
    pointOf(f, params, {
      gradient: Float64Array.from(params, (x, i) => lambda[i]! * x),
      hessianVector: (v) => v.map((x, i) => lambda[i]! * x),
      ...more,
    }),
  );
}

describe("the certificate", () => {
  it("finds a minimizer by all of its tests", () => {
    const { finding, tests } = onBowl([1, 3], [1e-9, -1e-9]);
    expect(finding).toBe("minimizer");
    expect(tests.map(({ name }) => name)).toEqual(["gradient", "curvature", "remaining-step", "remaining-decrease", "neighborhood"]);
  });

  it("measures what remains by the unit of each parameter", () => {
    // A thousandth of x₁ remains, which is nothing against x₂ = 10⁶.
    const curvature = [1e-4, 1e-16];
    const point = { startParams: Float64Array.of(1e-3, 1e6), startValue: 1e-10, gradientScale: 1e-2 };
    const { tests, finding } = onBowl(curvature, [1e-3, 1e6], { ...point, gradient: Float64Array.of(1e-10, 0) });
    expect(tests.find(({ name }) => name === "remaining-step")!.passed).toBe(false);
    expect(finding).not.toBe("minimizer");
  });

  it("finds a hump among parameters that never moved", () => {
    const lambda = Array.from({ length: 100 }, (_, i) => (i < 99 ? i + 1 : -1e-3));
    const params = lambda.map(() => 0);
    const startParams = Float64Array.from(lambda, (_, i) => (i < 99 ? 1 : 0));
    expect(onBowl(lambda, params, { startParams }).finding).toBe("saddle");
  });

  it("is no minimizer on a slope whose curvature is lost beside the largest", () => {
    const { finding } = onBowl([1, 0], [0, 1], { gradient: Float64Array.of(0, 1e-9) });
    expect(finding).toBe("not-stationary");
  });

  it("stays within the products it may use", () => {
    let products = 0;
    const lambda = Array.from({ length: 300 }, (_, i) => 1 + i);
    const hessianVector = (v: Float64Array) => {
      products++;
      return v.map((x, i) => lambda[i]! * x);
    };
    onBowl(
      lambda,
      lambda.map(() => 1e-9),
      { hessianVector },
    );
    expect(products).toBeLessThanOrEqual(24 + 3);
  });
});
