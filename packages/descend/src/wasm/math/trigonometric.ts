/**
 * sin x, cos x, tan x.
 *
 * x = k·π/2 + r with |r| ≤ π/4. π/2 is subtracted in four parts (Cody and Waite 1980), of which three times k are exact for
 * k < 2¹⁷, and r is carried as a sum of two numbers. Both sin r and cos r are computed from minimax polynomials, and k picks
 * one and its sign. Arguments beyond 10⁵ take the reduction of huge-argument.ts. In float32, π/2 is subtracted in float64.
 * Source for carrying the tail of r: Ng's fdlibm (1993).
 *
 * Accuracy and special values: docs/elementary-functions.md, measured by scripts/measure-ulps.mjs.
 */

import { COS, COS_32, SIN, SIN_32 } from "./coefficients.js";
import { fastTwoSum, type Pair, quotient, twoProduct } from "./double-double.js";
import type { MathLibrary } from "./library.js";
import { estrin } from "./polynomial.js";
import { demote, promote, throughFloat64 } from "./precision.js";
import { call, constant, type Vector } from "./vector.js";

const TWO_OVER_PI = 0.6366197723675814;
/** 1.5·2⁵²: adding it leaves the nearest whole number in the low bits of the sum. */
const ROUND = 6755399441055744;
/** π/2 in parts of 35, 35, 35 and 53 bits. */
const HALF_PI = [1.5707963267923333, 2.5633441512663184e-12, 3.282003542518696e-22, 3.548047002737576e-32] as const;
const HALF_PI_HIGH = 1.5707963267948966;
const HALF_PI_LOW = 6.123233995736766e-17;
/** π/2 in parts of 33 and 53 bits. */
const HALF_PI_33 = 1.57079632673412561417e0;
const HALF_PI_REST = 6.07710050650619224932e-11;
const LIMIT = 1e5;
const LIMIT_32 = 1e6;

/** An angle r in [−π/4, π/4] and the number of quarter turns (mod 4, in the low bits) it lacks. */
export interface ReducedAngle {
  readonly r: Pair;
  readonly quarters: Vector;
}

function reduce(x: Vector): ReducedAngle {
  const quarters = x.mul(TWO_OVER_PI).add(ROUND);
  const k = quarters.sub(ROUND);
  const first = x.sub(k.mul(HALF_PI[0]));
  const second = k.mul(HALF_PI[1]);
  const high = first.sub(second);
  // All that is still to be subtracted; 0 for k = 0, so that −0 stays −0.
  const rest = second.sub(first.sub(high)).add(k.mul(HALF_PI[2])).add(k.mul(HALF_PI[3]));
  const r = high.sub(rest);
  return { r: { high: r, low: high.sub(r).sub(rest) }, quarters };
}

/** For |x| ≥ 2¹⁵; NaN for ∞ and NaN. */
function reduceHuge(x: Vector, library: MathLibrary): ReducedAngle {
  const high = call(library.hugeReduction("high"), "f64x2", x);
  const low = call(library.hugeReduction("low"), "f64x2", x);
  const invalid = x.sub(x);
  const product = twoProduct(high, constant("f64x2", HALF_PI_HIGH));
  const rest = product.low.add(high.mul(HALF_PI_LOW).add(low.mul(HALF_PI_HIGH))).add(invalid);
  return { r: fastTwoSum(product.high, rest), quarters: low };
}

/** sin(high + low) for |high| ≤ π/4, as a sum. */
export function sinParts({ high, low }: Pair): Pair {
  const z = high.mul(high);
  const cube = z.mul(high);
  // Adding 0 makes the correction of −0 the right zero.
  if (high.lanes === "f32x4") return { high, low: cube.mul(estrin(z, SIN_32.map((c) => -c))).add(0).neg() };
  const rest = z.mul(low.mul(0.5).sub(cube.mul(estrin(z, SIN.slice(1))))).sub(low).sub(cube.mul(SIN[0]!));
  return { high, low: rest.neg() };
}

/** cos(high + low) for |high| ≤ π/4, as a sum. */
export function cosParts({ high, low }: Pair): Pair {
  const z = high.mul(high);
  const half = z.mul(0.5);
  const one = constant(high.lanes, 1);
  const top = one.sub(half);
  if (high.lanes === "f32x4") return { high: top, low: one.sub(top).sub(half).add(z.mul(z).mul(estrin(z, COS_32))) };
  return { high: top, low: one.sub(top).sub(half).add(z.mul(z.mul(estrin(z, COS))).sub(high.mul(low))) };
}

/** Lanes whose lowest bit is set. */
function isOdd(quarters: Vector): Vector {
  const bit = quarters.bits(1n);
  return quarters.and(bit).bitsEqual(bit);
}

/** The second lowest bit as a sign. */
function signOfHalfTurn(quarters: Vector): Vector {
  return quarters.and(quarters.bits(2n)).shiftLeft(quarters.lanes === "f64x2" ? 62 : 30);
}

type Name = "sin" | "cos" | "tan";

function finish(name: Name, { r, quarters }: ReducedAngle): Vector {
  const odd = isOdd(quarters);
  const sine = sinParts(r);
  const cosine = cosParts(r);
  if (name === "tan") {
    // tan(r + π/2) = −cos r/sin r
    const s = fastTwoSum(sine.high, sine.low);
    const c = fastTwoSum(cosine.high, cosine.low);
    const above = { high: odd.select(c.high, s.high), low: odd.select(c.low, s.low) };
    const below = { high: odd.select(s.high, c.high), low: odd.select(s.low, c.low) };
    return quotient(above, below).xor(odd.and(r.high.like(-0)));
  }
  const s = sine.high.add(sine.low);
  const c = cosine.high.add(cosine.low);
  if (name === "sin") return odd.select(c, s).xor(signOfHalfTurn(quarters));
  return odd.select(s, c).xor(signOfHalfTurn(quarters.bitsAdd(quarters.bits(1n))));
}

function trigonometric(name: Name, x: Vector, library: MathLibrary): Vector {
  const huge = library.part(`${name}.huge`, "f64x2", 1, ([y]) => finish(name, reduceHuge(y!, library)));
  const usual = finish(name, reduce(x)).guard(x.isBeyond(LIMIT), huge, x);
  if (name !== "tan") return usual;
  // Where the tangent rounds to x its correction would underflow.
  return x.abs().less(2 ** -28).select(x, usual);
}

/** float32: r to one rounding from float64, then the short polynomials. */
function trigonometric32(name: "sin" | "cos", x: Vector, library: MathLibrary): Vector {
  const [low, high] = promote(x).map((half) => {
    const quarters = half.mul(TWO_OVER_PI).add(ROUND);
    const k = quarters.sub(ROUND);
    return { r: half.sub(k.mul(HALF_PI_33)).sub(k.mul(HALF_PI_REST)), quarters };
  }) as [{ r: Vector; quarters: Vector }, { r: Vector; quarters: Vector }];
  const r = demote(low.r, high.r);
  const quarters = low.quarters.as("f32x4").pick32(high.quarters.as("f32x4"), [0, 2, 4, 6]);
  const wide = library.function(name, "f64x2");
  const huge = library.part(`${name}.huge`, "f32x4", 1, (args) => throughFloat64(wide, args));
  return finish(name, { r: { high: r, low: r }, quarters }).guard(x.isBeyond(LIMIT_32), huge, x);
}

export function sin(x: Vector, library: MathLibrary): Vector {
  return x.lanes === "f64x2" ? trigonometric("sin", x, library) : trigonometric32("sin", x, library);
}

export function cos(x: Vector, library: MathLibrary): Vector {
  return x.lanes === "f64x2" ? trigonometric("cos", x, library) : trigonometric32("cos", x, library);
}

export function tan(x: Vector, library: MathLibrary): Vector {
  return trigonometric("tan", x, library);
}
