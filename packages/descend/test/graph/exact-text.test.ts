import { describe, expect, it } from "vitest";
import { binary, constant, input, sum, unary } from "../../src/graph/build.js";
import { exactText } from "../../src/graph/exact-text.js";
import type { Node } from "../../src/graph/graph.js";

/** Oracle: graphs that are known to be equal or not. */
describe("the exact text of a graph", () => {
  const product = (): Node => {
    const x = input("x", [3]);
    return sum(binary("mul", unary("exp", x), x));
  };

  it("does not depend on when its nodes were made", () => {
    const x = input("x", [3]);
    const late = unary("exp", x);
    expect(exactText(sum(binary("mul", late, x)))).toBe(exactText(product()));
    // The operands the other way round in time
    const first = input("x", []);
    const [a, b] = [unary("sin", first), unary("cos", first)];
    const again = input("x", []);
    const cos = unary("cos", again);
    const sin = unary("sin", again);
    expect(exactText(binary("sub", sin, cos))).toBe(exactText(binary("sub", a, b)));
    expect(exactText(binary("sub", cos, sin))).not.toBe(exactText(binary("sub", a, b)));
  });

  it("leaves no number out", () => {
    const scaled = (values: number[]): string =>
      exactText(binary("mul", input("x", [values.length]), constant(Float64Array.from(values), [values.length])));
    const values = Array.from({ length: 50 }, (_, i) => i / 3);
    expect(scaled(values)).not.toBe(scaled(values.with(40, 40 / 3 + 2 ** -48)));
    expect(exactText(constant(-0))).not.toBe(exactText(constant(0)));
  });

  it("takes a line for a node, however often it is used and however deep it lies", () => {
    let node = input("x", []);
    for (let i = 0; i < 20_000; i++) node = binary("mul", node, node);
    expect(exactText(node).split("\n").length).toBe(20_001);
  });
});
