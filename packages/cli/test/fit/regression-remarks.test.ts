/** Oracle: tables made so that what is to be remarked is there, or just not. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { callDescend, temporaryFolder } from "../run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

interface Said {
  readonly code: string;
  readonly message: string;
}

const table = (name: string, columns: string, row: (i: number) => readonly unknown[]): string =>
  folder.write(name, `${columns}\n${Array.from({ length: 60 }, (_, i) => row(i).join(";")).join("\n")}\n`);

const fitted = async (path: string, ...options: string[]): Promise<Record<string, never> & { findings: Said[]; model: string }> =>
  (await callDescend("fit", path, "--target", "y", "--json", ...options)).json();
const said = async (code: string, path: string, ...options: string[]): Promise<string | undefined> =>
  (await fitted(path, ...options)).findings.find((finding) => finding.code === code)?.message;

describe("columns of numbers with a mark", () => {
  const path = table("marked.csv", "price;share;y", (i) => [`$${1 + ((i * 7) % 50)}`, `${i % 5}%`, i % 13]);

  it("are remarked with the query that reads them, set aside or taken for categories, in memory and streamed", async () => {
    const message = await said("MARKED_NUMBERS", path);
    expect(message).toMatch(
      /^price \(such as "\$1", as a number 1\) and share \(such as "1%", as a number 1\) are read as text; .*--query '/,
    );
    expect(await said("MARKED_NUMBERS", path, "--stream")).toBe(message);
    const query = /--query '(.*)'$/.exec(message!)![1]!;
    const { findings } = await fitted(path, "--query", query);
    expect(findings.map(({ code }) => code)).not.toContain("MARKED_NUMBERS");
    const chinese = await callDescend("fit", path, "--target", "y", "--lang", "zh");
    expect(chinese.stdout).toMatch(/price（例如“\$1”，作为数是 1）、share（例如“1%”，作为数是 1）按文本读入；要取其中的数：--query '/);
  });

  it("are not remarked where they were not asked for", async () => {
    expect(await said("MARKED_NUMBERS", path, "--features", "share")).toMatch(/^share /);
  });
});

describe("a model that is worse than the mean", () => {
  // Noise with 8 features: 48 rows to learn from are fitted by chance, 12 others are not
  const noise = (i: number, j: number): number => Math.floor(1000 * Math.abs(Math.sin(1 + 12.9898 * i + 78.233 * j) * 43758.5453)) % 1000;
  const columns = Array.from({ length: 30 }, (_, j) => `x${j}`);
  const bad = table("noise.csv", `${columns.join(";")};y`, (i) => [...columns.map((_, j) => noise(i, j)), noise(i, 99)]);
  const good = table("line.csv", "x;y", (i) => [i, 2 * i + (i % 3)]);

  it("is remarked in the terminal, the report and JSON, in both languages", async () => {
    const result = await fitted(bad);
    const { r2 } = (result as unknown as { metrics: { test: { r2: number } } }).metrics.test;
    expect(r2).toBeLessThan(0);
    expect(result.findings.map(({ code }) => code)).toContain("WORSE_THAN_MEAN");
    for (const [language, words] of [
      ["en", "their mean would predict them better"],
      ["zh", "用这些行的平均值来预测都比这个模型好"],
    ] as const) {
      const report = join(folder.path, `${language}.html`);
      const run = await callDescend("fit", bad, "--target", "y", "--lang", language, "--report", report);
      expect(run.stdout).toContain(words);
      expect(readFileSync(report, "utf8")).toContain(words);
    }
  });

  it("is remarked of folds where there is no test", async () => {
    expect(await said("WORSE_THAN_MEAN", bad, "--test-fraction", "0", "--cv", "5")).toContain("over the folds");
  });

  it("is not what a good one is called", async () => {
    expect(await said("WORSE_THAN_MEAN", good, "--cv", "5")).toBeUndefined();
  });
});

describe("a target of two numbers", () => {
  it("is a number with a remark where these are no codes of classes, in memory and streamed", async () => {
    const path = table("two.csv", "x;y", (i) => [(i * 7) % 13, i % 3 === 0 ? 3.5 : 7.25]);
    const result = await fitted(path);
    expect(result.model).toBe("linear");
    const message = result.findings.find(({ code }) => code === "TWO_NUMBERS")!.message;
    expect(message).toContain("3.5 and 7.25");
    expect(message).toContain("--model logistic");
    expect(await said("TWO_NUMBERS", path, "--stream")).toBe(message);
    expect(await said("TWO_NUMBERS", path, "--model", "ridge")).toBeUndefined();
    expect((await fitted(path, "--model", "logistic")).model).toBe("logistic");
  });

  it.each([
    [0, 1],
    [1, 2],
    [-1, 1],
    [2, 4],
  ])("is two classes without a remark: %s and %s", async (first, second) => {
    const path = table(`codes${first}${second}.csv`, "x;y", (i) => [(i * 7) % 13, i % 3 === 0 ? first : second]);
    const result = await fitted(path);
    expect(result.model).toBe("logistic");
    expect(result.findings.map(({ code }) => code)).not.toContain("TWO_NUMBERS");
  });
});
