/** Columns by rank: the share of the rows below a value, by lines between the values seen. */

import { normalQuantile } from "../../numeric/normal-quantile.js";
import { erf } from "../../numeric/special.js";
import { quantileOf } from "../quantile-of.js";

export interface QuantileData {
  readonly kind: "quantile" | "normal";
  /** Different values, ascending, and the share of the rows below each (half of those equal to it included), [columns][knots]. */
  readonly knots: readonly { readonly values: readonly number[]; readonly shares: readonly number[] }[];
}

/** Values kept of a column at most; of more, as many quantiles. */
const MOST_KNOTS = 1000;
/** Shares are kept this far from 0 and 1 where these would be infinite. */
const NORMAL_END = 1e-7;

export function learnQuantiles(kind: QuantileData["kind"], columns: readonly ArrayLike<number>[]): QuantileData {
  return { kind, knots: columns.map(knotsOf) };
}

export function quantileColumns({ kind, knots }: QuantileData, columns: readonly ArrayLike<number>[]): Float64Array[] {
  return columns.map((column, k) => {
    const { values, shares } = knots[k]!;
    const share = (x: number): number => interpolate(values, shares, x);
    if (kind === "quantile") return Float64Array.from(column, share);
    return Float64Array.from(column, (x) => normalQuantile(Math.min(1 - NORMAL_END, Math.max(NORMAL_END, share(x)))));
  });
}

export function undoQuantiles({ kind, knots }: QuantileData, columns: readonly ArrayLike<number>[]): Float64Array[] {
  return columns.map((column, k) => {
    const { values, shares } = knots[k]!;
    return Float64Array.from(column, (z) => {
      if (kind === "quantile") return interpolate(shares, values, z);
      const share = (1 + erf(z / Math.SQRT2)) / 2;
      // What was moved inward on the way there
      const isEnd = share <= NORMAL_END * (1 + 1e-6) || share >= 1 - NORMAL_END * (1 + 1e-6);
      return interpolate(shares, values, isEnd ? Math.round(share) : share);
    });
  });
}

function knotsOf(column: ArrayLike<number>): QuantileData["knots"][number] {
  const n = column.length;
  const isLong = n > MOST_KNOTS;
  const levels = Array.from({ length: MOST_KNOTS }, (_, j) => j / (MOST_KNOTS - 1));
  const sorted = isLong ? quantileOf(column, levels) : Array.from(Float64Array.from(column).sort());
  const share = (rank: number): number => (sorted.length === 1 ? 0.5 : rank / (sorted.length - 1));
  const values: number[] = [];
  const shares: number[] = [];
  for (let first = 0; first < sorted.length; ) {
    let last = first;
    while (sorted[last + 1] === sorted[first]) last++;
    values.push(sorted[first]!);
    // The ends are 0 and 1 however often they come, so that the range is used in full
    shares.push(
      first === 0 && last < sorted.length - 1 ? 0 : last === sorted.length - 1 && first > 0 ? 1 : (share(first) + share(last)) / 2,
    );
    first = last + 1;
  }
  return { values, shares };
}

/** Along the lines between (from[j], to[j]); beyond the ends their values. */
function interpolate(from: readonly number[], to: readonly number[], at: number): number {
  const last = from.length - 1;
  if (at <= from[0]!) return to[0]!;
  if (at >= from[last]!) return to[last]!;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (from[middle]! <= at) low = middle;
    else high = middle;
  }
  return to[low]! + ((to[high]! - to[low]!) * (at - from[low]!)) / (from[high]! - from[low]!);
}
