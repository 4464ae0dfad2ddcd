/** What of the numbers can be drawn: finite ones; the rest is counted, so that the caption can say so. */

import type { PlotWords } from "./words.js";

/** Numbers as callers have them. */
export type Numbers = ArrayLike<number>;

/** Points with two finite coordinates, in order. */
export interface FinitePoints {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly dropped: number;
}

/** The points both of whose coordinates are finite; with `positiveX` or `positiveY` also above 0, as a logarithmic axis needs. */
export function finitePoints(
  x: Numbers,
  y: Numbers,
  { positiveX = false, positiveY = false }: { positiveX?: boolean; positiveY?: boolean } = {},
): FinitePoints {
  const rows = Math.min(x.length, y.length);
  const keptX = new Float64Array(rows);
  const keptY = new Float64Array(rows);
  let kept = 0;
  for (let i = 0; i < rows; i++) {
    const a = x[i]!;
    const b = y[i]!;
    if (!Number.isFinite(a) || !Number.isFinite(b) || (positiveX && a <= 0) || (positiveY && b <= 0)) continue;
    keptX[kept] = a;
    keptY[kept++] = b;
  }
  return { x: keptX.subarray(0, kept), y: keptY.subarray(0, kept), dropped: rows - kept };
}

/** Smallest and largest of the finite numbers in the lists; undefined if there is none. */
export function extentOf(...lists: readonly Numbers[]): [number, number] | undefined {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const list of lists) {
    for (let i = 0; i < list.length; i++) {
      const value = list[i]!;
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return low <= high ? [low, high] : undefined;
}

/** The sentence of the caption about points that could not be drawn; none if all were. */
export function droppedCaption(words: PlotWords, notFinite: number, notPositive = 0): string[] {
  return [
    ...(notFinite > 0 ? [words.notFinite(words.count(notFinite))] : []),
    ...(notPositive > 0 ? [words.notPositive(words.count(notPositive))] : []),
  ];
}
