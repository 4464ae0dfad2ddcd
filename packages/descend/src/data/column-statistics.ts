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
  let total = values.length;
  if (weights !== undefined) {
    total = 0;
    for (let i = 0; i < values.length; i++) total += weights[i]!;
  }
  const passes = new StatisticsPasses(total);
  passes.addToMean(values, weights);
  passes.addToSpread(values, weights);
  return passes.statistics;
}

/**
 * Distances from the first value up to 2^±this have squares that neither overflow nor vanish; others are scaled by
 * a power of two first, which rounds nothing.
 */
const SAFE_EXPONENT = 480;

/** {@link columnStatistics} of a column that comes in pieces, twice: the same bits. */
export class StatisticsPasses {
  private readonly total: number;
  private first: number | undefined;
  private shift = 0;
  /** The largest distance from the first value. */
  private reach = 0;
  private sum = 0;
  private sumRest = 0;
  private squares = 0;
  private squaresRest = 0;

  /** @param total - of the weights; how many values there will be, without. */
  constructor(total: number) {
    this.total = total;
  }

  /** All pieces in their order, before the first one goes to {@link addToSpread}. */
  addToMean(values: ArrayLike<number>, weights?: ArrayLike<number>): void {
    const { total } = this;
    const n = values.length;
    // Values are taken relative to the first: a constant column gives exact zeros, and huge values do not overflow the sum
    this.first ??= values[0]!;
    const { first } = this;
    let { shift, reach } = this;
    for (let i = 0; i < n; i++) {
      const distance = values[i]! - first;
      shift += (distance / total) * (weights === undefined ? 1 : weights[i]!);
      reach = Math.max(reach, Math.abs(distance));
    }
    Object.assign(this, { shift, reach });
  }

  /** What distances are multiplied by before they are squared. */
  private get unit(): number {
    const exponent = this.reach > 0 && Number.isFinite(this.reach) ? Math.floor(Math.log2(this.reach)) : 0;
    return Math.abs(exponent) <= SAFE_EXPONENT ? 1 : 2 ** Math.min(-exponent, 1000);
  }

  /** The same pieces again. */
  addToSpread(values: ArrayLike<number>, weights?: ArrayLike<number>): void {
    const n = values.length;
    const mean = this.first! + this.shift;
    const { unit } = this;
    let { sum, sumRest, squares, squaresRest } = this;
    for (let i = 0; i < n; i++) {
      const difference = (values[i]! - mean) * unit;
      const weighted = weights === undefined ? difference : weights[i]! * difference;
      const square = weighted * difference;
      const newSum = sum + weighted;
      sumRest += Math.abs(sum) >= Math.abs(weighted) ? sum - newSum + weighted : weighted - newSum + sum;
      sum = newSum;
      const newSquares = squares + square;
      squaresRest += squares >= square ? squares - newSquares + square : square - newSquares + squares;
      squares = newSquares;
    }
    Object.assign(this, { sum, sumRest, squares, squaresRest });
  }

  get statistics(): ColumnStatistics {
    const { total, first, shift, unit } = this;
    const sum = this.sum + this.sumRest;
    const squares = this.squares + this.squaresRest;
    return { mean: first! + shift + sum / total / unit, deviation: Math.sqrt(Math.max(0, squares - (sum * sum) / total) / total) / unit };
  }
}
