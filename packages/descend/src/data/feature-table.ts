/** Features as a user has them (rows, columns by name, one flat block), as named columns. */

import { DataError, nearestName, ShapeError } from "../errors.js";

/** A block of numbers row-major: values[row·width + column]. */
export interface FeatureBlock {
  readonly values: ArrayLike<number>;
  readonly width: number;
}

/** One row an entry (an array of features, or a number where there is one feature), columns by name, or a row-major block. */
export type Features = readonly (number | ArrayLike<number>)[] | Readonly<Record<string, ArrayLike<number>>> | FeatureBlock;

export interface FeatureTable {
  readonly names: readonly string[];
  /** [features][rows], finite. */
  readonly columns: readonly ArrayLike<number>[];
  readonly rows: number;
}

/**
 * Reads features into columns, and checks them.
 *
 * @param names - of the features, in order. For columns by name: which to take. Default: all, in the order of the record; for rows
 * x1, x2, ….
 * @param where - what the caller calls the argument, for messages.
 * @returns columns that are views of the arrays given where these are columns, copies otherwise.
 * @throws DataError DATA_EMPTY, DATA_LENGTH_MISMATCH, DATA_NOT_FINITE, COLUMN_UNKNOWN for a name that is missing; ShapeError SHAPE_MISMATCH
 * where the rows have another number of features than names; DataError COLUMN_NOT_NUMERIC for what is no table
 */
export function readFeatures(features: Features, names?: readonly string[], where = "features"): FeatureTable {
  const table = readColumns(features, names, where);
  table.columns.forEach((column, k) => {
    requireFinite(column, table.names[k]!, where);
  });
  return table;
}

/** As {@link readFeatures}, for who looks for values that are not finite: they are let through. */
export function readColumns(features: Features, names?: readonly string[], where = "features"): FeatureTable {
  requireList(features, where, "columns by name, such as { x: [1, 2] }, or rows");
  if (Array.isArray(features)) return checked(fromRows(features as readonly (number | ArrayLike<number>)[], names, where), where);
  if (isBlock(features)) return checked(fromBlock(features, names, where), where);
  const record = features as Readonly<Record<string, ArrayLike<number>>>;
  const known = Object.keys(record);
  const taken = names ?? known;
  const columns = taken.map((name) => {
    if (Object.hasOwn(record, name)) {
      requireList(record[name], `${where}.${name}`, "a list of numbers");
      return record[name]!;
    }
    const nearest = nearestName(name, known);
    const hint = nearest === undefined ? `There are ${known.join(", ") || "none"}.` : `Did you mean ${nearest}?`;
    throw new DataError("COLUMN_UNKNOWN", `${where}: there is no column "${name}". ${hint}`, {
      column: name,
      known,
      ...(nearest === undefined ? {} : { nearest }),
    });
  });
  return checked({ names: taken, columns, rows: columns[0]?.length ?? 0 }, where);
}

/** @throws DataError COLUMN_NOT_NUMERIC for what is missing, or a single value */
export function requireList(value: unknown, where: string, expected: string): void {
  if (typeof value === "object" && value !== null) return;
  const type = value === null ? "null" : typeof value;
  throw new DataError("COLUMN_NOT_NUMERIC", `${where}: expected ${expected}, got ${type}.`, { column: where, type });
}

function isBlock(features: Features): features is FeatureBlock {
  const { values, width } = features as Partial<FeatureBlock>;
  return typeof width === "number" && values !== undefined;
}

function fromRows(rows: readonly (number | ArrayLike<number>)[], names: readonly string[] | undefined, where: string): FeatureTable {
  const first = rows[0];
  const width = typeof first === "number" ? 1 : (first?.length ?? 0);
  const columns = Array.from({ length: width }, () => new Float64Array(rows.length));
  rows.forEach((row, i) => {
    const length = typeof row === "number" ? 1 : row.length;
    if (length !== width) {
      throw new DataError("DATA_LENGTH_MISMATCH", `${where}[${i}]: expected ${width} numbers like the first row, got ${length}.`, {
        column: `${where}[${i}]`,
        expected: width,
        got: length,
      });
    }
    for (let k = 0; k < width; k++) columns[k]![i] = typeof row === "number" ? row : row[k]!;
  });
  return { names: namesFor(width, names, where), columns, rows: rows.length };
}

function fromBlock({ values, width }: FeatureBlock, names: readonly string[] | undefined, where: string): FeatureTable {
  const rows = values.length / width;
  if (!Number.isInteger(rows)) {
    throw new DataError("DATA_LENGTH_MISMATCH", `${where}: expected whole rows of ${width} numbers, got ${values.length} values.`, {
      column: where,
      expected: Math.ceil(rows) * width,
      got: values.length,
    });
  }
  const columns = Array.from({ length: width }, (_, k) => Float64Array.from({ length: rows }, (_, i) => values[i * width + k]!));
  return { names: namesFor(width, names, where), columns, rows };
}

function namesFor(width: number, names: readonly string[] | undefined, where: string): readonly string[] {
  if (names === undefined) return Array.from({ length: width }, (_, k) => `x${k + 1}`);
  if (names.length === width || width === 0) return names;
  throw new ShapeError("SHAPE_MISMATCH", `${where}: expected ${names.length} features a row (${names.join(", ")}), got ${width}.`, {
    where,
    expected: `[rows, ${names.length}]`,
    got: `[rows, ${width}]`,
  });
}

function checked(table: FeatureTable, where: string): FeatureTable {
  if (table.columns.length === 0 || table.rows === 0) {
    throw new DataError("DATA_EMPTY", `${where}: expected at least one row and one feature, got none.`, { where });
  }
  table.columns.forEach((column, k) => {
    const name = table.names[k]!;
    if (column.length !== table.rows) {
      throw new DataError(
        "DATA_LENGTH_MISMATCH",
        `${where}.${name}: expected ${table.rows} rows like ${table.names[0]}, got ${column.length}.`,
        {
          column: name,
          expected: table.rows,
          got: column.length,
        },
      );
    }
  });
  return table;
}

/**
 * Throws at the first value that is not a finite number.
 *
 * @throws DataError DATA_NOT_FINITE
 */
export function requireFinite(values: ArrayLike<unknown>, column: string, where: string): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (typeof value === "number" && Number.isFinite(value)) continue;
    const isOther = typeof value === "string" || typeof value === "boolean";
    const got = typeof value === "string" ? JSON.stringify(value) : String(value);
    throw new DataError(
      "DATA_NOT_FINITE",
      `${where}: expected finite numbers in "${column}", got ${got} in row ${row}. ${isOther ? "Make numbers of it first: 0 and 1, one column for each value." : "Drop or fill the row first."}`,
      {
        column,
        row,
        got: String(value),
      },
    );
  }
}
