/**
 * Zero times undefined: what a branch not taken must not do to a gradient.
 *
 * `select(x > 0, √x, 3x)` at x = −4 sends a cotangent of 0 to √x, whose derivative is not a number there; 0·NaN would spoil a
 * gradient that is plainly 3. Cotangents that came out of a `select`, `min` or `max` are therefore marked, and where a marked one meets
 * a factor that can be infinite or undefined, the product is 0 wherever the cotangent is 0. Graphs without such primitives, and factors
 * that are sums and products of inputs, are left as they are.
 */

import { constant, ternary, uniformValue } from "../graph/build.js";
import type { Node } from "../graph/graph.js";
import { applyFactor } from "./rules/elementwise.js";
import type { Factor } from "./rules/rule.js";

/** Primitives that are infinite or undefined somewhere, though their operands are finite. */
const SINGULAR: ReadonlySet<string> = new Set([
  "div",
  "sqrt",
  "log",
  "log1p",
  "pow",
  "exp",
  "expm1",
  "sinh",
  "cosh",
  "tan",
  "asin",
  "acos",
  "atan2",
  "lgamma",
  "digamma",
]);

/** Primitives that send 0 to operands they do not choose. */
export function routes(node: Node): boolean {
  return node.op === "select" || node.op === "max" || node.op === "min";
}

/** Primitives through which a 0 in the cotangent of the result stays a 0 in the cotangent of the same element of the operand. */
export function keepsMask(node: Node): boolean {
  return node.op !== "dot" && node.op !== "reduceMax" && node.op !== "gather" && node.op !== "scatterAdd";
}

/** Multiplies marked cotangents by derivatives. */
export class Masking {
  private readonly singular = new Map<Node, boolean>();

  /** @param order - nodes of the function, operands first. */
  constructor(order: readonly Node[]) {
    for (const node of order) this.canBeSingular(node);
  }

  /** The derivative applied to a cotangent that may be 0 where the derivative is undefined. */
  apply(node: Node, factor: Exclude<Factor, undefined>, cotangent: Node): Node {
    const product = applyFactor(factor, cotangent);
    const risky = typeof factor === "function" ? isRiskyQuotient(node) : this.canBeSingular(factor);
    return risky ? ternary("select", cotangent, product, constant(0)) : product;
  }

  /** Recursion reaches only the few nodes a rule makes; those of the function are known. */
  private canBeSingular(node: Node): boolean {
    const known = this.singular.get(node);
    if (known !== undefined) return known;
    const risky =
      isNotFinite(node) || (SINGULAR.has(node.op) && !isQuotientByLiteral(node)) || node.inputs.some((input) => this.canBeSingular(input));
    this.singular.set(node, risky);
    return risky;
  }
}

/** Numbers that are none from the start, such as an element beyond the end of an array. */
function isNotFinite(node: Node): boolean {
  if (node.op !== "constant") return false;
  const { value } = node.attributes;
  return typeof value === "number" ? !Number.isFinite(value) : !value.every(Number.isFinite);
}

function isQuotientByLiteral(node: Node): boolean {
  return node.op === "div" && uniformValue(node.inputs[1]!) !== undefined;
}

/** The rules that divide the cotangent. */
function isRiskyQuotient(node: Node): boolean {
  return node.op === "log" || (node.op === "div" && !isQuotientByLiteral(node));
}
