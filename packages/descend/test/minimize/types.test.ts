import { describe, expectTypeOf, it } from "vitest";
import type { Tensor } from "../../src/graph/tensor.js";
import { leastSquares } from "../../src/minimize/least-squares/least-squares.js";
import { createDescent, minimize } from "../../src/minimize/minimize.js";
import { minimizeAsync } from "../../src/minimize/minimize-async.js";

/** Checked by the compiler (`npm run check`): what a reader of the README writes needs no annotations. */
describe("types of objectives", () => {
  it("take the parameters from the start", () => {
    expectTypeOf(minimize((x) => (x - 3) ** 2, 0).params).toEqualTypeOf<number>();
    expectTypeOf(minimize(([x, y]) => x! ** 2 + y! ** 2, [1, 2]).params).toEqualTypeOf<number[]>();
    expectTypeOf(minimize((p) => p.a ** 2 + p.b[0]!, { a: 1, b: [2, 3] }).params).toEqualTypeOf<{ a: number; b: number[] }>();
    expectTypeOf(minimize("(1 - x)^2", { x: 0 }).params).toEqualTypeOf<{ x: number }>();
    expectTypeOf(createDescent((x) => x ** 2, 0).params).toEqualTypeOf<number>();
  });

  it("take the row from the data", () => {
    const data = {
      x: [1, 2],
      z: [
        [1, 2],
        [3, 4],
      ],
      y: Float64Array.of(1, 2),
    };
    minimize(
      (p, row) => {
        expectTypeOf(p).toEqualTypeOf<{ a: number; b: number }>();
        expectTypeOf(row.x).toEqualTypeOf<number>();
        expectTypeOf(row.y).toEqualTypeOf<number>();
        expectTypeOf(row.z).toEqualTypeOf<number[]>();
        return (p.a * row.x + p.b * row.z[0]! - row.y) ** 2;
      },
      { a: 0, b: 0 },
      { data },
    );
  });

  it("refuse what no objective gives, and a start of another shape", () => {
    const calls = [
      // @ts-expect-error: a promise
      () => minimize(async (x: number) => x, 1),
      // @ts-expect-error: a missing return
      () => minimize((p: number[]) => void p[0], [1]),
      // @ts-expect-error: a text
      () => minimize((x: number) => `${x}`, 1),
      // @ts-expect-error: an element that may not be there
      () => minimize((p: number[]) => p.at(0), [1]),
      // @ts-expect-error: b is missing
      () => minimize((p: { a: number; b: number }) => p.a + p.b, { a: 1 }),
      // @ts-expect-error: b is missing
      () => createDescent((p: { a: number; b: number }) => p.a + p.b, { a: 1 }),
      // @ts-expect-error: a column that is not there
      () => minimize((p: number[], row: { z: number }) => p[0]! * row.z, [1], { data: { x: [1] } }),
    ];
    expectTypeOf(calls.length).toEqualTypeOf<number>();
  });

  it("let functions of tensors say so", () => {
    const loss = (p: { w: Tensor }): Tensor => p.w.square().sum();
    expectTypeOf(minimize(loss, { w: [1, 2] }).params).toEqualTypeOf<{ w: number[] }>();
  });
});

describe("the type of onStep", () => {
  it("takes whatever a callback happens to return, and no promise", () => {
    const values: number[] = [];
    const calls = [
      () => minimize("x^2", { x: 1 }, { onStep: ({ value }) => values.push(value) }),
      () => minimize("x^2", { x: 1 }, { onStep: ({ step }) => (step > 3 ? "stop" : undefined) }),
      () => minimize("x^2", { x: 1 }, { onStep: () => new Map() }),
      () => minimize("x^2", { x: 1 }, { onStep: () => {} }),
      () => minimizeAsync((x: number) => x * x, 1, { onStep: async () => "stop" }),
      // @ts-expect-error: nothing waits for it
      () => minimize("x^2", { x: 1 }, { onStep: async () => "stop" }),
      // @ts-expect-error: nothing waits for it
      () => createDescent((x: number) => x * x, 1, { onStep: () => Promise.resolve() }),
      // @ts-expect-error: nothing waits for it
      () => leastSquares((p: number[]) => [p[0]!], [1], { onStep: async () => {} }),
    ];
    expectTypeOf(calls.length).toEqualTypeOf<number>();
  });
});
