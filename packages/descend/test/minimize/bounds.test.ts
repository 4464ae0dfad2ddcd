/**
 * Oracles: of a sum of squares of single parameters the minimizer in a box is the nearest point of the box; of others the first-order
 * conditions. That nothing is evaluated outside is seen by objectives that look at where they are called.
 */

import { describe, expect, it } from "vitest";
import { DescendError } from "../../src/errors.js";
import { createDescent, maximize, minimize } from "../../src/minimize/minimize.js";
import { adam } from "../../src/optim/methods/adam.js";
import { gradientDescent } from "../../src/optim/methods/gradient-descent.js";
import { nesterov } from "../../src/optim/methods/nesterov.js";
import { hockSchittkowskiBounds } from "./constrained/hock-schittkowski.js";

const method = gradientDescent({ learningRate: 0.1 });
const far = ([x, y]: number[]): number => (x! - 3) ** 2 + (y! + 2) ** 2;

/** A function that cannot be read, and fails where it must not be called. */
function watched(f: (x: number[]) => number, lower: readonly number[], upper: readonly number[]): (x: number[]) => number {
  return new Proxy(f, {
    apply(target, _, [x]: [number[]]) {
      x.forEach((value, i) => {
        if (!(value >= lower[i]! && value <= upper[i]!)) throw new Error(`called at ${x}`);
      });
      return target(x);
    },
  });
}

describe("bounds", () => {
  it("keep the minimizer at the nearest point of the box, exactly", () => {
    const solution = minimize(far, [0, 0], { bounds: [0, 1], method });
    expect(solution.x).toEqual([1, 0]);
    expect(solution.verdict).toBe("converged");
    expect(solution.gradientNorm).toBe(0);
    expect(solution.warnings).toEqual([]);
  });

  // On the line y = x the objective falls as −t³ from 0, on every other line through 0 it rises.
  it.each([
    ["where it begins", [0, 0], "saddle"],
    ["where a step led to it", [0.86, -0.91], "saddle"],
  ])("are no minimizer where nothing presses against them and it falls inwards, %s", (_, start, verdict) => {
    expect(
      minimize(([x, y]) => 2.3 * (y! - x!) ** 2 - x! ** 3, start, {
        bounds: [
          [0, 1],
          [-2, 2],
        ],
      }).verdict,
    ).toBe(verdict);
  });

  it("are a minimizer where nothing presses against them and it rises inwards, or is level, though it would fall outside", () => {
    const cubic = minimize(([x, y]) => 2.3 * (y! - x!) ** 2 + x! ** 3, [0, 0], {
      bounds: [
        [0, 1],
        [-2, 2],
      ],
    });
    expect([cubic.verdict, cubic.x]).toEqual(["converged", [0, 0]]);
    const product = minimize(([x, y]) => x! * y!, [0, 0], { bounds: [0, 1] });
    expect([product.verdict, product.x]).toEqual(["converged", [0, 0]]);
  });

  it("may hold on some sides only, by name", () => {
    const f = (p: { x: number; y: number; z: number[] }): number =>
      (p.x - 3) ** 2 + (p.y + 2) ** 2 + (p.z[0]! - 1) ** 2 + (p.z[1]! - 1) ** 2;
    const solution = minimize(f, { x: 0, y: 0, z: [0, 0] }, { bounds: { x: [null, 2], z: [-1, 0.5] }, method });
    expect(solution.x).toEqual({ x: 2, y: expect.closeTo(-2, 6), z: [0.5, 0.5] });
    expect(solution.verdict).toBe("converged");
  });

  it("are a list of pairs for an array, in which null is free", () => {
    expect(minimize(far, [0, 0], { bounds: [[Number.NEGATIVE_INFINITY, 1], null], method }).x).toEqual([1, expect.closeTo(-2, 6)]);
  });

  it("hold parameters fixed where they are equal", () => {
    const solution = minimize(far, [0, 0], {
      bounds: [
        [0.1, 0.1],
        [-5, 5],
      ],
      method,
    });
    expect(solution.x).toEqual([0.1, expect.closeTo(-2, 6)]);
    expect(solution.verdict).toBe("converged");
    expect(minimize(far, [0, 0], { bounds: [0.1, 0.1], method })).toMatchObject({ x: [0.1, 0.1], verdict: "converged" });
  });

  it("bound the search for the largest value", () => {
    expect(maximize(([x]: number[]) => x! ** 2 + x!, [0.5], { bounds: [-1, 2], method })).toMatchObject({
      x: [2],
      value: 6,
      verdict: "converged",
    });
  });

  it.each([
    ["adam", adam({ learningRate: 0.05 })],
    ["nesterov", nesterov({ learningRate: 0.02 })],
    ["momentum by name", "momentum"],
  ])("hold for %s", (_, rule) => {
    const solution = minimize(far, [0.5, 0.5], { bounds: [0, 1], method: rule });
    expect(solution.x).toEqual([1, 0]);
    expect(solution.verdict).toBe("converged");
  });

  it("do not end a rule that has to unlearn its way: momentum holds it in a corner while the gradient already points inwards", () => {
    // Adam overshoots into the corner (1, 1); the minimizer is inside
    const f = ([x, y]: number[]): number => (x! - 0.9) ** 2 + (y! - 0.9) ** 2;
    const solution = minimize(f, [-20, -20], { bounds: [-20, 1], method: adam({ learningRate: 0.5, beta1: 0.95 }), maxSteps: 20_000 });
    expect(solution.x[0]).toBeCloseTo(0.9, 4);
    expect(solution.terminationReason).not.toBe("step-tolerance");
  });

  it("move a start from outside to the nearest point inside, and say so", () => {
    const descent = createDescent(far, [7, -9], {
      bounds: [
        [0, 1],
        [0, 5],
      ],
      method,
    });
    expect(descent.params).toEqual([1, 0]);
    const { warnings } = descent.solution();
    expect(warnings).toEqual([expect.stringMatching(/^start\[0\] is 7, which is not allowed; .* with 1 there, and 1 other entry/)]);
    descent.params = [0.5, 8];
    expect(descent.params).toEqual([0.5, 5]);
  });

  it("refuse a checkpoint from outside of them", () => {
    const descent = createDescent(far, [0, 0], { method });
    descent.step(10);
    expect(() => createDescent(far, [0, 0], { method, bounds: [0, 1], checkpoint: descent.checkpoint() })).toThrow(
      /params\[0\] is .* outside/,
    );
  });

  it("hold for batches", () => {
    const x = Float64Array.from({ length: 64 }, (_, i) => i / 64);
    const y = x.map((value) => 3 * value);
    const solution = minimize(
      (p: { a: number }, row: { x: number; y: number }) => (p.a * row.x - row.y) ** 2,
      { a: 0 },
      {
        data: { x, y },
        bounds: { a: [0, 2] },
        batch: 16,
        method: "adam",
        learningRate: 0.1,
        maxSteps: 200,
      },
    );
    expect(solution.x).toEqual({ a: 2 });
  });

  it("hold in float32, whose nearest numbers to a bound may be outside of it", () => {
    const solution = minimize(far, [0.5, 0.5], { bounds: [-0.1, 0.1], method, precision: "float32" });
    expect(solution.x[0]).toBeLessThanOrEqual(0.1);
    expect(solution.x[0]).toBeGreaterThan(0.1 - 1e-8);
    expect(solution.x[1]).toBeGreaterThanOrEqual(-0.1);
    expect(solution.verdict).toBe("converged");
  });

  it("call no maximum or saddle on the edge a minimizer", () => {
    // −x² on [0, 1] begun at its maximum, and x·y on [0, 1]² begun at its saddle 0: minimizer of the box, as x·y ≥ 0.
    expect(minimize(([x]: number[]) => -(x! ** 2), [0], { bounds: [0, 1], method }).converged).toBe(false);
    expect(minimize(([x, y]: number[]) => x! * y!, [0, 0.5], { bounds: [0, 1], method }).converged).toBe(true);
  });

  it("are where a function that falls along them all ends", () => {
    const solution = minimize(([x, y]: number[]) => -x! - 2 * y!, [0, 0], {
      bounds: [
        [0, 3],
        [0, 4],
      ],
      method,
    });
    expect(solution).toMatchObject({ x: [3, 4], value: -11, verdict: "converged" });
  });
});

describe("bounds without a method", () => {
  it("are gone on with where the gradient met its tolerance on a concave stretch that still slopes", () => {
    // Rosenbrock's chained function of seven parameters beside one of its saddles: there the
    // gradient is 0.09, a millionth of that at the start
    const value = (x: number[]): number => {
      let sum = (1 - x[6]!) ** 2;
      for (let i = 0; i < 6; i++) sum += (1 - x[i]!) ** 2 + 100 * (x[i + 1]! - x[i]! ** 2) ** 2;
      return sum;
    };
    const gradient = (x: number[]): number[] => {
      const g = x.map((v) => -2 * (1 - v));
      for (let i = 0; i < 6; i++) {
        const t = x[i + 1]! - x[i]! ** 2;
        g[i]! -= 400 * x[i]! * t;
        g[i + 1]! += 200 * t;
      }
      return g;
    };
    const open = Number.POSITIVE_INFINITY;
    const bounds: [number, number][] = [
      [-0.8276225747540593, open],
      [0.2757729049772024, 1.6416942235082388],
      [-0.06668925751000643, 0.8614686829969287],
      [-1.3376242145895958, open],
      [-1.6961226044222713, 1.6336698522791266],
      [-open, 0.8732805047184229],
      [-open, 0.4332399209961295],
    ];
    const start = [-1, 0, -1, 8.902815336701137, 2, -7.265441052236495, 1].map((x, i) =>
      Math.min(Math.max(x, bounds[i]![0]), bounds[i]![1]),
    );
    const { verdict, x } = minimize(value, start, { bounds, gradient, method: "lbfgsb" });
    expect(verdict).toBe("converged");
    // The second one is at its lower bound, and its slope pushes out
    const slopes = gradient(x);
    expect(x[1]).toBe(bounds[1]![0]);
    expect(slopes[1]).toBeGreaterThan(0);
    expect(Math.max(...slopes.filter((_, i) => i !== 1).map(Math.abs))).toBeLessThan(1e-6);
  });

  it.each(hockSchittkowskiBounds.map((problem) => [problem.number, problem] as const))(
    "solve number %d of Hock and Schittkowski (closed forms)",
    (_, { objective, start, bounds, value, solution }) => {
      const found = minimize(objective, [...start], { bounds: bounds! });
      expect(found.verdict).toBe("converged");
      expect(Math.abs(found.value - value)).toBeLessThan(1e-9 * Math.max(1, Math.abs(value)));
      solution!.forEach((x, i) => {
        expect(Math.abs(found.x[i]! - x)).toBeLessThan(1e-7);
      });
    },
  );

  it("take few steps where parameters are fixed and gradients are given", () => {
    const center = [1, 2, 3, 4];
    const f = (x: number[]): number => x.reduce((s, v, i) => s + (i + 1) * (v - center[i]!) ** 2 + v * x[0]!, 0);
    const gradient = (x: number[]): number[] => {
      const total = x.reduce((s, v) => s + v, 0);
      return x.map((v, i) => 2 * (i + 1) * (v - center[i]!) + x[0]! + (i === 0 ? total : 0));
    };
    const solution = minimize(f, [0, 0, 0, 0], {
      gradient,
      bounds: [
        [-5, 5],
        [0.5, 0.5],
        [null, 2],
        [3.3, 3.3],
      ],
    });
    expect(solution.verdict).toBe("converged");
    expect(solution.steps).toBeLessThan(10);
    expect(solution.x.slice(1)).toEqual([0.5, 2, 3.3]);
    // 2(x₀ − 1) + x₀ + (x₀ + 0.5 + 2 + 3.3) = 0
    expect(solution.x[0]).toBeCloseTo(-3.8 / 4, 6);
  });

  it("are refused by a search that cannot keep to them, which names those that can", () => {
    expect(() => minimize(far, [0, 0], { bounds: [0, 1], method: "lbfgs" })).toThrow(/bounds: lbfgs cannot .* projectedNewton/);
  });
});

describe("nothing is evaluated outside of the bounds", () => {
  const schemes = ["forward-difference", "central-difference", "four-point-difference"] as const;
  const starts = [
    [0, 0],
    [1, 1],
    [1 - 1e-12, 1e-12],
    [0.3, 0.6],
  ];
  it.each(schemes.flatMap((scheme) => starts.map((start) => [scheme, start] as const)))("by %s from %s", (gradient, start) => {
    const f = watched(([x, y]) => Math.exp(x!) + (x! - 1) ** 2 + (y! - 0.25) ** 2 + x! * y!, [0, 0], [1, 1]);
    const solution = minimize(f, start, { bounds: [0, 1], gradient, method });
    expect(solution.gradientSource).toBe("finite-difference");
    // d/dx = eˣ + 2(x − 1) + y vanishes at x where eˣ + 2x = 2 − y, d/dy = 2(y − 0.25) + x: at x = 0.25…, y = 0.12…
    const [x, y] = solution.x as [number, number];
    expect(Math.abs(Math.exp(x) + 2 * (x - 1) + y)).toBeLessThan(1e-5);
    expect(Math.abs(2 * (y - 0.25) + x)).toBeLessThan(1e-5);
    expect(solution.verdict).toBe("converged");
  });

  it("with a gradient that is given, and a minimizer on the edge", () => {
    const f = watched(([x, y]) => (x! - 3) ** 2 + (y! - 0.5) ** 2, [0, 0], [1, 1]);
    const gradient = ([x, y]: number[]): number[] => [2 * (x! - 3), 2 * (y! - 0.5)];
    expect(minimize(f, [1, 1], { bounds: [0, 1], gradient, method })).toMatchObject({
      verdict: "converged",
      x: [1, expect.closeTo(0.5, 6)],
    });
    const wrong = ([x, y]: number[]): number[] => [2 * (x! - 3), y! - 0.5];
    expect(() => minimize(f, [1, 1], { bounds: [0, 1], gradient: wrong, method })).toThrow(/gradient\[1\]: expected about 0\.9999/);
  });

  it("in a box narrower than any difference step", () => {
    const f = watched(([x]) => (x! - 3) ** 2, [1], [1 + 1e-9]);
    expect(minimize(f, [1], { bounds: [1, 1 + 1e-9], method }).x).toEqual([1 + 1e-9]);
  });

  it("when a function's compiled form is compared with the original", () => {
    const f = (p: number[]): number => {
      if (p[0]! < 0) throw new Error("called outside");
      return p[0]! * p[0]!;
    };
    expect(minimize(f, [0], { bounds: [0, 1], method }).x).toEqual([0]);
  });
});

describe("bounds that cannot be are refused", () => {
  const nested = (p: { w: number[]; b: number }): number => p.w[0]! + p.w[1]! + p.b;
  it.each<[unknown, string]>([
    [5, "bounds"],
    ["0..1", "bounds"],
    [[1, 0], "bounds"],
    [[0, Number.NaN], "bounds[1]"],
    [[0, "1"], "bounds[1]"],
    [{ w: [1, 0] }, "bounds.w"],
    [{ w: [[0, 1]] }, "bounds.w"],
    [
      {
        w: [
          [0, 1],
          [2, 1],
        ],
      },
      "bounds.w[1]",
    ],
    [{ b: 3 }, "bounds.b"],
    [{ v: [0, 1] }, "bounds.v"],
    [
      [
        [0, 1],
        [0, 1],
        [0, 1],
      ],
      "bounds",
    ],
    [{ b: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] }, "bounds.b"],
  ])("%j", (bounds, option) => {
    let details: unknown;
    try {
      minimize(nested, { w: [0, 0], b: 0 }, { bounds: bounds as never, method });
    } catch (error) {
      if (error instanceof DescendError && error.code === "OPTION_OUT_OF_RANGE") details = error.details;
    }
    expect(details).toMatchObject({ option });
  });
});
