import { describe, expect, it } from "vitest";
import { binary, constant, input, sum, unary } from "../../src/graph/build.js";
import {
  elementCount,
  formatShape,
  hasRows,
  makeNode,
  type Node,
  ROWS,
  rewrite,
  sameShape,
  substitute,
  topologicalOrder,
  validate,
} from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";

describe("shapes as values", () => {
  it("are counted, compared and written (oracle: written out by hand)", () => {
    expect(elementCount([])).toBe(1);
    expect(elementCount([ROWS, 2, 3])).toBe(6);
    expect(elementCount([2, 0])).toBe(0);
    expect(formatShape([])).toBe("scalar");
    expect(formatShape([ROWS, 3])).toBe("[rows, 3]");
    expect(sameShape([1, 2], [1, 2])).toBe(true);
    expect(sameShape([1], [1, 1])).toBe(false);
    expect(hasRows(input("t", [ROWS]))).toBe(true);
    expect(hasRows(input("v", [2]))).toBe(false);
  });
});

describe("walking a graph", () => {
  const x = input("x", []);
  const y = unary("exp", x);
  const z = binary("mul", y, y);

  it("visits operands before readers and each node once (oracle: written out by hand)", () => {
    expect(topologicalOrder([z, y])).toEqual([x, y, z]);
  });

  it("walks graphs deeper than the stack (oracle: counting)", () => {
    let deep: Node = x;
    for (let i = 0; i < 200000; i++) deep = unary("sin", deep);
    expect(topologicalOrder([deep]).length).toBe(200001);
  });

  it("rewrites with operands already replaced, and leaves the old graph alone (oracle: values before and after)", () => {
    const image = rewrite([z], (node, inputs) =>
      node.op === "exp" ? unary("neg", inputs[0]!) : node.op === "mul" ? binary("mul", inputs[0]!, inputs[1]!) : node,
    );
    const bindings = { inputs: { x: [3] } };
    expect([...evaluate([image.get(z)!], bindings)[0]!]).toEqual([9]);
    expect(evaluate([z], bindings)[0]![0]).toBeCloseTo(Math.exp(6), 9);
  });

  it("substitutes inputs by name and shares what does not change (oracle: identity and values)", () => {
    const w = input("w", []);
    const both = binary("add", z, unary("cos", w));
    const [replaced] = substitute([both], new Map([["w", constant(0)]]));
    expect(replaced!.inputs[0]).toBe(z);
    expect(evaluate([replaced!], { inputs: { x: [0] } })[0]![0]).toBe(2);
  });
});

describe("validating a graph", () => {
  it("accepts what the constructors make and names what breaks the rules", () => {
    const t = input("t", [ROWS, 2]);
    expect(() => validate([sum(t)])).not.toThrow();
    expect(() => validate([makeNode("neg", [t], [2, ROWS], {})])).toThrow(expect.objectContaining({ code: "INTERNAL" }));
    expect(() => validate([makeNode("neg", [t], [1.5], {})])).toThrow(expect.objectContaining({ code: "INTERNAL" }));
  });
});
