/**
 * Orbits that grow, beside a fall that is far larger. Oracle: the recurrence of the steps on a quadratic, by hand: at gradient descent's
 * rate r the side of curvature L is multiplied by 1 − rL a step, at momentum β by the larger root of z² − (1 + β − rL)z + β.
 */

import { describe, expect, it } from "vitest";
import { diagnose } from "../../src/doctor/index.js";

/** Curvature of the steep side, from which the start is displaced by a millionth of the other side's length. */
const L = 100;
const objective = `0.5 x^2 + ${L / 2} y^2`;
const start = { x: 1, y: 1e-6 };

/** Largest root of z² − trace·z + determinant by size. */
function factor(trace: number, determinant: number): number {
  const discriminant = trace * trace - 4 * determinant;
  return discriminant < 0 ? Math.sqrt(determinant) : (Math.abs(trace) + Math.sqrt(discriminant)) / 2;
}

const rules = {
  gradientDescent: { rate: 2 / L, options: {}, growth: (rate: number) => Math.abs(1 - rate * L) },
  momentum: { rate: (2 * 1.9) / L, options: { momentum: 0.9 }, growth: (rate: number) => factor(1.9 - rate * L, 0.9) },
  nesterov: {
    rate: (2 * 1.9) / (2.8 * L),
    options: { momentum: 0.9 },
    growth: (rate: number) => factor(1.9 * (1 - rate * L), 0.9 * (1 - rate * L)),
  },
} as const;

const cases = Object.entries(rules).flatMap(([method, rule]) => [1e-3, 1e-2].map((excess) => [method, excess, rule] as const));

describe("an orbit that grows", () => {
  it.each(cases)(
    "of %s at a rate %f beyond the stable one is named, however small it is beside the fall before",
    (method, excess, { rate, options, growth }) => {
      const learningRate = rate * (1 + excess);
      // Until the side has grown a thousandfold: its part of the value is then still a ten thousandth of the fall
      const maxSteps = Math.ceil(Math.log(1e3) / Math.log(growth(learningRate)));
      const report = diagnose({ objective, start, method: { name: method, ...options }, learningRate, maxSteps });
      expect(["diverged", "oscillating"]).toContain(report.outcome);
      expect(report.findings[0]!.id).toBe("lr-too-large");
    },
  );

  it.each(Object.entries(rules))(
    "of %s a hundredth below the stable rate does not grow, and is no finding",
    (method, { rate, options }) => {
      const report = diagnose({ objective, start, method: { name: method, ...options }, learningRate: 0.99 * rate, maxSteps: 4000 });
      expect(report.outcome).toBe("stationary");
      expect(report.findings.filter(({ level }) => level === "failure")).toEqual([]);
    },
  );

  it("is not what momentum does that swings out at a stable rate", () => {
    // A period of about 60 steps, half of which fall into the last half of the run
    const report = diagnose({
      objective: "0.5 x^2",
      start: { x: 1 },
      method: { name: "momentum", momentum: 0.99 },
      learningRate: 0.01,
      maxSteps: 60,
    });
    expect(report.findings.map(({ id }) => id)).not.toContain("lr-too-large");
  });
});
