/**
 * sin x and cos x in half the operations of trigonometric.ts and without a branch, for loops that are made of little else.
 *
 * x = k·π + r for the sine, x = (k + ½)·π + r for the cosine, |r| ≤ π/2, and one polynomial gives sin r; k gives its sign. π is subtracted in
 * two parts (Cody and Waite 1980), and what rounding takes is not carried along. From +, −, × and integer operations as all functions, so the
 * bits are the same everywhere.
 *
 * Accuracy: for |x| ≤ 10⁵ the larger of 2.5 ulps and 2⁻⁷⁰, short-functions.test.ts; beyond, that of an argument within some ulps of x; from
 * 2⁵¹ on merely a number in [−1, 1]. NaN for ∞ and NaN, −0 for sin −0.
 */

import { SIN_HALF_TURN } from "./coefficients.js";
import { ROUND } from "./constants.js";
import type { ShortFunctions } from "./math-op.js";
import { estrin } from "./polynomial.js";
import type { Vector } from "./vector.js";

const ONE_OVER_PI = 0.3183098861837907;
/** π in parts of 35 and 53 bits: whole multiples of the first are exact up to 2¹⁸ of them, halves as well. */
const PI_PARTS = [3.1415926535846666, 5.126688303189038e-12] as const;
const QUARTER_TURN = Math.PI / 2;

/** By name of the primitive. */
export const shortFunctions: ShortFunctions = {
  sin: ([x]) => {
    const turns = x!.mul(ONE_OVER_PI).add(ROUND);
    return sineAfter(turns, reduced(x!, turns.sub(ROUND)));
  },
  cos: ([x]) => {
    // cos((k + ½)π + r) = −sin r·(−1)ᵏ
    const turns = x!.mul(ONE_OVER_PI).sub(0.5).add(ROUND);
    return sineAfter(turns, reduced(x!, turns.sub(ROUND).add(0.5)).neg());
  },
};

/** x less `turns` half turns. */
function reduced(x: Vector, turns: Vector): Vector {
  const r = x.sub(turns.mul(PI_PARTS[0])).sub(turns.mul(PI_PARTS[1]));
  return r.atMost(QUARTER_TURN).atLeast(-QUARTER_TURN);
}

/** sin r for |r| ≤ π/2, negated after an odd number of half turns. */
function sineAfter(turns: Vector, r: Vector): Vector {
  const z = r.mul(r);
  return z.mul(estrin(z, SIN_HALF_TURN)).add(1).mul(r).xor(turns.shiftLeft(63));
}
