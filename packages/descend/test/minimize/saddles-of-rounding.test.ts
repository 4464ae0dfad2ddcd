/** Oracle: sums of convex functions have no saddle, whatever constant is added whose rounding makes their differences noise. */

import { expect, it } from "vitest";
import { minimize } from "../../src/minimize/minimize.js";

const outside = { height: 0, unit: 1 };
const convex: readonly (readonly [string, (p: number[]) => number, number[]])[] = [
  ["a bowl", ([x, y]) => (x! - 1) ** 2 + 3 * (y! + 2) ** 2, [4, 4]],
  ["a bowl of condition 10⁶", ([x, y]) => 1e3 * (x! + y! - 3) ** 2 + 1e-3 * (x! - y! + 1) ** 2, [5, -3]],
  ["x² + y⁴ + z⁶", ([x, y, z]) => x! ** 2 + y! ** 4 + z! ** 6, [1, 1, 1]],
  ["e^x − x + cosh y", ([x, y]) => Math.exp(x!) - x! + Math.cosh(y!), [1, 2]],
  ["√(1 + x²) + ln cosh y", ([x, y]) => Math.sqrt(1 + x! ** 2) + Math.log(Math.cosh(y! - 1)), [3, 3]],
];

it.each(convex)("never calls an end of %s a saddle or a maximum", (_, f, start) => {
  for (const height of [1e3, 1e6, 1e9]) {
    for (const unit of [1, 1e-3, 1e-6]) {
      for (const gradient of ["central-difference", "forward-difference"] as const) {
        for (const method of ["lbfgs", "nelderMead", "newtonCg"]) {
          Object.assign(outside, { height, unit });
          const { verdict } = minimize((p: number[]) => outside.height + outside.unit * f(p), start, { method, gradient, maxSteps: 500 });
          expect(["saddle", "maximum"], `${height} ${unit} ${gradient} ${method}`).not.toContain(verdict);
        }
      }
    }
  }
});
