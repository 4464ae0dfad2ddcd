import { afterEach, describe, expect, it, vi } from "vitest";
import {
  binary,
  broadcast,
  constant,
  dot,
  element,
  gather,
  input,
  reduceMax,
  rowIndex,
  sum,
  ternary,
  unary,
} from "../../../src/graph/build.js";
import { elementCount, type Node, ROWS, type Shape } from "../../../src/graph/graph.js";
import { interpretProgram } from "../../../src/graph/interpret.js";
import type { DType, Program } from "../../../src/graph/program.js";
import { compile } from "../../../src/wasm/compile.js";
import { Choices, fill, firstDifference } from "../random-program.js";

const WIDTH = 18;
const ROWS_OF_TABLE = 300;

/** Layers of one form, each with weights of its own: what they compute of an array [m, WIDTH], and the sums of each layer. */
function layers(count: number, x: Node, place: (h: Node) => Node): { readonly outputs: Node[]; readonly statics: Map<string, Shape> } {
  const statics = new Map<string, Shape>([["scales", [count]]]);
  const outputs: Node[] = [];
  let h = x;
  for (let layer = 0; layer < count; layer++) {
    const weights = input(`w${layer}`, [WIDTH, WIDTH]);
    const bias = input(`b${layer}`, [WIDTH]);
    statics.set(`w${layer}`, weights.shape).set(`b${layer}`, bias.shape);
    // A number and a truth that no loop changes, and a part that is looked up.
    const scale = element(input("scales", [count]), layer);
    const isSmall = binary("less", scale, constant(0.5));
    const product = binary("add", dot(h, weights, [[1, 0]]), bias);
    const scaled = binary("mul", product, scale);
    const cut = binary("max", ternary("select", broadcast(isSmall, scaled.shape), scaled, unary("neg", product)), constant(-0.25));
    h = binary("add", binary("sub", cut, unary("floor", cut)), place(bias));
    outputs.push(sum(h, [0]), reduceMax(binary("mul", h, h)));
  }
  return { outputs: [...outputs, h], statics };
}

/** A table of rows with {@link layers} over them, or one array of as many rows as a table would have. */
function program(count: number, dtype: DType, overRows: boolean): { readonly program: Program; readonly statics: Map<string, Shape> } {
  const shape = [overRows ? ROWS : 37, WIDTH];
  const index = overRows ? rowIndex() : input("index", [37]);
  const place = (bias: Node): Node => broadcast(expand(gather(bias, index)), shape);
  const { outputs, statics } = layers(count, input("x", shape), place);
  if (!overRows) statics.set("x", shape).set("index", [37]);
  // The last layer itself is written only where it has no rows.
  const written = overRows ? outputs.slice(0, -1) : outputs;
  return {
    statics,
    program: {
      dtype,
      cells: [
        ...(overRows ? [{ name: "x", shape }] : []),
        ...[...statics].map(([name, shape]) => ({ name, shape })),
        ...written.map((node, i) => ({ name: `result${i}`, shape: node.shape })),
      ],
      procedures: [
        {
          name: "p",
          writes: written.map((node, i) => ({ cell: `result${i}`, node })),
          ...(overRows ? { rows: { start: constant(3), count: constant(290) } } : {}),
        },
      ],
    },
  };
}

/** [m] as [m, 1]. */
function expand(x: Node): Node {
  return dot(x, constant([1]), []);
}

/** Runs a program in both executors; the first place where a result differs, if any. */
function difference(count: number, dtype: DType, overRows: boolean): string | undefined {
  const { program: source, statics } = program(count, dtype, overRows);
  const executables = [interpretProgram(source), compile(source, { simplify: false })] as const;
  for (const executable of executables) {
    const c = new Choices(7);
    if (overRows) {
      executable.allocateRows(ROWS_OF_TABLE);
      executable.writeRows("x", fill(c, ROWS_OF_TABLE * WIDTH, "ordinary"));
    }
    for (const [name, shape] of statics) executable.write(name, fill(c, elementCount(shape), "ordinary"));
    executable.run("p");
  }
  for (const { cell } of source.procedures[0]!.writes) {
    const [expected, got] = [executables[0].read(cell), executables[1].read(cell)];
    const i = firstDifference(expected, got);
    if (i >= 0) return `${cell}[${i}]: expected ${expected[i]}, got ${got[i]}`;
  }
  return undefined;
}

/** Bytes of the module of a program. */
function moduleBytes(count: number, overRows: boolean): number {
  const compiled = vi.spyOn(WebAssembly, "Module");
  // With options of its own: what was compiled before is not compiled again.
  compile(program(count, "float64", overRows).program, { simplify: false, recordCapacity: 1 });
  return (compiled.mock.lastCall![0] as Uint8Array).length;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each([
  ["over rows", true],
  ["of arrays", false],
] as const)("equal layers %s", (_, overRows) => {
  it.each(["float64", "float32"] as const)("compute what each alone would, in %s (oracle: the interpreter)", (dtype) => {
    for (const count of [1, 2, 3, 7]) expect(difference(count, dtype, overRows)).toBeUndefined();
  });

  it("share their code: a layer more takes a few calls (oracle: the size of one layer)", () => {
    const [one, eight, sixteen] = [1, 8, 16].map((count) => moduleBytes(count, overRows)) as [number, number, number];
    expect((sixteen - eight) / 8).toBeLessThan(one / 4);
  });
});
