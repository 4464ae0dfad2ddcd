import { fileURLToPath } from "node:url";
import { DuckDBInstance } from "@duckdb/node-api";
import { DataError } from "descend";
import { afterAll, describe, expect, it } from "vitest";
import { readTable } from "../../src/table/table.js";
import { temporaryFolder } from "../run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

describe("reading tables", () => {
  it("tells kinds of columns apart and gives numbers with NaN where a value is missing", async () => {
    const table = await readTable(
      folder.write("kinds.csv", "n,d,t,b,x\n1,2020-01-01,a,true,0.5\n,2020-01-02,b,false,NA\n3,2020-01-03,c,true,?\n"),
    );
    expect(table.rows).toBe(3);
    expect(table.columns.map(({ name, kind }) => [name, kind])).toEqual([
      ["n", "number"],
      ["d", "date"],
      ["t", "text"],
      ["b", "boolean"],
      ["x", "number"],
    ]);
    expect([...table.numbers.keys()]).toEqual(["n", "d", "b", "x"]);
    expect(table.texts.get("t")).toEqual({ codes: Int32Array.of(0, 1, 2), levels: ["a", "b", "c"], tooMany: false });
    // Days from 1970-01-01 to 2020-01-01: 50 years and 12 leap days
    expect([...table.numbers.get("d")!]).toEqual([18262, 18263, 18264]);
    expect([...table.numbers.get("n")!]).toEqual([1, Number.NaN, 3]);
    expect([...table.numbers.get("b")!]).toEqual([1, 0, 1]);
    expect([...table.numbers.get("x")!]).toEqual([0.5, Number.NaN, Number.NaN]);
  });

  it("reads Parquet as it was written, whatever the file is called", async () => {
    const path = `${folder.path}/it's a ; table.bin`;
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    await connection.run(
      `COPY (SELECT i AS i, i * 0.25::DOUBLE AS x, 'r' || i AS s FROM range(5000) t(i)) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`,
    );
    connection.closeSync();
    instance.closeSync();
    const table = await readTable(path);
    expect(table.rows).toBe(5000);
    expect(table.numbers.get("x")![4999]).toBe(4999 * 0.25);
    expect(table.columns.map(({ kind }) => kind)).toEqual(["number", "number", "text"]);
  });

  it("keeps names that would mean something to SQL or to JavaScript", async () => {
    const table = await readTable(folder.write("names.csv", 'a"b,__proto__,select,"x;y,z"\n1,2,3,4\n5,6,7,8\n'));
    expect([...table.numbers.values()].map((values) => [...values])).toEqual([
      [1, 5],
      [2, 6],
      [3, 7],
      [4, 8],
    ]);
    expect(table.numbers.has("__proto__")).toBe(true);
  });

  it("takes a single column for one, and a comment or blank lines before the names for nothing", async () => {
    expect((await readTable(folder.write("single.csv", "y\n1\n2\n"))).columns.length).toBe(1);
    expect([...(await readTable(folder.write("comment.csv", "# made by hand\na,b\n1,2\n"))).numbers.get("b")!]).toEqual([2]);
  });

  it("reads numbers too large for whole-number types as float64", async () => {
    const table = await readTable(folder.write("huge.csv", "x\n170141183460469231731687303715884105727000\n3\n"));
    expect(table.numbers.get("x")![0]).toBe(Number("170141183460469231731687303715884105727000"));
  });

  it("sees nested JSON as something that is no number", async () => {
    const table = await readTable(folder.write("nested.json", '[{"a":1,"b":[1,2],"c":{"d":1}},{"a":2,"b":[3],"c":{"d":2}}]'));
    expect(table.columns.map(({ kind }) => kind)).toEqual(["number", "other", "other"]);
  });

  it("finds 406 rows and 9 columns in the cars table (known)", async () => {
    const table = await readTable(fileURLToPath(new URL("../../../../node_modules/vega-datasets/data/cars.json", import.meta.url)));
    expect([table.rows, table.columns.length]).toEqual([406, 9]);
  });

  it.each([
    ["late.csv", `x,y\n${"1,2\n".repeat(30_000)}1\n`, 30_002],
    ["wide.csv", "x,y\n1,2\n3,4,5\n", 3],
  ])("names the line of %s that has another number of fields", async (name, text, line) => {
    const path = folder.write(name, text);
    await expect(readTable(path)).rejects.toSatisfy(
      (error) => error instanceof DataError && error.code === "TABLE_MALFORMED" && (error.details as { line: number }).line === line,
    );
  });
});
