import { describe, expect, it } from "vitest";
import { input } from "../../src/graph/build.js";
import { readFunction } from "../../src/graph/function-source.js";
import { ROWS, topologicalOrder } from "../../src/graph/graph.js";
import { evaluate } from "../../src/graph/interpret.js";
import { Tensor } from "../../src/graph/tensor.js";
import { type AnyFunction, expectClose, expectSameAsCalled, nodeOf, samplePoint, vector } from "./compare-with-graph.js";

/** The oracle of every test in this file: the function itself, called with numbers. */

/** A function from its text, as it may look after other tools; evaluated in the global scope. */
function fromText(text: string): AnyFunction {
  return new Function(`return (${text});`)() as AnyFunction;
}

type V = number[];

function agree(cases: Readonly<Record<string, AnyFunction | string>>, n = 4): void {
  for (const [title, fn] of Object.entries(cases)) {
    it(title, () => {
      expectSameAsCalled(typeof fn === "string" ? fromText(fn) : fn, n);
    });
  }
}

describe("forms of functions", () => {
  const object = {
    method(x: V) {
      return x[0]! * 3;
    },
    [`computed${1}`](x: V) {
      return x[1]! - 1;
    },
  };
  function declared(x: V) {
    return x[0]! + x[1]!;
  }
  class Holder {
    static value(x: V): number {
      return x[0]! / x[1]!;
    }
  }
  agree({
    "reads an arrow function with an expression": (x: V) => x[0]! - x[1]!,
    "reads an arrow function with a block": (x: V) => {
      return x[0]! * x[1]!;
    },
    "reads a function declaration": declared,
    "reads a function expression": (x: V) => x[0]! ** 2,
    "reads a method": object.method,
    "reads a method with a computed name": object.computed1 as AnyFunction,
    "reads a static method": Holder.value,
    "reads an arrow function without parentheses": "x => x[0] + 1",
    "reads through comments and line breaks": "(x /* the point */) => // first\n /* second */ x[0] +\n x[1]",
    "reads a named function expression that calls itself": "function power(x, k = 3) { return k === 0 ? 1 : x[0] * power(x, k - 1); }",
    "reads a function that uses arguments": "function () { return arguments[0][1] * arguments.length; }",
  });
});

describe("private methods", () => {
  it("are read like others", () => {
    const { read } = new (class {
      read = this.#square;
      #square(x: number[]): number {
        return (x[0]! - 3) ** 2;
      }
    })();
    expectSameAsCalled(read as AnyFunction, 1);
  });
});

describe("parameters and destructuring", () => {
  agree({
    "takes arrays apart": ([a, b]: V) => a! - 2 * b!,
    "skips holes and takes the rest": ([a, , ...rest]: V) => a! + rest.length * rest[1]!,
    "uses defaults where an element is missing": ([a, , , , e = 7]: V) => a! * e,
    "takes nested arrays and objects apart": (x: V) => {
      const {
        a,
        b: [c, { d = 4 }],
      } = { a: x[0]!, b: [x[1]!, {} as { d?: number }] as const };
      return a * c + d;
    },
    "takes the remaining fields": (x: V) => {
      const { a, ...others } = { a: x[0]!, b: x[1]!, c: x[2]! };
      return a + others.b * others.c;
    },
    "swaps by destructuring assignment": (x: V) => {
      let [a, b] = x as [number, number];
      [a, b] = [b, a];
      return a - 3 * b;
    },
    "assigns to elements and fields by destructuring": (x: V) => {
      const to = { list: [0, 0], field: 0 };
      [to.list[1], to.field] = [x[0]!, x[1]!];
      return to.list[1]! + 2 * to.field;
    },
  });

  it("reads records of arrays, numbers and nested records", () => {
    const fn = ({ w, b, inner: { scale } }: { w: number[]; b: number; inner: { scale: number } }) => scale * (w[0]! * w[1]! + b);
    const result = readFunction(fn, [{ w: vector(2), b: Tensor.of(input("b", [])), inner: { scale: 3 } }]);
    const [value] = evaluate([nodeOf(result)], { inputs: { p: [2, 5], b: [0.5] } });
    expect(value![0]).toBe(fn({ w: [2, 5], b: 0.5, inner: { scale: 3 } }));
  });

  it("gives a tree of tensors and known values for a tree", () => {
    const result = readFunction(([a, b]: V) => ({ sum: a! + b!, known: 2 * 21, list: [a!, b! * 2], text: "t" }), [vector(2)]) as Record<
      string,
      unknown
    >;
    expect(result.known).toBe(42);
    expect(result.text).toBe("t");
    expect(Array.from(evaluate([nodeOf(result.list as Tensor)], { inputs: { p: [3, 5] } })[0]!)).toEqual([3, 10]);
  });

  it("gives the parameter's own node for an array that is passed through", () => {
    const p = vector(5);
    expect(nodeOf(readFunction((x: V) => x.map((v) => v), [p]))).toBe(p.node);
    expect(nodeOf(readFunction((x: V) => [...x], [p]))).toBe(p.node);
  });

  it("reads a matrix parameter as an array of arrays", () => {
    const fn = (m: number[][]) =>
      m[0]![1]! * m.length + m[1]![0]! * m[1]!.length - m.reduce((s, row) => s + row.reduce((t, v) => t + v, 0), 0);
    const result = readFunction(fn, [Tensor.of(input("m", [2, 3]))]);
    const [value] = evaluate([nodeOf(result)], { inputs: { m: [1, 2, 3, 4, 5, 6] } });
    expect(value![0]).toBe(
      fn([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    );
  });
});

describe("operators", () => {
  agree({
    "keeps precedence: −x² and 2^−x": ([x]: V) => -(x! ** 2) + 2 ** -x!,
    "has the remainder with the sign of the dividend": ([x, y]: V) => ((5.5 * x!) % 2) + (-7.25 % (y! + 3)),
    "adds and counts comparisons as numbers": ([x, y]: V) => Number(x! > y!) * 3 + Number(x! <= 0) - Number(x === y),
    "uses comparisons in arithmetic": "([x, y]) => (x < y) + 2 * (x >= y) + (x !== y)",
    "compares with == and !=": "([x, y]) => (x == y ? 1 : 2) + (x != 0 ? 10 : 20)",
    "chooses with ?:": ([x, y]: V) => (x! > 0 ? (y! > 0 ? 1 : 2 * x!) : y! * 3),
    "has && and || on conditions and on numbers":
      "([x, y]) => (x > 0 && y > 0 ? 1 : 2) + (x > 1 || y < 0 ? 10 : 20) + (x && y) + (0 || x) + (x > 9 || y)",
    negates: "([x]) => (!x ? 1 : 2) + !!x + (!(x > 0) ? 4 : 0)",
    "has ?? and optional chaining on known things": (x: V) => {
      const settings: { scale?: number; deep?: { k: number }; f?: (v: number) => number } = { deep: { k: 2 } };
      return (
        (settings.scale ?? x[0]!) * settings.deep!.k +
        (settings.f?.(3) ?? 1) +
        ((undefined as undefined | { a: { b: number } })?.a.b ?? x[1]!)
      );
    },
    "has compound assignment": (x: V) => {
      let s = x[0]!;
      s += x[1]!;
      s -= 2;
      s *= x[2]!;
      s /= 3;
      s **= 2;
      s %= 5;
      return s;
    },
    "has ++ and −− before and after": (x: V) => {
      let i = 0;
      let s = x[i++]! * x[i]!;
      s += x[++i]! + i--;
      s++;
      --s;
      return s * i;
    },
    "has logical assignment": (x: V) => {
      let a: number | undefined = x.length > 9 ? 1 : undefined;
      a ??= x[0]!;
      let b = 0;
      b ||= x[1]!;
      let c = 1;
      c &&= x[2]!;
      return a + b * c;
    },
    "has the comma, void and typeof":
      "(x) => { let s = 0; s = (s = 2, s + x[0]); return void 0 === undefined && typeof x[0] === 'number' && typeof nothing === 'undefined' ? s : -1; }",
    "has bits of known numbers": "(x) => x[1 << 1] * (5 & 6) + (7 ^ 2) - (~3 | 8) + (9 >> 1) + (-9 >>> 28)",
    "treats a missing element as JavaScript does": "(x) => (x[99] === undefined ? 1 : 2) + (x[99] + x[0] > 0 ? 1 : 5)",
    "is false for NaN in conditions": "([x]) => (Math.log(-1 - x * x) ? 1 : 2) + (NaN < x ? 1 : 2) + (!(NaN > x) ? 4 : 8)",
    "has methods of known texts and numbers":
      "(x) => x[0] * 'abc'.charCodeAt(1) + 'ab'.concat('c', 1).length + 'b,c'.split(',').length + +(2.345).toFixed(1) + ('xyz'.startsWith('x') ? x[1] : 0)",
    "has whole typed arrays of known numbers":
      "(x) => { const i = new Int8Array(3); i[0] = 2.9; i[1] = 257; i.fill(7, 2); return x[i[0]] * i[1] + i[2]; }",
    "has the fields of objects in JavaScript's order":
      "(x) => { const o = { b: x[0], 2: x[1], a: 3, 1: x[2] }; let s = 0; for (const k in o) s = 2 * s + o[k]; return s + Object.values(o)[0] * Object.keys(o).indexOf('b'); }",
    "has in and template texts on known names": "(x) => { const o = { a1: 2 }; return x[0] * ('a1' in o ? o[`a${1}`] : 5); }",
  });
});

describe("Math, Number and globals", () => {
  const unary = [
    "abs",
    "acosh",
    "asinh",
    "atan",
    "cbrt",
    "ceil",
    "cos",
    "cosh",
    "exp",
    "expm1",
    "floor",
    "round",
    "sign",
    "sin",
    "sinh",
    "tan",
    "tanh",
    "trunc",
  ];
  const positive = ["sqrt", "log", "log2", "log10", "log1p", "acosh"];
  const inner = ["asin", "acos", "atanh"];
  // cbrt, log2, asinh and the like are compositions with a few roundings each.
  for (const name of unary) {
    it(`has Math.${name}`, () => {
      expectSameAsCalled(fromText(`([x]) => Math.${name}(x) + Math.${name}(x * 1.7)`), 1, {
        points: [[-2.5], [-0.5], [0.3], [1.5], [2.5], [4]],
        rtol: 1e-13,
      });
    });
  }
  for (const name of positive) {
    it(`has Math.${name} of numbers from 1 on`, () => {
      expectSameAsCalled(fromText(`([x]) => Math.${name}(x)`), 1, { points: [[1], [1.25], [8], [1000]], rtol: 1e-13 });
    });
  }
  for (const name of inner) {
    it(`has Math.${name} between −1 and 1`, () => {
      expectSameAsCalled(fromText(`([x]) => Math.${name}(x)`), 1, { points: [[-0.9], [-0.1], [0], [0.75]], rtol: 1e-13 });
    });
  }
  agree({
    "has functions of several numbers": ([x, y, z]: V) =>
      Math.abs(x!) ** y! + Math.atan2(x!, y!) + Math.hypot(x!, y!) + Math.hypot(x!, y!, z!, 2) + Math.min(x!, y!, z!) - Math.max(x!, 1),
    "has min, max and hypot of spread arrays": (x: V) => Math.max(...x) - Math.min(...x, 0.1) + Math.hypot(...x),
    "has the constants": ([x]: V) =>
      x! * Math.PI + Math.E - Math.SQRT2 * Math.LN2 + Math.LN10 + Math.LOG2E + Math.LOG10E + Math.SQRT1_2 + Number.EPSILON,
    "calls functions of Math by another name": (x: V) => {
      const { sin, cos } = Math;
      const f = Math.exp;
      return sin(x[0]!) * cos(x[1]!) + f(x[2]!);
    },
    "asks for NaN and finite numbers":
      "([x]) => (Number.isNaN(x / 0 - x / 0) ? 1 : 2) + (Number.isFinite(1 / (x * 0)) ? 10 : 20) + (isFinite(x) ? 100 : 0) + (isNaN(x) ? 1000 : 0)",
    "asks for whole numbers": "([x]) => (Number.isInteger(Math.round(x)) ? 1 : 0) + (Number.isInteger(x) ? 10 : 0)",
    "has parseFloat and parseInt":
      "([x]) => parseFloat(x) * parseFloat('2.5rem') + Number.parseFloat(x) * parseInt('11', 2) + Number.parseInt('12px')",
    "has Number, Boolean, Infinity and NaN": "([x]) => Number(x) + Number(x > 0) + (Boolean(x) ? 1 : 0) + (x < Infinity ? 1 : NaN)",
  });
});

describe("branches", () => {
  agree({
    "merges variables that either branch assigns": (x: V) => {
      let a = 1;
      let b = x[2]!;
      if (x[0]! > 0) {
        a = x[1]!;
        b += 1;
      } else {
        b *= 2;
      }
      return a * b;
    },
    "merges without else": (x: V) => {
      let s = x[0]!;
      if (s < 0) s = -s;
      return s;
    },
    "returns early": (x: V) => {
      if (x[0]! > 0.5) return x[1]! * 2;
      if (x[1]! > 0) {
        if (x[2]! > 0) return 5;
      } else if (x[3]! > 0) return -x[3]!;
      const rest = x[2]! - 1;
      return rest * x[0]!;
    },
    "keeps what was assigned before an early return": (x: V) => {
      let s = 0;
      const f = (v: number) => {
        s += 1;
        if (v > 0) {
          s += v;
          return v;
        }
        s -= 10;
        return 2 * v;
      };
      return f(x[0]!) + f(x[1]!) + s;
    },
    "returns from inside a loop under a condition": (x: V) => {
      for (const v of x) if (v > 1) return v;
      return -1;
    },
    "breaks and continues under a condition": (x: V) => {
      let s = 0;
      for (const v of x) {
        if (v > 1.2) break;
        if (v < 0) continue;
        s += v;
      }
      return s;
    },
    "stops an iteration when it has converged": ([a]: V) => {
      const target = Math.abs(a!) + 1;
      let root = target;
      for (let k = 0; k < 20; k++) {
        const next = 0.5 * (root + target / root);
        if (Math.abs(next - root) < 1e-12) break;
        root = next;
      }
      return root;
    },
    "continues an outer loop": (x: V) => {
      let s = 0;
      outer: for (let i = 0; i < 3; i++) {
        for (let j = 0; j < 3; j++) {
          if (j > i) continue outer;
          if (x[i]! < x[j]!) break outer;
          s += x[i]! * (j + 1);
        }
      }
      return s;
    },
    "merges elements of arrays and fields of records": (x: V) => {
      const list = [1, 2, 3];
      const record = { a: 1, b: x[0]! };
      if (x[0]! > x[1]!) {
        list[1] = x[2]!;
        record.a = 5;
      } else {
        list[2] = x[3]!;
        record.b = 0;
      }
      return list[0]! + 10 * list[1]! + 100 * list[2]! + record.a * record.b;
    },
    "merges rows of a matrix, also where a variable holds one": (x: V) => {
      const m = Array.from({ length: 20 }, (_, i) => Array.from({ length: 3 }, (_, j) => i + j));
      const row = m[1]!;
      if (x[0]! > 0) {
        m[0]![1] = x[1]!;
        row[2] = 7;
      } else m[2] = [x[2]!, 1, 2];
      row[0]! += 1;
      if (x[1]! > 0) m[3]![0] = x[3]!;
      return m.reduce((s, r, i) => s + r[0]! * (i + 1) + r[1]! * r[2]!, 0);
    },
    "chooses between matrices": (x: V) => {
      const a = [
        [x[0]!, 1],
        [2, 3],
      ];
      const b = [
        [4, x[1]!],
        [x[2]!, 5],
      ];
      const m = x[3]! > 0 ? a : b;
      return m[0]![0]! * m[1]![1]! - m[0]![1]! * m[1]![0]!;
    },
    "merges arrays that are chosen as a whole": (x: V) => {
      const [a, b] = x[0]! > 0 ? [x[1]!, 2] : [3, x[2]!];
      const pair = x[1]! > 0 ? { u: a, v: b } : { u: b, v: 1 };
      return pair.u - 2 * pair.v!;
    },
    "has side effects in && and ternaries":
      "(x) => { let s = 0; x[0] > 0 && (s += x[1]); x[1] > 0 ? (s *= 2) : (s -= 1); x[2] > 0 || (s = 7); return s; }",
    "ignores what only one branch defines": (x: V) => {
      let t: number | undefined;
      let s = 0;
      if (x[0]! > 0) {
        t = x[1]!;
        s += t;
      }
      return s;
    },
    "switches on known values": (x: V) => {
      let s = 0;
      for (let k = 0; k < 4; k++) {
        switch (k % 3) {
          case 0:
            s += x[k]!;
          // falls through
          case 1:
            s *= 2;
            break;
          default:
            s -= x[k]!;
        }
      }
      return s;
    },
    "skips a throw that is not reached": (x: V) => {
      if (x.length !== 4) throw new Error("four numbers");
      return x[0]!;
    },
  });
});

describe("loops and functions", () => {
  agree({
    "runs for, for-of, for-in, while and do-while": (x: V) => {
      let s = 0;
      for (let i = 0; i < x.length; i++) s += x[i]! * i;
      for (let i = x.length - 1; i >= 0; i -= 2) s -= x[i]!;
      for (const v of x) s += v;
      const record: Record<string, number> = { a: 2, b: 3 };
      for (const key in record) s *= record[key]!;
      let k = 0;
      while (k < 3) s += x[k++]!;
      do s /= 2;
      while (--k > 0);
      for (;;) {
        if (++k > 3) break;
        s += k;
      }
      return s;
    },
    "closes over each iteration's own variable": (x: V) => {
      const functions: (() => number)[] = [];
      for (let i = 0; i < 3; i++) functions.push(() => x[i]! * i);
      return functions.reduce((s, f) => s + f(), 0);
    },
    "calls helpers, closures and recursions": (x: V) => {
      const square = (v: number) => v * v;
      function sum(list: number[], from = 0): number {
        return from === list.length ? 0 : square(list[from]!) + sum(list, from + 1);
      }
      const compose = (f: (v: number) => number, g: (v: number) => number) => (v: number) => f(g(v));
      return sum(x) + compose(square, Math.sin)(x[0]!);
    },
    "hoists functions and var":
      "function (x) { var s = f(x[0]); for (var i = 0; i < 3; i++) { var t = x[i]; s += t; } return s + t * i; function f(v) { return v * w(); } function w() { return 3; } }",
    "fills arrays by index": (x: V) => {
      const y = new Array<number>(4).fill(0);
      const z = new Float64Array(4);
      for (let i = 0; i < 4; i++) {
        y[i] = x[i]! ** 2;
        z[3 - i]! += y[i]!;
      }
      y[0]! -= 1;
      return y[0]! * z[0]! + y[3]! + z.length;
    },
    "solves a linear recurrence in place": (x: V) => {
      const y = [...x];
      for (let i = 1; i < y.length; i++) y[i]! += 0.5 * y[i - 1]!;
      return y[y.length - 1]!;
    },
    "changes rows of a matrix made in the function": (x: V) => {
      const m = Array.from({ length: 2 }, () => new Array<number>(2).fill(0));
      m[0]![0] = x[0]!;
      m[1]![0] = x[1]!;
      const row = m[1]!;
      row[1] = x[2]!;
      return m[0]![0]! * m[1]![1]! - m[0]![1]! * m[1]![0]! + row[0]!;
    },
    "does not change the caller's array": (x: V) => {
      const y = x;
      y[0] = 2 * y[0]!;
      return x[0]! + y[1]!;
    },
  });
});

describe("methods of arrays", () => {
  agree({
    "has map, filter, reduce, forEach and flatMap": (x: V) => {
      let s = 0;
      x.map((v, i) => v * i)
        .filter((_, i) => i % 2 === 1)
        .forEach((v) => {
          s += v;
        });
      return s + x.flatMap((v) => [v, v * v]).reduce((a, b) => a + b) + x.reduceRight((a, v) => 0.5 * a + v, 0);
    },
    "has some and every": (x: V) =>
      (x.some((v) => v > 1) ? 1 : 2) + (x.every((v) => v < 1.5) ? 10 : 20) + (x.every((_, i) => i < 9) ? 100 : 200),
    "has slice, concat, at, flat, fill, reverse, indexOf, includes, find": (x: V) => {
      const y = x.slice(1, -1).concat([1, 2], x.at(-1)!);
      const nested = [[x[0]!, x[1]!], [x[2]!]].flat();
      const known = [3, 1, 2].sort((a, b) => a - b);
      return (
        y.reverse()[0]! +
        nested[2]! * known.indexOf(2) +
        (known.includes(3) ? y.length : 0) +
        known.find((k) => k > 1)! +
        [0, 0, 0].fill(x[3]!, 1)[2]!
      );
    },
    "has push, pop, shift, unshift and splice": (x: V) => {
      const y: number[] = [];
      y.push(x[0]!, x[1]!);
      y.unshift(x[2]!);
      const last = y.pop()!;
      y.splice(1, 0, 5, x[3]!);
      return y.shift()! * 2 + last + y.length * y[1]!;
    },
    "has keys, entries, values, Array.from, Array.of and spreading": (x: V) => {
      let s = 0;
      for (const [i, v] of x.entries()) s += i * v;
      for (const i of Array(3).keys()) s += i;
      for (const v of x.values()) s -= v / 2;
      return (
        s +
        Math.max(...Array.from({ length: 3 }, (_, k) => x[k]! * k)) +
        Array.of(...x, 1)[4]! +
        [...x, ...x].length +
        Array.from(x, (v) => v * 2)[1]!
      );
    },
    "has Object.keys, values, entries, assign and spread": (x: V) => {
      const record = { a: x[0]!, b: x[1]! };
      const all: Record<string, number> = { ...record, c: x[2]!, ...Object.fromEntries([["d", x[3]!]]) };
      return (
        Object.values(all).reduce((s, v) => s + v, 0) +
        Object.keys(all).length +
        Object.entries(record).reduce((s, [name, v]) => s + (name === "a" ? v : 2 * v), 0) +
        Object.assign({ a: 1 }, record).a
      );
    },
    "maps with a function of Math": (x: V) =>
      x
        .map(Math.abs)
        .map((v) => Math.sqrt(v))
        .reduce((a, b) => a * b, 1),
  });
});

describe("tensors in plain functions", () => {
  it("calls methods that only tensors have", () => {
    const p = vector(3);
    const fn = (x: Tensor) => x.square().sum().add(1);
    const [value] = evaluate([nodeOf(readFunction(fn as never, [p]))], { inputs: { p: [1, 2, 3] } });
    expect(value![0]).toBe(15);
  });

  it("mixes methods of tensors with operators and indices", () => {
    // What reads as tensor here and as array there has no type of its own.
    // biome-ignore lint/suspicious/noExplicitAny: both at once
    const fn = (x: any, w: any): number => x.matmul(w)[0] * 2 + x.mean() + x.shape[0];
    const result = readFunction(fn as never, [vector(2), Tensor.of(input("w", [2, 3]))]);
    const [value] = evaluate([nodeOf(result)], { inputs: { p: [2, 4], w: [1, 2, 3, 4, 5, 6] } });
    expect(value![0]).toBe((2 * 1 + 4 * 4) * 2 + 3 + 2);
  });

  it("gathers at an index that is known only later", () => {
    const fn = (x: V, i: number) => x[i]! * 2 + x[i + 1]!;
    const result = readFunction(fn, [vector(4), Tensor.of(input("i", []))]);
    for (const i of [0, 1, 2]) {
      expect(evaluate([nodeOf(result)], { inputs: { p: [1, 10, 100, 1000], i: [i] } })[0]![0]).toBe(fn([1, 10, 100, 1000], i));
    }
  });
});

describe("functions of a row", () => {
  const rows = 5;
  const column = (name: string): Tensor => Tensor.of(input(name, [ROWS]));
  const x = samplePoint(rows, 1);
  const y = samplePoint(rows, 2);

  function expectRowwise(fn: AnyFunction, result: Tensor, params: unknown, bound: Record<string, number[]>, width = 0): void {
    const [values] = evaluate([nodeOf(result)], { inputs: { ...bound, x, y } });
    for (let r = 0; r < rows; r++) {
      const row = { x: x[r]!, y: y[r]!, features: width === 0 ? [] : bound.features!.slice(r * width, (r + 1) * width) };
      expectClose(values![r]!, (fn as (p: unknown, row: unknown) => number)(params, row), 1e-12, `row ${r}`);
    }
  }

  it("has one number for each row", () => {
    const fn = (p: { a: number; b: number }, row: { x: number; y: number }) => {
      const residual = p.a * row.x + p.b - row.y;
      return Math.abs(residual) < 0.5 ? residual ** 2 : Math.abs(residual) - 0.25;
    };
    const result = readFunction(fn, [
      { a: Tensor.of(input("a", [])), b: Tensor.of(input("b", [])) },
      { x: column("x"), y: column("y") },
    ]) as Tensor;
    expectRowwise(fn, result, { a: 2, b: -0.5 }, { a: [2], b: [-0.5] });
  });

  it("reads a column at a row's own index and gathers a parameter at it", () => {
    const fn = (p: { level: number[] }, row: { x: number; y: number }) => p.level[Math.floor(Math.abs(row.x))]! - row.y;
    const result = readFunction(fn, [{ level: Tensor.of(input("level", [3])) }, { x: column("x"), y: column("y") }]) as Tensor;
    expectRowwise(fn, result, { level: [1, 20, 300] }, { level: [1, 20, 300] });
  });

  for (const width of [3, 5, 20]) {
    it(`turns a weighted sum over ${width} features into ${width > 3 ? "a product of a matrix and a vector" : "a few operations"}`, () => {
      const features = samplePoint(rows * width, 3);
      const w = samplePoint(width, 4);
      const fn = (p: { w: number[]; b: number }, row: { y: number; features: number[] }) => {
        let s = p.b;
        for (let j = 0; j < row.features.length; j++) s += p.w[j]! * row.features[j]!;
        return (s - row.y) ** 2;
      };
      const reduced = (p: { w: number[]; b: number }, row: { y: number; features: number[] }) =>
        (row.features.reduce((s, v, j) => s + v * p.w[j]!, 0) + p.b - row.y) ** 2;
      for (const each of [fn, reduced]) {
        const params = { w: Tensor.of(input("w", [width])), b: Tensor.of(input("b", [])) };
        const result = readFunction(each, [params, { y: column("y"), features: Tensor.of(input("features", [ROWS, width])) }]) as Tensor;
        expectRowwise(each, result, { w, b: 0.25 }, { w, b: [0.25], features }, width);
        const operations = new Set<string>();
        const visit = (node: ReturnType<typeof nodeOf>): void => {
          operations.add(node.op);
          node.inputs.forEach(visit);
        };
        visit(result.node);
        expect(operations.has("dot")).toBe(width > 3);
      }
    });
  }

  it("reads softmax regression with the class of a row as an index", () => {
    const width = 5;
    const classes = 4;
    const features = samplePoint(rows * width, 8);
    const w = samplePoint(classes * width, 9);
    const b = samplePoint(classes, 10);
    const fn = (p: { w: number[][]; b: number[] }, row: { features: number[]; x: number }) => {
      const z = p.w.map((weights, k) => weights.reduce((s, v, j) => s + v * row.features[j]!, p.b[k]!));
      const largest = Math.max(...z);
      return largest + Math.log(z.reduce((s, v) => s + Math.exp(v - largest), 0)) - z[Math.floor(Math.abs(row.x) * 1.9)]!;
    };
    const params = { w: Tensor.of(input("w", [classes, width])), b: Tensor.of(input("b", [classes])) };
    const result = readFunction(fn, [params, { x: column("x"), features: Tensor.of(input("features", [ROWS, width])) }]) as Tensor;
    const nested = Array.from({ length: classes }, (_, k) => w.slice(k * width, (k + 1) * width));
    expectRowwise(fn, result, { w: nested, b }, { w, b, features }, width);
  });

  it("reads a factor model with two gathers", () => {
    const fn = (p: { u: number[][]; v: number[][] }, row: { x: number; y: number }) => {
      const u = p.u[Math.floor(Math.abs(row.x))]!;
      const v = p.v[Math.floor(Math.abs(row.y))]!;
      return u.reduce((s, a, k) => s + a * v[k]!, 0);
    };
    const [u, v] = [samplePoint(6, 11), samplePoint(6, 12)];
    const result = readFunction(fn, [
      { u: Tensor.of(input("u", [3, 2])), v: Tensor.of(input("v", [3, 2])) },
      { x: column("x"), y: column("y") },
    ]) as Tensor;
    const nested = (flat: number[]): number[][] => [flat.slice(0, 2), flat.slice(2, 4), flat.slice(4, 6)];
    expectRowwise(fn, result, { u: nested(u), v: nested(v) }, { u, v });
  });

  it("reads a small network of a row", () => {
    const width = 6;
    const hidden = 5;
    const features = samplePoint(rows * width, 5);
    const w1 = samplePoint(width * hidden, 6);
    const w2 = samplePoint(hidden, 7);
    const fn = (p: { w1: number[][]; w2: number[] }, row: { features: number[]; y: number }) => {
      const h = p.w1.map((weights) => Math.tanh(weights.reduce((s, w, j) => s + w * row.features[j]!, 0)));
      return h.reduce((s, v, k) => s + v * p.w2[k]!, 0) - row.y;
    };
    const params = { w1: Tensor.of(input("w1", [hidden, width])), w2: Tensor.of(input("w2", [hidden])) };
    const result = readFunction(fn, [params, { y: column("y"), features: Tensor.of(input("features", [ROWS, width])) }]) as Tensor;
    const nested = Array.from({ length: hidden }, (_, k) => w1.slice(k * width, (k + 1) * width));
    expectRowwise(fn, result, { w1: nested, w2 }, { w1, w2, features }, width);
    // input ×4, product, tanh, product, difference.
    expect(topologicalOrder([result.node]).length).toBe(8);
  });
});

describe("constants", () => {
  it("takes numbers, arrays, records and functions from outside", () => {
    const fn = fromText("(x) => scale * x[0] + table[1][0] * x[1] + settings.shift + twice(x[2])");
    const constants = {
      scale: 3,
      table: [
        [1, 2],
        [30, 4],
      ],
      settings: { shift: 0.5 },
      twice: (v: number) => 2 * v,
    };
    const node = nodeOf(readFunction(fn, [vector(3)], { constants }));
    expect(evaluate([node], { inputs: { p: [1, 2, 3] } })[0]![0]).toBe(3 + 60 + 0.5 + 6);
  });

  it("takes typed arrays and long tables", () => {
    const t = Float64Array.from({ length: 50 }, (_, i) => i / 10);
    const measured = Array.from(t, (v) => 2 * Math.exp(-0.3 * v));
    const fn = ([a, b]: V) => {
      let s = 0;
      for (let i = 0; i < t.length; i++) s += (a! * Math.exp(-b! * t[i]!) - measured[i]!) ** 2;
      return s;
    };
    expect(expectSameAsCalled(fn, 2, { constants: { t, measured }, scale: 0.5 })).toBeLessThan(20);
  });
});
