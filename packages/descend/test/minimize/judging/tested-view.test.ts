// Oracle: ∇(x² + 3y²) = (2x, 6y), which an estimate only approaches.

import { describe, expect, it } from "vitest";
import { testedView } from "../../../src/minimize/judging/tested-view.js";
import type { SetUp } from "../../../src/minimize/set-up.js";

const gradient = ([x, y]: Float64Array): number[] => [2 * x!, 6 * y!];
const reference = (params: Float64Array) => ({ value: 0, gradient: gradient(params), valueCalls: 4, gradientCalls: 1 });

/** A descent at (1, 2) from (10, −20), whose own gradient is an estimate. */
function setUp(choice: object): SetUp {
  const stepper = {
    params: [1, 2],
    gradient: [99, 99],
    measures: { gradientScale: 99, gradientNorm: 7, stepNorm: 0, valueChange: 0 },
    evaluations: { value: 0, gradient: 0, hessianVector: 0 },
  };
  return { choice, stepper, startParams: Float64Array.of(10, -20), whole: undefined } as unknown as SetUp;
}

describe("a descent as tests see it", () => {
  it("is itself where its gradient is exact or that of differences", () => {
    for (const choice of [{ kind: "exact" }, { kind: "host", source: "finite-difference" }]) {
      const own = setUp(choice);
      expect(testedView(own)).toBe(own);
    }
  });

  it("has the gradients of another source where its own are estimates, and they are counted", () => {
    const own = setUp({ kind: "host", source: "estimated", reference, evaluate: () => expect.unreachable() });
    const view = testedView(own);
    expect(Array.from(view.stepper.gradient)).toEqual([2, 12]);
    expect(own.stepper.evaluations).toEqual({ value: 4, gradient: 1, hessianVector: 0 });
    expect(view.stepper.measures).toEqual({ gradientScale: 120, gradientNorm: 7, stepNorm: 0, valueChange: 0 });
    expect(own.stepper.evaluations).toEqual({ value: 8, gradient: 2, hessianVector: 0 });
    expect((view.choice as unknown as { evaluate: unknown }).evaluate).toBe(reference);
    expect(Array.from(own.stepper.gradient)).toEqual([99, 99]);
  });

  it("holds whole numbers where they are", () => {
    const box = { lower: Float64Array.of(1, -5), upper: Float64Array.of(1, 5) };
    const nearest = (params: Float64Array) => Float64Array.of(1, params[1]!);
    const whole = { held: () => box, nearest: () => nearest, residual: (_: Float64Array, g: Float64Array) => Float64Array.of(0, g[1]!) };
    const view = testedView({ ...setUp({ kind: "exact" }), whole } as unknown as SetUp);
    expect(view.box).toBe(box);
    expect([...view.nearest(Float64Array.of(3, 4))]).toEqual([1, 4]);
    expect([...view.rule!.residual!(Float64Array.of(1, 2), Float64Array.of(5, 6))!]).toEqual([0, 6]);
  });
});
