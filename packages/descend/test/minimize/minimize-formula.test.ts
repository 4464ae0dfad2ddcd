import { describe, expect, it } from "vitest";
import { type DescendError, OptionError } from "../../src/errors.js";
import { minimize } from "../../src/minimize/minimize.js";
import { type FormulaOptions, minimizeFormula } from "../../src/minimize/minimize-formula.js";
import { adam } from "../../src/optim/methods/adam.js";
import { lbfgs } from "../../src/optim/quasi-newton/lbfgs.js";

const rosenbrock = "(1 - x)^2 + 100 (y - x^2)^2";

/** The error that a call throws. */
function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe("minimizeFormula", () => {
  it.each([
    rosenbrock,
    "log(cosh(x - 1)) + exp(-y) + y^2",
    "(x - 2)^4 + sqrt(1 + y^2) + sin(x y)^2 / 3",
    "lgamma(2 + x^2) + erf(y)^2 + atan2(y, 3)",
    // Where minimize compiles loops over arrays.
    `${rosenbrock} + ${Array.from({ length: 20 }, (_, i) => `exp(v${i} - 1) - x v${i}`).join(" + ")}`,
  ])("takes the steps of minimize, bit for bit: %s", (formula) => {
    const options = { history: true, maxSteps: 60, pursue: false } as const;
    const others = formula.includes("v0") ? Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`v${i}`, i / 7])) : {};
    const start = { x: -1.2, y: 0.7, ...others };
    const [small, whole] = [minimizeFormula(formula, start, options), minimize(formula, start, options)];
    expect(small.params).toEqual(whole.params);
    expect(small.value).toBe(whole.value);
    expect(small.verdict).toBe(whole.verdict);
    // minimize examines the point further.
    expect(small.tests).toEqual(whole.tests.slice(0, small.tests.length));
    expect(small.history!.params).toEqual(whole.history!.params);
  });

  it("takes more variables than fit in the small arrays of the compiler with loops (oracle: the closed form)", () => {
    for (const n of [15, 16, 17, 60]) {
      const names = Array.from({ length: n }, (_, i) => `v${i}`);
      const formula = names.map((name, i) => `${i + 1} (${name} - ${i})^2`).join(" + ");
      const { params, verdict } = minimizeFormula(formula, Object.fromEntries(names.map((name) => [name, 0.5])));
      expect(verdict).toBe("converged");
      names.forEach((name, i) => {
        expect(params[name]).toBeCloseTo(i, 6);
      });
    }
  });

  it("takes constants, float32, and a search with options", () => {
    const options = { constants: { a: 3 }, method: lbfgs({ memory: 3 }) };
    expect(minimizeFormula("(x - a)^2", { x: 0 }, options).x.x).toBeCloseTo(3, 6);
    expect(minimizeFormula("(x - 3)^2", { x: 0 }, { precision: "float32" }).x.x).toBeCloseTo(3, 3);
  });

  it.each([
    ["data", { data: { t: [1, 2] } }],
    ["batch", { batch: 1 }],
    ["gradient", { gradient: "central-difference" }],
    ["learningRate", { learningRate: 0.1 }],
    ["bounds", { bounds: { x: [0, 1] } }],
    ["method", { method: "adam" }],
    ["method", { method: adam() }],
  ])("refuses what only minimize has: %s", (option, options) => {
    const error = thrown(() => minimizeFormula(rosenbrock, { x: 0, y: 0 }, options as FormulaOptions));
    expect(error).toBeInstanceOf(OptionError);
    expect(error).toMatchObject({ code: "OPTION_UNKNOWN", details: { option } });
  });

  it("refuses what is no formula, unknown options and options that are no object", () => {
    const codeOf = (call: () => unknown): unknown => (thrown(call) as DescendError).code;
    expect(codeOf(() => minimizeFormula((() => 0) as never, { x: 0 }))).toBe("NOT_A_TENSOR");
    expect(codeOf(() => minimizeFormula("x^2", { x: 1 }, { maxStep: 3 } as never))).toBe("OPTION_UNKNOWN");
    expect(codeOf(() => minimizeFormula("x^2", { x: 1 }, null as never))).toBe("OPTION_OUT_OF_RANGE");
  });
});
