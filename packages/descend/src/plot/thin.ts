/** Fewer points for the same picture: what is dropped would not be seen. */

/** Chosen indices, ascending. */
export type Chosen = Int32Array;

/**
 * Of a line with ascending positions: in each column of `columnWidth` units the first, lowest, highest and last point (Jugel et al. 2014,
 * M4). Every point if there are at most `most`.
 */
export function thinLine(x: ArrayLike<number>, y: ArrayLike<number>, most: number, columnWidth = 0.5): Chosen {
  const rows = x.length;
  if (rows <= most) return Int32Array.from({ length: rows }, (_, i) => i);
  const chosen = new Set<number>();
  let start = 0;
  while (start < rows) {
    const column = Math.floor(x[start]! / columnWidth);
    let low = start;
    let high = start;
    let end = start;
    while (end < rows && Math.floor(x[end]! / columnWidth) === column) {
      if (y[end]! < y[low]!) low = end;
      if (y[end]! > y[high]!) high = end;
      end++;
    }
    for (const i of [start, low, high, end - 1]) chosen.add(i);
    start = end;
  }
  return Int32Array.from(chosen).sort();
}

/**
 * Of scattered points: the first in each cell of `cell` × `cell` units; every point if there are at most `most`. Lone points always stay.
 */
export function thinPoints(x: ArrayLike<number>, y: ArrayLike<number>, most: number, cell = 1.5): Chosen {
  const rows = x.length;
  if (rows <= most) return Int32Array.from({ length: rows }, (_, i) => i);
  const seen = new Set<number>();
  const chosen: number[] = [];
  for (let i = 0; i < rows; i++) {
    const key = Math.floor(x[i]! / cell) * 65536 + Math.floor(y[i]! / cell);
    if (seen.has(key)) continue;
    seen.add(key);
    chosen.push(i);
  }
  return Int32Array.from(chosen);
}

/** The values at chosen indices. */
export function choose(values: ArrayLike<number>, indices: Chosen): Float64Array {
  return Float64Array.from(indices, (i) => values[i]!);
}
