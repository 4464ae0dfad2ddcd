/** Derivatives of + − × ÷ √ and powers. */

import { binary, constant, ternary, unary, uniformValue } from "../../graph/build.js";
import type { Node } from "../../graph/graph.js";
import type { ElementwiseRule } from "./rule.js";

const add = (a: Node, b: Node): Node => binary("add", a, b);
const mul = (a: Node, b: Node): Node => binary("mul", a, b);
const div = (a: Node, b: Node): Node => binary("div", a, b);
const neg = (a: Node): Node => unary("neg", a);
const one = constant(1);
const zero = constant(0);

export const arithmeticRules: {
  readonly [op in "neg" | "add" | "sub" | "mul" | "div" | "sqrt" | "pow"]: ElementwiseRule;
} = {
  neg: [() => neg],
  add: [() => (t) => t, () => (t) => t],
  sub: [() => (t) => t, () => neg],
  mul: [([, b]) => b, ([a]) => a],
  div: [
    ([, b]) =>
      (t) =>
        div(t, b),
    ([, b], y) => neg(div(y, b)),
  ],
  sqrt: [(_, y) => div(constant(0.5), y)],
  pow: [
    // b·a^(b−1); b = 0 gives 0 also at a = 0, where 0·0⁻¹ would not be a number.
    ([a, b]) => {
      const power = mul(b, binary("pow", a, binary("sub", b, one)));
      return uniformValue(b) !== undefined && uniformValue(b) !== 0 ? power : ternary("select", b, power, zero);
    },
    // a^b·log a, and its limit 0 at a = 0, b ≥ 0. The logarithm is taken of 1 there, so that higher derivatives stay finite.
    ([a, b], y) => {
      const vanishes = mul(binary("equal", a, zero), binary("lessEqual", zero, b));
      return ternary("select", vanishes, zero, mul(y, unary("log", ternary("select", vanishes, one, a))));
    },
  ],
};

/** a² + b², shared with the rule of `atan2`. */
export function sumOfSquares(a: Node, b: Node): Node {
  return add(mul(a, a), mul(b, b));
}
