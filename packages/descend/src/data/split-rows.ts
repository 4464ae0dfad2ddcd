/** A seeded split of the rows of a table into those a model learns from and those it is judged on. */

import { OptionError } from "../errors.js";
import { threefryUniform } from "../numeric/random.js";

export interface RowSplit {
  /** Indices of rows to learn from, ascending. */
  readonly train: Int32Array;
  /** Indices of rows to judge on, ascending. */
  readonly test: Int32Array;
}

export interface SplitOptions {
  readonly testFraction?: number;
  readonly seed?: number;
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
export function splitRows(rows: number, options: SplitOptions = {}): RowSplit {
  const { seed, testRows } = readOptions(rows, options);
  const draws = Float64Array.from({ length: rows }, (_, row) => threefryUniform(seed, SPLIT_STREAM, row));
  const order = Int32Array.from({ length: rows }, (_, row) => row).sort((a, b) => draws[a]! - draws[b]! || a - b);
  return { train: order.slice(testRows).sort(), test: order.slice(0, testRows).sort() };
}

/** The split that {@link splitRows} makes, one row at a time. */
export interface SplitRule {
  /** Rows of the test part. */
  readonly testRows: number;
  /** @param row - 0 ≤ row < rows. */
  isTest(row: number): boolean;
}

/** Draws are counted in so many intervals of equal width. */
const INTERVALS = 1 << 16;

/**
 * The same split without a list of rows: memory does not grow with them.
 *
 * The test rows are those whose draw is at most the one of rank `testRows`, found by counting
 * draws in intervals, then sorting one interval.
 *
 * @throws OptionError as {@link splitRows}
 */
export function splitRule(rows: number, options: SplitOptions = {}): SplitRule {
  const { seed, testRows } = readOptions(rows, options);
  if (testRows === 0) return { testRows, isTest: () => false };
  const counts = new Float64Array(INTERVALS);
  for (let row = 0; row < rows; row++) counts[Math.floor(threefryUniform(seed, SPLIT_STREAM, row) * INTERVALS)]!++;
  let interval = 0;
  let before = 0;
  while (before + counts[interval]! < testRows) before += counts[interval++]!;
  const inside: { draw: number; row: number }[] = [];
  for (let row = 0; row < rows; row++) {
    const draw = threefryUniform(seed, SPLIT_STREAM, row);
    if (Math.floor(draw * INTERVALS) === interval) inside.push({ draw, row });
  }
  const last = inside.sort((a, b) => a.draw - b.draw || a.row - b.row)[testRows - before - 1]!;
  return {
    testRows,
    isTest(row) {
      const draw = threefryUniform(seed, SPLIT_STREAM, row);
      return draw < last.draw || (draw === last.draw && row <= last.row);
    },
  };
}

function readOptions(rows: number, options: SplitOptions): { seed: number; testRows: number } {
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
  return { seed, testRows: Math.min(rows - 1, Math.round(rows * testFraction)) };
}
