/**
 * Eigenvalues of a symmetric tridiagonal matrix, and of its eigenvectors as many rows as are asked for.
 *
 * QL with implicit shifts: T ← QᵀTQ by rotations that chase a bulge up the diagonal, with Wilkinson's shift, until the entries below the
 * diagonal are rounding errors. Backward stable: values are exact for T + E with ‖E‖ a few ulps of ‖T‖.
 *
 * Source: Wilkinson and Reinsch 1971, contribution II/4; Golub and Van Loan 2013, section 8.3.5.
 */

import { invariant } from "../errors.js";
import { maxNorm } from "./blas1.js";

/** Rotations of the whole matrix that one eigenvalue may take; two are usual. */
const MOST_TURNS = 60;
/** What is below the diagonal and a smaller share of the largest entry counts as zero. */
const NEGLIGIBLE = 2 ** -104;

export interface TridiagonalEigen {
  /** Ascending. */
  readonly values: Float64Array;
  /** `rows[r][k]` is the component `wanted[r]` of the eigenvector of `values[k]`, which has unit norm. */
  readonly rows: readonly Float64Array[];
}

/**
 * About 15·n² operations, and 6·n² more for each row.
 *
 * @param diagonal - n ≥ 1 finite numbers.
 * @param below - the n − 1 numbers below the diagonal; further ones of their size do not matter.
 * @param wanted - components of the eigenvectors, each in 0 ≤ component < n.
 */
export function tridiagonalEigen(diagonal: ArrayLike<number>, below: ArrayLike<number>, wanted: readonly number[]): TridiagonalEigen {
  const n = diagonal.length;
  const size = Math.max(maxNorm(diagonal), maxNorm(below)) || 1;
  const d = Float64Array.from(diagonal, (value) => value / size);
  const e = d.map((_, i) => (i + 1 < n ? below[i]! / size : 0));
  const rows = wanted.map((component) => d.map((_, k) => Number(k === component)));
  for (let first = 0; first < n; first++) {
    for (let turns = 0; ; turns++) {
      const last = endOfBlock(d, e, first);
      if (last === first) break;
      invariant(turns < MOST_TURNS, "QL steps converge");
      chase(d, e, rows, first, last);
    }
  }
  const order = Array.from(d.keys()).sort((i, j) => d[i]! - d[j]!);
  const sorted = (list: Float64Array): Float64Array => list.map((_, k) => list[order[k]!]!);
  return { values: sorted(d).map((value) => value * size), rows: rows.map(sorted) };
}

/** The last index of the block that begins at `first`: behind it the matrix falls apart. */
function endOfBlock(d: Float64Array, e: Float64Array, first: number): number {
  let last = first;
  while (last + 1 < d.length && Math.abs(e[last]!) > NEGLIGIBLE + Number.EPSILON * (Math.abs(d[last]!) + Math.abs(d[last + 1]!))) last++;
  return last;
}

/** One implicit QL step on the block from `first` to `last`. */
function chase(d: Float64Array, e: Float64Array, rows: readonly Float64Array[], first: number, last: number): void {
  // The eigenvalue of the leading 2 × 2 block that is closer to its corner.
  const slope = (d[first + 1]! - d[first]!) / (2 * e[first]!);
  const shift = d[first]! - e[first]! / (slope + (slope < 0 ? -1 : 1) * Math.hypot(slope, 1));
  let [c, s, moved] = [1, 1, 0];
  let bulge = d[last]! - shift;
  for (let i = last - 1; i >= first; i--) {
    const f = s * e[i]!;
    const b = c * e[i]!;
    const r = Math.hypot(f, bulge);
    e[i + 1] = r;
    if (r === 0) {
      // The matrix falls apart here: what was moved so far is moved back.
      d[i + 1]! -= moved;
      e[last] = 0;
      return;
    }
    [s, c] = [f / r, bulge / r];
    const base = d[i + 1]! - moved;
    const turn = (d[i]! - base) * s + 2 * c * b;
    moved = s * turn;
    d[i + 1] = base + moved;
    bulge = c * turn - b;
    for (const row of rows) {
      const [low, high] = [row[i]!, row[i + 1]!];
      row[i + 1] = s * low + c * high;
      row[i] = c * low - s * high;
    }
  }
  d[first]! -= moved;
  e[first] = bulge;
  e[last] = 0;
}
