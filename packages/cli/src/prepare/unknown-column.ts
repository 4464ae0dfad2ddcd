/** The answer to a name that no column has. */

import { DataError, nearestName } from "descend";
import type { Table } from "../table/table.js";

export function unknownColumn(table: Table, option: string, name: string): DataError {
  const known = table.columns.map((column) => column.name);
  const nearest = nearestName(name, known);
  const listed = `Its columns are ${known.slice(0, 20).join(", ")}${known.length > 20 ? ", …" : ""}.`;
  return new DataError(
    "COLUMN_UNKNOWN",
    `${option}: ${table.path} has no column "${name}" ${option === "--features" ? "to predict from" : ""}`.trimEnd().concat("."),
    { column: name, known, ...(nearest === undefined ? {} : { nearest }) },
    { hint: nearest === undefined ? listed : `Did you mean "${nearest}"?` },
  );
}
