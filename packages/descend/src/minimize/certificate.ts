/**
 * Is the point where a descent ended a minimizer? Independent tests, each with its numbers, and the verdict they allow.
 *
 * A small gradient alone proves nothing: it is small on plateaus, at saddles, and far from the minimum of a flat function.
 * So curvature is measured by products with the Hessian, and the point counts as converged only if the step that
 * Newton's method would still make is small against the parameters themselves. Derivatives at one point see neither kinks
 * nor what higher orders do where curvature vanishes, so in the end no way down may be found among points close by.
 */

import { dot, maxNorm, twoNorm } from "../numeric/blas1.js";
import { type LanczosResult, lanczos } from "../numeric/lanczos.js";
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
  /** Products with the Hessian that the search for negative curvature may use, if 20 leave it open. */
  readonly maxProducts: number;
  /** Objective at another point. */
  readonly evaluate: (params: Float64Array) => number;
  /** Unit roundoff of the number format: 2⁻⁵³ or 2⁻²⁴. */
  readonly roundoff: number;
  readonly seed: number;
}

/** Products with the Hessian spent on each of the two probes. */
const PROBE_PRODUCTS = 20;
/** Products of a longer probe at most: what follows costs their cube. */
const LONG_PROBE_PRODUCTS = 128;
/** Multiplications for making the vectors of a longer probe orthogonal, at most: n·products². */
const PROBE_WORK = 2e8;
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
  const curvatureError = Math.max(point.curvatureError, 32 * point.roundoff);
  const random = probeCurvature(point, multiply, curvatureError);
  const lowest = random.values[0]!;
  const highest = random.values.at(-1)!;
  const largest = Math.max(Math.abs(lowest), Math.abs(highest));
  // However rough, a curvature that was measured along some direction is never below the lowest there is.
  const curvatureFloor = -curvatureError * largest;
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
  const flattest = random.vector(0);
  if (largest === 0 || gradientNorm === 0) {
    return withNeighborhood([gradientTest, curvatureTest], point, { along: flattest, mustRise: !(lowest > curvatureError * largest) });
  }
  const stepTest = remainingStep(point, multiply);
  const tests = [gradientTest, curvatureTest, stepTest];
  return stepTest.passed ? withNeighborhood(tests, point, { along: flattest, mustRise: false }) : { tests, finding: "not-stationary" };
}

/** Curvatures along directions that come from chance; more products if so few do not tell whether the lowest is negative. */
function probeCurvature(point: PointEvidence, multiply: (direction: Float64Array) => Float64Array, error: number): LanczosResult {
  const n = point.params.length;
  const start = randomDirection(n, point.seed);
  const probe = lanczos(multiply, start, PROBE_PRODUCTS);
  const largest = Math.max(Math.abs(probe.values[0]!), Math.abs(probe.values.at(-1)!));
  const products = Math.floor(Math.min(n, point.maxProducts, LONG_PROBE_PRODUCTS, Math.sqrt(PROBE_WORK / n)));
  const open = probe.values[0]! >= -error * largest && probe.bounds[0]! > error * largest;
  return open && products > PROBE_PRODUCTS ? lanczos(multiply, start, products) : probe;
}

/** Length of the Newton step within the Krylov space of the gradient. */
function remainingStep(point: PointEvidence, multiply: (direction: Float64Array) => Float64Array): Test {
  const probe = lanczos(multiply, point.gradient, PROBE_PRODUCTS);
  const size = twoNorm(point.gradient);
  const n = point.params.length;
  const step = new Float64Array(n);
  // A curvature at the rounding of the largest one is no curvature: the gradient along it is rounding as well, and their ratio means nothing
  const exact = point.curvatureError <= EXACT_CURVATURE_ERROR;
  const largest = Math.max(0, probe.values.at(-1)!);
  const floor = Math.max(ROUNDING_MARGIN * point.roundoff, exact ? 0 : point.curvatureError) * largest;
  let unresolved = 0;
  for (let k = 0; k < probe.values.length; k++) {
    const curvature = probe.values[k]!;
    const u = probe.vector(k);
    const slope = dot(u, point.gradient);
    if (!(curvature > floor)) {
      unresolved = Math.hypot(unresolved, slope);
      continue;
    }
    const length = (slope / size / curvature) * size;
    for (let i = 0; i < n; i++) step[i]! += length * u[i]!;
  }
  // Unless it is more than rounding: then there is a slope along directions whose curvature is too small to tell how far it leads.
  const gradientError = (point.roundoff > 1e-10 ? 1e-6 : exact ? 1e-12 : 1e-9) * point.gradientScale;
  const norm = maxNorm(step);
  const scale = parameterScale(point);
  // The gradient itself is only known to rounding: a step below that cannot be told from none.
  const threshold = (point.roundoff > 1e-10 ? 1e-3 : REMAINING_STEP) * scale;
  if (unresolved > gradientError) {
    return {
      name: "remaining-step",
      passed: false,
      value: Number.POSITIVE_INFINITY,
      threshold,
      evidence: `a slope of ${short(unresolved)} along directions whose curvature is lost beside the largest, ${short(largest)}`,
    };
  }
  return {
    name: "remaining-step",
    passed: norm <= threshold,
    value: norm,
    threshold,
    evidence: `Newton's step from here is ${short(norm)}, the parameters are of size ${short(scale)}`,
  };
}

/** Is there a way down to a point close by? Where curvature says nothing, the objective must also rise somewhere. */
function withNeighborhood(
  tests: readonly Test[],
  point: PointEvidence,
  { along, mustRise }: Neighborhood = { along: undefined, mustRise: true },
): Certificate {
  const scale = parameterScale(point);
  const single = point.roundoff > 1e-10;
  // Well beyond the step that may remain, so that a minimizer missed by that much is not taken for a slope.
  const radii = single ? [1e-1, 3e-2, 1e-2] : [1e-3, 1e-4, 1e-5];
  const changeAt = (direction: Float64Array, length: number): number => {
    const unit = (length * scale) / maxNorm(direction);
    return point.evaluate(point.params.map((x, i) => x + unit * direction[i]!)) - point.value;
  };
  const random = Array.from({ length: NEIGHBORS }, (_, k) => randomDirection(point.params.length, point.seed + 1 + k));
  const largestAt = (radius: number): number =>
    Math.max(
      0,
      ...random
        .slice(0, 3)
        .map((direction) => Math.abs(changeAt(direction, radius)))
        .filter(Number.isFinite),
    );
  // What next to nothing changes is rounding, unless it is as much as anything changes: that is a jump.
  const noise = Math.min(4 * largestAt(4 * point.roundoff), 1e-3 * largestAt(radii[0]!));
  const rounding = Math.max(8 * point.roundoff * Math.abs(point.value), noise);

  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  let count = 0;
  const look = (direction: Float64Array, length: number): void => {
    for (const signed of [length, -length]) {
      const change = changeAt(direction, signed);
      count++;
      // Behind a rise lies another valley.
      const behindRise = change < -rounding && FRACTIONS.some((fraction) => !(changeAt(direction, fraction * signed) <= rounding));
      if (change < lowest && !behindRise) lowest = change;
      if (change > highest) highest = change;
    }
  };
  random.forEach((direction, k) => {
    look(direction, radii[k % 3]!);
  });
  if (along !== undefined) for (const radius of radii) look(along, radius);
  const test: Test = {
    name: "neighborhood",
    passed: lowest >= -rounding && (!mustRise || highest > rounding),
    value: lowest,
    threshold: -rounding,
    evidence: `${count} points within ${short(radii[0]! * scale)}: the objective changes by ${short(lowest)} to ${short(highest)}`,
  };
  const flat = highest <= rounding && lowest >= -rounding;
  return { tests: [...tests, test], finding: test.passed ? "minimizer" : flat ? "plateau" : "not-stationary" };
}

interface Neighborhood {
  /** The direction of lowest curvature, where it is known. */
  readonly along: Float64Array | undefined;
  readonly mustRise: boolean;
}

const NEIGHBORS = 12;
/** Where a way down is checked for rises. */
const FRACTIONS: readonly number[] = [0.75, 0.5, 0.25, 0.1, 0.03, 0.01];

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
