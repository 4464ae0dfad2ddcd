/** Values below which given shares of a column lie. */

/**
 * Quantiles of a column: with x₍₀₎ ≤ … ≤ x₍ₙ₋₁₎ and h = p·(n − 1), x₍⌊h⌋₎ + (h − ⌊h⌋)·(x₍⌊h⌋₊₁₎ − x₍⌊h⌋₎).
 *
 * @param values - [n], n ≥ 1, finite.
 * @param shares - p, 0 … 1 each.
 * @param weights - how often each value counts, [n], ≥ 0, not all 0: whole numbers give the quantiles of the column with repeated values.
 *
 * Source: Hyndman, Fan 1996, "Sample quantiles in statistical packages", definition 7.
 */
export function quantileOf(values: ArrayLike<number>, shares: readonly number[], weights?: ArrayLike<number>): number[] {
  if (weights === undefined) {
    const sorted = Float64Array.from(values).sort();
    return shares.map((share) => between(share * (sorted.length - 1), (rank) => sorted[Math.min(rank, sorted.length - 1)]!));
  }
  const order = Int32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]!);
  const counted = Array.from(order).filter((i) => weights[i]! > 0);
  const upTo: number[] = [];
  let total = 0;
  for (const i of counted) {
    total += weights[i]!;
    upTo.push(total);
  }
  // The value at rank r of the repeated column is the first whose cumulative count exceeds r
  const valueAt = (rank: number): number => {
    let low = 0;
    let high = counted.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (upTo[middle]! > rank) high = middle;
      else low = middle + 1;
    }
    return values[counted[low]!]!;
  };
  return shares.map((share) => between(share * Math.max(0, total - 1), valueAt));
}

function between(h: number, valueAt: (rank: number) => number): number {
  const rank = Math.floor(h);
  const low = valueAt(rank);
  return h === rank ? low : low + (h - rank) * (valueAt(rank + 1) - low);
}
