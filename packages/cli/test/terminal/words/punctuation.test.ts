/**
 * Oracle: GB/T 15834 sets , : ; ! ? and brackets of Chinese sentences full-width; half-width ones
 * stand in numbers, formulas, code and names.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { callDescend } from "../../run-descend.js";

const root = fileURLToPath(new URL("../../../../..", import.meta.url));
const HAN = /\p{Script=Han}/u;
/** Half-width punctuation of a sentence, beside a Chinese character, in text or in the source of a template. */
const HALF_WIDTH =
  /[,;:!?]\p{Script=Han}|\p{Script=Han}[,;:!?](?:[^\s/]| \p{Script=Han})|\p{Script=Han}[,;:!?]$|\p{Script=Han}\(|\p{Script=Han}"\$\{|\}"\p{Script=Han}/gmu;

/** Comments apart. */
const said = (source: string): string => source.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");

const modules = ["packages/descend/src", "packages/cli/src", "scripts"].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /chinese|-zh\.ts|doctor-texts|write-doctor-pages/.test(path) && /\.(ts|mjs)$/.test(path))
    .map((path) => join(folder, path)),
);

describe("Chinese sentences", () => {
  it("are found in more than eight modules", () => {
    expect(modules.length).toBeGreaterThan(8);
  });

  it.each(modules)("are set with full-width punctuation in %s", (path) => {
    const source = said(readFileSync(join(root, path), "utf8"));
    expect(source).toMatch(HAN);
    expect(source.split("\n").filter((line) => line.match(HALF_WIDTH) !== null)).toEqual([]);
  });

  it.each(["停住不动,而梯度不小。", "太大:上升", "太大: 上升", "太大:", `去掉列"\${v("column")}"`, "最大(约 3)", "准则;停止"])(
    "are recognized as wrong where they are half-width: %s",
    (text) => {
      expect(text.match(HALF_WIDTH)).not.toBeNull();
    },
  );

  it.each(["停住不动，而梯度不小。", "f(x, y) 的值", "方差按 (1 + t)^−γ 下降", "比为 3:1，共 1,000 行", "见 https://例子.cn"])(
    "are left alone where they are right: %s",
    (text) => {
      expect(text.match(HALF_WIDTH)).toBeNull();
    },
  );

  it.each([
    ["a diagnosis", ["minimize", "x^2 + 50 y^2", "--start", "x=1,y=1", "--method", "gd", "--learning-rate", "0.03"]],
    ["a cure", ["minimize", "x^2 + 50 y^2", "--start", "x=1,y=1", "--method", "gd", "--learning-rate", "0.03", "--cure"]],
  ])("are said so in %s", async (_, args) => {
    const { stdout } = await callDescend(...args, "--lang", "zh");
    expect(stdout).toContain("诊断：");
    expect(stdout.match(HALF_WIDTH)).toBeNull();
  });
});
