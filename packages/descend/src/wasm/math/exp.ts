/**
 * eˣ.
 *
 * x = k·ln 2 + r with k whole and |r| ≤ ln 2/2; eʳ = 1 + r + r²P(r); the result is that times 2ᵏ. ln 2 is subtracted in two
 * parts (Cody and Waite 1980), the first with so many trailing zeros that k times it is exact, and the rounding of r
 * is carried to the end. Outside of |x| ≤ 708 a second function scales in two steps, so that results below 2⁻¹⁰²² are
 * rounded once.
 *
 * Accuracy and special values: docs/elementary-functions.md, measured by scripts/measure-ulps.mjs.
 */

import { EXP, EXP_32, EXP_LONG, EXP_LONG_32 } from "./coefficients.js";
import { LN2, LN2_32, ROUND, ROUND_32 } from "./constants.js";
import { fastTwoSum, type Pair } from "./double-double.js";
import type { FunctionSource } from "./math-op.js";
import { estrin } from "./polynomial.js";
import { constant, type Vector } from "./vector.js";

/** eˣ = 2ᵏ (1 + r + rest) with |r| ≤ ln 2/2, |rest| ≤ 0.07; `bits` holds k in its low bits. */
export interface ExpParts {
  readonly k: Vector;
  readonly bits: Vector;
  readonly r: Vector;
  readonly rest: Vector;
}

/** The reduced exponential of x + tail, where |tail| is at most a few ulps of x. For |x| ≤ 1100 (float32: 150). */
export function expParts(x: Vector, options: { tail?: Vector; long?: boolean } = {}): ExpParts {
  const { tail, long = false } = options;
  const wide = x.lanes === "f64x2";
  const round = wide ? ROUND : ROUND_32;
  const [ln2High, ln2Low] = wide ? LN2 : LN2_32;
  const bits = x.mul(Math.LOG2E).add(round);
  const k = bits.sub(round);
  const exact = x.sub(k.mul(ln2High));
  let correction = k.mul(ln2Low);
  if (tail !== undefined) correction = correction.sub(tail);
  const r = exact.sub(correction);
  const lost = exact.sub(r).sub(correction);
  if (!long)
    return {
      k,
      bits,
      r,
      rest: r
        .mul(r)
        .mul(estrin(r, wide ? EXP : EXP_32))
        .add(lost),
    };
  // r²/2 apart, so that the rounding errors of the polynomial weigh less
  const half = r.mul(r.mul(0.5));
  return {
    k,
    bits,
    r,
    rest: half.add(
      half
        .mul(r)
        .mul(estrin(r, wide ? EXP_LONG : EXP_LONG_32))
        .add(lost.add(lost.mul(r))),
    ),
  };
}

/** eˣ as 2ᵏ and 1 + r + rest in a sum of two numbers, correct to about 2⁻⁵⁷ (float32: 2⁻²⁸). */
export function expPair(x: Vector, tail?: Vector): { readonly bits: Vector; readonly mantissa: Pair } {
  const { bits, r, rest } = expParts(x, tail === undefined ? { long: true } : { long: true, tail });
  const part = fastTwoSum(r, rest);
  const sum = fastTwoSum(constant(x.lanes, 1), part.high);
  return { bits, mantissa: { high: sum.high, low: sum.low.add(part.low) } };
}

/** 2 to the whole number in the low bits of `bits`, plus `offset`, which must give a normal number. */
export function powerOfTwo(bits: Vector, offset = 0): Vector {
  return bits.lanes === "f64x2"
    ? bits.bitsAdd(bits.bits(BigInt(1023 + offset))).shiftLeft(52)
    : bits.bitsAdd(bits.bits(BigInt(127 + offset))).shiftLeft(23);
}

/** Adds the whole number in the low bits of `bits` to the exponents of y; the result must be normal. */
export function scale(y: Vector, bits: Vector): Vector {
  return y.bitsAdd(bits.shiftLeft(y.lanes === "f64x2" ? 52 : 23));
}

export function exp(x: Vector, library: FunctionSource): Vector {
  const { bits, r, rest } = expParts(x);
  const usual = scale(r.add(rest).add(1), bits);
  const unusual = x.isBeyond(x.lanes === "f64x2" ? 708 : 87);
  return usual.guard(
    unusual,
    library.part("exp.edge", x.lanes, 1, ([y]) => expEdge(y!)),
    x,
  );
}

/** eˣ (of x + tail) for any x: two factors, since 2ᵏ itself may not be a normal number. */
export function expEdge(x: Vector, tail?: Vector): Vector {
  const wide = x.lanes === "f64x2";
  const bounded = x.atMost(wide ? 710 : 89).atLeast(wide ? -746 : -104);
  const { k, r, rest } = expParts(bounded, tail === undefined ? {} : { tail, long: true });
  const round = constant(x.lanes, wide ? ROUND : ROUND_32);
  const first = k.mul(0.5).floor();
  const second = k.sub(first);
  return r
    .add(rest)
    .add(1)
    .mul(powerOfTwo(first.add(round)))
    .mul(powerOfTwo(second.add(round)));
}
