/** Oracles: least squares by the closed form, beside every fit, and the fit of the same table with scaled columns. */

import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { callDescend, temporaryFolder } from "../run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

/** Two columns a thousand times apart in scale, one of them far from zero. */
const rows = Array.from({ length: 80 }, (_, i) => {
  const [small, large] = [Math.sin(7 * i), 5000 + 1000 * Math.cos(11 * i)];
  return {
    small,
    large,
    y: 3 * small - 0.002 * large + Math.sin(i * i) / 4,
    flag: small + (large - 5000) / 1000 + Math.sin(i * i) / 2 > 0,
  };
});
const table = folder.write(
  "units.csv",
  `small,large,y,flag\n${rows.map(({ small, large, y, flag }) => `${small},${large},${y},${flag ? "yes" : "no"}`).join("\n")}\n`,
);
const unscaled = ["fit", table, "--features", "small,large", "--no-scale", "--method", "gd", "--cure"];

describe("--cure of a fit whose columns were left unscaled", () => {
  it.each([
    ["that diverges", ["--target", "y", "--learning-rate", "0.1"]],
    ["that creeps", ["--target", "y", "--max-steps", "3000"]],
    ["of classes", ["--target", "flag", "--max-steps", "3000"]],
  ])("scales them, proves it, and goes on with that: a descent %s", async (_, args) => {
    const cured = (await callDescend(...unscaled, ...args, "--json")).json();
    expect(cured).toMatchObject({ converged: true, cure: { cured: true, patch: { standardize: { features: true } } } });
    const [treatment] = cured.cure.treatments;
    expect(treatment).toMatchObject({ finding: "unscaled-features", prescription: "let-scale", accepted: true });
    expect(Object.values(treatment.proof.criteria)).toEqual([true, true, true, true, true, true]);
    expect(treatment.after.metric).toBeLessThan(treatment.before.metric);
    // The command that it names is the fit that one would have made with scaled columns
    expect(treatment.code).not.toMatch(/--no-scale|--cure|--learning-rate/);
    const steps = args.includes("--max-steps") ? ["--max-steps", "3000"] : [];
    const scaled = (
      await callDescend("fit", table, "--features", "small,large", "--method", "gd", ...args.slice(0, 2), ...steps, "--json")
    ).json();
    expect(cured.coefficients).toEqual(scaled.coefficients);
  });

  it("continues the untreated fit for as long, where its steps were used up, and tells of both", async () => {
    const { stdout, code } = await callDescend(...unscaled, "--target", "y", "--max-steps", "3000");
    expect(code).toBe(0);
    const [, before] = /before +\S+ +(\d+)/.exec(stdout)!;
    const [, control] = /untreated, continued +\S+ +(\d+)/.exec(stdout)!;
    const [, treated] = /treated +\S+ +(\d+) +\d+ +it came to rest/.exec(stdout)!;
    expect(Number(control)).toBe(Number(before) + Number(treated));
    expect(stdout).toMatch(/unscaled-features \/ let-scale: proven[\s\S]*\ncured\n[\s\S]*\nconverged: /);
  });

  it("writes the report of the treated fit", async () => {
    const report = join(folder.path, "cured.html");
    const { readFileSync } = await import("node:fs");
    await callDescend(...unscaled, "--target", "y", "--report", report);
    expect(readFileSync(report, "utf8")).toContain("Every column was brought to mean 0");
  });

  it("looks for other causes where the columns are scaled, or alike", async () => {
    const rate = (await callDescend("fit", table, "--target", "y", "--method", "gd", "--learning-rate", "10", "--cure", "--json")).json();
    expect(rate.cure.treatments.map(({ finding }: { finding: string }) => finding)).not.toContain("unscaled-features");
    const alike = folder.write("alike.csv", `x,y\n${rows.map(({ small, y }) => `${small},${y}`).join("\n")}\n`);
    const run = (
      await callDescend("fit", alike, "--target", "y", "--no-scale", "--method", "gd", "--learning-rate", "10", "--cure", "--json")
    ).json();
    expect(run.cure).toMatchObject({ cured: true });
    expect(run.cure.patch.standardize).toBeUndefined();
  });
});

describe("a learning rate without a method that takes one", () => {
  it("is said to be unused, in both languages; one that is used is not", async () => {
    const run = await callDescend("fit", table, "--target", "y", "--learning-rate", "10");
    expect(run.stdout).toContain("note: --learning-rate 10 is not used: lbfgs finds the length of its steps itself.");
    const json = (await callDescend("fit", table, "--target", "y", "--learning-rate", "10", "--json")).json();
    expect(json.findings).toMatchObject([{ code: "LEARNING_RATE_UNUSED" }]);
    expect((await callDescend("fit", table, "--target", "y", "--learning-rate", "10", "--lang", "zh")).stdout).toContain("没有用到：lbfgs");
    expect((await callDescend("fit", table, "--target", "y", "--learning-rate", "0.1", "--method", "gd")).stdout).not.toContain(
      "is not used",
    );
  });
});
