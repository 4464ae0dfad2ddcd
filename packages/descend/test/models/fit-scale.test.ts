import { describe, expect, it } from "vitest";
import { learnScaling } from "../../src/data/scaling/scaling.js";
import { fit } from "../../src/models/fit.js";

const rows = 60;
const features = {
  size: Array.from({ length: rows }, (_, i) => 800 + 37 * ((i * 7) % rows)),
  rooms: Array.from({ length: rows }, (_, i) => 1 + ((i * 5) % 4)),
  skewed: Array.from({ length: rows }, (_, i) => Math.exp(2 * Math.sin(i))),
};
const target = features.size.map((size, i) => 20 + 0.13 * size - 9 * features.rooms[i]! + 2 * features.skewed[i]! + 5 * Math.sin(i * i));
const scales = ["standard", "min-max", "max-abs", "robust", "none"] as const;

describe("the scale inside a fit", () => {
  // Oracle: least squares has one minimum, found by QR
  it.each(scales)("%s leaves least squares what it is, in the units of the table", (scale) => {
    const fitted = fit({ model: "linear", features, target, scale });
    expect(fitted.solution.verdict).toBe("converged");
    expect(fitted.crossCheck!.largestRelativeDifference).toBeLessThan(1e-10);
  });

  // Oracle: the same model on columns that were scaled beforehand, its coefficients divided by the scales
  it.each(["ridge", "lasso", "elastic-net", "huber"] as const)("min-max and robust give the %s of columns scaled beforehand", (kind) => {
    const model = kind === "huber" ? ({ kind, alpha: 3, delta: 4 } as const) : ({ kind, alpha: 0.5 } as const);
    for (const scale of ["min-max", "robust"] as const) {
      const inside = fit({ model, features, target, scale });
      const scaling = learnScaling(features, { kind: scale });
      const { scales: by } = scaling.toJSON() as unknown as { scales: number[] };
      const outside = fit({ model, features: scaling.apply(features), target, scale: { features: false } });
      outside.weights.forEach((weight, k) => {
        expect(inside.weights[k]! * by[k]!).toBeCloseTo(weight, 6);
      });
      expect(inside.objective).toBeCloseTo(outside.objective, 8);
    }
  });

  it("without intercept does not shift: a prediction at 0 is 0", () => {
    for (const scale of scales) {
      const fitted = fit({ model: "linear", features, target, scale, intercept: false });
      expect(fitted.predict({ size: [0], rooms: [0], skewed: [0] })[0]).toBe(0);
      expect(fitted.crossCheck!.largestRelativeDifference).toBeLessThan(1e-10);
    }
  });

  it("keeps a constant column out, whatever the scale", () => {
    for (const scale of ["standard", "min-max", "max-abs", "robust"] as const) {
      const fitted = fit({ model: "linear", features: { ...features, constant: new Array(rows).fill(3) }, target, scale });
      expect(fitted.findings.map(({ code }) => code)).toEqual(["CONSTANT_COLUMNS"]);
      expect(fitted.weights[3]).toBe(0);
    }
  });

  it("refuses a name it does not know", () => {
    expect(() => fit({ features, target, scale: "minmax" as never })).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
  });
});
