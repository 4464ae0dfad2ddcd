/**
 * sigmoid x = 1/(1 + e⁻ˣ) and softplus x = log(1 + eˣ).
 *
 * With e = e^−|x| ≤ 1 known beyond the format: sigmoid is 1/(1 + e) or e/(1 + e), softplus is max(x, 0) + log(1 + e).
 *
 * Accuracy and special values: docs/elementary-functions.md, measured by scripts/measure-ulps.mjs.
 */

import { fastTwoSum, type Pair, quotient, twoSum } from "./double-double.js";
import { expPair, powerOfTwo } from "./exp.js";
import { log1pOfFraction } from "./log.js";
import type { FunctionSource } from "./math-op.js";
import { call, constant, type Vector } from "./vector.js";

/** Where e^−|x| stays normal. */
const LIMIT = 700;
const LIMIT_32 = 86;

/** e^−|x| as a sum. */
function expOfMinusAbs(x: Vector): Pair {
  const { bits, mantissa } = expPair(x.or(x.like(-0)));
  const power = powerOfTwo(bits);
  return { high: mantissa.high.mul(power), low: mantissa.low.mul(power) };
}

function isUnusual(x: Vector): Vector {
  return x.isBeyond(x.lanes === "f64x2" ? LIMIT : LIMIT_32);
}

export function sigmoid(x: Vector, library: FunctionSource): Vector {
  const e = expOfMinusAbs(x);
  const one = constant(x.lanes, 1);
  const negative = x.less(0);
  const sum = fastTwoSum(one, e.high);
  const numerator = { high: negative.select(e.high, one), low: negative.select(e.low, 0) };
  const denominator = { high: sum.high, low: sum.low.add(e.low) };
  const value = x.lanes === "f64x2" ? quotient(numerator, denominator) : shortQuotient(numerator, denominator);
  const edge = library.part("sigmoid.edge", x.lanes, 1, ([y]) =>
    y!.greater(0).select(1, call(library.function("exp", y!.lanes), y!.lanes, y!)),
  );
  return value.guard(isUnusual(x), edge, x);
}

/** a/b with two roundings of the quotient instead of one, for float32. */
function shortQuotient(a: Pair, b: Pair): Vector {
  const first = a.high.div(b.high);
  return first.add(a.low.sub(first.mul(b.low)).div(b.high));
}

export function softplus(x: Vector, library: FunctionSource): Vector {
  const e = expOfMinusAbs(x);
  const logarithm = log1pOfFraction(e.high, e.low);
  const positive = x.greater(0).select(x, 0);
  const sum = twoSum(positive, logarithm.high);
  const value = sum.high.add(sum.low.add(logarithm.low));
  const edge = library.part("softplus.edge", x.lanes, 1, ([y]) =>
    y!.greater(0).select(y!, call(library.function("exp", y!.lanes), y!.lanes, y!)),
  );
  return value.guard(isUnusual(x), edge, x);
}
