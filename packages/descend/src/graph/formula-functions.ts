/**
 * The functions and constants a formula may name: a catalogue, with what each builds.
 */

import { binary, constant, ternary, unary } from "./build.js";
import * as derived from "./derived.js";
import type { BinaryOp, Node, UnaryOp } from "./graph.js";

/** A function of formulas. */
export interface FormulaFunction {
  /** The name first, then other spellings. */
  readonly names: readonly [string, ...string[]];
  /** Fewest and most arguments. */
  readonly least: number;
  readonly most: number;
  readonly build: (...operands: readonly Node[]) => Node;
  readonly meaning: string;
}

function one(names: readonly [string, ...string[]], meaning: string, build: UnaryOp | ((x: Node) => Node)): FormulaFunction {
  return { names, least: 1, most: 1, meaning, build: (x) => (typeof build === "string" ? unary(build, x!) : build(x!)) };
}

function two(names: readonly [string, ...string[]], meaning: string, build: BinaryOp | ((a: Node, b: Node) => Node)): FormulaFunction {
  return { names, least: 2, most: 2, meaning, build: (a, b) => (typeof build === "string" ? binary(build, a!, b!) : build(a!, b!)) };
}

function several(names: readonly [string, ...string[]], meaning: string, build: (...operands: readonly Node[]) => Node): FormulaFunction {
  return { names, least: 1, most: Number.POSITIVE_INFINITY, meaning, build };
}

const reciprocal =
  (op: UnaryOp) =>
  (x: Node): Node =>
    binary("div", constant(1), unary(op, x));

/** All functions of formulas. */
export const formulaFunctions: readonly FormulaFunction[] = [
  one(["exp"], "eˣ", "exp"),
  one(["expm1"], "eˣ − 1", "expm1"),
  {
    names: ["log", "ln"],
    least: 1,
    most: 2,
    meaning: "natural logarithm; log(x, b) to base b",
    build: (x, base) => (base === undefined ? unary("log", x!) : binary("div", unary("log", x!), unary("log", base))),
  },
  one(["log1p"], "log(1 + x)", "log1p"),
  one(["log2"], "logarithm to base 2", derived.log2),
  one(["log10", "lg"], "logarithm to base 10", derived.log10),
  one(["sqrt"], "√x", "sqrt"),
  one(["cbrt"], "∛x", derived.cbrt),
  one(["square"], "x²", derived.square),
  two(["pow"], "pow(a, b) = aᵇ", "pow"),
  one(["abs"], "|x|", "abs"),
  one(["sign", "sgn"], "−1, 0 or 1", "sign"),
  one(["floor"], "largest whole number ≤ x", "floor"),
  one(["ceil"], "smallest whole number ≥ x", "ceil"),
  one(["trunc"], "x without its fraction", "trunc"),
  one(["round"], "nearest whole number, halves up", (x) => unary("floor", binary("add", x, constant(0.5)))),
  two(["mod"], "mod(a, b) = a − b·⌊a/b⌋", derived.floorMod),
  one(["sin"], "sine, radians", "sin"),
  one(["cos"], "cosine, radians", "cos"),
  one(["tan", "tg"], "tangent, radians", "tan"),
  one(["sec"], "1 / cos x", reciprocal("cos")),
  one(["csc"], "1 / sin x", reciprocal("sin")),
  one(["cot", "ctg"], "1 / tan x", reciprocal("tan")),
  one(["asin", "arcsin"], "inverse sine", "asin"),
  one(["acos", "arccos"], "inverse cosine", "acos"),
  one(["atan", "arctan"], "inverse tangent", "atan"),
  two(["atan2", "arctan2"], "atan2(y, x): angle of the point (x, y)", "atan2"),
  one(["sinh"], "hyperbolic sine", "sinh"),
  one(["cosh"], "hyperbolic cosine", "cosh"),
  one(["tanh"], "hyperbolic tangent", "tanh"),
  one(["asinh", "arsinh", "arcsinh"], "inverse hyperbolic sine", derived.asinh),
  one(["acosh", "arcosh", "arccosh"], "inverse hyperbolic cosine", derived.acosh),
  one(["atanh", "artanh", "arctanh"], "inverse hyperbolic tangent", derived.atanh),
  one(["sigmoid", "logistic", "expit"], "1 / (1 + e⁻ˣ)", "sigmoid"),
  one(["softplus"], "log(1 + eˣ)", "softplus"),
  one(["relu"], "x where x > 0, else 0", (x) => ternary("select", binary("lessEqual", x, constant(0)), constant(0), x)),
  one(["erf"], "error function", "erf"),
  one(["lgamma", "gammaln"], "log |Γ(x)|", "lgamma"),
  one(["digamma"], "Γ′(x) / Γ(x)", "digamma"),
  several(["min"], "the smallest", (...parts) => parts.reduce((a, b) => binary("min", a, b))),
  several(["max"], "the largest", (...parts) => parts.reduce((a, b) => binary("max", a, b))),
  several(["hypot"], "√(x² + y² + …)", derived.hypot),
  {
    names: ["clamp", "clip"],
    least: 3,
    most: 3,
    meaning: "clamp(x, lower, upper)",
    build: (x, lower, upper) => binary("min", binary("max", x!, lower!), upper!),
  },
  {
    names: ["if", "where", "select"],
    least: 3,
    most: 3,
    meaning: "if(condition, a, b): a where the condition holds, else b",
    build: (condition, a, b) => ternary("select", condition!, a!, b!),
  },
];

/** Every spelling of every function. */
export const formulaFunctionsByName: ReadonlyMap<string, FormulaFunction> = new Map(
  formulaFunctions.flatMap((f) => f.names.map((name) => [name, f] as const)),
);

/** Constants a formula may name, unless a variable has the name. */
export const formulaConstants: Readonly<Record<string, number>> = {
  pi: Math.PI,
  π: Math.PI,
  e: Math.E,
  tau: 2 * Math.PI,
  τ: 2 * Math.PI,
};
