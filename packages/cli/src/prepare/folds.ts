/** Rows dealt into folds: each is judged on once, by a model that has not seen it. */

import { DataError, splitRows } from "descend";

export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

/**
 * Deals rows into k folds whose sizes differ by at most one.
 *
 * @param k - whole, ≥ 2, at most the number of rows.
 * @throws DataError ROWS_TOO_FEW
 */
export function foldsOf(rows: Int32Array, k: number, seed: number): Fold[] {
  if (rows.length < k) {
    throw new DataError("ROWS_TOO_FEW", `--cv ${k}: expected at least ${k} rows to learn from, got ${rows.length}.`, {
      rows: rows.length,
      needed: k,
    });
  }
  const tests: Int32Array[] = [];
  let left = rows;
  for (let fold = 0; fold < k; fold++) {
    // Of what is left each of the remaining folds takes its share
    const { train, test } =
      fold === k - 1
        ? { train: new Int32Array(0), test: left.map((_, i) => i) }
        : splitRows(left.length, { testFraction: 1 / (k - fold), seed: seed + fold });
    tests.push(test.map((i) => left[i]!));
    left = train.map((i) => left[i]!);
  }
  return tests.map((test) => {
    const apart = new Set(test);
    return { test, train: rows.filter((row) => !apart.has(row)) };
  });
}
