/**
 * The floors of valleys through a point: a step along a direction without curvature, then Newton's step within the directions that have
 * one, with the Hessian of the point.
 *
 * What is left of the objective there is the reduced function of Lyapunov and Schmidt, up to higher orders.
 *
 * Source: Golubitsky and Schaeffer 1985, "Singularities and Groups in Bifurcation Theory", section I.3.
 */

import { dot, maxNorm, twoNorm } from "../../../numeric/blas1.js";
import { symmetricEigen } from "../../../numeric/symmetric-eigen.js";
import type { GradientAt } from "./kink.js";
import type { Line } from "./outwards.js";
import { coordinateScales, curvatureError, type PointEvidence } from "./point-evidence.js";

/** Directions without curvature that are followed. */
const MOST_FLOORS = 3;

export interface Floors {
  readonly floors: readonly Line[];
  /** Whether there are directions with curvature, so that floors may bend. */
  readonly bend: boolean;
}

/** A curvature by which the whole way would have gained less than this share of what was gained is none; nor is one of this share of the largest. */
export const NEGLIGIBLE = 1e-6;

/**
 * @param hessian - [n, n], symmetric.
 * @param noise - curvature that is rounding, in units of the objective per parameter². ≥ 0.
 */
export function floorsOf(point: PointEvidence, hessian: Float64Array, noise: number, gradientAt: GradientAt): Floors {
  const { params, startParams, startValue, value } = point;
  const n = params.length;
  const scales = coordinateScales(point);
  const way = Math.max(1, ...params.map((x, i) => Math.abs(x - startParams[i]!) / scales[i]!));
  const negligible = (NEGLIGIBLE * Math.max(0, startValue - value)) / way ** 2;
  const { flat, steep } = curvatures(hessian, scales, (largest, vector) => {
    const length = twoNorm(vector.map((d, i) => d * scales[i]!));
    return Math.max(curvatureError(point) * largest, NEGLIGIBLE * largest, negligible, noise * length ** 2);
  });
  /** The point of the floor above x. */
  const settled = (x: Float64Array): Float64Array => {
    if (steep.length === 0) return x;
    const slope = Float64Array.from(gradientAt(x).gradient, (g, i) => g * scales[i]!);
    const down = x.slice();
    for (const { curvature, direction } of steep) {
      const length = dot(direction, slope) / curvature;
      for (let i = 0; i < n; i++) down[i]! -= length * direction[i]! * scales[i]!;
    }
    return down;
  };
  const steepest = Math.max(0, ...steep.map(({ curvature }) => Math.abs(curvature)));
  const bottom = settled(params);
  // Where all is flat, chance or rounding made the directions.
  const followed = steep.length > 0 ? flat : flat.map((_, k) => Float64Array.from({ length: n }, (_, i) => (i === k ? 1 : 0)));
  const floors = followed.slice(0, MOST_FLOORS).map((vector): Line => {
    const unit = 1 / maxNorm(vector);
    const direction = vector.map((d, i) => unit * d * scales[i]!);
    return {
      at: (length) => settled(bottom.map((x, i) => x + length * direction[i]!)),
      direction,
      steepest,
      start: startParams.reduce((sum, x, i) => sum + ((x - bottom[i]!) / scales[i]!) * vector[i]!, 0) / unit,
    };
  });
  return { floors, bend: steep.length > 0 };
}

/** Directions with a curvature, and those without, orthonormal, in coordinates in which each parameter has size 1. */
function curvatures(
  hessian: Float64Array,
  scales: Float64Array,
  errorOf: (largest: number, vector: Float64Array) => number,
): { readonly flat: readonly Float64Array[]; readonly steep: readonly { readonly curvature: number; readonly direction: Float64Array }[] } {
  const n = scales.length;
  const { values, vectors } = symmetricEigen(
    hessian.map((h, k) => h * scales[Math.floor(k / n)]! * scales[k % n]!),
    n,
  );
  const largest = Math.max(...values.map(Math.abs));
  const flat: Float64Array[] = [];
  const steep: { curvature: number; direction: Float64Array }[] = [];
  vectors.forEach((direction, k) => {
    if (Math.abs(values[k]!) <= errorOf(largest, direction)) flat.push(direction);
    else steep.push({ curvature: values[k]!, direction });
  });
  return { flat, steep };
}

/** A straight line through the point. */
export function straightFloor(point: PointEvidence, vector: Float64Array): Floors {
  const { params, startParams, gradientScale } = point;
  const scales = coordinateScales(point);
  const unit = Math.min(...scales.map((scale, i) => scale / Math.abs(vector[i]!)));
  if (!(unit > 0 && Number.isFinite(unit))) return { floors: [], bend: false };
  const direction = vector.map((d) => unit * d);
  const square = dot(direction, direction);
  const floor: Line = {
    at: (length) => params.map((x, i) => x + length * direction[i]!),
    direction,
    steepest: gradientScale * maxNorm(scales),
    start: direction.reduce((sum, d, i) => sum + (startParams[i]! - params[i]!) * d, 0) / square,
  };
  return { floors: [floor], bend: false };
}
