import { findingCatalogue } from "descend/doctor";
import { afterAll, describe, expect, it } from "vitest";
import { callDescend, runDescend, temporaryFolder } from "./run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Columns of a log as separated values. */
function log(name: string, header: string, rows: readonly (readonly unknown[])[], end = "\n"): string {
  return folder.write(name, [header, ...rows.map((row) => row.join(","))].join(end) + end);
}

const growing = Array.from({ length: 12 }, (_, k) => [k, 2 ** k]);
/** 1/(1 + t): of a sound run, at rest by its end only where it is long. */
const settling = Array.from({ length: 60 }, (_, k) => [k, 1 + 2 ** -k]);
const ids = (run: { json(): { findings: { id: string }[] } }): string[] => run.json().findings.map(({ id }) => id);

describe("descend doctor of a log", () => {
  it("finds doubling losses to be the rate's doing and ends with 1", async () => {
    const run = await callDescend("doctor", log("grow.csv", "step,loss", growing), "--json");
    expect(run.code).toBe(1);
    expect(ids(run)).toEqual(["lr-too-large"]);
    expect(run.json()).toMatchObject({ format: "descend-diagnosis", outcome: "diverged", columns: { step: "step", value: "loss" } });
    expect(run.json().measurements["growth-of-value"].value).toBe(2);
  });

  it("finds nothing in a loss that halves its distance to 1 each step, and ends with 0", async () => {
    const run = await callDescend("doctor", log("sound.csv", "step,loss", settling));
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("no failure found");
  });

  it("says which column overfitting would need, and which findings no log can support", async () => {
    const run = await callDescend("doctor", log("plain.csv", "epoch,train_loss", settling));
    expect(run.stdout).toContain("With a column validation_loss the log would also show: overfitting.");
    const failures = findingCatalogue.filter(({ level }) => level === "failure").map(({ id }) => id);
    for (const id of failures.filter((each) => !["lr-too-large", "stopped-early"].includes(each))) expect(run.stdout).toContain(id);
    const judged = await callDescend(
      "doctor",
      log(
        "judged.csv",
        "epoch,train_loss,val_loss",
        settling.map((row) => [...row, 1]),
      ),
    );
    expect(judged.stdout).not.toContain("would also show");
  });

  it("keeps a loss of NaN as evidence, written by whatever language", async () => {
    const tail = [[12, "nan"]];
    const separated = await callDescend("doctor", log("nan.csv", "step,loss", [...growing, ...tail]), "--json");
    const lines = [...growing, [12, Number.NaN]].map(([step, loss]) => `{"step": ${step}, "loss": ${loss}}`).join("\n");
    const json = await callDescend("doctor", folder.write("nan.jsonl", lines), "--json");
    for (const run of [separated, json]) {
      expect(run.code).toBe(1);
      expect(run.json()).toMatchObject({ outcome: "nonfinite", subject: { steps: 12, value: "NaN" } });
    }
  });

  it("reads a BOM, CRLF, quotes and Chinese names", async () => {
    const rows = Array.from({ length: 21 }, (_, k) => [k, 1 / (1 + k), k < 8 ? 1 / (1 + k) : 0.1 * k]);
    const path = log("zh.csv", '\uFEFF"步数",训练损失,"验证损失"', rows, "\r\n");
    const run = await callDescend("doctor", path, "--json");
    expect(run.json().columns).toEqual({ step: "步数", value: "训练损失", validation: "验证损失" });
    expect(ids(run)).toContain("overfitting");
    const words = await callDescend("doctor", path, "--lang", "zh");
    expect(words.stdout).toContain("故障 overfitting");
    expect(words.stdout).toMatch(/验证损失在运行到 \d+ % 时最低/);
    expect(words.stdout).toContain("处方：保留验证损失最低时的参数。");
  });

  it("reads a history of arrays as Keras keeps it, and records of a validation loss on rows of their own", async () => {
    const loss = settling.map(([, value]) => value);
    const validation = loss.map((_, k) => (k < 20 ? 1 / (1 + k) : 0.05 * k));
    const keras = await callDescend("doctor", folder.write("keras.json", JSON.stringify({ loss, val_loss: validation })), "--json");
    const rows = loss.flatMap((value, k) => [
      [k, value, ""],
      [k, "", validation[k]],
    ]);
    const apart = await callDescend("doctor", log("apart.csv", "step,train_loss,val_loss", rows), "--json");
    expect(ids(keras)).toEqual(["overfitting"]);
    expect(apart.json().findings).toEqual(keras.json().findings);
    expect(apart.json().notes[0]).toContain("60 of 120 rows");
  });

  it.each([
    ["no loss", "step,accuracy\n0,1\n1,2\n", "COLUMN_UNKNOWN"],
    ["nothing", "", "DATA_EMPTY"],
    ["names only", "step,loss\n", "DATA_EMPTY"],
    ["one row", "step,loss\n0,1\n", "DATA_EMPTY"],
    ["words in place of numbers", "step,loss\n0,1\n1,low\n", "TABLE_MALFORMED"],
    ["no names", "0,1\n1,0.5\n", "TABLE_MALFORMED"],
    ["too many fields", "step,loss\n0,1\n1,2,3\n", "TABLE_MALFORMED"],
    ["an open quote", 'step,loss\n0,1\n1,"2\n', "TABLE_MALFORMED"],
  ])("ends with 3 for a log with %s", async (name, text, code) => {
    const run = await callDescend("doctor", folder.write(`${name}.csv`, text), "--json");
    expect(run.code).toBe(3);
    expect(run.json().error.code).toBe(code);
  });

  it("names the line of what is no number", async () => {
    const run = await callDescend("doctor", folder.write("low.csv", "step,loss\n0,1\n1,low\n"), "--json");
    expect(run.json().error.details.line).toBe(3);
  });

  it("takes the loss from the column it is told, and refuses one that is not there", async () => {
    const path = log("mine.csv", "step,mine", growing);
    expect(ids(await callDescend("doctor", path, "--loss", "mine", "--json"))).toEqual(["lr-too-large"]);
    const wrong = await callDescend("doctor", path, "--loss", "mines", "--json");
    expect(wrong.code).toBe(3);
    expect(wrong.json().error.details.nearest).toBe("mine");
  });

  it("ends with 2 for --cure of a log, and for a file that is neither", async () => {
    expect((await callDescend("doctor", log("log.csv", "step,loss", growing), "--cure")).code).toBe(2);
    expect((await callDescend("doctor", folder.write("log.pdf", "x"))).code).toBe(2);
  });
});

describe("descend doctor of a module", () => {
  // x² + 50 y² has the largest curvature 100: gradient descent is stable below 0.02
  const planted = '{ objective: "x^2 + 50 y^2", start: { x: 1, y: 1 }, method: "gradientDescent", learningRate: 0.03, maxSteps: 400 }';

  it("measures 1.5 times the limit of stability 2/100, and ends with 1", async () => {
    const run = await runDescend("doctor", folder.write("case.mjs", `export default ${planted};`), "--json");
    expect(run.code).toBe(1);
    expect(run.json().findings[0].id).toBe("lr-too-large");
    expect(run.json().measurements["stability-number"].value).toBeCloseTo(1.5, 6);
  });

  it("cures it with 0.9 of the limit and ends with 0", async () => {
    const run = await runDescend("doctor", folder.write("subject.mjs", `export const subject = ${planted};`), "--cure");
    expect(run.code).toBe(0);
    expect(run.stdout).toContain("learningRate: 0.018");
    expect(run.stdout).toMatch(/untreated, continued +\d[\s\S]*\ncured\n/);
  });

  it("speaks Chinese throughout with --lang zh, the way a number was obtained included", async () => {
    const run = await runDescend("doctor", folder.write("chinese.mjs", `export default ${planted};`), "--cure", "--lang", "zh");
    expect(run.stdout).toContain("学习率 × 最大曲率");
    expect(run.stdout).not.toMatch(/[a-z]{2,} [a-z]{2,}/);
  });

  it.each([
    ["throws", "throw new Error('no');"],
    ["exports nothing", "const x = 1;"],
    ["exports a function", "export default (p) => p.x ** 2;"],
    ["imports what is not there", 'import "not-there-at-all"; export default {};'],
    ["is no JavaScript", "export default {;"],
  ])("ends with 3 for a module that %s", async (name, text) => {
    const run = await runDescend("doctor", folder.write(`${name}.mjs`, text), "--json");
    expect(run.code).toBe(3);
    expect(run.json().error.code).toBe("FILE_UNREADABLE");
  });

  it("ends with 2 for an export that is no case", async () => {
    const run = await runDescend("doctor", folder.write("none.mjs", "export default { goal: 1 };"), "--json");
    expect(run.code).toBe(2);
  });
});
