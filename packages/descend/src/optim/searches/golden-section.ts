import { checkInterval, GOLDEN, type ScalarMinimum, type ScalarMinimumOptions, VALUE_RESOLUTION } from "./scalar-minimum.js";

/**
 * The minimum of a function of one variable by golden sections: each evaluation shrinks the interval to 0.618 of its length.
 *
 * Sure and slow: it needs nothing but that the function falls, then rises. Values that are not numbers count as +∞.
 *
 * @param objective - f of a number.
 * @param interval - [lower, upper], finite, lower < upper.
 * @param options.tolerance - length of the interval that may be left, relative to 2|x|, > 0; 2⁻⁵² of the given one where x is 0.
 * Default 2⁻²⁶ ≈ 1.5e-8, which is all that values can tell.
 * @param options.maxEvaluations - ≥ 3. Default 200.
 * @throws OptionError OPTION_OUT_OF_RANGE
 *
 * Source: Kiefer 1953.
 *
 * @example
 * goldenSection((x) => (x - 2) ** 2, [0, 5]).x; // 2
 */
export function goldenSection(
  objective: (x: number) => number,
  interval: readonly [lower: number, upper: number],
  options: ScalarMinimumOptions = {},
): ScalarMinimum {
  checkInterval("goldenSection", interval, options);
  const { tolerance = VALUE_RESOLUTION, maxEvaluations = 200 } = options;
  const valueAt = (x: number): number => {
    const value = objective(x);
    return Number.isNaN(value) ? Number.POSITIVE_INFINITY : value;
  };
  let [lower, upper] = interval;
  const floor = Number.EPSILON * (upper - lower);
  let left = lower + GOLDEN * (upper - lower);
  let right = upper - GOLDEN * (upper - lower);
  let leftValue = valueAt(left);
  let rightValue = valueAt(right);
  let evaluations = 2;
  const isLong = (): boolean => upper - lower > 2 * tolerance * Math.abs(left) + floor;
  while (isLong() && evaluations < maxEvaluations) {
    if (leftValue <= rightValue) {
      [upper, right, rightValue] = [right, left, leftValue];
      left = lower + GOLDEN * (upper - lower);
      leftValue = valueAt(left);
    } else {
      [lower, left, leftValue] = [left, right, rightValue];
      right = upper - GOLDEN * (upper - lower);
      rightValue = valueAt(right);
    }
    evaluations++;
  }
  const [x, value] = leftValue <= rightValue ? [left, leftValue] : [right, rightValue];
  return { x, value, evaluations, converged: !isLong() && Number.isFinite(value), interval: [lower, upper] };
}
