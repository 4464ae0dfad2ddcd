/** Oracle: the interpreter. */

import { describe, expect, it } from "vitest";
import { binary, constant, element, input } from "../../../src/graph/build.js";
import { interpretProgram } from "../../../src/graph/interpret.js";
import type { Program } from "../../../src/graph/program.js";
import { compile } from "../../../src/wasm/compile.js";

describe("comparisons with a maximum", () => {
  it("hold if every operand passes, constants among them", () => {
    const x = input("x", [4]);
    const largest = (limit: number) => binary("max", binary("max", element(x, 0), constant(limit)), element(x, 1));
    const nodes = [
      binary("less", largest(1), element(x, 2)),
      binary("lessEqual", largest(5), constant(5)),
      binary("less", largest(5), constant(5)),
    ];
    const program: Program = {
      dtype: "float64",
      cells: [{ name: "x", shape: [4] }, { name: "passes", shape: [] }, ...nodes.map((_, k) => ({ name: `r${k}`, shape: [] }))],
      procedures: [
        {
          name: "p",
          writes: nodes.map((node, k) => ({ cell: `r${k}`, node })),
          repeat: {
            require: [binary("less", largest(1), constant(Number.POSITIVE_INFINITY))],
            stop: [binary("less", constant(9), largest(1))],
          },
        },
      ],
    };
    const [compiled, interpreted] = [compile(program), interpretProgram(program)];
    for (const values of [
      [0, 0, 2, 0],
      [0, 0, 1, 0],
      [9, 0, 9.5, 0],
      [Number.NaN, 0, 1, 0],
      [0, Number.POSITIVE_INFINITY, 1, 0],
      [0, 10, 1, 0],
    ]) {
      for (const executable of [compiled, interpreted]) executable.write("x", values);
      expect(compiled.run("p", 2)).toEqual(interpreted.run("p", 2));
      for (const k of nodes.keys()) expect(compiled.read(`r${k}`)[0], `${values} ${k}`).toBe(interpreted.read(`r${k}`)[0]);
    }
  });
});
