/**
 * Derivatives of functions with kinks and steps, and the value chosen where there is none.
 *
 * |x| has derivative 0 at 0; `min` and `max` of equal operands send half to each; `select` sends everything to the chosen branch;
 * steps (`sign`, `floor`, comparisons, …) and random numbers have derivative 0. The conventions are PyTorch's. A NaN operand of
 * `min` or `max` gets the full factor: the value is NaN already.
 */

import { binary, constant, ternary, unary } from "../../graph/build.js";
import type { Node } from "../../graph/graph.js";
import { type ElementwiseRule, none } from "./rule.js";

const zero = constant(0);

/** Everything for the operand that wins, half at a tie, 0 for the one that loses by `loses`: routed as by `select`, so that √max(x, 0) is flat for x < 0. */
function share(loses: Node, a: Node, b: Node): (t: Node) => Node {
  const ties = binary("equal", a, b);
  return (t) => ternary("select", loses, zero, ternary("select", ties, binary("mul", t, constant(0.5)), t));
}

export const piecewiseRules: {
  readonly [op in
    | "abs"
    | "sign"
    | "floor"
    | "ceil"
    | "trunc"
    | "min"
    | "max"
    | "less"
    | "lessEqual"
    | "equal"
    | "select"
    | "random"
    | "stopGradient"]: ElementwiseRule;
} = {
  abs: [([x]) => unary("sign", x)],
  sign: [none],
  floor: [none],
  ceil: [none],
  trunc: [none],
  min: [([a, b]) => share(binary("less", b, a), a, b), ([a, b]) => share(binary("less", a, b), a, b)],
  max: [([a, b]) => share(binary("less", a, b), a, b), ([a, b]) => share(binary("less", b, a), a, b)],
  less: [none, none],
  lessEqual: [none, none],
  equal: [none, none],
  // Routed, not multiplied: 0·∞ of the branch not taken never appears here.
  select: [
    none,
    ([c]) =>
      (t) =>
        ternary("select", c, t, zero),
    ([c]) =>
      (t) =>
        ternary("select", c, zero, t),
  ],
  random: [none, none, none],
  stopGradient: [none],
};
