// Oracle: x² − y² and the lengths by their definition: as long as the parameters, at least 1, and each a quarter of the one before.

import { describe, expect, it } from "vitest";
import { escapeAlong } from "../../../src/optim/newton/escape.js";

/** Runs it on a function and its gradient; the points whose values it asked for, and what it found. */
function run(f: (x: Float64Array) => number, gradient: (x: Float64Array) => number[], params: number[], direction: number[]) {
  const at = Float64Array.from(params);
  const asked: number[][] = [];
  const search = escapeAlong({ params: at, value: f(at), gradient: Float64Array.from(gradient(at)) }, Float64Array.from(direction));
  let next = search.next();
  while (!next.done) {
    const request = next.value;
    if (request.kind === "values") {
      asked.push(...request.points.map((point) => [...point]));
      next = search.next({ values: request.points.map(f), vector: undefined } as never);
    } else if (request.kind === "gradient") {
      next = search.next({ values: [f(request.params)], vector: Float64Array.from(gradient(request.params)) } as never);
    } else throw new Error(request.kind);
  }
  return { asked, found: next.value };
}

const saddle = (x: Float64Array): number => x[0]! ** 2 - x[1]! ** 2;
const saddleGradient = (x: Float64Array): number[] => [2 * x[0]!, -2 * x[1]!];

describe("escaping from a saddle", () => {
  it("goes as far as the parameters are long, whatever the length of the direction", () => {
    const { asked, found } = run(saddle, saddleGradient, [5, 0], [0, -0.25]);
    expect(asked).toEqual([
      [5, -5],
      [5, 5],
    ]);
    expect(found).toMatchObject({ value: 0 });
  });

  it("goes 1 far from parameters that are shorter, to the lower side", () => {
    const tilted = (x: Float64Array): number => saddle(x) + 0.5 * x[1]!;
    const { asked, found } = run(tilted, saddleGradient, [0, 0], [0, 8]);
    expect(asked).toEqual([
      [0, 1],
      [0, -1],
    ]);
    expect([...found!.params]).toEqual([0, -1]);
  });

  it("goes a quarter as far each time until it is lower, and no point whose gradient is not finite is taken", () => {
    const walled = (x: Float64Array): number => (Math.abs(x[1]!) > 0.1 ? 1 : saddle(x));
    const steps = (asked: number[][]): number[] => asked.filter((_, k) => k % 2 === 0).map(([, y]) => y!);
    expect(steps(run(walled, saddleGradient, [0, 0], [0, 1]).asked)).toEqual([1, 0.25, 0.0625]);
    const broken = (x: Float64Array): number[] => (Math.abs(x[1]!) > 0.01 ? [0, Number.POSITIVE_INFINITY] : saddleGradient(x));
    const { asked, found } = run(walled, broken, [0, 0], [0, 1]);
    expect(steps(asked)).toEqual([1, 0.25, 0.0625, 0.015625, 0.00390625]);
    expect(found!.value).toBe(-(0.00390625 ** 2));
  });

  it("gives up after 14 lengths where nothing is lower", () => {
    const bowl = (x: Float64Array): number => x[0]! ** 2 + x[1]! ** 2;
    const { asked, found } = run(bowl, (x) => [...x.map((v) => 2 * v)], [0, 0], [0, 1]);
    expect(found).toBeUndefined();
    expect(asked.length).toBe(28);
  });
});
