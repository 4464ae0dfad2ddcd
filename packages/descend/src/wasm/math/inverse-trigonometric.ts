/**
 * arcsin x, arccos x, arctan x and the angle atan2(y, x), in float64.
 *
 * arcsin, arccos: on |x| ≤ ½ a polynomial; beyond, arcsin x = π/2 − 2 arcsin √((1 − x)/2), with the rounding error of the
 * root carried. arctan: arctan x = arctan c + arctan((x − c)/(1 + cx)) with c of 0, ½, 1, 3/2, ∞ near x, then a polynomial on
 * |t| ≤ 7/16. atan2 does the same with a quotient that is known beyond float64. Source for the intervals: Ng's fdlibm (1993).
 *
 * Accuracy and special values: docs/elementary-functions.md, measured by scripts/measure-ulps.mjs.
 */

import { ASIN, ATAN } from "./coefficients.js";
import { HALF_PI, PI } from "./constants.js";
import { fastTwoSum, pairQuotient, twoProduct, twoSum } from "./double-double.js";
import { estrin } from "./polynomial.js";
import type { Vector } from "./vector.js";

interface ArcsineParts {
  readonly small: Vector;
  /** |x|, or √((1 − |x|)/2) rounded. */
  readonly w: Vector;
  /** What is missing from w to the arcsine. */
  readonly rest: Vector;
}

function arcsineParts(x: Vector): ArcsineParts {
  const a = x.abs();
  const small = a.lessEqual(0.5);
  const z = small.select(a.mul(a), x.like(1).sub(a).mul(0.5));
  const root = z.sqrt();
  const square = twoProduct(root, root);
  const lost = z
    .sub(square.high)
    .sub(square.low)
    .div(root.add(root).atLeast(2 ** -40));
  const w = small.select(a, root);
  return { small, w, rest: w.mul(z).mul(estrin(z, ASIN)).add(small.select(0, lost)) };
}

export function asin(x: Vector): Vector {
  const { small, w, rest } = arcsineParts(x);
  const sum = fastTwoSum(x.like(HALF_PI[0]), w.mul(-2));
  const far = sum.high.add(sum.low.add(HALF_PI[1]).sub(rest.add(rest)));
  return small.select(w.add(rest), far).withSign(x.signBit());
}

export function acos(x: Vector): Vector {
  const { small, w, rest } = arcsineParts(x);
  const negative = x.less(0);
  // base + factor·(w + rest), where base is π/2, 0 or π
  const high = small.select(HALF_PI[0], negative.select(PI[0], 0));
  const low = small.select(HALF_PI[1], negative.select(PI[1], 0));
  const factor = small.select(-1, -2).xor(small.xor(negative).not().and(x.like(-0)));
  const sum = fastTwoSum(high, w.mul(factor));
  return sum.high.add(sum.low.add(low).add(rest.mul(factor)));
}

export function atan(x: Vector): Vector {
  const a = x.abs();
  const pick = (values: readonly [number, number, number, number, number]): Vector =>
    a
      .less(7 / 16)
      .select(
        values[0],
        a.less(11 / 16).select(values[1], a.less(19 / 16).select(values[2], a.less(39 / 16).select(values[3], values[4]))),
      );
  const c = pick([0, 0.5, 1, 1.5, 0]);
  const far = a.greaterEqual(39 / 16);
  const t = far.select(-1, a.sub(c)).div(far.select(a, a.mul(c).add(1)));
  const z = t.mul(t);
  const correction = t
    .mul(z)
    .mul(estrin(z, ATAN))
    .add(pick([0, 2.2698777452961687e-17, 3.061616997868383e-17, 1.3903311031230998e-17, HALF_PI[1]]));
  const value = pick([0, 0.4636476090008061, 0.7853981633974483, 0.982793723247329, HALF_PI[0]]).add(t.add(correction));
  return value.withSign(x.signBit());
}

/** The angle of the point (x, y); y is the first argument. */
export function atan2(y: Vector, x: Vector): Vector {
  const ay = y.abs();
  const ax = x.abs();
  const swap = ay.greater(ax);
  const larger = swap.select(ay, ax);
  const smaller = swap.select(ax, ay);
  // Powers of two keep every product in range; 0/0 becomes 0/1, ∞/∞ becomes 1/1, anything else/∞ becomes 0/1.
  const factor = larger.greater(2 ** 500).select(2 ** -600, larger.less(2 ** -500).select(2 ** 600, 1));
  const infinite = larger.equal(Infinity);
  const d = larger.equal(0).or(infinite).select(1, larger.mul(factor));
  const n = infinite.select(smaller.equal(Infinity).select(1, 0), smaller.mul(factor));
  const near1 = n.greaterEqual(d.mul(11 / 16));
  const nearHalf = n.greaterEqual(d.mul(7 / 16));
  const c = near1.select(1, nearHalf.select(0.5, 0));
  const below = fastTwoSum(d, c.mul(n));
  const t = pairQuotient({ high: n.sub(c.mul(d)), low: x.like(0) }, below);
  const z = t.high.mul(t.high);
  const tail = t.low.sub(t.low.mul(z));
  const lowOfC = near1.select(3.061616997868383e-17, nearHalf.select(2.2698777452961687e-17, 0));
  const highOfC = near1.select(0.7853981633974483, nearHalf.select(0.4636476090008061, 0));
  const correction = t.high.mul(z).mul(estrin(z, ATAN)).add(tail).add(lowOfC);
  // The angle of the first octant is added to or subtracted from 0, π/2 or π.
  const signBit = x.like(-0);
  const left = x.signBit().bitsEqual(signBit);
  const turn = swap.xor(left).and(signBit);
  const base = swap.select(HALF_PI[0], left.select(PI[0], 0));
  const lowOfBase = swap.select(HALF_PI[1], left.select(PI[1], 0));
  const constantPart = twoSum(base, highOfC.xor(turn));
  const sum = fastTwoSum(constantPart.high, t.high.xor(turn));
  const general = sum.high.add(sum.low.add(constantPart.low).add(lowOfBase).add(correction.xor(turn)));
  // For tiny angles the quotient itself, which may be subnormal.
  const direct = swap
    .or(left)
    .not()
    .and(n.less(d.mul(2 ** -30)));
  const value = direct.select(ay.div(ax.equal(0).select(1, ax)), general);
  return x.isNaN().or(y.isNaN()).select(NaN, value.withSign(y.signBit()));
}
