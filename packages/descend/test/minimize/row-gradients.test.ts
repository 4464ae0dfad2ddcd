import { describe, expect, it } from "vitest";
import { createDescent, minimize } from "../../src/minimize/minimize.js";

const rows = 300_000;
const data = {
  x: Float64Array.from({ length: rows }, (_, i) => Math.sin(i)),
  y: Float64Array.from({ length: rows }, (_, i) => Math.cos(i)),
};
const loss = (p: { a: number; b: number }, row: { x: number; y: number }): number => (p.a * row.x + p.b - row.y) ** 2;

describe("gradients of single rows", () => {
  // Closed form: 300 000 rows looked at ten times are 3 000 000 gradients for ten updates, one at a time 300 000 for as many
  it("are rows times passes for full batches: ten updates", () => {
    const solution = minimize(loss, { a: 0, b: 0 }, { data, method: "gradientDescent", learningRate: 0.01, maxSteps: 10 });
    expect([solution.steps, solution.rowGradients]).toEqual([10, 3_000_000]);
  });

  it("are one an update for batches of one row", () => {
    const options = { data, method: "gradientDescent", learningRate: 0.001, batch: 1, maxSteps: rows } as const;
    const solution = minimize(loss, { a: 0, b: 0 }, options);
    expect([solution.steps, solution.rowGradients]).toEqual([rows, rows]);
  });

  it("count the short batch at the end of an epoch as what it is, also after a resumption", () => {
    const few = { x: data.x.slice(0, 10), y: data.y.slice(0, 10) };
    const options = { data: few, method: "gradientDescent", learningRate: 0.001, batch: 4 } as const;
    const first = createDescent(loss, { a: 0, b: 0 }, options);
    const counts = Array.from({ length: 7 }, () => {
      first.step();
      return first.rowGradients;
    });
    expect(counts).toEqual([4, 8, 10, 14, 18, 20, 24]);
    const second = createDescent(loss, { a: 0, b: 0 }, { ...options, checkpoint: JSON.parse(JSON.stringify(first.checkpoint())) });
    expect(second.rowGradients).toBe(24);
  });

  it("are none without a table", () => {
    expect(minimize((x: number) => x * x, 3).rowGradients).toBe(0);
  });
});
