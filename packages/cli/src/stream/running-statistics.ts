/** Mean and spread of numbers that come in pieces. */

import { type ColumnStatistics, columnStatistics } from "descend";

export interface RunningStatistics extends ColumnStatistics {
  readonly count: number;
  /** Takes in a piece. */
  add(values: Float64Array): void;
}

/**
 * Pieces are merged by their means and sums of squares.
 *
 * Source: Chan, Golub, LeVeque 1983, equation 1.5.
 */
export function createRunningStatistics(): RunningStatistics {
  let count = 0;
  let mean = 0;
  let squares = 0;
  return {
    get count() {
      return count;
    },
    get mean() {
      return mean;
    },
    /** Exactly 0 for equal values: the means of pieces are equal then, and nothing is added. */
    get deviation() {
      return Math.sqrt(squares / count);
    },
    add(values) {
      if (values.length === 0) return;
      const piece = columnStatistics(values);
      const total = count + values.length;
      const shift = piece.mean - mean;
      squares += piece.deviation ** 2 * values.length + (count === 0 ? 0 : shift * shift * (count / total) * values.length);
      mean = count === 0 ? piece.mean : mean + shift * (values.length / total);
      count = total;
    },
  };
}
