import { describe, expect, it } from "vitest";
import {
  binary,
  broadcast,
  broadcastShapes,
  concat,
  constant,
  dot,
  element,
  elementwise,
  gather,
  input,
  matmul,
  normalizeAxes,
  reduceMax,
  reshape,
  rowCount,
  rowIndex,
  scatterAdd,
  slice,
  stack,
  sum,
  ternary,
  transpose,
  unary,
  uniformValue,
} from "../../src/graph/build.js";
import { type Node, ROWS, validate } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { elementwisePrimitives, isElementwise } from "../../src/graph/primitives.js";

const x = input("x", []);
const v = input("v", [3]);
const m = input("m", [2, 3]);
const t = input("t", [ROWS, 3]);
const thrown = (code: string): object => expect.objectContaining({ code });

describe("shapes", () => {
  it("broadcasts by NumPy's rules, rows in front (oracle: written out by hand)", () => {
    expect(broadcastShapes("test", [[3], [2, 1]])).toEqual([2, 3]);
    expect(broadcastShapes("test", [[], [4]])).toEqual([4]);
    expect(broadcastShapes("test", [[ROWS, 3], [3]])).toEqual([ROWS, 3]);
    expect(broadcastShapes("test", [[ROWS, 1], [ROWS, 3], []])).toEqual([ROWS, 3]);
    expect(broadcastShapes("test", [[0], [1]])).toEqual([0]);
    expect(() => broadcastShapes("test", [[2], [3]])).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => broadcastShapes("test", [[ROWS], [2, 1]])).toThrow(thrown("ROW_AXIS_MISUSED"));
    // a vector has no row axis: matched from the right, its length meets the rows
    expect(() => broadcastShapes("test", [[ROWS], [3]])).toThrow(thrown("SHAPE_MISMATCH"));
  });

  it("follows every operation (oracle: written out by hand)", () => {
    const shapes: [Node, readonly number[]][] = [
      [sum(t), []],
      [sum(t, [0]), [3]],
      [sum(t, [-1]), [ROWS]],
      [sum(t, [1, 0, 1]), []],
      [reduceMax(m, [0]), [3]],
      [reshape(t, [ROWS, 1, 3]), [ROWS, 1, 3]],
      [transpose(m), [3, 2]],
      [transpose(input("c", [ROWS, 2, 3])), [ROWS, 3, 2]],
      [slice(t, 1, 0, 2), [ROWS, 2]],
      [element(t, 1, 1), [ROWS]],
      [element(v, 0), []],
      [concat([m, m], 1), [2, 6]],
      [concat([t, t], 1), [ROWS, 6]],
      [stack([x, x]), [2]],
      [stack([element(t, 0, 1), element(t, 1, 1)]), [ROWS, 2]],
      [gather(m, rowIndex()), [ROWS, 3]],
      [gather(m, input("i", [4, 5])), [4, 5, 3]],
      [scatterAdd(rowIndex(), t, 7), [7, 3]],
      [dot(t, t, [[0, 0]]), [3, 3]],
      [dot(t, t, [], [[0, 0]]), [ROWS, 3, 3]],
      [dot(t, v, [[1, 0]]), [ROWS]],
      [matmul(m, v), [2]],
      [matmul(v, transpose(m)), [2]],
      [matmul(t, transpose(m)), [ROWS, 2]],
      [matmul(v, v), []],
      [matmul(input("a", [ROWS, 2, 3]), input("b", [ROWS, 3, 4])), [ROWS, 2, 4]],
      [matmul(input("a", [5, 2, 3]), input("b", [3, 4])), [5, 2, 4]],
      [rowCount(), []],
      [broadcast(x, [ROWS, 2]), [ROWS, 2]],
    ];
    for (const [node, shape] of shapes) expect(node.shape, node.op).toEqual(shape);
    validate(shapes.map(([node]) => node));
  });

  it("refuses what does not fit, saying where", () => {
    expect(() => constant([1, 2], [3])).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => constant([1, 2], [ROWS])).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => binary("add", v, input("w", [4]))).toThrow(
      expect.objectContaining({ code: "SHAPE_MISMATCH", details: expect.objectContaining({ where: "add" }) }),
    );
    expect(() => broadcast(m, [3])).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => sum(m, [2])).toThrow(thrown("AXIS_OUT_OF_RANGE"));
    expect(() => normalizeAxes("test", [2, 3], [0.5])).toThrow(thrown("AXIS_OUT_OF_RANGE"));
    expect(() => reduceMax(input("none", [0]))).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => reshape(m, [4])).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => reshape(t, [3])).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => transpose(m, [0, 0])).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => transpose(t, [1, 0])).toThrow(thrown("ROW_AXIS_MISUSED"));
    expect(() => slice(t, 0, 0, 1)).toThrow(thrown("ROW_AXIS_MISUSED"));
    expect(() => slice(v, 0, 2, 1)).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => element(v, 3)).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => concat([v, m])).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => concat([t, t], 0)).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => gather(t, v)).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => scatterAdd(v, m, 4)).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => matmul(m, m)).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => matmul(x, v)).toThrow(thrown("SHAPE_MISMATCH"));
    expect(() => dot(m, t, [])).toThrow(thrown("ROW_AXIS_MISUSED"));
    expect(() => matmul(input("a", [5, 2, 3]), input("b", [6, 3, 4]))).toThrow(thrown("SHAPE_MISMATCH"));
  });
});

describe("folding", () => {
  it("keeps what IEEE arithmetic keeps: x·1, x+0, x−0, x/1, x¹, −−x are x (oracle: identity)", () => {
    const [zero, one] = [constant(0), constant(1)];
    for (const node of [
      binary("mul", x, one),
      binary("mul", one, x),
      binary("add", x, zero),
      binary("add", zero, x),
      binary("sub", x, zero),
      binary("div", x, one),
      binary("pow", x, one),
      unary("neg", unary("neg", x)),
    ])
      expect(node).toBe(x);
    expect(binary("mul", x, zero).op).toBe("mul");
    expect(binary("mul", x, constant(-1)).op).toBe("neg");
    expect(binary("sub", zero, x).op).toBe("neg");
    expect(binary("mul", x, constant(1, [3])).shape).toEqual([3]);
  });

  it("computes operations on constants at once (oracle: JavaScript)", () => {
    expect(uniformValue(binary("min", constant(2), constant(3)))).toBe(2);
    expect(uniformValue(binary("max", constant(-2), constant(-3)))).toBe(-2);
    expect(uniformValue(binary("add", constant(2, [3]), constant(3)))).toBe(5);
    expect(uniformValue(unary("exp", constant(0, [ROWS])))).toBe(1);
    expect(uniformValue(constant([7]))).toBe(7);
    expect(ternary("select", constant(1), x, constant(2))).toBe(x);
    expect(uniformValue(slice(constant(3, [4]), 0, 1, 2))).toBe(3);
  });

  it("raises to whole powers by multiplication (oracle: exact powers of 3)", () => {
    for (let n = -16; n <= 16; n++) {
      const node = binary("pow", x, constant(n));
      expect(["mul", "div", "constant", "input"]).toContain(node.op);
      expect(evaluate([node], { inputs: { x: [3] } })[0]![0]).toBe(n < 0 ? 1 / 3 ** -n : 3 ** n);
    }
    expect(binary("pow", x, constant(17)).op).toBe("pow");
    expect(binary("pow", x, constant(0.5)).op).toBe("pow");
  });

  it("joins nested reshapes, slices and broadcasts (oracle: the operand of the result)", () => {
    expect(reshape(reshape(m, [6]), [2, 3])).toBe(m);
    const inner = slice(slice(v, 0, 1, 3), 0, 1, 2);
    expect(inner.inputs[0]).toBe(v);
    expect(inner.attributes).toMatchObject({ start: 2, stop: 3 });
    expect(broadcast(broadcast(x, [3]), [2, 3]).inputs[0]).toBe(x);
    expect(transpose(m, [0, 1])).toBe(m);
    expect(concat([v])).toBe(v);
  });
});

describe("the catalogue of primitives", () => {
  it("has an arity that its constructor takes, and a meaning", () => {
    for (const [op, { arity, meaning }] of Object.entries(elementwisePrimitives)) {
      expect(isElementwise(op)).toBe(true);
      expect(meaning.length).toBeGreaterThan(0);
      const node = elementwise(op as never, [x, v, v].slice(0, arity));
      expect(node.op).toBe(op);
      expect(node.shape).toEqual(arity === 1 ? [] : [3]);
    }
    expect(isElementwise("sum")).toBe(false);
    expect(isElementwise("toString")).toBe(false);
  });

  it("means what Math and IEEE 754 mean, operands beyond the arity ignored (oracle: written out by hand)", () => {
    const { min, max, sign, less, select, equal, pow } = elementwisePrimitives;
    expect(min.apply(2, 3, 0)).toBe(2);
    expect(max.apply(-2, -3, 0)).toBe(-2);
    expect(max.apply(Number.NaN, 1, 0)).toBeNaN();
    expect(sign.apply(-0, 0, 0)).toBe(-0);
    expect(less.apply(Number.NaN, 1, 0)).toBe(0);
    expect(equal.apply(0, -0, 0)).toBe(1);
    expect(select.apply(Number.NaN, 1, 2)).toBe(1);
    expect(select.apply(-0, 1, 2)).toBe(2);
    expect(pow.apply(0, 0, 0)).toBe(1);
  });
});
