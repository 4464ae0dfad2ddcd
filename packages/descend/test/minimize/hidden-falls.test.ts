/** Oracle: calculus of small functions on top of a large constant, whose rounding hides what is left to fall. */

import { expect, it } from "vitest";
import { minimize } from "../../src/minimize/minimize.js";

const outside = { offset: 0, unit: 1 };
const functions: readonly (readonly [string, (p: number[]) => number, number[], number[]])[] = [
  ["|x − 1| + 5|y − 2|", ([x, y]) => Math.abs(x! - 1) + 5 * Math.abs(y! - 2), [1.1, 2.1], [1, 2]],
  ["two square roots", ([x, y]) => Math.sqrt(1 + (x! - 1) ** 2) + Math.sqrt(1 + 100 * (y! - 2) ** 2), [1.1, 2.1], [1, 2]],
  ["a narrow valley", ([x, y]) => 1e6 * (x! + y! - 3) ** 2 + 1e-2 * (x! - y! + 1) ** 2, [5, -3], [1, 2]],
];

it.each(functions)("never calls %s converged away from its minimum", (_, f, start, minimum) => {
  for (const offset of [1e3, 1e6, 1e9]) {
    for (const gradient of ["central-difference", "forward-difference"] as const) {
      for (const method of ["lbfgs", "nelderMead"]) {
        Object.assign(outside, { offset, unit: 1e-6 });
        const solution = minimize((p: number[]) => outside.offset + outside.unit * f(p), start, { method, gradient });
        const left = (f(solution.params) - f(minimum)) / (f(start) - f(minimum));
        if (solution.converged) expect(left).toBeLessThan(1e-4);
      }
    }
  }
});

it("calls it converged where the constant hides nothing", () => {
  Object.assign(outside, { offset: 10, unit: 1 });
  expect(minimize(([x, y]: number[]) => outside.offset + (x! - 3) ** 2 + (y! - 2) ** 2, [0, 0]).verdict).toBe("converged");
});
