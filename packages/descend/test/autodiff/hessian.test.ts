import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hessian } from "../../src/autodiff/hessian.js";
import { hvp } from "../../src/autodiff/hvp.js";
import { jacobian } from "../../src/autodiff/jacobian.js";
import { gradient } from "../../src/autodiff/vjp.js";
import { ShapeError } from "../../src/errors.js";
import { binary, broadcast, constant, dot, element, input, matmul, rowCount, stack, sum, unary } from "../../src/graph/build.js";
import { type Node, ROWS, validate } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { simplify } from "../../src/graph/simplify.js";

const mul = (a: Node, b: Node): Node => binary("mul", a, b);
const add = (...parts: Node[]): Node => parts.reduce((a, b) => binary("add", a, b));
const values = (node: Node, inputs: Record<string, ArrayLike<number>>): number[] => [...evaluate([node], { inputs })[0]!];
const p = input("p", [2]);
const [x, y] = [element(p, 0), element(p, 1)];

describe("hessian", () => {
  it("of x² + xy + y² is [[2, 1], [1, 2]], with value 3 and slope 3 at (1, 1) (oracle: closed form)", () => {
    const f = add(mul(x, x), mul(x, y), mul(y, y));
    expect(values(f, { p: [1, 1] })).toEqual([3]);
    expect(values(gradient(f, [p])[0]!, { p: [1, 1] })).toEqual([3, 3]);
    expect(values(hessian(f, p), { p: [1, 1] })).toEqual([2, 1, 1, 2]);
  });

  it("of x² + 2y² + 2xy has the eigenvalues 3 ± √5 and condition 6.854 (oracle: closed form)", () => {
    const f = add(mul(x, x), mul(constant(2), mul(y, y)), mul(constant(2), mul(x, y)));
    const [a, b, , d] = values(simplify([hessian(f, p)])[0]!, { p: [0.3, -2] });
    const root = Math.sqrt(((a! - d!) / 2) ** 2 + b! ** 2);
    expect((a! + d!) / 2 + root).toBeCloseTo(3 + Math.sqrt(5), 12);
    expect((a! + d!) / 2 - root).toBeCloseTo(3 - Math.sqrt(5), 12);
    expect(((a! + d!) / 2 + root) / ((a! + d!) / 2 - root)).toBeCloseTo(6.854, 3);
  });

  it("is symmetric, and hvp is its product, for a network over rows (oracle: symmetry; the matrix)", () => {
    const n = 11;
    const q = input("q", [n]);
    const data = input("t", [ROWS, 2]);
    const weights = stack([0, 1].map((i) => stack([0, 1, 2].map((j) => element(q, 3 * i + j)))));
    const out = stack([6, 7, 8].map((i) => element(q, i)));
    const hidden = unary("tanh", binary("add", matmul(data, weights), element(q, 9)));
    const residual = binary("sub", binary("add", matmul(hidden, out), element(q, 10)), unary("sin", matmul(data, constant([1, 1]))));
    const loss = binary("div", sum(mul(residual, residual)), rowCount());
    const v = input("v", [n]);
    const [h, hv] = simplify([hessian(loss, q), hvp(loss, [q], [v])[0]!]);
    validate([h!, hv!]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 2 * n + 14, maxLength: 2 * n + 14 }), (numbers) => {
        const inputs = { q: numbers.slice(0, n), v: numbers.slice(n, 2 * n), t: numbers.slice(2 * n) };
        const [matrix, product] = evaluate([h!, hv!], { inputs });
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < i; j++) expect(matrix![i * n + j]).toBeCloseTo(matrix![j * n + i]!, 12);
          expect(product![i]).toBeCloseTo(
            inputs.v.reduce((s, vj, j) => s + matrix![i * n + j]! * vj, 0),
            12,
          );
        }
      }),
      { numRuns: 20, seed: 61 },
    );
  });

  it("of a linear function is 0, of a vector is refused", () => {
    expect(values(hessian(add(x, mul(constant(3), y)), p), { p: [1, 2] })).toEqual([0, 0, 0, 0]);
    expect(() => hessian(p, p)).toThrow(ShapeError);
    expect(() => hessian(sum(input("m", [2, 2])), input("m", [2, 2]))).toThrow(ShapeError);
  });
});

describe("jacobian", () => {
  it("of residuals over rows has one row each: exponential decay (oracle: closed form)", () => {
    const t = input("t", [ROWS]);
    const decay = unary("exp", unary("neg", mul(y, t)));
    const residual = binary("sub", mul(x, decay), input("u", [ROWS]));
    const j = simplify([jacobian(residual, p)])[0]!;
    expect(j.shape).toEqual([ROWS, 2]);
    const inputs = { p: [2, 0.5], t: [0, 1, 3], u: [0, 0, 0] };
    values(j, inputs).forEach((g, k) => {
      const ti = inputs.t[k >> 1]!;
      expect(g).toBeCloseTo(k % 2 === 0 ? Math.exp(-0.5 * ti) : -2 * ti * Math.exp(-0.5 * ti), 14);
    });
  });

  it("of a linear model over rows is its table, with nothing left to compute (oracle: closed form)", () => {
    const [table, q] = [input("t", [ROWS, 3]), input("q", [3])];
    expect(simplify([jacobian(matmul(table, q), q)])[0]).toBe(table);
    const m = input("m", [3, 2]);
    expect(values(jacobian(dot(q, m, [[0, 0]]), q), { q: [0, 0, 0], m: [1, 2, 3, 4, 5, 6] })).toEqual([1, 3, 5, 2, 4, 6]);
  });

  it("is right also where rows depend on each other through a mean (oracle: closed form)", () => {
    const t = input("t", [ROWS]);
    const model = mul(x, mul(t, t));
    const centered = binary("sub", model, binary("div", sum(model), rowCount()));
    expect(values(jacobian(centered, p), { p: [1, 1], t: [1, 2, 3] })).toEqual([1 - 14 / 3, 0, 4 - 14 / 3, 0, 9 - 14 / 3, 0]);
  });

  it("by columns and by rows gives the same (oracle: the matrix of a linear map)", () => {
    const a = constant([1, 2, 3, 4, 5, 6], [2, 3]);
    const [wide, tall] = [input("w", [3]), input("z", [2])];
    expect(values(jacobian(dot(a, wide, [[1, 0]]), wide), { w: [1, 1, 1] })).toEqual([1, 2, 3, 4, 5, 6]);
    expect(values(jacobian(dot(a, tall, [[0, 0]]), tall), { z: [1, 1] })).toEqual([1, 4, 2, 5, 3, 6]);
  });

  it("of a scalar is its gradient, of nothing is empty, and rows repeated keep their shape", () => {
    expect(jacobian(mul(x, y), p).shape).toEqual([2]);
    expect(values(jacobian(mul(x, y), p), { p: [3, 4] })).toEqual([4, 3]);
    expect(jacobian(input("e", [0]), p).shape).toEqual([0, 2]);
    expect(jacobian(broadcast(x, [ROWS, 3]), p).shape).toEqual([ROWS, 3, 2]);
  });
});
