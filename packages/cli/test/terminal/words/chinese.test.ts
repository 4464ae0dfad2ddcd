/** Oracle: what a reader of Chinese must not meet, English words that are neither names, options nor what the user typed. */

import { join } from "node:path";
import { methodCatalogue, searchMethodCatalogue } from "descend";
import { afterAll, describe, expect, it } from "vitest";
import { languageOf } from "../../../src/terminal/language.js";
import { errorInChinese } from "../../../src/terminal/words/chinese-errors.js";
import { chineseWords } from "../../../src/terminal/words/chinese-words.js";
import { englishWords } from "../../../src/terminal/words/english-words.js";
import { callDescend, temporaryFolder } from "../../run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const rows = Array.from({ length: 60 }, (_, i) => {
  const missing = i % 17 === 0 ? "" : String((i * 7) % 11);
  return `${i},${missing},${["red", "green", "blue"][i % 3]},${i % 2 === 0 ? "yes" : "no"},${3 * i - 2 * ((i * 7) % 11) + ((i * 13) % 7)},same,row${i}`;
});
const table = folder.write("t.csv", `x,z,color,flag,y,constant,id\n${rows.join("\n")}\n`);
const model = join(folder.path, "model.json");

/** Names of methods, models, types, measures and variables, and what the tests typed. */
const NAMES =
  /^(VARCHAR|DOUBLE|BIGINT|BOOLEAN|RMSE|MAE|AUC|Brier|R²|lbfgs|adam|gradientDescent|gradient|descent|momentum|augmentedLagrangian|linear|ridge|logistic|softmax|lasso|elastic|net|BFGS|NaN|intercept|missing|mean|log|loss|cross|entropy|l1Ratio|red|green|blue|yes|constant|same|true|false|color|flag|row\d*|csv|json|html|model|cosine|steps|sin|cos|spread|from|price)$/i;
const METHODS = new Set([...methodCatalogue, ...searchMethodCatalogue].map(({ name }) => name));

/** Words of three letters and more that stand neither in an option, a code in brackets, a path, nor quotation marks. */
function englishIn(text: string): string[] {
  const plain = text
    .replaceAll(folder.path, "")
    .replace(/\S+\.(csv|html|svg|json)|\d+e-?\d+/g, " ")
    .replace(/可以试：.*|^ {2,}\S*(?:minimize|objective).*$/gm, "")
    .replace(/\([A-Z_]+\)|\([a-z-]+\)|--?[a-z][a-z0-9-]*|descend [a-z]+|“[^”]*”|"[^"]*"|<[^>]*>/g, " ");
  return (plain.match(/[A-Za-z][A-Za-z0-9]{2,}/g) ?? []).filter((word) => !NAMES.test(word) && !METHODS.has(word));
}

describe("the terminal in Chinese", () => {
  it.each([
    ["a fit", ["fit", table, "--target", "y", "--save", model]],
    ["a fit by folds", ["fit", table, "--target", "y", "--cv", "3", "--no-stream"]],
    ["a classifier", ["fit", table, "--target", "flag", "--class-weights", "balanced"]],
    ["several classes", ["fit", table, "--target", "color", "--features", "x,z"]],
    ["a sweep", ["fit", table, "--target", "y", "--features", "x", "--sweep", "--model", "ridge", "--l2", "0.1"]],
    ["batches", ["fit", table, "--target", "y", "--features", "x,z", "--batch", "8", "--epochs", "3", "--no-advice"]],
    ["a fit that diverges", ["fit", table, "--target", "y", "--method", "gd", "--learning-rate", "10", "--no-advice"]],
    ["a fit without scale", ["fit", table, "--target", "y", "--no-scale", "--method", "gd", "--max-steps", "5", "--no-advice"]],
    ["a streamed fit", ["fit", table, "--target", "y", "--features", "x,z", "--stream"]],
    ["predictions", ["predict", model, table, "--out", join(folder.path, "p.csv")]],
    ["an update", ["fit", table, "--update", model]],
    ["a minimum", ["minimize", "(1-x)^2 + 100(y-x^2)^2", "--start", "x=-1.2,y=1", "--gradient"]],
    ["a minimum under a constraint", ["minimize", "x+y", "--start", "x=1,y=1", "--subject-to", "x^2+y^2 <= 1"]],
    ["no minimum", ["minimize", "-x^2", "--start", "x=1", "--no-advice"]],
    ["a start without a value", ["minimize", "log(x)", "--start", "x=-1", "--no-advice"]],
    ["many starts", ["multistart", "x^4 - x^2 + 0.1x", "--within", "x=-2..2", "--starts", "20"]],
    ["a race", ["race", "x^2 + 456y^2", "--start", "x=3,y=1", "--methods", "gd:0.001,adam:0.1,lbfgs"]],
    ["a report", ["minimize", "x^2", "--start", "x=1", "--report", join(folder.path, "r.html"), "--plot", join(folder.path, "p.svg")]],
  ])("says nothing in English of %s", async (_, args) => {
    const { stdout, stderr } = await callDescend(...args, "--lang", "zh");
    expect(englishIn(args[0] === "predict" ? stderr : stdout + stderr)).toEqual([]);
    expect(stdout + stderr).toMatch(/\p{Script=Han}/u);
  });

  it.each([
    ["an unknown column", ["fit", table, "--target", "price"]],
    ["an unknown feature", ["fit", table, "--target", "y", "--features", "xx"]],
    ["a file that is not there", ["fit", join(folder.path, "absent.csv"), "--target", "y"]],
    ["a folder", ["fit", folder.path, "--target", "y"]],
    ["an empty file", ["fit", folder.write("empty.csv", ""), "--target", "y"]],
    ["no target", ["fit", table]],
    ["no table", ["fit", "--target", "y"]],
    ["a target of names", ["fit", table, "--target", "id"]],
    ["a constant target", ["fit", folder.write("c.csv", "x,y\n1,5\n2,5\n3,5\n"), "--target", "y"]],
    ["an unknown model", ["fit", table, "--target", "y", "--model", "lasoo"]],
    ["an unknown method", ["fit", table, "--target", "y", "--method", "adamm"]],
    ["a model with options of another", ["fit", table, "--target", "y", "--model", "linear", "--l2", "1"]],
    ["classes of numbers", ["fit", table, "--target", "y", "--class-weights", "balanced"]],
    ["too many classes for logistic", ["fit", table, "--target", "color", "--model", "logistic"]],
    ["text for a linear model", ["fit", table, "--target", "color", "--model", "linear"]],
    ["a picture without a report", ["fit", table, "--target", "y", "--path"]],
    ["a schedule without a method", ["fit", table, "--target", "y", "--schedule", "cosine:steps=10"]],
    ["a negative penalty", ["fit", table, "--target", "y", "--l2", "-1"]],
    ["a share beyond one", ["fit", table, "--target", "y", "--test-fraction", "2"]],
    ["a misspelt option", ["fit", table, "--target", "y", "--learning-rte", "1"]],
    ["a misspelt command", ["minmize", "x"]],
    ["an option without value", ["fit", table, "--target"]],
    ["a missing start", ["minimize", "x^2"]],
    ["an unknown name in a formula", ["minimize", "x^2 + y", "--start", "x=1"]],
    ["a formula with a mistake", ["minimize", "x^2 +* x", "--start", "x=1"]],
    ["starts that are none", ["minimize", "x^2", "--start", "x=1;y=2"]],
    ["bounds of another variable", ["minimize", "x^2", "--start", "x=1", "--bounds", "w=0..1"]],
    ["no region of starts", ["multistart", "x^2"]],
    ["a table without the columns of the model", ["predict", model, folder.write("o.csv", "a,b\n1,2\n")]],
  ])("says nothing in English of the mistake: %s", async (_, args) => {
    const { stderr, code } = await callDescend(...args, "--lang", "zh");
    expect(code).toBeGreaterThanOrEqual(2);
    expect(englishIn(stderr.split("\n")[0]!)).toEqual([]);
    expect(stderr).toContain("错误");
  });

  it("keeps JSON as it is", async () => {
    const args = ["fit", table, "--target", "nothing", "--json"];
    expect((await callDescend(...args, "--lang", "zh")).json()).toEqual((await callDescend(...args)).json());
  });

  it("speaks English again in the next run, and wherever --lang does not say zh", async () => {
    await callDescend("minimize", "x^2", "--start", "x=1", "--lang", "zh");
    expect((await callDescend("minimize", "x^2", "--start", "x=1")).stdout).toContain("converged: gradient-tolerance");
    expect([["--lang=zh"], ["--lang", "zh"], ["--lang", "en", "--lang", "zh"]].map(languageOf)).toEqual(["zh", "zh", "zh"]);
    expect([[], ["--lang"], ["--lang", "fr"], ["zh"], ["--lang", "zh", "--lang=en"]].map(languageOf)).toEqual([
      "en",
      "en",
      "en",
      "en",
      "en",
    ]);
  });
});

describe("errors in Chinese", () => {
  it.each([
    ["--cv 9: expected at least 9 rows to learn from, got 4.", "--cv 9：需要至少 9 行用来学习，得到 4。"],
    [
      "adam({ beta2 }): expected a number ≥ 0 and < 1, got 1.2. The usual value is 0.999.",
      "adam({ beta2 })：需要 ≥ 0 且 < 1 的数，得到 1.2。常用值是 0.999。",
    ],
    [`--model: there is no "lasoo". Did you mean lasso?`, "--model：没有“lasoo”。是不是想写 lasso？"],
  ])("have their parts translated: %s", (english, chinese) => {
    expect(errorInChinese(english)).toBe(chinese);
  });

  it("leave what has no Chinese words as it is, within the words around it", () => {
    expect(errorInChinese("widget: expected a green one, got a red one. Paint it.")).toBe(
      "widget：需要 a green one，得到 a red one。 Paint it.",
    );
    expect(errorInChinese("Something else entirely")).toBe("Something else entirely");
  });
});

describe("both languages", () => {
  it("have words for the same things", () => {
    const shapeOf = (words: object): unknown =>
      Object.fromEntries(
        Object.entries(words)
          .filter(([name]) => name !== "metrics" && name !== "stalledBy")
          .map(([name, value]) => [name, typeof value === "object" && !Array.isArray(value) ? shapeOf(value) : typeof value]),
      );
    expect(shapeOf(chineseWords)).toEqual(shapeOf(englishWords));
    expect(Object.keys(chineseWords.stalledBy)).toEqual(Object.keys(englishWords.stalledBy));
  });
});
