/** The oracle of the tests of the function reader: the function itself, called with numbers. */

import { expect } from "vitest";
import { input } from "../../src/graph/build.js";
import { readFunction, type SymbolicValue } from "../../src/graph/function-source.js";
import { type Node, topologicalOrder, validate } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { Tensor } from "../../src/graph/tensor.js";

export type AnyFunction = (...args: never[]) => unknown;

/** A vector of parameters [n] named "p". */
export function vector(n: number): Tensor {
  return Tensor.of(input("p", [n]));
}

/** The node of a result that must be one tensor. */
export function nodeOf(result: SymbolicValue): Node {
  expect(result).toBeInstanceOf(Tensor);
  const { node } = result as Tensor;
  validate([node]);
  return node;
}

/** Reproducible points: k·√2 and the like, folded into [−scale, scale]. */
export function samplePoint(n: number, seed: number, scale = 2): number[] {
  return Array.from({ length: n }, (_, i) => {
    const u = Math.abs(Math.sin((i + 1) * 12.9898 + seed * 78.233) * 43758.5453) % 1;
    return scale * (2 * u - 1);
  });
}

/** |a − b| ≤ rtol·max(|a|, |b|, 1), equal infinities, or both NaN. */
export function expectClose(got: number, want: number, rtol: number, where = ""): void {
  if (Object.is(got, want) || got === want || (Number.isNaN(got) && Number.isNaN(want))) return;
  const error = Math.abs(got - want) / Math.max(Math.abs(got), Math.abs(want), 1);
  expect(error, `${where} graph ${got}, function ${want}`).toBeLessThanOrEqual(rtol);
}

/**
 * Reads `fn` of one array of n numbers and compares its graph with calling it at a few points.
 *
 * The tolerance is a few hundred roundings: sums are added in another order and powers are products.
 *
 * @returns the number of nodes of the graph.
 */
export function expectSameAsCalled(
  fn: AnyFunction,
  n: number,
  options: { constants?: Record<string, unknown>; scale?: number; rtol?: number; points?: readonly number[][] } = {},
): number {
  const node = nodeOf(readFunction(fn, [vector(n)], options.constants === undefined ? {} : { constants: options.constants }));
  const points = options.points ?? [1, 2, 3, 4].map((seed) => samplePoint(n, seed, options.scale));
  for (const point of points) {
    const want = (fn as (x: number[]) => unknown)([...point]);
    const expected = Array.isArray(want) ? (want.flat(3) as number[]) : [Number(want)];
    const got = evaluate([node], { inputs: { p: point } })[0]!;
    expect(got.length).toBe(expected.length);
    expected.forEach((value, i) => {
      expectClose(got[i]!, value, options.rtol ?? 1e-12, `at [${point.slice(0, 4)}…]`);
    });
  }
  return topologicalOrder([node]).length;
}
