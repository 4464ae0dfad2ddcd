/**
 * Rewriting of elementwise primitives. Each rule gives a node to use instead, or undefined.
 *
 * What may change, and nothing else: the order in which factors are multiplied (one rounding more or less), the sign of a zero
 * sum, and values that overflow or cancel in the form that was written and do not in the form that is used (logistic functions).
 * `pow(x, ½)` is taken as √x, which differs at −∞ and in the sign of √−0.
 */

import { binary, broadcast, broadcastShapes, constant, elementwise, reshape, unary, uniformValue } from "../build.js";
import { withoutRepetition } from "../contraction.js";
import { type ElementwiseOp, elementCount, type Node, sameShape } from "../graph.js";
import { isElementwise } from "../primitives.js";

/** What a rule may know beyond the node: whether an operand has no other reader, so that it disappears if it is not used here. */
export interface RuleContext {
  readonly readOnce: (node: Node) => boolean;
}

export type Rule = (node: Node, context: RuleContext) => Node | undefined;

const neg = (a: Node): Node => unary("neg", a);
const mul = (a: Node, b: Node): Node => binary("mul", a, b);
const div = (a: Node, b: Node): Node => binary("div", a, b);

export function rewriteElementwise(node: Node, context: RuleContext): Node | undefined {
  if (!isElementwise(node.op)) return undefined;
  return rules[node.op]?.(node, context) ?? moveBeforeRepetition(node) ?? moveBeforeReshape(node);
}

/** f(repeated a, repeated b) is f(a, b), repeated: the work is done once where it is the same. */
function moveBeforeRepetition(node: Node): Node | undefined {
  if (!node.inputs.every((operand) => operand.op === "broadcast" || uniformValue(operand) !== undefined)) return undefined;
  const sources = node.inputs.map((operand) => (operand.op === "broadcast" ? operand.inputs[0]! : withoutRepetition(operand).source));
  const shape = broadcastShapes(
    node.op,
    sources.map((source) => source.shape),
  );
  const fewer =
    elementCount(shape) < elementCount(node.shape) || (node.shape[0] !== shape[0] && node.shape.length > 0 && node.shape[0] === -1);
  return fewer ? broadcast(elementwise(node.op as ElementwiseOp, sources), node.shape) : undefined;
}

/** f(reshape a, reshape b) is f(a, b), reshaped: one view instead of two. */
function moveBeforeReshape(node: Node): Node | undefined {
  if (node.inputs.length < 2) return undefined;
  const view = node.inputs.find((operand) => operand.op === "reshape");
  if (view === undefined) return undefined;
  const from = view.inputs[0]!.shape;
  const sources: Node[] = [];
  for (const operand of node.inputs) {
    const known = uniformValue(operand);
    if (known !== undefined) sources.push(constant(known, from));
    else if (operand.op === "reshape" && sameShape(operand.inputs[0]!.shape, from)) sources.push(operand.inputs[0]!);
    else return undefined;
  }
  return reshape(elementwise(node.op as ElementwiseOp, sources), node.shape);
}

/** The one number an array repeats, as a scalar node; undefined if it varies, or is a literal that is better left alone. */
function repeatedScalar(x: Node): Node | undefined {
  const known = uniformValue(x);
  if (known !== undefined) return isModerate(known) ? constant(known) : undefined;
  if (x.op !== "broadcast" || elementCount(x.inputs[0]!.shape) !== 1) return undefined;
  const { source, labels } = withoutRepetition(x);
  return labels.length === 0 ? source : undefined;
}

/** Neither 0, infinite, NaN nor close to where a product of two such numbers is, in float32 too: joining them cannot over- or underflow. */
function isModerate(value: number): boolean {
  return Math.abs(value) > 1e-15 && Math.abs(value) < 1e15;
}

/** [number, the other factor] of a product or quotient with a literal in the wanted place. */
function literalFactor(x: Node): { value: number; rest: Node } | undefined {
  if (x.op !== "mul") return undefined;
  for (const k of [0, 1]) {
    const value = uniformValue(x.inputs[k]!);
    if (value !== undefined && isModerate(value)) return { value, rest: x.inputs[1 - k]! };
  }
  return undefined;
}

/** u if x is 1 + exp(u) in either order. */
function onePlusExp(x: Node): Node | undefined {
  if (x.op !== "add") return undefined;
  for (const k of [0, 1]) if (uniformValue(x.inputs[k]!) === 1 && x.inputs[1 - k]!.op === "exp") return x.inputs[1 - k]!.inputs[0]!;
  return undefined;
}

/** u if x is 1 − sigmoid(u). */
function oneMinusSigmoid(x: Node): Node | undefined {
  return x.op === "sub" && uniformValue(x.inputs[0]!) === 1 && x.inputs[1]!.op === "sigmoid" ? x.inputs[1]!.inputs[0]! : undefined;
}

/** y if x is −y, or −y repeated. */
function negated(x: Node): Node | undefined {
  if (x.op === "neg") return x.inputs[0]!;
  return x.op === "broadcast" && x.inputs[0]!.op === "neg" ? broadcast(x.inputs[0]!.inputs[0]!, x.shape) : undefined;
}

/** s·a ± s·b is s·(a ± b) for a repeated scalar s: one product less, and s can move on. */
function commonScalar(op: "add" | "sub", a: Node, b: Node, { readOnce }: RuleContext): Node | undefined {
  if (a.op !== "mul" || b.op !== "mul" || a.shape.length === 0 || !readOnce(a) || !readOnce(b)) return undefined;
  for (const i of [0, 1]) {
    const scalar = a.inputs[i]!;
    if (repeatedScalar(scalar) === undefined) continue;
    for (const j of [0, 1]) {
      if (b.inputs[j] === scalar) return mul(scalar, binary(op, a.inputs[1 - i]!, b.inputs[1 - j]!));
    }
  }
  return undefined;
}

const rules: { readonly [op in ElementwiseOp]?: Rule } = {
  neg: ({ inputs: [x] }) => {
    if (x!.op === "sub") return binary("sub", x!.inputs[1]!, x!.inputs[0]!);
    const factor = literalFactor(x!);
    if (factor !== undefined) return mul(constant(-factor.value), factor.rest);
    const divisor = x!.op === "div" ? uniformValue(x!.inputs[1]!) : undefined;
    return divisor !== undefined ? div(x!.inputs[0]!, constant(-divisor)) : undefined;
  },

  abs: ({ inputs: [x] }) => (x!.op === "neg" ? unary("abs", x!.inputs[0]!) : x!.op === "abs" ? x : undefined),

  add: ({ inputs: [a, b] }, context) => {
    if (a === b) return mul(constant(2), a!);
    const minusB = negated(b!);
    if (minusB !== undefined) return binary("sub", a!, minusB);
    const minusA = negated(a!);
    if (minusA !== undefined) return binary("sub", b!, minusA);
    return commonScalar("add", a!, b!, context);
  },

  sub: ({ inputs: [a, b] }, context) => {
    const minusB = negated(b!);
    if (minusB !== undefined) return binary("add", a!, minusB);
    const minusA = negated(a!);
    if (minusA !== undefined) return neg(binary("add", minusA, b!));
    if (uniformValue(a!) === 1 && b!.op === "sigmoid" && context.readOnce(b!)) return unary("sigmoid", neg(b!.inputs[0]!));
    return commonScalar("sub", a!, b!, context);
  },

  mul: ({ inputs: [a, b], shape }, { readOnce }) => {
    const [minusA, minusB] = [negated(a!), negated(b!)];
    if (minusA !== undefined && minusB !== undefined) return mul(minusA, minusB);
    for (const [x, y, minusY] of [
      [a!, b!, minusB],
      [b!, a!, minusA],
    ] as const) {
      const literal = uniformValue(x);
      if (minusY !== undefined) return literal !== undefined ? mul(constant(-literal), minusY) : neg(mul(x, minusY));
      if (literal !== undefined && isModerate(literal)) {
        const factor = literalFactor(y);
        if (factor !== undefined) return mul(constant(literal * factor.value), factor.rest);
        const numerator = y.op === "div" ? uniformValue(y.inputs[0]!) : undefined;
        if (numerator !== undefined && isModerate(numerator)) return div(constant(literal * numerator), y.inputs[1]!);
      }
      if (y.op === "div" && uniformValue(y.inputs[0]!) === 1 && readOnce(y) && repeatedScalar(x) === undefined) return div(x, y.inputs[1]!);
      // Scalars that are repeated move out, where they meet each other and leave sums.
      if (y.op !== "mul" || !readOnce(y) || shape.length === 0) continue;
      const own = repeatedScalar(x);
      for (const k of [0, 1]) {
        const scalar = repeatedScalar(y.inputs[k]!);
        if (scalar === undefined) continue;
        const rest = y.inputs[1 - k]!;
        return own !== undefined ? mul(broadcast(mul(own, scalar), shape), rest) : mul(broadcast(scalar, shape), mul(x, rest));
      }
    }
    return undefined;
  },

  div: ({ inputs: [a, b], shape }) => {
    const [minusA, minusB] = [negated(a!), negated(b!)];
    if (minusA !== undefined && minusB !== undefined) return div(minusA, minusB);
    const numerator = uniformValue(a!);
    const divisor = uniformValue(b!);
    if (divisor !== undefined && isPowerOfTwo(divisor)) return mul(a!, constant(1 / divisor));
    if (minusA !== undefined) return divisor !== undefined ? div(minusA, constant(-divisor)) : neg(div(minusA, b!));
    if (minusB !== undefined) return neg(div(a!, minusB));
    if (numerator !== undefined && numerator < 0) return neg(div(constant(-numerator), b!));
    const exponent = onePlusExp(b!);
    if (exponent === undefined) return undefined;
    // c/(1 + e^u) = c·sigmoid(−u), and e^u/(1 + e^u) = sigmoid(u), which is finite where e^u is not.
    if (numerator !== undefined) return broadcast(mul(constant(numerator), unary("sigmoid", neg(exponent))), shape);
    return a!.op === "exp" && a!.inputs[0] === exponent ? unary("sigmoid", exponent) : undefined;
  },

  pow: ({ inputs: [a, b] }) => {
    const exponent = uniformValue(b!);
    if (exponent === 0.5) return unary("sqrt", a!);
    return exponent === -0.5 ? div(constant(1), unary("sqrt", a!)) : undefined;
  },

  log: ({ inputs: [x] }) => {
    const exponent = onePlusExp(x!);
    if (exponent !== undefined) return unary("softplus", exponent);
    if (x!.op === "sigmoid") return neg(unary("softplus", neg(x!.inputs[0]!)));
    const complement = oneMinusSigmoid(x!);
    return complement === undefined ? undefined : neg(unary("softplus", complement));
  },

  log1p: ({ inputs: [x] }) => {
    if (x!.op === "exp") return unary("softplus", x!.inputs[0]!);
    return x!.op === "neg" && x!.inputs[0]!.op === "sigmoid" ? neg(unary("softplus", x!.inputs[0]!.inputs[0]!)) : undefined;
  },

  min: ({ inputs: [a, b] }) => (a === b ? a : undefined),
  max: ({ inputs: [a, b] }) => (a === b ? a : undefined),
  select: ({ inputs: [, a, b] }) => (a === b ? a : undefined),
  stopGradient: ({ inputs: [x] }) => (x!.op === "stopGradient" ? x : undefined),
};

/** ±2^k whose reciprocal is exact and normal, in float32 too. */
function isPowerOfTwo(value: number): boolean {
  const magnitude = Math.abs(value);
  return magnitude >= 2 ** -100 && magnitude <= 2 ** 100 && 2 ** Math.round(Math.log2(magnitude)) === magnitude && value !== 1;
}
