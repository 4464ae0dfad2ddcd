/**
 * A free coordinate g for a bounded one x: every g has its x inside the bounds, and x = g except near them.
 *
 * Within a margin a of a bound, x is a parabola in g that touches the bound; beyond it, x comes back as in a mirror. A minimum on the
 * bound is then one inside for g, and a search that knows nothing of bounds finds it.
 *
 * Source: the transformation that Hansen's pycma uses for bounds (2009 ff.), with margins in proportion to the search.
 */

/** @param margin - a > 0, at most half the width of the bounds. */
export interface FoldedCoordinate {
  readonly lower: number;
  readonly upper: number;
  readonly margin: number;
}

/** x of g. */
export function unfold({ lower, upper, margin }: FoldedCoordinate, g: number): number {
  const first = lower - margin;
  const last = upper + margin;
  let folded = g;
  if (folded < first || folded > last) {
    if (Number.isFinite(first) && Number.isFinite(last)) {
      const width = last - first;
      const along = (((folded - first) % (2 * width)) + 2 * width) % (2 * width);
      folded = first + (along <= width ? along : 2 * width - along);
    } else folded = folded < first ? 2 * first - folded : 2 * last - folded;
  }
  if (folded < lower + margin) return lower + (folded - first) ** 2 / (4 * margin);
  if (folded > upper - margin) return upper - (last - folded) ** 2 / (4 * margin);
  return folded;
}

/** The g between the mirrors whose x is given, inside the bounds. */
export function fold({ lower, upper, margin }: FoldedCoordinate, x: number): number {
  if (x < lower + margin) return lower - margin + 2 * Math.sqrt(margin * Math.max(0, x - lower));
  if (x > upper - margin) return upper + margin - 2 * Math.sqrt(margin * Math.max(0, upper - x));
  return x;
}
