import { describe, expect, it } from "vitest";
import { hessian } from "../../src/autodiff/hessian.js";
import { gradient } from "../../src/autodiff/vjp.js";
import { input } from "../../src/graph/build.js";
import { readFunction } from "../../src/graph/function-source.js";
import { evaluate } from "../../src/graph/interpret.js";
import { simplify } from "../../src/graph/simplify.js";
import { Tensor } from "../../src/graph/tensor.js";
import { classicProblems } from "../../src/problems/classic.js";
import { moreGarbowHillstromProblems } from "../../src/problems/more-garbow-hillstrom.js";
import type { Problem } from "../../src/problems/problem.js";
import { referenceJson } from "../reference-data.js";
import { expectClose, type Nested } from "./differentiate-tensors.js";

interface Certified {
  readonly name: string;
  readonly start: number[];
  readonly fStart: number;
  readonly gradientStart: number[];
  readonly hessianStart?: Nested;
}

/** From the plain function to simplified derivatives, the way a descent goes: simplify, differentiate, simplify. */
function check({ objective, dimension, name }: Problem, { start, fStart, gradientStart, hessianStart }: Certified): void {
  const x = input("x", [dimension]);
  const traced = readFunction(objective as (...args: never[]) => unknown, [Tensor.of(x)]) as Tensor;
  const [value] = simplify([traced.node]);
  const outputs = simplify([value!, gradient(value!, [x])[0]!, ...(hessianStart === undefined ? [] : [hessian(value!, x)])]);
  const [f, g, h] = evaluate(outputs, { inputs: { x: start } }).map((values) => [...values]);
  expectClose(f!, [fStart], 11, `${name}: value`);
  expectClose(g!, gradientStart, 9, `${name}: gradient`);
  if (hessianStart !== undefined) expectClose(h!, hessianStart, 9, `${name}: Hessian`);
}

const classics = referenceJson("test-functions.json")?.functions as Certified[] | undefined;
const residuals = referenceJson("more-garbow-hillstrom.json")?.problems as Certified[] | undefined;

describe.skipIf(classics === undefined)(
  "derivatives of the catalogued functions, read from their source (needs ../shared/reference)",
  () => {
    for (const problem of classicProblems) {
      it(`${problem.name} has the certified gradient and Hessian at its start to 9 digits`, () => {
        const certified = classics!.find(({ name }) => name === problem.name);
        expect(certified).toBeDefined();
        check(problem, certified!);
      });
    }
  },
);

describe.skipIf(residuals === undefined)(
  "gradients of the catalogued least-squares problems, read from their source (needs ../shared/reference)",
  () => {
    for (const problem of moreGarbowHillstromProblems) {
      it(`${problem.name} has the certified gradient at its start to 9 digits`, () => {
        const certified = residuals!.find(({ name }) => name === problem.name);
        expect(certified).toBeDefined();
        check(problem, certified!);
      });
    }
  },
);
