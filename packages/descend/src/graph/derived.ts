/**
 * Functions that are compositions of primitives: comparisons the other way round, logarithms to other bases, inverse
 * hyperbolic functions, means, norms, and the stable forms of log-sum-exp and softmax.
 *
 * They are shared by every way of writing an objective (tensors, formulas, plain functions), so that the same
 * mathematics is the same graph whichever way it came in.
 */

import {
  binary,
  broadcast,
  broadcastShapes,
  constant,
  normalizeAxes,
  reduceMax,
  reshape,
  rowCount,
  stack as stackAlike,
  sum,
  ternary,
  unary,
} from "./build.js";
import { type Node, ROWS, type Shape, sameShape } from "./graph.js";

/** 1 if a > b, else 0. */
export function greater(a: Node, b: Node): Node {
  return binary("less", b, a);
}

/** 1 if a ≥ b, else 0. */
export function greaterEqual(a: Node, b: Node): Node {
  return binary("lessEqual", b, a);
}

/** 1 if a ≠ b, else 0; NaN differs from everything. */
export function notEqual(a: Node, b: Node): Node {
  return binary("sub", constant(1), binary("equal", a, b));
}

/** 1 if a is 0, else 0. */
export function not(a: Node): Node {
  return binary("equal", a, constant(0));
}

/** 1 if both are nonzero, else 0. */
export function and(a: Node, b: Node): Node {
  return ternary("select", a, notEqual(b, constant(0)), constant(0));
}

/** 1 if one is nonzero, else 0. */
export function or(a: Node, b: Node): Node {
  return ternary("select", a, constant(1), notEqual(b, constant(0)));
}

export function square(x: Node): Node {
  return binary("mul", x, x);
}

/** Logarithm to base 2, as log(x) / log(2): within 2 ulps, so log2(8) need not be exactly 3. */
export function log2(x: Node): Node {
  return binary("div", unary("log", x), constant(Math.LN2));
}

/** Logarithm to base 10, as log(x) / log(10). */
export function log10(x: Node): Node {
  return binary("div", unary("log", x), constant(Math.LN10));
}

/** Real cube root, odd: sign(x)·|x|^(1/3). Its derivative at 0 is infinite. */
export function cbrt(x: Node): Node {
  return binary("mul", signOfHalfLine(x), binary("pow", magnitude(x), constant(1 / 3)));
}

/** √(Σ xᵢ²). Overflows where a square does, above about 1e154 in float64. */
export function hypot(...parts: readonly Node[]): Node {
  return unary(
    "sqrt",
    parts.map(square).reduce((a, b) => binary("add", a, b), constant(0)),
  );
}

/** Inverse hyperbolic sine: s·log1p(t + t²/(1 + √(1+t²))) with t = |x| and s its sign. For |x| < 1e154. */
export function asinh(x: Node): Node {
  const t = magnitude(x);
  const root = unary("sqrt", binary("add", constant(1), square(t)));
  const inner = binary("add", t, binary("div", square(t), binary("add", constant(1), root)));
  return binary("mul", signOfHalfLine(x), unary("log1p", inner));
}

/** Inverse hyperbolic cosine: log1p(t + √(2t + t²)) with t = x − 1; NaN for x < 1. */
export function acosh(x: Node): Node {
  const t = binary("sub", x, constant(1));
  const root = unary("sqrt", binary("mul", t, binary("add", constant(2), t)));
  return unary("log1p", binary("add", t, root));
}

/** Inverse hyperbolic tangent: ½·log1p(2x / (1 − x)). */
export function atanh(x: Node): Node {
  const ratio = binary("div", binary("mul", constant(2), x), binary("sub", constant(1), x));
  return binary("mul", constant(0.5), unary("log1p", ratio));
}

// |x| and the sign of x with the derivatives ±1 and 0 taken from the right at 0, where `abs` has the derivative 0.
function magnitude(x: Node): Node {
  return ternary("select", binary("less", x, constant(0)), unary("neg", x), x);
}

function signOfHalfLine(x: Node): Node {
  return ternary("select", binary("less", x, constant(0)), constant(-1), constant(1));
}

/** a − b·⌊a / b⌋: the remainder with the sign of b. */
export function floorMod(a: Node, b: Node): Node {
  return binary("sub", a, binary("mul", b, unary("floor", binary("div", a, b))));
}

/** a − b·trunc(a / b): the remainder with the sign of a, as JavaScript's `%` up to rounding of the quotient. */
export function remainder(a: Node, b: Node): Node {
  return binary("sub", a, binary("mul", b, unary("trunc", binary("div", a, b))));
}

/** Smallest element over `axes` (default: all). */
export function reduceMin(x: Node, axes?: readonly number[]): Node {
  return unary("neg", reduceMax(unary("neg", x), axes));
}

/** Mean over `axes` (default: all). Over the row axis it divides by the number of rows of the batch. */
export function mean(x: Node, axes?: readonly number[]): Node {
  const normalized = normalizeAxes("mean", x.shape, axes);
  let count = 1;
  for (const axis of normalized) if (x.shape[axis] !== ROWS) count *= x.shape[axis]!;
  const overRows = normalized.some((axis) => x.shape[axis] === ROWS);
  const divisor = overRows ? binary("mul", rowCount(), constant(count)) : constant(count);
  return binary("div", sum(x, normalized), divisor);
}

/** Σ (x − mean)² / count over `axes` (default: all): the population's variance, in two passes. */
export function variance(x: Node, axes?: readonly number[]): Node {
  const normalized = normalizeAxes("variance", x.shape, axes);
  return mean(square(binary("sub", x, keepAxes(mean(x, normalized), x.shape, normalized))), normalized);
}

/** √(Σ x²) over `axes` (default: all). Its derivative at 0 is not a number. */
export function twoNorm(x: Node, axes?: readonly number[]): Node {
  return unary("sqrt", sum(square(x), axes));
}

/** `reduced` with the axes that a reduction of `shape` took away put back with length 1, ready to be broadcast. */
export function keepAxes(reduced: Node, shape: Shape, axes: readonly number[]): Node {
  return reshape(
    reduced,
    shape.map((d, axis) => (axes.includes(axis) ? 1 : d)),
  );
}

/**
 * The largest element over `axes` as a constant of differentiation, 0 where it is infinite or NaN: subtracting it keeps
 * exp in range, and ∞ − ∞ cannot occur. The axes are kept with length 1.
 */
function safeShift(x: Node, axes: readonly number[]): Node {
  const largest = reduceMax(unary("stopGradient", x), axes);
  const finite = binary("less", unary("abs", largest), constant(Number.POSITIVE_INFINITY));
  return keepAxes(ternary("select", finite, largest, constant(0)), x.shape, axes);
}

/** log Σ exp(x) over `axes` (default: all), shifted by the maximum so that it neither overflows nor underflows. −∞ for all −∞. */
export function logSumExp(x: Node, axes?: readonly number[]): Node {
  const normalized = normalizeAxes("logSumExp", x.shape, axes);
  if (normalized.length === 0) return x;
  const shift = safeShift(x, normalized);
  const total = sum(unary("exp", binary("sub", x, shift)), normalized);
  return binary("add", unary("log", total), reshape(shift, total.shape));
}

/** exp(x) / Σ exp(x) over `axes`, by shifted exponentials. NaN where all are −∞. */
export function softmax(x: Node, axes: readonly number[]): Node {
  const normalized = normalizeAxes("softmax", x.shape, axes);
  if (normalized.length === 0) return constant(1, x.shape);
  const exponentials = unary("exp", binary("sub", x, safeShift(x, normalized)));
  return binary("div", exponentials, keepAxes(sum(exponentials, normalized), x.shape, normalized));
}

/** log softmax(x) = x − logSumExp(x) over `axes`, finite where softmax underflows to 0. */
export function logSoftmax(x: Node, axes: readonly number[]): Node {
  const normalized = normalizeAxes("logSoftmax", x.shape, axes);
  if (normalized.length === 0) return constant(0, x.shape);
  const shifted = binary("sub", x, safeShift(x, normalized));
  const logTotal = unary("log", sum(unary("exp", shifted), normalized));
  return binary("sub", shifted, broadcast(keepAxes(logTotal, x.shape, normalized), x.shape));
}

/** Nodes of one shape, after broadcasting, as the entries along a new axis, the first that is not the row axis. At least one. */
export function stack(nodes: readonly Node[]): Node {
  const shape = broadcastShapes(
    "stack",
    nodes.map((node) => node.shape),
  );
  return stackAlike(nodes.map((node) => (sameShape(node.shape, shape) ? node : broadcast(node, shape))));
}
