import { describe, expect, it } from "vitest";
import { formats } from "../../../src/wasm/format.js";
import { spreadFactor } from "../../../src/wasm/lower/spread-factor.js";
import { type Value, ValueGraph } from "../../../src/wasm/lower/value.js";

const values = new ValueGraph(formats.float64);
const [x, y, z] = [values.variable(), values.variable(), values.variable()];
const c = (value: number): Value => values.constant(value);
const { mul, add, sub } = Object.fromEntries(
  (["mul", "add", "sub"] as const).map((op) => [op, (a: Value, b: Value): Value => values.binary(op, a, b)]),
) as Record<"mul" | "add" | "sub", (a: Value, b: Value) => Value>;

/** The number a value stands for. */
function evaluate(value: Value): number {
  const [a, b] = value.args.map(evaluate);
  if (value.op === "constant") return value.constant;
  if (value.op === "variable") return [1.1, -2.3, 0.7][value.constant]!;
  return value.op === "mul" ? a! * b! : value.op === "add" ? a! + b! : a! - b!;
}

describe("spreadFactor", () => {
  it("puts a factor into literals and into what is known first, so that it is not waited for", () => {
    const t = sub(y, mul(x, x));
    const slope = add(mul(mul(c(-400), x), t), mul(c(-2), sub(c(1), x)));
    expect(spreadFactor(values, mul(c(-0.5), slope))).toBe(add(mul(mul(c(200), x), t), mul(c(1), sub(c(1), x))));
    expect(spreadFactor(values, mul(c(-0.5), mul(c(200), t)))).toBe(mul(c(-100), t));
    expect(spreadFactor(values, mul(mul(x, t), c(3)))).toBe(mul(mul(c(3), x), t));
  });

  it("leaves alone what would not be known sooner, or costs too much", () => {
    const many = [x, y, z, mul(x, x), mul(y, y)].map((term) => mul(c(3), term)).reduce(add);
    for (const value of [mul(c(2), x), mul(c(2), add(x, y)), add(mul(c(2), x), y), mul(c(2), many)]) {
      expect(spreadFactor(values, value)).toBe(value);
    }
  });

  it("changes values by rounding only (oracle: the sum evaluated as it was)", () => {
    const value = mul(c(-0.003), sub(mul(mul(c(7), x), add(y, mul(z, z))), mul(c(0.1), add(x, mul(y, z)))));
    const spread = spreadFactor(values, value);
    expect(spread).not.toBe(value);
    expect(Math.abs(evaluate(spread) / evaluate(value) - 1)).toBeLessThan(8 * 2 ** -53);
  });
});
