/** Oracle: closed forms of the minima. */

import { describe, expect, it } from "vitest";
import { minimize } from "../../../../src/index.js";

describe("a coordinate that vanished", () => {
  it.each([-5.551115123125783e-19, 1e-30, -2.226e-16])("is not pursued: x² − y² + y⁴/4 from x = %d", (x) => {
    const { params, steps, verdict } = minimize("x^2 - y^2 + y^4/4", { x, y: 0.01 });
    expect(verdict).toBe("converged");
    expect(steps).toBeLessThan(20);
    expect(Math.abs(params.y - Math.SQRT2)).toBeLessThan(1e-8);
  });

  it("is pursued where there is a way to go, however small it began: the minimum of (x − 1/1000)² + (y − 2)² + 1", () => {
    const { params, verdict } = minimize("(x - 0.001)^2 + (y - 2)^2 + 1", { x: 1e-30, y: 1.5 });
    expect(verdict).toBe("converged");
    expect(params.x).toBeCloseTo(0.001, 9);
  });

  it.each([1e-15, 1e-20])("is pursued where it is only of small units: the minimum of (x/u − 3)² + (y − 2)² with u = %d", (u) => {
    const { params, verdict } = minimize("(x/u - 3)^2 + (y - 2)^2", { x: u, y: 1 }, { constants: { u } });
    expect(verdict).toBe("converged");
    expect(params.x / u).toBeCloseTo(3, 6);
    expect(params.y).toBeCloseTo(2, 6);
  });
});
