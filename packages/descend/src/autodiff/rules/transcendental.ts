/** Derivatives of exponentials, logarithms, trigonometric, hyperbolic and special functions. */

import { binary, constant, unary } from "../../graph/build.js";
import type { Node, UnaryOp } from "../../graph/graph.js";
import { sumOfSquares } from "./arithmetic.js";
import type { ElementwiseRule } from "./rule.js";
import { trigamma } from "./trigamma.js";

const one = constant(1);
const add = (a: Node, b: Node): Node => binary("add", a, b);
const sub = (a: Node, b: Node): Node => binary("sub", a, b);
const mul = (a: Node, b: Node): Node => binary("mul", a, b);
const inverse = (a: Node): Node => binary("div", one, a);
const apply = (op: UnaryOp, a: Node): Node => unary(op, a);

/** √(1 − x²) as √((1 − x)(1 + x)), which does not cancel near ±1. */
const arc = (x: Node): Node => apply("sqrt", mul(sub(one, x), add(one, x)));

export const transcendentalRules: {
  readonly [op in
    | "exp"
    | "expm1"
    | "log"
    | "log1p"
    | "sin"
    | "cos"
    | "tan"
    | "asin"
    | "acos"
    | "atan"
    | "sinh"
    | "cosh"
    | "tanh"
    | "sigmoid"
    | "softplus"
    | "erf"
    | "lgamma"
    | "digamma"
    | "atan2"]: ElementwiseRule;
} = {
  exp: [(_, y) => y],
  expm1: [(_, y) => add(y, one)],
  log: [
    ([x]) =>
      (t) =>
        binary("div", t, x),
  ],
  log1p: [([x]) => inverse(add(one, x))],
  sin: [([x]) => apply("cos", x)],
  cos: [([x]) => apply("neg", apply("sin", x))],
  tan: [(_, y) => add(one, mul(y, y))],
  asin: [([x]) => inverse(arc(x))],
  acos: [([x]) => apply("neg", inverse(arc(x)))],
  atan: [([x]) => inverse(add(one, mul(x, x)))],
  sinh: [([x]) => apply("cosh", x)],
  cosh: [([x]) => apply("sinh", x)],
  tanh: [(_, y) => sub(one, mul(y, y))],
  sigmoid: [(_, y) => mul(y, sub(one, y))],
  softplus: [([x]) => apply("sigmoid", x)],
  // 2/√π · exp(−x²)
  erf: [([x]) => mul(constant(1.1283791670955126), apply("exp", apply("neg", mul(x, x))))],
  lgamma: [([x]) => apply("digamma", x)],
  digamma: [([x]) => trigamma(x)],
  // atan2(a, b) is the angle of the point (b, a): ∂a = b/(a² + b²), ∂b = −a/(a² + b²).
  atan2: [([a, b]) => binary("div", b, sumOfSquares(a, b)), ([a, b]) => apply("neg", binary("div", a, sumOfSquares(a, b)))],
};
