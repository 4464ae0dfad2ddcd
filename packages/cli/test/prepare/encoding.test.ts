import { afterAll, describe, expect, it } from "vitest";
import { encodeRows, learnColumn, whyNoFeature } from "../../src/prepare/encoding.js";
import { medianInPlace } from "../../src/prepare/median.js";
import { readTable, type Table } from "../../src/table/table.js";
import { temporaryFolder } from "../run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const allRows = (table: Table): Int32Array => Int32Array.from({ length: table.rows }, (_, i) => i);
let count = 0;
async function tableOf(lines: readonly string[]): Promise<Table> {
  return readTable(folder.write(`t${count++}.csv`, `${lines.join("\n")}\n`));
}

describe("how a column becomes features", () => {
  it("fills numbers with the median of the rows to learn from alone, and marks where", async () => {
    const table = await tableOf(["x,y", "1,0", "NA,0", "5,0", "2,0", "1000,0"]);
    const learned = learnColumn(table, table.columns[0]!, Int32Array.of(0, 1, 2, 3), "impute");
    expect(learned).toMatchObject({ kind: "number", fill: 2, missing: 1, features: { value: "x", missing: "x missing" } });
    const { features, filled } = encodeRows(table, [learned as never], allRows(table));
    expect(features.map(({ name, values }) => [name, ...values])).toEqual([
      ["x", 1, 2, 5, 2, 1000],
      ["x missing", 0, 1, 0, 0, 0],
    ]);
    expect([...filled]).toEqual([["x", 1]]);
  });

  it("codes categories against the most frequent level; of equals the first by its characters", async () => {
    const table = await tableOf(["c,y", "b,0", "a,0", "b,0", "a,0", "c,0", "é,0", "a,0", "b,0"]);
    const learned = learnColumn(table, table.columns[0]!, allRows(table), "impute");
    expect(learned).toMatchObject({ kind: "category", base: "a", levels: ["b", "c", "é"], features: { levels: ["c=b", "c=c", "c=é"] } });
    const { features } = encodeRows(table, [learned as never], allRows(table));
    expect(features.map(({ values }) => [...values])).toEqual([
      [1, 0, 1, 0, 0, 0, 0, 1],
      [0, 0, 0, 0, 1, 0, 0, 0],
      [0, 0, 0, 0, 0, 1, 0, 0],
    ]);
  });

  it("counts dates in days since the first, instants in parts of days", async () => {
    const table = await tableOf(["d,t", "2024-02-28,2024-01-01 00:00:00", "2024-03-01,2024-01-01 06:00:00", ",2024-01-02 12:00:00"]);
    const [date, instant] = table.columns.map((column) => learnColumn(table, column, allRows(table), "impute"));
    // 2024 has a 29th of February
    const values = encodeRows(table, [date as never, instant as never], allRows(table)).features.map((feature) => [
      feature.name,
      ...feature.values,
    ]);
    expect(values).toEqual([
      ["d (days since 2024-02-28)", 0, 2, 1],
      ["d missing", 0, 0, 1],
      ["t (days since 2024-01-01)", 0, 0.25, 1.5],
    ]);
  });

  it("takes true and false for 1 and 0, and the more frequent for a missing one", async () => {
    const table = await tableOf(["b,y", "true,0", "true,0", "false,0", ",0"]);
    expect(learnColumn(table, table.columns[0]!, allRows(table), "impute")).toMatchObject({ kind: "boolean", fill: 1, missing: 1 });
  });

  it.each([
    ["names", Array.from({ length: 30 }, (_, i) => `name${i}`), "identifier"],
    ["more than 100 levels", Array.from({ length: 400 }, (_, i) => `level${i % 120}`), "too-many-categories"],
    ["nothing", Array.from({ length: 10 }, () => "NA"), "empty"],
  ])("sets a column of %s aside and says why", async (_, values, code) => {
    const table = await tableOf(["c,y", ...values.map((value, i) => `${value},${i}`)]);
    expect(whyNoFeature(table, table.columns[0]!)).toMatchObject({ code });
  });

  it("keeps exactly 100 levels, and sets aside a column that counts the rows", async () => {
    const table = await tableOf(["c,id", ...Array.from({ length: 200 }, (_, i) => `level${i % 100},${i + 1}`)]);
    expect(whyNoFeature(table, table.columns[0]!)).toBeUndefined();
    expect(whyNoFeature(table, table.columns[1]!)).toMatchObject({ code: "identifier", reason: "counts the rows" });
  });
});

describe("numbers written as text", () => {
  // Oracle: the numbers that were written
  it.each([
    ["thousand separators", ["a,x", '1,"1,234"', '2,"-12,345.5"', "3,7"], [1234, -12345.5, 7], "numbers with thousand separators"],
    ["a decimal comma", ["a;x", "1;1,5", "2;-2.345,25", "3;7"], [1.5, -2345.25, 7], "numbers with a decimal comma"],
    ["a decimal comma without groups", ["a;x", "1;0,25", "2;3,1", "3;2"], [0.25, 3.1, 2], "numbers with a decimal comma"],
  ])("reads %s", async (_, lines, numbers, note) => {
    const table = await tableOf(lines);
    expect([...table.numbers.get("x")!]).toEqual(numbers);
    expect(table.columns[1]!.note).toBe(note);
  });

  it("does not take text for numbers, and says how many values are none", async () => {
    const table = await tableOf(["x,y", ...Array.from({ length: 20 }, (_, i) => `${i === 7 ? "12 kg" : i},1`)]);
    expect(table.columns[0]).toMatchObject({ kind: "text", note: '1 of 20 values are no numbers, such as "12 kg"' });
  });
});

describe("medianInPlace", () => {
  // Oracle: sorting
  it("is the middle of the sorted values, for all lengths, with ties", () => {
    let state = 1;
    const next = (): number => {
      state = (state * 48271) % 2147483647;
      return state;
    };
    for (let n = 1; n < 60; n++) {
      const values = Float64Array.from({ length: n }, () => next() % (n % 3 === 0 ? 4 : 1000));
      const sorted = values.slice().sort();
      const expected = n % 2 === 1 ? sorted[(n - 1) / 2]! : sorted[n / 2 - 1]! / 2 + sorted[n / 2]! / 2;
      expect(medianInPlace(values)).toBe(expected);
    }
  });
});
