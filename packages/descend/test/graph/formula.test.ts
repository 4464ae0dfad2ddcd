import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { constant, input, sum } from "../../src/graph/build.js";
import { type FormulaOptions, parseFormula } from "../../src/graph/formula.js";
import { formulaFunctions, formulaFunctionsByName } from "../../src/graph/formula-functions.js";
import { ROWS } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";

function value(text: string, at: Record<string, number> = {}, options: FormulaOptions = {}): number {
  const formula = parseFormula(text, options);
  const node = formula.build(new Map(Object.keys(at).map((name) => [name, input(name, [])])));
  return evaluate([node], { inputs: Object.fromEntries(Object.entries(at).map(([name, v]) => [name, [v]])) })[0]![0]!;
}

const variables = (text: string, options: FormulaOptions = {}): readonly string[] => parseFormula(text, options).variables;
const failure = (text: string, options: FormulaOptions = {}): { code: string; details: Record<string, unknown>; message: string } => {
  try {
    parseFormula(text, options);
  } catch (error) {
    return error as never;
  }
  throw new Error(`${text} was understood`);
};

// Oracle of every line: the same expression in JavaScript.
describe("the arithmetic of formulas", () => {
  const x = 1.7;
  const y = -0.6;
  const r = 2.5;
  it.each<[string, number]>([
    ["1 + 2*3", 7],
    ["2^3^2", 512],
    ["2**3", 8],
    ["-x^2", -(x ** 2)],
    ["(-x)^2", x ** 2],
    ["2^-x", 2 ** -x],
    ["2^-x^2", 2 ** -(x ** 2)],
    ["--x", x],
    ["-+-x", x],
    ["x - -y", x + y],
    ["x - y - 1", x - y - 1],
    ["8/4/2", 1],
    ["x/y*2", (x / y) * 2],
    ["(1-x)^2 + 100(y-x^2)^2", (1 - x) ** 2 + 100 * (y - x ** 2) ** 2],
    ["2x", 2 * x],
    ["2 x", 2 * x],
    ["x y", x * y],
    ["2x^2", 2 * x ** 2],
    ["(x)(y)", x * y],
    ["(x+1)(y+1)", (x + 1) * (y + 1)],
    ["x(y+1)", x * (y + 1)],
    ["1/2x", 0.5 * x],
    ["1/2 x", 0.5 * x],
    ["2^3x", 8 * x],
    ["3sin(x)", 3 * Math.sin(x)],
    ["2 pi r", 2 * Math.PI * r],
    ["2πr", 2 * Math.PI * r],
    ["π r²", Math.PI * r * r],
    ["e^x", Math.E ** x],
    ["tau", 2 * Math.PI],
    ["2e3", 2000],
    ["2e", 2 * Math.E],
    ["1e-2x", 0.01 * x],
    [".5x", 0.5 * x],
    ["3.", 3],
    ["|y|", 0.6],
    ["2|y|", 1.2],
    ["|x-|y||", Math.abs(x - 0.6)],
    ["||y|-1|", 0.4],
    ["|x||y|", x * 0.6],
    ["|(|y|+1)|", 1.6],
    ["|x|+|y|", x + 0.6],
    ["√x", Math.sqrt(x)],
    ["√x²", x],
    ["√(x+1)", Math.sqrt(x + 1)],
    ["2√x", 2 * Math.sqrt(x)],
    ["√2x", Math.SQRT2 * x],
    ["∛8", 2],
    ["x²", x * x],
    ["x³y", x ** 3 * y],
    ["x⁻¹", 1 / x],
    ["x¹⁰", x ** 10],
    ["2x²", 2 * x * x],
    ["sin²(x)", Math.sin(x) ** 2],
    ["sin^2(x)+cos^2(x)", 1],
    ["sin(x)^2", Math.sin(x) ** 2],
    ["x × y", x * y],
    ["x·y", x * y],
    ["x ÷ y", x / y],
    ["x − y", x - y],
    ["（x＋1）＊2", (x + 1) * 2],
    ["x＾2／3", x ** 2 / 3],
    ["max（x，y）", x],
    ["[x+{y-1}]*2", (x + (y - 1)) * 2],
    ["x < y ? 1 : 2", 2],
    ["x > y ? 1 : 2", 1],
    ["if(x >= y, x, y)", x],
    ["x ≤ y", 0],
    ["x ≥ y", 1],
    ["x != y", 1],
    ["x ≠ x", 0],
    ["x == x", 1],
    ["0 < x < 1", 0],
    ["0 < x < 2", 1],
    ["x < 0 || y < 0", 1],
    ["x < 0 && y < 0", 0],
    ["x < 0 or y < 0", 1],
    ["x < 0 and y < 0", 0],
    ["!(x < y)", 1],
    ["not (x < y)", 1],
    ["x<0 ? 1 : y<0 ? 2 : 3", 2],
    ["(x<2)x", x],
    ["min(3, x, y)", y],
    ["max(3, x, y)", 3],
    ["hypot(3, 4)", 5],
    ["log(8, 2)", 3],
    ["ln(x)", Math.log(x)],
    ["lg(100)", 2],
    ["mod(-1, 3)", 2],
    ["round(2.5)", 3],
    ["clamp(5, 0, 1)", 1],
    ["atan2(y, x)", Math.atan2(y, x)],
    ["arcsin(y)", Math.asin(y)],
  ])("%s", (text, expected) => {
    const at = Object.fromEntries(variables(text).map((name) => [name, { x, y, r }[name]!]));
    expect(value(text, at)).toBeCloseTo(expected, 12);
  });

  it.each<[string, (a: number, b: number) => number]>([
    ["exp", Math.exp],
    ["expm1", Math.expm1],
    ["log1p", Math.log1p],
    ["log2", Math.log2],
    ["log10", Math.log10],
    ["sqrt", Math.sqrt],
    ["cbrt", Math.cbrt],
    ["square", (a) => a * a],
    ["pow", (a, b) => a ** b],
    ["abs", Math.abs],
    ["sign", Math.sign],
    ["floor", Math.floor],
    ["ceil", Math.ceil],
    ["trunc", Math.trunc],
    ["sin", Math.sin],
    ["cos", Math.cos],
    ["tan", Math.tan],
    ["sec", (a) => 1 / Math.cos(a)],
    ["csc", (a) => 1 / Math.sin(a)],
    ["cot", (a) => 1 / Math.tan(a)],
    ["asin", Math.asin],
    ["acos", Math.acos],
    ["atan", Math.atan],
    ["sinh", Math.sinh],
    ["cosh", Math.cosh],
    ["tanh", Math.tanh],
    ["asinh", Math.asinh],
    ["acosh", (a) => Math.acosh(a)],
    ["atanh", Math.atanh],
    ["sigmoid", (a) => 1 / (1 + Math.exp(-a))],
    ["softplus", (a) => Math.log(1 + Math.exp(a))],
    ["relu", (a) => Math.max(a, 0)],
  ])("%s is the function of that name (oracle: JavaScript's Math)", (name, expected) => {
    const { most } = formulaFunctionsByName.get(name)!;
    for (const a of [-7.3, -0.9, -0.1, 0, 0.1, 0.9, 1, 7.3]) {
      const result = value(most === 1 ? `${name}(a)` : `${name}(a, b)`, most === 1 ? { a } : { a, b: 1.3 });
      const correct = expected(a, 1.3);
      if (Number.isFinite(correct)) expect(Math.abs(result - correct)).toBeLessThanOrEqual(8 * 2 ** -53 * Math.max(1, Math.abs(correct)));
      else expect(result).toBe(correct);
    }
  });
});

describe("the names of formulas", () => {
  it("lists variables in the order of first appearance", () => {
    expect(variables("b x + a + x")).toEqual(["b", "x", "a"]);
    expect(variables("pi e tau")).toEqual([]);
  });

  it("reads a run of letters as one name without a list, as a product with one", () => {
    expect(variables("xy")).toEqual(["xy"]);
    expect(variables("xy", { params: ["x", "y"] })).toEqual(["x", "y"]);
    expect(variables("xy", { params: ["x", "y", "xy"] })).toEqual(["xy"]);
    expect(value("2xsin(y)pix", { x: 3, y: 2 }, { params: ["x", "y"] })).toBeCloseTo(2 * 3 * Math.sin(2) * Math.PI * 3, 12);
    expect(variables("abc", { params: ["a", "ab", "c", "bc"] })).toEqual(["ab", "c"]);
  });

  it("takes Greek, Chinese, subscripts and quoted names", () => {
    expect(variables("α₁ + β_2 x₁₀")).toEqual(["α1", "β_2", "x10"]);
    expect(variables("价格 × 数量 ＋ 运费")).toEqual(["价格", "数量", "运费"]);
    expect(variables("x₁ + x_2 + x3", { params: ["x_1", "x2", "x₃"] })).toEqual(["x_1", "x2", "x₃"]);
    expect(variables("x1 + x_1", { params: ["x1", "x_1"] })).toEqual(["x1", "x_1"]);
    expect(variables("`Miles per Gallon`^2")).toEqual(["Miles per Gallon"]);
  });

  it("lets variables come before constants and constants before the built-in ones", () => {
    expect(value("e", { e: 5 }, { params: ["e"] })).toBe(5);
    expect(value("pi", {}, { constants: { pi: 3 } })).toBe(3);
    expect(value("k x", { x: 2 }, { constants: { k: 10 } })).toBe(20);
    expect(value("max + max(max, 3)", { max: 1 }, { params: ["max"] })).toBe(4);
  });

  it("builds with columns as with scalars (oracle: written out by hand)", () => {
    const { build } = parseFormula("(a x - y)^2");
    const node = sum(
      build(
        new Map([
          ["a", constant(2)],
          ["x", input("x", [ROWS])],
          ["y", input("y", [ROWS])],
        ]),
      ),
    );
    expect([...evaluate([node], { inputs: { x: [1, 2], y: [0, 1] } })[0]!]).toEqual([4 + 9]);
  });
});

describe("formulas that cannot be understood", () => {
  it.each<[string, number]>([
    ["", 0],
    ["1 +", 3],
    ["(x", 2],
    ["x)", 1],
    ["1 + * 2", 4],
    ["|x", 2],
    ["x 2", 2],
    ["2 3", 2],
    ["sin x", 4],
    ["sin", 3],
    ["hypot(x,", 8],
    ["x = 2", 2],
    ["a $ b", 2],
    ["1e999", 0],
    ["x ? 1", 5],
    ["sin^-1(x)", 4],
    ["(a, b)", 2],
    ["3..2", 2],
    ["x²²y)", 4],
  ])("%j is a syntax error at %i", (text, position) => {
    const { code, details, message } = failure(text);
    expect(code).toBe("FORMULA_SYNTAX");
    expect(details.position).toBe(position);
    expect(message).toMatch(/\n {2}.*\n {2} *\^$/u);
  });

  it("says which name was meant", () => {
    expect(failure("sine(x)")).toMatchObject({ code: "NAME_UNKNOWN", details: { name: "sine", nearest: "sin", position: 0 } });
    expect(failure("x + q", { params: ["x"] }).details).not.toHaveProperty("nearest");
    expect(failure("1 + wieght", { params: ["weight", "bias"] })).toMatchObject({
      code: "NAME_UNKNOWN",
      details: { name: "wieght", nearest: "weight", position: 4 },
    });
    expect(failure("slope(x)", { params: ["x"] })).toMatchObject({ code: "NAME_UNKNOWN", details: { name: "slope" } });
    expect(() => parseFormula("x + y").build(new Map([["x", constant(1)]]))).toThrow(expect.objectContaining({ code: "NAME_UNKNOWN" }));
  });

  it("counts arguments", () => {
    expect(failure("2 + atan2(x)")).toMatchObject({
      code: "ARGUMENT_COUNT",
      details: { name: "atan2", expected: "2", got: 1, position: 4 },
    });
    expect(failure("sin()")).toMatchObject({ code: "ARGUMENT_COUNT", details: { got: 0 } });
    expect(failure("log(1, 2, 3)")).toMatchObject({ code: "ARGUMENT_COUNT", details: { expected: "1 to 2" } });
  });

  it("marks the place under full-width text two columns a character", () => {
    const lines = failure("价格 + )").message.split("\n");
    expect(lines.at(-1)).toBe(`  ${" ".repeat(2 * 2 + 3)}^`);
  });

  it("refuses deep nesting and takes long sums without overflowing the stack", () => {
    expect(failure("(".repeat(100000)).code).toBe("FORMULA_SYNTAX");
    expect(failure(`${"2^".repeat(100000)}2`).code).toBe("FORMULA_SYNTAX");
    expect(value(`x${"+x".repeat(50000)}`, { x: 1 })).toBe(50001);
    expect(value(`${"!".repeat(1000)}1`)).toBe(1);
  });

  it("throws nothing but its own errors, whatever the text", () => {
    const pieces = fc.constantFrom(
      "x",
      "y",
      "sin",
      "(",
      ")",
      "|",
      "+",
      "-",
      "*",
      "/",
      "^",
      "2",
      "3.5",
      ",",
      " ",
      "?",
      ":",
      "<",
      "=",
      "²",
      "√",
      "π",
      "!",
      "&&",
      "`",
      "e",
      "if",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), fc.boolean(), (parts, strict) => {
        try {
          parseFormula(parts.join(""), strict ? { params: ["x", "y"] } : {}).build(new Map(["x", "y"].map((n) => [n, input(n, [])])));
        } catch (error) {
          expect(["FORMULA_SYNTAX", "NAME_UNKNOWN", "ARGUMENT_COUNT"]).toContain((error as { code: string }).code);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the catalogue of functions", () => {
  it("names each function once, with a meaning", () => {
    const names = formulaFunctions.flatMap((f) => f.names);
    expect(new Set(names).size).toBe(names.length);
    for (const f of formulaFunctions) expect(f.meaning.length).toBeGreaterThan(0);
  });
});
