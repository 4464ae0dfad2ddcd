/**
 * Where would Newton's method still go if each parameter were measured in the unit in which its own curvature is 1?
 *
 * Of curvatures that differ by more than their rounding the small ones are lost beside the large, in whatever units the parameters come. In
 * their own units they are all alike, as far as parameters are apart from one another: condition numbers are within a factor n of the least that any
 * units have.
 *
 * Source: Van der Sluis 1969, "Condition numbers and equilibration of matrices", theorem 4.1.
 */

import { dot, maxNorm } from "../../../numeric/blas1.js";
import { symmetricEigen } from "../../../numeric/symmetric-eigen.js";
import type { GradientAt } from "./kink.js";
import { coordinateScales, EXACT_CURVATURE_ERROR, isSingle, type PointEvidence, valueRounding } from "./point-evidence.js";
import { REMAINING_DECREASE } from "./remaining.js";
import { short, type Test } from "./test.js";

/** Curvatures in their own units that are rounding: of exact products, in float32, and of differences. */
const ROUNDING = { exact: 1e-9, single: 1e-3, differenced: 1e-2 };
/** Where a slope is looked at again, as a share of Newton's step, and how much of the change that curvature foretells must be seen there. */
const [AGAIN, FORETOLD] = [1e-2, [0.5, 2]] as const;
/** Newton's step along a concave stretch, in units of the parameters, from which it is sloping. */
const SLOPING = 1e-4;
/** Of what Newton's step is to gain, the share that the value must show. */
const SHOWN = 0.25;

export interface OwnUnitsFindings {
  readonly test: Test;
  readonly finding: "not-stationary" | "plateau";
}

/**
 * @param hessian - [n, n], symmetric.
 * @param mayLook - whether so many points may still be looked at, of a value and gradient each.
 * @returns undefined where nothing leads on.
 *
 * Cost: a value or two gradients for each direction that seems to lead on.
 */
export function ownUnitsTest(
  point: PointEvidence,
  hessian: Float64Array,
  gradientAt: GradientAt,
  mayLook: (points: number) => boolean,
): OwnUnitsFindings | undefined {
  const { params, gradient, value, startValue } = point;
  const n = params.length;
  const exact = point.curvatureError <= EXACT_CURVATURE_ERROR;
  const error = ROUNDING[isSingle(point) ? "single" : exact ? "exact" : "differenced"];
  const units = Float64Array.from({ length: n }, (_, i) => 1 / Math.sqrt(Math.abs(hessian[i * n + i]!)));
  if (!units.every(Number.isFinite)) return undefined;
  const sizes = coordinateScales(point);
  const { values, vectors } = symmetricEigen(
    hessian.map((h, k) => h * units[Math.floor(k / n)]! * units[k % n]!),
    n,
  );
  const threshold = Math.max(REMAINING_DECREASE[isSingle(point) ? "single" : "double"] * (startValue - value), valueRounding(point));
  const slopes = gradient.map((g, i) => g * units[i]!);
  const step = new Float64Array(n);
  let gap = 0;
  for (const [k, vector] of vectors.entries()) {
    const curvature = values[k]!;
    const slope = dot(vector, slopes);
    if (Math.abs(curvature) <= error || slope === 0) continue;
    /** Newton's step, where it is uphill reversed. */
    const along = vector.map((v, i) => (-slope / Math.abs(curvature)) * v * units[i]!);
    const length = maxNorm(along.map((d, i) => d / sizes[i]!));
    if (curvature > 0) {
      gap += (0.5 * slope * slope) / curvature;
      for (let i = 0; i < n; i++) step[i]! += along[i]!;
    } else if (exact && length > SLOPING && mayLook(2) && isAsForetold(gradientAt, params, along, slope ** 2 / curvature)) {
      const evidence = `along a direction of negative curvature, in units of its own, the objective still slopes: it leads on for ${short(length)} of the parameters`;
      return { test: { name: "own-units", passed: false, value: length, threshold: SLOPING, evidence }, finding: "plateau" };
    }
  }
  if (!(gap > threshold && mayLook(1))) return undefined;
  const change = point.evaluate(params.map((x, i) => x + step[i]!)) - value;
  if (!(change < -Math.max(threshold, SHOWN * gap))) return undefined;
  const evidence = `Newton's step, in units in which each parameter has curvature 1, changes the objective by ${short(change)}`;
  return { test: { name: "own-units", passed: false, value: change, threshold: -threshold, evidence }, finding: "not-stationary" };
}

/** Whether slopes on both sides differ as a curvature says: rounding does not. */
function isAsForetold(gradientAt: GradientAt, params: Float64Array, along: Float64Array, bend: number): boolean {
  const slopeAt = (t: number): number => dot(Float64Array.from(gradientAt(params.map((x, i) => x + t * along[i]!)).gradient), along);
  const [ahead, behind] = [slopeAt(AGAIN), slopeAt(-AGAIN)];
  const share = (ahead - behind) / (2 * AGAIN * bend);
  return ahead < 0 && behind < 0 && share > FORETOLD[0]! && share < FORETOLD[1]!;
}
