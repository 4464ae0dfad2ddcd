/** Which rows of a streamed table are learned from and which are judged on, as a whole and in each fold, dealt anew in every pass. */

import { splitRule } from "descend";
import { foldRule } from "../prepare/folds.js";

/** Rows of a piece. */
export interface RowParts {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

export interface RowDealing {
  /** How many there will be. The first is the split of the table, the others are those of the rows to learn from into folds. */
  readonly counts: readonly { readonly train: number; readonly test: number }[];
  /** Begins with the first piece: each call deals the rows of the next one that can be used. */
  start(): (kept: Int32Array) => readonly RowParts[];
}

/**
 * The rows that the splits of a fit in memory give.
 *
 * @param rows - that can be used.
 * @throws DataError ROWS_TOO_FEW for folds without a row
 */
export function dealRows(
  rows: number,
  options: { readonly testFraction: number; readonly seed: number; readonly cv?: number },
): RowDealing {
  const rule = splitRule(rows, options);
  const learned = rows - rule.testRows;
  const folds = options.cv === undefined ? undefined : foldRule(learned, options.cv, options.seed);
  const ofFolds = folds?.sizes.map((test) => ({ train: learned - test, test })) ?? [];
  return {
    counts: [{ train: learned, test: rule.testRows }, ...ofFolds],
    start() {
      let row = 0;
      const nextFold = folds?.start();
      return (kept) => {
        const apart = new Uint32Array(kept.length);
        for (let i = 0; i < kept.length; i++) apart[i] = rule.isTest(row++) ? 1 : 0;
        const { train, test } = partsBy(kept, apart, 1);
        if (nextFold === undefined) return [{ train, test }];
        const fold = new Uint32Array(train.length);
        for (let i = 0; i < train.length; i++) fold[i] = nextFold();
        const parts = folds!.sizes.map((_, f) => partsBy(train, fold, f));
        return [{ train, test }, ...parts];
      };
    },
  };
}

/** Rows of the part `judged`, and the others. */
function partsBy(rows: Int32Array, partOf: Uint32Array, judged: number): RowParts {
  const train = new Int32Array(rows.length);
  const test = new Int32Array(rows.length);
  let testRows = 0;
  for (let i = 0; i < rows.length; i++) {
    if (partOf[i] === judged) test[testRows++] = rows[i]!;
    else train[i - testRows] = rows[i]!;
  }
  return { train: train.subarray(0, rows.length - testRows), test: test.subarray(0, testRows) };
}
