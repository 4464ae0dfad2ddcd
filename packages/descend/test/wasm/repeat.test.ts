import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { binary, broadcast, constant, element, input, reduceMax, rowCount, slice, sum, ternary, unary } from "../../src/graph/build.js";
import { type Node, ROWS } from "../../src/graph/graph.js";
import { interpretProgram } from "../../src/graph/interpret.js";
import type { DType, Executable, Program, RunResult } from "../../src/graph/program.js";
import { compile } from "../../src/wasm/compile.js";
import { fillCells, firstDifference, randomRepeat } from "./random-program.js";

const add = (a: Node, b: Node): Node => binary("add", a, b);
const mul = (a: Node, b: Node): Node => binary("mul", a, b);
const less = (a: Node, b: Node): Node => binary("less", a, b);

/** Gradient descent on Σ xᵢ²·(i+1): x ← x·(1 − rate·(i+1)), with everything a run can do: tests, a kept cell, a record, a swap of cells. */
function descent(n: number, dtype: DType): Program {
  const x = input("x", [n]);
  const step = input("step", []);
  const scale = constant(Float64Array.from({ length: n }, (_, i) => 1 - 0.1 * (1 + (i % 7))));
  const next = mul(x, n === 1 ? constant(0.9, [1]) : scale);
  const largest = reduceMax(unary("abs", next));
  return {
    dtype,
    cells: [
      { name: "x", shape: [n] },
      { name: "before", shape: [n] },
      { name: "kept", shape: [n] },
      { name: "step", shape: [] },
      { name: "lastStep", shape: [] },
      { name: "limit", shape: [2] },
    ],
    procedures: [
      {
        name: "run",
        writes: [
          { cell: "x", node: next },
          { cell: "before", node: x },
          { cell: "step", node: add(step, constant(1)) },
          { cell: "lastStep", node: step },
        ],
        repeat: {
          require: [less(step, element(input("limit", [2]), 0)), less(largest, constant(1e6))],
          stop: [less(largest, element(input("limit", [2]), 1)), less(constant(1e5), largest)],
          keeps: [{ from: "x", to: "kept", when: less(constant(1.5), step) }],
          record: [largest, slice(next, 0, 0, 1), next],
        },
      },
    ],
  };
}

function start(executable: Executable, n: number, limit: readonly [number, number]): void {
  executable.write(
    "x",
    Float64Array.from({ length: n }, (_, i) => 1 + i / n),
  );
  executable.write("limit", limit);
}

const cells = ["x", "before", "kept", "step", "lastStep"];

describe("a repeated procedure", () => {
  it.each([
    ["on a few numbers", false, 4, 11],
    ["on arrays", false, 800, 12],
    ["over rows", true, 800, 13],
  ] as const)("does pass for pass what the interpreter does, at random, %s (oracle: the interpreter)", (_, rows, most, seed) => {
    fc.assert(
      fc.property(fc.nat(1e6), (own) => {
        const random = randomRepeat(own, rows, most);
        const executables = [interpretProgram(random.program), compile(random.program, { simplify: false })] as const;
        fillCells(own + 1, random, executables, "ordinary");
        for (const executable of executables) executable.write("passes", [0]);
        for (const times of [1, 0, 3, 7]) {
          const [expected, got] = executables.map((executable) => executable.run("p", times)) as [RunResult, RunResult];
          expect(got).toEqual(expected);
          for (const { name } of random.results)
            expect(firstDifference(executables[0].read(name), executables[1].read(name)), name).toBe(-1);
          expect(firstDifference(executables[0].record("p"), executables[1].record("p"))).toBe(-1);
        }
      }),
      { numRuns: 100, seed },
    );
  });

  for (const dtype of ["float64", "float32"] as const) {
    for (const n of [1, 2, 16, 17, 300]) {
      it(`does pass for pass what the interpreter does, with ${n} numbers in ${dtype} (oracle: the interpreter)`, () => {
        for (const limit of [
          [100, 0],
          [3, 0],
          [0, 0],
          [100, 0.5],
          [1, 10],
        ] as const) {
          const executables = [interpretProgram(descent(n, dtype)), compile(descent(n, dtype), { simplify: false })] as const;
          for (const executable of executables) start(executable, n, limit);
          for (const times of [1, 0, 2, 5, 1, 1]) {
            const [expected, got] = executables.map((executable) => executable.run("run", times));
            expect(got).toEqual(expected);
            for (const cell of cells) expect([...executables[1].read(cell)]).toEqual([...executables[0].read(cell)]);
            expect([...executables[1].record("run")]).toEqual([...executables[0].record("run")]);
          }
        }
      });
    }
  }

  it("leaves everything as it was when a pass is dropped, and says which requirements failed (oracle: the definition)", () => {
    for (const n of [3, 100]) {
      const program: Program = {
        dtype: "float64",
        cells: [
          { name: "x", shape: [n] },
          { name: "y", shape: [n] },
          { name: "kept", shape: [n] },
        ],
        procedures: [
          {
            name: "run",
            writes: [
              { cell: "x", node: unary("log", input("x", [n])) },
              { cell: "y", node: input("x", [n]) },
            ],
            repeat: {
              require: [constant(1), binary("lessEqual", constant(0), reduceMax(unary("log", input("x", [n])))), constant(0)],
              stop: [constant(1)],
              keeps: [{ from: "x", to: "kept", when: constant(1) }],
            },
          },
        ],
      };
      const executable = compile(program);
      executable.write("x", new Float64Array(n).fill(0.5));
      executable.write("y", new Float64Array(n).fill(7));
      expect(executable.run("run", 5)).toEqual({ passes: 0, code: 0b110 });
      expect([...executable.read("x")]).toEqual([...new Float64Array(n).fill(0.5)]);
      expect([...executable.read("y")]).toEqual([...new Float64Array(n).fill(7)]);
      expect([...executable.read("kept")]).toEqual([...new Float64Array(n)]);
    }
  });

  it("keeps an array that it neither reads nor writes (oracle: the definition)", () => {
    const step = input("step", []);
    const executable = compile({
      dtype: "float64",
      cells: [
        { name: "step", shape: [] },
        { name: "x", shape: [30] },
        { name: "kept", shape: [30] },
      ],
      procedures: [
        {
          name: "run",
          writes: [{ cell: "step", node: add(step, constant(1)) }],
          repeat: { require: [], stop: [], keeps: [{ from: "x", to: "kept", when: less(constant(0.5), step) }] },
        },
      ],
    });
    const values = Float64Array.from({ length: 30 }, (_, i) => i + 1);
    executable.write("x", values);
    executable.run("run");
    expect([...executable.read("kept")]).toEqual(new Array(30).fill(0));
    executable.run("run");
    expect([...executable.read("kept")]).toEqual([...values]);
  });

  it("exchanges small cells, and large ones, in one pass (oracle: the definition)", () => {
    for (const n of [2, 50]) {
      const program: Program = {
        dtype: "float64",
        cells: [
          { name: "a", shape: [n] },
          { name: "b", shape: [n] },
        ],
        procedures: [
          {
            name: "swap",
            writes: [
              { cell: "a", node: input("b", [n]) },
              { cell: "b", node: input("a", [n]) },
            ],
            repeat: { require: [], stop: [] },
          },
        ],
      };
      const executable = compile(program);
      executable.write("a", new Float64Array(n).fill(1));
      executable.write("b", new Float64Array(n).fill(2));
      expect(executable.run("swap", 3)).toEqual({ passes: 3, code: 0 });
      expect([executable.read("a")[n - 1], executable.read("b")[n - 1]]).toEqual([2, 1]);
    }
  });

  it("keeps the point that was best before it is left, by exchanging buffers (oracle: the interpreter)", () => {
    const n = 40;
    const x = input("x", [n]);
    const value = input("value", []);
    const best = input("bestValue", []);
    // A walk whose value goes up and down.
    const next = add(x, broadcast(ternary("select", less(value, constant(3)), constant(0.7), constant(-1.1)), [n]));
    const leaves = mul(less(value, best), less(value, sum(next)));
    const program: Program = {
      dtype: "float64",
      cells: [
        { name: "x", shape: [n] },
        { name: "best", shape: [n] },
        { name: "value", shape: [] },
        { name: "bestValue", shape: [] },
      ],
      procedures: [
        {
          name: "run",
          writes: [
            { cell: "x", node: next },
            { cell: "value", node: sum(next) },
            { cell: "bestValue", node: ternary("select", leaves, value, best) },
          ],
          repeat: { require: [], stop: [], keeps: [{ from: "x", to: "best", when: leaves }] },
        },
      ],
    };
    const executables = [interpretProgram(program), compile(program, { simplify: false })] as const;
    for (const executable of executables) {
      executable.write(
        "x",
        Float64Array.from({ length: n }, (_, i) => Math.sin(i)),
      );
      executable.write("bestValue", [100]);
    }
    for (let k = 0; k < 30; k++) {
      for (const executable of executables) executable.run("run", 1 + (k % 3));
      for (const { name } of program.cells) expect([...executables[1].read(name)]).toEqual([...executables[0].read(name)]);
    }
  });

  it("walks through batches whose place is computed from a cell (oracle: the interpreter)", () => {
    const n = 4;
    const batch = input("batch", []);
    const place = mul(batch, constant(70));
    const begin = mul(place, less(place, constant(500)));
    const x = input("x", [ROWS, n]);
    const program: Program = {
      dtype: "float64",
      cells: [
        { name: "x", shape: [ROWS, n] },
        { name: "batch", shape: [] },
        { name: "total", shape: [n] },
      ],
      procedures: [
        {
          name: "run",
          rows: { start: begin, count: binary("min", constant(70), binary("sub", constant(500), begin)) },
          writes: [
            { cell: "batch", node: add(batch, constant(1)) },
            { cell: "total", node: add(mul(input("total", [n]), constant(0.5)), binary("div", sum(x, [0]), rowCount())) },
          ],
          repeat: { require: [less(place, constant(500))], stop: [], record: [input("total", [n])] },
        },
      ],
    };
    const executables = [interpretProgram(program), compile(program, { simplify: false, workers: 2 })] as const;
    for (const executable of executables) {
      executable.allocateRows(500);
      executable.writeRows(
        "x",
        Float64Array.from({ length: 500 * n }, (_, i) => Math.sin(i)),
      );
    }
    const [expected, got] = executables.map((executable) => executable.run("run", 20));
    expect(got).toEqual(expected);
    expect(got).toEqual({ passes: 8, code: 1 });
    for (const { name } of program.cells) expect([...executables[1].read(name)]).toEqual([...executables[0].read(name)]);
    expect([...executables[1].record("run")]).toEqual([...executables[0].record("run")]);
  });
});
