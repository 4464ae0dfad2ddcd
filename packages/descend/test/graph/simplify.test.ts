import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { vjp } from "../../src/autodiff/vjp.js";
import {
  binary,
  broadcast,
  concat,
  constant,
  dot,
  element,
  gather,
  input,
  reshape,
  rowCount,
  slice,
  sum,
  ternary,
  transpose,
  unary,
  uniformValue,
} from "../../src/graph/build.js";
import { formatShape, type Node, ROWS, sameShape, topologicalOrder, validate } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { simplify } from "../../src/graph/simplify.js";
import { bind, inputLength, ROW_COUNT, randomGraphs, randomValues } from "../autodiff/random-graph.js";

const rows = { start: 0, count: ROW_COUNT };
const x = input("x", [3]);
const y = input("y", [3]);
const s = input("s", []);
const table = input("t", [ROWS, 3]);
const column = input("r", [ROWS]);

/** `op(op(leaf), leaf)`: structure of a graph as text. */
function show(node: Node): string {
  switch (node.op) {
    case "input":
      return node.attributes.name;
    case "constant":
      return String(uniformValue(node) ?? `[${node.attributes.value}]`);
    case "broadcast":
      return show(node.inputs[0]!);
    default:
      return `${node.op}(${node.inputs.map(show).join(", ")})`;
  }
}
const simple = (node: Node): string => show(simplify([node])[0]!);

describe("simplify", () => {
  it("keeps values, gradients and shapes of random graphs, is valid, and changes nothing the second time (oracle: the graph itself)", () => {
    fc.assert(
      fc.property(randomGraphs(18), randomValues(inputLength), ({ inputs, output }, values) => {
        const outputs = [output, ...vjp([output], [constant(1, output.shape)], inputs)];
        const simplified = simplify(outputs);
        validate(simplified);
        simplified.forEach((node, i) => {
          expect(sameShape(node.shape, outputs[i]!.shape), `${formatShape(node.shape)} for ${formatShape(outputs[i]!.shape)}`).toBe(true);
        });
        expect(simplify(simplified)).toEqual(simplified);
        simplify(simplified).forEach((node, i) => {
          expect(node).toBe(simplified[i]);
        });
        expect(topologicalOrder(simplified).length).toBeLessThanOrEqual(topologicalOrder(outputs).length * 1.5 + 4);
        const before = evaluate(outputs, { inputs: bind(values), rows });
        const after = evaluate(simplified, { inputs: bind(values), rows });
        before.forEach((expected, i) => {
          const scale = Math.max(...expected.map(Math.abs), 0);
          if (!Number.isFinite(scale)) return;
          // The second term is for what cancels to rounding in one of the two forms, such as 1 − sigmoid(40).
          expected.forEach((e, j) => {
            expect(Math.abs(after[i]![j]! - e)).toBeLessThanOrEqual(1e-10 * scale + 1e-13);
          });
        });
      }),
      { numRuns: 400, seed: 21 },
    );
  });

  it("makes equal computations one node", () => {
    const twice = binary("add", unary("exp", binary("mul", x, y)), unary("exp", binary("mul", y, x)));
    expect(simple(twice)).toBe("mul(2, exp(mul(x, y)))");
    expect(simplify([unary("sin", input("x", [3])), unary("sin", x)]).map((node) => node.id)).toHaveLength(2);
    const [a, b] = simplify([unary("sin", input("x", [3])), unary("sin", x)]);
    expect(a).toBe(b);
  });

  it("folds literals, also arrays", () => {
    expect(simple(binary("mul", constant([1, 2, 3]), constant([2, 2, 2])))).toBe("[2,4,6]");
    expect(simple(transpose(constant([1, 2, 3, 4], [2, 2])))).toBe("[1,3,2,4]");
    expect(simple(element(constant([5, 6, 7]), 1))).toBe("6");
  });

  it("moves signs and literal factors outwards", () => {
    expect(simple(binary("add", x, unary("neg", y)))).toBe("sub(x, y)");
    expect(simple(binary("sub", x, unary("neg", y)))).toBe("add(x, y)");
    expect(simple(binary("mul", constant(2), binary("mul", constant(3), x)))).toBe("mul(6, x)");
    expect(simple(binary("mul", unary("neg", x), unary("neg", y)))).toBe("mul(x, y)");
    expect(simple(unary("neg", binary("mul", constant(2), x)))).toBe("mul(-2, x)");
    expect(simple(binary("div", x, constant(4)))).toBe("mul(x, 0.25)");
    expect(simple(binary("div", x, constant(3)))).toBe("div(x, 3)");
    expect(simple(binary("mul", y, binary("div", constant(1), x)))).toBe("div(y, x)");
  });

  it("does not reorder factors that could overflow, and keeps x − x and 0·x", () => {
    expect(simple(binary("mul", constant(1e200), binary("mul", constant(1e200), x)))).toBe("mul(1e+200, mul(1e+200, x))");
    expect(simple(binary("sub", x, x))).toBe("sub(x, x)");
    expect(simple(binary("mul", x, constant(0)))).toBe("mul(x, 0)");
  });

  it("recognizes logistic functions written out", () => {
    const one = constant(1);
    expect(simple(binary("div", one, binary("add", one, unary("exp", unary("neg", x)))))).toBe("sigmoid(x)");
    expect(simple(binary("div", unary("exp", x), binary("add", unary("exp", x), one)))).toBe("sigmoid(x)");
    expect(simple(unary("log", binary("add", one, unary("exp", x))))).toBe("softplus(x)");
    expect(simple(unary("log1p", unary("exp", unary("neg", x))))).toBe("softplus(neg(x))");
    expect(simple(unary("log", unary("sigmoid", x)))).toBe("neg(softplus(neg(x)))");
    expect(simple(unary("log", binary("sub", one, unary("sigmoid", x))))).toBe("neg(softplus(x))");
    expect(simple(unary("log", binary("add", one, x)))).toBe("log(add(1, x))");
    expect(simple(unary("log", sum(unary("exp", x))))).toBe("log(sum(exp(x)))");
  });

  it("looks through views", () => {
    const parts = concat([x, y, x]);
    expect(simple(slice(parts, 0, 3, 6))).toBe("y");
    expect(simple(slice(parts, 0, 4, 5))).toBe("slice(y)");
    expect(simple(slice(parts, 0, 0, 6))).toBe("concat(x, y)");
    expect(simple(transpose(transpose(input("m", [2, 3]))))).toBe("m");
    expect(simple(transpose(reshape(x, [1, 3])))).toBe("reshape(x)");
    expect(simple(concat([slice(x, 0, 0, 1), slice(x, 0, 1, 3)]))).toBe("x");
    expect(simple(gather(input("m", [2, 3]), constant(1)))).toBe("reshape(slice(m))");
    expect(simple(ternary("select", x, y, input("y", [3])))).toBe("y");
  });

  it("does repeated work once: a function of parameters inside rows is evaluated outside", () => {
    const inside = unary("exp", broadcast(s, [ROWS]));
    expect(simplify([binary("mul", inside, column)])[0]!.inputs[0]).toMatchObject({ op: "broadcast" });
    expect(simplify([inside])[0]!.inputs[0]).toMatchObject({ op: "exp", shape: [] });
  });

  it("turns sums of products into contractions where one operand lacks an axis", () => {
    const perRow = simplify([sum(binary("mul", table, x), [1])])[0]!;
    expect(perRow).toMatchObject({ op: "dot", shape: [ROWS] });
    expect(simple(sum(binary("mul", x, y)))).toBe("dot(x, y)");
    const gradient = simplify([sum(binary("mul", table, broadcast(reshape(column, [ROWS, 1]), [ROWS, 3])), [0])])[0]!;
    expect(gradient).toMatchObject({ op: "dot", shape: [3] });
    expect(simple(sum(binary("mul", column, column)))).toBe("sum(mul(r, r))");
    expect(simple(sum(binary("mul", unary("sin", x), unary("cos", x))))).toBe("sum(mul(sin(x), cos(x)))");
  });

  it("takes factors and repetitions out of sums", () => {
    expect(simple(sum(binary("mul", s, x)))).toBe("mul(sum(x), s)");
    expect(simple(sum(broadcast(s, [ROWS])))).toBe("mul(rowCount(), s)");
    expect(simple(sum(constant(2, [5])))).toBe("10");
    expect(simple(sum(binary("div", column, rowCount())))).toBe("div(sum(r), rowCount())");
    expect(simple(dot(table, binary("mul", constant(3), binary("mul", column, binary("div", constant(1), rowCount()))), [[0, 0]]))).toMatch(
      /^mul\(.*dot\(t, r\)\)$/,
    );
  });

  it("folds transposes into contractions", () => {
    const m = input("m", [4, 3]);
    expect(simple(dot(transpose(m), x, [[0, 0]]))).toBe("dot(m, x)");
    expect(simple(transpose(dot(m, input("k", [3, 2]), [[1, 0]])))).toBe("dot(k, m)");
  });

  it("takes time and memory linear in the nodes: 100 000 of them end as expected", () => {
    let node: Node = s;
    for (let i = 0; i < 50_000; i++) node = unary("sin", binary("add", node, constant(i)));
    expect(topologicalOrder(simplify([node])).length).toBe(topologicalOrder([node]).length);
    const doubled: Node[] = [];
    for (let i = 0; i < 20_000; i++) doubled.push(binary("mul", element(input("v", [20_000]), i), constant(2)));
    expect(topologicalOrder(simplify([concat(doubled.map((part) => reshape(part, [1])))])).length).toBeLessThanOrEqual(100_000);
  });
});
