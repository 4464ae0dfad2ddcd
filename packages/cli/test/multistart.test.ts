/**
 * `descend multistart`; oracles: the four minima of Himmelblau's function (published), the pairs of whole
 * numbers around which Rastrigin's has its minima.
 */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { callDescend, temporaryFolder } from "./run-descend.js";

const himmelblau = "(x^2 + y - 11)^2 + (x + y^2 - 7)^2";
const minima = [
  [3, 2],
  [-2.805118086953, 3.13131251825],
  [-3.779310253378, -3.283185991286],
  [3.58442834033, -1.848126526964],
];

describe("descend multistart", () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it("finds the four minima of Himmelblau's function with their frequencies", async () => {
    const run = await callDescend(
      "multistart",
      himmelblau,
      "--within",
      "x=-5..5,y=-5..5",
      "--starts",
      "40",
      "--sampler",
      "sobol",
      "--json",
    );
    expect(run.code).toBe(0);
    const { basins, runs, best, seed, sampler } = run.json();
    expect([runs.length, seed, sampler]).toEqual([40, 0, "sobol"]);
    expect(basins.length).toBe(4);
    for (const [x, y] of minima) {
      const found = basins.filter(({ params }: { params: { x: number; y: number } }) => Math.hypot(params.x - x!, params.y - y!) < 1e-5);
      expect(found.length).toBe(1);
    }
    expect(basins.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(40);
    expect(best.value).toBeLessThan(1e-15);
  });

  it("gives the same table for the same seed, another one for another", async () => {
    const table = async (seed: string): Promise<string> => {
      const run = await callDescend("multistart", himmelblau, "--center", "x=0,y=0", "--spread", "4", "--starts", "6", "--seed", seed);
      return run.stdout;
    };
    expect(await table("1")).toBe(await table("1"));
    expect(await table("2")).not.toBe(await table("1"));
  });

  it("writes a report with the places, the map of starts and the values, in both languages", async () => {
    const file = join(folder.path, "starts.html");
    const args = ["--within", "x=-5..5,y=-5..5", "--starts", "30", "--report", file];
    await callDescend("multistart", himmelblau, ...args);
    const page = readFileSync(file, "utf8");
    expect(page).toContain("contour-with-path");
    // All four values are 0
    expect(page).not.toContain("loss-curve");
    expect(page.match(/<tr>/g)?.length).toBe(5);
    for (let k = 1; k <= 4; k++) expect(page).toContain(`to place ${k}, (`);
    const wells = ["x^4 - 3x^2 + x", "--within", "x=-2..2", "--starts", "10", "--report", file];
    await callDescend("multistart", ...wells);
    expect(readFileSync(file, "utf8")).toContain("loss-curve");
    expect(readFileSync(file, "utf8")).not.toContain("contour-with-path");
    await callDescend("multistart", himmelblau, ...args, "--lang", "zh");
    expect(readFileSync(file, "utf8")).toContain("多起点下降");
  });

  it("makes the first steps of many starts in lockstep", async () => {
    const rastrigin = "20 + x^2 + y^2 - 10 (cos(2 pi x) + cos(2 pi y))";
    const args = [
      "--within",
      "x=-1.4..1.4,y=-1.4..1.4",
      "--starts",
      "200",
      "--method",
      "gd",
      "--learning-rate",
      "0.001",
      "--lockstep",
      "300",
    ];
    const run = await callDescend("multistart", rastrigin, ...args, "--json");
    const { basins, lockstep } = run.json();
    expect(lockstep).toBe(300);
    // One around each pair of −1, 0 and 1
    expect(basins.length).toBe(9);
    expect(basins[0].verdict).toBe("converged");
  });

  it("takes an objective, a start and how it is descended from a module", async () => {
    const objective = "({ x, y }) => (x ** 2 - 1) ** 2 + (y - x) ** 2";
    const script = folder.write("case.mjs", `export default { objective: ${objective}, start: { x: 0, y: 0 }, method: "bfgs" };`);
    const { basins } = (await callDescend("multistart", script, "--spread", "2", "--starts", "12", "--json")).json();
    const ends = basins.map(({ params }: { params: { x: number; y: number } }) => [params.x, params.y].map(Math.round));
    expect(ends.sort((a: number[], b: number[]) => a[0]! - b[0]!)).toEqual([
      [-1, -1],
      [1, 1],
    ]);
  });

  it("refuses a region without variables or without a side, and a module without an objective", async () => {
    expect((await callDescend("multistart", himmelblau)).code).toBe(2);
    expect((await callDescend("multistart", himmelblau, "--within", "x=0..,y=0..1")).code).toBe(2);
    expect((await callDescend("multistart", himmelblau, "--center", "x=0,y=0", "--sampler", "halton")).code).toBe(2);
    expect((await callDescend("multistart", himmelblau, "--center", "x=0,y=0", "--lockstep", "10")).code).toBe(2);
    const empty = folder.write("empty.mjs", "export default { start: { x: 1 } };");
    expect((await callDescend("multistart", empty)).code).toBe(2);
  });
});
