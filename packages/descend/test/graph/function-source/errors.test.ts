import { describe, expect, it } from "vitest";
import { type ErrorCode, type ErrorDetails, TraceError } from "../../../src/errors.js";
import { input } from "../../../src/graph/build.js";
import { readFunction } from "../../../src/graph/function-source.js";
import { Tensor } from "../../../src/graph/tensor.js";
import { type AnyFunction, vector } from "../compare-with-graph.js";

/** Codes and details are stated by hand; the texts below keep their columns whatever translates this file. */

function fromText(text: string): AnyFunction {
  return new Function(`return (${text});`)() as AnyFunction;
}

function thrown(fn: AnyFunction, args: readonly Tensor[] = [vector(3)]): TraceError {
  try {
    readFunction(fn, args);
  } catch (error) {
    expect(error).toBeInstanceOf(TraceError);
    return error as TraceError;
  }
  return expect.unreachable("it was read");
}

function details<C extends ErrorCode>(error: TraceError, code: C): ErrorDetails[C] {
  expect(error.code).toBe(code);
  return error.details as ErrorDetails[C];
}

describe("a name that is not known", () => {
  it("is named with its place and the known names", () => {
    const error = thrown(fromText("(x) => {\n  const scale = 2;\n  return x[0] * scalee + rate;\n}"));
    expect(details(error, "NAME_UNKNOWN")).toMatchObject({ name: "scalee", nearest: "scale", line: 3, column: 17 });
    expect(details(error, "NAME_UNKNOWN").known).toEqual(expect.arrayContaining(["scale", "x"]));
    expect(error.message).toContain("scalee");
  });

  it("is not taken for another single letter, and of the host's names it is said that they are not needed", () => {
    expect(details(thrown(fromText("(p) => p[0] - K")), "NAME_UNKNOWN")).not.toHaveProperty("nearest");
    expect(details(thrown(fromText("(k) => k[0] - K")), "NAME_UNKNOWN").nearest).toBe("k");
    expect(thrown(fromText("(p) => { console.log(p[0]); return p[0]; }")).hint).not.toContain("constants");
    expect(thrown(fromText("(p) => p[0] - logger")).hint).toContain("constants: { logger }");
  });

  it("is found in a helper, in an assignment, and as a function", () => {
    expect(details(thrown(fromText("(x) => { const f = () => outer + 1; return f(); }")), "NAME_UNKNOWN").name).toBe("outer");
    expect(details(thrown(fromText("(x) => { total = x[0]; return total; }")), "NAME_UNKNOWN")).toMatchObject({
      name: "total",
      line: 1,
      column: 10,
    });
    expect(details(thrown(fromText("(x) => lib.loss(x[0])")), "NAME_UNKNOWN")).toMatchObject({ name: "lib", line: 1, column: 8 });
  });

  it("is not one that is only looked at by typeof or in code that is not reached", () => {
    readFunction(fromText("(x) => (typeof window === 'undefined' ? x[0] : window.value)"), [vector(1)]);
  });
});

describe("functions without readable source", () => {
  const cases: readonly (readonly [string, AnyFunction, string])[] = [
    ["a native function", Math.max, "a native function"],
    ["a bound function", ((x: number[]) => x[0]).bind(undefined) as AnyFunction, "a bound function"],
    ["a class", class {} as unknown as AnyFunction, "class"],
    [
      "what reads a private field",
      new (class {
        #a = 1;
        read = (x: number[]): number => x[0]! - this.#a;
      })().read as AnyFunction,
      "this",
    ],
    ["an async function", (async () => 1) as AnyFunction, "async function"],
    ["a generator", fromText("function* (x) { yield x[0]; }"), "generator function"],
  ];
  for (const [title, fn, construct] of cases) {
    it(`refuse ${title} by name`, () => {
      expect(details(thrown(fn), "SOURCE_UNREADABLE").construct).toBe(construct);
    });
  }
});

describe("constructs that cannot become part of a graph", () => {
  const cases: readonly (readonly [construct: string, source: string, line: number, column: number])[] = [
    ["this", "function (x) { return this.a * x[0]; }", 1, 23],
    ["try", "(x) => {\n  try { return x[0]; } catch { return 0; }\n}", 2, 3],
    ["throw", "(x) => {\n  if (x[0] > 0)\n    throw new Error('no');\n  return 1;\n}", 3, 5],
    ["a regular expression", "(x) => (/a/.test('a') ? x[0] : 1)", 1, 9],
    ["class", "(x) => { class A {} return x[0]; }", 1, 10],
    ["await", "(x) => { const f = 1; return x[0]; async function g() { await f; } }", 1, 36],
    ["new Map", "(x) => new Map([[1, x[0]]]).size", 1, 8],
    ["Math.random", "(x) => x[0] + Math.random()", 1, 15],
    ["the method sinn of an object", "(x) => Math.sinn(x[0])", 1, 8],
    ["the method toFixed of a number", "(x) => x[0].toFixed(2)", 1, 8],
    ["the method toFixed of the number 3", "(x) => x[0] * +(3).toFixed(200)", 1, 16],
    ["the method map of an array of 3", "(x) => (x.map ? x[0] : 1)", 1, 9],
    ["the method hasOwnProperty of an object", "(x) => ({ a: x[0] }).hasOwnProperty('a')", 1, 8],
    ["parseInt of a number that is not known while the function is read", "(x) => parseInt(x[0])", 1, 8],
    ["parseFloat of a condition", "(x) => parseFloat(x[0] > 0)", 1, 8],
    [
      "Float32Array of numbers not known while the function is read, which rounds them",
      "(x) => { const a = new Float32Array(2); a[1] = x[0]; return a[1]; }",
      1,
      43,
    ],
    [
      "Int32Array of numbers not known while the function is read, which rounds them",
      "(x) => { const a = new Int32Array(20); for (let i = 0; i < 20; i++) a[i] = x[0] * i; return a[1]; }",
      1,
      71,
    ],
    ["+ on an array of 3", "(x) => x + 1", 1, 8],
    ["Math.sin on an array of 3", "(x) => Math.sin(x)", 1, 8],
    ["the operator | on a number that is not known while the function is read", "(x) => x[0] | 0", 1, 8],
    [
      "a loop whose number of iterations depends on values that are not known while the function is read",
      "(x) => { let s = 0; for (let i = 0; i < x[0]; i++) s++; return s; }",
      1,
      37,
    ],
    [
      "switch on a value that is not known while the function is read",
      "(x) => { switch (x[0]) { case 1: return 1; default: return 2; } }",
      1,
      18,
    ],
    ["filter under a condition that is not known while the function is read", "(x) => x.filter((v) => v > 0).length", 1, 8],
    ["sort of numbers that are not known while the function is read", "(x) => x.sort((a, b) => a - b)[0]", 1, 8],
    ["an array of length that is not known while the function is read", "(x) => new Array(x[0]).length", 1, 8],
    ["an element of undefined", "(x) => x[7][0]", 1, 8],
    ["a call of undefined", "(x) => { let f; return f(x[0]); }", 1, 24],
    ["a function as the result", "(x) => () => x[0]", 1, 1],
    [
      "a change to an array or object that was chosen by a condition not known while the function is read",
      "(x) => { const a = [1], b = [2]; const c = x[0] > 0 ? a : b; c[0] = 5; return a[0]; }",
      1,
      64,
    ],
    ["a big integer", "(x) => x[0] * Number(10n)", 1, 22],
    ["a recursion that does not end", "(x) => { const f = (v) => f(v + 1); return f(x[0]); }", 1, 27],
  ];
  for (const [construct, source, line, column] of cases) {
    it(`names ${construct}`, () => {
      const error = thrown(fromText(source));
      if (construct === "await") {
        expect(details(error, "SOURCE_UNREADABLE").construct).toBe("async function");
        return;
      }
      expect(details(error, "SOURCE_UNREADABLE").construct).toBe(construct);
      if (construct === "a function as the result") return;
      expect(details(error, "SOURCE_UNREADABLE")).toMatchObject({ line, column });
      expect(error.message).toContain(`line ${line}, column ${column}`);
    });
  }

  it("names a value that differs in kind between branches, where it is used", () => {
    const error = thrown(fromText("(x) => {\n  let t;\n  if (x[0] > 0) t = x[1];\n  return t * 2;\n}"));
    expect(details(error, "SOURCE_UNREADABLE")).toMatchObject({
      construct: "a number or undefined, depending on a condition",
      line: 4,
      column: 10,
    });
  });

  it("refuses a calculation that would unroll into too many operations", () => {
    const error = thrown(fromText("(x) => { let a = x[0]; for (let i = 0; i < 1e6; i++) a = Math.sin(a) + x[1] * i; return a; }"));
    expect(details(error, "SOURCE_UNREADABLE").construct).toBe("a calculation of more than 200000 operations");
  });

  it("refuses a loop over known values that does not end", () => {
    const error = thrown(fromText("(x) => { let i = 0; while (true) i += 1; return x[0]; }"));
    expect(details(error, "SOURCE_UNREADABLE").construct).toBe("a loop that does not end soon");
  });

  it("does not hide the error of a loop body behind the attempt to read it at once", () => {
    const error = thrown(fromText("(x) => { let s = 0; for (let i = 0; i < 1000; i++) s += i * rate; return s; }"));
    expect(details(error, "NAME_UNKNOWN")).toMatchObject({ name: "rate", line: 1, column: 61 });
  });

  it("passes on what methods of tensors throw", () => {
    const fn = ((x: Tensor, w: Tensor) => x.matmul(w)) as never;
    expect(() => readFunction(fn, [vector(3), Tensor.of(input("w", [2, 2]))])).toThrowError(
      expect.objectContaining({ code: "SHAPE_MISMATCH" }),
    );
  });
});
