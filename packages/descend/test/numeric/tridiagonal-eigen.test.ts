import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { symmetricEigen } from "../../src/numeric/symmetric-eigen.js";
import { tridiagonalEigen } from "../../src/numeric/tridiagonal-eigen.js";

const all = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** Largest |(T·V − V·Λ)ᵢⱼ| and |(VᵀV − I)ᵢⱼ|. */
function defects(diagonal: readonly number[], below: readonly number[]): { residual: number; orthogonality: number } {
  const n = diagonal.length;
  const { values, rows } = tridiagonalEigen(diagonal, below, all(n));
  let [residual, orthogonality] = [0, 0];
  for (let k = 0; k < n; k++) {
    for (let i = 0; i < n; i++) {
      const up = i > 0 ? below[i - 1]! * rows[i - 1]![k]! : 0;
      const down = i + 1 < n ? below[i]! * rows[i + 1]![k]! : 0;
      residual = Math.max(residual, Math.abs(up + (diagonal[i]! - values[k]!) * rows[i]![k]! + down));
    }
    for (let j = 0; j <= k; j++) {
      const product = rows.reduce((sum, row) => sum + row[k]! * row[j]!, 0);
      orthogonality = Math.max(orthogonality, Math.abs(product - Number(j === k)));
    }
  }
  return { residual, orthogonality };
}

describe("tridiagonalEigen", () => {
  it("gives the values 2 − 2cos(kπ/(n+1)) and the squares 2/(n+1)·sin²(kπ/(n+1)) of first components of the second difference matrix", () => {
    const n = 150;
    const { values, rows } = tridiagonalEigen(new Array(n).fill(2), new Array(n - 1).fill(-1), [0, n - 1]);
    values.forEach((value, k) => {
      const angle = ((k + 1) * Math.PI) / (n + 1);
      expect(Math.abs(value - (2 - 2 * Math.cos(angle)))).toBeLessThan(4e-15);
      for (const row of rows) expect(Math.abs(row[k]! ** 2 - (2 / (n + 1)) * Math.sin(angle) ** 2)).toBeLessThan(1e-14);
    });
  });

  it("gives the whole numbers −n+1, −n+3, …, n−1 of Clement's matrix", () => {
    const n = 30;
    const below = Array.from({ length: n - 1 }, (_, i) => Math.sqrt((i + 1) * (n - 1 - i)));
    tridiagonalEigen(new Array(n).fill(0), below, []).values.forEach((value, k) => {
      expect(Math.abs(value - (2 * k - n + 1))).toBeLessThan(1e-13);
    });
  });

  it("solves T·V = V·Λ with orthonormal V for all sizes, scales and zeros (oracle: the definition, and Jacobi's rotations)", () => {
    const entry = fc.oneof(
      { weight: 4, arbitrary: fc.double({ min: -1, max: 1, noNaN: true }) },
      { weight: 1, arbitrary: fc.constantFrom(0, 1, 1e-18, 1e-9) },
    );
    const matrix = fc
      .integer({ min: 1, max: 24 })
      .chain((n) =>
        fc.tuple(
          fc.array(entry, { minLength: n, maxLength: n }),
          fc.array(entry, { minLength: n - 1, maxLength: n - 1 }),
          fc.constantFrom(1, 1e-150, 1e150),
        ),
      );
    fc.assert(
      fc.property(matrix, ([diagonal, below, scale]) => {
        const n = diagonal.length;
        const [d, e] = [diagonal.map((x) => x * scale), below.map((x) => x * scale)];
        const { residual, orthogonality } = defects(d, e);
        expect(residual / scale).toBeLessThan(2e-14);
        expect(orthogonality).toBeLessThan(2e-14);
        const dense = new Float64Array(n * n);
        for (let i = 0; i < n; i++) {
          dense[i * n + i] = diagonal[i]!;
          if (i > 0) dense[i * n + i - 1] = dense[(i - 1) * n + i] = below[i - 1]!;
        }
        const jacobi = symmetricEigen(dense, n).values;
        tridiagonalEigen(d, e, []).values.forEach((value, k) => expect(Math.abs(value / scale - jacobi[k]!)).toBeLessThan(1e-14));
      }),
      { numRuns: 400, seed: 5 },
    );
  });

  it("finds the small values of a graded matrix beside the large ones", () => {
    const { values } = tridiagonalEigen([1e-8, 1, 1e8], [1e-9, 1], []);
    expect(values[0]).toBeCloseTo(1e-8, 14);
    expect(values[2]! / 1e8).toBeCloseTo(1, 14);
  });
});
