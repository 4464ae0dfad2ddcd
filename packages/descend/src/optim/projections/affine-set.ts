import type { Tensor } from "../../graph/tensor.js";
import { tensor } from "../../graph/tensor-functions.js";
import { dot } from "../../numeric/blas1.js";
import { outOfRange } from "../options.js";
import { checkVector } from "./check-vector.js";
import type { ConvexSet } from "./convex-set.js";

/** Length of a row, relative to its length before, below which it depends on the rows before it. */
const DEPENDENT = 1e-12;

/**
 * The affine set {x : rowsᵀx = targets}: sums, means, balances that must hold.
 *
 * P(z) = z − Qᵀ(Qz − c) with Q orthonormal rows that span those given, and c the targets in them
 *
 * @param rows - A, m rows of n numbers, linearly independent, m ≤ n.
 * @param targets - b, [m].
 * @throws OptionError OPTION_OUT_OF_RANGE
 *
 * Source: Golub and Van Loan 2013, section 5.2.8 (Gram–Schmidt); made orthogonal twice, which is enough (Giraud et al. 2005).
 */
export function affineSet(rows: readonly ArrayLike<number>[], targets: ArrayLike<number>): ConvexSet {
  if (rows.length === 0 || rows.length !== targets.length)
    throw outOfRange("affineSet", "targets", `${rows.length} numbers, one a row`, targets.length);
  const n = rows[0]!.length;
  checkVector("affineSet", "targets", targets);
  const basis: Float64Array[] = [];
  const offsets: number[] = [];
  rows.forEach((row, k) => {
    checkVector("affineSet", `rows[${k}]`, row);
    if (row.length !== n) throw outOfRange("affineSet", `rows[${k}]`, `${n} numbers as in rows[0]`, row.length);
    const q = Float64Array.from(row);
    const before = Math.sqrt(dot(q, q));
    let offset = targets[k]!;
    for (let pass = 0; pass < 2; pass++) {
      basis.forEach((other, j) => {
        const part = dot(q, other);
        for (let i = 0; i < n; i++) q[i]! -= part * other[i]!;
        offset -= part * offsets[j]!;
      });
    }
    const length = Math.sqrt(dot(q, q));
    if (!(length > DEPENDENT * before))
      throw outOfRange("affineSet", `rows[${k}]`, "a row that does not follow from those before it", "one that does");
    basis.push(q.map((value) => value / length));
    offsets.push(offset / length);
  });
  const along = basis.map((q) => tensor(q));
  return {
    name: "affineSet",
    size: n,
    project: (point) => along.reduce((x: Tensor, q, j) => x.sub(q.mul(x.mul(q).sum().sub(offsets[j]!))), point),
  };
}
