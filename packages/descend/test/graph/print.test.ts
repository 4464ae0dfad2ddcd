import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gradient } from "../../src/autodiff/vjp.js";
import { binary, constant, dot, element, input, slice, sum, unary } from "../../src/graph/build.js";
import { parseFormula } from "../../src/graph/formula.js";
import { type Node, ROWS } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { type ExpressionStyle, formatExpression, printGraph } from "../../src/graph/print.js";

const scalars = new Map(["x", "y", "z"].map((name) => [name, input(name, [])]));
const build = (text: string): Node => parseFormula(text, { params: ["x", "y", "z"] }).build(scalars);
const tidy = (text: string, style: ExpressionStyle = {}): string => formatExpression(build(text), style);

describe("printing a graph", () => {
  it("gives a line a node with operands, attributes and shape (oracle: written out by hand)", () => {
    const x = input("x", [ROWS, 3]);
    const w = input("w", [3]);
    const residual = binary("sub", dot(x, w, [[1, 0]]), constant(0.5));
    const loss = sum(binary("mul", residual, residual));
    expect(printGraph([loss, slice(w, 0, 1, 3)], ["loss", "tail"])).toBe(
      [
        "%0 = input x : [rows, 3]",
        "%1 = input w : [3]",
        "%2 = dot %0 %1 contract=1·0 : [rows]",
        "%3 = sub %2 0.5 : [rows]",
        "%4 = mul %3 %3 : [rows]",
        "%5 = sum %4 axes=0 : scalar",
        "%6 = slice %1 axis=0 1:3 : [2]",
        "loss = %5",
        "tail = %6",
      ].join("\n"),
    );
  });

  it("writes short constants inline and long ones by their shape", () => {
    const text = printGraph([binary("add", binary("add", input("v", [2]), constant([1, -0])), constant(2)), constant([1, 2, 3, 4, 5])]);
    expect(text).toContain("%1 = add %0 [1, -0] : [2]");
    expect(text).toContain("%2 = add %1 2 : [2]");
    expect(text).toContain("output 1 = constant[5]");
  });
});

describe("writing an expression", () => {
  // Oracle: the usual notation.
  it.each([
    ["x*x", "x²"],
    ["x*x*x", "x³"],
    ["x^2 + 2y^2 + 2x y", "x² + 2·x·y + 2·y²"],
    ["-x^2", "−x²"],
    ["(x+y)^2", "(x + y)²"],
    ["2(x+y)", "2·(x + y)"],
    ["x - (y - z)", "x − y + z"],
    ["x + x", "2·x"],
    ["x - x", "0"],
    ["3x - 5x", "−2·x"],
    ["x/3 + x/6", "x/2"],
    ["2x/3", "2·x/3"],
    ["x/y/z", "x/(y·z)"],
    ["1/x^2", "1/x²"],
    ["x^2/x", "x"],
    ["(1-x)^2 + 100(y-x^2)^2", "(1 − x)² + 100·(y − x²)²"],
    ["x^y", "x^y"],
    ["(x+1)^(y+1)", "(x + 1)^(y + 1)"],
    ["x^0.5", "x^0.5"],
    ["x^-0.5", "1/x^0.5"],
    ["2^x", "2^x"],
    ["sin(x)^2", "sin(x)²"],
    ["exp(-x/2)", "exp(−x/2)"],
    ["x < y ? x : 0", "if((x < y), x, 0)"],
    ["2 pi x", "2·π·x"],
    ["0.1 x", "0.1·x"],
    ["max(x, y, 1)", "max(max(x, y), 1)"],
    ["|x|", "abs(x)"],
    ["(x y)^2", "x²·y²"],
    ["(x^2)^3", "x⁶"],
    ["0 x", "0"],
  ])("%s is written %s", (formula, text) => {
    expect(tidy(formula)).toBe(text);
  });

  it("writes in ASCII on request", () => {
    expect(tidy("-x^2 + 2 pi y", { ascii: true })).toBe("2*pi*y - x^2");
  });

  it("names elements of vectors", () => {
    const p = input("params", [2]);
    const node = binary("sub", binary("mul", element(p, 0), element(p, 1)), unary("exp", element(p, 1)));
    expect(formatExpression(node)).toBe("params[0]·params[1] − exp(params[1])");
    expect(formatExpression(node, { elements: { params: ["a", "my b"] } })).toBe("a·`my b` − exp(`my b`)");
  });

  it("shows the gradient of x² + 2y² + 2xy as (2x + 2y, 2x + 4y)", () => {
    const [x, y] = [scalars.get("x")!, scalars.get("y")!];
    const texts = gradient(build("x^2 + 2y^2 + 2x y"), [x, y]).map((node) => formatExpression(node));
    expect(texts).toEqual(["2·x + 2·y", "2·x + 4·y"]);
  });

  it("shows the gradient of Rosenbrock's function", () => {
    const texts = gradient(build("(1-x)^2 + 100(y-x^2)^2"), [scalars.get("x")!, scalars.get("y")!]).map((node) => formatExpression(node));
    expect(texts).toEqual(["2·x − 400·x·(y − x²) − 2", "200·(y − x²)"]);
  });

  it("abbreviates parts that are too long, each by its own number", () => {
    let node = scalars.get("x")!;
    for (let i = 0; i < 40; i++) node = unary("sin", binary("add", node, binary("mul", node, constant(i + 2))));
    const text = formatExpression(node, { maxLength: 100 });
    expect(text.length).toBeLessThan(400);
    expect(text).toMatch(/%\d+/u);
  });

  it("means what it says: reading the text back gives the same function (oracle: values at a point)", () => {
    const leaf = fc.constantFrom("x", "y", "z", "1", "2", "0.5", "3", "pi");
    const { formula } = fc.letrec<{ formula: string }>((tie) => ({
      formula: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        leaf,
        fc.tuple(tie("formula"), fc.constantFrom("+", "-", "*", "/"), tie("formula")).map(([a, op, b]) => `(${a})${op}(${b})`),
        fc.tuple(fc.constantFrom("sin", "exp", "tanh", "-", "abs", "lgamma"), tie("formula")).map(([f, a]) => `${f}(${a})`),
        fc.tuple(tie("formula"), fc.constantFrom("2", "3", "-1", "0.5", "x")).map(([a, n]) => `(${a})^(${n})`),
        fc.tuple(tie("formula"), tie("formula"), tie("formula")).map(([a, b, c]) => `if((${a}) < (${b}), ${b}, ${c})`),
        fc.tuple(tie("formula"), tie("formula")).map(([a, b]) => `max(${a}, ${b})`),
      ),
    }));
    const at = { inputs: { x: [0.7], y: [-1.3], z: [2.1] } };
    let compared = 0;
    fc.assert(
      fc.property(formula, fc.boolean(), (text, ascii) => {
        const original = build(text);
        const written = formatExpression(original, { ascii });
        if (/NaN|Infinity/u.test(written)) return;
        const again = build(written);
        const [a, b] = evaluate([original, again], at).map((v) => v[0]!);
        // Rounding may flip a comparison and cancellation may eat digits; only well-conditioned values are compared.
        const parts = evaluate([original, build(text.replaceAll("pi", "3.1415926535897"))], at).map((v) => v[0]!);
        if (!Number.isFinite(a!) || Math.abs(parts[0]! - parts[1]!) > 1e-9 * Math.abs(a!) || Math.abs(a!) < 1e-3 || Math.abs(a!) > 1e6)
          return;
        compared++;
        expect(Math.abs(a! - b!), `${text} -> ${written}`).toBeLessThanOrEqual(1e-8 * Math.abs(a!));
      }),
      { numRuns: 800, seed: 5 },
    );
    expect(compared).toBeGreaterThan(250);
  });
});
