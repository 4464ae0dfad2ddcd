/** A shift and a factor a column. */

import { columnScale, type ScaleKind } from "./column-scale.js";

export interface AffineData {
  readonly kind: ScaleKind;
  /** z = (x − center)/scale, [columns]. */
  readonly centers: readonly number[];
  readonly scales: readonly number[];
}

export function learnAffine(kind: ScaleKind, columns: readonly ArrayLike<number>[], weights?: ArrayLike<number>): AffineData {
  const found = columns.map((column) => columnScale(kind, column, { weights }));
  return { kind, centers: found.map(({ center }) => center), scales: found.map(({ scale }) => scale) };
}

export function affineColumns({ centers, scales }: AffineData, columns: readonly ArrayLike<number>[]): Float64Array[] {
  return columns.map((column, k) => Float64Array.from(column, (x) => (x - centers[k]!) / scales[k]!));
}

export function undoAffine({ centers, scales }: AffineData, columns: readonly ArrayLike<number>[]): Float64Array[] {
  return columns.map((column, k) => Float64Array.from(column, (z) => centers[k]! + z * scales[k]!));
}
