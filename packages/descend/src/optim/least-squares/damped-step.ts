/**
 * The step of Levenberg and Marquardt inside a trust region.
 *
 * min ‖J·p + r‖² + λ‖D·p‖²  with λ = 0 if ‖D·p‖ ≤ Δ, else λ such that ‖D·p‖ = Δ to a tenth.
 *
 * λ solves the secular equation ‖D·p(λ)‖ = Δ by Newton's method on its reciprocal, safeguarded by bounds. Each trial reduces [R; √λ·D] to a
 * triangle by rotations: J is never squared, so λ is as good as R.
 *
 * Source: Moré 1978, "The Levenberg–Marquardt algorithm: implementation and theory", sections 3 and 5 (MINPACK `lmpar`, `qrsolv`).
 */

import { twoNorm as norm } from "../../numeric/blas1.js";
import { rankOf, type TriangularFactor } from "../../numeric/triangular-factor.js";

export interface DampedStep {
  /** p, [n]. */
  readonly step: Float64Array;
  /** λ ≥ 0. */
  readonly damping: number;
  /** ‖D·p‖₂. */
  readonly scaledNorm: number;
}

const MIN_NORMAL = 2 ** -1022;
/** How far ‖D·p‖ may be from Δ, relative to Δ. */
const RADIUS_TOLERANCE = 0.1;
const MAX_TRIALS = 10;

/**
 * @param scale - diagonal of D, [n], > 0.
 * @param radius - Δ > 0.
 * @param damping - λ to begin with; 0 if there is none.
 */
export function dampedStep(factor: TriangularFactor, scale: Float64Array, radius: number, damping: number): DampedStep {
  const { n, triangle, order, transformed } = factor;
  const direction = gaussNewtonDirection(factor);
  let scaled = product(scale, direction);
  let length = norm(scaled);
  let excess = length - radius;
  if (excess <= RADIUS_TOLERANCE * radius) return { step: negated(direction), damping: 0, scaledNorm: length };

  const work = new Float64Array(n);
  // Newton's step from λ = 0 bounds λ from below, if R is regular; the gradient bounds it from above
  let lower = 0;
  if (rankOf(factor) === n) {
    for (let k = 0; k < n; k++) {
      let value = scale[order[k]!]! * (scaled[order[k]!]! / length);
      for (let i = 0; i < k; i++) value -= triangle[i * n + k]! * work[i]!;
      work[k] = value / triangle[k * n + k]!;
    }
    const size = norm(work);
    lower = excess / radius / size / size;
  }
  for (let k = 0; k < n; k++) {
    let value = 0;
    for (let i = 0; i <= k; i++) value += triangle[i * n + k]! * transformed[i]!;
    work[k] = value / scale[order[k]!]!;
  }
  const gradient = norm(work);
  let upper = gradient / radius;
  if (upper === 0) upper = MIN_NORMAL / Math.min(radius, RADIUS_TOLERANCE);

  let lambda = Math.min(Math.max(damping, lower), upper);
  if (lambda === 0) lambda = gradient / length;
  let solved: Float64Array = direction;
  for (let trial = 1; ; trial++) {
    if (lambda === 0) lambda = Math.max(MIN_NORMAL, 0.001 * upper);
    const { x, triangle: damped } = solveDamped(factor, scale, Math.sqrt(lambda));
    solved = x;
    scaled = product(scale, x);
    length = norm(scaled);
    const before = excess;
    excess = length - radius;
    if (Math.abs(excess) <= RADIUS_TOLERANCE * radius || (lower === 0 && excess <= before && before < 0) || trial === MAX_TRIALS) break;
    for (let k = 0; k < n; k++) {
      let value = scale[order[k]!]! * (scaled[order[k]!]! / length);
      for (let i = 0; i < k; i++) value -= damped[i * n + k]! * work[i]!;
      work[k] = value / damped[k * n + k]!;
    }
    const size = norm(work);
    const correction = excess / radius / size / size;
    if (excess > 0) lower = Math.max(lower, lambda);
    if (excess < 0) upper = Math.min(upper, lambda);
    lambda = Math.max(lower, lambda + correction);
  }
  return { step: negated(solved), damping: lambda, scaledNorm: length };
}

/** −p of λ = 0: R⁻¹Qᵀr, with zeros from the first singular pivot on. */
export function gaussNewtonDirection(factor: TriangularFactor): Float64Array {
  const { n, triangle, order, transformed } = factor;
  const rank = rankOf(factor);
  const x = new Float64Array(n);
  for (let k = rank - 1; k >= 0; k--) {
    let value = transformed[k]!;
    for (let j = k + 1; j < rank; j++) value -= triangle[k * n + j]! * x[order[j]!]!;
    x[order[k]!] = value / triangle[k * n + k]!;
  }
  return x;
}

/** min ‖R·Pᵀx − Qᵀr‖² + ‖√λ·D·x‖², and the triangle of the stacked matrix. */
function solveDamped(
  { n, triangle, order, transformed }: TriangularFactor,
  scale: Float64Array,
  root: number,
): { x: Float64Array; triangle: Float64Array } {
  const s = triangle.slice();
  const right = transformed.slice();
  const row = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    // The row of √λ·D that belongs to column j of R, rotated into the triangle from its diagonal on
    row.fill(0, j);
    row[j] = root * scale[order[j]!]!;
    if (row[j] === 0) continue;
    let extra = 0;
    for (let k = j; k < n; k++) {
      const entry = row[k]!;
      if (entry === 0) continue;
      const pivot = s[k * n + k]!;
      const size = Math.hypot(pivot, entry);
      const cosine = pivot / size;
      const sine = entry / size;
      s[k * n + k] = size;
      const value = right[k]!;
      right[k] = cosine * value + sine * extra;
      extra = cosine * extra - sine * value;
      for (let i = k + 1; i < n; i++) {
        const above = s[k * n + i]!;
        s[k * n + i] = cosine * above + sine * row[i]!;
        row[i] = cosine * row[i]! - sine * above;
      }
    }
  }
  const x = new Float64Array(n);
  let rank = n;
  for (let k = 0; k < n && rank === n; k++) if (s[k * n + k] === 0) rank = k;
  for (let k = rank - 1; k >= 0; k--) {
    let value = right[k]!;
    for (let j = k + 1; j < rank; j++) value -= s[k * n + j]! * x[order[j]!]!;
    x[order[k]!] = value / s[k * n + k]!;
  }
  return { x, triangle: s };
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i]! * b[i]!;
  return out;
}

function negated(x: Float64Array): Float64Array {
  const out = new Float64Array(x.length);
  for (let i = 0; i < out.length; i++) out[i] = -x[i]!;
  return out;
}
