/**
 * The catalogue of primitives: what each elementwise operation means for one element, and what every operation is.
 *
 * `apply` is the reference semantics in float64. Elementary functions use the host's Math, which differs between
 * engines by a few ulps; the compiled functions are our own and the same everywhere.
 */

import { threefryUniform } from "../numeric/random.js";
import { digamma, erf, lgamma, sigmoid, softplus } from "../numeric/special.js";
import type { BinaryOp, ElementwiseOp, TernaryOp, UnaryOp } from "./graph.js";

export interface ElementwisePrimitive {
  readonly arity: 1 | 2 | 3;
  readonly apply: (a: number, b: number, c: number) => number;
  /** One line for people. */
  readonly meaning: string;
}

const unaryPrimitives: Record<UnaryOp, ElementwisePrimitive> = {
  neg: { arity: 1, apply: (a) => -a, meaning: "−a" },
  abs: { arity: 1, apply: Math.abs, meaning: "|a|" },
  sign: { arity: 1, apply: Math.sign, meaning: "−1, 0 or 1 (±0 and NaN are kept)" },
  floor: { arity: 1, apply: Math.floor, meaning: "largest whole number ≤ a" },
  ceil: { arity: 1, apply: Math.ceil, meaning: "smallest whole number ≥ a" },
  trunc: { arity: 1, apply: Math.trunc, meaning: "a without its fraction" },
  sqrt: { arity: 1, apply: Math.sqrt, meaning: "√a" },
  exp: { arity: 1, apply: Math.exp, meaning: "eᵃ" },
  expm1: { arity: 1, apply: Math.expm1, meaning: "eᵃ − 1" },
  log: { arity: 1, apply: Math.log, meaning: "natural logarithm" },
  log1p: { arity: 1, apply: Math.log1p, meaning: "log(1 + a)" },
  sin: { arity: 1, apply: Math.sin, meaning: "sine of a, radians" },
  cos: { arity: 1, apply: Math.cos, meaning: "cosine of a, radians" },
  tan: { arity: 1, apply: Math.tan, meaning: "tangent of a, radians" },
  asin: { arity: 1, apply: Math.asin, meaning: "inverse sine, in [−π/2, π/2]" },
  acos: { arity: 1, apply: Math.acos, meaning: "inverse cosine, in [0, π]" },
  atan: { arity: 1, apply: Math.atan, meaning: "inverse tangent, in [−π/2, π/2]" },
  sinh: { arity: 1, apply: Math.sinh, meaning: "hyperbolic sine" },
  cosh: { arity: 1, apply: Math.cosh, meaning: "hyperbolic cosine" },
  tanh: { arity: 1, apply: Math.tanh, meaning: "hyperbolic tangent" },
  sigmoid: { arity: 1, apply: sigmoid, meaning: "1 / (1 + e⁻ᵃ)" },
  softplus: { arity: 1, apply: softplus, meaning: "log(1 + eᵃ)" },
  erf: { arity: 1, apply: erf, meaning: "error function" },
  lgamma: { arity: 1, apply: lgamma, meaning: "log |Γ(a)|" },
  digamma: { arity: 1, apply: digamma, meaning: "Γ′(a) / Γ(a)" },
  stopGradient: { arity: 1, apply: (a) => a, meaning: "a, with derivative 0" },
};

const binaryPrimitives: Record<BinaryOp, ElementwisePrimitive> = {
  add: { arity: 2, apply: (a, b) => a + b, meaning: "a + b" },
  sub: { arity: 2, apply: (a, b) => a - b, meaning: "a − b" },
  mul: { arity: 2, apply: (a, b) => a * b, meaning: "a · b" },
  div: { arity: 2, apply: (a, b) => a / b, meaning: "a / b" },
  pow: { arity: 2, apply: (a, b) => a ** b, meaning: "aᵇ" },
  atan2: { arity: 2, apply: Math.atan2, meaning: "angle of the point (b, a), in [−π, π]" },
  min: { arity: 2, apply: (a, b) => Math.min(a, b), meaning: "the smaller; NaN if either is NaN" },
  max: { arity: 2, apply: (a, b) => Math.max(a, b), meaning: "the larger; NaN if either is NaN" },
  less: { arity: 2, apply: (a, b) => (a < b ? 1 : 0), meaning: "1 if a < b, else 0" },
  lessEqual: { arity: 2, apply: (a, b) => (a <= b ? 1 : 0), meaning: "1 if a ≤ b, else 0" },
  equal: { arity: 2, apply: (a, b) => (a === b ? 1 : 0), meaning: "1 if a = b, else 0" },
};

const ternaryPrimitives: Record<TernaryOp, ElementwisePrimitive> = {
  select: { arity: 3, apply: (a, b, c) => (a !== 0 ? b : c), meaning: "b where a is nonzero, else c" },
  random: { arity: 3, apply: threefryUniform, meaning: "uniform in [0, 1) from (seed a, stream b, counter c)" },
};

/** Reference semantics of all elementwise primitives. */
export const elementwisePrimitives: Record<ElementwiseOp, ElementwisePrimitive> = {
  ...unaryPrimitives,
  ...binaryPrimitives,
  ...ternaryPrimitives,
};

const elementwiseOps: ReadonlySet<string> = new Set(Object.keys(elementwisePrimitives));

/** True for primitives that act on each element alone. */
export function isElementwise(op: string): op is ElementwiseOp {
  return elementwiseOps.has(op);
}
