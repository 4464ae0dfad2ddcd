/** What minimizers of functions of one variable share: their arguments and what they return. */

import { OptionError } from "../../errors.js";

export interface ScalarMinimumOptions {
  readonly tolerance?: number;
  readonly maxEvaluations?: number;
}

/** The lowest point found in an interval. */
export interface ScalarMinimum {
  readonly x: number;
  readonly value: number;
  readonly evaluations: number;
  /** Whether the interval that is left is as small as was asked for, and the value found in it a finite number. */
  readonly converged: boolean;
  /** What is left: the minimum lies between, if the function falls, then rises. */
  readonly interval: readonly [lower: number, upper: number];
}

/** √ε: a minimum of a smooth function cannot be told more sharply from its values. */
export const VALUE_RESOLUTION: number = 2 ** -26;

/** (3 − √5)/2: the share at which golden sections divide. */
export const GOLDEN = 0.3819660112501051;

/**
 * @throws OptionError OPTION_OUT_OF_RANGE
 */
export function checkInterval(
  where: string,
  interval: readonly [number, number],
  { tolerance, maxEvaluations }: ScalarMinimumOptions,
): void {
  const [lower, upper] = interval;
  if (!Number.isFinite(lower) || !Number.isFinite(upper) || !(lower < upper)) {
    throw outOfRange(where, "interval", "two finite numbers, the lower one first", `[${lower}, ${upper}]`);
  }
  if (tolerance !== undefined && !(tolerance > 0)) throw outOfRange(where, "tolerance", "a number > 0", tolerance);
  if (maxEvaluations !== undefined && !(maxEvaluations >= 3)) throw outOfRange(where, "maxEvaluations", "a number ≥ 3", maxEvaluations);
}

function outOfRange(where: string, option: string, expected: string, got: unknown): OptionError {
  return new OptionError("OPTION_OUT_OF_RANGE", `${where}: ${option}: expected ${expected}, got ${String(got)}.`, {
    option,
    expected,
    got,
  });
}
