/** Operations on concatenations, part by part; oracle: the graph as it was, in the reference interpreter. */

import { describe, expect, it } from "vitest";
import { binary, broadcast, concat, constant, input, reshape, slice, sum, ternary, unary } from "../../src/graph/build.js";
import { byParts } from "../../src/graph/by-parts.js";
import { elementCount, type Node, topologicalOrder, validate } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { threefryUniform } from "../../src/numeric/random.js";

const x = input("x", [5]);
const y = input("y", [5, 2]);
const head = unary("exp", slice(x, 0, 0, 2));
const tail = unary("sqrt", slice(x, 0, 2, 5));
const pair = concat([head, tail]);

const rule = (gradient: Node, state: Node): Node => binary("sub", state, binary("mul", constant(0.1), gradient));
const rows = concat([slice(y, 0, 0, 1), binary("mul", slice(y, 0, 1, 5), constant(3))]);

const graphs: Record<string, { readonly node: Node; readonly parts: number }> = {
  "a rule on a gradient of two parts": { node: rule(pair, x), parts: 2 },
  "a rule that reads a gradient twice": {
    node: ternary("select", binary("less", pair, x), unary("neg", pair), binary("mul", pair, pair)),
    parts: 2,
  },
  "one number for all elements": { node: binary("mul", pair, broadcast(sum(x), [5])), parts: 2 },
  "parts that are matrices": { node: binary("div", y, rows), parts: 2 },
  "a norm of the whole beside it": { node: binary("div", pair, unary("sqrt", sum(binary("mul", pair, pair)))), parts: 2 },
  "parts of other lengths, of which the first count": {
    node: binary("add", pair, concat([slice(x, 0, 0, 4), reshape(sum(x), [1])])),
    parts: 2,
  },
  "no concatenation": { node: rule(unary("exp", x), x), parts: 0 },
  "a concatenation along another axis": { node: unary("neg", concat([y, y], 1)), parts: 0 },
  "more parts than are worth it": {
    node: unary("neg", concat(Array.from({ length: 20 }, (_, i) => slice(x, 0, i % 5, (i % 5) + 1)))),
    parts: 0,
  },
};

const draw = (seed: number, length: number): Float64Array => Float64Array.from({ length }, (_, i) => 3 * threefryUniform(seed, 0, i) + 0.1);
const inputs = new Map([
  ["x", draw(1, 5)],
  ["y", draw(2, 10)],
]);

describe("byParts", () => {
  it.each(Object.entries(graphs))("computes the same bits: %s", (_, { node, parts }) => {
    const [apart] = byParts([node]) as [Node];
    validate([apart]);
    expect(apart.shape).toEqual(node.shape);
    const values = (graph: Node): number[] => [...evaluate([graph], { inputs })[0]!];
    expect(values(apart).length).toBe(elementCount(node.shape));
    expect(values(apart)).toEqual(values(node));
    if (parts === 0) expect(apart).toBe(node);
    else expect([apart.op, apart.inputs.length]).toEqual(["concat", parts]);
  });

  it("makes a part once for all outputs that read it", () => {
    const momentum = binary("add", binary("mul", constant(0.9), x), pair);
    const outputs = byParts([momentum, rule(momentum, x)]);
    const heads = topologicalOrder(outputs).filter(({ op }) => op === "exp");
    expect(heads).toEqual([head]);
    expect(outputs[1]!.inputs[0]!.inputs[1]!.inputs[1]).toBe(outputs[0]!.inputs[0]);
  });
});
