/**
 * Constant factors of results that the next pass waits for: c·(a·x + b·y) becomes (c·a)·x + (c·b)·y, so that the factor is not one more
 * operation at the end of the chain. Changes results by rounding.
 */

import type { Value, ValueGraph } from "./value.js";

/** Terms of a sum up to which they are scaled one by one. */
const FEW_TERMS = 4;

/** The value in the form that is ready first. */
export function spreadFactor(values: ValueGraph, value: Value): Value {
  const [factor, rest] = factorOf(value);
  if (factor === undefined || termsOf(rest) > FEW_TERMS) return value;
  const spread = scaled(values, factor, rest);
  return depthOf(spread) < depthOf(value) ? spread : value;
}

/** The constant factor of a product, and the other one. */
function factorOf(value: Value): [factor: Value | undefined, rest: Value] {
  const [a, b] = value.args;
  if (value.op === "mul" && a!.op === "constant") return [a, b!];
  if (value.op === "mul" && b!.op === "constant") return [b, a!];
  return [undefined, value];
}

function termsOf(value: Value): number {
  return value.op === "add" || value.op === "sub" ? value.args.reduce((count, arg) => count + termsOf(arg), 0) : 1;
}

/** factor·value, the factor as early as it can be. */
function scaled(values: ValueGraph, factor: Value, value: Value): Value {
  const [a, b] = value.args;
  switch (value.op) {
    case "add":
    case "sub":
      return values.binary(value.op, scaled(values, factor, a!), scaled(values, factor, b!));
    case "mul":
      return depthOf(a!) <= depthOf(b!)
        ? values.binary("mul", scaled(values, factor, a!), b!)
        : values.binary("mul", a!, scaled(values, factor, b!));
    default:
      // Literals are folded.
      return values.binary("mul", factor, value);
  }
}

/** Operations in a row before a value is known. */
function depthOf(value: Value): number {
  const known = new Map<Value, number>();
  const visit = (v: Value): number => {
    let depth = known.get(v);
    if (depth === undefined) {
      depth = v.args.length === 0 ? 0 : 1 + Math.max(...v.args.map(visit));
      known.set(v, depth);
    }
    return depth;
  };
  return visit(value);
}
