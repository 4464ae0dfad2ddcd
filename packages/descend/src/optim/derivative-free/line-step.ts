import { type Search, valueAt } from "../search-method.js";
import { lineMinimum } from "./line-minimum.js";
import { type Region, ranked } from "./region.js";

/** A point with its value, NaN counted as ∞. */
export interface Valued {
  readonly params: Float64Array;
  readonly value: number;
}

/** The stretch of the line x + t·d inside the box. */
function limitsOf(region: Region, x: Float64Array, direction: Float64Array): readonly [lower: number, upper: number] {
  let lower = Number.NEGATIVE_INFINITY;
  let upper = Number.POSITIVE_INFINITY;
  for (let i = 0; i < x.length; i++) {
    const d = direction[i]!;
    if (d === 0) continue;
    const one = (region.lower[i]! - x[i]!) / d;
    const other = (region.upper[i]! - x[i]!) / d;
    lower = Math.max(lower, Math.min(one, other));
    upper = Math.min(upper, Math.max(one, other));
  }
  return [Math.min(0, lower), Math.max(0, upper)];
}

/**
 * The lowest point along a direction inside the box.
 *
 * @param first - length of the first trial in units of the direction, ≠ 0.
 * @param relative - accuracy of t, relative to t.
 * @param absolute - accuracy of t, > 0.
 * @returns the point, which is x itself if none is lower, and how far it is in units of the direction.
 */
export function* lineStep(
  x: Valued,
  direction: Float64Array,
  region: Region,
  { first, relative, absolute }: { readonly first: number; readonly relative: number; readonly absolute: number },
): Search<Valued & { readonly t: number }> {
  const [lower, upper] = limitsOf(region, x.params, direction);
  const forward = Math.min(upper, Math.max(lower, first));
  const trial = forward === 0 ? Math.min(upper, Math.max(lower, -first)) : forward;
  if (trial === 0 || !Number.isFinite(trial)) return { ...x, t: 0 };
  // Rounding may carry the end of the stretch across a face.
  const point = (t: number): Float64Array => region.settled(x.params.map((xi, i) => xi + t * direction[i]!));
  const { t, value } = yield* lineMinimum((at) => valueAt(point(at)), {
    value: ranked(x.value),
    first: trial,
    lower,
    upper,
    relative,
    absolute,
  });
  return t === 0 ? { ...x, t } : { params: point(t), value, t };
}
