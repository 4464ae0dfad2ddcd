/**
 * Any number of rows as a few: a small weighted table with the same count, means and covariances.
 *
 * Least squares with whatever penalty sees nothing else of a table. So tables larger than memory are fitted in one pass: add them piece by
 * piece, and fit the small table in their place.
 */

import { invariant } from "../errors.js";

/** Columns, [columns][rows], and how often each row counts, [rows]. */
export interface WeightedRows {
  readonly columns: readonly Float64Array[];
  readonly weights: Float64Array;
}

export interface MomentTable {
  /**
   * Takes in a piece.
   *
   * @param columns - of equal lengths, finite. [columns][rows]
   * @param weights - how often each row counts, ≥ 0. [rows] Default: once.
   */
  add(columns: readonly ArrayLike<number>[], weights?: ArrayLike<number>): void;
  /** Rows taken in so far, each as often as it counts. */
  readonly rows: number;
  /**
   * 2·columns rows μ ± √q·L·eₖ with L·Lᵀ the covariances of all q columns, each counting rows/2q times.
   *
   * What depends on means and covariances alone is that of the whole table: weights, standard errors, root mean squared error, R². What
   * depends on single rows is not: absolute errors, medians.
   */
  rowsAlike(): WeightedRows;
}

/** Columns whose share of variance not explained by those before is below this are combinations of them. */
const DEPENDENT = 1e-14;

/**
 * An empty table of moments.
 *
 * @param width - columns, the target included, ≥ 1.
 *
 * Accuracy: each piece by deviations from its own means, pieces merged without subtracting squares; what follows has the digits that normal
 * equations leave, 16 less twice the logarithm of the condition number. Cost: rows·width²/2 multiplications; memory width². Source: Chan,
 * Golub, LeVeque 1983, equations 1.5 and 2.1, for matrices.
 */
export function createMomentTable(width: number): MomentTable {
  invariant(Number.isInteger(width) && width >= 1, `a table of moments has columns, not ${width}`);
  let rows = 0;
  const means = new Float64Array(width);
  // Σ (x − x̄)(x − x̄)ᵀ, lower triangle
  const scatter = new Float64Array(width * width);
  return {
    get rows() {
      return rows;
    },
    add(columns, weights) {
      const length = columns[0]!.length;
      invariant(
        columns.length === width &&
          columns.every((column) => column.length === length) &&
          (weights === undefined || weights.length === length),
        `a piece has ${width} columns of one length`,
      );
      const count = weights === undefined ? length : sumOf(weights);
      if (count === 0) return;
      const pieceMeans = columns.map((column) => meanOf(column, weights, count));
      addScatter(scatter, columns, pieceMeans, weights);
      const total = rows + count;
      const between = (rows / total) * count;
      for (let j = 0; j < width; j++) {
        const shift = pieceMeans[j]! - means[j]!;
        for (let k = 0; k <= j; k++) scatter[j * width + k]! += between * shift * (pieceMeans[k]! - means[k]!);
      }
      for (let j = 0; j < width; j++) means[j]! += (pieceMeans[j]! - means[j]!) * (count / total);
      rows = total;
    },
    rowsAlike() {
      const deviations = means.map((_, j) => Math.sqrt(scatter[j * width + j]! / rows));
      const factor = correlationFactor(scatter, deviations, rows);
      const reach = Math.sqrt(width);
      const columns = Array.from({ length: width }, (_, j) => {
        const column = new Float64Array(2 * width);
        for (let k = 0; k < width; k++) {
          const step = reach * deviations[j]! * factor[j * width + k]!;
          column[2 * k] = means[j]! + step;
          column[2 * k + 1] = means[j]! - step;
        }
        return column;
      });
      return { columns, weights: new Float64Array(2 * width).fill(rows / (2 * width)) };
    },
  };
}

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return sum;
}

/** @param total - of the weights. */
function meanOf(column: ArrayLike<number>, weights: ArrayLike<number> | undefined, total: number): number {
  const shiftFrom = (center: number): number => {
    let sum = 0;
    for (let i = 0; i < column.length; i++) sum += weights === undefined ? column[i]! - center : weights[i]! * (column[i]! - center);
    return sum / total;
  };
  const first = column[0]!;
  const mean = first + shiftFrom(first);
  return mean + shiftFrom(mean);
}

/** Row by row through a block of deviations that fits the cache. */
function addScatter(
  scatter: Float64Array,
  columns: readonly ArrayLike<number>[],
  means: readonly number[],
  weights: ArrayLike<number> | undefined,
): void {
  const width = columns.length;
  const count = columns[0]!.length;
  const block = 256;
  const deviations = columns.map(() => new Float64Array(block));
  const weighted = new Float64Array(block);
  for (let first = 0; first < count; first += block) {
    const length = Math.min(block, count - first);
    columns.forEach((column, j) => {
      for (let i = 0; i < length; i++) deviations[j]![i] = column[first + i]! - means[j]!;
    });
    for (let j = 0; j < width; j++) {
      const left = deviations[j]!;
      if (weights === undefined) weighted.set(left);
      else for (let i = 0; i < length; i++) weighted[i] = left[i]! * weights[first + i]!;
      for (let k = 0; k <= j; k++) {
        const right = deviations[k]!;
        let sum = 0;
        for (let i = 0; i < length; i++) sum += weighted[i]! * right[i]!;
        scatter[j * width + k]! += sum;
      }
    }
  }
}

/**
 * L of the correlation matrix, row-major; columns that depend on those before them get nothing of their own, constant ones nothing at all.
 */
function correlationFactor(scatter: Float64Array, deviations: Float64Array, rows: number): Float64Array {
  const n = deviations.length;
  const factor = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    if (deviations[i] === 0) continue;
    for (let j = 0; j <= i; j++) {
      if (deviations[j] === 0) continue;
      let value = i === j ? 1 : scatter[i * n + j]! / (rows * deviations[i]! * deviations[j]!);
      for (let k = 0; k < j; k++) value -= factor[i * n + k]! * factor[j * n + k]!;
      const pivot = factor[j * n + j]!;
      if (i === j) factor[i * n + i] = value > DEPENDENT ? Math.sqrt(value) : 0;
      else factor[i * n + j] = pivot === 0 ? 0 : value / pivot;
    }
  }
  return factor;
}
