import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { callDescend, temporaryFolder } from "./run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const counts = [1, 2, 1, 3, 0, 2, 5, 1];
const lines = counts.map(
  (_, i) => `${i},${(i * 5) % 7},${(3 + 2 * i - ((i * 5) % 7) + Math.sin(i)).toFixed(6)},${i % 3 === 0 ? "yes" : "no"}`,
);
const weighted = folder.write("weighted.csv", ["x,z,y,c,n", ...lines.map((line, i) => `${line},${counts[i]}`)].join("\n"));
/** Every row as often as it counts. */
const repeated = folder.write("repeated.csv", ["x,z,y,c", ...lines.flatMap((line, i) => new Array(counts[i]).fill(line))].join("\n"));
const shared = ["--features", "x,z", "--test-fraction", "0", "--json"];

describe("--weights", () => {
  // Oracle: the table in which each row stands as often as it counts
  it.each([
    ["linear", ["--target", "y"]],
    ["lasso", ["--target", "y", "--l1", "0.1"]],
    ["logistic", ["--target", "c", "--l2", "0.01"]],
  ] as const)("fits as if each row stood there as often as it counts: %s", async (_, target) => {
    const one = (await callDescend("fit", weighted, ...target, "--weights", "n", ...shared)).json();
    const many = (await callDescend("fit", repeated, ...target, ...shared)).json();
    for (const [name, value] of Object.entries<number>(many.coefficients)) expect(one.coefficients[name]).toBeCloseTo(value, 9);
    for (const [name, value] of Object.entries<number | null>(many.standardErrors)) {
      if (value === null) expect(one.standardErrors[name]).toBeNull();
      else expect(one.standardErrors[name]).toBeCloseTo(value, 9);
    }
    expect(one.weights).toBe("n");
    expect(one.features).toEqual(["x", "z"]);
  });

  it("weighs the rows of a streamed table as well", async () => {
    const one = (await callDescend("fit", weighted, "--target", "y", "--weights", "n", "--stream", ...shared)).json();
    const many = (await callDescend("fit", repeated, "--target", "y", ...shared)).json();
    for (const [name, value] of Object.entries<number>(many.coefficients)) expect(one.coefficients[name]).toBeCloseTo(value, 9);
    for (const [name, value] of Object.entries<number>(many.standardErrors)) expect(one.standardErrors[name]).toBeCloseTo(value, 9);
  });

  it("is no feature, leaves out rows without it, and is told in report and model", async () => {
    const path = folder.write("gap.csv", ["x,y,n", "1,1,1", "2,3,", "3,4,2", "4,7,1", "5,6,1"].join("\n"));
    const place = (name: string): string => join(folder.path, name);
    const run = await callDescend(
      "fit",
      path,
      "--target",
      "y",
      "--weights",
      "n",
      "--test-fraction",
      "0",
      "--json",
      "--save",
      place("model.json"),
      "--report",
      place("report.html"),
    );
    expect(run.json()).toMatchObject({ features: ["x"], rows: { read: 5, droppedMissing: 1, train: 4 } });
    expect(JSON.parse(readFileSync(place("model.json"), "utf8")).origin.weights).toBe("n");
    expect(readFileSync(place("report.html"), "utf8")).toContain("row weight");
  });

  it.each([
    ["a name that is not there", ["--weights", "m"], 3, "COLUMN_UNKNOWN"],
    ["text", ["--weights", "c"], 3, "COLUMN_NOT_NUMERIC"],
    ["the target", ["--weights", "y"], 2, "OPTIONS_CONFLICT"],
    ["negative numbers", ["--weights", "negative"], 3, "DATA_NOT_FINITE"],
    ["zeros alone", ["--weights", "zero"], 2, "OPTION_OUT_OF_RANGE"],
  ] as const)("refuses %s", async (_, flags, code, word) => {
    const path = folder.write("bad-weights.csv", ["x,y,c,negative,zero", "1,1,a,1,0", "2,3,b,-1,0", "3,4,a,1,0"].join("\n"));
    const run = await callDescend("fit", path, "--target", "y", "--features", "x", "--test-fraction", "0", "--json", ...flags);
    expect(run.code).toBe(code);
    expect(run.stdout + run.stderr).toContain(word);
  });
});

describe("--class-weights", () => {
  // Oracle: the same numbers as row weights
  it("counts the rows of a class as often as it says", async () => {
    const byRow = folder.write("by-row.csv", ["x,z,y,c,n", ...lines.map((line) => `${line},${line.endsWith("yes") ? 3 : 0.5}`)].join("\n"));
    const flags = ["--target", "c", "--l2", "0.01", ...shared];
    const byClass = (await callDescend("fit", byRow, ...flags, "--class-weights", "yes=3,no=0.5")).json();
    const asRows = (await callDescend("fit", byRow, ...flags, "--weights", "n")).json();
    expect(byClass.coefficients).toEqual(asRows.coefficients);
    expect(byClass.findings.map(({ code }: { code: string }) => code)).toContain("CLASSES_WEIGHTED");
  });

  // Oracle: 8 rows, 3 of them yes: 8/(2·3) and 8/(2·5)
  it("balances classes", async () => {
    const flags = ["--target", "c", "--l2", "0.01", ...shared];
    const balanced = (await callDescend("fit", weighted, ...flags, "--class-weights", "balanced")).json();
    const by = (await callDescend("fit", weighted, ...flags, "--class-weights", `yes=${8 / 6},no=${8 / 10}`)).json();
    expect(balanced.coefficients).toEqual(by.coefficients);
  });

  it.each([
    ["a class that is not there", "--target c --class-weights maybe=2", 2, "OPTION_UNKNOWN"],
    ["a target of numbers", "--target y --class-weights balanced", 2, "OPTIONS_CONFLICT"],
    ["what is no number", "--target c --class-weights yes=many", 2, "balanced"],
    ["a class given twice", "--target c --class-weights yes=1,yes=2", 2, "balanced"],
  ] as const)("refuses %s", async (_, flags, code, word) => {
    const run = await callDescend("fit", weighted, ...flags.split(" "), ...shared);
    expect(run.code).toBe(code);
    expect(run.stdout + run.stderr).toContain(word);
  });
});
