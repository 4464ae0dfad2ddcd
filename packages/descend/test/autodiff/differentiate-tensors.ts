/** Values and gradients of a function of tensors, for comparison with PyTorch. */

import { expect } from "vitest";
import { vjp } from "../../src/autodiff/vjp.js";
import { constant, input } from "../../src/graph/build.js";
import { type Shape, validate } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { simplify } from "../../src/graph/simplify.js";
import { Tensor } from "../../src/graph/tensor.js";

export type Nested = number | readonly Nested[];
export type Named = Readonly<Record<string, Nested>>;

export const shapeOf = (value: Nested): Shape =>
  typeof value === "number" ? [] : [value.length, ...(value.length === 0 ? [] : shapeOf(value[0]!))];
export const flatOf = (value: Nested): number[] => (typeof value === "number" ? [value] : value.flatMap(flatOf));

export interface Derivatives {
  readonly value: number[];
  readonly gradients: Readonly<Record<string, number[]>>;
}

/** f(tensors) and Σ cotangent·f differentiated by each tensor, from the graph as traced and from the simplified one. */
export function differentiate(f: (tensors: Record<string, Tensor>) => Tensor, tensors: Named, cotangent: Nested = 1): Derivatives[] {
  const names = Object.keys(tensors);
  const nodes = names.map((name) => input(name, shapeOf(tensors[name]!)));
  const output = f(Object.fromEntries(names.map((name, i) => [name, Tensor.of(nodes[i]!)]))).node;
  const weights = typeof cotangent === "number" ? constant(cotangent, output.shape) : constant(flatOf(cotangent), output.shape);
  const outputs = [output, ...vjp([output], [weights], nodes)];
  const simplified = simplify(outputs);
  validate(simplified);
  const inputs = Object.fromEntries(names.map((name) => [name, flatOf(tensors[name]!)]));
  return [outputs, simplified].map((list) => {
    const [value, ...gradients] = evaluate(list, { inputs }).map((values) => [...values]);
    return { value: value!, gradients: Object.fromEntries(names.map((name, i) => [name, gradients[i]!])) };
  });
}

/** Agreement relative to the largest element, with the given number of digits. */
export function expectClose(got: readonly number[], expected: Nested, digits: number, what: string): void {
  const flat = flatOf(expected);
  expect(got.length, what).toBe(flat.length);
  const scale = Math.max(1e-9, ...flat.map(Math.abs));
  got.forEach((g, i) => {
    expect(Math.abs(g - flat[i]!), `${what}[${i}]: ${g} for ${flat[i]}`).toBeLessThanOrEqual(10 ** -digits * scale);
  });
}
