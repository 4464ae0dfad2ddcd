/**
 * Numbers as unevaluated sums of two, for the places where one rounding too many would show.
 *
 * Source: Dekker 1971; Muller et al. 2018, Handbook of Floating-Point Arithmetic, chapters 4 and 14. Products are split by
 * clearing low bits rather than by Dekker's multiplication: two operations instead of four, and no overflow; the product of the
 * low halves (27 bits each) may then be rounded, an error of 2⁻¹⁰⁶ relative.
 */

import type { Vector } from "./vector.js";

/** high + low, where |low| is at most about an ulp of high. */
export interface Pair {
  readonly high: Vector;
  readonly low: Vector;
}

/** a + b exactly, for |a| ≥ |b| or a = 0. */
export function fastTwoSum(a: Vector, b: Vector): Pair {
  const high = a.add(b);
  return { high, low: b.sub(high.sub(a)) };
}

/** a + b exactly. */
export function twoSum(a: Vector, b: Vector): Pair {
  const high = a.add(b);
  const bPart = high.sub(a);
  return { high, low: a.sub(high.sub(bPart)).add(b.sub(bPart)) };
}

function upperHalf(x: Vector): Vector {
  return x.and(x.bits(0xfffffffff8000000n));
}

/** a·b − product, where product is a·b rounded (float64). Within 2⁻¹⁰⁶ of a·b, barring underflow. */
export function productError(a: Vector, b: Vector, product: Vector): Vector {
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a.sub(aHigh);
  const bLow = b.sub(bHigh);
  return aHigh.mul(bHigh).sub(product).add(aHigh.mul(bLow)).add(aLow.mul(bHigh)).add(aLow.mul(bLow));
}

/** a·b. */
export function twoProduct(a: Vector, b: Vector): Pair {
  const high = a.mul(b);
  return { high, low: productError(a, b, high) };
}

/** a·b for pairs, relative error about 2⁻¹⁰². */
export function pairProduct(a: Pair, b: Pair): Pair {
  const { high, low } = twoProduct(a.high, b.high);
  return fastTwoSum(high, low.add(a.high.mul(b.low).add(a.low.mul(b.high))));
}

/** a + b for pairs; relative error about 2⁻¹⁰⁴ unless a and b cancel. */
export function pairSum(a: Pair, b: Pair): Pair {
  const { high, low } = twoSum(a.high, b.high);
  return fastTwoSum(high, low.add(a.low.add(b.low)));
}

/** A pair of constants. */
export function pairOf(like: Vector, high: number, low = 0): Pair {
  return { high: like.like(high), low: like.like(low) };
}

/** a/b rounded once: a quotient, corrected by its remainder. */
export function quotient(a: Pair, b: Pair): Vector {
  const { high, low } = pairQuotient(a, b);
  return high.add(low);
}

/** a/b for pairs, relative error about 2⁻¹⁰⁰; not normalized: |low| is about an ulp of high. */
export function pairQuotient(a: Pair, b: Pair): Pair {
  const inverse = b.high.like(1).div(b.high);
  const first = a.high.mul(inverse);
  const product = first.mul(b.high);
  const remainder = a.high
    .sub(product)
    .sub(productError(first, b.high, product))
    .add(a.low)
    .sub(first.mul(b.low));
  return { high: first, low: remainder.mul(inverse) };
}
