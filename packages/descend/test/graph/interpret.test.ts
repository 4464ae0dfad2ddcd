import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  binary,
  broadcast,
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
  rowIndex,
  scatterAdd,
  slice,
  stack,
  sum,
  ternary,
  transpose,
  unary,
} from "../../src/graph/build.js";
import { type Node, ROWS } from "../../src/graph/graph.js";
import { evaluate, interpretProgram } from "../../src/graph/interpret.js";
import type { Program } from "../../src/graph/program.js";
import { sumOrder, sumRows } from "../../src/numeric/sum.js";

const values = (node: Node, inputs: Record<string, ArrayLike<number>> = {}): number[] => [...evaluate([node], { inputs })[0]!];
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

describe("evaluating a graph", () => {
  const m = input("m", [2, 3]);
  const inputs = { m: range(6) };

  it("moves elements as NumPy does (oracle: written out by hand)", () => {
    expect(values(transpose(m), inputs)).toEqual([1, 4, 2, 5, 3, 6]);
    expect(values(slice(m, 1, 1, 3), inputs)).toEqual([2, 3, 5, 6]);
    expect(values(slice(m, 0, 1, 2), inputs)).toEqual([4, 5, 6]);
    expect(values(element(m, 2, 1), inputs)).toEqual([3, 6]);
    expect(values(concat([m, slice(m, 1, 0, 1)], 1), inputs)).toEqual([1, 2, 3, 1, 4, 5, 6, 4]);
    expect(values(concat([m, m], 0), inputs)).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6]);
    expect(values(broadcast(slice(m, 1, 0, 1), [2, 3]), inputs)).toEqual([1, 1, 1, 4, 4, 4]);
    expect(values(broadcast(element(m, 1, 0), [2, 3]), inputs)).toEqual([4, 5, 6, 4, 5, 6]);
    expect(values(reshape(m, [3, 2]), inputs)).toEqual(range(6));
    expect(values(stack([element(m, 0), element(m, 1)]), inputs)).toEqual(range(6));
  });

  it("reduces over any axes (oracle: written out by hand)", () => {
    expect(values(sum(m), inputs)).toEqual([21]);
    expect(values(sum(m, [0]), inputs)).toEqual([5, 7, 9]);
    expect(values(sum(m, [1]), inputs)).toEqual([6, 15]);
    expect(values(reduceMax(m, [1]), inputs)).toEqual([3, 6]);
    expect(values(reduceMax(m), { m: [1, Number.NaN, 3, 4, 5, 6] })).toEqual([Number.NaN]);
    expect(values(sum(constant([], [0])))).toEqual([0]);
  });

  it("multiplies matrices, outer products and batches (oracle: loops)", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 4 }),
        fc.infiniteStream(fc.integer({ min: -9, max: 9 })),
        (p, q, r, stream) => {
          const a = [...stream.take(2 * p * q)];
          const b = [...stream.take(2 * q * r)];
          const expected: number[] = [];
          for (let g = 0; g < 2; g++)
            for (let i = 0; i < p; i++)
              for (let j = 0; j < r; j++) {
                let total = 0;
                for (let k = 0; k < q; k++) total += a[(g * p + i) * q + k]! * b[(g * q + k) * r + j]!;
                expected.push(total);
              }
          expect(values(matmul(input("a", [2, p, q]), input("b", [2, q, r])), { a, b }).map((v) => v + 0)).toEqual(expected);
          expect(
            values(matmul(input("a", [p, q]), input("b", [q, r])), { a: a.slice(0, p * q), b: b.slice(0, q * r) }).map((v) => v + 0),
          ).toEqual(expected.slice(0, p * r));
        },
      ),
    );
    expect(values(dot(constant([1, 2]), constant([3, 4, 5]), []))).toEqual([3, 4, 5, 6, 8, 10]);
  });

  it("gathers and scatters by truncated, clamped indices (oracle: written out by hand)", () => {
    expect(values(gather(m, constant([1, 0.9, -5, 7, Number.NaN])), inputs)).toEqual([4, 5, 6, 1, 2, 3, 1, 2, 3, 4, 5, 6, 1, 2, 3]);
    expect(values(scatterAdd(constant([1, 1, 0, 9]), constant([1, 2, 4, 8]), 3))).toEqual([4, 3, 8]);
    expect(values(scatterAdd(constant([1, 1]), m, 2), inputs)).toEqual([0, 0, 0, 5, 7, 9]);
  });

  it("evaluates the rows of a range, and counts them (oracle: written out by hand)", () => {
    const x = input("x", [ROWS, 2]);
    const w = input("w", [2]);
    const bindings = { inputs: { x: range(10), w: [1, 10] }, rows: { start: 1, count: 3 } };
    const [product, count, index, total, back] = evaluate(
      [matmul(x, w), rowCount(), rowIndex(), sum(x, [0]), dot(x, matmul(x, w), [[0, 0]])],
      bindings,
    ).map((v) => [...v]);
    expect(product).toEqual([43, 65, 87]);
    expect(count).toEqual([3]);
    expect(index).toEqual([1, 2, 3]);
    expect(total).toEqual([15, 18]);
    expect(back).toEqual([3 * 43 + 5 * 65 + 7 * 87, 4 * 43 + 6 * 65 + 8 * 87]);
    expect(values(sum(x), { x: range(10) })).toEqual([55]);
  });

  it("adds rows in the order of sumRows and the elements of a row from left to right (oracle: sumRows of hand-made row sums)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.infiniteStream(fc.double({ min: -1e6, max: 1e6, noNaN: true })), (rows, stream) => {
        const table = Float64Array.from(stream.take(rows * 3));
        const x = input("x", [ROWS, 3]);
        const perRow = Array.from({ length: rows }, (_, r) => table[3 * r]! + table[3 * r + 1]! + table[3 * r + 2]!);
        expect(values(sum(x), { x: table })).toEqual([sumRows(perRow, sumOrder("float64"))]);
      }),
      { numRuns: 30 },
    );
  });

  it("rounds after every primitive in float32 (oracle: Math.fround by hand)", () => {
    const f = Math.fround;
    const x = input("x", []);
    const y = binary("add", binary("mul", x, x), constant(0.1));
    expect(evaluate([y], { inputs: { x: [0.3] } }, { dtype: "float32" })[0]![0]).toBe(f(f(f(0.3) * f(0.3)) + f(0.1)));
  });

  it("gives random numbers below 1 that float32 can hold, and the same for the same place (oracle: the definition)", () => {
    const counter = constant(Array.from({ length: 2000 }, (_, i) => i));
    const node = ternary("random", constant(7), constant(1), counter);
    for (const dtype of ["float64", "float32"] as const) {
      const [u] = evaluate([node], undefined, { dtype });
      const [again] = evaluate([node], undefined, { dtype });
      expect(u).toEqual(again);
      expect(u!.every((v) => v >= 0 && v < 1)).toBe(true);
      // mean of 2000 uniforms: standard deviation 1/√(12·2000) = 0.0065; five of them
      expect(Math.abs(u!.reduce((a, b) => a + b, 0) / 2000 - 0.5)).toBeLessThan(0.033);
      if (dtype === "float32") expect([...u!].every((v) => Math.fround(v) === v)).toBe(true);
    }
  });

  it("chooses without touching what was not chosen (oracle: IEEE 754, no 0·∞)", () => {
    const x = input("x", [3]);
    const safe = ternary("select", binary("less", constant(0), x), unary("log", x), constant(0));
    expect(values(safe, { x: [-1, 0, 1] })).toEqual([0, 0, 0]);
  });
});

describe("running a program by the reference", () => {
  // x ← x − 0.1·2x, with the distance recorded, the best kept, and a stop when |x| < 0.5.
  const x = input("x", [1]);
  const next = binary("sub", x, binary("mul", constant(0.2), x));
  const square = sum(binary("mul", x, x));
  const descent: Program = {
    dtype: "float64",
    cells: [
      { name: "x", shape: [1] },
      { name: "previous", shape: [1] },
      { name: "limit", shape: [] },
    ],
    procedures: [
      {
        name: "step",
        writes: [{ cell: "x", node: next }],
        repeat: {
          require: [binary("lessEqual", input("limit", []), square)],
          stop: [constant(0), binary("less", square, constant(0.5))],
          keeps: [{ from: "x", to: "previous", when: constant(1) }],
          record: [square, next],
        },
      },
    ],
  };

  it("repeats until times are used up (oracle: x·0.8^k)", () => {
    const run = interpretProgram(descent);
    run.write("x", [1]);
    expect(run.run("step", 1)).toEqual({ passes: 1, code: 0 });
    expect([...run.read("x")]).toEqual([0.8]);
    expect([...run.read("previous")]).toEqual([1]);
    expect([...run.record("step")]).toEqual([1, 0.8]);
  });

  it("ends after the pass that gives a reason to stop, which is committed (oracle: 0.64 ≥ 0.5 > 0.4096)", () => {
    const run = interpretProgram(descent);
    run.write("x", [1]);
    expect(run.run("step", 100)).toEqual({ passes: 3, code: 4 });
    expect(run.read("x")[0]).toBeCloseTo(0.512, 15);
    expect(run.record("step").length).toBe(6);
  });

  it("drops the pass that is not committed: nothing is written, kept or recorded (oracle: the contract of Repeat)", () => {
    const run = interpretProgram(descent);
    run.write("x", [1]);
    run.write("limit", [0.5]);
    run.write("previous", [7]);
    expect(run.run("step", 2)).toEqual({ passes: 2, code: 0 });
    expect(run.run("step", 2)).toEqual({ passes: 0, code: 1 });
    expect(run.read("x")[0]).toBeCloseTo(0.64, 15);
    expect(run.read("previous")[0]).toBe(0.8);
    expect(run.record("step").length).toBe(0);
  });

  it("reads and writes the rows of its range (oracle: written out by hand)", () => {
    const column = input("c", [ROWS]);
    const program: Program = {
      dtype: "float32",
      cells: [
        { name: "c", shape: [ROWS] },
        { name: "d", shape: [ROWS] },
        { name: "first", shape: [] },
        { name: "total", shape: [] },
      ],
      procedures: [
        {
          name: "batch",
          rows: { start: input("first", []), count: constant(2) },
          writes: [
            { cell: "d", node: binary("mul", column, constant(10)) },
            { cell: "total", node: sum(column) },
            { cell: "first", node: binary("add", input("first", []), constant(2)) },
          ],
        },
      ],
    };
    const run = interpretProgram(program);
    run.allocateRows(5);
    run.writeRows("c", [1, 2]);
    run.writeRows("c", [3, 4, 5], 2);
    run.write("first", [1]);
    expect(run.run("batch")).toEqual({ passes: 1, code: 0 });
    expect([...run.read("d")]).toEqual([0, 20, 30, 0, 0]);
    expect([...run.read("total")]).toEqual([5]);
    run.run("batch");
    expect([...run.read("d")]).toEqual([0, 20, 30, 40, 50]);
    expect(run.read("d")).toBeInstanceOf(Float32Array);
  });

  it("refuses more passes than the record can hold", () => {
    const run = interpretProgram(descent);
    expect(() => run.run("step", run.recordCapacity("step") + 1)).toThrow(expect.objectContaining({ code: "OPTION_OUT_OF_RANGE" }));
  });
});
