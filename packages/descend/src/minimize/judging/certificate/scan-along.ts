/** What the values far out along a direction make of a point. */

import { dot, maxNorm } from "../../../numeric/blas1.js";
import type { Certificate, Finding } from "./certify.js";
import { type PointEvidence, parameterScale } from "./point-evidence.js";
import { scanRay } from "./ray.js";
import type { RunEvidence } from "./run-evidence.js";
import { short, type Test } from "./test.js";

/** How much flatter it is here than on the way to a lower point for the place to be a plateau. */
const FLATTER = 1e3;
/** How close that is looked at, in units of the parameters, and the share of the average fall that is flat. */
const NEARBY = 1e-2;
const FLAT_SHARE = 0.05;

/** What the values far out along a direction make of the point, if anything. */
export function scanAlong(run: RunEvidence, direction: Float64Array): Certificate | undefined {
  const { point, best } = run;
  const { params, gradient, value, evaluate, box, roundoff } = point;
  const size = maxNorm(direction);
  if (!(size > 0 && Number.isFinite(size))) return undefined;
  const scale = parameterScale(point);
  const { kind, lowest, distance, evidence } = scanRay({ from: params, direction, value, scale, evaluate, box, roundoff });
  if (kind === "falls") return failedRay(run, distance, evidence, "unbounded");
  if (kind === "approaches" && lowest <= best) return failedRay(run, distance, evidence, "infimum-not-attained");
  // Convex functions are never flatter than on average on the way to a lower point.
  const slope = Math.abs(dot(gradient, direction)) / size;
  if (kind === "dips" && value - lowest > FLATTER * slope * distance && isFlat(point, direction, (value - lowest) / distance)) {
    return failedRay(run, distance, `the slope here is ${short(slope)}, yet ${evidence}`, "plateau");
  }
  return undefined;
}

export function failedRay({ certificate }: RunEvidence, distance: number, evidence: string, finding: Finding): Certificate {
  const test: Test = { name: "ray", passed: false, value: distance, threshold: Number.POSITIVE_INFINITY, evidence };
  return { tests: [...certificate.tests, test], finding };
}

/** From the start to the point. */
export function wayOf({ params, startParams }: Pick<PointEvidence, "params" | "startParams">): Float64Array {
  return params.map((x, i) => x - startParams[i]!);
}

/** Whether the objective falls far less next to the point than it does on average on the way to a lower one. */
function isFlat(point: PointEvidence, direction: Float64Array, averageSlope: number): boolean {
  const length = NEARBY * parameterScale(point);
  const size = maxNorm(direction);
  const nearby = point.evaluate(point.params.map((x, i) => x + (length / size) * direction[i]!));
  return Math.abs(point.value - nearby) < FLAT_SHARE * averageSlope * length;
}
