/** Oracle: what a reader of Chinese must not meet, a text of the help that has no Chinese words; and what fits on a terminal. */

import type { Argument, Command, Option } from "commander";
import { methodCatalogue, modelCatalogue, searchMethodCatalogue } from "descend";
import { describe, expect, it } from "vitest";
import { commandCatalogue } from "../../src/commands/catalogue.js";
import { displayWidth } from "../../src/terminal/format.js";
import { chineseHelp } from "../../src/terminal/words/chinese-help.js";
import { methodOptionMeanings, methodSummaries } from "../../src/terminal/words/chinese-methods.js";
import { callDescend } from "../run-descend.js";

const HAN = /\p{Script=Han}/u;
const untranslated = (texts: readonly string[], table: Readonly<Record<string, string>>): string[] =>
  texts.filter((text) => !HAN.test(table[text] ?? ""));

describe("the help in Chinese", () => {
  it.each(commandCatalogue.map(({ name, summary, load }) => [name, summary, load] as const))(
    "has words for %s, its arguments, its options and their groups",
    async (_, summary, load) => {
      const command: Command = (await load())(() => undefined);
      const texts = [
        summary,
        ...command.registeredArguments.map(({ description }: Argument) => description),
        ...command.options.flatMap(({ description, helpGroupHeading }: Option) => [description, helpGroupHeading ?? "Options:"]),
      ];
      expect(texts.length).toBeGreaterThan(3);
      expect(untranslated(texts, chineseHelp)).toEqual([]);
    },
  );

  it("has words for every method, model, and option of a method", () => {
    const methods = [...methodCatalogue, ...searchMethodCatalogue];
    const specs = methods.flatMap(({ options }) => Object.values(options));
    const said = specs.flatMap(({ meaning, otherwise }) => [meaning, ...(otherwise === undefined ? [] : [otherwise])]);
    const names = methods.map(({ name }) => name);
    expect(untranslated(names, methodSummaries)).toEqual([]);
    expect(
      untranslated(
        modelCatalogue.map(({ summary }) => summary),
        chineseHelp,
      ),
    ).toEqual([]);
    // Formulas speak for themselves
    expect(said.filter((text) => (methodOptionMeanings[text] ?? "") === "")).toEqual([]);
  });

  it.each([[["--help"]], ...commandCatalogue.map(({ name }) => [[name, "--help"]]), [["methods"]]])(
    "speaks Chinese in every line of descend %s that says something, wherever --lang stands",
    async (args) => {
      const { stdout, code } = await callDescend(...args, "--lang", "zh");
      expect(code).toBe(0);
      expect((await callDescend("--lang", "zh", ...args)).stdout).toBe(stdout);
      // A line of help: two blanks, what is typed, two blanks and more, what it means
      const meanings = stdout.split("\n").flatMap((line) => /^ {2}\S.*? {2,}(.*)$/.exec(line)?.slice(1) ?? []);
      expect(meanings.length).toBeGreaterThan(1);
      expect(meanings.filter((meaning) => !HAN.test(meaning))).toEqual([]);
      expect(stdout).not.toMatch(/Usage|Options:|default:|display help/);
    },
  );
});

describe("the page of a method in Chinese", () => {
  it("has nothing in English but names", async () => {
    const { stdout } = await callDescend("methods", "compass-search", "--lang", "zh");
    expect(stdout).toMatch(/^compassSearch（compass，pattern-search，hooke-jeeves）：在逐渐变细的网格上/);
    expect(stdout).toMatch(/^选项 +默认 +取值 +含义$/m);
    expect(stdout).toMatch(/^poll .* 走到第一个更低的邻点/m);
    expect(stdout).not.toMatch(/For example|More in|a number/);
  });
});

describe("the layout of help", () => {
  it("breaks lines of Chinese within 80 places, and none of them before a mark that closes or after one that opens", async () => {
    const { stdout } = await callDescend("fit", "--help", "--lang", "zh");
    const lines = stdout.slice(0, stdout.indexOf("\n模型（")).split("\n");
    expect(lines.length).toBeGreaterThan(60);
    // A word that is longer by itself stays whole
    expect(lines.filter((line) => displayWidth(line) > 80 && /\S\s+\S/.test(line))).toEqual([]);
    expect(lines.filter((line) => /^\s*[，。、；：）”]|[（“]$/.test(line))).toEqual([]);
  });

  it("shows defaults as they are typed", async () => {
    expect((await callDescend("fit", "--help")).stdout).toMatch(/\(default:\s+impute\)/);
    expect((await callDescend("fit", "--help", "--lang", "zh")).stdout).toMatch(/（默认：\s*impute）/);
  });

  it("takes --lang before the command as well", async () => {
    const { stdout } = await callDescend("--lang", "zh", "minimize", "x^2", "--start", "x=1");
    expect(stdout).toContain("已收敛");
    expect((await callDescend("--lang", "fr", "methods")).code).toBe(2);
  });
});
