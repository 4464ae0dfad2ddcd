import { dot } from "../../numeric/blas1.js";
import { luFactor } from "../../numeric/lu.js";

/**
 * The limited-memory BFGS matrix in compact form, B = θ·I − W·M·Wᵀ.
 *
 * W = [Y θS], [n, 2k]; M = [−D Lᵀ; L θSᵀS]⁻¹, [2k, 2k]; D and L the diagonal and the part below it of SᵀY; θ = yᵀy/sᵀy of the newest pair.
 *
 * Source: Byrd, Nocedal, Schnabel 1994, theorem 2.3; Byrd, Lu, Nocedal, Zhu 1995, equations 3.2 to 3.4.
 */
export interface CompactMatrix {
  /** θ */
  readonly scale: number;
  /** 2k */
  readonly width: number;
  /** Columns of W, [n] each. */
  readonly columns: readonly Float64Array[];
  /** M·v, [2k]. */
  multiplyMiddle(v: ArrayLike<number>): Float64Array;
}

/** @returns undefined where M cannot be had: the pairs are of no use. */
export function compactMatrix(steps: readonly Float64Array[], changes: readonly Float64Array[]): CompactMatrix | undefined {
  const k = steps.length;
  if (k === 0) return { scale: 1, width: 0, columns: [], multiplyMiddle: () => new Float64Array(0) };
  const newest = changes[k - 1]!;
  const scale = dot(newest, newest) / dot(steps[k - 1]!, newest);
  const width = 2 * k;
  const middle = new Float64Array(width * width);
  for (let i = 0; i < k; i++) {
    middle[i * width + i] = -dot(steps[i]!, changes[i]!);
    for (let j = 0; j < i; j++) {
      const below = dot(steps[i]!, changes[j]!);
      middle[(k + i) * width + j] = below;
      middle[j * width + k + i] = below;
    }
    for (let j = 0; j <= i; j++) {
      const product = scale * dot(steps[i]!, steps[j]!);
      middle[(k + i) * width + k + j] = product;
      middle[(k + j) * width + k + i] = product;
    }
  }
  const factor = luFactor(middle, width);
  if (factor === undefined) return undefined;
  const columns = [...changes, ...steps.map((step) => step.map((value) => scale * value))];
  return { scale, width, columns, multiplyMiddle: (v) => factor.solve(v) };
}

/** Row i of W. */
export function rowOf({ columns }: CompactMatrix, i: number): Float64Array {
  return Float64Array.from(columns, (column) => column[i]!);
}
