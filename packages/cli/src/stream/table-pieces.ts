/** A table in pieces: some tens of thousands of rows at a time, each a small table of its own. */

import { type OpenTable, readersFor, type Table, valuesOf } from "../table/table.js";

/** Rows of a piece, at least; the last has fewer. */
const PIECE_ROWS = 1 << 15;

/** Some columns of a table from its first row to its last. Memory: two pieces. */
export async function* tablePieces(open: OpenTable, names: ReadonlySet<string>): AsyncGenerator<Table> {
  const { connection, source, path, columns } = open;
  const read = open.plans.filter(({ name, sql }) => sql !== undefined && names.has(name));
  const result = await connection.stream(`SELECT ${read.map(({ sql }) => sql).join(", ")} FROM ${source.sql}`, source.values);
  const readers = readersFor(read);
  let rows = 0;
  const piece = (): Table => ({ path, rows, columns, otherNames: [], duplicateNames: [], ...valuesOf(read, readers) });
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    for (let j = 0; j < readers.length; j++) readers[j]!.append(chunk.getColumnVector(j));
    rows += chunk.rowCount;
    if (rows < PIECE_ROWS) continue;
    yield piece();
    rows = 0;
  }
  if (rows > 0) yield piece();
}
