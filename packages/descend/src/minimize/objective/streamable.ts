/** Tables that are streamed, and what a descent over one cannot do. */

import { OptionError } from "../../errors.js";
import type { DescentOptions } from "../options.js";
import { ROWS_CELL_PREFIX } from "../steppers/cells.js";
import { readObjective } from "./objective.js";
import type { ReadObjective } from "./objective-graph.js";
import { isRowStore, readTable, type Table } from "./rows.js";

/**
 * As `readTable`, and tables that are streamed.
 *
 * @throws OptionError OPTIONS_CONFLICT also for options that need rows of such a table in memory, or in another order
 */
export function readTableOrStore(data: NonNullable<DescentOptions["data"]>, { batch, precision, gradient }: DescentOptions): Table {
  if (!isRowStore(data)) return readTable(data);
  if (batch !== undefined && batch !== "full") refuse("batch", '"full"');
  if (precision === "float32") refuse("precision", '"float64"');
  if (gradient !== undefined && gradient !== "exact") refuse("gradient", '"exact"');
  return {
    rows: data.rows,
    columns: data.columns.map(({ name, shape }) => ({ name, cell: ROWS_CELL_PREFIX + name, inner: shape, values: [] })),
    streamed: true,
    store: (executable) => executable.streamRows!(data.rows, (into, place) => data.read(into, place)),
  };
}

/**
 * As `readObjective`; over rows that are streamed nothing can be called.
 *
 * @throws OptionError OPTIONS_CONFLICT
 */
export function readStreamableObjective(...args: Parameters<typeof readObjective>): ReadObjective {
  const read = readObjective(...args);
  const [, , { table }] = args;
  if (table?.streamed === true && (read.kind === "host" || read.original !== undefined)) {
    refuse("objective", "a function of tensors or a formula");
  }
  return read;
}

function refuse(option: string, expected: string): never {
  throw new OptionError("OPTIONS_CONFLICT", `${option}: expected ${expected} for a table that is streamed.`, { options: [option, "data"] });
}
