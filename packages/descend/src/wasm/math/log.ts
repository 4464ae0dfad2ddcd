/**
 * log x and log(1 + x).
 *
 * x = 2ᵏ·(1 + f) with 1 + f in [√½, √2); with s = f/(2 + f), log(1 + f) = 2 artanh s = f − s·(f − s²L(s²)), written as
 * f − (f²/2 − s·(f²/2 + s²L(s²))) so that the rounded quotient s only enters a small term. Source: the arrangement is that of
 * Ng's fdlibm (1993); the polynomial and the vector form are ours.
 *
 * Accuracy and special values: docs/elementary-functions.md, measured by scripts/measure-ulps.mjs.
 */

import { LOG, LOG_32 } from "./coefficients.js";
import { LARGEST, LARGEST_32, LN2, LN2_32, SMALLEST_NORMAL, SMALLEST_NORMAL_32 } from "./constants.js";
import { fastTwoSum, type Pair } from "./double-double.js";
import type { FunctionSource } from "./math-op.js";
import { estrin } from "./polynomial.js";
import type { Vector } from "./vector.js";

/** x = 2ᵏ·m with m in [√½, √2), for positive normal x. */
export interface Binade {
  readonly k: Vector;
  readonly m: Vector;
}

export function binade(x: Vector): Binade {
  if (x.lanes === "f64x2") {
    // The exponent of x/√½ in the low bits of 2⁵² is the whole number k + 1023.
    const shifted = x.bitsSub(x.bits(0x3fe6a09e667f3bcdn - (1023n << 52n)));
    const k = shifted
      .shiftRight(52)
      .or(x.bits(0x4330000000000000n))
      .sub(4503599627370496 + 1023);
    const m = x.bitsSub(shifted.and(x.bits(0xfff0000000000000n))).bitsAdd(x.bits(1023n << 52n));
    return { k, m };
  }
  const shifted = x.bitsSub(x.bits(0x3f3504f3n - (127n << 23n)));
  const k = shifted
    .shiftRight(23)
    .or(x.bits(0x4b000000n))
    .sub(8388608 + 127);
  const m = x.bitsSub(shifted.and(x.bits(0xff800000n))).bitsAdd(x.bits(127n << 23n));
  return { k, m };
}

/** k·ln 2 + log(1 + f) + tail for |f| ≤ √2 − 1 (or slightly more); `tail` is a correction below an ulp of f. */
export function logParts(k: Vector, f: Vector, tail?: Vector): Pair {
  const wide = f.lanes === "f64x2";
  const [ln2High, ln2Low] = wide ? LN2 : LN2_32;
  const s = f.div(f.add(2));
  const z = s.mul(s);
  const half = f.mul(f).mul(0.5);
  const rest = s.mul(half.add(z.mul(estrin(z, wide ? LOG : LOG_32))));
  let low = k.mul(ln2Low);
  if (tail !== undefined) low = low.add(tail);
  // k·ln 2 is either 0 or larger than f.
  const sum = fastTwoSum(k.mul(ln2High), f);
  return { high: sum.high, low: low.add(rest).sub(half).add(sum.low) };
}

export function log(x: Vector, library: FunctionSource): Vector {
  const wide = x.lanes === "f64x2";
  const { k, m } = binade(x);
  const { high, low } = logParts(k, m.sub(1));
  const unusual = x
    .like(wide ? SMALLEST_NORMAL : SMALLEST_NORMAL_32)
    .bitsGreater(x)
    .or(x.bitsGreater(x.like(wide ? LARGEST : LARGEST_32)));
  return high.add(low).guard(
    unusual,
    library.part("log.edge", x.lanes, 1, ([y]) => logEdge(y!)),
    x,
  );
}

/** log of subnormals, 0, ∞, negative numbers, NaN: k is corrected for an exact scaling, then the exceptions are filled in. */
function logEdge(x: Vector): Vector {
  const wide = x.lanes === "f64x2";
  const small = x.less(wide ? SMALLEST_NORMAL : SMALLEST_NORMAL_32);
  const digits = wide ? 54 : 25;
  const { k, m } = binade(small.select(x.mul(2 ** digits), x));
  const { high, low } = logParts(k.sub(small.select(digits, 0)), m.sub(1));
  const value = x.equal(0).select(-Infinity, x.equal(Infinity).select(Infinity, high.add(low)));
  return x.greaterEqual(0).select(value, NaN);
}

export function log1p(x: Vector, library: FunctionSource): Vector {
  const wide = x.lanes === "f64x2";
  // 1 + x is rounded to u, and what was lost enters as a correction c/u; when u needs no scaling, f = x itself.
  const u = x.add(1);
  const { k, m } = binade(u);
  const lost = x.greater(1).select(x.like(1).sub(u.sub(x)), x.sub(u.sub(1)));
  const plain = k.equal(0);
  const { high, low } = logParts(k, plain.select(x, m.sub(1)), plain.select(0, lost.div(u)));
  const usual = x.greater(-1).and(x.lessEqual(wide ? 2 ** 1000 : 2 ** 120));
  const tiny = x.abs().less(wide ? 2 ** -54 : 2 ** -25);
  const value = tiny.select(x, high.add(low));
  return value.guard(
    usual.not(),
    library.part("log1p.edge", x.lanes, 1, ([y]) => log1pEdge(y!)),
    x,
  );
}

/** log(1 + e + tail) in two parts for 0 ≤ e ≤ 1, where |tail| is below an ulp of e. */
export function log1pOfFraction(e: Vector, tail: Vector): Pair {
  // 1 + f is 1 + e or (1 + e)/2 = 1 + (e − 1)/2; what e − 1 lost joins the tail.
  const large = e.greater(Math.SQRT2 - 1);
  const less = e.sub(1);
  const lost = e.sub(less.add(1));
  const f = large.select(less.mul(0.5), e);
  // 1/(1 + e) to 4%
  const slope = e.mul(e.mul(0.43).sub(0.93)).add(1);
  return logParts(large.select(1, 0), f, tail.add(large.and(lost)).mul(slope));
}

function log1pEdge(x: Vector): Vector {
  const wide = x.lanes === "f64x2";
  const { k, m } = binade(x.atMost(wide ? LARGEST : LARGEST_32));
  const { high, low } = logParts(k, m.sub(1));
  const value = x.equal(Infinity).select(Infinity, high.add(low));
  return x.greater(-1).select(value, x.equal(-1).select(-Infinity, NaN));
}
