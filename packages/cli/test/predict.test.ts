import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callDescend, temporaryFolder } from "./run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const cars = fileURLToPath(new URL("../../../node_modules/vega-datasets/data/cars.json", import.meta.url));

// y = 10 + 2·size + 5·[green] − 3·[blue] + days since 2020-01-01, exactly; red is the most frequent color
const colors = ["red", "green", "red", "blue", "red"];
const rise: Record<string, number> = { red: 0, green: 5, blue: -3 };
const day = (i: number): string => new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
const rows = Array.from({ length: 40 }, (_, i) => {
  const size = (i * 7) % 11;
  const color = colors[i % 5]!;
  const age = (i * 3) % 17;
  return { size, color, date: day(age), y: 10 + 2 * size + rise[color]! + age };
});
const csvOf = (entries: readonly object[]): string =>
  [Object.keys(entries[0]!).join(","), ...entries.map((entry) => Object.values(entry).join(","))].join("\n");
const model = join(folder.path, "model.json");

/** Lines of a CSV below the header, split. */
const fields = (csv: string): string[][] =>
  csv
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(","));

beforeAll(async () => {
  const run = await callDescend("fit", folder.write("train.csv", csvOf(rows)), "--target", "y", "--save", model, "--test-fraction", "0");
  expect(run.code).toBe(0);
});

describe("descend predict", () => {
  // Oracle: the formula the table was made with
  it("repeats every step of the encoding on new rows, in any order of columns", async () => {
    const table = folder.write("new.csv", "date,extra,color,size\n2020-01-11,x,green,100\n2019-12-22,y,blue,0\n2020-03-01,z,red,-4\n");
    const run = await callDescend("predict", model, table);
    expect(run.code).toBe(0);
    expect(run.stdout.split("\n")[0]).toBe("row,predicted y");
    const expected = [10 + 200 + 5 + 10, 10 - 3 - 10, 10 - 8 + 60];
    fields(run.stdout).forEach(([row, value], i) => {
      expect(Number(row)).toBe(i + 1);
      expect(Math.abs(Number(value) - expected[i]!)).toBeLessThan(1e-9);
    });
  });

  it("gives the rows it was fitted on the predictions of the fit, to the last bit, from CSV, JSON and a query", async () => {
    const path = folder.write("rows.json", JSON.stringify(rows));
    const runs = [
      await callDescend("predict", model, join(folder.path, "train.csv")),
      await callDescend("predict", model, path),
      await callDescend("predict", model, "--query", `SELECT * FROM '${path}'`),
      await callDescend("predict", model, path, "--query", "SELECT size, date, color, 1 AS y FROM data"),
    ];
    for (const run of runs) expect(run.stdout).toBe(runs[0]!.stdout);
    expect(runs[0]!.stderr).toMatch(/against the target in the table: RMSE /);
  });

  it("names the columns that are missing, and one that may be meant", async () => {
    const run = await callDescend("predict", model, folder.write("missing.csv", "sise,date\n1,2020-01-01\n"), "--json");
    expect(run.code).toBe(3);
    expect(run.json().error).toMatchObject({ code: "COLUMNS_MISSING", details: { columns: ["size", "color"] } });
    expect(run.json().error.message).toContain('There is a column "sise"');
  });

  it("refuses a category it has not seen, or takes it for the base level on request", async () => {
    const table = folder.write("pink.csv", "size,color,date\n1,pink,2020-01-01\n1,red,2020-01-01\n");
    const refused = await callDescend("predict", model, table, "--json");
    expect(refused.code).toBe(3);
    expect(refused.json().error).toMatchObject({ code: "CATEGORY_UNSEEN", details: { column: "color", levels: ["pink"], rows: 1 } });
    const taken = await callDescend("predict", model, table, "--unseen", "base", "--json");
    expect(taken.code).toBe(0);
    const [pink, red] = taken.json().predictions;
    expect(pink.predicted).toBe(red.predicted);
    expect(taken.json().unseen).toEqual({ color: { pink: 1 } });
  });

  it("fills missing values as the fit would have, and counts them", async () => {
    const run = await callDescend(
      "predict",
      model,
      folder.write("gaps.csv", "size,color,date\n,red,2020-01-01\n3,,2020-01-01\n3,red,\n"),
      "--json",
    );
    expect(run.code).toBe(0);
    expect(run.json().filled).toEqual({ size: 1, color: 1, date: 1 });
    const sizes = rows.map(({ size }) => size).sort((a, b) => a - b);
    const median = (sizes[19]! + sizes[20]!) / 2;
    expect(run.json().predictions[0].predicted).toBeCloseTo(10 + 2 * median, 9);
    expect(run.json().predictions[1].predicted).toBeCloseTo(16, 9);
  });

  it("leaves rows with infinite values without a prediction", async () => {
    const run = await callDescend("predict", model, folder.write("inf.csv", "size,color,date\n1,red,2020-01-01\ninf,red,2020-01-01\n"));
    expect(run.code).toBe(0);
    expect(fields(run.stdout)[1]).toEqual(["2", ""]);
    expect(run.stderr).toMatch(/1 rows have missing or infinite values/);
  });

  it("does not mind what stands where the target was", async () => {
    const run = await callDescend("predict", model, folder.write("todo.csv", "size,color,date,y\n1,red,2020-01-01,to do\n"), "--json");
    expect(run.code).toBe(0);
    expect(run.json().metrics).toBeNull();
    expect(run.json().predictions[0].predicted).toBeCloseTo(12, 9);
  });

  it("refuses text where the model learned from numbers", async () => {
    const run = await callDescend("predict", model, folder.write("text.csv", "size,color,date\nlarge,red,2020-01-01\n"), "--json");
    expect(run.code).toBe(3);
    expect(run.json().error.code).toBe("COLUMN_NOT_NUMERIC");
    expect(run.json().error.message).toContain('"large"');
  });

  it("reads a column of categories that looks like numbers, and whole numbers written otherwise", async () => {
    const grades = Array.from({ length: 30 }, (_, i) => ({ grade: `'${i % 3}'`, y: [5, 7, 11][i % 3] }));
    const table = folder.write("grades.json", JSON.stringify(grades.map(({ y }, i) => ({ grade: ["1", "2", "x"][i % 3], y }))));
    const path = join(folder.path, "grades-model.json");
    expect((await callDescend("fit", table, "--target", "y", "--save", path)).code).toBe(0);
    const run = await callDescend("predict", path, folder.write("grades.csv", "grade\n1\n2.0\n"), "--json");
    expect(run.code).toBe(0);
    expect(run.json().predictions.map(({ predicted }: { predicted: number }) => Math.round(1e9 * predicted) / 1e9)).toEqual([5, 7]);
  });

  it("gives classes with probabilities that add up to 1", async () => {
    const path = join(folder.path, "origin.json");
    const out = join(folder.path, "origin.csv");
    expect((await callDescend("fit", cars, "--target", "Origin", "--features", "Weight_in_lbs,Horsepower,Year", "--save", path)).code).toBe(
      0,
    );
    const run = await callDescend("predict", path, cars, "--out", out, "--json");
    expect(run.code).toBe(0);
    expect(run.json().metrics.accuracy).toBeGreaterThan(0.6);
    const lines = fields(readFileSync(out, "utf8"));
    expect(lines).toHaveLength(406);
    for (const [, label, ...probabilities] of lines) {
      const numbers = probabilities.map(Number);
      expect(numbers.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 12);
      expect(["Europe", "Japan", "USA"][numbers.indexOf(Math.max(...numbers))]).toBe(label);
    }
  });

  it.each([
    ["a model that is no JSON", "no model", 3, "MODEL_INVALID"],
    ["a table in place of a model", '{"a":1}', 3, "MODEL_INVALID"],
    ["a model of another version", '{"format":"descend-table-model","version":9}', 3, "MODEL_INVALID"],
    ["half a model", '{"format":"descend-table-model","version":1,"target":{"column":"y"},"columns":[{"column":"x"}]}', 3, "MODEL_INVALID"],
  ])("refuses %s", async (what, content, code, errorCode) => {
    const run = await callDescend("predict", folder.write(`${what}.json`, content), join(folder.path, "train.csv"), "--json");
    expect(run.code).toBe(code);
    expect(run.json().error.code).toBe(errorCode);
  });

  it("refuses to write over the model or the table", async () => {
    const table = join(folder.path, "train.csv");
    const before = readFileSync(table, "utf8");
    for (const out of [model, table]) expect((await callDescend("predict", model, table, "--out", out)).code).toBe(2);
    expect(readFileSync(table, "utf8")).toBe(before);
  });
});

describe("predict --interval", () => {
  // Closed form of one feature: ŷ ± t·s·√(1 + 1/n + (x − x̄)²/Sxx), t of 3 degrees of freedom at 95 % certified as 3.182446305283709
  it("says between which values new rows lie", async () => {
    const table = folder.write("five.csv", ["x,y", "1,2", "2,3", "3,5", "5,4", "9,9"].join("\n"));
    const model = join(folder.path, "five.json");
    const fitted = await callDescend("fit", table, "--target", "y", "--test-fraction", "0", "--scale", "robust", "--save", model, "--json");
    expect(fitted.code).toBe(0);
    const run = await callDescend("predict", model, folder.write("seven.csv", "x\n7\n"), "--interval", "0.95");
    const [header, line] = run.stdout.trim().split("\n");
    expect(header).toBe("row,predicted y,lower,upper");
    const [, value, lower, upper] = line!.split(",").map(Number) as [number, number, number, number];
    const residuals = [[1, 2], [2, 3], [3, 5], [5, 4], [9, 9]].map(([x, y]) => y! - 1.4 - 0.8 * x!); // biome-ignore format: a table
    const s = Math.sqrt(residuals.reduce((sum, r) => sum + r * r, 0) / 3);
    expect(value).toBeCloseTo(7, 10);
    const half = 3.182446305283709 * s * Math.sqrt(1 + 1 / 5 + 9 / 40);
    expect([lower, upper].map((end) => Math.round(1e8 * end))).toEqual([7 - half, 7 + half].map((end) => Math.round(1e8 * end)));
    const [low, high] = fitted.json().confidenceIntervals.x;
    expect((high - low) / 2).toBeCloseTo((3.182446305283709 * s) / Math.sqrt(40), 9);
  });

  it("is refused for models without intervals, and for shares that are none", async () => {
    const table = folder.write("classes.csv", ["x,c", "1,a", "2,b", "3,a", "4,b", "5,b"].join("\n"));
    const model = join(folder.path, "classes.json");
    await callDescend("fit", table, "--target", "c", "--test-fraction", "0", "--save", model);
    const run = await callDescend("predict", model, table, "--interval", "0.95");
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining("no theory of them for logistic")]);
    expect((await callDescend("predict", model, table, "--interval", "95")).code).toBe(2);
  });

  it("refuses a scale it does not know", async () => {
    const table = folder.write("scale.csv", ["x,y", "1,2", "2,3", "3,5"].join("\n"));
    expect((await callDescend("fit", table, "--target", "y", "--scale", "minmax")).code).toBe(2);
  });
});
