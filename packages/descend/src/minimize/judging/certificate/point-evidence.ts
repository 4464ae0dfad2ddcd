/** What the tests of a point may look at, and the scales they measure it by. */

import { maxNorm } from "../../../numeric/blas1.js";
import type { Box } from "../../../numeric/box.js";
import { threefryUniform } from "../../../numeric/random.js";

export interface PointEvidence {
  readonly params: Float64Array;
  readonly startParams: Float64Array;
  readonly value: number;
  readonly startValue: number;
  readonly gradient: Float64Array;
  /** Largest ‖g‖∞ seen. */
  readonly gradientScale: number;
  /** v ↦ H·v at the point; absent where that would cost too much. */
  readonly hessianVector: ((direction: Float64Array) => Float64Array) | undefined;
  /** Error of its products relative to the largest curvature: rounding, or that of a difference of gradients. */
  readonly curvatureError: number;
  /** Products with the Hessian that the tests may use in all. */
  readonly maxProducts: number;
  /** Absent if no parameter has bounds. */
  readonly box: Box | undefined;
  /** Whether kinks or bounds hold some parameters, in which the gradient is then the subgradient of smallest norm. */
  readonly held: boolean;
  /** False where bounds hold every parameter, so that there is no other point. */
  readonly movable: boolean;
  /** Objective at another point, or at the nearest one that is allowed. */
  readonly evaluate: (params: Float64Array) => number;
  /** Unit roundoff of the number format: 2⁻⁵³ or 2⁻²⁴. */
  readonly roundoff: number;
  readonly seed: number;
}

/** Parameters that are free, or at a bound against which next to nothing presses: 1 for each, and products with the Hessian among them. */
export interface LooseParameters {
  readonly mask: Uint8Array;
  readonly hessianVector: (direction: Float64Array) => Float64Array;
}

/** Error of exact Hessian products relative to the largest curvature. */
export const EXACT_CURVATURE_ERROR = 1e-8;

/** Whether numbers are float32, whose gradients carry errors of about n·2⁻²⁴: thresholds scale with the root of the format's roundoff. */
export function isSingle({ roundoff }: PointEvidence): boolean {
  return roundoff > 1e-10;
}

/** Error of a curvature relative to the largest. */
export function curvatureError({ curvatureError: error, roundoff }: PointEvidence): number {
  return Math.max(error, 32 * roundoff);
}

/** Size against which steps are small: of the parameters, or of the start if that is less than 1, but never 0. */
export function parameterScale({ params, startParams }: Pick<PointEvidence, "params" | "startParams">): number {
  const start = maxNorm(startParams);
  return Math.max(maxNorm(params), start > 0 ? Math.min(1, start) : 1);
}

/** The same for each parameter by itself: units may differ. One that began at 0 has no unit but that of the others. */
export function coordinateScales(point: PointEvidence): Float64Array {
  const common = parameterScale(point);
  return point.params.map((x, i) => {
    const start = Math.abs(point.startParams[i]!);
    return Math.max(Math.abs(x), start > 0 ? Math.min(1, start) : common);
  });
}

/** Changes of the value that are rounding. */
export function valueRounding({ value, roundoff }: PointEvidence): number {
  return 64 * roundoff * Math.abs(value);
}

/** Whether a parameter is at a bound: gradients around the point are then those of the nearest points inside. */
export function atBound({ params, box }: PointEvidence): boolean {
  return box !== undefined && params.some((x, i) => x <= box.lower[i]! || x >= box.upper[i]!);
}

/** Entries between −1 and 1, the same for the same seed. */
export function randomDirection(n: number, seed: number): Float64Array {
  const direction = new Float64Array(n);
  for (let i = 0; i < n; i++) direction[i] = 2 * threefryUniform(seed, 0xce27, i) - 1;
  return direction;
}
