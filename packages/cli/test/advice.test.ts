import { afterAll, describe, expect, it } from "vitest";
import { commandWith, patchFlags } from "../src/doctor/patch-flags.js";
import { callDescend, runDescend, temporaryFolder } from "./run-descend.js";

const folder = temporaryFolder();
afterAll(() => folder.remove());

// x² + 50 y² has the largest curvature 100: gradient descent is stable below 0.02
const planted = ["minimize", "x^2 + 50 y^2", "--start", "x=1,y=1", "--method", "gd", "--learning-rate", "0.03"];
const table = folder.write(
  "plane.csv",
  `x,y\n${Array.from({ length: 100 }, (_, i) => `${i},${3 * i + 5 * Math.cos(13 * i)}`).join("\n")}\n`,
);
const fit = ["fit", table, "--target", "y", "--method", "gd", "--learning-rate", "3", "--max-steps", "2000"];

describe("descend minimize that does not converge", () => {
  it("names the cause and the command that removes it, and that command converges", async () => {
    const run = await runDescend(...planted);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain("doctor: The learning rate 0.03 is 1.5 times what gradientDescent can take");
    expect(run.stdout).toContain("try: descend minimize 'x^2 + 50 y^2' --start x=1,y=1 --method gd --learning-rate 0.018\n");
    const followed = await callDescend(...planted.slice(0, -1), "0.018", "--json");
    expect(followed.code).toBe(0);
    expect(followed.json()).toMatchObject({ converged: true, findings: [] });
  });

  it("puts the findings with their commands into --json, and keeps quiet with --no-advice", async () => {
    const run = await callDescend(...planted, "--json");
    expect(run.json().findings[0]).toMatchObject({ id: "lr-too-large", level: "failure" });
    expect(run.json().findings[0].prescriptions[0].command).toMatch(/^descend /);
    const quiet = await callDescend(...planted, "--no-advice");
    expect(quiet.code).toBe(1);
    expect(quiet.stdout).not.toContain("doctor");
    expect((await callDescend(...planted, "--no-advice", "--json")).json().findings).toEqual([]);
  });

  it("goes on with what is proven to help with --cure, and ends with the verdict of that", async () => {
    const run = await callDescend(...planted, "--cure", "--json");
    expect(run.code).toBe(0);
    expect(run.json()).toMatchObject({ converged: true, cure: { cured: true, patch: { learningRate: 0.018 } } });
    expect(run.json().cure.treatments[0]).toMatchObject({ accepted: true, proof: { criteria: { controlStays: true } } });
    expect(run.json().value).toBeLessThan(1e-12);
    const words = await callDescend(...planted, "--cure");
    expect(words.stdout).toMatch(/untreated, continued[\s\S]*\ncured\n[\s\S]*\nconverged: /);
  });

  it("leaves a saddle of x² − y² + y⁴/4 for one of its minima (0, ±√2)", async () => {
    const run = await callDescend("minimize", "x^2 - y^2 + y^4/4", "--start", "x=1,y=0", "--cure", "--json");
    expect(run.json().cure.cured).toBe(true);
    expect(Math.abs(run.json().params.y)).toBeCloseTo(Math.SQRT2, 6);
  });

  it("adds the penalty that gives exp(−x) a minimum: there the slope of the penalty is that of the objective", async () => {
    const run = await callDescend("minimize", "exp(-x)", "--start", "x=1", "--cure", "--json");
    const { l2 } = run.json().cure.patch;
    const { x } = run.json().params;
    expect(l2 * x).toBeCloseTo(Math.exp(-x), 8);
  });

  it("names --cure where no flag says what helps, and that converges", async () => {
    const run = await callDescend("minimize", "exp(-x)", "--start", "x=1");
    expect(run.stdout).toMatch(/try: descend .*--cure\n/);
    expect((await callDescend("minimize", "exp(-x)", "--start", "x=1", "--cure")).code).toBe(0);
  });

  it("asks for more steps where nothing else is wrong, in both languages", async () => {
    const quartic = ["minimize", "x^4", "--start", "x=1", "--method", "gd", "--max-steps", "20000"];
    expect((await callDescend(...quartic)).stdout).toMatch(/doctor: nothing is wrong[^\n]*\ntry: descend .*--max-steps 200000\n/);
    expect((await callDescend(...quartic, "--lang", "zh")).stdout).toContain("诊断：下降没有故障");
    expect((await callDescend(...fit.slice(0, 4), "--max-steps", "0")).stdout).toMatch(/try: descend .*--max-steps 1000\n/);
  });

  it("says what a cure is proven by, which may stand above a verdict that is not converged", async () => {
    const run = await callDescend(...planted, "--cure");
    expect(run.stdout).toMatch(/\ncured\n {2}the same budget, lower by \S+; at rest\n/);
    const saddle = await callDescend("minimize", "exp(-x)", "--start", "x=1", "--cure");
    expect(saddle.stdout).toMatch(/\ncured\n {2}there is a minimum now; at rest\n/);
    const chinese = await callDescend(...planted, "--cure", "--lang", "zh");
    expect(chinese.stdout).toMatch(/\n已治好\n {2}同样的预算，低了 \S+；已经停稳\n/);
  });

  it.each([
    ["advice", planted],
    ["a cure", [...planted, "--cure"]],
    ["a saddle", ["minimize", "x^2 - y^2 + y^4/4", "--start", "x=1,y=0", "--cure"]],
    ["a penalty", ["minimize", "exp(-x)", "--start", "x=1", "--cure"]],
  ])("speaks Chinese with --lang zh: %s", async (_, typed) => {
    const { stdout } = await callDescend(...typed, "--lang", "zh");
    const said = stdout.slice(stdout.indexOf("诊断"));
    expect(said.length).toBeGreaterThan(40);
    // The solution itself begins with its variables
    const doctor = said.split(/\n(?=[xy] {3,})/)[0]!.replaceAll(/descend minimize .*/g, "");
    expect(doctor).not.toMatch(/[a-z]{2,} [a-z]{2,}/);
  });

  it("refuses to treat under constraints", async () => {
    expect((await callDescend(...planted, "--subject-to", "x + y = 1", "--cure")).code).toBe(2);
  });
});

describe("descend fit that does not converge", () => {
  it("names the cause and the command, and finds it in --json beside the findings of the table", async () => {
    const run = await callDescend(...fit);
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/doctor: The learning rate 3 is .* \(lr-too-large\)\ndo: .*\ntry: descend .*--learning-rate 1\.\d+\n/);
    const codes = (await callDescend(...fit, "--json")).json().findings.map(({ code }: { code: string }) => code);
    expect(codes).toContain("lr-too-large");
    expect((await callDescend(...fit, "--no-advice")).stdout).not.toContain("doctor");
  });

  it("goes on with the cured rate and meets the closed form", async () => {
    const run = await callDescend(...fit, "--cure", "--json");
    expect(run.code).toBe(0);
    expect(run.json()).toMatchObject({ verdict: "converged", cure: { cured: true } });
    expect(run.json().closedForm.largestDifference).toBeLessThan(1e-6);
  });

  it("names the columns that --no-scale leaves as they are, and the command without it converges", async () => {
    const rows = Array.from({ length: 100 }, (_, i) => [Math.cos(2 * i), 1e5 * Math.sin(3 * i)] as const);
    const lines = rows.map(([rooms, income], i) => `${rooms},${income},${3 * rooms - 2e-5 * income + 0.1 * Math.cos(7 * i)}`);
    const path = folder.write("unscaled.csv", `rooms,income,price\n${lines.join("\n")}\n`);
    const typed = ["fit", path, "--target", "price", "--method", "gd", "--max-steps", "3000"];
    const run = await runDescend(...typed, "--no-scale");
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/doctor: The columns differ in scale by a factor 97400 \(income, rooms\): .* \(unscaled-features\)/);
    expect(run.stdout).toMatch(/try: descend fit .* --method gd --max-steps 3000\n/);
    expect((await callDescend(...typed)).code).toBe(0);
  });

  it("does not descend a large table again", async () => {
    const rows = Array.from({ length: 26_000 }, (_, i) => `${i},${3 * i + Math.cos(i)}`);
    const large = folder.write("large.csv", `x,y\n${rows.join("\n")}\n`);
    const run = await callDescend("fit", large, "--target", "y", "--method", "gd", "--learning-rate", "3", "--max-steps", "50");
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/doctor: a table of 20 800 rows is not descended again .*SAMPLE/);
  });
});

describe("patchFlags", () => {
  const variables = ["x", "y"];

  it("replaces a flag wherever and however it was typed", () => {
    const flags = patchFlags({ learningRate: 0.5 }, { variables })!;
    const typed = ["minimize", "x", "--learning-rate=3", "--schedule", "cosine:steps=9", "--cure", "--json"];
    expect(commandWith(flags, typed)).toBe("descend minimize x --json --learning-rate 0.5");
  });

  it("drops the rate where the method is another, and takes a start by name with nothing as zero", () => {
    const flags = patchFlags({ method: "lbfgs", batch: "full", start: [1e-19, 0.123456789] }, { variables, rate: 1 })!;
    expect(commandWith(flags, ["minimize", "x", "--start", "x=1,y=2", "--learning-rate", "3"])).toBe(
      "descend minimize x --method lbfgs --start x=0,y=0.123457",
    );
  });

  it("writes a decay as a schedule from the rate there is", () => {
    const flags = patchFlags({ decay: { rate: 0.1, power: 0.5 } }, { variables, rate: 0.2 })!;
    expect(commandWith(flags, ["minimize", "x"])).toBe(
      "descend minimize x --learning-rate 0.2 --schedule inverse-time:decay=0.1,power=0.5",
    );
  });

  it.each([
    ["options of a method", { methodOptions: { momentum: 0.5 } }],
    ["clipping", { clip: 1 }],
    ["nothing at all", {}],
    ["a penalty of a formula", { l2: 0.1 }],
  ])("has no flags for %s", (_, patch) => {
    expect(patchFlags(patch, { variables })).toBeUndefined();
  });
});
