import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { learnSplines, splinesFromJSON } from "../../src/data/spline-features.js";
import { fit } from "../../src/models/fit.js";

// SciPy's natural cubic spline (oracles/natural-spline.py)
const oracle = JSON.parse(readFileSync(new URL("../oracles/natural-spline.json", import.meta.url), "utf8")) as {
  knots: number[];
  values: number[];
  points: number[];
  at: number[];
  slopes: [number, number];
};

describe("natural cubic splines", () => {
  const splines = learnSplines({ x: oracle.knots }, { knots: { x: oracle.knots } });
  const fitted = fit({ model: "linear", features: splines.apply({ x: oracle.knots }), target: oracle.values });
  const at = (x: number[]): Float64Array => fitted.predict(splinesFromJSON(JSON.stringify(splines)).apply({ x }));

  // As many coefficients as points: the fit passes through them, and only one natural spline does
  it("as a basis of a fit give the natural spline through the points", () => {
    at(oracle.points).forEach((value, i) => {
      expect(value).toBeCloseTo(oracle.at[i]!, 9);
    });
  });

  it("are straight beyond the ends", () => {
    const [below, start, end, above] = at([-2, 0, 7, 10]) as unknown as [number, number, number, number];
    expect((start - below) / 2).toBeCloseTo(oracle.slopes[0], 8);
    expect((above - end) / 3).toBeCloseTo(oracle.slopes[1], 8);
  });

  it("have knots at equal shares of the rows, and none twice", () => {
    expect(learnSplines({ x: [1, 2, 3, 4, 5] }, { knots: 3 }).knots).toEqual([[1, 3, 5]]);
    expect(learnSplines({ x: [0, 1, 0, 1] }).knots[0]!.length).toBeLessThanOrEqual(4);
    expect(Object.keys(learnSplines({ x: [0, 0, 1, 1] }, { knots: 3 }).apply({ x: [0] }))).toEqual(["x", "x bend 1"]);
  });

  it("refuse knots that are none", () => {
    for (const knots of [2, { x: [1, 1, 2] }, { x: [1, Number.NaN, 2] }]) {
      expect(() => learnSplines({ x: [1, 2, 3] }, { knots })).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
    }
  });
});
