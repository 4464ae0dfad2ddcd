/** Oracles: the stability limit 2/λ of gradient descent in closed form; planted faults whose place is known; JSON. */

import { describe, expect, it } from "vitest";
import { checks } from "../../src/doctor/checks/index.js";
import { cure, diagnose, findingCatalogue } from "../../src/doctor/index.js";
import { createDescent, minimize } from "../../src/minimize/minimize.js";

const quadratic = { objective: "x^2 + 50 y^2", start: { x: 1, y: 1 }, method: "gradientDescent", maxSteps: 400 } as const;

describe("the report", () => {
  it("is plain data that survives JSON, the same for the same case", () => {
    const report = diagnose({ ...quadratic, learningRate: 0.03 });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(diagnose({ ...quadratic, learningRate: 0.03 })).toEqual(report);
  });

  it("finds nothing in a run that converges", () => {
    const report = diagnose({ ...quadratic, learningRate: 0.018 });
    expect(report.outcome).toBe("stationary");
    expect(report.findings).toEqual([]);
  });

  it("knows a case again from a descent and from its solution", () => {
    const options = { method: "gradientDescent", learningRate: 0.03, maxSteps: 100 };
    const objective = ([x, y]: number[]) => x! ** 2 + 50 * y! ** 2;
    for (const subject of [createDescent(objective, [1, 1], options), minimize(objective, [1, 1], options)]) {
      expect(diagnose(subject).findings[0]!.id).toBe("lr-too-large");
    }
  });

  it("refuses what it cannot ask again, a copy of a solution", () => {
    const solution = minimize("x^2", { x: 1 });
    expect(() => diagnose(structuredClone({ ...solution }))).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
  });
});

describe("the catalogue", () => {
  it("has a record for every check, and each id once", () => {
    const ids = findingCatalogue.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { id } of checks) expect(ids).toContain(id);
  });
});

describe("a learning rate beyond the limit 2/λ = 0.02", () => {
  it("is found with its stability number, 0.03·100/2 = 1.5, and mended at 0.9 of the limit", () => {
    const cured = cure({ ...quadratic, learningRate: 0.03 });
    expect(cured.findings[0]!.id).toBe("lr-too-large");
    expect(cured.measurements["stability-number"]!.value).toBeCloseTo(1.5, 6);
    expect(cured.cured).toBe(true);
    expect(cured.patch).toEqual({ learningRate: 0.018 });
    expect(cured.treatments[0]!.proof.criteria.controlStays).toBe(true);
    expect(cured.remaining).toEqual([]);
  });
});

describe("a planted wrong sign in one of 50 components", () => {
  const n = 50;
  const objective = (x: number[]): number => x.reduce((sum, v, i) => sum + (1 + i / 10) * (v - 1) ** 2, 0);
  const gradientWith = (wrong: number) => (x: number[]) => x.map((v, i) => (i === wrong ? -1 : 1) * 2 * (1 + i / 10) * (v - 1));

  it.each([0, 17, 49])("is found and named: %i", (wrong) => {
    const report = diagnose({
      objective,
      start: new Array(n).fill(0),
      gradient: gradientWith(wrong),
      method: "gradientDescent",
      learningRate: 0.01,
      maxSteps: 50,
    });
    expect(report.findings[0]).toMatchObject({ id: "wrong-gradient", explanation: { values: { path: `[${wrong}]` } } });
  });

  it("is not seen where there is none", () => {
    const report = diagnose({
      objective,
      start: new Array(n).fill(0),
      gradient: gradientWith(-1),
      method: "gradientDescent",
      learningRate: 0.1,
      maxSteps: 500,
    });
    expect(report.findings).toEqual([]);
  });
});

describe("values that are not finite", () => {
  it("are counted and placed before anything is run, and left out to fit the rest", () => {
    const x = Array.from({ length: 40 }, (_, i) => Math.sin(i));
    const target = x.map((v, i) => 2 * v + 1 + 0.01 * Math.cos(3 * i));
    x[7] = Number.NaN;
    target[9] = Number.POSITIVE_INFINITY;
    const cured = cure({
      table: { features: { x }, target, model: { kind: "linear" } },
      method: "gradientDescent",
      learningRate: 0.5,
      maxSteps: 300,
    });
    expect(cured.outcome).toBe("nonfinite");
    expect(cured.findings[0]).toMatchObject({ id: "nonfinite-data", explanation: { values: { count: 2, column: "x", row: 7 } } });
    expect(cured.patch).toEqual({ dropRows: [7, 9] });
    expect(cured.params[1]).toBeCloseTo(2, 1);
  });
});

describe("curves alone", () => {
  it("show validation that turned at a third of the run", () => {
    const value = Array.from({ length: 100 }, (_, i) => 1 / (1 + i));
    const validation = value.map((_, i) => 1 + ((i - 33) / 33) ** 2);
    expect(diagnose({ history: { value, validation } }).findings.map(({ id }) => id)).toContain("overfitting");
  });
});
