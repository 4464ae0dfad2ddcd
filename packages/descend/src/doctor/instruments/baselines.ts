/** What simple models say of a table: a ridge regression of the target, of shuffled targets, of shifted ones; single columns. */

import { columnStatistics } from "../../data/column-statistics.js";
import { choleskyFactor, solvePositiveDefinite } from "../../numeric/cholesky.js";
import { threefryUniform } from "../../numeric/random.js";
import type { SettledTable } from "../settle-case.js";

export interface Baselines {
  /** R² of a ridge regression of the target on all columns. */
  readonly fit: number;
  /** How far it is above those of shuffled targets, in their deviations. */
  readonly z: number;
  /** The best shift of the target by up to three rows, other than none, and its z. */
  readonly shift: number;
  readonly shiftZ: number;
  /** Largest R² of one column alone, and which. */
  readonly single: number;
  readonly singleColumn: number;
}

const SHUFFLES = 20;
const SHIFTS = [-3, -2, -1, 1, 2, 3];
/** Added to correlations, so that dependent columns have a solution. */
const RIDGE = 1e-3;

/** Undefined where there are too many columns or rows to be quick, or too few rows. */
export function baselines(table: SettledTable, seed: number): Baselines | undefined {
  const { rows } = table;
  const columns = table.columns.map((column) => ({ column, ...columnStatistics(column) })).filter(({ deviation }) => deviation > 0);
  const width = columns.length;
  if (width === 0 || width > 100 || rows < 8 || rows * width * width > 2e8) return undefined;
  const z = columns.map(({ column, mean, deviation }) => Float64Array.from(column, (x) => (x - mean) / deviation));
  const gram = new Float64Array(width * width);
  for (let j = 0; j < width; j++) {
    for (let k = 0; k <= j; k++) {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += z[j]![i]! * z[k]![i]!;
      gram[j * width + k] = gram[k * width + j] = sum / rows + (j === k ? RIDGE : 0);
    }
  }
  if (choleskyFactor(gram, width) === undefined) return undefined;
  const r2 = (target: Float64Array): number => {
    const { mean, deviation } = columnStatistics(target);
    if (deviation === 0) return 0;
    const moments = z.map((column) => column.reduce((sum, x, i) => sum + (x * (target[i]! - mean)) / deviation, 0) / rows);
    const weights = solvePositiveDefinite(gram, width, moments)!;
    return 2 * moments.reduce((sum, m, k) => sum + m * weights[k]!, 0) - quadratic(gram, weights);
  };
  const target = Float64Array.from(table.target);
  const fit = r2(target);
  const shuffled = Array.from({ length: SHUFFLES }, (_, s) => r2(shuffle(target, seed, s)));
  const { mean, deviation } = columnStatistics(shuffled);
  const zOf = (value: number): number => (value - mean) / Math.max(deviation, 1e-12);
  let shift = 0;
  let shiftZ = Number.NEGATIVE_INFINITY;
  for (const by of SHIFTS) {
    const moved = zOf(r2(target.map((_, i) => target[(i + by + rows) % rows]!)));
    if (moved > shiftZ) [shift, shiftZ] = [by, moved];
  }
  const alone = table.columns.map((column) => correlation(column, target) ** 2);
  const single = Math.max(...alone);
  return { fit, z: zOf(fit), shift, shiftZ, single, singleColumn: alone.indexOf(single) };
}

function quadratic(gram: Float64Array, weights: Float64Array): number {
  const n = weights.length;
  let sum = 0;
  for (let j = 0; j < n; j++) for (let k = 0; k < n; k++) sum += weights[j]! * gram[j * n + k]! * weights[k]!;
  return sum;
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [sa, sb] = [columnStatistics(a), columnStatistics(b)];
  if (sa.deviation === 0 || sb.deviation === 0) return 0;
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i]! - sa.mean) / sa.deviation) * ((b[i]! - sb.mean) / sb.deviation);
  return sum / a.length;
}

function shuffle(values: Float64Array, seed: number, stream: number): Float64Array {
  const result = values.slice();
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(threefryUniform(seed, 0x700 + stream, i) * (i + 1));
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
