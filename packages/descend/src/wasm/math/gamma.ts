/**
 * log |Γ(x)| and ψ(x) = Γ′(x)/Γ(x), in float64.
 *
 * Stirling's series for x ≥ 8, of which only the leading terms matter beyond float64: they are carried in sums of two numbers.
 * Below 8 the argument is raised by 8 (Γ(x + 8) = x(x + 1)…(x + 7) Γ(x)), again in sums of two numbers, since large terms
 * cancel. Around its zeros 1 and 2, log Γ is a Taylor-like polynomial in the exact distance. Negative arguments by reflection.
 * Accuracy is given up only near the zeros of log |Γ| at negative x and near those of ψ.
 * Source: Abramowitz and Stegun 1964, 6.1.17, 6.1.41, 6.3.7, 6.3.18.
 *
 * Accuracy and special values: docs/elementary-functions.md, measured by scripts/measure-ulps.mjs.
 */

import { DIGAMMA_STIRLING, LGAMMA_ONE, LGAMMA_STIRLING, LGAMMA_TWO } from "./coefficients.js";
import { PI } from "./constants.js";
import { fastTwoSum, type Pair, pairOf, pairProduct, pairQuotient, pairSum, twoProduct, twoSum } from "./double-double.js";
import type { FunctionSource } from "./math-op.js";
import { estrin, horner } from "./polynomial.js";
import { logPair } from "./pow.js";
import { sinCosParts } from "./trigonometric.js";
import { call, type Vector } from "./vector.js";

const LOG_PI = [1.1447298858494002, 1.0265951162707826e-17] as const;
/** ½ log 2π − ½. */
const STIRLING_CONSTANT = [0.4189385332046727, 1.6728209650585413e-17] as const;
const EULER = [0.5772156649015329, -4.942915152430645e-18] as const;
const ONE_MINUS_EULER = [0.42278433509846713, 4.942915152430645e-18] as const;
const SHIFT = 8;

function normalize(a: Pair): Pair {
  return fastTwoSum(a.high, a.low);
}

function negate(a: Pair): Pair {
  return { high: a.high.neg(), low: a.low.neg() };
}

function selectPair(mask: Vector, a: Pair, b: Pair): Pair {
  return { high: mask.select(a.high, b.high), low: mask.select(a.low, b.low) };
}

/** log of a positive pair. */
function logOfPair(a: Pair): Pair {
  const { high, low } = logPair(a.high);
  return fastTwoSum(high, low.add(a.low.div(a.high)));
}

/** x + 8 where x < 8. */
function raise(x: Vector): { small: Vector; y: Pair } {
  const small = x.less(SHIFT);
  return { small, y: twoSum(x, small.select(SHIFT, 0)) };
}

/** log Γ(x) for x ≥ 2⁻⁶⁰. */
function lgammaOfPositive(x: Vector): Pair {
  const { small, y } = raise(x);
  // (y − ½)(log y − 1) + (½ log 2π − ½) + 1/(12y) + S(1/y²)/y³
  const inverse = x.like(1).div(y.high);
  const square = inverse.mul(inverse);
  const twelfth = pairQuotient(pairOf(x, 1 / 12, 4.625929269271485e-18), y);
  const series = fastTwoSum(twelfth.high, twelfth.low.add(inverse.mul(square).mul(estrin(square, LGAMMA_STIRLING))));
  const factor = pairSum(y, pairOf(x, -0.5));
  const logarithm = pairSum(logOfPair(y), pairOf(x, -1));
  const stirling = pairSum(pairProduct(factor, logarithm), pairSum(pairOf(x, ...STIRLING_CONSTANT), series));
  // log x(x + 1)…(x + 7)
  const base = small.select(x, 1);
  let product: Pair = { high: base, low: x.like(0) };
  for (let i = 1; i < SHIFT; i++) product = pairProduct(product, twoSum(x.like(i), base));
  const raised = pairSum(stirling, negate(logOfPair(product)));
  const general = selectPair(small, raised, stirling);
  // Around the zeros: log Γ(1 + t) = t(−γ + tP(t)), log Γ(2 + t) = t(1 − γ + tP(t))
  const one = nearZero(x.sub(1), [-EULER[0], -EULER[1]], LGAMMA_ONE);
  const two = nearZero(x.sub(2), ONE_MINUS_EULER, LGAMMA_TWO);
  const nearOne = x
    .sub(1)
    .abs()
    .less(1 / 16);
  const nearTwo = x
    .sub(2)
    .abs()
    .less(1 / 16);
  return selectPair(nearOne, one, selectPair(nearTwo, two, general));
}

function nearZero(t: Vector, slope: readonly [number, number], rest: readonly number[]): Pair {
  const linear = twoProduct(t, t.like(slope[0]));
  return normalize({ high: linear.high, low: linear.low.add(t.mul(slope[1])).add(t.mul(t).mul(horner(t, rest))) });
}

/** sin and cos of π times the distance of x from the nearest whole number. */
function halfTurn(x: Vector): { sine: Pair; cosine: Pair } {
  const distance = x.sub(x.nearest());
  const far = distance.abs().greater(0.25);
  const rest = far.select(x.like(0.5).sub(distance.abs()), distance);
  const { high, low } = twoProduct(rest, x.like(PI[0]));
  const angle = fastTwoSum(high, low.add(rest.mul(PI[1])));
  const parts = sinCosParts(angle.high, angle.low.neg(), true);
  const sine = normalize(parts.sine);
  const cosine = normalize(parts.cosine);
  const sign = distance.signBit().and(far);
  return {
    sine: { high: far.select(cosine.high, sine.high).xor(sign), low: far.select(cosine.low, sine.low).xor(sign) },
    cosine: selectPair(far, sine, cosine),
  };
}

export function lgamma(x: Vector, library: FunctionSource): Vector {
  const { high, low } = lgammaOfPositive(x);
  const usual = x.greaterEqual(2 ** -60).and(x.lessEqual(2 ** 1000));
  return high.add(low).guard(
    usual.not(),
    library.part("lgamma.edge", x.lanes, 1, ([y]) => lgammaEdge(y!, library)),
    x,
  );
}

/** Negative, tiny, huge arguments, ∞ and NaN. */
function lgammaEdge(x: Vector, library: FunctionSource): Vector {
  const a = x.abs();
  const logarithm = call(library.function("log", x.lanes), x.lanes, a);
  // log Γ(−a) = log π − log(a·|sin πa|) − log Γ(a)
  const bounded = a.atMost(2 ** 60).atLeast(2 ** -60);
  const { sine } = halfTurn(bounded);
  const magnitude = sine.high.signBit();
  const product = pairProduct({ high: sine.high.xor(magnitude), low: sine.low.xor(magnitude) }, { high: bounded, low: x.like(0) });
  const reflected = pairSum(pairSum(pairOf(x, ...LOG_PI), negate(logOfPair(product))), negate(lgammaOfPositive(bounded)));
  const negative = a.equal(a.trunc()).select(Infinity, reflected.high.add(reflected.low));
  const value = a.less(2 ** -60).select(logarithm.neg(), x.less(0).select(negative, a.mul(logarithm.sub(1))));
  return x.isNaN().select(NaN, a.equal(Infinity).select(Infinity, value));
}

/** ψ(x) for x ≥ 2⁻⁹⁰⁰. */
function digammaOfPositive(x: Vector): Pair {
  const { small, y } = raise(x);
  // log y − 1/(2y) − D(1/y²)/y²
  const inverse = x.like(1).div(y.high);
  const square = inverse.mul(inverse);
  const half = pairQuotient(pairOf(x, -0.5), y);
  const leading = pairSum(logOfPair(y), normalize(half));
  const stirling = pairSum(leading, { high: square.mul(estrin(square, DIGAMMA_STIRLING)).neg(), low: x.like(0) });
  // 1/x + 1/(x + 1) + … + 1/(x + 7), small terms first
  const base = small.select(x, 1);
  let sum = pairOf(x, 0);
  for (let i = SHIFT - 1; i >= 0; i--) sum = pairSum(sum, normalize(pairQuotient(pairOf(x, -1), twoSum(x.like(i), base))));
  return selectPair(small, pairSum(stirling, sum), stirling);
}

export function digamma(x: Vector, library: FunctionSource): Vector {
  const { high, low } = digammaOfPositive(x);
  const usual = x.greaterEqual(2 ** -60).and(x.lessEqual(2 ** 60));
  return high.add(low).guard(
    usual.not(),
    library.part("digamma.edge", x.lanes, 1, ([y]) => digammaEdge(y!, library)),
    x,
  );
}

/** Negative, tiny, huge arguments, ∞ and NaN. */
function digammaEdge(x: Vector, library: FunctionSource): Vector {
  const a = x.abs();
  // ψ(−a) = ψ(a) + 1/a + π cot πa
  const bounded = a.atMost(2 ** 60).atLeast(2 ** -60);
  const { sine, cosine } = halfTurn(bounded);
  const cotangent = normalize(pairQuotient(pairProduct(cosine, pairOf(x, ...PI)), sine));
  const inverse = normalize(pairQuotient(pairOf(x, 1), { high: bounded, low: x.like(0) }));
  const reflected = pairSum(pairSum(cotangent, inverse), digammaOfPositive(bounded));
  const negative = a.equal(a.trunc()).select(NaN, reflected.high.add(reflected.low));
  const large = call(library.function("log", x.lanes), x.lanes, x);
  const value = a.less(2 ** -60).select(x.like(-1).div(x), x.less(0).select(negative, large));
  return x.isNaN().select(NaN, value);
}
