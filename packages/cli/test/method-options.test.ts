/**
 * `--method-option`, `--variables`, `--schedule` of a fit, `descend methods`; oracles: the library called
 * with the same options, minima in closed form.
 */

import { methodCatalogue, minimize, searchMethodCatalogue } from "descend";
import { afterAll, describe, expect, it } from "vitest";
import { callDescend, temporaryFolder } from "./run-descend.js";

const rosenbrock = "(1-x)^2 + 100(y-x^2)^2";
const start = ["--start", "x=-1.2,y=1"];

describe("options of a method on the command line", () => {
  it("are those of the library", async () => {
    const args = ["--method", "adam", "--method-option", "beta1=0.8", "--method-option", "beta2=0.95", "--learning-rate", "0.02"];
    const run = (await callDescend("minimize", rosenbrock, ...start, ...args, "--max-steps", "200", "--no-advice", "--json")).json();
    const methodOptions = { beta1: 0.8, beta2: 0.95 };
    const other = minimize(rosenbrock, { x: -1.2, y: 1 }, { method: "adam", methodOptions, learningRate: 0.02, maxSteps: 200 });
    expect(run.params).toEqual(other.params);
    expect(run.value).toBe(other.value);
  });

  it("are read as words, truths and whole numbers, also of methods that search", async () => {
    const words = await callDescend(
      "minimize",
      rosenbrock,
      ...start,
      "--method",
      "lbfgs",
      "--method-option",
      "search=hager-zhang",
      "--json",
    );
    expect(words.json().steps).toBe(
      minimize(rosenbrock, { x: -1.2, y: 1 }, { method: "lbfgs", methodOptions: { search: "hager-zhang" } }).steps,
    );
    const truth = ["--method", "momentum", "--method-option", "nesterov=maybe", "--learning-rate", "0.001"];
    expect((await callDescend("minimize", rosenbrock, ...start, ...truth)).code).toBe(2);
  });

  it.each([
    ["without a method", ["--method-option", "beta1=0.9"]],
    ["that the method has not", ["--method", "adam", "--method-option", "beta3=0.9"]],
    ["out of range", ["--method", "adam", "--method-option", "beta1=1.5"]],
    ["that are no pair", ["--method", "adam", "--method-option", "beta1"]],
    ["given twice", ["--method", "adam", "--method-option", "beta1=0.9", "--method-option", "beta1=0.8"]],
  ])("are refused %s", async (_, args) => {
    expect((await callDescend("minimize", rosenbrock, ...start, ...args)).code).toBe(2);
  });
});

describe("whole numbers and categories on the command line", () => {
  it("are held: (n − 2.6)² + (x − n)² has its minimum over whole n at 3", async () => {
    const run = await callDescend("minimize", "(n-2.6)^2 + (x-n)^2", "--start", "n=0,x=0", "--variables", "n=integer", "--json");
    const { params } = run.json();
    expect(params.n).toBe(3);
    expect(params.x).toBeCloseTo(3, 4);
  });

  it("need bounds where they are categories, and a variable", async () => {
    const formula = "(n-2.6)^2";
    expect((await callDescend("minimize", formula, "--start", "n=0", "--variables", "n=category")).code).toBe(2);
    expect((await callDescend("minimize", formula, "--start", "n=0", "--variables", "m=integer")).code).toBe(2);
    expect((await callDescend("minimize", formula, "--start", "n=0", "--variables", "n=round")).code).toBe(2);
    const held = await callDescend("minimize", formula, "--start", "n=0", "--variables", "n=categorical", "--bounds", "n=0..5", "--json");
    expect(held.json().params.n).toBe(3);
  });
});

describe("a schedule and options of the method of a fit", () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());
  // y = 2x + 1 exactly
  const table = folder.write("line.csv", `x,y\n${Array.from({ length: 30 }, (_, i) => `${i},${2 * i + 1}`).join("\n")}\n`);

  it("begins at the rate from the curvature and changes it", async () => {
    const fit = async (...more: string[]) =>
      (await callDescend("fit", table, "--target", "y", "--method", "gd", "--max-steps", "20", "--no-advice", "--json", ...more)).json();
    const constant = await fit();
    const falling = await fit("--schedule", "exponential:factor=0.5");
    expect(falling.learningRate).toBe(constant.learningRate);
    expect(constant.converged).toBe(true);
    expect(falling.steps).toBeGreaterThanOrEqual(constant.steps);
    const other = await fit("--method", "momentum", "--method-option", "momentum=0.5");
    expect(other.method).toBe("momentum");
  });

  it("is refused where nothing has a rate", async () => {
    expect((await callDescend("fit", table, "--target", "y", "--schedule", "cosine:steps=10")).code).toBe(2);
    expect((await callDescend("fit", table, "--target", "y", "--method", "gd", "--schedule", "cosin:steps=10")).code).toBe(2);
  });
});

describe("descend methods", () => {
  it("lists all methods, and of one every option with its default and range", async () => {
    const all = (await callDescend("methods", "--json")).json();
    expect(all.length).toBe(searchMethodCatalogue.length + methodCatalogue.length);
    const { stdout } = await callDescend("methods", "adam");
    for (const [name, spec] of Object.entries(methodCatalogue.find((record) => record.name === "adam")!.options)) {
      expect(stdout).toMatch(new RegExp(`${name}\\s+${spec.default}`));
    }
    expect((await callDescend("methods", "adamm")).code).toBe(2);
  });
});
