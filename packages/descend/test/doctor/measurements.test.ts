/**
 * Oracles: eigenvalues of quadratics, the limits of stability in closed form, the characteristic
 * polynomial of the heavy ball, counted evaluations.
 */

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { diagnoseCase } from "../../src/doctor/diagnose.js";
import { diagnose, findingCatalogue } from "../../src/doctor/index.js";
import { stabilityOfMethod } from "../../src/doctor/instruments/stability.js";
import { caseMethod } from "../../src/doctor/method.js";
import { createDescent } from "../../src/minimize/minimize.js";
import { momentum } from "../../src/optim/methods/momentum.js";
import { checkedCases } from "./sick-cases.js";

const rosenbrock = ([x, y]: number[]): number => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2;

describe("the limit of stability", () => {
  // λ = 1: the method must come down at 0.98 of the limit and go up at 1.02
  it.each([
    ["gradientDescent", {}],
    ["momentum", { momentum: 0.5 }],
    ["momentum", { momentum: 0.9 }],
    ["momentum", { momentum: 0.9, form: "ema" }],
    ["nesterov", { momentum: 0.5 }],
    ["nesterov", { momentum: 0.9 }],
  ])("of %s %o parts falling from rising", (name, options) => {
    const limit = stabilityOfMethod(caseMethod({ method: { name, ...options } }), 1)!.limit;
    const sizeAt = (share: number): number => {
      const { rule } = caseMethod({ method: { name, ...options }, learningRate: share * limit });
      const descent = createDescent(([x]: number[]) => 0.5 * x! * x!, [1], {
        method: rule as never,
        stopping: { relativeGradientTolerance: 0 },
      });
      descent.step(1500);
      return Math.abs(descent.params[0]!);
    };
    expect(sizeAt(0.98)).toBeLessThan(1e-3);
    expect(sizeAt(1.02)).toBeGreaterThan(1e3);
  });

  it("is seen through a rule that was handed over", () => {
    const method = caseMethod({ method: momentum({ momentum: 0.5, learningRate: 0.3 }) });
    expect(method).toMatchObject({ name: "momentum", family: "heavy-ball", learningRate: 0.3, momentum: 0.5 });
  });
});

describe("measured curvature", () => {
  it("is that of the quadratic: 100 and 2, and the gap is the value itself", () => {
    const { examination } = diagnoseCase({
      objective: "x^2 + 50 y^2",
      start: { x: 3, y: 1 },
      method: "gradientDescent",
      learningRate: 0.001,
      maxSteps: 20,
    });
    const { krylov, run } = examination!;
    expect(krylov.largest).toBeCloseTo(100, 8);
    expect(krylov.lowest).toBeCloseTo(2, 8);
    expect(krylov.gap / run.value).toBeCloseTo(1, 8);
  });
});

describe("zig-zag", () => {
  it("shows in Rosenbrock's valley at a rate beyond the limit (cosine below −0.5), and not under L-BFGS", () => {
    // 2/1002 is the limit at the minimum, where the curvature across the valley is 1002; beyond it the run bounces between its walls
    const bouncing = diagnoseCase({
      objective: rosenbrock,
      start: [-1.2, 1],
      method: "gradientDescent",
      learningRate: 0.003,
      maxSteps: 2000,
    });
    expect(bouncing.examination!.turning).toBeLessThan(-0.5);
    const straight = diagnoseCase({ objective: rosenbrock, start: [-1.2, 1], method: "lbfgs" });
    expect(straight.examination!.turning).toBeGreaterThan(-0.5);
  });
});

describe("overshoot", () => {
  it("is reported with its size and the step at which the ringing has settled", () => {
    const { measurements } = diagnose(checkedCases.find(({ id }) => id === "momentum-ringing")!.sick);
    expect(Number(measurements["first-overshoot"]!.value)).toBeGreaterThan(0);
    expect(Number(measurements["settling-step"]!.value)).toBeGreaterThan(100);
  });
});

describe("evidence", () => {
  it.each(checkedCases)("of $id says how it was had, and is the same again", ({ id, sick }) => {
    const [first, second] = [diagnose(sick), diagnose(sick)];
    expect(second).toEqual(first);
    const { evidence, explanation } = first.findings.find((finding) => finding.id === id)!;
    expect(evidence.length).toBeGreaterThan(0);
    for (const { name, how, value } of evidence) {
      expect(how.length, name).toBeGreaterThan(10);
      expect(["number", "string"]).toContain(typeof value);
    }
    expect(explanation.text).toMatch(/\.$/);
    // Looking costs at most a tenth of the run or 200 gradients
    expect(first.costs.diagnosis).toBeLessThanOrEqual(Math.max(200, 0.1 * first.costs.run));
  });
});

describe("the catalogue", () => {
  it("cites sources that the bibliography has", () => {
    const references = readFileSync(new URL("../../../../docs/references.bib", import.meta.url), "utf8");
    for (const { source } of findingCatalogue) if (source !== undefined) expect(references).toContain(`{${source},`);
  });
});
