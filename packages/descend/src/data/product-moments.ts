/** Moments of products of powers of features, for least squares with a polynomial over tables larger than memory. */

import { columnStatistics } from "./column-statistics.js";
import { createMomentTable, type WeightedRows } from "./moment-table.js";
import { type Monomial, monomialsUpTo, power, productColumn } from "./polynomial-features.js";

export interface ProductMoments {
  /**
   * Takes in a piece.
   *
   * @param columns - the features and the target, of equal lengths, finite. [features + 1][rows]
   * @param weights - how often each row counts, ≥ 0. [rows] Default: once.
   */
  add(columns: readonly ArrayLike<number>[], weights?: ArrayLike<number>): void;
  /** As of a moment table of the products, in the order of `polynomialFeatures`, and the target. */
  rowsAlike(): WeightedRows;
}

/** Products that vary by less than this share of their parts are constant, such as those of two levels of one column: always 0. */
const ROUNDING = 1e-12;

/** One term of a product of shifted features: so much of the product `of`; of the constant where that is undefined. */
interface Part {
  readonly of: number | undefined;
  readonly share: number;
}

/**
 * An empty table of the moments of all products of powers up to a degree.
 *
 * Powers of a column that is far from 0 for its spread are nearly the same column, and covariances of these have few digits. So the moments
 * are those of products of u = x − c, and the rows that stand for all are carried to powers of x by x^e = Σ_{f ≤ e} C(e, f)·c^{e−f}·u^f:
 * they have as many digits as the products of a table in memory.
 *
 * @param centers - c, near the means. [features]
 * @param degree - whole, ≥ 1.
 * @throws OptionError OPTION_OUT_OF_RANGE for more than 100 000 products
 *
 * Cost: rows·products²/2 multiplications; memory products².
 */
export function createProductMoments(centers: ArrayLike<number>, degree: number): ProductMoments {
  const features = centers.length;
  const monomials = monomialsUpTo(degree, features);
  const moments = createMomentTable(monomials.length + 1);
  return {
    add(columns, weights) {
      const rows = columns[0]!.length;
      const shifted = Array.from({ length: features }, (_, k) => Float64Array.from(columns[k]!, (value) => value - centers[k]!));
      const products = monomials.map((exponents) => productColumn(exponents, { columns: shifted, rows }));
      moments.add([...products, columns[features]!], weights);
    },
    rowsAlike() {
      const { columns, weights } = moments.rowsAlike();
      const places = new Map(monomials.map((exponents, j) => [exponents.join(), j]));
      const deviations = columns.map((column) => columnStatistics(column).deviation);
      const products = monomials.map((exponents) => combination(partsOf(exponents, centers, places), columns, deviations, weights.length));
      return { columns: [...products, columns.at(-1)!], weights };
    },
  };
}

/** x^e by products of x − c. */
function partsOf(exponents: Monomial, centers: ArrayLike<number>, places: ReadonlyMap<string, number>): Part[] {
  let parts: { readonly exponents: Monomial; readonly share: number }[] = [{ exponents: exponents.map(() => 0), share: 1 }];
  exponents.forEach((exponent, k) => {
    parts = parts.flatMap((part) =>
      Array.from({ length: exponent + 1 }, (_, f) => ({
        exponents: part.exponents.map((other, j) => (j === k ? f : other)),
        share: part.share * binomial(exponent, f) * power(centers[k]!, exponent - f),
      })),
    );
  });
  return parts.map((part) => ({ of: places.get(part.exponents.join()), share: part.share }));
}

function combination(parts: readonly Part[], columns: readonly Float64Array[], deviations: readonly number[], rows: number): Float64Array {
  const sum = new Float64Array(rows);
  let size = 0;
  for (const { of, share } of parts) {
    for (let i = 0; i < rows; i++) sum[i]! += of === undefined ? share : share * columns[of]![i]!;
    size += of === undefined ? 0 : Math.abs(share) * deviations[of]!;
  }
  const { mean, deviation } = columnStatistics(sum);
  return deviation <= ROUNDING * size ? sum.fill(mean) : sum;
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return result;
}
