/** The features of an objective over rows whose columns have roles: what a table case has anyway. */

import { readTable, type TableData } from "../minimize/objective/rows.js";
import type { ColumnRoles } from "./case.js";
import type { PanelTable } from "./instruments/data-panel.js";

/** @returns undefined where a column of features, or the target, is not among the data. */
export function featureColumns(data: TableData, { features, featureNames, target, intercept = true }: ColumnRoles): PanelTable | undefined {
  const table = readTable(data);
  const goal = table.columns.find((column) => column.name === target);
  const columns: Float64Array[] = [];
  const names: string[] = [];
  for (const name of features) {
    const column = table.columns.find((each) => each.name === name);
    if (column === undefined) return undefined;
    const width = column.inner[0] ?? 1;
    for (let k = 0; k < width; k++) {
      columns.push(Float64Array.from({ length: table.rows }, (_, i) => column.values[i * width + k]!));
      names.push(column.inner.length === 0 ? name : `${name}[${k}]`);
    }
  }
  if (goal === undefined || columns.length === 0) return undefined;
  return {
    names: featureNames?.length === columns.length ? featureNames : names,
    columns,
    target: Float64Array.from(goal.values),
    rows: table.rows,
    intercept,
    finite: columns.every((column) => column.every(Number.isFinite)),
  };
}
