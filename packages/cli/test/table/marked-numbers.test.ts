import { describe, expect, it } from "vitest";
import { markedNumbers, queryForNumbers } from "../../src/table/marked-numbers.js";
import { readTable } from "../../src/table/table.js";
import { temporaryFolder } from "../run-descend.js";

/** Oracle: a reader of such a column. */
describe("numbers with a mark", () => {
  it.each([
    [["$12", "$1,300.50", "-$7"], { example: "$12", value: 12, decimal: "." }],
    [["0%", "5%", "7.5 %"], { example: "5%", value: 5, decimal: "." }],
    [["3 kg", "12kg", "unknown", "1 kg", "9 kg"], { example: "3 kg", value: 3, decimal: "." }],
    [["1.234,50 €", "7,25 €"], { example: "1.234,50 €", value: 1234.5, decimal: "," }],
    [["£-4", "£5"], { example: "£-4", value: -4, decimal: "." }],
    [["1,000", "2,500", "none", "3,000", "800"], { example: "1,000", value: 1000, decimal: "." }],
  ])("are seen in %j", (texts, expected) => {
    expect(markedNumbers(texts)).toEqual(expected);
  });

  it.each([
    ["plain numbers and a gap", ["1", "2", "none", "3", "4"]],
    ["two currencies", ["$5", "€6", "$7"]],
    ["words", ["red", "green"]],
    ["dates", ["2024-01-05", "2024-01-06"]],
    ["times", ["10:30", "11:45"]],
    ["versions", ["v1.2.3", "v1.2.4"]],
    ["codes", ["A12", "B13", "C14"]],
    ["telephone numbers", ["555-1234", "555-9876"]],
    ["ranges", ["18-25", "26-35"]],
    ["nothing", []],
  ])("are not seen in %s", (_, texts) => {
    expect(markedNumbers(texts)).toBeUndefined();
  });

  it("are read by the query that is proposed, whatever the columns are called, beside those that are read by themselves", async () => {
    const folder = temporaryFolder();
    const rows = ["$1,200|7,5 €|1,000|a", "-$3|1.234,25 €|2,500|b", "none|2 €|900|c", "$4|3 €|800|d", "$5|4 €|700|e"];
    const path = folder.write("marked.csv", `it's "so"|Preis|count|name\n${rows.join("\n")}\n`);
    const { columns } = await readTable(path);
    const marked = columns.flatMap(({ name, marked: found }) => (found === undefined ? [] : [{ name, marked: found }]));
    expect(marked.length).toBe(2);
    const option = queryForNumbers(marked, columns);
    // As a shell takes it apart
    const query = option.slice("--query '".length, -1).replaceAll("'\\''", "'");
    const { numbers, columns: read } = await readTable(path, { query });
    expect([...numbers.values()].map((values) => [...values])).toEqual([
      [1200, -3, Number.NaN, 4, 5],
      [7.5, 1234.25, 2, 3, 4],
      [1000, 2500, 900, 800, 700],
    ]);
    expect(read.map(({ kind }) => kind)).toEqual(["number", "number", "number", "text"]);
    folder.remove();
  });
});
