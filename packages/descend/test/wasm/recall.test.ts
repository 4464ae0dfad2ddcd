import { afterEach, describe, expect, it } from "vitest";
import { binary, constant, input, unary } from "../../src/graph/build.js";
import { type Node, ROWS } from "../../src/graph/graph.js";
import type { Program } from "../../src/graph/program.js";
import { compile } from "../../src/wasm/compile.js";
import { programKey } from "../../src/wasm/recall.js";
import { randomProgram } from "./random-program.js";

const { Module } = WebAssembly;
afterEach(() => {
  WebAssembly.Module = Module;
});

/** Modules that the engine compiles meanwhile. */
function modulesMade(body: () => void): number {
  let made = 0;
  WebAssembly.Module = new Proxy(Module, {
    construct(target, args: [BufferSource]) {
      made++;
      return new target(...args);
    },
  });
  body();
  WebAssembly.Module = Module;
  return made;
}

/** total ← total + f(x), until it exceeds 100. */
function counting(f: (x: Node) => Node, changes: Partial<Program> = {}): Program {
  const total = input("total", []);
  const next = binary("add", total, f(input("x", [])));
  return {
    dtype: "float64",
    cells: [
      { name: "x", shape: [] },
      { name: "total", shape: [] },
    ],
    procedures: [
      { name: "add", writes: [{ cell: "total", node: next }], repeat: { require: [], stop: [binary("less", constant(100), next)] } },
    ],
    ...changes,
  };
}
const scaled =
  (by: number) =>
  (x: Node): Node =>
    binary("mul", x, constant(by));

describe("compiling a program again", () => {
  it("makes no other module, and memory of its own that holds 0", () => {
    const [first, second] = [1.25, 1.25].map((by) => {
      const ready = compile(counting(scaled(by)));
      expect(ready.read("total")[0]).toBe(0);
      ready.write("x", [2]);
      ready.run("add", 3);
      return ready;
    });
    expect([first!.read("total")[0], second!.read("total")[0]]).toEqual([7.5, 7.5]);
    first!.run("add", 1);
    expect([first!.read("total")[0], second!.read("total")[0]]).toEqual([10, 7.5]);
    expect(modulesMade(() => compile(counting(scaled(1.25))))).toBe(0);
    expect(modulesMade(() => compile(counting(scaled(1.5))))).toBe(1);
  });

  it("makes one if many others came between", () => {
    expect(modulesMade(() => compile(counting(scaled(1.75))))).toBe(1);
    for (let i = 2; i < 40; i++) compile(counting(scaled(i)));
    expect(modulesMade(() => compile(counting(scaled(1.75))))).toBe(1);
  });

  it("makes one where literals are long, or rows are streamed", () => {
    const long = (x: Node): Node => binary("mul", x, constant(new Float64Array(40_000).fill(1), [40_000]));
    const program = (): Program => ({
      dtype: "float64",
      cells: [
        { name: "x", shape: [40_000] },
        { name: "y", shape: [40_000] },
      ],
      procedures: [{ name: "p", writes: [{ cell: "y", node: long(input("x", [40_000])) }] }],
    });
    compile(program());
    expect(modulesMade(() => compile(program()))).toBe(1);
    expect(programKey(counting(scaled(1), { streamed: true }), {})).toBeUndefined();
  });
});

describe("the key of a program", () => {
  const base = counting(scaled(1));
  const { writes, repeat } = base.procedures[0]!;
  const withProcedure = (changes: object): Program => ({ ...base, procedures: [{ ...base.procedures[0]!, ...changes }] });
  const different: Readonly<Record<string, [Program, object?]>> = {
    itself: [base],
    "another factor": [counting(scaled(2))],
    "0": [counting(scaled(0))],
    "-0": [counting(scaled(-0))],
    "∞": [counting(scaled(Number.POSITIVE_INFINITY))],
    "-∞": [counting(scaled(Number.NEGATIVE_INFINITY))],
    NaN: [counting(scaled(Number.NaN))],
    "another function": [counting((x) => unary("exp", x))],
    "a difference": [counting((x) => binary("sub", x, constant(1)))],
    "the opposite difference": [counting((x) => binary("sub", constant(1), x))],
    float32: [counting(scaled(1), { dtype: "float32" })],
    "another cell": [counting(scaled(1), { cells: [...base.cells, { name: "y", shape: [2] }] })],
    "a longer cell": [counting(scaled(1), { cells: [...base.cells, { name: "y", shape: [3] }] })],
    "rows in a cell": [counting(scaled(1), { cells: [...base.cells, { name: "y", shape: [ROWS] }] })],
    "another name": [withProcedure({ name: "sum" })],
    "no repetition": [withProcedure({ repeat: undefined })],
    "a requirement in place of a stop": [withProcedure({ repeat: { require: repeat!.stop, stop: [] } })],
    "a record": [withProcedure({ repeat: { ...repeat, record: [writes[0]!.node] } })],
    "an urgent write": [withProcedure({ writes: [{ ...writes[0]!, urgent: true }] })],
    "no simplification": [base, { simplify: false }],
    "other tiles": [base, { tileRows: 256 }],
    "more workers": [base, { workers: 2 }],
  };

  it("is the same for equal programs only", () => {
    const keys = Object.values(different).map(([program, options = {}]) => programKey(program, options));
    expect(keys.map((key) => Object.keys(different)[keys.indexOf(key)])).toEqual(Object.keys(different));
    expect(programKey(counting(scaled(1)), {})).toBe(programKey(base, {}));
  });

  it("tells random programs apart and knows them again", () => {
    const keys = new Map<string, number>();
    for (let seed = 0; seed < 300; seed++) {
      const [key, again] = [0, 1].map(() => programKey(randomProgram(seed, seed % 2 === 1).program, {}));
      expect(again).toBe(key);
      if (key === undefined) continue;
      expect([seed, keys.get(key)]).toEqual([seed, undefined]);
      keys.set(key, seed);
    }
  });
});
