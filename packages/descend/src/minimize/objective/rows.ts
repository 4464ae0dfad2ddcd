/**
 * The table an objective runs over, as columns: what the user gave, checked, row-major, ready to be stored in cells.
 */

import { DataError, OptionError } from "../../errors.js";
import { input } from "../../graph/build.js";
import type { Node } from "../../graph/graph.js";
import { ROWS } from "../../graph/graph.js";
import type { Executable } from "../../graph/program.js";
import { threefryUniform } from "../../numeric/random.js";
import { ROWS_CELL_PREFIX } from "../steppers/cells.js";

/** A block of `width` numbers per row, row-major: values[row·width + j]. Not copied. */
export interface RowBlock {
  readonly values: ArrayLike<number>;
  /** ≥ 1. */
  readonly width: number;
}

/** One column: a number per row, or a block of numbers per row. */
export type ColumnData = ArrayLike<number> | readonly ArrayLike<number>[] | RowBlock;

/** Columns by name, all with the same number of rows. */
export type TableData = Readonly<Record<string, ColumnData>>;

/**
 * A table that is not held in memory: every pass over it reads its rows anew, so that only one piece of it needs to be there. Results have
 * the bits of those with the same table in memory.
 */
export interface RowStore {
  readonly rows: number;
  /** Names of the columns in the order in which their numbers lie, and the shape of one row of each: [] for a number, [k] for k numbers. */
  readonly columns: readonly { readonly name: string; readonly shape: readonly [] | readonly [number] }[];
  /** Fills `into` with the bytes from `place` on: blocks of 8 rows, each block column by column, in float64. Synchronous. */
  read(into: Uint8Array, place: number): void;
  /**
   * As `read`, of the rows in another order: for mini-batches, which take each epoch in one of its own. What was given before is done with.
   *
   * @param order - which row comes first, second, …: all of them.
   */
  readonly shuffled?: ((order: Int32Array) => RowStore["read"]) | undefined;
}

export interface Column {
  readonly name: string;
  /** Name of the cell that holds it. */
  readonly cell: string;
  /** Shape of one row: [] or [k]. */
  readonly inner: readonly number[];
  /** Row-major, rows × inner. */
  readonly values: ArrayLike<number>;
}

export interface Table {
  readonly rows: number;
  /** Of a table that is streamed: without values. */
  readonly columns: readonly Column[];
  /** Gives a program the rows. */
  readonly store: (executable: Executable) => void;
  /** Gives a program that has them the rows anew. @param order - which comes first, second, …. Default: as they are. */
  readonly arrange: (executable: Executable, order?: Int32Array) => void;
  /** The values of some rows, one array a column, row-major. */
  readonly pick: (rows: readonly number[]) => readonly Float64Array[];
  /** Programs read the rows as they pass over them. */
  readonly streamed?: boolean;
}

/**
 * Checks a table and brings every column to row-major form. Typed and plain arrays of numbers are not copied.
 *
 * @throws OptionError OPTIONS_CONFLICT for a table that is streamed; DataError DATA_EMPTY without columns or rows, COLUMN_NOT_NUMERIC for
 * what is no array of numbers, DATA_LENGTH_MISMATCH where a column or a row has another length, DATA_NOT_FINITE at the first NaN or ±∞.
 */
export function readTable(data: TableData | RowStore): Table {
  if (isRowStore(data)) {
    throw new OptionError(
      "OPTIONS_CONFLICT",
      "data: expected columns in memory here; only minimize and maximize without constraints stream.",
      {
        options: ["data"],
      },
    );
  }
  const names = Object.keys(data);
  if (names.length === 0) throw new DataError("DATA_EMPTY", "data: expected at least one column, got none.", { where: "data" });
  if (Array.isArray(data) && !isListed(data[0])) {
    throw new DataError(
      "COLUMN_NOT_NUMERIC",
      "data: expected one array per column, such as { x: [1, 2], y: [3, 4] }, got a list of rows.",
      {
        column: "0",
        type: typeof data[0],
      },
    );
  }
  const columns = names.map((name) => readColumn(name, data[name]!));
  const rows = rowsOf(columns[0]!);
  for (const column of columns) {
    const got = rowsOf(column);
    if (got !== rows) {
      throw new DataError("DATA_LENGTH_MISMATCH", `data.${column.name}: expected ${rows} rows like data.${columns[0]!.name}, got ${got}.`, {
        column: column.name,
        expected: rows,
        got,
      });
    }
  }
  if (rows === 0) throw new DataError("DATA_EMPTY", "data: expected at least one row, got none.", { where: "data" });
  return tableOf(rows, columns);
}

/** The graph input of a column. */
export function columnNode(column: Column): Node {
  return input(column.cell, [ROWS, ...column.inner]);
}

/** A table that is not in memory. */
export function isRowStore(data: TableData | RowStore): data is RowStore {
  return typeof (data as RowStore).read === "function";
}

function isBlock(data: ColumnData): data is RowBlock {
  return "width" in data && "values" in data && typeof data.values !== "function";
}

function rowsOf(column: Column): number {
  return (
    column.values.length /
    Math.max(
      1,
      column.inner.reduce((product, d) => product * d, 1),
    )
  );
}

function readColumn(name: string, data: ColumnData): Column {
  const cell = ROWS_CELL_PREFIX + name;
  if (!isListed(data) && !(typeof data === "object" && data !== null && isBlock(data))) throw noColumn(`data.${name}`, name, data);
  if (isBlock(data)) {
    const { values, width } = data;
    if (!Number.isInteger(width) || width < 1 || values.length % width !== 0) {
      const expected = Math.ceil(values.length / width) * width;
      throw new DataError("DATA_LENGTH_MISMATCH", `data.${name}: expected whole rows of ${width} numbers, got ${values.length} values.`, {
        column: name,
        expected,
        got: values.length,
      });
    }
    checkFinite(name, values, width);
    return { name, cell, inner: [width], values };
  }
  const first = data[0];
  if (typeof first === "object" && first !== null) {
    const width = first.length;
    const blocks = Array.from(data as readonly ArrayLike<number>[]);
    const values = new Float64Array(blocks.length * width);
    blocks.forEach((block, row) => {
      if (!isListed(block)) throw noColumn(`data.${name}[${row}]`, name, block);
      if (block.length !== width) {
        throw new DataError(
          "DATA_LENGTH_MISMATCH",
          `data.${name}[${row}]: expected ${width} numbers like the first row, got ${block.length}.`,
          {
            column: name,
            expected: width,
            got: block.length,
          },
        );
      }
      // Numbers only: what an array in the place of a number would be turned into is not what was meant.
      for (let j = 0; j < width; j++) values[row * width + j] = typeof block[j] === "number" ? block[j]! : notFinite(name, row, block[j]);
    });
    checkFinite(name, values, width);
    return { name, cell, inner: [width], values };
  }
  checkFinite(name, data as ArrayLike<number>, 1);
  return { name, cell, inner: [], values: data as ArrayLike<number> };
}

function checkFinite(name: string, values: ArrayLike<number>, width: number): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== "number" || !Number.isFinite(value)) {
      notFinite(name, Math.floor(i / width), value);
    }
  }
}

function notFinite(name: string, row: number, value: unknown): never {
  const got = typeof value === "string" ? JSON.stringify(value) : typeof value === "object" && value !== null ? "an object" : String(value);
  throw new DataError("DATA_NOT_FINITE", `data.${name}: expected finite numbers, got ${got} in row ${row}. Drop or fill the row first.`, {
    column: name,
    row,
    got,
  });
}

function isListed(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

function noColumn(where: string, column: string, got: unknown): DataError {
  const type = got === null ? "null" : typeof got === "object" ? "an object" : `a ${typeof got}`;
  return new DataError("COLUMN_NOT_NUMERIC", `${where}: expected an array of numbers, got ${type}.`, { column, type });
}

/**
 * The order in which an epoch visits the rows: a permutation that depends only on (rows, seed, epoch).
 *
 * Fisher and Yates' shuffle with counter-based numbers, so any epoch can be had without the ones before.
 */
export function shuffledOrder(rows: number, seed: number, epoch: number): Int32Array {
  const order = Int32Array.from({ length: rows }, (_, i) => i);
  for (let i = rows - 1; i > 0; i--) {
    const j = Math.floor(threefryUniform(seed, epoch, i) * (i + 1));
    const swap = order[i]!;
    order[i] = order[j]!;
    order[j] = swap;
  }
  return order;
}

/** A table in memory. */
export function tableOf(rows: number, columns: readonly Column[]): Table {
  const arrange: Table["arrange"] = (executable, order) => {
    for (const { cell, values } of columns) executable.writeRows(cell, values, 0, order);
  };
  return {
    rows,
    columns,
    arrange,
    store(executable) {
      executable.allocateRows(rows);
      arrange(executable);
    },
    pick: (chosen) =>
      columns.map(({ values }) => {
        const width = values.length / rows;
        const picked = new Float64Array(width * chosen.length);
        chosen.forEach((row, i) => {
          for (let j = 0; j < width; j++) picked[i * width + j] = values[row * width + j]!;
        });
        return picked;
      }),
  };
}
