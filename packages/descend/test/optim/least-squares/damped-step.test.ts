import { describe, expect, it } from "vitest";
import { threefryUniform } from "../../../src/numeric/random.js";
import {
  factorByGram,
  factorByReflections,
  inverseOfTriangle,
  rankOf,
  type TriangularFactor,
} from "../../../src/numeric/triangular-factor.js";
import { dampedStep } from "../../../src/optim/least-squares/damped-step.js";

const rows = 9;
const n = 4;
const columns = Float64Array.from({ length: rows * n }, (_, i) => (2 * threefryUniform(1, 0, i) - 1) * 10 ** (Math.floor(i / rows) - 1));
const residual = Float64Array.from({ length: rows }, (_, i) => 2 * threefryUniform(2, 0, i) - 1);
const factor = factorByReflections(columns.slice(), rows, n, residual.slice());

/** JᵀJ, and Jᵀr, by definition. */
const gram = Float64Array.from({ length: n * n }, (_, at) =>
  inner(columns.subarray(Math.floor(at / n) * rows), columns.subarray((at % n) * rows)),
);
const product = Float64Array.from({ length: n }, (_, j) => inner(columns.subarray(j * rows), residual));
function inner(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < rows; i++) total += a[i]! * b[i]!;
  return total;
}

function expectTriangleOf({ triangle, order, transformed }: TriangularFactor): void {
  for (let a = 0; a < n; a++) {
    for (let b = 0; b < n; b++) {
      let value = 0;
      for (let k = 0; k < n; k++) value += triangle[k * n + a]! * triangle[k * n + b]!;
      const expected = gram[order[a]! * n + order[b]!]!;
      expect(Math.abs(value - expected)).toBeLessThan(1e-13 * Math.sqrt(gram[order[a]! * (n + 1)]! * gram[order[b]! * (n + 1)]!));
    }
    let value = 0;
    for (let k = 0; k < n; k++) value += triangle[k * n + a]! * transformed[k]!;
    expect(Math.abs(value - product[order[a]!]!)).toBeLessThan(1e-13 * Math.sqrt(gram[order[a]! * (n + 1)]!) * factor.residualNorm);
  }
}

describe("the triangle of a Jacobian", () => {
  it("satisfies RᵀR = PᵀJᵀJP and Rᵀ(Qᵀr) = PᵀJᵀr, by reflections and from the normal equations", () => {
    expectTriangleOf(factor);
    expectTriangleOf(factorByGram(gram, product, n, factor.residualNorm));
  });

  it("has an inverse with F·Fᵀ·JᵀJ = I", () => {
    const inverse = inverseOfTriangle(factor)!;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        let value = 0;
        for (let k = 0; k < n; k++) {
          let row = 0;
          for (let l = 0; l < n; l++) row += inverse[l * n + k]! * gram[l * n + j]!;
          value += inverse[i * n + k]! * row;
        }
        expect(Math.abs(value - (i === j ? 1 : 0))).toBeLessThan(1e-9);
      }
    }
  });

  it("knows the rank of a matrix with a column twice, and of one with fewer rows than columns", () => {
    const twice = Float64Array.of(...columns.subarray(0, 2 * rows), ...columns.subarray(0, rows));
    expect(rankOf(factorByReflections(twice, rows, 3, residual.slice()))).toBe(2);
    expect(rankOf(factorByReflections(columns.slice(0, 8), 2, 4, residual.slice(0, 2)))).toBe(2);
  });
});

describe("the step of Levenberg and Marquardt", () => {
  const scale = Float64Array.of(1, 2, 0.5, 3);

  it("is that of Gauss and Newton where it fits: (JᵀJ)p = −Jᵀr", () => {
    const { step, damping } = dampedStep(factor, scale, 1e9, 0);
    expect(damping).toBe(0);
    expectSolves(step, 0);
  });

  it.each([1, 0.1, 1e-3, 1e-6])("solves (JᵀJ + λD²)p = −Jᵀr with ‖D·p‖ within a tenth of %f times the free length", (share) => {
    const free = dampedStep(factor, scale, 1e9, 0).scaledNorm;
    const radius = 0.9 * share * free;
    const { step, damping, scaledNorm } = dampedStep(factor, scale, radius, 0);
    expect(damping).toBeGreaterThan(0);
    expect(Math.abs(scaledNorm - radius)).toBeLessThanOrEqual(0.1 * radius * (1 + 1e-12));
    expect(Math.abs(Math.hypot(...step.map((p, j) => p * scale[j]!)) - scaledNorm)).toBeLessThan(1e-12 * scaledNorm);
    expectSolves(step, damping);
  });

  function expectSolves(step: Float64Array, damping: number): void {
    for (let i = 0; i < n; i++) {
      let value = product[i]! + damping * scale[i]! ** 2 * step[i]!;
      let size = Math.abs(value);
      for (let j = 0; j < n; j++) {
        value += gram[i * n + j]! * step[j]!;
        size += Math.abs(gram[i * n + j]! * step[j]!);
      }
      expect(Math.abs(value)).toBeLessThan(1e-11 * size);
    }
  }
});
