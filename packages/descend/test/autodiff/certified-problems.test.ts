import { describe, expect, it } from "vitest";
import { hessian } from "../../src/autodiff/hessian.js";
import { hvp } from "../../src/autodiff/hvp.js";
import { jacobian } from "../../src/autodiff/jacobian.js";
import { gradient } from "../../src/autodiff/vjp.js";
import { binary, constant, input, stack, sum } from "../../src/graph/build.js";
import { type Node, validate } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { simplify } from "../../src/graph/simplify.js";
import { referenceJson } from "../reference-data.js";
import { formulaNode, residualNodes } from "./reference-formula.js";

/** Values of the nodes as they are and simplified: both must be right. */
function both(nodes: readonly Node[], x: ArrayLike<number>): number[][][] {
  const simplified = simplify(nodes);
  validate(simplified);
  return [nodes, simplified].map((list) => evaluate(list, { inputs: { x } }).map((values) => [...values]));
}

/** Equal relative to the largest element: 60-digit reference, error from rounding and conditioning only. */
function expectClose(got: readonly number[], expected: readonly number[], rtol: number, what: string): void {
  expect(got.length, what).toBe(expected.length);
  const scale = Math.max(1e-12, ...expected.map(Math.abs));
  got.forEach((g, i) => {
    expect(Math.abs(g - expected[i]!), `${what}[${i}]: ${g} for ${expected[i]}`).toBeLessThanOrEqual(rtol * scale);
  });
}

const classics = referenceJson("test-functions.json")?.functions as
  | {
      name: string;
      formula: string;
      n: number;
      start: number[];
      fStart: number;
      gradientStart: number[];
      hessianStart: number[][];
      constants?: object;
    }[]
  | undefined;
const residualProblems = referenceJson("more-garbow-hillstrom.json")?.problems as
  | {
      name: string;
      n: number;
      m: number;
      residuals: never;
      constants?: object;
      outsideIndexValue?: number;
      start: number[];
      residualsStart: number[];
      fStart: number;
      gradientStart: number[];
      jacobianStart?: number[][] | number[];
    }[]
  | undefined;

describe.skipIf(classics === undefined)("the classic test functions (needs ../shared/reference)", () => {
  for (const { name, formula, n, start, fStart, gradientStart, hessianStart, constants } of classics ?? []) {
    it(`${name}: value, gradient, Hessian and its products at the start (oracle: 60-digit differences)`, () => {
      const x = input("x", [n]);
      const f = formulaNode(formula, x, { ...constants });
      const [g] = gradient(f, [x]);
      const v = Float64Array.from({ length: n }, (_, i) => 1 / (i + 1));
      const [hv] = hvp(f, [x], [constant(v)]);
      for (const [value, slope, second, product] of both([f, g!, hessian(f, x), hv!], start)) {
        expectClose(value!, [fStart], 1e-12, "value");
        expectClose(slope!, gradientStart, 1e-12, "gradient");
        expectClose(second!, hessianStart.flat(), 1e-11, "Hessian");
        expectClose(
          product!,
          hessianStart.map((row) => row.reduce((s, h, i) => s + h * v[i]!, 0)),
          1e-11,
          "Hessian product",
        );
      }
    });
  }
});

describe.skipIf(residualProblems === undefined)("the problems of Moré, Garbow and Hillstrom (needs ../shared/reference)", () => {
  for (const {
    name,
    n,
    m,
    residuals,
    constants,
    outsideIndexValue,
    start,
    residualsStart,
    fStart,
    gradientStart,
    jacobianStart,
  } of residualProblems ?? []) {
    it(`${name}: residuals, gradient and Jacobian at the start (oracle: independent program)`, () => {
      const x = input("x", [n]);
      const r = stack(
        residualNodes(residuals, x, { m, ...constants, ...(outsideIndexValue === undefined ? {} : { outside: outsideIndexValue }) }),
      );
      const f = sum(binary("mul", r, r));
      const [g] = gradient(f, [x]);
      const j = jacobian(r, x);
      const points = { inputs: { x: start } };
      for (const [residual, value, slope, jacobianAt] of both([r, f, g!, j], start)) {
        expectClose(residual!, residualsStart, 1e-11, "residuals");
        expectClose(value!, [fStart], 1e-11, "value");
        expectClose(slope!, gradientStart, 1e-9, "gradient");
        if (jacobianStart !== undefined) expectClose(jacobianAt!, (jacobianStart as number[][]).flat(), 1e-10, "Jacobian");
        // ∇f = 2 Jᵀr
        const chain = Array.from({ length: n }, (_, k) => 2 * residual!.reduce((s, ri, i) => s + ri * jacobianAt![i * n + k]!, 0));
        expectClose(slope!, chain, 1e-10, "2 Jᵀr");
      }
      expect(evaluate([r], points)[0]!.length).toBe(m);
    });
  }
});
