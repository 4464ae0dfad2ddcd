/**
 * Makes a table of any number of rows: 20 features, a number, two and three classes that depend on them, written by DuckDB as .parquet or .csv. The same file each time: every
 * number is a hash of its row and column.
 *
 *   node bench/tools/large-table.mjs <file> <rows>
 */

import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const FEATURES = 20;
/** A dependency of the command line, found from there. */
const DATABASE = "@duckdb/node-api";

/** In (0, 1). */
const uniform = (stream) => `((hash(i * 64 + ${stream})::DOUBLE + 1) / 18446744073709551617.0)`;

/** @param path - ends in .parquet or .csv. */
export async function writeLargeTable(path, rows) {
  const require = createRequire(fileURLToPath(new URL("../../packages/cli/package.json", import.meta.url)));
  const { DuckDBInstance } = require(DATABASE);
  const instance = await DuckDBInstance.create(":memory:", { memory_limit: "800MB", threads: "2" });
  const connection = await instance.connect();
  const features = Array.from(
    { length: FEATURES },
    (_, k) => `round(${10 ** ((k % 5) - 2)} * (${uniform(k)} - 0.3), ${6 - (k % 5)}) AS x${k + 1}`,
  );
  const score = Array.from({ length: FEATURES }, (_, k) => `${(k % 3) - 1 + 0.1 * k} * ${10 ** (2 - (k % 5))} * x${k + 1}`).join(" + ");
  const noise = `ln(${uniform(30)} / (1 - ${uniform(30)}))`;
  await connection.run(`
    COPY (
      SELECT ${Array.from({ length: FEATURES }, (_, k) => `x${k + 1}`).join(", ")},
        round(score + CASE WHEN ${uniform(31)} < 0.02 THEN 40 * ${uniform(32)} ELSE 0 END, 6) AS y,
        CASE WHEN score > 0 THEN 'yes' ELSE 'no' END AS two,
        CASE WHEN score > 1 THEN 'high' WHEN score > -1 THEN 'middle' ELSE 'low' END AS three
      FROM (SELECT *, ${score} + ${noise} AS score FROM (SELECT i, ${features.join(", ")} FROM range(${rows}) AS t(i)))
    ) TO '${path.replaceAll("'", "''")}' (${path.endsWith(".csv") ? "FORMAT csv, HEADER" : "FORMAT parquet"})`);
  connection.closeSync();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await writeLargeTable(process.argv[2], Number(process.argv[3]));
