import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CompileError, OptionError } from "../../src/errors.js";
import { binary, constant, dot, input, sum, unary } from "../../src/graph/build.js";
import { type Node, ROWS } from "../../src/graph/graph.js";
import { interpretProgram } from "../../src/graph/interpret.js";
import { elementwisePrimitives } from "../../src/graph/primitives.js";
import type { Program } from "../../src/graph/program.js";
import { compile } from "../../src/wasm/compile.js";
import { mathOps } from "../../src/wasm/math/library.js";
import { Choices, fill } from "./random-program.js";

const tableProgram: Program = {
  dtype: "float32",
  cells: [
    { name: "a", shape: [ROWS] },
    { name: "b", shape: [ROWS, 2, 3] },
    { name: "total", shape: [] },
    { name: "x", shape: [30] },
  ],
  procedures: [
    {
      name: "run",
      rows: { start: constant(0), count: constant(100) },
      writes: [
        { cell: "total", node: sum(input("a", [ROWS])) },
        { cell: "x", node: binary("add", input("x", [30]), constant(1)) },
      ],
      repeat: { require: [], stop: [], record: [input("total", [])] },
    },
  ],
};

describe("an executable", () => {
  it("gives back the rows that were written, in any pieces (oracle: the definition)", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 400 }), (first, count) => {
        const executable = compile(tableProgram);
        executable.allocateRows(800);
        const values = Float32Array.from({ length: count * 6 }, (_, i) => i + 1);
        executable.writeRows("b", values, first);
        const expected = new Float32Array(800 * 6);
        expected.set(values, first * 6);
        expect(executable.read("b")).toEqual(expected);
        expect(executable.read("a").every((value) => value === 0)).toBe(true);
      }),
      { numRuns: 25, seed: 3 },
    );
  });

  it("grows memory only for rows, and never while it runs (oracle: the size of its memory)", () => {
    const executable = compile(tableProgram);
    executable.allocateRows(100_000);
    const bytes = executable.memory.buffer.byteLength;
    for (let k = 0; k < 5; k++) executable.run("run", 50);
    expect(executable.memory.buffer.byteLength).toBe(bytes);
    executable.allocateRows(10);
    expect(executable.memory.buffer.byteLength).toBe(bytes);
    expect(executable.read("x")[29]).toBe(250);
  });

  it("forgets the old table when rows are allocated (oracle: the definition)", () => {
    const executable = compile(tableProgram);
    executable.allocateRows(100);
    executable.writeRows("a", new Float32Array(100).fill(2));
    executable.run("run");
    expect(executable.read("total")[0]).toBe(200);
    executable.allocateRows(100);
    executable.run("run");
    expect(executable.read("total")[0]).toBe(0);
  });

  it("refuses more passes than it can record (oracle: the contract)", () => {
    const executable = compile(tableProgram, { recordCapacity: 7 });
    expect(executable.recordCapacity("run")).toBe(7);
    expect(executable.run("run", 7).passes).toBe(7);
    expect(() => executable.run("run", 8)).toThrow(OptionError);
  });

  it("says how much memory is missing (oracle: the contract)", () => {
    const memoryLimit = 2 ** 20;
    const program: Program = { dtype: "float64", cells: [{ name: "x", shape: [200_000] }], procedures: [] };
    const failure = (action: () => unknown): CompileError<"MEMORY_EXCEEDED"> => {
      try {
        action();
      } catch (error) {
        if (error instanceof CompileError && error.code === "MEMORY_EXCEEDED") return error as CompileError<"MEMORY_EXCEEDED">;
      }
      throw new Error("expected MEMORY_EXCEEDED");
    };
    expect(failure(() => compile(program, { memoryLimit })).details.bytes).toBeGreaterThan(1_600_000);
    expect(failure(() => compile(tableProgram, { memoryLimit }).allocateRows(1e6)).details.limit).toBeLessThanOrEqual(memoryLimit);
  });

  it("uses a shared memory if asked (oracle: the kind of its buffer)", () => {
    const executable = compile(tableProgram, { sharedMemory: true, memoryLimit: 2 ** 24 });
    expect(executable.memory.buffer).toBeInstanceOf(SharedArrayBuffer);
    executable.allocateRows(100);
    executable.writeRows("a", new Float32Array(100).fill(1));
    executable.run("run");
    expect(executable.read("total")[0]).toBe(100);
  });
});

describe("an elementary function in a program", () => {
  const unaryNames = Object.entries(mathOps)
    .filter(([, { arity }]) => arity === 1)
    .map(([name]) => name as Extract<keyof typeof mathOps, "exp">);

  it.each(unaryNames)(
    "%s has the same bits as a scalar, in a long array and in rows (oracle: each other), near the host's (1e-12)",
    (op) => {
      const n = 21;
      const apply = (x: Node): Node => unary(op, x);
      const program: Program = {
        dtype: "float64",
        cells: [
          { name: "long", shape: [n] },
          { name: "short", shape: [5] },
          { name: "column", shape: [ROWS] },
          { name: "ofLong", shape: [n] },
          { name: "ofShort", shape: [5] },
          { name: "ofColumn", shape: [ROWS] },
        ],
        procedures: [
          {
            name: "p",
            rows: { start: constant(0), count: constant(n) },
            writes: [
              { cell: "ofLong", node: apply(input("long", [n])) },
              { cell: "ofShort", node: apply(input("short", [5])) },
              { cell: "ofColumn", node: apply(input("column", [ROWS])) },
            ],
          },
        ],
      };
      const executable = compile(program);
      const values = fill(new Choices(3), n, "ordinary").map((value) => value / 4.1);
      executable.allocateRows(n);
      executable.write("long", values);
      executable.write("short", values.subarray(0, 5));
      executable.writeRows("column", values);
      executable.run("p");
      const long = [...executable.read("ofLong")];
      expect([...executable.read("ofColumn")]).toEqual(long);
      expect([...executable.read("ofShort")]).toEqual(long.slice(0, 5));
      long.forEach((value, i) => {
        const host = elementwisePrimitives[op].apply(values[i]!, 0, 0);
        if (Number.isNaN(host)) expect(value).toBeNaN();
        else expect(Math.abs(value - host)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(host)));
      });
    },
  );

  it("shares one function among programs' matrix products of one shape (oracle: the interpreter)", () => {
    const a = input("a", [32, 32]);
    const product = dot(dot(a, a, [[1, 0]]), a, [[1, 0]]);
    const program: Program = {
      dtype: "float64",
      cells: [
        { name: "a", shape: [32, 32] },
        { name: "c", shape: [32, 32] },
      ],
      procedures: [{ name: "p", writes: [{ cell: "c", node: product }] }],
    };
    const executables = [interpretProgram(program), compile(program, { simplify: false })] as const;
    for (const executable of executables) {
      executable.write("a", fill(new Choices(1), 1024, "ordinary"));
      executable.run("p");
    }
    expect([...executables[1].read("c")]).toEqual([...executables[0].read("c")]);
  });
});
