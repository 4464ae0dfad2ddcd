import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { jvp } from "../../src/autodiff/jvp.js";
import { elementwiseRules } from "../../src/autodiff/rules/elementwise.js";
import { trigamma } from "../../src/autodiff/rules/trigamma.js";
import { gradient, vjp } from "../../src/autodiff/vjp.js";
import { binary, constant, elementwise, input, sum, ternary, unary } from "../../src/graph/build.js";
import type { BinaryOp, ElementwiseOp, Node, UnaryOp } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { elementwisePrimitives } from "../../src/graph/primitives.js";

const x = input("x", []);
const y = input("y", []);
const at = (node: Node, inputs: Record<string, number>): number =>
  evaluate([node], { inputs: Object.fromEntries(Object.entries(inputs).map(([k, v]) => [k, [v]])) })[0]![0]!;

/** Derivative in closed form, and where to try it. */
const unaryTable: Partial<Record<UnaryOp, [derivative: (x: number) => number, low: number, high: number]>> = {
  neg: [() => -1, -5, 5],
  abs: [Math.sign, -5, 5],
  sign: [() => 0, 0.01, 5],
  floor: [() => 0, 0.01, 0.99],
  ceil: [() => 0, 0.01, 0.99],
  trunc: [() => 0, -0.99, 0.99],
  stopGradient: [() => 0, -1, 1],
  sqrt: [(t) => 0.5 / Math.sqrt(t), 0.01, 9],
  exp: [Math.exp, -5, 5],
  expm1: [Math.exp, -5, 5],
  log: [(t) => 1 / t, 0.01, 9],
  log1p: [(t) => 1 / (1 + t), -0.9, 9],
  sin: [Math.cos, -5, 5],
  cos: [(t) => -Math.sin(t), -5, 5],
  tan: [(t) => 1 / Math.cos(t) ** 2, -1.4, 1.4],
  asin: [(t) => 1 / Math.sqrt(1 - t * t), -0.99, 0.99],
  acos: [(t) => -1 / Math.sqrt(1 - t * t), -0.99, 0.99],
  atan: [(t) => 1 / (1 + t * t), -5, 5],
  sinh: [Math.cosh, -3, 3],
  cosh: [Math.sinh, -3, 3],
  tanh: [(t) => 1 / Math.cosh(t) ** 2, -3, 3],
  sigmoid: [(t) => Math.exp(-t) / (1 + Math.exp(-t)) ** 2, -8, 8],
  softplus: [(t) => 1 / (1 + Math.exp(-t)), -8, 8],
  erf: [(t) => (2 / Math.sqrt(Math.PI)) * Math.exp(-t * t), -3, 3],
  lgamma: [(t) => elementwisePrimitives.digamma.apply(t, 0, 0), 0.1, 9],
};

const binaryTable: Record<BinaryOp, [da: (a: number, b: number) => number, db: (a: number, b: number) => number]> = {
  add: [() => 1, () => 1],
  sub: [() => 1, () => -1],
  mul: [(_, b) => b, (a) => a],
  div: [(_, b) => 1 / b, (a, b) => -a / (b * b)],
  pow: [(a, b) => b * a ** (b - 1), (a, b) => a ** b * Math.log(a)],
  atan2: [(a, b) => b / (a * a + b * b), (a, b) => -a / (a * a + b * b)],
  min: [(a, b) => (a < b ? 1 : 0), (a, b) => (b < a ? 1 : 0)],
  max: [(a, b) => (a > b ? 1 : 0), (a, b) => (b > a ? 1 : 0)],
  less: [() => 0, () => 0],
  lessEqual: [() => 0, () => 0],
  equal: [() => 0, () => 0],
};

const close = (got: number, expected: number, digits = 13): void => {
  expect(Math.abs(got - expected), `${got} for ${expected}`).toBeLessThanOrEqual(10 ** -digits * Math.max(1, Math.abs(expected)));
};
const central = (f: (t: number) => number, t: number): number => {
  const h = 6e-6 * Math.max(1, Math.abs(t));
  return (f(t + h) - f(t - h)) / (2 * h);
};
const within = (low: number, high: number): fc.Arbitrary<number> => fc.double({ min: low, max: high, noNaN: true });

describe("derivatives of elementwise primitives", () => {
  it("exist for every primitive, one partial an operand", () => {
    for (const [op, { arity }] of Object.entries(elementwisePrimitives))
      expect(elementwiseRules[op as ElementwiseOp], op).toHaveLength(arity);
  });

  for (const [op, [derivative, low, high]] of Object.entries(unaryTable) as [UnaryOp, [(x: number) => number, number, number]][]) {
    it(`${op}: closed form and central differences`, () => {
      const [backward] = gradient(unary(op, x), [x]);
      const [forward] = jvp([unary(op, x)], [x], [constant(1)]);
      fc.assert(
        fc.property(within(low, high), (t) => {
          if (op === "abs" && t === 0) return;
          close(at(backward!, { x: t }), derivative(t), 12);
          close(at(forward!, { x: t }), derivative(t), 12);
          const { apply } = elementwisePrimitives[op];
          if (op !== "stopGradient" && Math.abs(t) > 1e-4)
            close(
              at(backward!, { x: t }),
              central((s) => apply(s, 0, 0), t),
              5,
            );
        }),
        { numRuns: 50, seed: 51 },
      );
    });
  }

  for (const [op, [da, db]] of Object.entries(binaryTable) as [BinaryOp, (typeof binaryTable)[BinaryOp]][]) {
    it(`${op}: closed form and central differences in both operands`, () => {
      const node = binary(op, x, y);
      const [ga, gb] = gradient(node, [x, y]);
      const { apply } = elementwisePrimitives[op];
      fc.assert(
        fc.property(within(0.1, 4), within(0.1, 4), fc.boolean(), (a, b0, negative) => {
          const b = negative ? -b0 : b0;
          if (Math.abs(a - b) < 1e-3) return;
          close(at(ga!, { x: a, y: b }), da(a, b), 12);
          close(at(gb!, { x: a, y: b }), db(a, b), 12);
          const scale = Math.max(1, Math.abs(apply(a, b, 0)));
          close(at(ga!, { x: a, y: b }) / scale, central((t) => apply(t, b, 0), a) / scale, 5);
          close(at(gb!, { x: a, y: b }) / scale, central((t) => apply(a, t, 0), b) / scale, 5);
        }),
        { numRuns: 50, seed: 52 },
      );
    });
  }

  it("a branch that is not taken does not spoil the gradient, wherever its own derivative is infinite or undefined (oracle: the other branch)", () => {
    const where = (condition: Node, a: Node, b: Node): Node => ternary("select", condition, a, b);
    const isZero = binary("equal", x, constant(0));
    const sinc = where(isZero, constant(1), binary("div", unary("sin", x), x));
    expect(at(gradient(sinc, [x])[0]!, { x: 0 })).toBe(0);
    close(at(gradient(sinc, [x])[0]!, { x: 2 }), Math.cos(2) / 2 - Math.sin(2) / 4);
    const positive = binary("less", constant(0), x);
    const cases: [Node, (t: number) => number][] = [
      [unary("log", x), (t) => 1 / t],
      [binary("mul", unary("log", x), unary("sqrt", x)), (t) => (1 + Math.log(t) / 2) / Math.sqrt(t)],
      [binary("pow", x, constant(1.5)), (t) => 1.5 * Math.sqrt(t)],
      [binary("pow", x, binary("add", x, constant(0))), (t) => t ** t * (1 + Math.log(t))],
      [unary("exp", binary("div", constant(1), unary("sqrt", x))), (t) => -0.5 * t ** -1.5 * Math.exp(1 / Math.sqrt(t))],
    ];
    for (const [branch, derivative] of cases) {
      const [g] = gradient(where(positive, branch, binary("mul", constant(3), x)), [x]);
      expect(at(g!, { x: -4 }), branch.op).toBe(3);
      close(at(g!, { x: 2 }), derivative(2), 12);
      expect(at(gradient(g!, [x])[0]!, { x: -4 }), `${branch.op} twice`).toBe(0);
      expect(at(jvp([g!], [x], [constant(1)])[0]!, { x: -4 }), `${branch.op} forward over reverse`).toBe(0);
    }
  });

  it("an operand that min or max did not choose does not spoil the gradient (oracle: the other operand)", () => {
    const floor = binary("max", x, constant(0));
    expect(at(gradient(unary("sqrt", floor), [x])[0]!, { x: -4 })).toBe(0);
    expect(at(gradient(unary("sqrt", floor), [x])[0]!, { x: 4 })).toBe(0.25);
    for (const op of ["max", "min"] as const) {
      const sign = op === "max" ? 1 : -1;
      const log = binary("mul", constant(sign), unary("log", x));
      const bounded = binary("add", binary(op, log, constant(sign * -5)), binary("mul", constant(3), x));
      expect(at(gradient(bounded, [x])[0]!, { x: 0 })).toBe(3);
      expect(at(gradient(bounded, [x])[0]!, { x: 0.5 })).toBe(3 + sign * 2);
      expect(at(jvp([gradient(bounded, [x])[0]!], [x], [constant(1)])[0]!, { x: 0.5 })).toBe(sign * -4);
    }
  });

  it("numbers that are none in a branch not taken do not spoil the gradient (oracle: the other branch)", () => {
    const positive = binary("less", constant(0), x);
    for (const none of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const [g] = gradient(ternary("select", positive, binary("mul", x, constant(none)), binary("mul", constant(3), x)), [x]);
      expect(at(g!, { x: -4 })).toBe(3);
    }
  });

  it("select sends the derivative to the chosen branch only, also where the other is infinite", () => {
    const root = ternary("select", binary("less", constant(0), x), unary("sqrt", x), binary("mul", constant(3), x));
    const [g] = gradient(root, [x]);
    expect(at(g!, { x: 4 })).toBe(0.25);
    expect(at(g!, { x: -4 })).toBe(3);
    const [other] = gradient(ternary("select", y, x, constant(7)), [x]);
    expect(at(other!, { x: 1, y: 0 })).toBe(0);
  });

  it("random numbers, whole numbers and comparisons have derivative 0", () => {
    const [g] = gradient(elementwise("random", [x, y, x]), [x]);
    expect(g).toMatchObject({ op: "constant", attributes: { value: 0 } });
  });

  it("at kinks follow PyTorch: |x|′(0) = 0, ties of min and max share evenly (oracle: PyTorch's documented conventions)", () => {
    expect(at(gradient(unary("abs", x), [x])[0]!, { x: 0 })).toBe(0);
    for (const op of ["min", "max"] as const) {
      const [ga, gb] = gradient(binary(op, x, y), [x, y]);
      expect(at(ga!, { x: 2, y: 2 })).toBe(0.5);
      expect(at(gb!, { x: 2, y: 2 })).toBe(0.5);
    }
  });

  it("powers are safe at base 0: no logarithm for a literal exponent, 0 where the limit is 0", () => {
    const literal = gradient(binary("pow", x, constant(2.5)), [x])[0]!;
    expect(at(literal, { x: 0 })).toBe(0);
    const [ga, gb] = gradient(binary("pow", x, y), [x, y]);
    expect(at(ga!, { x: 0, y: 3 })).toBe(0);
    expect(at(gb!, { x: 0, y: 3 })).toBe(0);
    expect(at(ga!, { x: 0, y: 0 })).toBe(0);
    expect(at(gb!, { x: 0, y: 0 })).toBe(0);
    expect(at(gradient(binary("pow", constant(2), y), [y])[0]!, { y: 3 })).toBeCloseTo(8 * Math.LN2, 12);
    const cube = gradient(gradient(binary("pow", x, constant(3)), [x])[0]!, [x])[0]!;
    expect(at(cube, { x: 0 })).toBe(0);
  });

  it("logistic functions stay finite far out (oracle: limits)", () => {
    for (const [op, low, high] of [
      ["sigmoid", 0, 0],
      ["softplus", 0, 1],
      ["tanh", 0, 0],
    ] as const) {
      const [g] = gradient(unary(op, x), [x]);
      const [second] = gradient(g!, [x]);
      for (const big of [50, 800, 1e300]) {
        close(at(g!, { x: -big }), low);
        close(at(g!, { x: big }), high);
        close(at(second!, { x: big }), 0);
      }
    }
  });

  it("cotangents of shared operands add up (oracle: (x·x)′ = 2x)", () => {
    const v = input("v", [3]);
    const [g] = gradient(sum(binary("mul", v, v)), [v]);
    expect([...evaluate([g!], { inputs: { v: [1, -2, 3] } })[0]!]).toEqual([2, -4, 6]);
    const [through] = vjp([binary("add", v, v)], [v], [v]);
    expect([...evaluate([through!], { inputs: { v: [1, -2, 3] } })[0]!]).toEqual([2, -4, 6]);
  });
});

describe("trigamma", () => {
  /** ψ′ and ψ″ from 45-digit arithmetic (mpmath 1.3), rounded to double. */
  const certified: [x: number, first: number, second: number][] = [
    [0.1, 101.43329915079276, -2001.861457378344],
    [0.5, 4.934802200544679, -16.82879664423432],
    [1, 1.6449340668482264, -2.4041138063191885],
    [2.5, 0.49035775610023485, -0.2362040516417274],
    [7, 0.15354517795933756, -0.023530472985855238],
    [30, 0.033895060357739946, -0.0011487652037286],
    [1e6, 1.0000005000001667e-6, -1.0000010000005e-12],
    [-0.5, 8.934802200544679, -0.82879664423432],
    [-2.3, 14.725912160961279, 68.71379252927017],
    [-7.9, 103.23693140003877, -1998.6737828651533],
  ];

  it("has 14 digits for positive numbers and 13 by reflection, and so has its derivative within one digit", () => {
    const node = trigamma(x);
    const [derivative] = gradient(node, [x]);
    for (const [t, first, second] of certified) {
      expect(Math.abs(at(node, { x: t }) / first - 1), String(t)).toBeLessThan(t > 0 ? 1e-14 : 1e-13);
      expect(Math.abs(at(derivative!, { x: t }) / second - 1), String(t)).toBeLessThan(t > 0 ? 1e-13 : 2e-12);
    }
    expect(at(node, { x: 0 })).toBe(Number.POSITIVE_INFINITY);
  });

  it("is the derivative of digamma, so lgamma has second derivatives", () => {
    const [first] = gradient(unary("lgamma", x), [x]);
    const [second] = gradient(first!, [x]);
    expect(at(second!, { x: 2.5 })).toBeCloseTo(0.4903577561002349, 14);
  });
});
