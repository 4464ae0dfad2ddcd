/** What residuals say about the fitted parameters: their spread and how they depend on each other. */

import { maxNorm } from "../../numeric/blas1.js";
import { symmetricEigen } from "../../numeric/symmetric-eigen.js";
import { inverseOfTriangle, type TriangularFactor } from "../../numeric/triangular-factor.js";
import { type Layout, pathOf, unflatten } from "../../tree/tree.js";

export interface ResidualStatistics<P> {
  /** Σ rᵢ². */
  readonly residualSumOfSquares: number;
  /** Number of residuals, m. */
  readonly count: number;
  /** m − n. */
  readonly degreesOfFreedom: number;
  /** s = √(Σ rᵢ² / (m − n)), in units of the residuals; NaN without degrees of freedom. */
  readonly residualStandardDeviation: number;
  /** s·√((JᵀJ)⁻¹ⱼⱼ), shaped like the parameters; infinite where J has no full rank, NaN without degrees of freedom. */
  readonly standardDeviations: P;
  /** s²·(JᵀJ)⁻¹, [n, n] row-major in the order of the flattened parameters; infinite or NaN as the standard deviations. */
  readonly covariance: Float64Array;
  /** Condition number of J with its columns scaled to unit norm, in the 2-norm; infinite if J has no full rank. */
  readonly conditionNumber: number;
  /** Names of the flattened parameters, the rows of the covariance. */
  readonly names: readonly string[];
}

/** Parameters up to which the condition number is computed from eigenvalues; beyond, it is an upper bound, at most n times as large. */
const FEW = 64;

/**
 * @param free - places of the parameters that the factor is about, where bounds hold the others; these have spread 0. Default: all.
 *
 * Accuracy: (JᵀJ)⁻¹ comes from the triangle R, so digits are lost once with the condition of J, not twice.
 */
export function residualStatistics<P>(
  factor: TriangularFactor,
  size: number,
  layout: Layout,
  free?: readonly number[],
): ResidualStatistics<P> {
  const { n, residualNorm } = factor;
  const degreesOfFreedom = size - n;
  const deviation = degreesOfFreedom > 0 ? residualNorm / Math.sqrt(degreesOfFreedom) : Number.NaN;
  const inverse = inverseOfTriangle(factor);
  const covariance = new Float64Array(n * n).fill(inverse === undefined ? Number.POSITIVE_INFINITY : 0);
  const deviations = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  if (inverse !== undefined) {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) {
        let value = 0;
        for (let k = 0; k < n; k++) value += deviation * inverse[i * n + k]! * (deviation * inverse[j * n + k]!);
        covariance[i * n + j] = value;
        covariance[j * n + i] = value;
      }
      deviations[i] = Math.sqrt(covariance[i * n + i]!);
    }
  }
  return {
    residualSumOfSquares: residualNorm * residualNorm,
    count: size,
    degreesOfFreedom,
    residualStandardDeviation: deviation,
    standardDeviations: unflatten(layout, free === undefined ? deviations : spread(deviations, layout.size, free)) as P,
    covariance: free === undefined ? covariance : spreadMatrix(covariance, layout.size, free),
    conditionNumber: conditionNumber(factor, inverse),
    names: Array.from({ length: layout.size }, (_, j) => pathOf(layout, j).replace(/^\./, "")),
  };
}

/** Entries put to their places among zeros. */
function spread(values: Float64Array, size: number, places: readonly number[]): Float64Array {
  const all = new Float64Array(size);
  places.forEach((j, k) => {
    all[j] = values[k]!;
  });
  return all;
}

function spreadMatrix(matrix: Float64Array, size: number, places: readonly number[]): Float64Array {
  const all = new Float64Array(size * size);
  places.forEach((i, a) => {
    all.set(spread(matrix.subarray(a * places.length, (a + 1) * places.length), size, places), i * size);
  });
  return all;
}

/** √(λmax(RᵀR)·λmax((RᵀR)⁻¹)) of the scaled triangle: largest eigenvalues are accurate where smallest are not. */
function conditionNumber({ n, triangle, order, columnNorms }: TriangularFactor, inverse: Float64Array | undefined): number {
  if (inverse === undefined) return Number.POSITIVE_INFINITY;
  const scaled = new Float64Array(n * n);
  const scaledInverse = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    for (let j = 0; j < n; j++) {
      scaled[k * n + j] = triangle[k * n + j]! / columnNorms[order[j]!]!;
      scaledInverse[j * n + k] = inverse[order[j]! * n + k]! * columnNorms[order[j]!]!;
    }
  }
  return largestSingularValue(scaled, n) * largestSingularValue(scaledInverse, n);
}

function largestSingularValue(matrix: Float64Array, n: number): number {
  // Divided by the largest entry first, so that squares do not overflow
  const scale = maxNorm(matrix);
  if (!(scale > 0) || !Number.isFinite(scale)) return scale;
  const gram = new Float64Array(n * n);
  let trace = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let value = 0;
      for (let k = 0; k < n; k++) value += (matrix[k * n + i]! / scale) * (matrix[k * n + j]! / scale);
      gram[i * n + j] = value;
    }
    trace += gram[i * n + i]!;
  }
  return scale * Math.sqrt(n <= FEW ? symmetricEigen(gram, n).values[n - 1]! : trace);
}
