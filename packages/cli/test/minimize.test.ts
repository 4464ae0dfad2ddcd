import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createDescent, methodCatalogue, searchMethodCatalogue } from "descend";
import { describe, expect, it } from "vitest";
import { callDescend, inTurn, observeDescend, temporaryFolder } from "./run-descend.js";

const rosenbrock = "(1-x)^2 + 100(y-x^2)^2";

describe("descend minimize", () => {
  it("finds the minimum (1, 1) of Rosenbrock's function and calls it converged", async () => {
    const run = await callDescend("minimize", rosenbrock, "--start", "x=-1.2,y=1", "--json");
    expect(run.code).toBe(0);
    const result = run.json();
    expect(result).toMatchObject({
      verdict: "converged",
      converged: true,
      terminationReason: "gradient-tolerance",
      gradientSource: "compiled",
    });
    expect(result.params.x).toBeCloseTo(1, 6);
    expect(result.params.y).toBeCloseTo(1, 6);
    expect(result.value).toBeLessThan(1e-12);
    expect(result.steps).toBeGreaterThan(0);
    expect(result.evaluations.gradient).toBeGreaterThan(0);
  });

  it("makes the first step of gradient descent by hand: (1, 2) − 0.1·(2, 4) on x² + y²", async () => {
    const run = await callDescend(
      "minimize",
      "x^2+y^2",
      "--start",
      "x=1,y=2",
      "--method",
      "gd",
      "--learning-rate",
      "0.1",
      "--max-steps",
      "1",
      "--json",
    );
    expect(run.code).toBe(1);
    expect(run.json()).toMatchObject({ verdict: "budget", terminationReason: "max-steps", converged: false, steps: 1 });
    expect(run.json().params.x).toBeCloseTo(0.8, 14);
    expect(run.json().params.y).toBeCloseTo(1.6, 14);
  });

  it("lets the rate follow a --schedule: 0.1, then 0.05 on x², 1·0.8·0.9", async () => {
    const args = [
      "--start",
      "x=1",
      "--method",
      "gd",
      "--learning-rate",
      "0.1",
      "--schedule",
      "step:every=1,factor=0.5",
      "--max-steps",
      "2",
      "--json",
    ];
    const run = await callDescend("minimize", "x^2", ...args);
    expect(run.json().params.x).toBeCloseTo(0.72, 15);
    const wrong = await callDescend("minimize", "x^2", "--start", "x=1", "--method", "gd", "--schedule", "cosin:steps=9");
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("cosine")]);
  });

  it("takes constants from --const and several --start options", async () => {
    const run = await callDescend("minimize", "(x-a)^2 + (y-b)^2", "--start", "x=0", "--start", "y=0", "--const", "a=3,b=-4", "--json");
    expect(run.json().params.x).toBeCloseTo(3, 8);
    expect(run.json().params.y).toBeCloseTo(-4, 8);
  });

  it("keeps to --bounds: the nearest point of a box", async () => {
    const args = ["--start", "x=1,y=1", "--bounds", "x=0..2,y=-1..", "--method", "gd", "--learning-rate", "0.1", "--json"];
    const run = await callDescend("minimize", "(x-3)^2 + (y+4)^2", ...args);
    expect(run.code).toBe(0);
    expect(run.json()).toMatchObject({ verdict: "converged", params: { x: 2, y: -1 } });
  });

  it("holds what it is --subject-to, and shows the multipliers: the nearest point of a line", async () => {
    const given = ["x^2 + y^2", "--start", "x=3,y=1", "--subject-to", "x + y >= 1", "--subject-to", "x = 2y"];
    const [json, text] = await inTurn([["--json"], ["--gradient"]], (more) => callDescend("minimize", ...given, ...more));
    expect(json!.code).toBe(0);
    expect(json!.json().params.x).toBeCloseTo(2 / 3, 8);
    expect(json!.json().multipliers.atMost[0]).toBeCloseTo(10 / 9, 8);
    expect(json!.json().multipliers.equal[0]).toBeCloseTo(-2 / 9, 8);
    expect(json!.json().constraintViolation).toBeLessThan(1e-10);
    expect(text!.stdout).toMatch(/multipliers of equalities -0\.222222; of inequalities 1\.11111/);
  });

  it("finds out that no point satisfies the constraints", async () => {
    const run = await callDescend("minimize", "x^2", "--start", "x=3", "--subject-to", "x^2 <= -1", "--json");
    expect(run.code).toBe(1);
    expect(run.json()).toMatchObject({ verdict: "infeasible", converged: false });
  });

  it.each([
    [["--bounds", "x=5..1"], "bounds.x: expected a lower bound that is not above the upper one"],
    [["--bounds", "x=1"], "--bounds: expected name=lower..upper"],
    [["--bounds", "x=a..1"], "--bounds: expected name=lower..upper"],
    [["--bounds", "x=0..1", "--bounds", "x=0..2"], "--bounds: expected name=lower..upper"],
    [["--bounds", "z=0..1"], "--bounds z: expected a variable of --start, one of x"],
    [["--subject-to", "x"], 'constraint "x": expected a comparison such as x + y <= 1'],
    [["--subject-to", "x < 1"], 'constraint "x < 1": expected <=, >= or ='],
    [["--subject-to", "z <= 1"], 'the name "z"'],
  ])("refuses %j with what would be right", async (more, message) => {
    const run = await callDescend("minimize", "x^2", "--start", "x=3", ...more);
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(message);
  });

  it("shows the gradient where asked to: 2x and its value at the minimum, as text and as JSON", async () => {
    const [json, text] = await inTurn([["--json"], []], (more) => callDescend("minimize", "x^2", "--start", "x=5", "--gradient", ...more));
    expect(json!.json().gradient.x.formula).toBe("2·x");
    expect(Math.abs(json!.json().gradient.x.value)).toBeLessThan(1e-6);
    expect(text!.stdout).toContain("2·x");
  });

  it("does not call a function without minimum converged", async () => {
    for (const formula of ["x", "-x^2", "exp(x)"]) {
      const run = await callDescend("minimize", formula, "--start", "x=1", "--max-steps", "200", "--json");
      expect(run.code).toBe(1);
      expect(run.json().converged).toBe(false);
    }
  });

  it.each([
    ["no start", [rosenbrock]],
    ["an unknown flag", [rosenbrock, "--start", "x=0,y=0", "--strat", "x=1"]],
    ["a start without value", [rosenbrock, "--start", "x,y=1"]],
    ["a start that is no number", [rosenbrock, "--start", "x=one,y=1"]],
    ["a name given twice", [rosenbrock, "--start", "x=1,x=2"]],
    ["a variable missing from the start", [rosenbrock, "--start", "x=1"]],
    ["a formula that does not parse", ["(1-x", "--start", "x=1"]],
    ["an empty formula", ["", "--start", "x=1"]],
    ["an unknown function", ["foo(x)", "--start", "x=1"]],
    ["a constant that is also a variable", ["a x^2", "--start", "x=1,a=2", "--const", "a=1"]],
    ["an unknown method", ["x^2", "--start", "x=1", "--method", "adamm"]],
    ["a negative budget", ["x^2", "--start", "x=1", "--max-steps", "-1"]],
    ["two formulas", ["x^2", "y^2", "--start", "x=1"]],
    ["an unknown command", []],
  ])("refuses %s with exit code 2 and without a stack trace", async (what, args) => {
    const run = what === "an unknown command" ? await callDescend("minimise", "x^2") : await callDescend("minimize", ...args);
    expect(run.code).toBe(2);
    expect(run.stdout).toBe("");
    expect(run.stderr.trim()).not.toBe("");
    expect(run.stderr).not.toMatch(/^\s+at /m);
  });

  it("stops at Ctrl-C with the point reached, after telling of its progress in plain lines", async () => {
    const args = [
      "minimize",
      rosenbrock,
      "--start",
      "x=-1.2,y=1",
      "--method",
      "gd",
      "--learning-rate",
      "1e-12",
      "--max-steps",
      "1000000000000",
      "--json",
    ];
    const run = await observeDescend(args, (child) => child.kill("SIGINT"));
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/^step \d+ of 1000000000000 .*\n$/);
    expect(run.json()).toMatchObject({ verdict: "stopped", terminationReason: "stopped-by-caller", converged: false, interrupted: true });
    expect(run.json().steps).toBeGreaterThan(0);
  });

  it("suggests the flag that was meant", async () => {
    expect((await callDescend("minimize", "x^2", "--start", "x=1", "--max-step", "3")).stderr).toMatch(/--max-steps/);
  });

  it("takes every method that its help lists, as it is spelled there", async () => {
    const { stdout } = await callDescend("minimize", "--help");
    const methods = [...stdout.split("Methods that search:\n")[1]!.matchAll(/^ {2}(\S+)/gm)].map((match) => match[1]!);
    expect(methods).toContain("gradient-descent");
    expect(methods).toEqual(
      [...searchMethodCatalogue, ...methodCatalogue].map(({ name }) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)),
    );
    for (const method of methods) expect(() => createDescent("x^2", { x: 1 }, { method, learningRate: 0.1 })).not.toThrow();
  });

  it("shows help and version with exit code 0", async () => {
    for (const args of [["--help"], ["--version"], ["minimize", "--help"], ["fit", "--help"]])
      expect((await callDescend(...args)).code).toBe(0);
  });

  it("writes a report with the path over the contours, and the values over the steps as a picture", async () => {
    const folder = temporaryFolder();
    try {
      const [report, plot] = [join(folder.path, "report.html"), join(folder.path, "plot.svg")];
      const run = await callDescend("minimize", rosenbrock, "--start", "x=-1.2,y=1", "--report", report, "--plot", plot, "--lang", "zh");
      expect(run.code).toBe(0);
      expect(readFileSync(report, "utf8")).toMatch(/^<!doctype html>[\s\S]*lang="zh[\s\S]*contour-with-path[\s\S]*<\/html>\s*$/i);
      expect(readFileSync(plot, "utf8")).toMatch(/^<svg [\s\S]*<\/svg>\s*$/);
    } finally {
      folder.remove();
    }
  });
});
