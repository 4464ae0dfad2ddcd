/**
 * How much a computed function jitters: the standard deviation of its values over points so close together that the exact function
 * is smooth on them.
 *
 * Method ECnoise: differences of order k of equally spaced values are formed; those of the smooth part die away as h^k, those of
 * the noise grow by the known factor √((2k)!/(k!)²). The level is accepted at the first order where three consecutive estimates
 * agree within 4 and the differences change sign. If the values hardly change, the spacing is widened; if they do not settle, it
 * is narrowed.
 *
 * Source: Moré & Wild 2011, "Estimating computational noise", SIAM J. Sci. Comput. 33(3), section 6. Deviation: the direction is
 * (±1, …, ±1) scaled by max(1, |xᵢ|), and the spacing is searched from 1e-10 upwards.
 */

/** A function of a vector. It must not keep or change its argument. */
export type VectorFunction = (x: Float64Array) => number;

export interface NoiseEstimate {
  /** Standard deviation of the noise in f; 0 if none was seen or the level could not be told. */
  readonly noise: number;
  readonly verdict: "detected" | "too-smooth" | "too-rough";
  readonly evaluations: number;
}

/** Values on the line: 6 differences, as the paper advises. */
const POINTS = 7;
const MAX_SPACINGS = 5;

/** The noise level of f near x. */
export function estimateNoise(f: VectorFunction, x: ArrayLike<number>): NoiseEstimate {
  let evaluations = 0;
  let spacing = 1e-10;
  let widest = 0;
  let narrowest = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < MAX_SPACINGS; attempt++) {
    const values = Float64Array.from({ length: POINTS }, (_, k) => {
      const at = Float64Array.from(
        x,
        (xi, i) => xi + (k - (POINTS - 1) / 2) * spacing * (i % 2 === 0 ? 1 : -1) * Math.max(1, Math.abs(xi)),
      );
      evaluations++;
      return f(at);
    });
    const { level, advice } = differenceTable(values);
    if (advice === "done") return { noise: level, verdict: "detected", evaluations };
    if (advice === "widen") widest = Math.max(widest, spacing);
    else narrowest = Math.min(narrowest, spacing);
    // Between a spacing that was too small and one that was too large, their geometric mean.
    spacing =
      widest > 0 && narrowest < Number.POSITIVE_INFINITY
        ? Math.sqrt(widest * narrowest)
        : advice === "widen"
          ? spacing * 100
          : spacing / 100;
  }
  return { noise: 0, verdict: narrowest === Number.POSITIVE_INFINITY ? "too-smooth" : "too-rough", evaluations };
}

function differenceTable(values: Float64Array): { level: number; advice: "done" | "widen" | "narrow" } {
  const low = Math.min(...values);
  const high = Math.max(...values);
  if (!(high - low <= 0.1 * Math.max(Math.abs(low), Math.abs(high)))) return { level: 0, advice: "narrow" };
  const count = values.length;
  const differences = values.slice();
  const levels: number[] = [];
  const signChanges: boolean[] = [];
  let gamma = 1;
  for (let order = 1; order < count; order++) {
    const left = count - order;
    let squares = 0;
    let positive = false;
    let negative = false;
    let unchanged = 0;
    for (let i = 0; i < left; i++) {
      const difference = differences[i + 1]! - differences[i]!;
      differences[i] = difference;
      squares += difference * difference;
      positive ||= difference > 0;
      negative ||= difference < 0;
      if (difference === 0) unchanged++;
    }
    if (order === 1 && unchanged >= count / 2) return { level: 0, advice: "widen" };
    gamma *= order / (2 * (2 * order - 1)); // (k!)²/(2k)!
    levels.push(Math.sqrt((gamma * squares) / left));
    signChanges.push(positive && negative);
  }
  for (let k = 0; k + 2 < levels.length; k++) {
    const three = levels.slice(k, k + 3);
    if (Math.max(...three) <= 4 * Math.min(...three) && signChanges[k]) return { level: levels[k]!, advice: "done" };
  }
  return { level: 0, advice: "narrow" };
}
