/**
 * Is the point where a descent ended a minimizer? Independent tests, each with its numbers, and the verdict they allow.
 *
 * A small gradient alone proves nothing: it is small on plateaus, at saddles, and far from the minimum of a flat function.
 * So curvature is measured by products with the Hessian, and the point counts as converged only if the step that
 * Newton's method would still make is small against the parameters themselves.
 */

import { dot, maxNorm, twoNorm } from "../numeric/blas1.js";
import { lanczos } from "../numeric/lanczos.js";
import { threefryUniform } from "../numeric/random.js";

/** One independent test at the end of a descent. */
export interface Test {
  readonly name: "gradient" | "curvature" | "remaining-step" | "neighborhood";
  readonly passed: boolean;
  readonly value: number;
  readonly threshold: number;
  /** What was measured, in words with numbers. */
  readonly evidence: string;
}

export interface Certificate {
  readonly tests: readonly Test[];
  /** Whether the point is a minimizer as far as the tests can tell, or what it is instead. */
  readonly finding: "minimizer" | "saddle" | "maximum" | "plateau" | "not-stationary";
}

/** What the tests may look at. */
export interface PointEvidence {
  readonly params: Float64Array;
  readonly startParams: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  /** Largest ‖g‖∞ seen. */
  readonly gradientScale: number;
  /** v ↦ H·v at the point; absent where that would cost too much. */
  readonly hessianVector: ((direction: Float64Array) => Float64Array) | undefined;
  /** Error of its products relative to the largest curvature: rounding, or that of a difference of gradients. */
  readonly curvatureError: number;
  /** Objective at another point. */
  readonly evaluate: (params: Float64Array) => number;
  /** Unit roundoff of the number format: 2⁻⁵³ or 2⁻²⁴. */
  readonly roundoff: number;
  readonly seed: number;
}

/** Products with the Hessian spent on each of the two probes. */
const PROBE_PRODUCTS = 20;
/** Curvatures below this many units of roundoff of the largest are rounding. */
const ROUNDING_MARGIN = 16;
/** A Newton step below this share of the parameters is no step. */
const REMAINING_STEP = 1e-6;
/** Error of exact Hessian products relative to the largest curvature. */
export const EXACT_CURVATURE_ERROR = 1e-8;

export function certify(point: PointEvidence): Certificate {
  const gradientNorm = maxNorm(point.gradient);
  // float32 gradients carry errors of about n·2⁻²⁴, so their thresholds scale with the square root of the format's roundoff.
  const relative = point.roundoff > 1e-10 ? 1e-3 : 1e-6;
  const threshold = relative * point.gradientScale;
  const gradientTest: Test = {
    name: "gradient",
    passed: gradientNorm <= threshold,
    value: gradientNorm,
    threshold,
    evidence: `‖g‖∞ = ${short(gradientNorm)}, the largest seen was ${short(point.gradientScale)}`,
  };
  if (!gradientTest.passed) return { tests: [gradientTest], finding: "not-stationary" };
  if (point.hessianVector === undefined) return withNeighborhood([gradientTest], point);

  const multiply = point.hessianVector;
  const random = lanczos(multiply, randomDirection(point.params.length, point.seed), PROBE_PRODUCTS);
  const lowest = random.values[0]!;
  const highest = random.values.at(-1)!;
  const largest = Math.max(Math.abs(lowest), Math.abs(highest));
  const { curvatureError } = point;
  const curvatureFloor = -Math.max(curvatureError * largest, 10 * random.bounds[0]!);
  const curvatureTest: Test = {
    name: "curvature",
    passed: !(lowest < curvatureFloor),
    value: lowest,
    threshold: curvatureFloor,
    evidence: `curvatures from ${short(lowest)} to ${short(highest)} by ${random.products} products with the Hessian`,
  };
  if (!curvatureTest.passed) {
    // Stationary only in the limit: a concave stretch that is still sloping is no saddle.
    const newton = gradientNorm / largest;
    const sloping = newton > 1e-2 * parameterScale(point);
    return {
      tests: [gradientTest, curvatureTest],
      finding: sloping ? "plateau" : highest > curvatureError * largest ? "saddle" : "maximum",
    };
  }
  if (largest === 0 || gradientNorm === 0) {
    const tests = [gradientTest, curvatureTest];
    return lowest > curvatureError * largest ? { tests, finding: "minimizer" } : withNeighborhood(tests, point);
  }
  const stepTest = remainingStep(point, multiply);
  return { tests: [gradientTest, curvatureTest, stepTest], finding: stepTest.passed ? "minimizer" : "not-stationary" };
}

/** Length of the Newton step within the Krylov space of the gradient. */
function remainingStep(point: PointEvidence, multiply: (direction: Float64Array) => Float64Array): Test {
  const probe = lanczos(multiply, point.gradient, PROBE_PRODUCTS);
  const size = twoNorm(point.gradient);
  const n = point.params.length;
  const step = new Float64Array(n);
  // A curvature at the rounding of the largest one is no curvature: the gradient along it is rounding as well, and their ratio means nothing
  const floor = ROUNDING_MARGIN * point.roundoff * Math.max(0, probe.values.at(-1)!);
  for (let k = 0; k < probe.values.length; k++) {
    const curvature = probe.values[k]!;
    if (!(curvature > floor)) continue;
    const u = probe.vector(k);
    const length = (dot(u, point.gradient) / size / curvature) * size;
    for (let i = 0; i < n; i++) step[i]! += length * u[i]!;
  }
  const norm = maxNorm(step);
  const scale = parameterScale(point);
  // The gradient itself is only known to rounding: a step below that cannot be told from none.
  const threshold = (point.roundoff > 1e-10 ? 1e-2 : REMAINING_STEP) * scale;
  return {
    name: "remaining-step",
    passed: norm <= threshold,
    value: norm,
    threshold,
    evidence: `Newton's step from here is ${short(norm)}, the parameters are of size ${short(scale)}`,
  };
}

/** Where curvature says nothing: is any point close by lower? */
function withNeighborhood(tests: readonly Test[], point: PointEvidence): Certificate {
  const rounding = 8 * point.roundoff * Math.abs(point.value);
  const radius = 1e-3 * parameterScale(point);
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < NEIGHBORS; k++) {
    const direction = randomDirection(point.params.length, point.seed + 1 + k);
    const length = radius * 10 ** -(k % 3);
    const scale = length / maxNorm(direction);
    for (const sign of [1, -1]) {
      const change = point.evaluate(point.params.map((x, i) => x + sign * scale * direction[i]!)) - point.value;
      if (change < lowest) lowest = change;
      if (change > highest) highest = change;
    }
  }
  const test: Test = {
    name: "neighborhood",
    passed: lowest >= -rounding && highest > rounding,
    value: lowest,
    threshold: -rounding,
    evidence: `${2 * NEIGHBORS} points within ${short(radius)}: the objective changes by ${short(lowest)} to ${short(highest)}`,
  };
  const flat = highest <= rounding && lowest >= -rounding;
  return { tests: [...tests, test], finding: test.passed ? "minimizer" : flat ? "plateau" : "not-stationary" };
}

const NEIGHBORS = 12;

/** Size against which steps are small: of the parameters, or of the start if that is less than 1, but never 0. */
function parameterScale({ params, startParams }: PointEvidence): number {
  const start = maxNorm(startParams);
  return Math.max(maxNorm(params), start > 0 ? Math.min(1, start) : 1);
}

function randomDirection(n: number, seed: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => 2 * threefryUniform(seed, 0xce27, i) - 1);
}

function short(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
