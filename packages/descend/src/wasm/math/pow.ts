/**
 * xʸ = e^(y log x), in float64, with the cases of JavaScript's `**`.
 *
 * log x is needed to about 68 bits, because an error of y log x ≤ 745 is an error of the result: x = 2ᵏm, s = (m − 1)/(m + 1),
 * log m = 2s + s³(2/3 + s²(2/5 + s²T(s²))), in sums of two numbers but for T. The product with y is exact to 2⁻¹⁰⁶, and its
 * low part enters the exponential. Source of the scheme: Muller 2016, Elementary Functions, section 14.6.
 *
 * Accuracy and special values: docs/elementary-functions.md, measured by scripts/measure-ulps.mjs.
 */

import { LOG_TAIL } from "./coefficients.js";
import { LARGEST, LN2, SMALLEST_NORMAL } from "./constants.js";
import { fastTwoSum, type Pair, pairOf, pairProduct, pairQuotient, pairSum, twoProduct } from "./double-double.js";
import { expEdge, expParts, scale } from "./exp.js";
import { binade } from "./log.js";
import type { FunctionSource } from "./math-op.js";
import { estrin } from "./polynomial.js";
import type { Vector } from "./vector.js";

/** log x for positive normal x, relative error about 2⁻⁶⁸; `exponent` is added to k. */
export function logPair(x: Vector, exponent?: Vector): Pair {
  const { k: wholeOfX, m } = binade(x);
  const k = exponent === undefined ? wholeOfX : wholeOfX.add(exponent);
  const f = m.sub(1);
  const quotient = pairQuotient({ high: f, low: x.like(0) }, fastTwoSum(x.like(2), f));
  const s = fastTwoSum(quotient.high, quotient.low);
  const z = pairProduct(s, s);
  const tail = z.high.mul(estrin(z.high, LOG_TAIL));
  const fifth = fastTwoSum(x.like(0.4), tail.add(-2.220446049250313e-17));
  const third = pairSum(pairOf(x, 2 / 3, 3.700743415417188e-17), pairProduct(z, fifth));
  const rest = pairProduct(pairProduct(z, s), third);
  const ofM = fastTwoSum(s.high.add(s.high), rest.high);
  const low = ofM.low.add(s.low.add(s.low).add(rest.low));
  return pairSum({ high: k.mul(LN2[0]), low: k.mul(LN2[1]) }, { high: ofM.high, low });
}

function timesLog(y: Vector, logarithm: Pair): Pair {
  const { high, low } = twoProduct(y, logarithm.high);
  return { high, low: low.add(y.mul(logarithm.low)) };
}

export function pow(x: Vector, y: Vector, library: FunctionSource): Vector {
  const p = timesLog(y, logPair(x));
  const { bits, r, rest } = expParts(p.high, { tail: p.low, long: true });
  const value = scale(r.add(rest).add(1), bits);
  const usual = x.greaterEqual(SMALLEST_NORMAL).and(x.lessEqual(LARGEST)).and(p.high.abs().lessEqual(708));
  return value.guard(
    usual.not(),
    library.part("pow.edge", x.lanes, 2, ([a, b]) => powEdge(a!, b!)),
    x,
    y,
  );
}

/** Overflow, underflow, x ≤ 0, subnormal x, ∞ and NaN. */
function powEdge(x: Vector, y: Vector): Vector {
  const a = x.abs();
  const small = a.less(SMALLEST_NORMAL);
  const p = timesLog(y, logPair(small.select(a.mul(2 ** 54), a), small.select(-54, 0)));
  const moderate = p.high.abs().less(800);
  const finite = expEdge(p.high.atMost(800).atLeast(-800), moderate.select(p.low, 0));
  const growing = y.greater(0).xor(a.less(1)); // the limit of the magnitude is ∞
  const extreme = growing.select(Infinity, 0);
  const infiniteY = y.abs().equal(Infinity);
  const limit = a.equal(0).or(a.equal(Infinity)).or(infiniteY);
  const magnitude = limit.select(extreme, finite);
  // The sign, and NaN for a negative number to a power that is not whole
  const whole = y.equal(y.trunc());
  const halfOfY = y.mul(0.5);
  const odd = whole.and(halfOfY.notEqual(halfOfY.trunc()));
  const signed = magnitude.or(odd.and(x.signBit()));
  const undefinedRoot = x.less(0).and(limit.not()).and(whole.not());
  const invalid = undefinedRoot
    .or(infiniteY.and(a.equal(1)))
    .or(x.isNaN())
    .or(y.isNaN());
  return y.equal(0).select(1, invalid.select(NaN, signed));
}
