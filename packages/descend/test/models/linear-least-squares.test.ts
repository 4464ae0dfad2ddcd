import { describe, expect, it } from "vitest";
import { DataError, ShapeError } from "../../src/errors.js";
import { minimize } from "../../src/minimize/minimize.js";
import { linearLeastSquares, predictLinear } from "../../src/models/linear-least-squares.js";
import { leastSquaresByQr } from "../../src/numeric/qr.js";
import { threefryUniform } from "../../src/numeric/random.js";

const rows = 60;
const noise = (stream: number, i: number): number => threefryUniform(11, stream, i) - 0.5;
/** Columns in very different units, correlated. */
const features = [
  Float64Array.from({ length: rows }, (_, i) => 1e6 + noise(0, i)),
  Float64Array.from({ length: rows }, (_, i) => 1e-6 * (noise(0, i) + noise(1, i))),
  Float64Array.from({ length: rows }, (_, i) => 300 * noise(2, i)),
];
const target = Float64Array.from({ length: rows }, (_, i) => 4 * noise(0, i) - 3 * noise(1, i) + noise(2, i) + 0.1 * noise(3, i));

describe("linear least squares as a problem", () => {
  it("ends where QR on the centered columns ends, in the units of the table, to 10⁻⁹", () => {
    const problem = linearLeastSquares(features, target);
    const solution = minimize(problem.objective, problem.start, { data: problem.data, stopping: { relativeGradientTolerance: 1e-13 } });
    expect(solution.verdict).toBe("converged");
    expect(solution.gradientSource).toBe("compiled");
    const model = problem.modelOf(solution.params);
    const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / rows;
    const centered = features.map((column) => column.map((value) => value - mean(column)));
    const matrix = Float64Array.of(...centered.flatMap((column) => [...column]));
    const qr = leastSquaresByQr(
      matrix,
      rows,
      3,
      target.map((value) => value - mean(target)),
    );
    qr.solution.forEach((weight, k) => {
      expect(Math.abs(model.weights[k]! / weight - 1)).toBeLessThan(1e-9);
    });
    // The objective ends at 1 − R²
    const total = target.reduce((sum, value) => sum + (value - mean(target)) ** 2, 0);
    expect(Math.abs(solution.value / (qr.residualSumOfSquares / total) - 1)).toBeLessThan(1e-9);
  });

  it("starts at 1, where every prediction is the mean", () => {
    const problem = linearLeastSquares(features, target);
    const { value } = minimize(problem.objective, problem.start, { data: problem.data, maxSteps: 0 });
    expect(value).toBeCloseTo(1, 12);
    const { intercept, weights } = problem.modelOf(problem.start);
    expect(intercept).toBeCloseTo(target.reduce((sum, y) => sum + y, 0) / rows, 12);
    expect([...weights]).toEqual([0, 0, 0]);
  });

  it("knows its curvatures: 2(1 − r), 2, 2(1 + r) for two features with correlation r (closed form)", () => {
    const a = [1, -1, 1, -1];
    const b = [1, -1, 1, 1];
    // Means 0 and 1/2, covariance 1/2, variances 1 and 3/4
    const r = 0.5 / Math.sqrt(0.75);
    const { curvatures } = linearLeastSquares([a, b], [1, 2, 3, 5]);
    expect(curvatures![0]).toBeCloseTo(2 * (1 - r), 13);
    expect(curvatures![1]).toBeCloseTo(2, 13);
    expect(curvatures![2]).toBeCloseTo(2 * (1 + r), 13);
  });

  it("predicts intercept + Σ weight·x for the rows asked for", () => {
    expect([
      ...predictLinear(
        { intercept: 1, weights: Float64Array.of(2, -3) },
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
        [2, 0],
      ),
    ]).toEqual([1 + 6 - 18, 1 + 2 - 12]);
  });

  it("refuses unequal columns, constant columns, constant targets and no columns", () => {
    expect(() => linearLeastSquares([[1, 2, 3]], [1, 2])).toThrow(ShapeError);
    expect(() => linearLeastSquares([[1, 1]], [1, 2])).toThrow(DataError);
    expect(() => linearLeastSquares([], [1, 2])).toThrow(DataError);
    expect(() => linearLeastSquares([[1, 2]], [5, 5])).toThrow(expect.objectContaining({ code: "TARGET_CONSTANT" }));
  });
});
