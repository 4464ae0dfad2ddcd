/** Oracle: data whose scales and best rates are known by construction. */

import { describe, expect, it } from "vitest";
import { cure, diagnose } from "../../src/doctor/index.js";
import { fit } from "../../src/index.js";

const n = 120;
const at = (i: number, frequency: number): number => Math.cos(frequency * i + 0.3 * frequency);
const rooms = Float64Array.from({ length: n }, (_, i) => at(i, 1.7));
const income = Float64Array.from({ length: n }, (_, i) => 1e5 * at(i, 2.9));
const target = rooms.map((x, i) => 3 * x - 2e-5 * income[i]! + 0.1 * at(i, 7.1));

describe("diagnose of a fitted model", () => {
  it("names the columns whose scales differ, where the fit left them as they are", () => {
    const fitted = fit({ features: { rooms, income }, target, scale: false, method: "gradientDescent", maxSteps: 300 });
    const [finding] = diagnose(fitted).findings;
    expect(finding).toMatchObject({ id: "unscaled-features", explanation: { values: { columns: "income, rooms", which: "scale" } } });
    expect(Number(finding!.explanation.values.ratio)).toBeCloseTo(1e5, -4);
    expect(finding!.explanation.text).toContain("income, rooms");
  });

  it("finds nothing of the kind where the columns are standardized, and no failure in a fit that converged", () => {
    const scaled = fit({ features: { rooms, income }, target, method: "gradientDescent", learningRate: 1e-4, maxSteps: 300 });
    const ids = diagnose(scaled).findings.map(({ id }) => id);
    expect(ids).toContain("lr-too-small");
    expect(ids).not.toContain("unscaled-features");
    expect(diagnose(fit({ features: { rooms, income }, target })).findings.filter(({ level }) => level === "failure")).toEqual([]);
  });

  it("takes a classifier as well", () => {
    const label = Array.from(target, (y) => (y > 0.5 * at(Math.round(10 * y), 3) ? "yes" : "no"));
    const fitted = fit({ features: { rooms, income }, target: label, method: "gradientDescent", learningRate: 1e-4, maxSteps: 200 });
    expect(diagnose(fitted)).toMatchObject({ subject: { rows: n, steps: 200, parameters: 3 } });
  });
});

describe("cure of a fitted model", () => {
  it("proves a rate below the limit 2/λ for one above it", () => {
    const fitted = fit({ features: { rooms, income }, target, method: "gradientDescent", learningRate: 3, maxSteps: 300 });
    expect(fitted.solution.converged).toBe(false);
    const cured = cure(fitted);
    expect(cured).toMatchObject({ cured: true });
    expect(cured.findings[0]!.id).toBe("lr-too-large");
    // Of standardized columns the largest curvature is between 1 and their number
    expect(cured.patch!.learningRate).toBeGreaterThan(0.9);
    expect(cured.patch!.learningRate).toBeLessThan(2);
  });

  it("refuses a copy, which does not remember its descent", () => {
    const copy = structuredClone(JSON.parse(JSON.stringify(fit({ features: { rooms }, target }))));
    expect(() => diagnose(copy)).toThrowError(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
  });
});
