import { describe, expect, it } from "vitest";
import { elementCount, type Node, topologicalOrder } from "../../src/graph/graph.js";
import { interpretProgram } from "../../src/graph/interpret.js";
import { procedureOutputs } from "../../src/graph/program.js";
import { compileScalars } from "../../src/wasm/compile-scalars.js";
import { type Filling, fillCells, firstDifference, randomProgram } from "./random-program.js";

const fillings: readonly Filling[] = ["whole", "ordinary", "special"];
/** Scalars and products of a program, up to which writing them all out is tried. */
const MOST = 1500;

function work({ inputs, shape }: Node): number {
  return elementCount(shape) + (inputs.length === 2 ? elementCount(inputs[0]!.shape) * elementCount(inputs[1]!.shape) : 0);
}

describe("compileScalars", () => {
  it("computes random programs without rows as the interpreter does, bit for bit", () => {
    let compared = 0;
    for (let seed = 0; seed < 400; seed++) {
      const random = randomProgram(seed, false);
      const nodes = topologicalOrder(random.program.procedures.flatMap(procedureOutputs));
      if (nodes.reduce((total, node) => total + work(node), 0) > MOST) continue;
      compared++;
      const interpreted = interpretProgram(random.program);
      const compiled = compileScalars(random.program, { simplify: false });
      fillCells(seed + 1, random, [interpreted, compiled], fillings[seed % 3]!);
      interpreted.run("p");
      compiled.run("p");
      for (const { name } of random.results) {
        const [expected, got] = [interpreted.read(name), compiled.read(name)];
        const i = firstDifference(expected, got);
        expect(i < 0 ? "" : `seed ${seed}, ${name}[${i}]: expected ${expected[i]}, got ${got[i]}`).toBe("");
      }
    }
    expect(compared).toBeGreaterThan(30);
  });

  it("refuses a program with rows as a defect", () => {
    const { program } = randomProgram(3, true);
    expect(() => compileScalars(program)).toThrow(expect.objectContaining({ code: "INTERNAL" }));
  });
});
