/**
 * Verdicts of descents by mini-batches. Oracles: the normal equations of the line, and the theory of constant steps: with noise they hover
 * at a floor, without noise they converge, and short of both they are on their way.
 */

import { describe, expect, it } from "vitest";
import { minimize } from "../../src/minimize/minimize.js";
import type { DescentOptions } from "../../src/minimize/options.js";
import type { Solution } from "../../src/minimize/solution.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { adam } from "../../src/optim/methods/adam.js";
import { gradientDescent } from "../../src/optim/methods/gradient-descent.js";
import { momentum } from "../../src/optim/methods/momentum.js";
import { rmsprop } from "../../src/optim/methods/rmsprop.js";
import { inverseTimeDecay } from "../../src/optim/schedules/inverse-time-decay.js";
import { stopByEpochLoss } from "./noise-stop.js";

/** `npm run verdicts` asks for all of them. */
const PRINT = process.env.VERDICTS === "print";
const SEEDS = PRINT ? 500 : 12;
const ROWS = 400;
const x = Float64Array.from({ length: ROWS }, (_, i) => 2 * threefryUniform(5, 1, i) - 1);
const noise = Float64Array.from({ length: ROWS }, (_, i) => threefryUniform(5, 2, i) - 0.5);

function descend(spread: number, options: Omit<DescentOptions, "data">): Solution<{ a: number; b: number }> {
  const y = x.map((value, i) => 3 * value + 1 + spread * noise[i]!);
  return minimize(
    (p: { a: number; b: number }, row: { x: number; y: number }) => (p.a * row.x + p.b - row.y) ** 2,
    { a: 0, b: 0 },
    {
      data: { x, y },
      batch: 16,
      maxSteps: 25 * 60,
      ...options,
    },
  );
}

describe("a descent by batches", () => {
  it.each([
    ["gradient descent", gradientDescent({ learningRate: 0.1 })],
    ["gradient descent in short steps", gradientDescent({ learningRate: 0.02 })],
    ["momentum", momentum({ learningRate: 0.02 })],
    ["Adam", adam({ learningRate: 0.05 })],
    ["RMSProp", rmsprop({ learningRate: 0.05 })],
  ])("is limited by the noise of batches with %s at a constant rate", (_, method) => {
    const solution = descend(2, { method });
    expect(solution.verdict).toBe("noise-limited");
    expect(solution.tests.find(({ name }) => name === "batch-noise")!.passed).toBe(false);
    expect(solution.params.a).toBeCloseTo(3, 0);
  });

  it("converges where every row is fitted exactly", () => {
    const solution = descend(0, { method: gradientDescent({ learningRate: 0.3 }) });
    expect(solution.verdict).toBe("converged");
    expect(solution.params.a).toBeCloseTo(3, 9);
    expect(solution.params.b).toBeCloseTo(1, 9);
  });

  it("has used up its budget where the objective over all rows still falls", () => {
    expect(descend(2, { method: gradientDescent({ learningRate: 1e-4 }) }).verdict).toBe("budget");
    expect(descend(2, { method: gradientDescent({ learningRate: 0.01 }), maxSteps: 200 }).verdict).toBe("budget");
  });

  it("is never called converged while the gradient over all rows is not small, whatever the schedule", () => {
    for (const seed of [0, 1, 2, 3]) {
      const method = gradientDescent({ learningRate: inverseTimeDecay({ initial: 0.3, decay: 0.01, power: 1 }) });
      expect(descend(2, { method, seed }).verdict).not.toBe("converged");
    }
  });

  it("orbits in steps that are too long, without noise", () => {
    const y = x.map((value) => 3 * value + 1);
    const solution = minimize(
      (p: { a: number; b: number }, row: { x: number; y: number }) => Math.log(Math.cosh(4 * (p.a * row.x + p.b - row.y))),
      { a: 0, b: 0 },
      { data: { x, y }, batch: 200, maxSteps: 2000, method: gradientDescent({ learningRate: 0.6 }) },
    );
    expect(solution.verdict).toBe("orbiting");
  });

  // Its denominators vanish with the gradient, so its steps stay about as long as the rate. The gradient on the way is
  // not small: not one of these is a minimizer.
  it.each([
    ["a narrow valley", ([x, y]: number[]) => x! ** 2 + 30 * (y! - x!) ** 2, [0.01, 0.03, 0.1]],
    ["a steep one of straight walls", ([x, y]: number[]) => Math.log(Math.cosh(3 * x!)) + Math.log(Math.cosh(5 * (y! - x!))), [0.03, 0.1]],
  ])("RMSProp over all rows goes round the minimum of %s, and is said to", (_, objective, rates) => {
    const stopping = { gradientTolerance: 0, relativeGradientTolerance: 0 };
    for (const learningRate of rates) {
      const judged = [2000, 2001, 3456].map((maxSteps) =>
        minimize(objective, [1, 2], { method: rmsprop({ learningRate }), maxSteps, stopping }),
      );
      for (const { gradientNorm } of judged) expect(gradientNorm).toBeGreaterThan(1e-2);
      expect(judged.map(({ verdict }) => verdict)).toEqual(["orbiting", "orbiting", "orbiting"]);
    }
  });

  it("reports the value over all rows", () => {
    const solution = descend(2, { method: gradientDescent({ learningRate: 0.1 }) });
    const { a, b } = solution.params;
    const mean = x.reduce((sum, value, i) => sum + ((a - 3) * value + b - 1 - 2 * noise[i]!) ** 2, 0) / ROWS;
    expect(solution.value / mean).toBeCloseTo(1, 12);
  });

  it("costs no more than 60 gradients over all rows to judge", () => {
    const options = { method: gradientDescent({ learningRate: 0.1 }) };
    const judged = descend(2, options).evaluations;
    const plain = descend(2, { ...options, certify: false }).evaluations;
    // Of these, 24 are of batches.
    expect(judged.gradient - plain.gradient + 2 * (judged.hessianVector - plain.hessianVector)).toBeLessThanOrEqual(60);
  });

  it("that stops when the mean loss of an epoch hardly changes has stopped by chance: no such stop is called converged", () => {
    const stops = Array.from({ length: SEEDS }, (_, seed) => stopByEpochLoss(seed));
    if (PRINT) {
      const count = (verdict: string): number => stops.filter(({ solution }) => solution.verdict === verdict).length;
      process.stdout.write(
        `${SEEDS} stops of RMSProp by the loss of an epoch: ${count("noise-limited")} noise-limited, ${count("orbiting")} orbiting, ${count("stopped")} stopped, ${count("converged")} converged\n`,
      );
    }
    for (const { solution } of stops) expect(["noise-limited", "orbiting", "stopped"]).toContain(solution.verdict);
    expect(stops.filter(({ solution }) => solution.verdict === "noise-limited").length).toBeGreaterThanOrEqual(0.75 * SEEDS);
    // By the normal equations most of them are not at the minimum.
    expect(stops.filter(({ gradientNorm }) => gradientNorm > 0.05).length).toBeGreaterThanOrEqual(0.5 * SEEDS);
  }, 1_000_000);
});
