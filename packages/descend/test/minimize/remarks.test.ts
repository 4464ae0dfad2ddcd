/** What a solution says beside its verdict. */

import { describe, expect, it } from "vitest";
import { maximize, minimize } from "../../src/minimize/minimize.js";
import { momentum } from "../../src/optim/methods/momentum.js";

const warningsOf = ({ warnings }: { warnings: readonly string[] }): string => warnings.join("\n");

describe("what an objective without a value was given", () => {
  it("is listed by name", () => {
    const misspelt = minimize((p) => ((p as unknown as { slope: number }).slope - 1) ** 2, { slop: 1, at: [1, 2] });
    expect(misspelt.verdict).toBe("broken-input");
    expect(warningsOf(misspelt)).toContain("It was given params.slop, params.at[0], params.at[1].");
    const column = minimize((p, row) => (p - (row as unknown as { z: number }).z) ** 2, 1 as number, { data: { x: [1, 2], y: [1, 2] } });
    expect(warningsOf(column)).toContain("It was given params and the columns x, y.");
    expect(
      warningsOf(
        minimize(
          ([x]: number[]) => Math.log(-(x! ** 2)),
          Array.from({ length: 20 }, () => 1),
        ),
      ),
    ).toContain("params[7], ….");
  });
});

describe("constants that the objective does not name", () => {
  it("are told, those that other constants name are not", () => {
    const half = (x: number): number => x / 2;
    const objective = "(x - a)^2";
    expect(warningsOf(minimize(objective, { x: 1 }, { constants: { a: 2, lambda: 3 } }))).toContain("constants.lambda is not used");
    expect(warningsOf(minimize(objective, { x: 1 }, { constants: { a: 2 } }))).toBe("");
    const doubled = (x: number): number => 4 * half(x);
    expect(warningsOf(minimize(([x]: number[]) => (doubled(x!) - 2) ** 2, [3], { constants: { doubled, half } }))).toBe("");
  });
});

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
