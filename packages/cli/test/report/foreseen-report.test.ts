/** Oracle: the recorded descent itself, whose picture the foreseen course must lie on where the objective is quadratic. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { reportTexts } from "../../src/report/texts.js";
import { callDescend, temporaryFolder } from "../run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

async function reportOf(...args: readonly string[]): Promise<string> {
  const path = join(folder.path, "report.html");
  const { stderr } = await callDescend(...args, "--report", path);
  expect(stderr).toMatch(/report written|报告已写入/);
  return readFileSync(path, "utf8");
}

/** Points of each line, by role, figure by figure; of figures with a foreseen line alone. */
function lines(html: string): { values: number[][]; foreseen: number[][] }[] {
  const figures = html.match(/<svg[^>]*data-figure="loss-curve"[\s\S]*?<\/figure>/g) ?? [];
  const pointsOf = (figure: string, role: string): number[][] =>
    [...(new RegExp(`data-role="${role}" d="([^"]*)"`).exec(figure)?.[1] ?? "").matchAll(/[ML]([^,]*),([^ML]*)/g)].map(([, x, y]) => [
      Number(x),
      Number(y),
    ]);
  return figures
    .filter((figure) => figure.includes('data-role="foreseen"'))
    .map((figure) => ({ values: pointsOf(figure, "values"), foreseen: pointsOf(figure, "foreseen") }));
}

/**
 * Largest vertical distance of the foreseen points from the line of the values, in units of the
 * figure, over the first `share` of the way down.
 */
function distance({ values, foreseen }: { values: number[][]; foreseen: number[][] }, share: number): number {
  const floor = values.reduce((most, [, y]) => Math.max(most, y!), 0);
  const top = values.reduce((least, [, y]) => Math.min(least, y!), floor);
  let largest = 0;
  for (const [x, y] of foreseen) {
    if (y! > top + share * (floor - top)) continue;
    const next = values.findIndex(([at]) => at! >= x!);
    if (next < 0) continue;
    const [x0, y0] = values[Math.max(0, next - 1)]!;
    const [x1, y1] = values[next]!;
    largest = Math.max(largest, Math.abs(y! - (x1 === x0 ? y1! : y0! + ((x! - x0!) / (x1! - x0!)) * (y1! - y0!))));
  }
  return largest;
}

const table = folder.write(
  "line.csv",
  `x,z,y\n${Array.from({ length: 60 }, (_, i) => `${i},${(i * 7) % 11},${3 * i - 2 * ((i * 7) % 11) + ((i * 13) % 7)}`).join("\n")}\n`,
);

describe("the course foreseen, in a report", () => {
  it.each([
    ["a formula by gradient descent", ["minimize", "x^2 + 2y^2 + 2x y", "--start", "x=3,y=-2", "--method", "gd", "--learning-rate", "0.1"]],
    ["a formula by momentum", ["minimize", "x^2 + 5y^2", "--start", "x=3,y=-2", "--method", "momentum", "--learning-rate", "0.02"]],
    ["a fit by gradient descent", ["fit", table, "--target", "y", "--method", "gradient-descent"]],
    ["a fit by Nesterov's method", ["fit", table, "--target", "y", "--method", "nesterov"]],
  ])("lies on the real one: %s", async (_, args) => {
    const [value, gradient] = lines(await reportOf(...args));
    // A hundredth of the height; values lose their last digits in the difference from the lowest
    expect(distance(gradient!, 0.95)).toBeLessThan(3);
    expect(distance(value!, 0.5)).toBeLessThan(3);
  });

  it("is named in the legend and explained under the figure, in both languages", async () => {
    for (const lang of ["en", "zh"] as const) {
      const { foreseen } = reportTexts[lang].descent;
      const course = await reportOf(
        "minimize",
        "x^2 + 2y^2",
        "--start",
        "x=3,y=1",
        "--method",
        "gd",
        "--learning-rate",
        "0.1",
        "--lang",
        lang,
      );
      expect(course).toContain(`>${foreseen.course.name}</text>`);
      expect(course.replace(/<\/text><text[^>]*>/g, lang === "en" ? " " : "")).toContain(foreseen.course.caption);
      const bound = await reportOf("minimize", "x^2 + 2y^2", "--start", "x=3,y=1", "--lang", lang);
      expect(bound).toContain(`>${foreseen.bound.name}</text>`);
    }
  });

  it("gives way to a reason where nothing is known", async () => {
    const texts = reportTexts.en.descent.notForeseen;
    const start = ["--start", "x=3,y=1"];
    expect(await reportOf("minimize", "x^2 + 2y^2", ...start, "--method", "newton")).toContain(texts.search);
    expect(await reportOf("minimize", "x^2 + 2y^2", ...start, "--method", "adam")).toContain(texts.adaptive);
    expect(await reportOf("minimize", "x^4 - y^2 + y^4", "--start", "x=1,y=0.1", "--method", "gd")).toContain(texts["negative-curvature"]);
    expect(await reportOf("fit", table, "--target", "y", "--batch", "16", "--epochs", "20")).toContain(texts.batches);
  });

  it("leaves the descent as it is without a report", async () => {
    const args = ["fit", table, "--target", "y", "--method", "gradient-descent", "--json"];
    const [plain, reported] = [await callDescend(...args), await callDescend(...args, "--report", join(folder.path, "same.html"))];
    const { seconds: _1, command: _3, ...without } = plain.json();
    const { seconds: _2, command: _4, ...with_ } = reported.json();
    expect(with_).toEqual(without);
  });
});

describe("numbers of a report", () => {
  it("are typographic everywhere but in the command and the formula", async () => {
    for (const args of [
      ["minimize", "(1-x)^2 + 100(y-x^2)^2", "--start", "x=-1.2,y=1"],
      ["fit", table, "--target", "y", "--method", "gradient-descent", "--sweep"],
    ]) {
      const words = (await reportOf(...args))
        .replace(/<style>[\s\S]*?<\/style>|<pre>[\s\S]*?<\/pre>|<head>[\s\S]*?<\/head>/g, "")
        .replace(/<[^>]*>/g, " ");
      expect(words.match(/\d+e[+-]?\d+|0\.0000\d+|(?<=\s)-\d/g)).toBeNull();
      expect(words).toMatch(/×10⁻/);
    }
  });
});
