// Oracle: the same descents made one by one; for a parabola the recurrence x ← (1 − 2η)·x.

import { describe, expect, it } from "vitest";
import { createDescent } from "../../../src/minimize/minimize.js";
import { sensitivityMap } from "../../../src/minimize/several/sensitivity-map.js";

describe("a sensitivity map", () => {
  it("holds where a descent ends for every pair, by rows of y", () => {
    const x = { option: "learningRate", values: [1e-3, 1e-2] };
    const y = { option: "decay", values: [0.5, 0.9, 0.99] };
    const formula = "(1 - x)^2 + 100 (y - x^2)^2";
    const map = sensitivityMap(formula, { x: -1.2, y: 1 }, { x, y, maxSteps: 300 });
    const alone = y.values.flatMap((decay) =>
      x.values.map((learningRate) => {
        const descent = createDescent(formula, { x: -1.2, y: 1 }, { method: "rmsprop", learningRate, methodOptions: { decay } });
        descent.step(300);
        return descent.value;
      }),
    );
    expect([...map.values]).toEqual(alone);
    expect(map.best.value).toBe(Math.min(...alone));
    expect(map.values[map.best.y * 2 + map.best.x]).toBe(map.best.value);
  });

  it("shows rates that diverge as ∞", () => {
    const momentumOf = (rates: number[], maxSteps: number) =>
      sensitivityMap(
        "x^2",
        { x: 1 },
        { method: "momentum", x: { option: "learningRate", values: rates }, y: { option: "momentum", values: [0] }, maxSteps },
      );
    const { values, method } = momentumOf([0.1, 0.25], 20);
    expect(method).toBe("momentum");
    expect(values[0]).toBeCloseTo(0.8 ** 40, 12);
    expect(values[1]).toBeCloseTo(0.5 ** 40, 12);
    expect([...momentumOf([2], 4000).values]).toEqual([Number.POSITIVE_INFINITY]);
  });

  it("refuses empty axes and options that the method does not have", () => {
    const values = [0.1];
    expect(() => sensitivityMap("x^2", { x: 1 }, { x: { option: "learningRate", values: [] }, y: { option: "decay", values } })).toThrow(
      expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }),
    );
    expect(() => sensitivityMap("x^2", { x: 1 }, { x: { option: "learningRate", values }, y: { option: "dekay", values } })).toThrow(
      expect.objectContaining({ code: "OPTION_UNKNOWN" }),
    );
  });
});
