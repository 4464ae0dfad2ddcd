/** A seeded split of the rows of a table into those a model learns from and those it is judged on. */

import { OptionError } from "../errors.js";
import { threefryUniform } from "../numeric/random.js";

export interface RowSplit {
  /** Indices of rows to learn from, ascending. */
  readonly train: Int32Array;
  /** Indices of rows to judge on, ascending. */
  readonly test: Int32Array;
}

/** Stream of the generator that splits use, apart from those of other random choices. */
const SPLIT_STREAM = 1;

/**
 * Puts round(rows × testFraction) rows, chosen without replacement, into the test part. At least one row stays for training.
 *
 * Each row draws a number of its own from (seed, row); those with the smallest numbers are the test rows. The choice depends on the
 * seed and the number of rows only.
 *
 * @param rows - whole, ≥ 1, < 2³¹.
 * @param options.testFraction - 0 ≤ … < 1. Default 0.2.
 * @param options.seed - whole, ≥ 0. Default 1.
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function splitRows(rows: number, options: { testFraction?: number; seed?: number } = {}): RowSplit {
  const testFraction = options.testFraction ?? 0.2;
  const seed = options.seed ?? 1;
  if (!(testFraction >= 0 && testFraction < 1)) {
    throw new OptionError(
      "OPTION_OUT_OF_RANGE",
      `splitRows({ testFraction }): expected 0 ≤ testFraction < 1, got ${testFraction}. The usual value is 0.2.`,
      {
        option: "testFraction",
        expected: "0 ≤ testFraction < 1",
        got: testFraction,
      },
    );
  }
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new OptionError("OPTION_OUT_OF_RANGE", `splitRows({ seed }): expected a whole number ≥ 0, got ${seed}.`, {
      option: "seed",
      expected: "a whole number ≥ 0",
      got: seed,
    });
  }
  const draws = Float64Array.from({ length: rows }, (_, row) => threefryUniform(seed, SPLIT_STREAM, row));
  const order = Int32Array.from({ length: rows }, (_, row) => row).sort((a, b) => draws[a]! - draws[b]! || a - b);
  const testRows = Math.min(rows - 1, Math.round(rows * testFraction));
  return { train: order.slice(testRows).sort(), test: order.slice(0, testRows).sort() };
}
