import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkGradient } from "../../src/autodiff/check-gradient.js";
import { OptionError } from "../../src/errors.js";
import { threefryUniform } from "../../src/numeric/random.js";

const rosenbrock = (x: ArrayLike<number>): number => 100 * (x[1]! - x[0]! ** 2) ** 2 + (1 - x[0]!) ** 2;
const rosenbrockGradient = (x: ArrayLike<number>): number[] => [
  -400 * x[0]! * (x[1]! - x[0]! ** 2) - 2 * (1 - x[0]!),
  200 * (x[1]! - x[0]! ** 2),
];

/** Σ wᵢ(xᵢ² + sin xᵢ) with weights over two decades. */
const many = (n: number): { f: (x: Float64Array) => number; g: (x: Float64Array) => Float64Array; x: Float64Array } => {
  const weight = (i: number): number => 10 ** ((i % 5) / 2 - 1);
  return {
    f: (x) => x.reduce((s, xi, i) => s + weight(i) * (xi * xi + Math.sin(xi)), 0),
    g: (x) => x.map((xi, i) => weight(i) * (2 * xi + Math.cos(xi))),
    x: Float64Array.from({ length: n }, (_, i) => 2 * threefryUniform(1, 2, i) - 1),
  };
};

describe("checkGradient", () => {
  it("accepts right gradients anywhere (oracle: closed form)", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 2 }), fc.nat(99), (x, seed) => {
        expect(checkGradient(rosenbrock, rosenbrockGradient, x, { seed })).toMatchObject({ ok: true, components: [], maxRelativeError: 0 });
      }),
      { seed: 41 },
    );
  });

  it("names the wrong component, with what was expected and found", () => {
    const check = checkGradient(rosenbrock, (x) => [rosenbrockGradient(x)[0]!, 2 * rosenbrockGradient(x)[1]!], [-1.2, 1], {
      path: (i) => `params.${"ab"[i]}`,
    });
    expect(check.ok).toBe(false);
    expect(check.components).toHaveLength(1);
    expect(check.components[0]).toMatchObject({ index: 1, path: "params.b" });
    expect(check.components[0]!.expected).toBeCloseTo(-88, 5);
    expect(check.components[0]!.got).toBeCloseTo(-176, 9);
    expect(check.components[0]!.relativeError).toBeCloseTo(0.5, 6);
  });

  it("finds a wrong small component beside large ones", () => {
    const f = (x: Float64Array): number => 1e4 * x[0]! ** 2 + x[1]! ** 2;
    const check = checkGradient(f, (x) => [2e4 * x[0]!, 2.2 * x[1]!], [1.1, 0.9]);
    expect(check.components.map((c) => c.index)).toEqual([1]);
  });

  it("finds wrong components among thousands in few evaluations, by halving", () => {
    const { f, g, x } = many(2000);
    const right = checkGradient(f, g, x);
    expect(right.ok).toBe(true);
    expect(right.evaluations).toBeLessThan(40);
    const wrong = g(x);
    wrong[17]! += 3;
    wrong[1204]! *= -4;
    const check = checkGradient(f, wrong, x);
    expect(check.ok).toBe(false);
    expect(check.components.map((c) => c.index).sort((a, b) => a - b)).toEqual([17, 1204]);
    expect(check.evaluations).toBeLessThan(800);
  });

  it("finds transposed and shifted gradients", () => {
    const { f, g, x } = many(200);
    const shifted = g(x);
    const check = checkGradient(
      f,
      shifted.map((_, i) => shifted[(i + 1) % 200]!),
      x,
      { report: 3 },
    );
    expect(check.ok).toBe(false);
    expect(check.components).toHaveLength(3);
  });

  it("does not blame noise on the gradient (oracle: exact gradient of the smooth part)", () => {
    for (const amplitude of [1e-10, 1e-7, 1e-5]) {
      let call = 0;
      const noisy = (x: Float64Array): number => rosenbrock(x) + amplitude * threefryUniform(7, 0, call++);
      expect(checkGradient(noisy, rosenbrockGradient, [-1.2, 1]).ok).toBe(true);
      expect(checkGradient(noisy, (x) => rosenbrockGradient(x).map((g) => -g), [-1.2, 1]).ok).toBe(false);
    }
  });

  it("accepts any subgradient at a kink and says where the kink is, but no value beyond it", () => {
    const f = (x: Float64Array): number => Math.abs(x[0]!) + x[1]! ** 2;
    expect(checkGradient(f, [0.3, 2], [0, 1])).toMatchObject({ ok: true, kinks: [0] });
    expect(checkGradient(f, [1, 2], [0, 1])).toMatchObject({ ok: true });
    expect(checkGradient(f, [1.5, 2], [0, 1])).toMatchObject({ ok: false, components: [{ index: 0 }] });
  });

  it("reports NaN in the gradient as wrong, and the edge of the domain as undecided", () => {
    expect(checkGradient(rosenbrock, [Number.NaN, -88], [-1.2, 1])).toMatchObject({ ok: false, components: [{ index: 0 }] });
    expect(checkGradient((x) => Math.log(x[0]!) + x[1]!, [1, 1], [1e-9, 1])).toMatchObject({ ok: true, undefinedAt: [0] });
  });

  it("is the same for the same seed, and checks the options", () => {
    const { f, g, x } = many(100);
    expect(
      checkGradient(
        f,
        g(x).map((v) => v * 1.1),
        x,
        { seed: 3 },
      ),
    ).toEqual(
      checkGradient(
        f,
        g(x).map((v) => v * 1.1),
        x,
        { seed: 3 },
      ),
    );
    expect(() => checkGradient(rosenbrock, [1], [1, 2])).toThrow(OptionError);
    expect(() => checkGradient(rosenbrock, [1, 2], [1, 2], { directions: 0 })).toThrow(OptionError);
  });
});
