/** Share of the variance of the target that a feature leaves unexplained where it has the target in it. */
const NOTHING_LEFT = 1e-12;

/**
 * Features among others that have a numeric target in them: a line of one alone gives it, to rounding. That is more often a copy, or what
 * follows from the target, than a law of nature, and then it is not known when a prediction is asked for.
 *
 * @param features - [features][rows], of the rows to learn from.
 * @param weights - how often each row counts. Default: once.
 * @returns their names.
 */
export function givenAway(
  features: Readonly<Record<string, Float64Array>>,
  target: Float64Array,
  weights: Float64Array | undefined,
): string[] {
  const entries = Object.entries(features);
  // Three points are on a line too easily
  if (entries.length < 2 || target.length < 4) return [];
  return entries.filter(([, values]) => unexplained(values, target, weights) < NOTHING_LEFT).map(([name]) => name);
}

/** 1 − r² of a line, 1 where either does not vary. */
function unexplained(values: Float64Array, target: Float64Array, weights: Float64Array | undefined): number {
  let [total, meanOfValues, meanOfTarget] = [0, 0, 0];
  let [xx, xy, yy] = [0, 0, 0];
  for (let i = 0; i < target.length; i++) {
    const weight = weights?.[i] ?? 1;
    if (weight === 0) continue;
    total += weight;
    const [x, y] = [values[i]! - meanOfValues, target[i]! - meanOfTarget];
    const share = weight / total;
    meanOfValues += share * x;
    meanOfTarget += share * y;
    xx += weight * x * (values[i]! - meanOfValues);
    xy += weight * x * (target[i]! - meanOfTarget);
    yy += weight * y * (target[i]! - meanOfTarget);
  }
  return xx > 0 && yy > 0 ? 1 - (xy / xx) * (xy / yy) : 1;
}
