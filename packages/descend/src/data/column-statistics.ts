/** Mean and spread of a column of numbers, and whether it varies at all. */

export interface ColumnStatistics {
  /** Arithmetic mean, in the unit of the column. */
  readonly mean: number;
  /** Population standard deviation √(Σ(x − mean)²/n), in the unit of the column; exactly 0 for a constant column. */
  readonly deviation: number;
}

/**
 * Mean and population standard deviation in two passes.
 *
 * @param values - [n], n ≥ 1, finite. A column whose values are all equal has its value as mean and deviation 0.
 *
 * Accuracy: the mean is corrected by the mean of the deviations from it, so a large common offset costs no digits of the spread beyond
 * those lost when the values were stored. Source: Chan, Golub, LeVeque 1983, "Algorithms for computing the sample variance", eq. 1.7
 * (corrected two-pass).
 */
export function columnStatistics(values: ArrayLike<number>): ColumnStatistics {
  const n = values.length;
  const first = values[0]!;
  // Values are taken relative to the first: a constant column gives exact zeros, and huge values do not overflow the sum
  let shift = 0;
  for (let i = 0; i < n; i++) shift += (values[i]! - first) / n;
  const mean = first + shift;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const difference = values[i]! - mean;
    sum += difference;
    squares += difference * difference;
  }
  return { mean: mean + sum / n, deviation: Math.sqrt(Math.max(0, squares - (sum * sum) / n) / n) };
}
