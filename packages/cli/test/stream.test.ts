import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { DataError } from "descend";
import { afterAll, describe, expect, it } from "vitest";
import { createSpillFile } from "../src/stream/spill-file.js";
import { callDescend, inTurn, type Run, temporaryFolder } from "./run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** More than one piece. */
const ROWS = 33_500;

/** In [0, 1), from two whole numbers: a mixer of 32 bits. */
function uniform(row: number, stream: number): number {
  let bits = Math.imul(row + 1, 0x9e3779b1) ^ Math.imul(stream + 1, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 16), 0x21f0aaad);
  bits = Math.imul(bits ^ (bits >>> 15), 0x735a2d97);
  return ((bits ^ (bits >>> 15)) >>> 0) / 2 ** 32;
}

/**
 * Numbers, gaps, a category and a date with gaps, true and false, a constant, a copy, an index, free
 * text, an infinite value, rows without target.
 */
const mixed = folder.write(
  "mixed.csv",
  [
    "id,a,b,copy,kind,day,flag,same,name,y",
    ...Array.from({ length: ROWS }, (_, i) => {
      const a = (uniform(i, 1) - 0.5) * 8 + 300;
      const b = uniform(i, 2) ** 3 * 1e-3;
      const kind = ["red", "green", "blue", "teal"][Math.floor(uniform(i, 3) ** 2 * 4)]!;
      const days = Math.floor(uniform(i, 4) * 900);
      const flag = uniform(i, 5) < 0.4;
      const y = 2 * a - 900 * b + (kind === "blue" ? 3 : 0) + days / 100 + (flag ? 1 : 0) + uniform(i, 6);
      const gap = (stream: number, value: string | number): string | number => (uniform(i, stream) < 0.03 ? "" : value);
      const day = new Date(Date.UTC(2020, 0, 1 + days)).toISOString().slice(0, 10);
      return [
        i,
        i === 777 ? "inf" : gap(7, a),
        b,
        b,
        gap(8, kind),
        gap(9, day),
        gap(10, String(flag)),
        5,
        `n${i}`,
        uniform(i, 11) < 0.001 ? "" : y,
      ].join(",");
    }),
  ].join("\n"),
);

const fit = async (...options: string[]): Promise<Run> => callDescend("fit", mixed, "--target", "y", "--json", ...options);

/** Relative; numbers near zero against 0.01, a thirtieth of the errors of the target. */
function expectClose(streamed: unknown, whole: unknown): void {
  if (typeof whole === "number") {
    expect(typeof streamed).toBe("number");
    expect(Math.abs((streamed as number) - whole)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(whole), 1e-2));
  } else if (whole !== null && typeof whole === "object") {
    expect(Object.keys(streamed as object)).toEqual(Object.keys(whole));
    for (const [key, value] of Object.entries(whole)) expectClose((streamed as Record<string, unknown>)[key], value);
  } else {
    expect(streamed).toEqual(whole);
  }
}

describe("a streamed table", () => {
  it("gives the coefficients, errors, metrics, rows and encodings of the same table in memory, to 10⁻⁹, whatever the squared-loss model", async () => {
    const choices = [
      [],
      ["--missing", "drop", "--seed", "7"],
      ["--model", "ridge", "--alpha", "0.1", "--test-fraction", "0"],
      ["--model", "lasso", "--alpha", "0.05", "--features", "a,kind,day"],
      ["--l1", "0.02", "--l2", "0.3", "--test-fraction", "0.5"],
    ];
    await inTurn(choices, async (options) => {
      const whole = (await fit(...options)).json();
      const run = await fit("--stream", ...options);
      const streamed = run.json();
      expect(run.code, run.stderr).toBe(0);
      expect(streamed.model).toBe(whole.model);
      expect(streamed.features).toEqual(whole.features);
      expect(streamed.rows).toEqual(whole.rows);
      expect(streamed.setAside).toEqual(whole.setAside);
      for (const key of ["coefficients", "standardErrors", "metrics", "value", "columns"]) expectClose(streamed[key], whole[key]);
      expect(streamed.passes).toBeGreaterThanOrEqual(4);
      expect(streamed.findings[0]).toMatchObject({ code: "STREAMED", severity: "info" });
      expect(streamed.findings[0].message).toContain(`${streamed.passes} passes`);
    });
  });

  it("saves a model that predicts as the one in memory does, and writes its report", async () => {
    const small = folder.write(
      "small.csv",
      "a,b,kind,day,flag\n301,0.0002,blue,2021-03-01,true\n,0.0001,,,\n299,0.0009,green,2020-01-05,false\n",
    );
    const predictions = await inTurn([[], ["--stream"]], async (options) => {
      const model = `${folder.path}/model${options.length}.json`;
      const report = `${folder.path}/report${options.length}.html`;
      expect((await fit("--save", model, "--report", report, "--features", "a,b,kind,day,flag", ...options)).code).toBe(0);
      return (await callDescend("predict", model, small, "--json")).json();
    });
    expectClose(predictions[1].predictions, predictions[0].predictions);
  });

  it("draws the course foreseen of least squares that the same table in memory has (oracle: the fit in memory)", async () => {
    const descent = ["--method", "gradient-descent", "--learning-rate", "0.5", "--max-steps", "40", "--features", "a,b,kind"];
    const courses = await inTurn([[], ["--stream"]], async (how) => {
      const report = `${folder.path}/foreseen${how.length}.html`;
      await fit("--no-advice", "--report", report, ...descent, ...how);
      const html = readFileSync(report, "utf8");
      const drawn = html.match(/<path[^>]*data-series="foreseen"[^>]*>/g) ?? [];
      return drawn.flatMap((path) =>
        path
          .match(/ d="(M[^"]*)"/)![1]!
          .match(/-?[\d.]+/g)!
          .map(Number),
      );
    });
    const [whole, streamed] = courses as [number[], number[]];
    expect(whole.length).toBeGreaterThan(40);
    expect(streamed.length).toBe(whole.length);
    // In pixels; on a logarithmic axis the last of the fall shows the rounding of the values
    streamed.forEach((place, i) => {
      expect(Math.abs(place - whole[i]!)).toBeLessThanOrEqual(0.05);
    });
  });

  it("gives the coefficients, metrics and classes of the same table in memory, to 10⁻⁹, for losses of single rows (oracle: the fit in memory)", async () => {
    const choices = [
      ["--target", "flag"],
      ["--target", "flag", "--l1", "0.001", "--missing", "drop", "--class-weights", "true=2", "--features", "a,b,kind"],
      ["--target", "kind", "--weights", "w", "--seed", "3", "--features", "a,b,day,flag"],
      ["--target", "y", "--model", "huber", "--alpha", "2"],
      ["--target", "level", "--model", "softmax", "--scale", "max-abs", "--test-fraction", "0", "--features", "a,b,y", "--l2", "0.001"],
    ];
    await inTurn(choices, async (options) => {
      const table = ["--query", `SELECT *, floor(y)::INTEGER % 3 AS level, 1 + floor(y)::INTEGER % 2 AS w FROM '${mixed}'`];
      const whole = (await callDescend("fit", ...table, "--json", ...options)).json();
      const run = await callDescend("fit", ...table, "--json", "--stream", ...options);
      const streamed = run.json();
      expect(run.code, run.stderr).toBe(0);
      for (const key of ["model", "features", "rows", "classes", "setAside", "verdict"]) expect(streamed[key]).toEqual(whole[key]);
      for (const key of ["coefficients", "standardErrors", "metrics", "value", "columns"]) expectClose(streamed[key], whole[key]);
      expect(streamed.findings[0].message).toMatch(/temporary file of .*, and \d+ passes over that made the fit/);
    });
  });

  it("leaves no temporary file behind, and says so where there is no place for one", async () => {
    const place = `${folder.path}/place`;
    mkdirSync(place);
    expect((await callDescend("fit", mixed, "--target", "flag", "--stream", "--temporary", place, "--json")).code).toBe(0);
    expect(readdirSync(place)).toEqual([]);
    const run = await callDescend("fit", mixed, "--target", "flag", "--stream", "--temporary", `${folder.path}/nowhere`, "--json");
    expect(run.code).toBe(3);
    expect(run.json().error).toMatchObject({ code: "FILE_UNWRITABLE" });
    expect(run.stderr).toContain("--temporary");
    expect(() => createSpillFile(1e18, place)).toThrow(DataError);
  });

  it("does with --no-intercept, --sweep and --path what a fit in memory does, to 10⁻⁹ (oracle: the fit in memory)", async () => {
    const picture = (name: string): string[] => ["--path", "--report", `${folder.path}/${name}.html`];
    const choices = [
      ["--no-intercept", "--features", "a,b,kind"],
      ["--no-intercept", "--model", "elastic-net", "--alpha", "0.1", "--features", "a,day,flag"],
      ["--no-intercept", "--target", "flag", "--features", "a,b,kind"],
      ["--no-intercept", "--model", "huber", "--features", "a,b,day"],
      ["--sweep", "--features", "b,kind,day"],
      ["--sweep", "--target", "flag", "--features", "b", "--l2", "0.1", "--max-steps", "3000"],
    ];
    await inTurn(choices, async (options) => {
      const whole = (await fit("--no-advice", ...options)).json();
      const run = await fit("--stream", ...options);
      const streamed = run.json();
      expect(run.code, run.stderr).toBe(0);
      for (const key of ["model", "rows", "verdict", "method"]) expect(streamed[key]).toEqual(whole[key]);
      for (const key of ["coefficients", "standardErrors", "metrics", "value", "learningRate"]) expectClose(streamed[key], whole[key]);
      expect(streamed.sweep?.steps).toBe(whole.sweep?.steps);
      if (options.includes("--no-intercept")) expect(streamed.coefficients.intercept).toBeUndefined();
    });
    const lasso = ["--model", "lasso", "--alpha", "0.05", "--features", "a,kind,day"];
    const [whole, streamed] = (await inTurn([[], ["--stream"]], async (how) => {
      const name = `path${how.length}`;
      const run = await fit(...lasso, ...picture(name), ...how);
      expect(run.code, run.stderr).toBe(0);
      // The picture of the coefficients, a path a term, as it is drawn to some pixels
      const html = readFileSync(`${folder.path}/${name}.html`, "utf8");
      return html.slice(html.indexOf("Coefficients over the penalty")).match(/ d="M[^"]*"/g)!;
    })) as string[][] as [string[], string[]];
    expect(whole.length).toBeGreaterThan(4);
    const pathOfTerms = (paths: readonly string[]): number[][] =>
      paths.slice(0, 4).map((path) => (path.match(/-?[\d.]+/g) ?? []).map(Number));
    pathOfTerms(whole).forEach((numbers, k) => {
      expect(pathOfTerms(streamed)[k]!.length).toBe(numbers.length);
      numbers.forEach((number, i) => {
        expect(Math.abs(pathOfTerms(streamed)[k]![i]! - number)).toBeLessThanOrEqual(0.02);
      });
    });
  });

  it("makes products as in memory does, to 10⁻⁹ of predictions, whatever the loss (oracle: the fit in memory)", async () => {
    const few = folder.write("new.csv", "a,b,flag,day\n301,0.0002,true,2021-03-01\n,0.0009,false,2020-01-05\n297,0.0001,,2022-02-02\n");
    const choices = [
      ["--polynomial", "2", "--features", "a,b"],
      ["--polynomial", "3", "--features", "b,day", "--model", "ridge", "--alpha", "0.1", "--missing", "drop"],
      ["--polynomial", "2", "--features", "a,b", "--model", "lasso", "--alpha", "0.05", "--test-fraction", "0"],
      ["--polynomial", "2", "--features", "a,b", "--target", "flag", "--l2", "0.01"],
      ["--polynomial", "2", "--features", "b,day", "--model", "huber", "--alpha", "2", "--seed", "3"],
      ["--polynomial", "2", "--features", "b,day", "--no-intercept"],
    ];
    await inTurn(choices, async (options) => {
      const [whole, streamed] = await inTurn([[], ["--stream"]], async (how) => {
        const model = `${folder.path}/products${how.length}.json`;
        const run = await fit("--no-advice", "--save", model, ...options, ...how);
        expect(run.code, run.stderr).toBe(0);
        return { ...run.json(), predicted: (await callDescend("predict", model, few, "--json")).json().predictions };
      });
      for (const key of ["model", "features", "rows", "verdict", "method", "setAside"]) expect(streamed[key]).toEqual(whole[key]);
      expect(Object.keys(streamed.coefficients)).toEqual(Object.keys(whole.coefficients));
      for (const key of ["metrics", "value", "predicted"]) expectClose(streamed[key], whole[key]);
    });
  });

  it("takes the mini-batches of a fit in memory, to the same bits (oracle: the fit in memory)", async () => {
    const choices = [
      ["--batch", "256", "--epochs", "2", "--target", "flag", "--features", "a,b,kind"],
      ["--batch", "1000", "--method", "momentum", "--epochs", "3", "--features", "a,b", "--seed", "5"],
      ["--batch", "500", "--epochs", "1", "--features", "a,b", "--target", "kind", "--polynomial", "2", "--weights", "w", "--cv", "2"],
    ];
    await inTurn(choices, async (options) => {
      const table = [
        "--query",
        `SELECT *, 1 + floor(b * 2000)::INTEGER % 2 AS w FROM '${mixed}'`,
        "--json",
        "--target",
        "y",
        "--no-advice",
      ];
      const whole = (await callDescend("fit", ...table, ...options)).json();
      const streamed = (await callDescend("fit", ...table, "--stream", ...options)).json();
      for (const key of ["model", "method", "learningRate", "batch", "rows", "steps", "value", "coefficients", "verdict"]) {
        expect(streamed[key]).toEqual(whole[key]);
      }
      for (const key of ["crossValidation", "metrics"]) expectClose(streamed[key], whole[key]);
    });
  });

  it("cross-validates on the folds of a fit in memory, to 10⁻⁹, whatever the loss (oracle: the fit in memory)", async () => {
    const choices = [
      ["--cv", "3", "--features", "a,b,kind,day,flag"],
      ["--cv", "2", "--features", "a,kind", "--model", "ridge", "--alpha", "3", "--missing", "drop", "--polynomial", "2"],
      ["--cv", "4", "--features", "a,b,kind", "--target", "flag", "--seed", "5"],
      ["--cv", "2", "--features", "b,flag", "--target", "kind", "--test-fraction", "0", "--polynomial", "2", "--l2", "0.001"],
    ];
    await inTurn(choices, async (options) => {
      const whole = (await fit("--no-advice", ...options)).json();
      const run = await fit("--stream", ...options);
      const streamed = run.json();
      expect(run.code, run.stderr).toBe(0);
      for (const key of ["model", "rows", "verdict"]) expect(streamed[key]).toEqual(whole[key]);
      expect(streamed.crossValidation.folds).toBe(Number(options[1]));
      for (const key of ["crossValidation", "metrics", "value"]) expectClose(streamed[key], whole[key]);
    });
    const run = await fit("--stream", "--query", `SELECT a, y FROM '${mixed}' LIMIT 5`, "--features", "a", "--cv", "8");
    expect(run.code).toBe(3);
    expect(run.json().error.code).toBe("ROWS_TOO_FEW");
  });

  it("saves a model of classes that predicts as the one in memory does, and writes its report", async () => {
    const predictions = await inTurn([[], ["--stream"]], async (options) => {
      const model = `${folder.path}/classes${options.length}.json`;
      const report = `${folder.path}/classes${options.length}.html`;
      const run = await callDescend(
        "fit",
        mixed,
        "--target",
        "flag",
        "--save",
        model,
        "--report",
        report,
        "--features",
        "a,b,kind",
        ...options,
      );
      expect(run.code).toBe(0);
      expect(readFileSync(report, "utf8")).toContain("</html>");
      return (
        await callDescend("predict", model, folder.write("few.csv", "a,b,kind\n301,0.0002,blue\n299,0.0009,green\n"), "--json")
      ).json();
    });
    expectClose(predictions[1].predictions, predictions[0].predictions);
  });

  it("refuses scales that need all rows in memory, and says why and what to do, in either language", async () => {
    const refused: [string[], string, string][] = [
      [["--batch", "100", "--scale", "robust"], "Take --scale standard", "请用 --scale standard"],
      [["--model", "ridge", "--scale", "min-max"], "Take --scale standard", "请用 --scale standard"],
      [["--model", "huber", "--scale", "robust"], "Take --scale standard", "请用 --scale standard"],
    ];
    await inTurn(refused, async ([options, instead, inChinese]) => {
      const run = await fit("--stream", ...options);
      expect(run.code).toBe(2);
      expect(run.json().error.code).toBe("OPTIONS_CONFLICT");
      expect(run.stderr).toContain("USING SAMPLE");
      expect(run.stderr).toContain(instead);
      const { stderr } = await fit("--stream", ...options, "--lang", "zh");
      expect(stderr).toContain(inChinese);
      expect(stderr).toContain("USING SAMPLE");
      expect(stderr).not.toMatch(/table|memory|column/);
    });
    const many = await callDescend("fit", mixed, "--target", "name", "--stream", "--json");
    expect(many.code).toBe(3);
    expect(many.json().error.code).toBe("CLASSES_TOO_MANY");
  });

  it("goes on from a checkpoint to the same bits, and refuses one of other rows or settings (oracle: the fit without a break)", async () => {
    const few = folder.write("five-thousand.csv", readFileSync(mixed, "utf8").split("\n", 5001).join("\n"));
    const table = (rows: number): string[] => ["--query", `SELECT * FROM '${few}' LIMIT ${rows}`, "--stream", "--json", "--no-advice"];
    const saved = (path: string): unknown => JSON.parse(readFileSync(path, "utf8")).model;
    const choices = [
      ["--target", "flag", "--features", "a,b,kind"],
      ["--target", "y", "--model", "huber", "--method", "adam", "--learning-rate", "0.01", "--features", "a,b,day"],
      ["--target", "y", "--method", "gradient-descent", "--learning-rate", "0.001", "--features", "a,b"],
    ];
    await inTurn(choices, async (options) => {
      const [whole, resumed, checkpoint] = ["whole", "resumed", "checkpoint"].map((name) => `${folder.path}/${name}.json`) as [
        string,
        string,
        string,
      ];
      const command = ["fit", ...table(5000), ...options];
      const keeping = ["--checkpoint", checkpoint, "--checkpoint-every", "0.000001"];
      const uninterrupted = (await callDescend(...command, "--max-steps", "40", "--save", whole)).json();
      await callDescend(...command, "--max-steps", "20", ...keeping);
      const { steps } = JSON.parse(readFileSync(checkpoint, "utf8"));
      expect(steps).toBeGreaterThan(0);
      expect(steps).toBeLessThan(uninterrupted.steps);
      const run = (await callDescend(...command, "--max-steps", "40", "--resume", checkpoint, "--save", resumed)).json();
      expect(saved(resumed)).toEqual(saved(whole));
      for (const key of ["steps", "value", "coefficients", "verdict", "evaluations"]) expect(run[key]).toEqual(uninterrupted[key]);
      const others = [
        ["fit", ...table(4999), ...options],
        [...command, "--seed", "2"],
      ];
      await inTurn(others, async (other) => {
        const refused = await callDescend(...other, "--resume", checkpoint);
        expect(refused.code).toBe(3);
        expect(refused.json().error.code).toBe("CHECKPOINT_INVALID");
      });
    });
  });

  it("notices a query that gives other rows when it is run again", async () => {
    const query = "SELECT x, random() AS y FROM (SELECT range::DOUBLE AS x FROM range(1000))";
    const run = await callDescend("fit", "--query", query, "--target", "y", "--stream", "--json");
    expect(run.code).toBe(3);
    expect(run.json().error.message).toContain("others when it was read again");
  });

  it("names what is wrong with a table without rows, without features, and with one row", async () => {
    const tables = {
      "a,y\n": "DATA_EMPTY",
      "a,y\n1,2\n1,3\n1,5\n1,7\n1,9\n": "FEATURES_EMPTY",
      "a,y\n1,2\n": "ROWS_TOO_FEW",
      "a,y\nNA,2\nNA,3\n": "FEATURES_EMPTY",
    };
    await inTurn(Object.entries(tables), async ([content, code]) => {
      const run = await callDescend("fit", folder.write("odd.csv", content), "--target", "y", "--stream", "--json");
      expect(run.code).toBe(3);
      expect(run.json().error.code).toBe(code);
    });
  });
});
