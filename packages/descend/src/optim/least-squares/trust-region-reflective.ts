/**
 * Least squares within bounds: a trust region in coordinates that shrink towards the bounds, and steps that are reflected there.
 *
 * With x̂ = D·x, D the largest column norms of J so far, v = 1 or the share of the way to the bound that −g points at, if that is less: the
 * step minimizes ½‖J·p + r‖² + ½pᵀC·p in p̂ = D·p/√v, ‖p̂‖ ≤ Δ, C = |g·v′|. Of the step cut off at the bound, the step reflected there, and
 * the scaled gradient the one is taken with the lowest model value. Points stay inside the bounds; what lies on one is approached.
 *
 * Source: Branch, Coleman, Li 1999, "A subspace, interior, and conjugate gradient method for large-scale bound-constrained
 * minimization problems"; the choice among three steps is that of SciPy's `trf`. Deviation: distances to bounds are measured
 * against ‖D·x‖, so that units do not matter.
 */

import { dot, twoNorm } from "../../numeric/blas1.js";
import type { Box } from "../../numeric/box.js";
import { factorByReflections, type TriangularFactor } from "../../numeric/triangular-factor.js";
import { dampedStep } from "./damped-step.js";
import {
  isFiniteFactor,
  type LeastSquaresAdvance,
  type LeastSquaresTolerances,
  type LevenbergMarquardtState,
  type ResidualModel,
} from "./levenberg-marquardt.js";

const MAX_TRIALS = 200;
const EPSILON = 2 ** -52;
/** Smallest share of the way to a bound that a step keeps away from it. */
const AWAY = 0.005;
const ACCEPTED = 1e-4;

/** One accepted step, or the reason why there is none. `before.params` lie inside the bounds, not on them. */
export function trustRegionReflectiveStep(
  before: LevenbergMarquardtState,
  model: ResidualModel,
  tolerances: LeastSquaresTolerances,
  box: Box,
): LeastSquaresAdvance<LevenbergMarquardtState> {
  const { params, factor, steps } = before;
  const n = params.length;
  const { residualNorm } = factor;
  if (residualNorm === 0) return { state: before, end: "gradient-tolerance" };
  const units = before.scale.map((s, j) => Math.max(s, factor.columnNorms[j]!));
  const length = twoNorm(params.map((x, j) => x * units[j]!)) || residualNorm || 1;
  const gradient = slopeOf(factor);
  const room = params.map((x, j) => {
    const distance = gradient[j]! < 0 ? box.upper[j]! - x : gradient[j]! > 0 ? x - box.lower[j]! : Number.POSITIVE_INFINITY;
    return Math.min(1, (distance * units[j]!) / length);
  });
  /** p = stretch·p̂. */
  const stretch = room.map((v, j) => Math.sqrt(v) / units[j]!);
  const slope = gradient.map((g, j) => g * stretch[j]!);
  const remaining = Math.max(...slope.map(Math.abs)) / residualNorm;
  if (remaining <= tolerances.gradient) return { state: before, end: "gradient-tolerance" };

  const matrix = stackedMatrix(
    factor,
    stretch,
    Float64Array.from(room, (v, j) => (v < 1 ? Math.sqrt(Math.abs(gradient[j]!) / units[j]! / length) : 0)),
  );
  const target = new Float64Array(2 * n);
  target.set(factor.transformed);
  const stacked = factorByReflections(matrix.slice(), 2 * n, n, target);
  const quadratic: Quadratic = { n, matrix, slope };
  const theta = Math.max(1 - AWAY, 1 - remaining);
  const ones = new Float64Array(n).fill(1);
  let { radius, damping } = before;
  for (let trials = 1; trials <= MAX_TRIALS; trials++) {
    const trial = dampedStep(stacked, ones, radius, damping);
    damping = trial.damping;
    const chosen = selectStep({ box, params, stretch, theta, radius, quadratic }, trial.step);
    const moved = params.map((x, j) => inside(x + stretch[j]! * chosen[j]!, x, box.lower[j]!, box.upper[j]!));
    const stepLength = twoNorm(chosen);
    const trialNorm = model.norm(moved);
    const actual = 1 - (trialNorm / residualNorm) ** 2;
    const predicted = (-2 * quadraticAt(quadratic, chosen)) / residualNorm ** 2;
    const ratio = predicted > 0 && Number.isFinite(actual) ? actual / predicted : 0;
    const before_ = radius;
    if (!(ratio >= 0.25)) radius = 0.25 * stepLength;
    else if (ratio > 0.75 && stepLength > 0.95 * radius) radius *= 2;
    damping *= before_ / radius;
    const step = moved.map((x, j) => x - params[j]!);
    const short = twoNorm(step.map((p, j) => p * units[j]!)) <= Math.max(tolerances.step, EPSILON) * length;
    const unresolved = Math.abs(actual) <= Math.max(tolerances.value, EPSILON) && predicted <= Math.max(tolerances.value, EPSILON);
    if (ratio >= ACCEPTED) {
      const next = model.linearize(moved);
      if (isFiniteFactor(next)) {
        const state = { params: moved, factor: next, scale: units, radius, damping, steps: steps + 1, step };
        return { state, end: unresolved ? "value-tolerance" : short ? "step-tolerance" : undefined };
      }
      radius = 0.1 * stepLength;
    } else if (unresolved || short) {
      return { state: { ...before, scale: units, radius, damping }, end: unresolved ? "value-tolerance" : "step-tolerance" };
    }
  }
  return { state: before, end: "step-tolerance" };
}

/** The state at the start, moved off the bounds. */
export function startWithinBounds(box: Box, params: Float64Array): Float64Array {
  return params.map((x, j) => {
    const [low, high] = [box.lower[j]!, box.upper[j]!];
    const rim = Math.min(1e-10 * Math.max(1, Math.abs(x)), 0.25 * (high - low));
    return Math.min(Math.max(x, low + rim), high - rim);
  });
}

/** Jᵀr = P·Rᵀ·Qᵀr. */
export function slopeOf({ n, triangle, order, transformed }: TriangularFactor): Float64Array {
  const g = new Float64Array(n);
  for (let j = 0; j < n; j++) for (let i = 0; i <= j; i++) g[order[j]!]! += triangle[i * n + j]! * transformed[i]!;
  return g;
}

/** [R·Pᵀ·diag(stretch); diag(below)], [2n, n] column-major. */
function stackedMatrix({ n, triangle, order }: TriangularFactor, stretch: Float64Array, below: Float64Array): Float64Array {
  const matrix = new Float64Array(2 * n * n);
  for (let k = 0; k < n; k++) {
    const j = order[k]!;
    for (let i = 0; i <= k; i++) matrix[j * 2 * n + i] = triangle[i * n + k]! * stretch[j]!;
    matrix[j * 2 * n + n + j] = below[j]!;
  }
  return matrix;
}

/** q(p̂) = ½‖M·p̂‖² + slopeᵀp̂. */
interface Quadratic {
  readonly n: number;
  readonly matrix: Float64Array;
  readonly slope: Float64Array;
}

function image({ n, matrix }: Quadratic, p: Float64Array): Float64Array {
  const out = new Float64Array(2 * n);
  for (let j = 0; j < n; j++) for (let i = 0; i < 2 * n; i++) out[i]! += matrix[j * 2 * n + i]! * p[j]!;
  return out;
}

function quadraticAt(quadratic: Quadratic, p: Float64Array): number {
  const m = image(quadratic, p);
  return 0.5 * dot(m, m) + dot(quadratic.slope, p);
}

/** t in [low, high] with the least q(base + t·p), and that value. */
function lowestAlong(quadratic: Quadratic, base: Float64Array, p: Float64Array, low: number, high: number): { t: number; value: number } {
  const [origin, direction] = [image(quadratic, base), image(quadratic, p)];
  const a = 0.5 * dot(direction, direction);
  const b = dot(quadratic.slope, p) + dot(origin, direction);
  const c = 0.5 * dot(origin, origin) + dot(quadratic.slope, base);
  const at = (t: number): number => t * (a * t + b) + c;
  const candidates = [low, high, ...(a > 0 && -b / (2 * a) > low && -b / (2 * a) < high ? [-b / (2 * a)] : [])];
  const t = candidates.reduce((best, other) => (at(other) < at(best) ? other : best));
  return { t, value: at(t) };
}

interface Place {
  readonly box: Box;
  readonly params: Float64Array;
  readonly stretch: Float64Array;
  /** Share of the way to a bound that a step may go. */
  readonly theta: number;
  readonly radius: number;
  readonly quadratic: Quadratic;
}

function selectStep(place: Place, full: Float64Array): Float64Array {
  const { box, params, stretch, theta, radius, quadratic } = place;
  const toBound = (from: Float64Array, p: Float64Array): { size: number; hits: boolean[] } => {
    const sizes = p.map((value, j) => {
      const move = value * stretch[j]!;
      if (move === 0) return Number.POSITIVE_INFINITY;
      return Math.max(0, ((move > 0 ? box.upper[j]! : box.lower[j]!) - from[j]!) / move);
    });
    const size = Math.min(...sizes);
    return { size, hits: Array.from(sizes, (s) => s === size) };
  };
  const { size, hits } = toBound(params, full);
  if (size > 1) return full;
  const cut = full.map((p) => size * p);
  const candidates: { step: Float64Array; value: number }[] = [];

  const reflected = full.map((p, j) => (hits[j] ? -p : p));
  const edge = params.map((x, j) => x + stretch[j]! * cut[j]!);
  const ahead = toBound(edge, reflected).size;
  const toRadius = lengthToRadius(cut, reflected, radius);
  const reach = Math.min(ahead, toRadius);
  if (reach > 0) {
    const low = ((1 - theta) * size) / reach;
    const high = reach === ahead ? theta * ahead : toRadius;
    if (low <= high) {
      const { t, value } = lowestAlong(quadratic, cut, reflected, low, high);
      candidates.push({ step: cut.map((p, j) => p + t * reflected[j]!), value });
    }
  }
  const kept = cut.map((p) => theta * p);
  candidates.push({ step: kept, value: quadraticAt(quadratic, kept) });

  const downhill = quadratic.slope.map((g) => -g);
  const bound = toBound(params, downhill).size;
  const within = radius / twoNorm(downhill);
  const { t, value } = lowestAlong(quadratic, new Float64Array(full.length), downhill, 0, bound < within ? theta * bound : within);
  candidates.push({ step: downhill.map((p) => t * p), value });
  return candidates.reduce((best, other) => (other.value < best.value ? other : best)).step;
}

/** t ≥ 0 with ‖base + t·p‖ = radius; 0 if there is none. */
function lengthToRadius(base: Float64Array, p: Float64Array, radius: number): number {
  const a = dot(p, p);
  const b = dot(base, p);
  const c = dot(base, base) - radius * radius;
  const root = b * b - a * c;
  return a > 0 && root >= 0 ? Math.max(0, (-b + Math.sqrt(root)) / a) : 0;
}

/** A point strictly between the bounds; where rounding led onto one, the point next to it. */
function inside(x: number, from: number, low: number, high: number): number {
  if (x > low && x < high) return x;
  const bound = x <= low ? low : high;
  const middle = bound + 0.005 * (from - bound);
  return middle > low && middle < high ? middle : from;
}
