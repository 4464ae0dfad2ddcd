/** Rows dealt into folds: each is judged on once, by a model that has not seen it. */

import { DataError, splitRows, splitRule } from "descend";

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
  requireRowsFor(k, rows.length);
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

/** The folds that {@link foldsOf} deals, one row at a time. */
export interface FoldRule {
  /** Rows of each fold, [k]. */
  readonly sizes: readonly number[];
  /** Begins with the first row: each call gives the fold of the next one, from 0. */
  start(): () => number;
}

/**
 * The same folds without a list of rows: memory does not grow with them.
 *
 * @throws DataError as {@link foldsOf}
 */
export function foldRule(rows: number, k: number, seed: number): FoldRule {
  requireRowsFor(k, rows);
  let left = rows;
  const rules = Array.from({ length: k - 1 }, (_, fold) => {
    const rule = splitRule(left, { testFraction: 1 / (k - fold), seed: seed + fold });
    left -= rule.testRows;
    return rule;
  });
  return {
    sizes: [...rules.map(({ testRows }) => testRows), left],
    start() {
      // Rows that came to each of the choices so far
      const places = new Float64Array(k - 1);
      return () => {
        const fold = rules.findIndex(({ isTest }, choice) => isTest(places[choice]!++));
        return fold < 0 ? k - 1 : fold;
      };
    },
  };
}

function requireRowsFor(k: number, rows: number): void {
  if (rows >= k) return;
  throw new DataError("ROWS_TOO_FEW", `--cv ${k}: expected at least ${k} rows to learn from, got ${rows}.`, { rows, needed: k });
}
