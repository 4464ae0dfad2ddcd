/** Quantiles of Student's distribution: how many standard errors an interval reaches. */

import { normalQuantile } from "./normal-quantile.js";

/** Degrees of freedom from which on the series around the normal quantile is exact to rounding. */
const NEARLY_NORMAL = 3e4;
const MOST_STEPS = 100;
/** Terms of the continued fraction at most: it needs some √ν. */
const MOST_TERMS = 1000;

/**
 * t > 0 with P(|T| > t) = 1 − confidence for T of Student's distribution.
 *
 * @param confidence - 0 ≤ confidence < 1, such as 0.95.
 * @param degrees - of freedom ν > 0; ∞ is the normal distribution.
 *
 * Newton's method on log P against log t, which is concave, so that it converges from everywhere.
 * Accuracy: 12 digits up to a confidence of 1 − 10⁻⁹ (quantiles.test.ts).
 */
export function studentQuantile(confidence: number, degrees: number): number {
  if (confidence === 0) return 0;
  // Not (1 + confidence)/2, which has fewer digits left
  const z = -normalQuantile((1 - confidence) / 2);
  if (degrees === Number.POSITIVE_INFINITY) return z;
  if (degrees >= NEARLY_NORMAL) return aroundNormal(z, degrees);
  const outside = 1 - confidence;
  const inTail = outside < 0.5;
  const target = Math.log(inTail ? outside : confidence);
  let u = Math.log(z);
  for (let step = 0; step < MOST_STEPS; step++) {
    const t = Math.exp(u);
    const probability = inTail ? outsideOf(t, degrees) : 1 - outsideOf(t, degrees);
    const slope = ((inTail ? -2 : 2) * t * density(t, degrees)) / probability;
    const move = (Math.log(probability) - target) / slope;
    u -= move;
    if (Math.abs(move) <= 4e-16 * Math.max(1, Math.abs(u))) break;
  }
  return Math.exp(u);
}

/** Source: Cornish, Fisher 1960, "The percentile points of distributions having known cumulants", for t. */
function aroundNormal(z: number, n: number): number {
  const s = z * z;
  return z * (1 + (s + 1) / (4 * n) + ((5 * s + 16) * s + 3) / (96 * n * n) + (((3 * s + 19) * s + 17) * s - 15) / (384 * n * n * n));
}

/** P(|T| > t) = I_x(ν/2, ½) with x = ν/(ν + t²). */
function outsideOf(t: number, degrees: number): number {
  const a = degrees / 2;
  const x = degrees / (degrees + t * t);
  // x^a·(1 − x)^½/B(a, ½)
  const front = (Math.exp(-a * Math.log1p((t * t) / degrees)) * t * gammaRatio(a)) / Math.sqrt(Math.PI * (degrees + t * t));
  if (x < (a + 1) / (a + 2.5)) return (front * betaFraction(a, 0.5, x)) / a;
  return 1 - (front * betaFraction(0.5, a, (t * t) / (degrees + t * t))) / 0.5;
}

function density(t: number, degrees: number): number {
  return (Math.exp((-(degrees + 1) / 2) * Math.log1p((t * t) / degrees)) * gammaRatio(degrees / 2)) / Math.sqrt(Math.PI * degrees);
}

/**
 * Γ(a + ½)/Γ(a).
 *
 * From a ≥ 20 by √a·(1 − 1/8a + 1/128a² + 5/1024a³ − 21/32768a⁴ − 399/262144a⁵ + …), below by Γ(a + 1) = a·Γ(a).
 */
function gammaRatio(a: number): number {
  let factor = 1;
  let large = a;
  for (; large < 20; large++) factor *= large / (large + 0.5);
  const r = 1 / large;
  const series =
    1 +
    r * (-1 / 8 + r * (1 / 128 + r * (5 / 1024 + r * (-21 / 32768 + r * (-399 / 262144 + r * (869 / 4194304 + (r * 39325) / 33554432))))));
  return factor * Math.sqrt(large) * series;
}

/** The continued fraction of I_x(a, b), without its front factor x^a·(1 − x)^b/(a·B(a, b)). Source: DLMF 8.17.22, by Lentz's method. */
function betaFraction(a: number, b: number, x: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let result = d;
  for (let m = 1; m <= MOST_TERMS; m++) {
    let change = 1;
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + term * d || tiny);
      c = 1 + term / c || tiny;
      change = c * d;
      result *= change;
    }
    if (Math.abs(change - 1) < 1e-16) break;
  }
  return result;
}
