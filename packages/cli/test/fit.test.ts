import { readFileSync } from "node:fs";
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
    expect(run.stdout).toMatch(/^a +2 +\S+ +\S+ … \S+ +2$/m);
    expect(run.stdout).toMatch(/^b +-5 +\S+ +\S+ … \S+ +-5$/m);
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

  it("goes through the origin with --no-intercept (oracle: NIST's NoInt1)", async () => {
    // Eberhardt, as certified by the Statistical Reference Datasets: slope 2.07438016528926, standard deviation 0.0165289256198347
    const rows = Array.from({ length: 11 }, (_, i) => `${60 + i},${130 + i}`);
    const path = folder.write("no-intercept.csv", `x,y\n${rows.join("\n")}`);
    const [model, options] = [join(folder.path, "origin.json"), ["--target", "y", "--no-intercept", "--test-fraction", "0", "--json"]];
    const result = (await callDescend("fit", path, ...options, "--save", model)).json();
    expect(Object.keys(result.coefficients)).toEqual(["x"]);
    expect(Math.abs(result.coefficients.x / 2.07438016528926 - 1)).toBeLessThan(1e-12);
    expect(Math.abs(result.standardErrors.x / 0.0165289256198347 - 1)).toBeLessThan(1e-10);
    expect(result.verdict).toBe("converged");
    const updated = await callDescend("fit", path, "--update", model, "--save", model);
    expect(updated.stderr).toContain("expected a model with an intercept");
    const streamed = (await callDescend("fit", path, ...options, "--stream")).json();
    expect(Math.abs(streamed.coefficients.x / 2.07438016528926 - 1)).toBeLessThan(1e-12);
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

// biome-ignore lint/suspicious/noExplicitAny: the shape of the reference file
type Reference = any;
/** Everything is compared in standardized weights, relative to the largest: the bar is 10⁻⁶. */
const REFERENCE_DIGITS = 1e-6;

describe.skipIf(models === undefined)("descend fit with penalties on raw tables (reference: independent programs; needs ../shared)", () => {
  const largestDifference = (entry: Reference, coef: readonly number[], fitted: Record<string, number>): number => {
    const scale = Math.max(...coef.map(Math.abs));
    return Math.max(...entry.features.map((name: string, k: number) => Math.abs(fitted[name]! * entry.stds[k] - coef[k]!) / scale));
  };
  const fit = async (data: string, ...args: readonly string[]): Promise<Reference> =>
    (await callDescend("fit", dataPath(data)!, ...args, "--test-fraction", "0", "--json")).json();

  const regressions = (models?.regression ?? []).flatMap((entry: Reference) => [
    ...entry.ridge.map((one: Reference) => ({
      entry,
      one,
      name: `ridge α ${one.alpha}`,
      args: ["--model", "ridge", "--alpha", one.alpha],
    })),
    ...entry.elasticNet.map((one: Reference) => ({
      entry,
      one,
      name: `elastic net α ${one.alpha}, l1 share ${one.l1Ratio}`,
      args: ["--model", "elastic-net", "--alpha", one.alpha, "--l1-ratio", one.l1Ratio],
    })),
    ...entry.huber.map((one: Reference) => ({
      entry,
      one,
      name: `Huber δ ${one.delta}`,
      args: ["--model", "huber", "--delta", one.delta],
    })),
  ]);
  it.each<[string, Reference]>(regressions.map((each: Reference): [string, Reference] => [`${each.entry.data}: ${each.name}`, each]))(
    "%s",
    async (_, { entry, one, args }) => {
      const result = await fit(entry.data, "--target", entry.target, ...args.map(String));
      expect(result.converged).toBe(true);
      expect(largestDifference(entry, one.coef, result.coefficients)).toBeLessThan(REFERENCE_DIGITS);
    },
  );

  const binary = (models?.binary ?? []).flatMap((entry: Reference) => entry.logistic.map((one: Reference) => ({ entry, one })));
  it.each<[string, Reference]>(
    binary.map((each: Reference): [string, Reference] => [`${each.entry.data}: logistic λ ${each.one.lambda}`, each]),
  )("%s", async (_, { entry, one }) => {
    const rows = entry.data !== "iris.csv" ? [] : ["--query", "SELECT * FROM data WHERE species IN ('versicolor', 'virginica')"];
    const result = await fit(
      entry.data,
      ...rows,
      "--target",
      entry.target,
      "--features",
      entry.features.join(","),
      "--l2",
      String(one.lambda),
    );
    expect(result).toMatchObject({ model: "logistic", converged: true });
    // The score is that of the second class in order
    const sign = String(result.classes[1]) === String(entry.positive) ? 1 : -1;
    expect(
      largestDifference(
        entry,
        one.coef.map((value: number) => sign * value),
        result.coefficients,
      ),
    ).toBeLessThan(REFERENCE_DIGITS);
  });

  const multiclass = (models?.multiclass ?? []).flatMap((entry: Reference) => entry.softmax.map((one: Reference) => ({ entry, one })));
  it.each<[string, Reference]>(
    multiclass.map((each: Reference): [string, Reference] => [`${each.entry.data}: softmax λ ${each.one.lambda}`, each]),
  )("%s", async (_, { entry, one }) => {
    const result = await fit(entry.data, "--target", entry.target, "--model", "softmax", "--l2", String(one.lambda));
    expect(result.converged).toBe(true);
    expect(result.objective).toBeDefined();
    expect(Math.abs(result.value / one.objective - 1)).toBeLessThan(1e-9);
    expect(Math.abs(result.metrics.train.logLoss / one.crossEntropy - 1)).toBeLessThan(REFERENCE_DIGITS);
  });
});

describe("descend fit with every model", () => {
  // Oracles: the target's own rule, and what each penalty is known to do
  const rows = Array.from({ length: 60 }, (_, i) => ({ a: (i * 7) % 13, b: (i * 5) % 11, c: (i * 3) % 7 }));
  const csv = (column: (row: { a: number; b: number; c: number }, i: number) => string): string =>
    ["a,b,c,y", ...rows.map((row, i) => `${row.a},${row.b},${row.c},${column(row, i)}`)].join("\n");
  const numbers = folder.write(
    "numbers.csv",
    csv(({ a, b }, i) => String(3 * a - 2 * b + ((i * 11) % 5) / 10)),
  );
  const classes = folder.write(
    "classes.csv",
    csv(({ a, b }, i) => (a + ((i * 11) % 5) > b + 3 ? "yes" : "no")),
  );
  const three = folder.write(
    "three.csv",
    csv(({ a, b }, i) => "abc"[(a + ((i * 11) % 5) > b + 3 ? 1 : 0) + (b > 7 ? 1 : 0)]!),
  );

  it.each([
    [numbers, "linear", "the target is a number"],
    [classes, "logistic", "the target has two values, no and yes"],
    [three, "softmax", "the target has 3 classes"],
  ])("chooses the model from the target and says why: %s → %s", async (path, model, reason) => {
    const result = (await callDescend("fit", path, "--target", "y", "--json")).json();
    expect(result).toMatchObject({ model, modelReason: reason, converged: true });
  });

  it.each([
    ["ridge", numbers, ["--alpha", "100"]],
    ["lasso", numbers, ["--alpha", "0.5"]],
    ["elastic-net", numbers, ["--alpha", "0.5", "--l1-ratio", "0.3"]],
    ["huber", numbers, ["--delta", "0.1"]],
    ["logistic", classes, ["--l2", "0.1"]],
    ["softmax", classes, ["--l1", "0.02", "--l2", "0.01"]],
  ])("takes --model %s with its options, and converges", async (model, path, options) => {
    const result = (await callDescend("fit", path, "--target", "y", "--model", model, ...options, "--json")).json();
    expect(result).toMatchObject({ model, converged: true });
  });

  it("knows ridge, lasso and elastic net by their penalties alone, the same as by name", async () => {
    const weight = ["--test-fraction", "0", "--json"];
    const fit = async (...args: string[]): Promise<ReturnType<JSON["parse"]>> =>
      (await callDescend("fit", numbers, "--target", "y", ...args, ...weight)).json();
    const [byL2, byName] = [await fit("--l2", "0.4"), await fit("--model", "ridge", "--l2", "0.4")];
    expect(byL2.model).toBe("ridge");
    expect(byL2.coefficients).toEqual(byName.coefficients);
    // J = (1/2m)Σr² + (l2/2)‖w‖² is Σr² + α‖w‖² with α = l2·m
    const byAlpha = await fit("--model", "ridge", "--alpha", String(0.4 * 60));
    for (const [name, value] of Object.entries<number>(byAlpha.coefficients)) expect(byL2.coefficients[name]).toBeCloseTo(value, 9);
    expect((await fit("--l1", "0.4")).model).toBe("lasso");
    const { settings } = await fit("--l1", "0.4", "--l2", "0.1");
    expect([settings.kind, settings.l1]).toEqual(["elastic-net", 0.4]);
    expect(settings.l2).toBeCloseTo(0.1, 15);
  });

  it("puts all weights to 0 under a large enough lasso, and predicts the mean", async () => {
    const result = (await callDescend("fit", numbers, "--target", "y", "--l1", "1e4", "--test-fraction", "0", "--json")).json();
    const { intercept, ...weights } = result.coefficients;
    expect(Object.values(weights)).toEqual([0, 0, 0]);
    expect(result.metrics.train.r2).toBeCloseTo(0, 12);
    expect(Number.isFinite(intercept)).toBe(true);
  });

  it("recovers a polynomial exactly with --polynomial", async () => {
    const path = folder.write(
      "quadratic.csv",
      csv(({ a, b }) => String(1 + 2 * a * b - 3 * b * b)),
    );
    const result = (await callDescend("fit", path, "--target", "y", "--features", "a,b", "--polynomial", "2", "--json")).json();
    expect(result.coefficients.a·b).toBeCloseTo(2, 8);
    expect(result.coefficients["b²"]).toBeCloseTo(-3, 8);
    expect(result.coefficients.intercept).toBeCloseTo(1, 7);
  });

  it("judges on folds: every row once, with the spread", async () => {
    const result = (await callDescend("fit", numbers, "--target", "y", "--cv", "5", "--json")).json();
    expect(result.crossValidation).toMatchObject({ folds: 5, notConverged: 0 });
    expect(result.crossValidation.metrics.r2.mean).toBeGreaterThan(0.99);
    expect(result.crossValidation.metrics.rmse.deviation).toBeGreaterThan(0);
  });

  it("counts epochs of batches, and does not call a budget converged", async () => {
    const args = ["--method", "sgd", "--batch", "8", "--epochs", "3", "--json"];
    const result = (await callDescend("fit", numbers, "--target", "y", ...args)).json();
    // 48 rows to learn from: 6 batches an epoch
    expect(result).toMatchObject({ steps: 18, epochs: 3, converged: false, verdict: "budget" });
  });

  it("shows what happens without scaling: the same minimum, a worse condition", async () => {
    const path = folder.write(
      "scales.csv",
      csv(({ a, b }, i) => String(3 * a - 2 * b + ((i * 11) % 5) / 10)).replaceAll(/^(\d+),/gm, "$1000,"),
    );
    const scaled = (await callDescend("fit", path, "--target", "y", "--json")).json();
    const plain = (await callDescend("fit", path, "--target", "y", "--no-scale", "--json")).json();
    expect(plain.conditionNumber).toBeGreaterThan(1e4 * scaled.conditionNumber);
    expect(plain.coefficients.a).toBeCloseTo(scaled.coefficients.a, 8);
  });

  it("tells the use of every column; of many columns those of the same use in one line", async () => {
    const few = await callDescend("fit", cars, "--target", "Miles_per_Gallon");
    expect(few.stdout).toMatch(/^Origin +VARCHAR +feature: base USA against Europe and Japan$/m);
    expect(few.stdout).toMatch(/^Horsepower +BIGINT +feature: 4 missing: the median, 95, and a feature "Horsepower missing"$/m);
    expect(few.stdout).toMatch(/^Name +VARCHAR +not used: 311 different values in 406 rows/m);
    const names = Array.from({ length: 40 }, (_, k) => `x${k}`);
    const lines = Array.from({ length: 50 }, (_, i) => [...names.map((_, k) => (k < 10 ? 7 : (i * (k + 3)) % 17)), i % 5].join(","));
    const many = await callDescend("fit", folder.write("many.csv", [[...names, "y"].join(","), ...lines].join("\n")), "--target", "y");
    expect(many.stdout).toMatch(/^x0, x1, x2 and 7 more +BIGINT +not used: constant \(7\)$/m);
    expect(many.stdout).toMatch(/^x10, x11, x12 and \d+ more +BIGINT +feature$/m);
  });

  it("fits the answer to a query", async () => {
    const query = "SELECT a, b, a * b AS product, y FROM data WHERE c > 2";
    const result = (await callDescend("fit", numbers, "--query", query, "--target", "y", "--json")).json();
    expect(result.features).toEqual(["a", "b", "product"]);
    expect(result.rows.read).toBe(rows.filter(({ c }) => c > 2).length);
  });

  it("writes report, plot and model beside the verdict, and says so on standard error", async () => {
    const [report, plot, model] = ["report.html", "loss.svg", "model.json"].map((name) => join(folder.path, name)) as [
      string,
      string,
      string,
    ];
    for (const path of [numbers, classes, three]) {
      const run = await callDescend("fit", path, "--target", "y", "--report", report, "--plot", plot, "--save", model, "--lang", "zh");
      expect(run.code).toBe(0);
      expect(run.stderr).toMatch(/模型已保存[\s\S]*报告已写入[\s\S]*图已写入/);
      expect(readFileSync(report, "utf8")).toMatch(/<html lang="zh[\s\S]*<\/html>\s*$/);
      expect(readFileSync(plot, "utf8")).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
      expect(JSON.parse(readFileSync(model, "utf8"))).toMatchObject({ format: "descend-table-model", version: 1, target: { column: "y" } });
    }
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
