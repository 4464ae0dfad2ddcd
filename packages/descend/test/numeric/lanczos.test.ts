import { describe, expect, it } from "vitest";
import { dot, maxNorm, twoNorm } from "../../src/numeric/blas1.js";
import { lanczos } from "../../src/numeric/lanczos.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { symmetricEigen } from "../../src/numeric/symmetric-eigen.js";

const random = (n: number, stream: number): Float64Array =>
  Float64Array.from({ length: n }, (_, i) => 2 * threefryUniform(7, stream, i) - 1);

describe("symmetricEigen", () => {
  it("finds the eigenvalues 3 ± √5 of the Hessian of x² + 2y² + 2xy", () => {
    const { values } = symmetricEigen([2, 2, 2, 4], 2);
    expect(values[0]).toBeCloseTo(3 - Math.sqrt(5), 14);
    expect(values[1]).toBeCloseTo(3 + Math.sqrt(5), 14);
  });

  it("gives the eigenvalues 2 − 2cos(kπ/(n+1)) of the second difference matrix, and A·v = λ·v", () => {
    const n = 12;
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) {
      a[i * n + i] = 2;
      if (i > 0) a[i * n + i - 1] = a[(i - 1) * n + i] = -1;
    }
    const { values, vectors } = symmetricEigen(a, n);
    values.forEach((value, k) => expect(value).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / (n + 1)), 13));
    vectors.forEach((v, k) => {
      const av = Array.from({ length: n }, (_, i) => dot(a.subarray(i * n, (i + 1) * n), v));
      expect(maxNorm(av.map((x, i) => x - values[k]! * v[i]!))).toBeLessThan(1e-14);
    });
  });

  it("leaves diagonal matrices and the zero matrix alone", () => {
    expect([...symmetricEigen([3, 0, 0, -1], 2).values]).toEqual([-1, 3]);
    expect([...symmetricEigen([0, 0, 0, 0], 2).values]).toEqual([0, 0]);
  });
});

describe("lanczos", () => {
  const n = 200;
  const spectrum = Float64Array.from({ length: n }, (_, i) => (i === 0 ? -0.01 : 0.01 + (0.99 * i) / (n - 1)));
  const multiply = (x: Float64Array): Float64Array => x.map((value, i) => value * spectrum[i]!);

  it("finds one eigenvalue of −0.01 among 199 in [0.01, 1] within its residual bound", () => {
    const { values, bounds, products } = lanczos(multiply, random(n, 1), 40);
    expect(products).toBe(40);
    expect(values[0]!).toBeLessThan(-0.009);
    expect(Math.abs(values[0]! + 0.01)).toBeLessThanOrEqual(bounds[0]! + 1e-15);
    expect(values.at(-1)!).toBeGreaterThan(0.997);
    expect(values.at(-1)!).toBeLessThanOrEqual(1 + 1e-14);
  });

  it("is exact when the Krylov space is exhausted", () => {
    const a = Float64Array.of(1, 2, 5);
    const { values } = lanczos((x) => x.map((value, i) => value * a[i]!), [1, 1, 1], 20);
    expect([...values].map((value) => Number(value.toFixed(12)))).toEqual([1, 2, 5]);
    const alone = lanczos((x) => x.map((value, i) => value * a[i]!), [0, 1, 0], 20);
    expect([...alone.values]).toEqual([2]);
  });

  it("goes on where it stopped: 15 products and 10 more are 25, bit for bit", () => {
    let count = 0;
    const counted = (x: Float64Array): Float64Array => {
      count++;
      return multiply(x);
    };
    const grown = lanczos(counted, random(n, 3), 15).extend(25);
    expect([count, grown.products]).toEqual([25, 25]);
    expect([...grown.values]).toEqual([...lanczos(multiply, random(n, 3), 25).values]);
    expect(grown.extend(20).products).toBe(25);
  });

  it("gives orthonormal Ritz vectors whose weights sum to one", () => {
    const result = lanczos(multiply, random(n, 2), 15);
    expect(result.weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(twoNorm(result.vector(3))).toBeCloseTo(1, 12);
    expect(Math.abs(dot(result.vector(3), result.vector(7)))).toBeLessThan(1e-12);
  });
});

describe("norms", () => {
  it("neither overflow nor underflow, and keep NaN", () => {
    expect(twoNorm([3e200, 4e200])).toBeCloseTo(5e200, -187);
    expect(twoNorm([3e-200, 4e-200]) / 5e-200).toBeCloseTo(1, 14);
    expect(maxNorm([1, Number.NaN, 3])).toBeNaN();
    expect(maxNorm([])).toBe(0);
  });
});
