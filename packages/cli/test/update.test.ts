import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callDescend, inTurn, temporaryFolder } from "./run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Rows of y = 5 + 2·a − 3·(kind = red) + something that repeats. */
const table = (name: string, from: number, to: number): string =>
  folder.write(
    name,
    [
      "a,kind,y,cls",
      ...Array.from({ length: to - from }, (_, k) => {
        const i = from + k;
        const a = 100 + 20 * Math.sin(i * 1.7);
        const kind = i % 3 === 0 ? "red" : "blue";
        const y = 5 + 2 * a - (kind === "red" ? 3 : 0) + 4 * Math.sin(i * i);
        return [a, kind, y, y > 205 + 6 * Math.sin(7 * i) ? "hi" : "lo"].join(",");
      }),
    ].join("\n"),
  );

const model = `${folder.path}/model.json`;
const classes = `${folder.path}/classes.json`;

const fit = async (...options: string[]) => callDescend("fit", ...options);

describe("descend fit --update", () => {
  let half: string;
  let more: string;
  beforeAll(async () => {
    half = table("half.csv", 0, 300);
    more = table("more.csv", 300, 600);
    expect((await fit(half, "--target", "y", "--features", "a,kind", "--save", model)).code).toBe(0);
    expect((await fit(half, "--target", "cls", "--features", "a,kind", "--save", classes)).code).toBe(0);
  });

  it("moves the prediction of a single row by the step that was asked for (closed form)", async () => {
    const one = folder.write("one.csv", "a,kind,y\n90,red,500\n");
    const predictionOf = async (path: string): Promise<number> =>
      (await callDescend("predict", path, one, "--json")).json().predictions[0].predicted;
    const before = await predictionOf(model);
    const updated = `${folder.path}/updated.json`;
    const run = await fit(one, "--update", model, "--learning-rate", "0.125", "--save", updated, "--json");
    expect(run.code, run.stderr).toBe(0);
    expect(run.json()).toMatchObject({ model: "linear", target: "y", rows: { read: 1, used: 1 }, updates: 1 });
    // Two features, each at distance 1 from its center by its own scale: ŷ − y shrinks by the rate times 1 + 2
    expect((await predictionOf(updated)) - 500).toBeCloseTo((before - 500) * (1 - 0.125 * 3), 9);
    expect(run.json().metrics.before.rmse).toBeCloseTo(500 - before, 9);
  });

  it("comes close to the fit of all rows, and says how it predicts them before and after (oracle: that fit)", async () => {
    const all = table("all.csv", 0, 600);
    const whole = (await fit(all, "--target", "y", "--features", "a,kind", "--test-fraction", "0", "--json")).json();
    const start = JSON.parse(readFileSync(model, "utf8"));
    const run = await fit(more, "--update", model, "--save", `${folder.path}/second.json`, "--json");
    expect(run.code, run.stderr).toBe(0);
    const { coefficients, metrics, updates } = run.json();
    expect(updates).toBe(300);
    expect(Math.abs(coefficients.a - whole.coefficients.a)).toBeLessThan(0.01);
    expect(metrics.after.rmse).toBeLessThan(1.02 * whole.metrics.train.rmse);
    const saved = JSON.parse(readFileSync(`${folder.path}/second.json`, "utf8"));
    expect(saved.origin.trainRows).toBe(start.origin.trainRows + 300);
    expect(saved.model.uncertainty).toBeUndefined();
    const again = await callDescend("predict", `${folder.path}/second.json`, all, "--json");
    expect(again.json().metrics.rmse).toBeLessThan(1.02 * whole.metrics.train.rmse);
  });

  it("updates models of classes, in batches, and writes over the model it came from where that is asked for", async () => {
    const copy = folder.write("copy.json", readFileSync(classes, "utf8"));
    const run = await fit(more, "--update", copy, "--batch", "10", "--save", copy);
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toContain("in 30 updates");
    expect(run.stdout).toMatch(/accuracy +0\.\d+ +0\.\d+/);
    expect(JSON.parse(readFileSync(copy, "utf8")).origin.verdict).toContain("updated from");
  });

  it("names what does not fit together", async () => {
    const lasso = `${folder.path}/lasso.json`;
    await fit(half, "--target", "y", "--features", "a", "--model", "lasso", "--save", lasso);
    const squares = `${folder.path}/squares.json`;
    await fit(half, "--target", "y", "--features", "a", "--polynomial", "2", "--save", squares);
    const cases: readonly (readonly [string[], number, string])[] = [
      [[folder.write("other.csv", "b,kind,y\n1,red,2\n"), "--update", model], 3, "COLUMNS_MISSING"],
      [[folder.write("targetless.csv", "a,kind\n1,red\n"), "--update", model], 3, "COLUMNS_MISSING"],
      [[folder.write("green.csv", "a,kind,y\n1,green,2\n"), "--update", model], 3, "CATEGORY_UNSEEN"],
      [[folder.write("text.csv", "a,kind,y\nx,red,2\n"), "--update", model], 3, "COLUMN_NOT_NUMERIC"],
      [[folder.write("gaps.csv", "a,kind,y\n1,red,\n"), "--update", model], 3, "DATA_EMPTY"],
      [[folder.write("class.csv", "a,kind,cls\n1,red,maybe\n"), "--update", classes], 3, "CLASS_UNKNOWN"],
      [[more, "--update", lasso], 2, "OPTIONS_CONFLICT"],
      [[more, "--update", squares], 2, "OPTIONS_CONFLICT"],
      [[more, "--update", model, "--target", "y"], 2, "OPTIONS_CONFLICT"],
      [[more, "--update", model, "--model", "ridge"], 2, "OPTIONS_CONFLICT"],
      [[more, "--update", `${folder.path}/nowhere.json`], 3, "FILE_UNREADABLE"],
      [[more], 2, "OPTIONS_CONFLICT"],
    ];
    await inTurn(cases, async ([options, code, error]) => {
      const run = await fit(...options, "--json");
      expect([run.code, run.json().error.code], run.stderr).toEqual([code, error]);
    });
  });
});
