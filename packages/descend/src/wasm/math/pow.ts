/**
 * xʸ = e^(y log x), with the cases of JavaScript's `**`.
 *
 * log x is needed to about 68 bits, because an error of y log x ≤ 745 is an error of the result: x = 2ᵏm, s = (m − 1)/(m + 1),
 * log m = 2s + s³(2/3 + s²(2/5 + s²T(s²))), in sums of two numbers but for T. The product with y is exact to 2⁻¹⁰⁶, and its
 * low part enters the exponential. Source of the scheme: Muller 2016, Elementary Functions, section 14.6.
 *
 * Accuracy and special values: docs/elementary-functions.md, measured by scripts/measure-ulps.mjs.
 */

import type { FunctionBuilder } from "../encode/assembler.js";
import { LOG_TAIL } from "./coefficients.js";
import { LARGEST, LN2, SMALLEST_NORMAL } from "./constants.js";
import { fastTwoSum, type Pair, pairProduct, pairQuotient, pairSum, twoProduct } from "./double-double.js";
import { expEdge, expParts, scale } from "./exp.js";
import { binade, logParts } from "./log.js";
import type { FunctionSource } from "./math-op.js";
import { estrin } from "./polynomial.js";
import { throughFloat64 } from "./precision.js";
import type { Vector } from "./vector.js";

/** log x for positive normal x, relative error about 2⁻⁶⁸; `exponent` is added to k. */
export function logPair(x: Vector, exponent?: Vector): Pair {
  const { k: wholeOfX, m } = binade(x);
  const k = exponent === undefined ? wholeOfX : wholeOfX.add(exponent);
  const f = m.sub(1);
  const quotient = pairQuotient({ high: f, low: x.like(0) }, fastTwoSum(x.like(2), f));
  const s = fastTwoSum(quotient.high, quotient.low);
  const z = pairProduct(s, s);
  // The roundings of 2/5 s⁴ and beyond are below 2⁻⁶⁵ of the result.
  const fifth = z.high.mul(z.high.mul(estrin(z.high, LOG_TAIL)).add(0.4));
  const sum = fastTwoSum(x.like(2 / 3), fifth);
  const third = { high: sum.high, low: sum.low.add(3.700743415417188e-17) };
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
  const edge = library.part("pow.edge", "f64x2", 2, ([a, b]) => powEdge(a!, b!));
  // For float32 a float64 logarithm has digits enough.
  if (x.lanes === "f32x4")
    return throughFloat64(
      library.part("pow.short", "f64x2", 2, ([a, b]) => powShort(a!, b!, edge)),
      [x, y],
    );
  const p = timesLog(y, logPair(x));
  const { bits, r, rest } = expParts(p.high, { tail: p.low, long: true });
  return scale(r.add(rest).add(1), bits).guard(isUnusual(x, p.high), edge, x, y);
}

/** xʸ in float64 lanes, good for float32: relative error below 2⁻⁴⁴. */
function powShort(x: Vector, y: Vector, edge: FunctionBuilder): Vector {
  const { k, m } = binade(x);
  const { high, low } = logParts(k, m.sub(1));
  const p = y.mul(high.add(low));
  const { bits, r, rest } = expParts(p);
  return scale(r.add(rest).add(1), bits).guard(isUnusual(x, p), edge, x, y);
}

/** Lanes where x is not positive and normal, or the exponential of p is not normal. */
function isUnusual(x: Vector, p: Vector): Vector {
  return x
    .like(SMALLEST_NORMAL)
    .bitsGreater(x)
    .or(x.bitsGreater(x.like(LARGEST)))
    .or(p.isBeyond(708));
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
