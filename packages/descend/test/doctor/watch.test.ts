/** Oracles: the same descent unwatched, and the user's own gradient, whose calls are counted. */

import { describe, expect, it } from "vitest";
import { cure, diagnose, watch } from "../../src/doctor/index.js";
import { createDescent, type DescentOptions, type Tensor } from "../../src/index.js";

const objective = "x^2 + 50 y^2";
const start = { x: 1, y: 1 };
// The largest curvature is 100: gradient descent is stable below 0.02
const options: DescentOptions = { method: "gradientDescent", learningRate: 0.03, maxSteps: 60 };

/** Walks by pieces of the given length, as a program that shows progress does. */
function walk(taken: DescentOptions, piece: number, watched: boolean) {
  const descent = createDescent(objective, start, taken);
  const walker = watched ? watch(descent)! : descent;
  while (descent.reasons.length === 0) walker.step(piece);
  return descent;
}

describe("watch", () => {
  it.each([1, 7, 1000])("makes the steps that the descent makes alone, bit for bit, in pieces of %i", (piece) => {
    for (const learningRate of [0.03, 0.001]) {
      for (const maxSteps of [60, 5000]) {
        const taken = { ...options, learningRate, maxSteps };
        const [alone, watched] = [walk(taken, piece, false), walk(taken, piece, true)];
        expect(watched.params).toEqual(alone.params);
        expect(watched.steps).toBe(alone.steps);
      }
    }
  });

  it.each([7, 64])("leads to the diagnosis of the case itself, in pieces of %i", (piece) => {
    for (const [learningRate, maxSteps] of [
      [0.03, 60],
      [0.0001, 4000],
    ] as const) {
      const taken = { ...options, learningRate, maxSteps };
      const fresh = diagnose({ objective, start, method: "gradientDescent", learningRate, maxSteps });
      const seen = diagnose(walk(taken, piece, true));
      expect(seen.findings).toEqual(fresh.findings);
      expect(seen.measurements).toEqual(fresh.measurements);
      expect(seen.costs.diagnosis).toBe(fresh.costs.diagnosis);
    }
  });

  it("spares the run: the user's gradient is not called for one again", () => {
    let calls = 0;
    const gradient = ({ x, y }: { x: number; y: number }) => {
      calls++;
      return { x: 2 * x, y: 100 * y };
    };
    const taken = { ...options, learningRate: 1e-5, maxSteps: 3000, gradient, checkGradient: false } as unknown as DescentOptions;
    const callsOf = (watched: boolean): number => {
      const descent = walk(taken, 500, watched);
      calls = 0;
      expect(diagnose(descent).findings[0]?.id).toBe("lr-too-small");
      return calls;
    };
    expect(callsOf(true)).toBeLessThan(200);
    expect(callsOf(false)).toBeGreaterThan(3000);
  });

  it("serves a cure, which goes on from what was seen", () => {
    expect(cure(walk(options, 13, true))).toMatchObject({ cured: true, patch: { learningRate: 0.018 } });
  });

  it("forgets what was seen where the descent begins anew", () => {
    const descent = walk(options, 100, true);
    descent.restart({ x: 0, y: 2 });
    descent.step(3);
    expect(diagnose(descent).subject).toMatchObject({ startValue: 200 });
  });

  it("keeps nothing of parameters by the hundred thousand", () => {
    const many = createDescent((p: Tensor) => p.square().sum(), new Float64Array(100_000).fill(1), {
      method: "gradientDescent",
      learningRate: 0.1,
    });
    expect(watch(many)).toBeUndefined();
  });
});
