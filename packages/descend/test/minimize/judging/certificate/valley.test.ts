// Oracle: what the functions are, by calculus along the floors of their valleys.

import { describe, expect, it } from "vitest";
import { floorsOf } from "../../../../src/minimize/judging/certificate/floors.js";
import type { GradientAt } from "../../../../src/minimize/judging/certificate/kink.js";
import { valleyTest } from "../../../../src/minimize/judging/certificate/valley.js";
import { pointOf } from "./point.js";

type Vector = ArrayLike<number>;
interface Valley {
  readonly f: (x: Vector) => number;
  readonly gradient: (x: Vector) => number[];
  /** Rows of the Hessian. */
  readonly hessian: (x: Vector) => number[][];
}

const look = ({ f, gradient, hessian }: Valley, params: number[]) => {
  const rows = hessian(params);
  const point = pointOf(f, params, {
    gradient: Float64Array.from(gradient(params)),
    hessianVector: (v) => Float64Array.from(rows, (row) => row.reduce((sum, h, i) => sum + h * v[i]!, 0)),
  });
  const gradientAt: GradientAt = (x) => ({ value: f(x), gradient: gradient(x) });
  const floors = floorsOf(point, Float64Array.from(rows.flat()), 0, gradientAt);
  return valleyTest(point, floors, gradientAt, () => 60);
};

/** (y − x²)·(y − a·x²), rotated by 30° so that no coordinate lies along the floor. */
const bent = (a: number): Valley => {
  const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  const turned = (x: Vector): [number, number] => [c * x[0]! - s * x[1]!, s * x[0]! + c * x[1]!];
  return {
    f: (x) => {
      const [u, v] = turned(x);
      return (v - u * u) * (v - a * u * u);
    },
    gradient: (x) => {
      const [u, v] = turned(x);
      const [du, dv] = [-2 * u * (v - a * u * u) - 2 * a * u * (v - u * u), 2 * v - (1 + a) * u * u];
      return [c * du + s * dv, -s * du + c * dv];
    },
    hessian: () => [
      [2 * s * s, 2 * s * c],
      [2 * s * c, 2 * c * c],
    ],
  };
};

/** (x − y)² + g(x). */
const canyon = (g: (x: number) => number, first: (x: number) => number, second: (x: number) => number): Valley => ({
  f: (x) => (x[0]! - x[1]!) ** 2 + g(x[0]!),
  gradient: (x) => [2 * (x[0]! - x[1]!) + first(x[0]!), -2 * (x[0]! - x[1]!)],
  hessian: (x) => [
    [2 + second(x[0]!), -2],
    [-2, 2],
  ],
});

describe("the floor of a valley", () => {
  it("is followed where it bends: down from 0 for Peano's function, up where both parabolas are one", () => {
    expect(look(bent(3), [0, 0])).toMatchObject({ finding: "saddle", test: { passed: false } });
    expect(look(bent(1), [0, 0])).toMatchObject({ finding: undefined, test: { passed: true } });
  });

  it("that falls for ever has no minimum, whether it approaches a value or not", () => {
    const decay = canyon(
      (x) => Math.exp(-x),
      (x) => -Math.exp(-x),
      (x) => Math.exp(-x),
    );
    expect(look(decay, [18, 18])?.finding).toBe("infimum-not-attained");
    expect(
      look(
        canyon(
          (x) => -1e-9 * x,
          () => -1e-9,
          () => 0,
        ),
        [3, 3],
      )?.finding,
    ).toBe("unbounded");
  });

  it("that came down from the start to where rounding hides the rest has no minimum; one that is level from some place on has", () => {
    const decay = canyon(
      (x) => Math.exp(-x),
      (x) => -Math.exp(-x),
      (x) => Math.exp(-x),
    );
    expect(look(decay, [61.7, 61.7 + 1e-14])?.finding).toBe("infimum-not-attained");
    const half = canyon(
      (x) => Math.max(0, 5 - x) ** 2,
      (x) => -2 * Math.max(0, 5 - x),
      (x) => (x < 5 ? 2 : 0),
    );
    expect(look(half, [5, 5])?.test.passed).toBe(true);
  });

  it("that is level, or level up to rounding, is full of minimizers", () => {
    const level = canyon(
      () => 0,
      () => 0,
      () => 0,
    );
    for (const params of [
      [1, 1],
      [1, 1 + 1e-15],
      [1e8, 1e8 + 1e-7],
    ])
      expect(look(level, params)?.test.passed).toBe(true);
  });

  it("that rises late, as x⁴ and x⁸ do, is that of a minimizer", () => {
    for (const power of [4, 8]) {
      const rising = canyon(
        (x) => x ** power,
        (x) => power * x ** (power - 1),
        (x) => power * (power - 1) * x ** (power - 2),
      );
      expect(look(rising, [1e-6, 1e-6])?.test.passed).toBe(true);
    }
  });

  it("is not looked for where there is none", () => {
    const bowl: Valley = { f: (x) => x[0]! ** 2, gradient: (x) => [2 * x[0]!], hessian: () => [[2]] };
    expect(look(bowl, [0])).toBeUndefined();
  });
});
