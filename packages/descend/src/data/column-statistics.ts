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
 * @param weights - [n], ≥ 0, not all 0: how often each value counts. Default 1 each.
 *
 * Accuracy: the mean is corrected by the mean of the deviations from it, so a large common offset costs no digits of the spread beyond
 * those lost when the values were stored; sums are compensated, so neither do many rows. Source: Chan, Golub, LeVeque 1983, "Algorithms for
 * computing the sample variance", eq. 1.7 (corrected two-pass); Neumaier 1974 for the sums.
 */
export function columnStatistics(values: ArrayLike<number>, weights?: ArrayLike<number>): ColumnStatistics {
  const n = values.length;
  const first = values[0]!;
  let total = n;
  if (weights !== undefined) {
    total = 0;
    for (let i = 0; i < n; i++) total += weights[i]!;
  }
  // Values are taken relative to the first: a constant column gives exact zeros, and huge values do not overflow the sum
  let shift = 0;
  for (let i = 0; i < n; i++) shift += ((values[i]! - first) / total) * (weights === undefined ? 1 : weights[i]!);
  const mean = first + shift;
  let sum = 0;
  let sumRest = 0;
  let squares = 0;
  let squaresRest = 0;
  for (let i = 0; i < n; i++) {
    const difference = values[i]! - mean;
    const weighted = weights === undefined ? difference : weights[i]! * difference;
    const square = weighted * difference;
    const newSum = sum + weighted;
    sumRest += Math.abs(sum) >= Math.abs(weighted) ? sum - newSum + weighted : weighted - newSum + sum;
    sum = newSum;
    const newSquares = squares + square;
    squaresRest += squares >= square ? squares - newSquares + square : square - newSquares + squares;
    squares = newSquares;
  }
  sum += sumRest;
  squares += squaresRest;
  return { mean: mean + sum / total, deviation: Math.sqrt(Math.max(0, squares - (sum * sum) / total) / total) };
}
