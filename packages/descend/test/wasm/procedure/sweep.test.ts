import { describe, expect, it } from "vitest";
import {
  binary,
  broadcast,
  concat,
  constant,
  dot,
  gather,
  input,
  reduceMax,
  reshape,
  rowCount,
  rowIndex,
  scatterAdd,
  sum,
  ternary,
  unary,
} from "../../../src/graph/build.js";
import { type Node, ROWS } from "../../../src/graph/graph.js";
import { interpretProgram } from "../../../src/graph/interpret.js";
import type { Cell, DType, Program } from "../../../src/graph/program.js";
import { type CompileOptions, compile } from "../../../src/wasm/compile.js";
import { Choices, fill, firstDifference } from "../random-program.js";

const ROWS_OF_TABLE = 700;

interface Run {
  readonly nodes: readonly Node[];
  readonly columns: Readonly<Record<string, readonly number[]>>;
  readonly statics?: Readonly<Record<string, readonly number[]>>;
  readonly start?: number;
  readonly count: number;
  readonly dtype?: DType;
  readonly options?: CompileOptions;
}

/** What both executors compute over a batch of a table of ordinary numbers: [interpreted, compiled] for each node. */
function both({
  nodes,
  columns,
  statics = {},
  start = 0,
  count,
  dtype = "float64",
  options = {},
}: Run): [ArrayLike<number>, ArrayLike<number>][] {
  const columnCells: Cell[] = Object.entries(columns).map(([name, shape]) => ({ name, shape: [ROWS, ...shape] }));
  const staticCells: Cell[] = Object.entries(statics).map(([name, shape]) => ({ name, shape }));
  const program: Program = {
    dtype,
    cells: [...columnCells, ...staticCells, ...nodes.map((node, i) => ({ name: `result${i}`, shape: node.shape }))],
    procedures: [
      {
        name: "p",
        rows: { start: constant(start), count: constant(count) },
        writes: nodes.map((node, i) => ({ cell: `result${i}`, node })),
      },
    ],
  };
  const executables = [interpretProgram(program), compile(program, { simplify: false, ...options })] as const;
  for (const executable of executables) {
    const c = new Choices(5);
    executable.allocateRows(ROWS_OF_TABLE);
    for (const [name, shape] of Object.entries(columns)) {
      executable.writeRows(name, fill(c, ROWS_OF_TABLE * shape.reduce((p, d) => p * d, 1), "ordinary"));
    }
    for (const [name, shape] of Object.entries(statics))
      executable.write(
        name,
        fill(
          c,
          shape.reduce((p, d) => p * d, 1),
          "ordinary",
        ),
      );
    executable.run("p");
  }
  return nodes.map((_, i) => [executables[0].read(`result${i}`), executables[1].read(`result${i}`)]);
}

function expectSameBits(pairs: readonly [ArrayLike<number>, ArrayLike<number>][]): void {
  pairs.forEach(([expected, got], node) => {
    const i = firstDifference(expected, got);
    expect({ node, i, value: got[i] }).toEqual({ node, i: -1, value: undefined });
  });
}

function expectClose(pairs: readonly [ArrayLike<number>, ArrayLike<number>][], relative: number): void {
  for (const [expected, got] of pairs) {
    const scale = Math.max(1e-300, ...Array.from(expected, Math.abs));
    Array.from(expected).forEach((value, i) => {
      expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(relative * scale);
    });
  }
}

const x = input("x", [ROWS, 5]);
const y = input("y", [ROWS]);
const w = input("w", [5]);
const residual = binary("sub", dot(x, w, [[1, 0]]), y);
const linear = [sum(binary("mul", residual, residual)), dot(residual, x, [[0, 0]]), reduceMax(residual), sum(x, [0]), dot(x, x, [[0, 0]])];
const columns = { x: [5], y: [] };
const statics = { w: [5] };

describe("a sweep over the rows of a batch", () => {
  it.each([0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 127, 128, 129, 255, 256, 257, 640])(
    "adds %d rows as documented, from aligned and unaligned starts (oracle: the interpreter)",
    (count) => {
      for (const dtype of ["float64", "float32"] as const) {
        for (const start of [0, 8, 16, 1, 7, 13, 60]) expectSameBits(both({ nodes: linear, columns, statics, start, count, dtype }));
      }
    },
  );

  it("gives the same bits however segments are shared among workers (oracle: one worker)", () => {
    for (const dtype of ["float64", "float32"] as const) {
      const results = [1, 2, 3, 4].map((workers) =>
        both({ nodes: linear, columns, statics, start: 3, count: 690, dtype, options: { workers, tileRows: 16 } }).map(([, got]) => [
          ...Array.from(got),
        ]),
      );
      for (const result of results.slice(1)) expect(result).toEqual(results[0]);
    }
  });

  it("copies an array only once its parts are together (oracle: the interpreter)", () => {
    const parts = input("v", [9, 17]);
    const whole = concat([parts, parts, parts], 1);
    const nodes = [whole, dot(y, whole, []), whole];
    expectSameBits(both({ nodes, columns: { y: [] }, statics: { v: [9, 17] }, count: 100 }));
  });

  it("multiplies where the contracted axis has one element (oracle: the interpreter)", () => {
    const z = input("z", [ROWS, 1]);
    const products = dot(z, input("v", [1, 100, 5]), [[1, 0]]);
    expectSameBits(both({ nodes: [sum(products, [0])], columns: { z: [1] }, statics: { v: [1, 100, 5] }, start: 5, count: 300 }));
  });

  it("adds wide products of rows in the documented order (oracle: the interpreter)", () => {
    const h = input("h", [ROWS, 40]);
    const z = input("z", [ROWS, 24]);
    const v = input("v", [40, 24]);
    const forward = dot(h, v, [[1, 0]]);
    const nodes = [dot(h, z, [[0, 0]]), sum(binary("mul", forward, z), [0]), dot(z, v, [[1, 1]]), dot(h, unary("neg", forward), [[0, 0]])];
    for (const dtype of ["float64", "float32"] as const) {
      for (const [start, count] of [
        [0, 128],
        [5, 300],
        [128, 77],
      ] as const) {
        expectSameBits(both({ nodes, columns: { h: [40], z: [24] }, statics: { v: [40, 24] }, start, count, dtype }));
      }
    }
  });

  it("ignores whatever lies behind the last row, NaN too (oracle: the interpreter, on a table with NaN behind the batch)", () => {
    const quotient = binary("div", y, binary("mul", binary("less", rowIndex(), constant(10)), y));
    const nodes = [sum(quotient), reduceMax(unary("neg", quotient)), scatterAdd(binary("mul", constant(0), y), quotient, 3)];
    const [total, largest] = both({ nodes, columns, count: 10 });
    expectSameBits([total!, largest!]);
    expect(total![1][0]).toBe(10);
    expectClose([both({ nodes, columns, count: 10 })[2]!], 1e-14);
  });

  it("computes in stages what depends on sums over rows, softmax over the rows for one (oracle: the interpreter)", () => {
    const largest = reduceMax(y);
    const shifted = binary("sub", y, broadcast(largest, [ROWS]));
    const positive = binary("div", constant(1, [ROWS]), binary("sub", constant(2, [ROWS]), shifted));
    const share = binary("div", positive, broadcast(sum(positive), [ROWS]));
    const centered = binary("sub", x, broadcast(binary("div", sum(x, [0]), rowCount()), [ROWS, 5]));
    const spread = unary("sqrt", sum(binary("mul", centered, centered), [0]));
    const scores = binary("div", centered, broadcast(spread, [ROWS, 5]));
    const nodes = [sum(share), share, sum(binary("mul", share, y)), dot(scores, scores, [[0, 0]]), scores];
    for (const [start, count] of [
      [0, 300],
      [9, 500],
    ] as const)
      expectSameBits(both({ nodes, columns, start, count }));
  });

  it("looks up rows of a table and adds into one, by indices in columns (oracle: the interpreter; sums of scattered rows to 1e-13, other order)", () => {
    const index = unary("floor", binary("mul", unary("abs", y), constant(3)));
    const table = input("table", [11, 3]);
    const found = gather(table, index);
    expectSameBits(
      both({
        nodes: [found, sum(found, [0]), sum(binary("mul", found, found), [1])],
        columns,
        statics: { table: [11, 3] },
        count: 301,
        start: 2,
      }),
    );
    const scattered = [scatterAdd(index, found, 11), scatterAdd(index, y, 5)];
    expectClose(both({ nodes: scattered, columns, statics: { table: [11, 3] }, count: 301, start: 2 }), 1e-13);
    const whole = scatterAdd(index, unary("floor", y), 11);
    expectSameBits(both({ nodes: [whole], columns, count: 650, options: { workers: 3 } }));
  });

  it("writes columns of the batch and leaves other rows alone (oracle: the interpreter)", () => {
    const program: Program = {
      dtype: "float32",
      cells: [
        { name: "x", shape: [ROWS, 5] },
        { name: "y", shape: [ROWS] },
      ],
      procedures: [
        {
          name: "p",
          rows: { start: constant(37), count: constant(150) },
          writes: [
            { cell: "x", node: binary("mul", x, broadcast(reshape(y, [ROWS, 1]), [ROWS, 5])) },
            { cell: "y", node: binary("sub", sum(x, [1]), broadcast(sum(y), [ROWS])) },
          ],
        },
      ],
    };
    const executables = [interpretProgram(program), compile(program, { simplify: false })] as const;
    for (const executable of executables) {
      const c = new Choices(9);
      executable.allocateRows(300);
      executable.writeRows("x", fill(c, 1500, "whole"));
      executable.writeRows("y", fill(c, 300, "whole"));
      executable.run("p", 2);
    }
    for (const cell of ["x", "y"]) expect(firstDifference(executables[0].read(cell), executables[1].read(cell))).toBe(-1);
  });

  it("knows the index of each row and the number of rows (oracle: written out)", () => {
    const [, first, weighted] = both({
      nodes: [
        rowIndex(),
        sum(rowIndex()),
        sum(ternary("select", binary("less", rowIndex(), constant(100)), constant(1, [ROWS]), rowCount())),
      ],
      columns,
      start: 90,
      count: 20,
    });
    expect([first![1][0], weighted![1][0]]).toEqual([(90 + 109) * 10, 10 + 10 * 20]);
  });
});
