// Oracle: Σ wᵢ·(xᵢ − cᵢ)² with weights over 24 orders of magnitude: what one parameter is short of its cᵢ gains wᵢ·(xᵢ − cᵢ)².

import { describe, expect, it } from "vitest";
import { ownUnitsTest } from "../../../../src/minimize/judging/certificate/own-units.js";
import { pointOf } from "./point.js";

type Vector = ArrayLike<number>;

/** With a coupling between neighbors, as a share of what would make it singular. */
function weighted(w: readonly number[], coupling: number) {
  const n = w.length;
  const hessian = Float64Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    return i === j ? 2 * w[i]! : Math.abs(i - j) === 1 ? 2 * coupling * Math.sqrt(w[i]! * w[j]!) : 0;
  });
  const gradient = (x: Vector): Float64Array =>
    Float64Array.from({ length: n }, (_, i) => Array.from({ length: n }, (_, j) => hessian[i * n + j]! * x[j]!).reduce((a, b) => a + b, 0));
  const f = (x: Vector): number => 0.5 * gradient(x).reduce((sum, g, i) => sum + g * x[i]!, 0);
  return { f, gradient, hessian };
}

function look(w: readonly number[], coupling: number, params: number[]) {
  const { f, gradient, hessian } = weighted(w, coupling);
  const point = pointOf(f, params, { gradient: gradient(params), startValue: 1 });
  const gradientAt = (x: Vector) => ({ value: f(x), gradient: gradient(x) });
  return ownUnitsTest(point, hessian, gradientAt, () => true);
}

describe("Newton's step in units of each parameter's own", () => {
  it.each([0, 0.3])("sees what a parameter of weight 10⁻¹² among those of 10¹² would gain (coupling %s)", (coupling) => {
    const w = [1e12, 1e-12, 1];
    const found = look(w, coupling, [0, 1e5, 0])!;
    expect(found.finding).toBe("not-stationary");
    // All of the value, since the lowest one is 0
    expect(found.test.value / -weighted(w, coupling).f([0, 1e5, 0])).toBeCloseTo(1, 3);
  });

  it("sees nothing at the minimizer, and nothing that is below a ten-billionth of what was gained", () => {
    expect(look([1e12, 1e-12, 1], 0.3, [0, 0, 0])).toBeUndefined();
    expect(look([1e12, 1e-12, 1], 0.3, [0, 1, 0])).toBeUndefined();
  });

  it("tells a tail that still slopes, of 10⁻¹² beside a bowl, from slopes that are rounding", () => {
    const tail = (t: number): number => -1e-12 / (1 + t * t);
    const slope = (t: number): number => (2e-12 * t) / (1 + t * t) ** 2;
    const bend = (t: number): number => (2e-12 * (1 - 3 * t * t)) / (1 + t * t) ** 3;
    const f = (x: Vector): number => x[0]! ** 2 + tail(x[1]!);
    const params = [0, 100];
    const hessian = Float64Array.of(2, 0, 0, bend(100));
    const gradient = (x: Vector): number[] => [2 * x[0]!, slope(x[1]!)];
    const point = pointOf(f, params, { gradient: Float64Array.from(gradient(params)) });
    const seen = ownUnitsTest(
      point,
      hessian,
      (x) => ({ value: f(x), gradient: gradient(x) }),
      () => true,
    )!;
    expect(seen.finding).toBe("plateau");
    // |φ′/φ″| is (1 + t²)·t/(3t² − 1), here in units of t.
    expect(seen.test.value).toBeCloseTo(10001 / (3e4 - 1), 6);
    const rounding = (x: Vector): number[] => [2 * x[0]!, slope(100)];
    expect(
      ownUnitsTest(
        point,
        hessian,
        (x) => ({ value: f(x), gradient: rounding(x) }),
        () => true,
      ),
    ).toBeUndefined();
  });

  it("says nothing of parameters without curvature of their own", () => {
    expect(look([1, 0], 0, [0, 5])).toBeUndefined();
  });
});
