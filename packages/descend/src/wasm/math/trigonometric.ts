/**
 * sin x, cos x, tan x.
 *
 * x = k·π/2 + r with |r| ≤ π/4. π/2 is subtracted in four parts (Cody and Waite 1980), of which three times k are exact for
 * k < 2¹⁷, and what is left beyond r is carried along. Both sin r and cos r are computed from minimax polynomials, and k picks
 * one and its sign. Arguments beyond 10⁵ take the reduction of huge-argument.ts. In float32, π/2 is subtracted in float64.
 * Source for carrying the rest: Ng's fdlibm (1993).
 *
 * Accuracy and special values: docs/elementary-functions.md, measured by scripts/measure-ulps.mjs.
 */

import { COS, COS_32, SIN, SIN_32, SIN_LONG } from "./coefficients.js";
import { HALF_PI, ROUND } from "./constants.js";
import { fastTwoSum, type Pair, productError, quotient, twoProduct } from "./double-double.js";
import type { FunctionSource } from "./math-op.js";
import { estrin } from "./polynomial.js";
import { demote, promote, throughFloat64 } from "./precision.js";
import { call, constant, type Vector } from "./vector.js";

const TWO_OVER_PI = 0.6366197723675814;
/** π/2 in parts of 35, 35, 35 and 53 bits. */
const HALF_PI_PARTS = [1.5707963267923333, 2.5633441512663184e-12, 3.282003542518696e-22, 3.548047002737576e-32] as const;
/** π/2 in parts of 33 and 53 bits. */
const HALF_PI_33 = 1.5707963267341256;
const HALF_PI_REST = 6.077100506506192e-11;
const LIMIT = 1e5;
const LIMIT_32 = 1e6;

/** An angle r − rest in [−π/4, π/4], |rest| < 2⁻⁵², and the number of quarter turns (mod 4, in the low bits) it lacks. */
export interface ReducedAngle {
  readonly r: Vector;
  readonly rest: Vector;
  readonly quarters: Vector;
}

function reduce(x: Vector): ReducedAngle {
  const quarters = x.mul(TWO_OVER_PI).add(ROUND);
  const k = quarters.sub(ROUND);
  const first = x.sub(k.mul(HALF_PI_PARTS[0]));
  const second = k.mul(HALF_PI_PARTS[1]);
  const r = first.sub(second);
  // All that is still to be subtracted; +0 for k = 0, so that −0 stays −0.
  const rest = second.sub(first.sub(r)).add(k.mul(HALF_PI_PARTS[2])).add(k.mul(HALF_PI_PARTS[3]));
  return { r, rest, quarters };
}

/** For |x| ≥ 2¹⁵; NaN for ∞ and NaN. */
function reduceHuge(x: Vector, library: FunctionSource): ReducedAngle {
  const high = call(library.hugeReduction("high"), "f64x2", x);
  const low = call(library.hugeReduction("low"), "f64x2", x);
  const invalid = x.sub(x);
  const product = twoProduct(high, constant("f64x2", HALF_PI[0]));
  const rest = product.low.add(high.mul(HALF_PI[1]).add(low.mul(HALF_PI[0]))).add(invalid);
  const angle = fastTwoSum(product.high, rest);
  return { r: angle.high, rest: angle.low.neg(), quarters: low };
}

/** The sine and the cosine of r − rest for |r| ≤ π/4, each as a sum; their low parts are up to r/10 and 1/60. `long` adds a coefficient. */
export function sinCosParts(r: Vector, rest: Vector, long = false): { readonly sine: Pair; readonly cosine: Pair } {
  const wide = r.lanes === "f64x2";
  const z = r.mul(r);
  const half = z.mul(0.5);
  const one = constant(r.lanes, 1);
  const top = one.sub(half);
  const lost = one.sub(top).sub(half);
  const cubic = z.mul(r).mul(estrin(z, wide ? (long ? SIN_LONG : SIN) : SIN_32));
  if (!wide)
    return { sine: { high: r, low: rest.sub(cubic).neg() }, cosine: { high: top, low: lost.add(z.mul(z).mul(estrin(z, COS_32))) } };
  // The rest times the derivative, as far as it is at hand: 1 − r²/2 for the cosine, r − r³/6 for the sine
  return {
    sine: { high: r, low: rest.mul(top).sub(cubic).neg() },
    cosine: { high: top, low: lost.add(z.mul(z.mul(estrin(z, COS))).add(r.add(cubic).mul(rest))) },
  };
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

function finish(names: readonly Name[], { r, rest, quarters }: ReducedAngle): Vector[] {
  const odd = isOdd(quarters);
  const { sine, cosine } = sinCosParts(r, rest, names.includes("tan"));
  const s = sine.high.add(sine.low);
  const c = cosine.high.add(cosine.low);
  return names.map((name) => {
    if (name === "sin") return odd.select(c, s).xor(signOfHalfTurn(quarters));
    if (name === "cos") return odd.select(s, c).xor(signOfHalfTurn(quarters.bitsAdd(quarters.bits(1n))));
    // tan(r + π/2) = −cos r/sin r
    const sinePair = fastTwoSum(sine.high, sine.low);
    const squareError = productError(r, r, r.mul(r)); // r² in 1 − r²/2 is rounded
    const cosinePair = fastTwoSum(cosine.high, cosine.low.sub(squareError.mul(0.5)));
    const above = { high: odd.select(cosinePair.high, s), low: odd.select(cosinePair.low, sinePair.low) };
    const below = { high: odd.select(s, cosinePair.high), low: odd.select(sinePair.low, cosinePair.low) };
    return quotient(above, below).xor(odd.and(r.like(-0)));
  });
}

function trigonometric64(names: readonly Name[], x: Vector, library: FunctionSource): Vector[] {
  const huge = x.isBeyond(LIMIT);
  return finish(names, reduce(x)).map((usual, i) => {
    const target = library.part(`${names[i]!}.huge`, "f64x2", 1, ([y]) => finish([names[i]!], reduceHuge(y!, library))[0]!);
    return usual.guard(huge, target, x);
  });
}

/** r to one rounding from float64, then the short polynomials. */
function trigonometric32(names: readonly ("sin" | "cos")[], x: Vector, library: FunctionSource): Vector[] {
  const [low, high] = promote(x).map((half) => {
    const quarters = half.mul(TWO_OVER_PI).add(ROUND);
    const k = quarters.sub(ROUND);
    return { r: half.sub(k.mul(HALF_PI_33)).sub(k.mul(HALF_PI_REST)), quarters };
  }) as [{ r: Vector; quarters: Vector }, { r: Vector; quarters: Vector }];
  const r = demote(low.r, high.r);
  const quarters = low.quarters.as("f32x4").pick32(high.quarters.as("f32x4"), [0, 2, 4, 6]);
  const huge = x.isBeyond(LIMIT_32);
  return finish(names, { r, rest: constant("f32x4", 0), quarters }).map((usual, i) => {
    const wide = library.function(names[i]!, "f64x2");
    const target = library.part(`${names[i]!}.huge`, "f32x4", 1, (args) => throughFloat64(wide, args));
    return usual.guard(huge, target, x);
  });
}

export function sin(x: Vector, library: FunctionSource): Vector {
  return (x.lanes === "f64x2" ? trigonometric64(["sin"], x, library) : trigonometric32(["sin"], x, library))[0]!;
}

export function cos(x: Vector, library: FunctionSource): Vector {
  return (x.lanes === "f64x2" ? trigonometric64(["cos"], x, library) : trigonometric32(["cos"], x, library))[0]!;
}

/** sin x and cos x for little more than one of them. */
export function sinCos(x: Vector, library: FunctionSource): Vector[] {
  return x.lanes === "f64x2" ? trigonometric64(["sin", "cos"], x, library) : trigonometric32(["sin", "cos"], x, library);
}

/** tan x (float64). */
export function tan(x: Vector, library: FunctionSource): Vector {
  // Where the tangent rounds to x its correction would underflow.
  return x
    .abs()
    .less(2 ** -28)
    .select(x, trigonometric64(["tan"], x, library)[0]!);
}
