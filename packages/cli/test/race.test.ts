/** `descend race`; the oracle is the theory of steps on a quadratic of condition 456. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { callDescend, temporaryFolder } from "./run-descend.js";

const bowl = "0.5 x^2 + 228 y^2";

describe("descend race", () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it("ranks L-BFGS before momentum before gradient descent, and writes curves and paths of all", async () => {
    const file = join(folder.path, "race.html");
    const methods = "gd:0.0043,momentum:0.0005,lbfgs";
    const run = await callDescend("race", bowl, "--start", "x=1,y=1", "--methods", methods, "--report", file, "--json");
    expect(run.code).toBe(0);
    const { results, startValue, best } = run.json();
    expect(startValue).toBe(228.5);
    expect(best).toBeLessThan(1e-12);
    expect(results.map(({ name }: { name: string }) => name)).toEqual(["lbfgs", "momentum:0.0005", "gd:0.0043"]);
    const evaluations = results.map(({ evaluationsToBest }: { evaluationsToBest: number }) => evaluationsToBest);
    expect(evaluations).toEqual([...evaluations].sort((a: number, b: number) => a - b));
    const page = readFileSync(file, "utf8");
    expect(page).toContain("loss-curve");
    expect(page).toContain("contour-with-path");
    for (const name of ["lbfgs", "momentum:0.0005", "gd:0.0043"]) {
      expect(page.split(`data-series="${name}"`).length - 1).toBeGreaterThanOrEqual(2);
    }
  });

  it("prints a table, in the order of the ranks", async () => {
    const run = await callDescend(
      "race",
      bowl,
      "--start",
      "x=1,y=1",
      "--methods",
      "gd,lbfgs",
      "--learning-rate",
      "0.004",
      "--max-evaluations",
      "40",
    );
    expect(run.stdout).toMatch(/evaluations.*\n\s*1\s+lbfgs.*converged\n\s*2\s+gd\s+–\s+–.*budget/);
  });

  it("writes the report in Chinese", async () => {
    const file = join(folder.path, "race.html");
    await callDescend("race", "x^4 + x^2", "--start", "x=1", "--methods", "adam,lbfgs", "--report", file, "--lang", "zh");
    expect(readFileSync(file, "utf8")).toContain("优化方法竞赛");
  });

  it("refuses an empty name and an unknown method", async () => {
    expect((await callDescend("race", bowl, "--start", "x=1,y=1", "--methods", "gd,,lbfgs")).code).toBe(2);
    const unknown = await callDescend("race", bowl, "--start", "x=1,y=1", "--methods", "gd,lbfg");
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/^error --methods: .*Did you mean "lbfgs"\?/);
    const chinese = await callDescend("race", bowl, "--start", "x=1,y=1", "--methods", "gd,lbfg", "--lang", "zh");
    expect(chinese.stderr).toContain("--methods：没有叫“lbfg”的方法");
  });
});
