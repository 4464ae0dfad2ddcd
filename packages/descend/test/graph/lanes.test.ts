/** Many points side by side; oracle: the graph for each of them alone, in the reference interpreter. */

import { describe, expect, it } from "vitest";
import { gradient } from "../../src/autodiff/vjp.js";
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
  scatterAdd,
  slice,
  sum,
  ternary,
  transpose,
  unary,
} from "../../src/graph/build.js";
import { elementCount, type Node, topologicalOrder, validate } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { inLanes } from "../../src/graph/lanes.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { compile } from "../../src/wasm/compile.js";

const x = input("x", [2, 3]);
const y = input("y", [3]);
const shared = input("shared", [3]);
const lanes = 5;

/** Indices beyond both ends, between whole numbers, and none. */
const indices = binary("sub", binary("mul", y, constant(2)), constant(1));

const graphs: Record<string, Node> = {
  "elementwise operations on single and shared numbers": binary("mul", unary("exp", y), binary("add", shared, constant([1, 2, 3]))),
  "a broadcast of what has lanes": binary("sub", x, broadcast(y, [2, 3])),
  "sums and largest elements": binary("add", sum(x, [0]), reduceMax(x, [0])),
  "a sum of all": sum(x),
  views: transpose(concat([reshape(slice(x, 1, 0, 2), [4]), slice(shared, 0, 1, 3)])),
  "a transposed matrix": transpose(x),
  "a table with lanes at shared places": gather(x, constant([1, 0, 1])),
  "a table with lanes at places with lanes": gather(x, indices),
  "a shared table at places with lanes": gather(reshape(shared, [3, 1]), indices),
  "values with lanes added at shared places": scatterAdd(constant([1, 1, 0]), y, 2),
  "values with lanes added at places with lanes": scatterAdd(indices, binary("mul", y, y), 3),
  "a matrix times a vector": dot(x, y, [[1, 0]]),
  "a shared vector times a matrix": dot(shared, x, [[0, 1]]),
  "products of rows": dot(x, x, [[1, 1]]),
  "products along an axis both have": dot(x, x, [[1, 1]], [[0, 0]]),
  "a choice": ternary("select", binary("less", y, shared), y, constant(7)),
  "what depends on nothing with lanes": binary("mul", shared, constant(2)),
};

const draw = (seed: number, length: number): Float64Array => Float64Array.from({ length }, (_, i) => 3 * threefryUniform(seed, 0, i) - 1);

/** Values of lane l of an array with lanes. */
const lane = (values: ArrayLike<number>, l: number): number[] =>
  Array.from({ length: values.length / lanes }, (_, i) => values[i * lanes + l]!);

function compare(node: Node): void {
  const wide = new Map([
    ["x", input("x", [2, 3, lanes])],
    ["y", input("y", [3, lanes])],
  ]);
  const [together] = inLanes([node], lanes, wide) as [Node];
  validate([together]);
  expect(together.shape).toEqual([...node.shape, lanes]);
  const inputs = { x: draw(1, 6 * lanes), y: draw(2, 3 * lanes), shared: draw(3, 3) };
  const [all] = evaluate([together], { inputs });
  const size = elementCount(together.shape);
  const executable = compile({
    dtype: "float64",
    cells: [
      ...[...wide.values(), shared].map((cell) => ({ name: cell.op === "input" ? cell.attributes.name : "", shape: cell.shape })),
      { name: "out", shape: together.shape },
    ],
    procedures: [{ name: "run", writes: [{ cell: "out", node: together }] }],
  });
  for (const [name, values] of Object.entries(inputs)) executable.write(name, values);
  executable.run("run");
  expect(executable.read("out").length).toBe(size);
  for (let l = 0; l < lanes; l++) {
    const single = { x: lane(inputs.x, l), y: lane(inputs.y, l), shared: inputs.shared };
    const [alone] = evaluate([node], { inputs: single });
    for (const [i, value] of lane(all!, l).entries()) expect(value).toBeCloseTo(alone![i]!, 13);
    for (const [i, value] of lane(executable.read("out"), l).entries()) expect(value).toBeCloseTo(alone![i]!, 13);
  }
}

describe("a graph in lanes", () => {
  it.each(Object.entries(graphs))("gives each lane what the graph gives for it alone: %s", (_, node) => {
    compare(node);
  });

  it.each(Object.entries(graphs).filter(([, node]) => topologicalOrder([node]).includes(y)))("and so do its derivatives: %s", (_, node) => {
    const [derivative] = gradient(sum(binary("mul", node, node)), [y]);
    compare(derivative!);
  });
});
