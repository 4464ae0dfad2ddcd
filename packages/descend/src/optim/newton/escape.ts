import { maxNorm } from "../../numeric/blas1.js";
import { gradientAt, type Search, type SearchPoint, valuesAt } from "../search-method.js";

/** Lengths tried, each a quarter of the one before. */
const TRIALS = 14;

/**
 * A way down from a point whose gradient vanishes, along a direction of negative curvature, on both sides at once.
 *
 * @param direction - v with vᵀHv < 0, [n].
 * @returns undefined if no point lies lower: the curvature was rounding.
 */
export function* escapeAlong(
  { params, value }: SearchPoint,
  direction: Float64Array,
): Search<(SearchPoint & { readonly gradient: Float64Array }) | undefined> {
  let length = Math.max(1, maxNorm(params)) / maxNorm(direction);
  for (let trial = 0; trial < TRIALS; trial++, length /= 4) {
    const points = [length, -length].map((signed) => params.map((x, i) => x + signed * direction[i]!));
    const values = yield* valuesAt(points);
    const lower = values[1]! < values[0]! ? 1 : 0;
    if (!(values[lower]! < value)) continue;
    const found = yield* gradientAt(points[lower]!);
    if (maxNorm(found.gradient) < Number.POSITIVE_INFINITY) return found;
  }
  return undefined;
}
