import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { leastSquaresByQr } from "descend";
import { afterAll, describe, expect, it } from "vitest";
import { dataPath, referenceJson } from "../../descend/test/reference-data.js";
import { callDescend, inTurn, runDescend, temporaryFolder } from "./run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const cars = fileURLToPath(new URL("../../../node_modules/vega-datasets/data/cars.json", import.meta.url));
/** y = 3 + 2a − 5b on a grid: exact, so every oracle is a closed form. */
const plane = [
  "a,b,y",
  ...Array.from({ length: 30 }, (_, i) => `${i % 6},${Math.floor(i / 6)},${3 + 2 * (i % 6) - 5 * Math.floor(i / 6)}`),
].join("\n");

describe("descend fit", () => {
  it("recovers the coefficients of an exact plane and judges it perfect", async () => {
    const run = await callDescend("fit", folder.write("plane.csv", plane), "--target", "y", "--json");
    expect(run.code).toBe(0);
    const result = run.json();
    expect(result).toMatchObject({
      model: "linear",
      target: "y",
      verdict: "converged",
      converged: true,
      terminationReason: "gradient-tolerance",
    });
    expect(result.coefficients.intercept).toBeCloseTo(3, 10);
    expect(result.coefficients.a).toBeCloseTo(2, 10);
    expect(result.coefficients.b).toBeCloseTo(-5, 10);
    expect(result.metrics.train.rows + result.metrics.test.rows).toBe(30);
    expect(result.metrics.test.rows).toBe(6);
    expect(result.metrics.test.r2).toBeCloseTo(1, 12);
    expect(result.metrics.test.rmse).toBeLessThan(1e-9);
    expect(result.steps).toBeGreaterThan(0);
    expect(result.seconds).toBeGreaterThan(0);
    expect(result.findings).toEqual([]);
  });

  it("agrees with QR on the rows of the cars table to 10⁻⁸ relative, and says what it left out", async () => {
    const run = await callDescend("fit", cars, "--target", "Miles_per_Gallon", "--json");
    expect(run.code).toBe(0);
    const result = run.json();
    expect(result.verdict).toBe("converged");
    // Known of this table: 8 cars without consumption, 6 without horsepower; 254 from the USA, 79 from Japan, 73 from Europe
    expect(result.rows).toMatchObject({
      read: 406,
      droppedMissing: 8,
      droppedInfinite: 0,
      filled: { Horsepower: 6 },
      train: 318,
      test: 80,
    });
    expect(result.features).toEqual([
      "Cylinders",
      "Displacement",
      "Horsepower",
      "Horsepower missing",
      "Weight_in_lbs",
      "Acceleration",
      "Year (days since 1970-01-01)",
      "Origin=Europe",
      "Origin=Japan",
    ]);
    expect(result.setAside.map(({ column }: { column: string }) => column)).toEqual(["Name"]);
    expect(result.closedForm.largestDifference).toBeLessThan(1e-8);
    for (const [name, value] of Object.entries<number>(result.closedForm.coefficients)) {
      expect(Math.abs(result.coefficients[name] / value - 1)).toBeLessThan(1e-8);
    }
  });

  it("prints for people the numbers it prints for programs", async () => {
    const path = folder.write("plane-text.csv", plane);
    const run = await runDescend("fit", path, "--target", "y");
    expect(run.code).toBe(0);
    expect(run.stderr).toBe("");
    expect(run.stdout).toMatch(/^a +2 +\S+ +2$/m);
    expect(run.stdout).toMatch(/^b +-5 +\S+ +-5$/m);
    expect(run.stdout).toMatch(/^converged: /m);
  });

  it("gives the same bits for the same seed and another split for another", async () => {
    const [first, again, other] = await inTurn([7, 7, 8], (seed) =>
      callDescend("fit", cars, "--target", "Miles_per_Gallon", "--seed", String(seed), "--json"),
    );
    const { seconds: _1, ...one } = first!.json();
    const { seconds: _2, ...two } = again!.json();
    expect(two).toEqual(one);
    expect(other!.json().coefficients).not.toEqual(one.coefficients);
  });

  it("does not call a fit cut short by --max-steps converged, and ends with code 1", async () => {
    const run = await callDescend(
      "fit",
      cars,
      "--target",
      "Miles_per_Gallon",
      "--method",
      "gradient-descent",
      "--max-steps",
      "3",
      "--json",
    );
    expect(run.code).toBe(1);
    expect(run.json()).toMatchObject({ verdict: "budget", terminationReason: "max-steps", converged: false, steps: 3 });
  });

  it.each(["gradient-descent", "momentum", "nesterov"])(
    "%s with the learning rate of the curvature reaches the same coefficients",
    async (method) => {
      const run = await callDescend("fit", cars, "--target", "Miles_per_Gallon", "--method", method, "--json");
      expect(run.code).toBe(0);
      expect(run.json().closedForm.largestDifference).toBeLessThan(1e-8);
    },
  );

  it("does not call a diverging learning rate converged", async () => {
    const run = await callDescend(
      "fit",
      cars,
      "--target",
      "Miles_per_Gallon",
      "--method",
      "gradient-descent",
      "--learning-rate",
      "10",
      "--json",
    );
    expect(run.code).toBe(1);
    expect(run.json().converged).toBe(false);
  });

  it("takes all rows for training with --test-fraction 0", async () => {
    const result = (await callDescend("fit", folder.write("all.csv", plane), "--target", "y", "--test-fraction", "0", "--json")).json();
    expect(result.metrics.train.rows).toBe(30);
    expect(result.metrics.test).toBeNull();
  });

  it("predicts the same whatever the units of the columns (scaled by 10⁻⁶, shifted by 10⁶)", async () => {
    const noisy = Array.from({ length: 40 }, (_, i) => ({
      a: i % 7,
      b: (i * i) % 11,
      y: 1 + (i % 7) - 2 * ((i * i) % 11) + ((i * 37) % 13) / 13,
    }));
    const text = (f: (row: { a: number; b: number; y: number }) => string): string => ["a,b,y", ...noisy.map(f)].join("\n");
    const plain = (
      await callDescend(
        "fit",
        folder.write(
          "units1.csv",
          text(({ a, b, y }) => `${a},${b},${y}`),
        ),
        "--target",
        "y",
        "--json",
      )
    ).json();
    const other = (
      await callDescend(
        "fit",
        folder.write(
          "units2.csv",
          text(({ a, b, y }) => `${a * 1e-6},${b + 1e6},${y}`),
        ),
        "--target",
        "y",
        "--json",
      )
    ).json();
    expect(Math.abs((other.coefficients.a * 1e-6) / plain.coefficients.a - 1)).toBeLessThan(1e-8);
    expect(Math.abs(other.coefficients.b / plain.coefficients.b - 1)).toBeLessThan(1e-8);
    expect(Math.abs(other.metrics.test.rmse / plain.metrics.test.rmse - 1)).toBeLessThan(1e-8);
  });

  it("reads TSV, NDJSON and semicolons with a byte-order mark, CRLF, quotes and Chinese names", async () => {
    const rows = Array.from({ length: 12 }, (_, i) => ({ 面积: 50 + 3 * i, 房价: 10 + 2 * (50 + 3 * i), note: `a "b", ${i}` }));
    const csv = `\ufeff面积;房价;note\r\n${rows.map((r) => `${r.面积};${r.房价};"${r.note.replaceAll('"', '""')}"`).join("\r\n")}\r\n`;
    const tsv = `面积\t房价\n${rows.map((r) => `${r.面积}\t${r.房价}`).join("\n")}\n`;
    const ndjson = rows.map((row) => JSON.stringify(row)).join("\n");
    const paths = [
      folder.write("房价.csv", csv),
      folder.write("t.tsv", tsv),
      folder.write("t.ndjson", ndjson),
      folder.write("it's [1].json", JSON.stringify(rows)),
    ];
    for (const run of await inTurn(paths, (path) => callDescend("fit", path, "--target", "房价", "--json"))) {
      expect(run.code).toBe(0);
      expect(run.json().coefficients.面积).toBeCloseTo(2, 10);
      expect(run.json().coefficients.intercept).toBeCloseTo(10, 8);
    }
  });
});

describe("descend fit on tables with faults that have a stated treatment", () => {
  const numbered = (line: (i: number) => string, header: string): string =>
    [header, ...Array.from({ length: 20 }, (_, i) => line(i))].join("\n");

  it("sets constant columns aside by name", async () => {
    const result = (
      await callDescend(
        "fit",
        folder.write(
          "c.csv",
          numbered((i) => `${i},5,${2 * i}`, "x,k,y"),
        ),
        "--target",
        "y",
        "--json",
      )
    ).json();
    expect(result.features).toEqual(["x"]);
    expect(result.setAside).toEqual([{ column: "k", code: "constant", detail: "5", reason: "constant (5)" }]);
  });

  it("drops rows with missing and infinite values on request and counts each", async () => {
    const path = folder.write(
      "m.csv",
      numbered((i) => `${i === 3 ? "NA" : i === 4 ? "inf" : i},${i === 5 ? "" : 2 * i}`, "x,y"),
    );
    const result = (await callDescend("fit", path, "--target", "y", "--missing", "drop", "--json")).json();
    expect(result.rows).toMatchObject({ read: 20, droppedMissing: 2, droppedInfinite: 1 });
    expect(result.coefficients.x).toBeCloseTo(2, 10);
  });

  it("says so where a column depends on the others, and predicts all the same", async () => {
    const run = await callDescend(
      "fit",
      folder.write(
        "d.csv",
        numbered((i) => `${i},${3 * i},${2 * i + (i % 3)}`, "x,z,y"),
      ),
      "--target",
      "y",
      "--json",
    );
    const result = run.json();
    expect(result.closedForm).toBeNull();
    expect(result.findings.map(({ code }: { code: string }) => code)).toContain("DEPENDENT_COLUMNS");
    // The combined effect of x and z = 3x is determined: compare with the fit on x alone by QR
    const alone = (
      await callDescend(
        "fit",
        folder.write(
          "d1.csv",
          numbered((i) => `${i},${2 * i + (i % 3)}`, "x,y"),
        ),
        "--target",
        "y",
        "--json",
      )
    ).json();
    expect(result.coefficients.x + 3 * result.coefficients.z).toBeCloseTo(alone.coefficients.x, 8);
  });

  it("says so where coefficients outnumber rows", async () => {
    const result = (
      await callDescend(
        "fit",
        folder.write("u.csv", "a,b,c,y\n1,2,4,1\n2,1,3,2\n3,5,1,4\n"),
        "--target",
        "y",
        "--test-fraction",
        "0",
        "--json",
      )
    ).json();
    expect(result.findings.map(({ code }: { code: string }) => code)).toContain("UNDERDETERMINED");
  });

  it("names duplicate headers", async () => {
    const result = (
      await callDescend(
        "fit",
        folder.write(
          "dup.csv",
          numbered((i) => `${i},${i * i},${2 * i}`, "x,x,y"),
        ),
        "--target",
        "y",
        "--json",
      )
    ).json();
    expect(result.features).toEqual(["x", "x_1"]);
    expect(result.findings[0]).toMatchObject({ code: "DUPLICATE_NAMES", columns: ["x"] });
  });

  it("reads a table without names with --no-header", async () => {
    const result = (
      await callDescend(
        "fit",
        folder.write(
          "n.csv",
          numbered((i) => `${i},${7 - 2 * i}`, "0,7"),
        ),
        "--no-header",
        "--target",
        "column1",
        "--json",
      )
    ).json();
    expect(result.rows.read).toBe(21);
    expect(result.coefficients.column0).toBeCloseTo(-2, 10);
  });
});

const models = referenceJson("models.json");
describe.skipIf(models === undefined)("descend fit on real tables (reference: independent programs; needs ../shared)", () => {
  it.each(["engel.csv", "stackloss.csv", "diabetes.csv", "winequality-red.csv"])(
    "%s: coefficients agree to 8 digits from the raw table",
    async (file) => {
      // biome-ignore lint/suspicious/noExplicitAny: the shape of the reference file
      const { target, olsRaw } = models.regression.find((entry: any) => entry.data === file);
      const result = (await callDescend("fit", dataPath(file)!, "--target", target, "--test-fraction", "0", "--json")).json();
      expect(result.converged).toBe(true);
      expect(Math.abs(result.coefficients.intercept / olsRaw.intercept - 1)).toBeLessThan(1e-8);
      olsRaw.features.forEach((name: string, k: number) => {
        expect(Math.abs(result.coefficients[name] / olsRaw.coef[k] - 1)).toBeLessThan(1e-8);
      });
      expect(Math.abs(result.metrics.train.r2 / olsRaw.rSquared - 1)).toBeLessThan(1e-10);
    },
  );
});

/** Each row: what is wrong, the file (null: none is written), arguments after the path, exit code, error code. */
const badInputs: readonly (readonly [string, string | Uint8Array | null, readonly string[], number, string | undefined])[] = [
  ["a file that is not there", null, ["--target", "y"], 3, "FILE_UNREADABLE"],
  ["an empty file", "", ["--target", "y"], 3, "DATA_EMPTY"],
  ["a file of blanks", " \n\n  \n", ["--target", "y"], 3, "DATA_EMPTY"],
  ["a header only", "x,y\n", ["--target", "y"], 3, "DATA_EMPTY"],
  ["one row", "x,y\n1,2\n", ["--target", "y"], 3, "ROWS_TOO_FEW"],
  ["a target that is not a column", "x,price\n1,2\n2,3\n", ["--target", "pirce"], 3, "COLUMN_UNKNOWN"],
  ["a target of names", "x,y\n1,a\n2,b\n3,c\n", ["--target", "y"], 3, "CLASSES_TOO_MANY"],
  ["a target of text for a model of numbers", "x,y\n1,a\n2,b\n3,a\n", ["--target", "y", "--model", "ridge"], 3, "COLUMN_NOT_NUMERIC"],
  ["a target of dates", "x,y\n1,2020-01-01\n2,2020-01-02\n", ["--target", "y"], 3, "COLUMN_NOT_NUMERIC"],
  ["a constant target", "x,y\n1,5\n2,5\n3,5\n", ["--target", "y"], 3, "TARGET_CONSTANT"],
  ["no column but the target", "y\n1\n2\n3\n", ["--target", "y"], 3, "FEATURES_EMPTY"],
  ["text columns only beside the target", "a,y\nu,1\nv,2\nw,3\n", ["--target", "y"], 3, "FEATURES_EMPTY"],
  ["constant columns only beside the target", "a,y\n7,1\n7,2\n7,3\n", ["--target", "y"], 3, "FEATURES_EMPTY"],
  ["a missing value in every row", "a,b,y\n1,,1\n,2,2\n3,,3\n", ["--target", "y", "--missing", "drop"], 3, "DATA_EMPTY"],
  ["a target without any value", "x,y\n1,\n2,\n3,\n", ["--target", "y"], 3, undefined],
  ["a line with too few fields", "a,b,y\n1,2,3\n4,5\n6,7,8\n", ["--target", "y"], 3, "TABLE_MALFORMED"],
  ["a line with too many fields", "a,b,y\n1,2,3\n4,5,6,7\n6,7,8\n", ["--target", "y"], 3, "TABLE_MALFORMED"],
  ["a quote that never closes", 'a,y\n"1,2\n3,4\n5,6\n', ["--target", "y"], 3, undefined],
  ["a binary file", Uint8Array.from({ length: 512 }, (_, i) => (i * 7) % 256), ["--target", "y"], 3, "TABLE_MALFORMED"],
  ["UTF-16", Buffer.from("\ufeffx,y\n1,2\n3,4\n", "utf16le"), ["--target", "y"], 3, "TABLE_MALFORMED"],
  [
    "Chinese in an older encoding",
    Uint8Array.of(0xc3, 0xe6, 0xbb, 0xfd, 0x2c, 0x79, 0x0a, 0x31, 0x2c, 0x32, 0x0a),
    ["--target", "y"],
    3,
    "TABLE_MALFORMED",
  ],
  ["numbers where names should be", "1,2\n3,4\n5,7\n", ["--target", "y"], 3, "TABLE_MALFORMED"],
  ["a fraction of 1", "x,y\n1,2\n2,3\n", ["--target", "y", "--test-fraction", "1"], 2, undefined],
  ["a seed that is no whole number", "x,y\n1,2\n2,3\n", ["--target", "y", "--seed", "1.5"], 2, undefined],
  ["a learning rate of 0", "x,y\n1,2\n2,3\n", ["--target", "y", "--learning-rate", "0"], 2, undefined],
  ["a learning rate that is no number", "x,y\n1,2\n2,3\n", ["--target", "y", "--learning-rate", "1e"], 2, undefined],
  ["an unknown flag", "x,y\n1,2\n2,3\n", ["--target", "y", "--lerning-rate", "1"], 2, undefined],
  ["an unknown method", "x,y\n1,2\n2,3\n4,4\n", ["--target", "y", "--method", "adamm"], 2, "OPTION_UNKNOWN"],
  ["no target", "x,y\n1,2\n2,3\n", [], 2, undefined],
];

describe("descend fit on bad input", () => {
  it.each(badInputs)("%s", async (what, content, args, code, errorCode) => {
    const path = content === null ? join(folder.path, "nowhere.csv") : folder.write(`${what.replaceAll(" ", "-")}.csv`, content);
    const run = await callDescend("fit", path, ...args, "--json");
    expect(run.code).toBe(code);
    expect(run.stderr).not.toMatch(/^\s+at /m);
    expect(run.stderr.trim()).not.toBe("");
    if (code === 3) expect(run.json().error.message).not.toBe("");
    if (errorCode !== undefined) expect(run.json().error.code).toBe(errorCode);
  });

  it("names the line with the wrong number of fields", async () => {
    const run = await callDescend("fit", folder.write("ragged.csv", "a,b,y\n1,2,3\n4,5,6\n7,8\n"), "--target", "y", "--json");
    expect(run.json().error.details).toMatchObject({ line: 4 });
  });

  it("suggests the column that was meant", async () => {
    const run = await callDescend("fit", folder.write("near.csv", "size,price\n1,2\n2,3\n"), "--target", "prise", "--json");
    expect(run.json().error.details.nearest).toBe("price");
  });

  it("refuses malformed JSON and a file that only claims to be Parquet", async () => {
    const paths = [folder.write("bad.json", '[{"a":1,'), folder.write("bad.parquet", "hello")];
    const runs = await inTurn(paths, (path) => callDescend("fit", path, "--target", "y", "--json"));
    for (const run of runs) {
      expect(run.code).toBe(3);
      expect(run.json().error.code).toBe("TABLE_MALFORMED");
    }
  });

  it.skipIf(process.getuid?.() === 0)(
    "refuses a file without permission (the superuser may read everything, so not tried as one)",
    async () => {
      const path = folder.write("secret.csv", "x,y\n1,2\n2,3\n");
      chmodSync(path, 0);
      const run = await callDescend("fit", path, "--target", "y", "--json");
      expect(run.code).toBe(3);
      expect(run.json().error.code).toBe("FILE_UNREADABLE");
    },
  );

  it("refuses a directory", async () => {
    mkdirSync(join(folder.path, "directory.csv"));
    const run = await callDescend("fit", join(folder.path, "directory.csv"), "--target", "y", "--json");
    expect(run.code).toBe(3);
    expect(run.json().error.code).toBe("FILE_UNREADABLE");
  });
});

describe("the closed form beside the descent", () => {
  it("is the solution of the normal equations on a table small enough to do by hand", () => {
    // y = 1, 2, 4 at x = 0, 1, 2: slope 3/2, intercept 5/6
    const { solution } = leastSquaresByQr(Float64Array.of(1, 1, 1, 0, 1, 2), 3, 2, Float64Array.of(1, 2, 4));
    expect(solution[0]).toBeCloseTo(5 / 6, 14);
    expect(solution[1]).toBeCloseTo(1.5, 14);
  });
});
