/**
 * Special functions on float64: the logistic pair, erf, log-gamma and digamma.
 *
 * They rest on the host's exp, log, log1p, sin and tan, which are within about 1 ulp in every engine. Errors are measured in
 * special.test.ts against 40-digit values.
 */

import {
  type Coefficients,
  DIGAMMA_LARGE,
  DIGAMMA_MIDDLE,
  DIGAMMA_ROOT,
  ERF_LARGE,
  ERF_SMALL,
  LGAMMA_BELOW_ONE,
  LGAMMA_CONSTANT,
  LGAMMA_LARGE,
  LGAMMA_MIDDLE,
  LGAMMA_ROOTS,
} from "./special-coefficients.js";

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let k = coefficients.length - 1; k >= 0; k--) value = value * x + coefficients[k]!;
  return value;
}

function rational({ numerator, denominator }: Coefficients, x: number): number {
  return denominator === undefined ? polynomial(numerator, x) : polynomial(numerator, x) / polynomial(denominator, x);
}

/** 1 / (1 + e⁻ˣ), from the exponential that does not overflow. Accuracy: ≤ 2 ulps. */
export function sigmoid(x: number): number {
  if (x >= 0) return 1 / (1 + Math.exp(-x));
  const e = Math.exp(x);
  return e / (1 + e);
}

/** log(1 + eˣ) = max(x, 0) + log1p(e^(−|x|)). Accuracy: ≤ 1 ulp. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/** Error function, 2/√π ∫₀ˣ exp(−t²) dt. Accuracy: ≤ 1 ulp. */
export function erf(x: number): number {
  const t = Math.abs(x);
  if (t < 1) return x + x * rational(ERF_SMALL, x * x);
  if (t < 6) return Math.sign(x) * (1 - Math.exp(-t * t) * rational(ERF_LARGE, (t - 2) / (t + 2)));
  return Math.sign(x);
}

/**
 * log |Γ(x)|; +∞ at 0, −1, −2, … and at ±∞.
 *
 * Below 0 by reflection, log|Γ(x)| = log(π / |x·sin πx|) − log Γ(−x).
 * Accuracy: ≤ 4 ulps for x > 0; for x < 0 the absolute error is ≤ 4·2⁻⁵³·max(1, |log Γ(x)|, log Γ(−x)), so
 * that digits are lost near the zeros there.
 */
export function lgamma(x: number): number {
  if (x <= 0) {
    if (Number.isInteger(x) || x === Number.NEGATIVE_INFINITY) return Number.POSITIVE_INFINITY;
    if (x > -1e-18) return -Math.log(-x);
    return Math.log(Math.PI / Math.abs(x * Math.sin(Math.PI * (x - Math.round(x))))) - lgamma(-x);
  }
  if (x < 0.5) return x * (x - 1) * rational(LGAMMA_ROOTS, x) - Math.log(x);
  if (x < 1) return (x - 1) * (x - 2) * rational(LGAMMA_BELOW_ONE, x - 0.5);
  if (x < 2.5) return (x - 1) * (x - 2) * rational(LGAMMA_ROOTS, x - 1);
  if (x < 8) return (x - 2) * rational(LGAMMA_MIDDLE, x - 2.5);
  if (x > 1e17) return x * (Math.log(x) - 1);
  return (x - 0.5) * (Math.log(x) - 1) + (rational(LGAMMA_LARGE, 1 / (x * x)) / x + LGAMMA_CONSTANT);
}

/**
 * ψ(x) = Γ′(x) / Γ(x); NaN at −1, −2, …, and ∓∞ at ±0.
 *
 * Below 0 by reflection, ψ(x) = ψ(1 − x) − π/tan πx; from 2 to 10 by the recurrence ψ(x) = ψ(x − 1) + 1/(x − 1).
 * Accuracy: ≤ 2 ulps for x > 0; for x < 0 the absolute error is ≤ 5·2⁻⁵³ times the larger of 1 and the two terms.
 */
export function digamma(x: number): number {
  if (x === 0) return -1 / x;
  if (x < 0) {
    if (Number.isInteger(x) || x === Number.NEGATIVE_INFINITY) return Number.NaN;
    return digamma(1 - x) - Math.PI / Math.tan(Math.PI * (x - Math.round(x)));
  }
  if (x < 1) return digammaMiddle(x) - 1 / x;
  if (x < 10) {
    const whole = Math.floor(x) - 1;
    let steps = 0;
    for (let k = 1; k <= whole; k++) steps += 1 / (x - k);
    return steps + digammaMiddle(x - whole - 1);
  }
  const z = 1 / (x * x);
  return Math.log(x) - (0.5 / x + z * rational(DIGAMMA_LARGE, z));
}

/** ψ(1 + y), 0 ≤ y ≤ 1. */
function digammaMiddle(y: number): number {
  return (y - DIGAMMA_ROOT.high - DIGAMMA_ROOT.low) * rational(DIGAMMA_MIDDLE, y);
}
