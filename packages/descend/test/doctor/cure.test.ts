/**
 * Oracles: the untreated run with the same budget; closed forms of the reference cures. A treatment
 * that is not proven leaves the run as it was.
 */

import { describe, expect, it } from "vitest";
import { cure } from "../../src/doctor/index.js";
import { allBatches, checkedCases, dropsLast, script } from "./sick-cases.js";

describe.each(checkedCases)("$id", ({ id, sick }) => {
  it("is cured, and the proof holds against the untreated run", () => {
    const report = cure(sick);
    expect(report.findings[0]!.id).toBe(id);
    expect(report.cured).toBe(true);
    expect(report.remaining.filter(({ level }) => level === "failure")).toEqual([]);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    const accepted = report.treatments.at(-1)!;
    expect(accepted.accepted).toBe(true);
    expect(Object.values(accepted.proof.criteria).every(Boolean)).toBe(true);
    expect(report.patch).toEqual(accepted.patch);
    expect(report.code).not.toBe("");
  });
});

describe("a case that cannot be cured in no trial", () => {
  it("comes back with the parameters of its own run", () => {
    const sick = checkedCases.find(({ id }) => id === "stopped-early")!.sick;
    const report = cure(sick, { maxTrials: 0 });
    expect(report.cured).toBe(false);
    expect(report.patch).toBeNull();
    expect(report.params).toEqual(report.subject.params);
    expect(report.remaining).toEqual(report.findings);
  });
});

describe("a beginner's script with batches of 32 of 100 rows", () => {
  it("is told that its gradients are divided by all rows, and that four rows are left out of every epoch", () => {
    const report = cure(script(100, dropsLast));
    const wrong = report.findings.find(({ id }) => id === "wrong-gradient")!;
    expect(wrong.explanation.values.factor).toBeCloseTo(0.32, 6);
    expect(wrong.explanation.text).toContain("divided by all 100 rows");
    const unused = report.findings.find(({ id }) => id === "unused-rows")!;
    expect(unused.explanation.values).toMatchObject({ unused: 4, never: 0 });
    expect(report.cured).toBe(true);
  });

  it("is left in peace once it divides by the rows of each batch", () => {
    expect(cure(script(32, allBatches)).findings).toEqual([]);
  });
});
