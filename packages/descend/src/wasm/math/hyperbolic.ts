/**
 * eˣ − 1, sinh x, cosh x, tanh x, all from eˣ = 2ᵏ(1 + p) with p known beyond float64 ({@link expParts}).
 *
 * eˣ − 1 = (2ᵏ − 1) + 2ᵏp, where 2ᵏ − 1 is exact. sinh and tanh have their own approximation on |x| < 1, where
 * exponentials would cancel; beyond, tanh|x| = 1 − 2/(e²ˣ + 1), whose rounding errors are damped by the subtraction.
 *
 * Accuracy and special values: docs/elementary-functions.md, measured by scripts/measure-ulps.mjs.
 */

import { SINH, TANH_32, TANH_P, TANH_Q } from "./coefficients.js";
import { fastTwoSum } from "./double-double.js";
import { expEdge, expPair, expParts, powerOfTwo } from "./exp.js";
import type { FunctionSource } from "./math-op.js";
import { estrin, horner } from "./polynomial.js";
import { constant, type Vector } from "./vector.js";

export function expm1(x: Vector, library: FunctionSource): Vector {
  const wide = x.lanes === "f64x2";
  const { bits, r, rest } = expParts(x, { long: true });
  const power = powerOfTwo(bits);
  const whole = power.sub(1);
  // What 2ᵏ − 1 lost when 2ᵏ is beyond the last bit of 1
  const lost = power.sub(whole).sub(1);
  const sum = fastTwoSum(whole, r.mul(power));
  const value = sum.high.add(sum.low.add(lost).add(rest.mul(power)));
  const usual = x.greaterEqual(wide ? -37 : -17).and(x.lessEqual(wide ? 708 : 87));
  const edge = library.part("expm1.edge", x.lanes, 1, ([y]) => y!.less(0).select(-1, expEdge(y!)));
  return x
    .abs()
    .less(wide ? 2 ** -54 : 2 ** -25)
    .select(x, value.guard(usual.not(), edge, x));
}

export function tanh(x: Vector): Vector {
  const wide = x.lanes === "f64x2";
  const t = x.abs();
  const z = t.mul(t);
  const small = t.less(wide ? 0.7 : 0.625);
  const { bits, r, rest } = expParts(t.add(t).atMost(wide ? 44 : 20), { long: wide });
  const power = powerOfTwo(bits);
  if (wide) {
    const sum = fastTwoSum(power.add(1), r.add(rest).mul(power));
    // One division serves both: t + t³P/Q and 1 − 2/(e²ᵗ + 1).
    const above = small.select(t.mul(z).mul(horner(z, TANH_P)), -2);
    const below = small.select(horner(z, TANH_Q), sum.high);
    const ratio = above.div(below);
    // −2/(d + δ) = −2/d + (2/d)²δ/2
    const correction = small.select(0, ratio.mul(ratio).mul(sum.low.mul(0.5)));
    const result = fastTwoSum(small.select(t, 1), ratio);
    return result.high.add(result.low.add(correction)).withSign(x.signBit());
  }
  const denominator = power.add(1).add(r.add(rest).mul(power));
  const near = t.add(t.mul(z).mul(horner(z, TANH_32)));
  return small.select(near, constant(x.lanes, 1).sub(constant(x.lanes, 2).div(denominator))).withSign(x.signBit());
}

/** eᵗ/8 = high + low and e⁻ᵗ/8, for 0 ≤ t ≤ 711: scaled so that neither overflows before the result does. */
function halves(t: Vector): { high: Vector; low: Vector; inverse: Vector } {
  const { bits, mantissa } = expPair(t.atMost(711));
  const power = powerOfTwo(bits, -3);
  const top = mantissa.high.mul(power);
  return { high: top, low: mantissa.low.mul(power), inverse: constant(t.lanes, 1 / 64).div(top) };
}

/** sinh x (float64). */
export function sinh(x: Vector): Vector {
  const t = x.abs();
  const z = t.mul(t);
  const near = t.add(t.mul(z).mul(estrin(z, SINH)));
  const { high, low, inverse } = halves(t);
  const far = high.sub(inverse.sub(low)).mul(4);
  return t.less(1).select(near, far).withSign(x.signBit());
}

/** cosh x (float64). */
export function cosh(x: Vector): Vector {
  const { high, low, inverse } = halves(x.abs());
  return high.add(inverse.add(low)).mul(4);
}
