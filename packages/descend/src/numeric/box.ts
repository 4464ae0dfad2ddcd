/**
 * A box around parameters: what is inside, what is nearest, and what is left of a gradient at its faces.
 *
 * {x : lowerᵢ ≤ xᵢ ≤ upperᵢ}. Its projection acts on each coordinate alone, so it is exact: a projected coordinate *is* its bound.
 */

/** Bounds of the parameters, [n] each, lower ≤ upper; −∞ and ∞ where there is none. */
export interface Box {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** The point of the box nearest to `point`, [n], a new array; NaN stays NaN. */
export function nearestInBox({ lower, upper }: Box, point: ArrayLike<number>): Float64Array {
  return Float64Array.from(lower, (low, i) => Math.min(Math.max(point[i]!, low), upper[i]!));
}

/** The box with every coordinate that is marked (not 0) held at the point. */
export function pinnedBox(point: ArrayLike<number>, box: Box | undefined, marked: Uint8Array): Box {
  const bounds = (free: Float64Array | undefined, open: number): Float64Array =>
    Float64Array.from(marked, (mark, i) => (mark !== 0 ? point[i]! : (free?.[i] ?? open)));
  return { lower: bounds(box?.lower, Number.NEGATIVE_INFINITY), upper: bounds(box?.upper, Number.POSITIVE_INFINITY) };
}

/** Index of the first coordinate that is not between its bounds, or −1. */
export function firstOutsideBox({ lower, upper }: Box, point: ArrayLike<number>): number {
  return lower.findIndex((low, i) => !(point[i]! >= low && point[i]! <= upper[i]!));
}

/**
 * What of a gradient is left to follow inside the box, [n]: ∇f without the components that only push against a face the point is on.
 *
 * 0 exactly where the first-order conditions hold: gᵢ = 0 inside, gᵢ ≥ 0 at a lower bound, gᵢ ≤ 0 at an upper one.
 */
export function projectedGradient({ lower, upper }: Box, point: ArrayLike<number>, gradient: ArrayLike<number>): Float64Array {
  return Float64Array.from(lower, (low, i) => {
    const g = gradient[i]!;
    return (point[i]! <= low && g > 0) || (point[i]! >= upper[i]! && g < 0) ? 0 : g;
  });
}
