/** Products of powers of features, so that a linear model can bend. */

import { OptionError } from "../errors.js";
import type { FeatureTable } from "./feature-table.js";

/** Exponents of one product, one a feature. */
export type Monomial = readonly number[];

/**
 * All products of powers of the features up to a total degree: for x, y and degree 2: x, y, x², x·y, y². No constant.
 *
 * @param degree - whole, ≥ 1. 1 gives the table back.
 * @throws OptionError OPTION_OUT_OF_RANGE, also where there would be more than 100 000 columns
 *
 * Powers are taken in the table's own units, so coefficients are those of the polynomial as one writes it. A column that is far from 0 for
 * its spread has powers that are nearly the same column: shift it first, or expect a large condition number.
 */
export function polynomialFeatures(table: FeatureTable, degree: number): FeatureTable {
  if (!Number.isInteger(degree) || degree < 1) {
    throw new OptionError("OPTION_OUT_OF_RANGE", `polynomialFeatures({ degree }): expected a whole number ≥ 1, got ${degree}.`, {
      option: "degree",
      expected: "a whole number ≥ 1",
      got: degree,
    });
  }
  if (degree === 1) return table;
  const monomials = monomialsUpTo(degree, table.names.length);
  return {
    names: monomials.map((exponents) => monomialName(exponents, table.names)),
    columns: monomials.map((exponents) => productColumn(exponents, table)),
    rows: table.rows,
  };
}

const MAX_COLUMNS = 100_000;

/**
 * The products by degree, then in the order x², x·y, y².
 *
 * @throws OptionError OPTION_OUT_OF_RANGE for too many
 */
export function monomialsUpTo(degree: number, features: number): Monomial[] {
  let count = 1;
  for (let k = 1; k <= degree; k++) count = (count * (features + k)) / k;
  if (count > MAX_COLUMNS) {
    throw new OptionError(
      "OPTION_OUT_OF_RANGE",
      `degree: ${features} features of degree ${degree} give ${Math.round(count)} columns, more than ${MAX_COLUMNS}.`,
      {
        option: "degree",
        expected: `at most ${MAX_COLUMNS} columns`,
        got: degree,
      },
    );
  }
  const monomials: Monomial[] = [];
  const extend = (exponents: number[], from: number, left: number): void => {
    if (left === 0) {
      monomials.push([...exponents]);
      return;
    }
    for (let k = from; k < features; k++) {
      exponents[k]!++;
      extend(exponents, k, left - 1);
      exponents[k]!--;
    }
  };
  for (let total = 1; total <= degree; total++) extend(new Array<number>(features).fill(0), 0, total);
  return monomials;
}

function monomialName(exponents: Monomial, names: readonly string[]): string {
  return exponents.flatMap((exponent, k) => (exponent === 0 ? [] : [names[k]! + superscript(exponent)])).join("·");
}

function superscript(exponent: number): string {
  return exponent === 1 ? "" : [...String(exponent)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("");
}

/** One product. */
export function productColumn(exponents: Monomial, { columns, rows }: Pick<FeatureTable, "columns" | "rows">): Float64Array {
  const product = new Float64Array(rows).fill(1);
  exponents.forEach((exponent, k) => {
    const column = columns[k]!;
    if (exponent > 0) for (let i = 0; i < rows; i++) product[i]! *= power(column[i]!, exponent);
  });
  return product;
}

/** xᵏ by multiplications: the same bits in every engine, which `**` does not promise. */
export function power(x: number, exponent: number): number {
  let result = 1;
  for (let base = x, k = exponent; k > 0; k >>= 1, base *= base) if ((k & 1) === 1) result *= base;
  return result;
}
