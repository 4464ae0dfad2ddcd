/**
 * sin x and cos x in half the operations of trigonometric.ts and without a branch, for loops that are made of little else.
 *
 * x = k·π + r for the sine, x = (k + ½)·π + r for the cosine, |r| ≤ π/2, and one polynomial gives sin r; k gives its sign. π is
 * subtracted in two parts (Cody and Waite 1980), and what rounding takes is not carried along. From +, −, × and integer operations as all
 * functions, so the bits are the same everywhere.
 *
 * Accuracy: for |x| ≤ 10⁵ the larger of 2.5 ulps and 2⁻⁷⁰, short-functions.test.ts; beyond, that of an argument within some ulps of x; from
 * 2⁵¹ on merely a number in [−1, 1]. NaN for ∞ and NaN, −0 for sin −0.
 *
 * Where the argument is a constant times a number, c·u, the product is in half turns at once, t = u·(c/π), and t less the nearest whole
 * number is exact: the product that would be rounded is not made, and nothing need be subtracted in parts.
 *
 * Accuracy: 2.5 ulps at an argument within 2⁻⁵²·|c·u| of c·u, of which the rounding of a product would take half. NaN for ∞ and NaN;
 * the sign of sin −0 is lost.
 */

import { SIN_HALF_TURN, SIN_PI } from "./coefficients.js";
import { ROUND } from "./constants.js";
import type { MathOp, ShortFunctions, VectorFunction } from "./math-op.js";
import { horner } from "./polynomial.js";
import type { Vector } from "./vector.js";

const ONE_OVER_PI = 0.3183098861837907;
/** π in parts of 35 and 53 bits: whole multiples of the first are exact up to 2¹⁸ of them, halves as well. */
const PI_PARTS = [3.1415926535846666, 5.126688303189038e-12] as const;
const QUARTER_TURN = Math.PI / 2;

/** By name of the primitive. */
export const shortFunctions: ShortFunctions = {
  sin: ([x]) => {
    const turns = x!.mul(ONE_OVER_PI).add(ROUND);
    return sineAfter(turns, reduced(x!, turns.sub(ROUND)), [1, ...SIN_HALF_TURN]);
  },
  cos: ([x]) => {
    // cos((k + ½)π + r) = −sin r·(−1)ᵏ
    const turns = x!.mul(ONE_OVER_PI).sub(0.5).add(ROUND);
    return sineAfter(turns, reduced(x!, turns.sub(ROUND).add(0.5)).neg(), [1, ...SIN_HALF_TURN]);
  },
};

/** Of a constant times a number: by name of the primitive, for c/π. */
export const shortFunctionsOfMultiples: Partial<Record<MathOp, (perHalfTurn: number) => VectorFunction>> = {
  sin:
    (perHalfTurn) =>
    ([u]) => {
      const t = u!.mul(perHalfTurn);
      return sineAfter(t.add(ROUND), t.sub(t.nearest()), [Math.PI, ...SIN_PI]);
    },
  cos:
    (perHalfTurn) =>
    ([u]) => {
      // cos((k + ½)π + r) = sin(−r)·(−1)ᵏ
      const t = u!.mul(perHalfTurn);
      const shifted = t.sub(0.5);
      return sineAfter(shifted.add(ROUND), shifted.nearest().add(0.5).sub(t), [Math.PI, ...SIN_PI]);
    },
};

/** x less `turns` half turns. */
function reduced(x: Vector, turns: Vector): Vector {
  const r = x.sub(turns.mul(PI_PARTS[0])).sub(turns.mul(PI_PARTS[1]));
  return r.atMost(QUARTER_TURN).atLeast(-QUARTER_TURN);
}

/**
 * The sine of an angle of at most a quarter turn, r times a polynomial in r², negated after an odd number of half turns. By Horner's rule,
 * since its waits are filled by other vectors. The sign goes to r before that, so that `turns` needs no register any more.
 */
function sineAfter(turns: Vector, r: Vector, coefficients: readonly number[]): Vector {
  return r.xor(turns.shiftLeft(63)).mul(horner(r.mul(r), coefficients));
}
