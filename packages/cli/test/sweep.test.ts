import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { callDescend, temporaryFolder } from "./run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * i) % 11},${3 + 2 * (i % 7) - ((i * i) % 11) + Math.sin(i)}`);
const table = folder.write("sweep.csv", ["a,b,y", ...rows].join("\n"));

describe("fit --sweep", () => {
  it("takes a stable rate near the largest, says which rates were tried, and draws them", async () => {
    const report = join(folder.path, "sweep.html");
    const run = await callDescend("fit", table, "--target", "y", "--sweep", "--report", report, "--json");
    expect(run.code).toBe(0);
    const { learningRate, sweep, method, curvature, closedForm } = run.json();
    expect(method).toBe("gradientDescent");
    expect(sweep.best).toBe(learningRate);
    // Oracle: gradient descent is stable below 2/L and best at 2/(L + μ)
    expect(learningRate).toBeLessThan(curvature.stableLearningRate);
    const best = 2 / (curvature.largest + curvature.smallest);
    expect(Math.abs(Math.log2(learningRate / best))).toBeLessThan(1);
    expect(sweep.steps).toBeLessThanOrEqual(3000);
    expect(sweep.rates.length).toBeGreaterThan(5);
    expect(closedForm.largestDifference).toBeLessThan(1e-8);
    expect(readFileSync(report, "utf8")).toContain("curve-panels");
  });

  it.each([
    ["--learning-rate", ["--sweep", "--learning-rate", "0.1"]],
    ["--learning-rate and a streamed table", ["--sweep", "--stream", "--learning-rate", "0.1"]],
    ["a method without rate", ["--sweep", "--method", "lbfgs"]],
  ])("is refused with %s", async (_, flags) => {
    expect((await callDescend("fit", table, "--target", "y", ...flags)).code).toBe(2);
  });
});

describe("fit --path", () => {
  it("draws the coefficients over the penalty into the report", async () => {
    const report = join(folder.path, "path.html");
    const run = await callDescend("fit", table, "--target", "y", "--model", "lasso", "--path", "--report", report);
    expect(run.code).toBe(0);
    expect(readFileSync(report, "utf8")).toContain("Coefficients over the penalty");
  });

  it("is refused without a report, and for models without penalty", async () => {
    expect((await callDescend("fit", table, "--target", "y", "--model", "lasso", "--path")).code).toBe(2);
    const report = join(folder.path, "none.html");
    expect((await callDescend("fit", table, "--target", "y", "--model", "linear", "--path", "--report", report)).code).toBe(2);
  });
});
