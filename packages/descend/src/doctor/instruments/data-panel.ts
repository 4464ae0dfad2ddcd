/**
 * What a table looks like before anything is fitted: scales, offsets, how its columns depend on each other, extreme and repeated values.
 */

import { columnStatistics } from "../../data/column-statistics.js";
import { median } from "../../numeric/averages.js";
import { symmetricEigen } from "../../numeric/symmetric-eigen.js";

export interface ColumnPanel {
  readonly name: string;
  /** Values that are not finite, and the first row that holds one; −1 without. */
  readonly notFinite: number;
  readonly firstNotFinite: number;
  readonly mean: number;
  readonly deviation: number;
  readonly median: number;
  /** 1.4826 times the median absolute deviation: the deviation of a normal column. */
  readonly spread: number;
  readonly distinct: number;
}

/** A table as far as it is described here. */
export interface PanelTable {
  readonly names: readonly string[];
  readonly columns: readonly ArrayLike<number>[];
  readonly target: ArrayLike<number>;
  readonly rows: number;
  readonly intercept: boolean;
  readonly finite: boolean;
}

export interface DataPanel {
  readonly columns: readonly ColumnPanel[];
  readonly target: ColumnPanel;
  /** Indices of columns that vary. */
  readonly varying: readonly number[];
  /** Largest ÷ smallest deviation, and largest |mean| ÷ deviation, over columns that vary. */
  readonly scaleRatio: number;
  readonly offsetRatio: number;
  /** Largest ÷ smallest eigenvalue of (1 X)ᵀ(1 X)/n as it is, and of the correlations; ∞ where columns depend on each other. */
  readonly condition: number;
  readonly standardizedCondition: number;
  /** Eigenvalues of the correlations of the varying columns, ascending, and their vectors over `varying`. */
  readonly eigenvalues: Float64Array;
  readonly eigenvectors: readonly Float64Array[];
}

/** More columns than this have no eigenvalues computed. */
const LARGEST = 200;
const RANK = 1e-14;

/** @throws nothing: columns that are not finite are described by their finite part. */
export function dataPanel(table: PanelTable): DataPanel {
  const columns = table.columns.map((column, k) => columnPanel(table.names[k]!, column));
  const target = columnPanel("target", table.target);
  const varying = columns.map((_, k) => k).filter((k) => columns[k]!.deviation > 0);
  const deviations = varying.map((k) => columns[k]!.deviation);
  const scaleRatio = deviations.length > 0 ? Math.max(...deviations) / Math.min(...deviations) : 1;
  const offsetRatio = Math.max(0, ...varying.map((k) => Math.abs(columns[k]!.mean) / columns[k]!.deviation));
  const base: DataPanel = {
    columns,
    target,
    varying,
    scaleRatio,
    offsetRatio,
    condition: Number.NaN,
    standardizedCondition: Number.NaN,
    eigenvalues: new Float64Array(0),
    eigenvectors: [],
  };
  if (varying.length === 0 || varying.length > LARGEST || !table.finite) return base;
  const raw = gram(table, varying, (k, i) => table.columns[k]![i]!, table.intercept);
  const order = varying.length + (table.intercept ? 1 : 0);
  const standard = gram(table, varying, (k, i) => (table.columns[k]![i]! - columns[k]!.mean) / columns[k]!.deviation, false);
  const { values, vectors } = symmetricEigen(standard, varying.length);
  return {
    ...base,
    condition: conditionOf(symmetricEigen(raw, order).values),
    standardizedCondition: conditionOf(values),
    eigenvalues: values,
    eigenvectors: vectors,
  };
}

function conditionOf(values: Float64Array): number {
  const largest = values.at(-1)!;
  return values[0]! > RANK * largest ? largest / values[0]! : Number.POSITIVE_INFINITY;
}

/** Mean of a·aᵀ over rows, with a leading 1 if asked for. */
function gram(table: PanelTable, varying: readonly number[], at: (k: number, i: number) => number, intercept: boolean): Float64Array {
  const shift = intercept ? 1 : 0;
  const order = varying.length + shift;
  const matrix = new Float64Array(order * order);
  const row = new Float64Array(order).fill(1);
  for (let i = 0; i < table.rows; i++) {
    varying.forEach((k, j) => {
      row[j + shift] = at(k, i);
    });
    for (let j = 0; j < order; j++) for (let k = 0; k <= j; k++) matrix[j * order + k]! += (row[j]! * row[k]!) / table.rows;
  }
  for (let j = 0; j < order; j++) for (let k = 0; k < j; k++) matrix[k * order + j] = matrix[j * order + k]!;
  return matrix;
}

function columnPanel(name: string, column: ArrayLike<number>): ColumnPanel {
  const all = Array.from(column);
  const finite = Float64Array.from(all.filter(Number.isFinite));
  const firstNotFinite = all.findIndex((value) => !Number.isFinite(value));
  const empty = finite.length === 0;
  const { mean, deviation } = empty ? { mean: Number.NaN, deviation: 0 } : columnStatistics(finite);
  const middle = empty ? Number.NaN : median(finite);
  return {
    name,
    notFinite: all.length - finite.length,
    firstNotFinite,
    mean,
    deviation,
    median: middle,
    spread: empty ? 0 : 1.4826 * median(finite.map((value) => Math.abs(value - middle))),
    distinct: new Set(finite).size,
  };
}
