/**
 * No symptom, no finding. Oracles: the certified minima of the classic problems, and tables whose least-squares solution a descent reaches.
 */

import { describe, expect, it } from "vitest";
import type { Report } from "../../src/doctor/index.js";
import { diagnose } from "../../src/doctor/index.js";
import { minimize } from "../../src/minimize/minimize.js";
import { classicProblems, moreGarbowHillstromProblems } from "../../src/problems/index.js";
import { referenceTable } from "../models/reference-tables.js";
import { dataText } from "../reference-data.js";

const failures = ({ findings }: Report): string[] => findings.filter(({ level }) => level === "failure").map(({ id }) => id);

/** Where other minima lie lower than the certified ones: outside of the box in which the literature poses the problem. */
const LOWER_OUTSIDE = new Set(["McCormick", "Schwefel", "StyblinskiTang"]);

describe.each(classicProblems.filter(({ name }) => !LOWER_OUTSIDE.has(name)))("$name", ({ objective, start, minima }) => {
  const lowest = Math.min(...minima.map(({ value }) => value));
  const solution = minimize(objective, [...start]);
  const reached = solution.value <= lowest + 1e-6 * Math.max(1, Math.abs(lowest));

  it(reached ? "has no failure where the certified minimum is reached" : "is a local minimum where it is not, or nothing is found", () => {
    const report = diagnose({ objective, start: [...start] });
    expect(failures(report).filter((id) => reached || id !== "local-minimum")).toEqual([]);
    expect(report.costs.diagnosis).toBeLessThanOrEqual(Math.max(200, 0.1 * report.costs.run));
  });
});

describe.each(moreGarbowHillstromProblems)("$name of Moré, Garbow and Hillstrom", ({ objective, start, minima }) => {
  const lowest = Math.min(...minima.map(({ value }) => value));
  const solution = minimize(objective, [...start]);
  const reached = solution.value <= lowest + 1e-6 * Math.max(1, Math.abs(lowest));
  it.runIf(reached)("has no failure where the certified minimum is reached", () => {
    const report = diagnose({ objective, start: [...start] });
    expect(failures(report)).toEqual([]);
    expect(report.costs.diagnosis).toBeLessThanOrEqual(Math.max(200, 0.1 * report.costs.run));
  });
});

describe.skipIf(dataText("diabetes.csv") === undefined)("reference tables (need ../shared/data)", () => {
  it.each(["diabetes.csv", "stackloss.csv", "winequality-red.csv", "engel.csv"])(
    "%s, standardized, has no failure by L-BFGS or a sound rate",
    (file) => {
      const table = referenceTable(file);
      const names = table.names.filter((name) => table.numbers(name).every(Number.isFinite));
      const target = names.at(-1)!;
      const standard = (values: number[]): number[] => {
        const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
        const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
        return values.map((v) => (v - mean) / deviation);
      };
      const features = Object.fromEntries(names.slice(0, -1).map((name) => [name, standard(table.numbers(name))]));
      const subject = { table: { features, target: standard(table.numbers(target)), model: { kind: "linear" } } } as const;
      expect(failures(diagnose(subject))).toEqual([]);
      expect(failures(diagnose({ ...subject, method: "gradientDescent", learningRate: 0.2, maxSteps: 40_000 }))).toEqual([]);
    },
  );
});
