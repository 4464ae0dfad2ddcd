/**
 * The error function.
 *
 * |x| < 0.8: x + x·P(x²); beyond, 1 − e^(−x²)·G((x − 0.875)/(x + 3)), where G is e^(x²) erfc x. Errors of the second term weigh at most
 * erfc 0.8 = 0.26. From 6 on, erf x rounds to 1.
 *
 * Accuracy and special values: docs/elementary-functions.md, measured by scripts/measure-ulps.mjs.
 */

import { ERF, ERF_32, ERF_TAIL, ERF_TAIL_32, ERF_TAIL_LOW } from "./coefficients.js";
import { fastTwoSum, twoProduct } from "./double-double.js";
import { expPair, expParts, scale } from "./exp.js";
import type { FunctionSource } from "./math-op.js";
import { estrin, horner } from "./polynomial.js";
import type { Vector } from "./vector.js";

export function erf(x: Vector, library: FunctionSource): Vector {
  if (x.lanes === "f32x4") return erf32(x);
  const z = x.mul(x);
  const near = x.add(x.mul(estrin(z, ERF)));
  const tail = library.part("erf.tail", x.lanes, 1, ([y]) => erfTail(y!));
  return near.guard(x.isBeyond(0.8), tail, x).abs().withSign(x.signBit());
}

/** Both branches at once: they are short. From 4 on, erf x rounds to 1. */
function erf32(x: Vector): Vector {
  const z = x.mul(x);
  const t = x.abs().atMost(4);
  const { bits, r, rest } = expParts(t.mul(t).neg());
  const exponential = scale(r.add(rest).add(1), bits);
  const far = x.like(1).sub(exponential.mul(horner(t.sub(0.875).div(t.add(3)), ERF_TAIL_32)));
  const near = x.add(x.mul(estrin(z, ERF_32)));
  return t.less(0.8).select(near, far).abs().withSign(x.signBit());
}

function erfTail(x: Vector): Vector {
  const t = x.abs().atMost(6);
  const square = twoProduct(t, t);
  const { bits, mantissa } = expPair(square.high.neg(), square.low.neg());
  const u = t.sub(0.875).div(t.add(3));
  const g = u
    .mul(horner(u, ERF_TAIL.slice(1)))
    .add(ERF_TAIL_LOW[0]!)
    .add(ERF_TAIL[0]!);
  const factor = scale(g, bits);
  const sum = fastTwoSum(x.like(1), mantissa.high.mul(factor).neg());
  return sum.high.add(sum.low.sub(mantissa.low.mul(factor)));
}
