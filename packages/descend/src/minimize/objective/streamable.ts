/** Tables that are streamed, and what a descent over one cannot do. */

import { OptionError } from "../../errors.js";
import type { DescentOptions } from "../options.js";
import { ROWS_CELL_PREFIX } from "../steppers/cells.js";
import { readObjective } from "./objective.js";
import type { ReadObjective } from "./objective-graph.js";
import { isRowStore, type RowStore, readTable, type Table } from "./rows.js";

/**
 * As `readTable`, and tables that are streamed.
 *
 * @throws OptionError OPTIONS_CONFLICT also for options that need rows of such a table in memory, or in an order in which it does not give them
 */
export function readTableOrStore(
  data: NonNullable<DescentOptions["data"]>,
  { batch, shuffle, precision, gradient }: DescentOptions,
): Table {
  if (!isRowStore(data)) return readTable(data);
  if (batch !== undefined && batch !== "full" && shuffle !== false && data.shuffled === undefined)
    refuse("batch", '"full" or shuffle: false');
  if (precision === "float32") refuse("precision", '"float64"');
  if (gradient !== undefined && gradient !== "exact") refuse("gradient", '"exact"');
  const { rows } = data;
  const arrange: Table["arrange"] = (executable, order) =>
    executable.streamRows!(rows, order === undefined ? (into, place) => data.read(into, place) : data.shuffled!(order));
  return {
    rows,
    columns: data.columns.map(({ name, shape }) => ({ name, cell: ROWS_CELL_PREFIX + name, inner: shape, values: [] })),
    streamed: true,
    store: (executable) => arrange(executable),
    arrange,
    pick: (chosen) => pickFrom(data, chosen),
  };
}

/** Rows of a block of a store. */
const BLOCK_ROWS = 8;

/** Each row from the block that holds it. */
function pickFrom(data: RowStore, rows: readonly number[]): Float64Array[] {
  const widths = data.columns.map(({ shape }) => shape[0] ?? 1);
  const width = widths.reduce((sum, count) => sum + count, 0);
  const block = new Float64Array(BLOCK_ROWS * width);
  const picked = widths.map((count) => new Float64Array(count * rows.length));
  rows.forEach((row, i) => {
    data.read(new Uint8Array(block.buffer), Math.floor(row / BLOCK_ROWS) * block.byteLength);
    let column = 0;
    widths.forEach((count, k) => {
      for (let j = 0; j < count; j++, column++) picked[k]![i * count + j] = block[column * BLOCK_ROWS + (row % BLOCK_ROWS)]!;
    });
  });
  return picked;
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
