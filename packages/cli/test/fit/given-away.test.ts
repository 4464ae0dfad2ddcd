/** Oracle: tables whose target is, by construction, in one of the columns, or just not. */

import { afterAll, describe, expect, it } from "vitest";
import { callDescend, temporaryFolder } from "../run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const rows = Array.from({ length: 60 }, (_, i) => ({ a: (i * 7) % 11, y: 2 * i + (i % 5) }));
const table = (name: string, other: (y: number, i: number) => number): string =>
  folder.write(name, `a,other,y\n${rows.map(({ a, y }, i) => `${a},${other(y, i)},${y}`).join("\n")}\n`);

const named = async (path: string, ...options: string[]): Promise<string[]> => {
  const { findings } = (await callDescend("fit", path, "--target", "y", "--json", ...options)).json();
  return findings.flatMap(({ code, columns }: { code: string; columns: string[] }) => (code === "TARGET_GIVEN_AWAY" ? columns : []));
};

describe("a column that has the target in it", () => {
  it.each([
    ["a copy", (y: number) => y],
    ["the target in another unit", (y: number) => 100 - 0.254 * y],
  ])("is named: %s, in memory and streamed", async (name, other) => {
    const path = table(`${name}.csv`, other);
    expect(await named(path)).toEqual(["other"]);
    expect(await named(path, "--stream")).toEqual(["other"]);
    expect((await callDescend("fit", path, "--target", "y", "--lang", "zh")).stdout).toContain("仅凭 other 就能算出目标列");
  });

  it.each([
    ["one that follows it closely", (y: number, i: number) => y + 1e-4 * (i % 7)],
    ["one it depends on by a curve", (y: number) => y * y],
  ])("is not what it is taken for: %s", async (name, other) => {
    expect(await named(table(`${name}.csv`, other))).toEqual([]);
  });

  it("is left alone where it is the only one that was asked for", async () => {
    expect(
      await named(
        table("only.csv", (y) => y),
        "--features",
        "other",
      ),
    ).toEqual([]);
  });

  it("lets the descent agree with the closed form, where coefficients are 0 to rounding", async () => {
    const { closedForm } = (
      await callDescend(
        "fit",
        table("zero.csv", (y) => y),
        "--target",
        "y",
        "--json",
      )
    ).json();
    expect(closedForm.largestDifference).toBeLessThan(1e-12);
  });
});
