/** What a solution says beside its verdict. */

import { describe, expect, it } from "vitest";
import { maximize, minimize } from "../../src/minimize/minimize.js";
import { momentum } from "../../src/optim/methods/momentum.js";

const warningsOf = ({ warnings }: { warnings: readonly string[] }): string => warnings.join("\n");

describe("a lower value seen on the way", () => {
  // Two basins apart from each other by a jump at 1: down to 1 on the right of it, down to 5 at 0 on its left
  const broken = ([x]: number[]): number => x! ** 2 + (x! < 1 ? 5 : 0);
  const options = { method: "gradientDescent", learningRate: 0.1 } as const;

  it("is told, and where: the factor 0.8 a step leads from 4 to 1.048576 before the jump", () => {
    const solution = minimize(broken, [4], options);
    expect(solution.value).toBeCloseTo(5, 12);
    expect(warningsOf(solution)).toContain("has seen 1.1 at [1.05], better than 5 where it ended");
    expect(warningsOf(maximize(([x]: number[]) => -broken([x!]), [4], options))).toContain("has seen -1.1 at [1.05], better than -5");
  });

  it("is told of a smooth function whose lowest basin a fast descent rolls through", () => {
    const tilted = ([x]: number[]): number => (x! ** 2 - 1) ** 2 + 0.3 * x!;
    const solution = minimize(tilted, [-2], { method: momentum({ learningRate: 0.01, momentum: 0.9 }) });
    expect(solution.x[0]).toBeCloseTo(0.96, 2);
    expect(warningsOf(solution)).toMatch(/has seen -0\.3\d* at \[-1\.0\d*\], better than 0\.294/);
    expect(warningsOf(minimize(tilted, [-2]))).toBe("");
  });

  it("is not told where it is rounding or the last swings around the minimum", () => {
    const rosenbrock = ([x, y]: number[]): number => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2;
    for (const method of ["adam", "momentum", "nesterov", "lbfgs"]) {
      const rate = method === "lbfgs" ? {} : { learningRate: 1e-3 };
      const solution = minimize(rosenbrock, [-1.2, 1], { method, maxSteps: 200_000, ...rate } as never);
      expect(solution.converged).toBe(true);
      expect(warningsOf(solution)).toBe("");
    }
  });
});
