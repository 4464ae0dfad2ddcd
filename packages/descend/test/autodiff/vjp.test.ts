import { describe, expect, it } from "vitest";
import { gradient, vjp } from "../../src/autodiff/vjp.js";
import { ShapeError } from "../../src/errors.js";
import {
  binary,
  concat,
  constant,
  dot,
  element,
  gather,
  input,
  matmul,
  reduceMax,
  reshape,
  rowCount,
  scatterAdd,
  slice,
  sum,
  unary,
} from "../../src/graph/build.js";
import { type Node, ROWS, topologicalOrder, validate } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { simplify } from "../../src/graph/simplify.js";

const square = (x: Node): Node => binary("mul", x, x);
const add = (a: Node, b: Node): Node => binary("add", a, b);
const values = (node: Node, inputs: Record<string, ArrayLike<number>>): number[] => [...evaluate([node], { inputs })[0]!];

/** Σ (x[i+1] − x[i]²)² + (1 − x[i])², read element by element. */
function rosenbrock(x: Node, n: number): Node {
  let total: Node = constant(0);
  for (let i = 0; i + 1 < n; i++) {
    const [a, b] = [element(x, i), element(x, i + 1)];
    total = add(total, add(square(binary("sub", b, square(a))), square(binary("sub", constant(1), a))));
  }
  return total;
}

describe("gradient", () => {
  it("of x²y at (3, 2) is (12, 9) (oracle: closed form)", () => {
    const p = input("p", [2]);
    const f = binary("mul", square(element(p, 0)), element(p, 1));
    expect(values(gradient(f, [p])[0]!, { p: [3, 2] })).toEqual([12, 9]);
  });

  it("of a function read element by element grows linearly: one concat, no n² zeros (oracle: closed form)", () => {
    const n = 1000;
    const x = input("x", [n]);
    const f = rosenbrock(x, n);
    const [g] = gradient(f, [x]);
    validate([g!]);
    const nodes = topologicalOrder([f, g!]);
    expect(nodes.length).toBeLessThan(40 * n);
    expect(nodes.filter((node) => node.op === "concat")).toHaveLength(1);
    const at = Float64Array.from({ length: n }, (_, i) => Math.sin(i));
    const exact = Array.from(at, (xi, i) => {
      const left = i > 0 ? 2 * (xi - at[i - 1]! ** 2) : 0;
      const right = i + 1 < n ? -4 * xi * (at[i + 1]! - xi ** 2) - 2 * (1 - xi) : 0;
      return left + right;
    });
    values(g!, { x: at }).forEach((gi, i) => {
      expect(gi).toBeCloseTo(exact[i]!, 12);
    });
    expect(topologicalOrder(simplify([f, g!])).length).toBeLessThan(20 * n);
  });

  it("of overlapping slices is a concat for each layer of disjoint ones", () => {
    const n = 60;
    const x = input("x", [n]);
    // Windows of width 3: three layers, whatever n.
    const windows = Array.from({ length: n - 2 }, (_, i) => slice(x, 0, i, i + 3));
    const f = sum(concat(windows.map(square)));
    const [g] = gradient(f, [x]);
    const own = new Set(topologicalOrder([f]));
    expect(topologicalOrder([g!]).filter((node) => node.op === "concat" && !own.has(node))).toHaveLength(3);
    const at = Float64Array.from({ length: n }, (_, i) => i - 7);
    expect(values(g!, { x: at })).toEqual(Array.from(at, (xi, i) => 2 * xi * Math.min(3, i + 1, n - i)));
  });

  it("of prefixes, which all overlap, is right too (oracle: closed form)", () => {
    const n = 7;
    const x = input("x", [n]);
    const f = Array.from({ length: n }, (_, k) => sum(slice(x, 0, 0, k + 1))).reduce(add);
    expect(values(gradient(f, [x])[0]!, { x: new Float64Array(n) })).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  it("of slices along several axes of one matrix adds up (oracle: counting)", () => {
    const m = input("m", [3, 4]);
    const f = add(sum(slice(m, 0, 1, 3)), sum(slice(slice(m, 1, 0, 2), 0, 0, 2)));
    expect(values(gradient(f, [m])[0]!, { m: new Float64Array(12) })).toEqual([1, 1, 0, 0, 2, 2, 1, 1, 1, 1, 1, 1]);
  });

  it("of least squares over rows is (2/m)·Xᵀ(Xw − y), contracted over the rows (oracle: closed form)", () => {
    const [x, y, w] = [input("x", [ROWS, 2]), input("y", [ROWS]), input("w", [2])];
    const loss = binary("div", sum(square(binary("sub", matmul(x, w), y))), rowCount());
    const [gw, gx] = gradient(loss, [w, x]);
    const inputs = { x: [1, 2, 3, 4, 5, 6], y: [1, -1, 2], w: [0.5, -0.25] };
    const r = [0 - 1, 0.5 + 1, 1 - 2];
    const expected = [0, 1].map((j) => (2 / 3) * r.reduce((s, ri, i) => s + ri * inputs.x[2 * i + j]!, 0));
    values(gw!, inputs).forEach((g, j) => {
      expect(g).toBeCloseTo(expected[j]!, 14);
    });
    values(gx!, inputs).forEach((g, k) => {
      expect(g).toBeCloseTo((2 / 3) * r[k >> 1]! * inputs.w[k % 2]!, 14);
    });
    const simplified = simplify([gw!])[0]!;
    expect(
      topologicalOrder([simplified]).filter((node) => node.op === "dot" && node.shape.length === 1 && node.shape[0] === 2),
    ).toHaveLength(1);
  });

  it("of tables looked up by row counts what each row was used for (oracle: counting)", () => {
    const [table, indices, weights] = [input("t", [3, 2]), input("i", [ROWS]), input("w", [ROWS])];
    const f = sum(binary("mul", gather(table, indices), reshape(weights, [ROWS, 1])));
    expect(values(gradient(f, [table])[0]!, { t: new Float64Array(6), i: [2, 0, 2, 9], w: [1, 10, 100, 1000] })).toEqual([
      10, 10, 0, 0, 1101, 1101,
    ]);
    const [gv] = gradient(sum(binary("mul", scatterAdd(indices, weights, 3), constant([1, 2, 3]))), [weights]);
    expect(values(gv!, { i: [2, 0, 2, -4], w: [1, 1, 1, 1] })).toEqual([3, 1, 3, 1]);
  });

  it("of a maximum is shared evenly by the largest elements, over rows too (oracle: PyTorch's amax)", () => {
    const r = input("r", [ROWS]);
    expect(values(gradient(reduceMax(r), [r])[0]!, { r: [1, 5, 5, 2] })).toEqual([0, 0.5, 0.5, 0]);
    const m = input("m", [2, 2]);
    expect(values(gradient(sum(reduceMax(m, [1])), [m])[0]!, { m: [3, 3, 1, 2] })).toEqual([0.5, 0.5, 0, 1]);
  });

  it("does not pass stopGradient, and is 0 where nothing is used", () => {
    const x = input("x", [2]);
    const [g] = gradient(sum(binary("mul", unary("stopGradient", x), x)), [x]);
    expect(values(g!, { x: [3, 4] })).toEqual([3, 4]);
    const unused = input("z", [5]);
    expect(gradient(sum(x), [unused])[0]).toMatchObject({ op: "constant", shape: [5] });
  });

  it("by an intermediate node is its cotangent, and what lies below still counts (oracle: chain rule)", () => {
    const x = input("x", [2]);
    const hidden = unary("exp", x);
    const f = sum(square(hidden));
    const [gHidden, gx] = gradient(f, [hidden, x]);
    const e = [Math.exp(1), Math.exp(2)];
    values(gHidden!, { x: [1, 2] }).forEach((g, i) => {
      expect(g).toBeCloseTo(2 * e[i]!, 12);
    });
    values(gx!, { x: [1, 2] }).forEach((g, i) => {
      expect(g).toBeCloseTo(2 * e[i]! ** 2, 10);
    });
  });

  it("refuses what is not a scalar, and cotangents of another shape", () => {
    const x = input("x", [2]);
    expect(() => gradient(x, [x])).toThrow(ShapeError);
    expect(() => vjp([x], [constant(1, [3])], [x])).toThrow(ShapeError);
  });

  it("of batched contractions with rows summed, which dot cannot express, is still right (oracle: Σ over loops)", () => {
    const [a, b] = [input("a", [ROWS, 2, 3]), input("b", [ROWS, 2, 2])];
    const f = dot(a, b, [[0, 0]], [[1, 1]]);
    const weights = constant(
      Array.from({ length: 12 }, (_, i) => i - 4.5),
      [2, 3, 2],
    );
    const [ga, gb] = gradient(sum(binary("mul", f, weights)), [a, b]);
    const inputs = { a: Array.from({ length: 12 }, (_, i) => Math.sin(i)), b: Array.from({ length: 8 }, (_, i) => Math.cos(i)) };
    const w = (k: number, i: number, j: number): number => k * 6 + i * 2 + j - 4.5;
    values(ga!, inputs).forEach((g, place) => {
      const [r, k, i] = [Math.floor(place / 6), Math.floor(place / 3) % 2, place % 3];
      expect(g).toBeCloseTo(
        [0, 1].reduce((s, j) => s + w(k, i, j) * inputs.b[r * 4 + k * 2 + j]!, 0),
        12,
      );
    });
    values(gb!, inputs).forEach((g, place) => {
      const [r, k, j] = [Math.floor(place / 4), Math.floor(place / 2) % 2, place % 2];
      expect(g).toBeCloseTo(
        [0, 1, 2].reduce((s, i) => s + w(k, i, j) * inputs.a[r * 6 + k * 3 + i]!, 0),
        12,
      );
    });
  });
});
