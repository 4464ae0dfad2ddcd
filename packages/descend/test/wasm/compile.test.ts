import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  binary,
  broadcast,
  concat,
  constant,
  dot,
  element,
  input,
  reduceMax,
  reshape,
  scatterAdd,
  slice,
  stack,
  sum,
  ternary,
  transpose,
  unary,
} from "../../src/graph/build.js";
import { elementCount, type Node } from "../../src/graph/graph.js";
import { interpretProgram } from "../../src/graph/interpret.js";
import type { DType, Program } from "../../src/graph/program.js";
import { type CompileOptions, compile } from "../../src/wasm/compile.js";
import { Choices, type Filling, fill, fillCells, firstDifference, randomProgram } from "./random-program.js";

const fillings: readonly Filling[] = ["whole", "ordinary", "special"];

/** Compares compiled and interpreted results of a random program bit for bit; returns what differs. */
function differences(seed: number, rows: boolean, options: CompileOptions = {}): string[] {
  const random = randomProgram(seed, rows);
  const interpreted = interpretProgram(random.program);
  const compiled = compile(random.program, { simplify: false, ...options });
  fillCells(seed + 1, random, [interpreted, compiled], fillings[seed % 3]!);
  interpreted.run("p");
  compiled.run("p");
  return random.results.flatMap(({ name }) => {
    const [expected, got] = [interpreted.read(name), compiled.read(name)];
    const i = firstDifference(expected, got);
    return i < 0 ? [] : [`seed ${seed}, ${name}[${i}]: expected ${expected[i]}, got ${got[i]}`];
  });
}

/** Runs one procedure that computes `nodes` from cells filled with ordinary numbers, by both executors. */
function both(
  nodes: readonly Node[],
  cells: Readonly<Record<string, readonly number[]>>,
  dtype: DType,
  options: CompileOptions = {},
): [ArrayLike<number>, ArrayLike<number>][] {
  const program: Program = {
    dtype,
    cells: [
      ...Object.entries(cells).map(([name, shape]) => ({ name, shape })),
      ...nodes.map((node, i) => ({ name: `result${i}`, shape: node.shape })),
    ],
    procedures: [{ name: "p", writes: nodes.map((node, i) => ({ cell: `result${i}`, node })) }],
  };
  const interpreted = interpretProgram(program);
  const compiled = compile(program, { simplify: false, ...options });
  const c = new Choices(1);
  for (const [name, shape] of Object.entries(cells)) {
    const values = fill(c, elementCount(shape), "ordinary");
    for (const executable of [interpreted, compiled]) executable.write(name, values);
  }
  for (const executable of [interpreted, compiled]) executable.run("p");
  return nodes.map((_, i) => [interpreted.read(`result${i}`), compiled.read(`result${i}`)]);
}

function expectSameBits(pairs: readonly [ArrayLike<number>, ArrayLike<number>][]): void {
  for (const [expected, got] of pairs) expect([...Array.from(got)]).toEqual([...Array.from(expected)]);
}

const dtypes: readonly DType[] = ["float64", "float32"];

describe("a compiled graph without rows", () => {
  it("has the bits of the interpreter on random graphs (oracle: the interpreter)", () => {
    fc.assert(
      fc.property(fc.nat(1e6), (seed) => {
        expect(differences(seed, false)).toEqual([]);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it.each(dtypes)("adds in the documented order, whatever the length and the axes, in %s (oracle: the interpreter)", (dtype) => {
    for (const n of [17, 18, 19, 20, 33, 100, 257]) {
      const x = input("x", [n]);
      const m = input("m", [n, 5]);
      const t = input("t", [3, n]);
      expectSameBits(
        both(
          [
            sum(x),
            sum(binary("mul", x, x)),
            sum(m, [0]),
            sum(m, [1]),
            sum(t, [1]),
            sum(t),
            sum(transpose(t)),
            reduceMax(m, [0]),
            reduceMax(t),
          ],
          { x: [n], m: [n, 5], t: [3, n] },
          dtype,
        ),
      );
    }
  });

  it.each(dtypes)("multiplies matrices of all shapes and orders of axes in %s (oracle: the interpreter)", (dtype) => {
    for (const [m, k, n] of [
      [1, 20, 1],
      [3, 17, 5],
      [20, 1, 20],
      [33, 40, 29],
      [64, 64, 64],
      [5, 300, 31],
    ] as const) {
      const a = input("a", [m, k]);
      const b = input("b", [k, n]);
      const c = input("c", [n, k]);
      expectSameBits(both([dot(a, b, [[1, 0]]), dot(a, c, [[1, 1]]), dot(b, a, [[0, 1]])], { a: [m, k], b: [k, n], c: [n, k] }, dtype));
    }
  });

  it.each(dtypes)("computes parts of concatenations in place and reads slices of them in %s (oracle: the interpreter)", (dtype) => {
    const x = input("x", [40]);
    const y = input("y", [7, 3]);
    const joined = concat([
      unary("neg", x),
      reshape(binary("mul", y, constant(2)), [21]),
      stack([sum(x), element(x, 3)]),
      slice(x, 0, 5, 9),
    ]);
    const twice = concat([joined, binary("add", joined, joined)]);
    expectSameBits(both([joined, twice, slice(twice, 0, 38, 64), reshape(slice(twice, 0, 0, 64), [8, 8])], { x: [40], y: [7, 3] }, dtype));
  });

  it("stores a view of an array without moving what others read (oracle: the interpreter)", () => {
    const x = input("x", [2, 3, 4]);
    const turned = transpose(x, [1, 0, 2]);
    const total = element(sum(turned, [0, 2]), 0);
    for (const nodes of [
      [total, turned],
      [turned, total],
    ])
      expectSameBits(both(nodes, { x: [2, 3, 4] }, "float64"));
  });

  it("adds products from left to right also beside sums in lanes (oracle: the interpreter)", () => {
    const x = input("x", [33]);
    const square = dot(x, x, []);
    const nodes = [dot(sum(square, [0]), square, [[0, 0]]), sum(unary("neg", square), [1])];
    for (const dtype of dtypes) expectSameBits(both(nodes, { x: [33] }, dtype));
  });

  it("adds scattered values in the order of their indices, however these lie in memory, and none to an empty array (oracle: the interpreter)", () => {
    const [x, w, empty] = [input("x", [3, 33]), input("w", [2]), input("e", [2, 9, 0])];
    const product = transpose(dot(x, w, []), [1, 2, 0]);
    const nodes = [scatterAdd(product, product, 14), scatterAdd(sum(empty, [2]), empty, 23)];
    expectSameBits(both(nodes, { x: [3, 33], w: [2], e: [2, 9, 0] }, "float32"));
  });

  it("broadcasts small arrays along loops (oracle: the interpreter)", () => {
    const small = input("small", [1, 6]);
    const column = input("column", [9, 1]);
    const large = input("large", [9, 6]);
    const scaled = binary("mul", binary("add", large, broadcast(small, [9, 6])), broadcast(column, [9, 6]));
    expectSameBits(
      both(
        [scaled, sum(scaled, [1]), binary("sub", scaled, broadcast(reshape(reduceMax(scaled, [1]), [9, 1]), [9, 6]))],
        { small: [1, 6], column: [9, 1], large: [9, 6] },
        "float64",
      ),
    );
  });

  it("keeps NaN and signs of zero in conditions (oracle: the interpreter)", () => {
    const condition = input("condition", [20]);
    const nodes = [
      ternary("select", condition, constant(1), constant(-0)),
      ternary("select", binary("less", condition, constant(0)), condition, unary("neg", condition)),
    ];
    const program: Program = {
      dtype: "float64",
      cells: [{ name: "condition", shape: [20] }, ...nodes.map((node, i) => ({ name: `result${i}`, shape: node.shape }))],
      procedures: [{ name: "p", writes: nodes.map((node, i) => ({ cell: `result${i}`, node })) }],
    };
    const executables = [interpretProgram(program), compile(program)];
    const values = Array.from({ length: 20 }, (_, i) => [0, -0, Number.NaN, 1, -1][i % 5]!);
    for (const executable of executables) {
      executable.write("condition", values);
      executable.run("p");
    }
    for (let i = 0; i < nodes.length; i++)
      expect(firstDifference(executables[0]!.read(`result${i}`), executables[1]!.read(`result${i}`))).toBe(-1);
  });

  it("gives nearly the same values when graphs are simplified (oracle: the interpreter; 1e-12 relative to the largest, for reordered rounding)", () => {
    const x = input("x", [50]);
    const y = binary("add", binary("mul", x, constant(3)), binary("mul", constant(3), x));
    for (const [expected, got] of both([sum(y), binary("sub", y, x)], { x: [50] }, "float64", { simplify: true })) {
      const scale = Math.max(...Array.from(expected, Math.abs));
      Array.from(expected).forEach((value, i) => {
        expect(Math.abs(got[i]! - value)).toBeLessThanOrEqual(1e-12 * scale);
      });
    }
  });
});

describe("a compiled sweep over rows", () => {
  it("has the bits of the interpreter on random graphs, batches and numbers of workers (oracle: the interpreter)", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.integer({ min: 1, max: 4 }), (seed, workers) => {
        expect(differences(seed, true, { workers })).toEqual([]);
      }),
      { numRuns: 150, seed: 2 },
    );
  });
});
