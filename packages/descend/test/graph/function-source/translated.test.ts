import { type TransformOptions, transformSync } from "esbuild";
import { describe, expect, it } from "vitest";
import { classicProblems } from "../../../src/problems/classic.js";
import { moreGarbowHillstromProblems } from "../../../src/problems/more-garbow-hillstrom.js";
import { type AnyFunction, expectSameAsCalled, samplePoint } from "../compare-with-graph.js";

/**
 * Functions as they look after the tools people use. The oracle is the translated function itself, called with numbers; the
 * translators are the real ones where they are installed, and texts in their style where they are not.
 */

/** A few functions that use much of the language, as TypeScript. */
const sources: Readonly<Record<string, string>> = {
  helpers: `(x: number[]): number => {
    const square = (v: number): number => v * v;
    function weight(i: number, scale: number = 2): number { return i / scale + 1; }
    let total = 0;
    for (let i = 0; i < x.length; i++) { const d = x[i]! - weight(i); total += square(d); }
    return total;
  }`,
  branches: `(x: number[]): number => {
    const [a, b, ...rest] = x;
    if (a! > 0) { if (b! > 0) return a! * b!; return rest.reduce((s, v) => s + v, 0); }
    let s = 1;
    for (const v of rest) { if (v < 0) continue; else if (v > 1.5) s *= 2; else s += v ** 2; }
    return a! < -1 ? s : -s;
  }`,
  records: `(x: number[]): number => {
    type Layer = { w: readonly number[]; b: number };
    const layers: Layer[] = [{ w: [1, -1], b: x[0]! }, { w: [0.5, 2], b: x[1]! }];
    const { w: [p = 0, q = 1], b } = layers[0]!;
    return layers.map(({ w, b }) => Math.tanh(w[0]! * x[2]! + w[1]! * x[3]! + b)).reduce((s, v) => s + v, p * q + b) as number;
  }`,
  options: `(x: number[]): number => {
    const settings: { penalty?: number; start?: { value: number } } = { penalty: 0.1 };
    const sum = x.reduce((s, v, i) => s + (i % 2 === 0 ? v : -v) * (settings.start?.value ?? 1), 0);
    const size = Math.max(...x.map(Math.abs));
    return sum ** 2 + settings.penalty! * size || 1;
  }`,
  switches: `(x: number[]): number => {
    const kinds = ["square", "abs", "other"] as const;
    let s = 0;
    kinds.forEach((kind, k) => {
      switch (kind) { case "square": s += x[k]! ** 2; break; case "abs": s += Math.abs(x[k]!); break; default: s -= x[k]!; }
    });
    while (s < -1 && false) s += 1;
    return s;
  }`,
};

function evaluated(code: string): AnyFunction {
  return new Function(`${code}; return objective;`)() as AnyFunction;
}

const settings: Readonly<Record<string, TransformOptions>> = {
  "esbuild as it comes": {},
  "esbuild with names kept, as tsx does": { keepNames: true },
  "esbuild for ES2015": { target: "es2015" },
  "esbuild, minified": { minify: true, keepNames: false },
  "esbuild, minified with names kept": { minify: true, keepNames: true },
  "esbuild, minified for ES2019": { minify: true, target: "es2019" },
};

for (const [title, options] of Object.entries(settings)) {
  describe(title, () => {
    for (const [name, source] of Object.entries(sources)) {
      it(`${name} can be read`, () => {
        // At the top level of a module nothing would be renamed or shortened, so it sits in a function.
        const wrapped = `globalThis.__descendObjective = (() => { const objective = ${source}; return objective; })();`;
        const { code } = transformSync(wrapped, { loader: "ts", ...options });
        const objective = new Function(
          `${code}; const f = globalThis.__descendObjective; delete globalThis.__descendObjective; return f;`,
        )() as AnyFunction;
        expectSameAsCalled(objective, 5);
      });
    }
    for (const { name, objective, start } of [...classicProblems, ...moreGarbowHillstromProblems]) {
      it(`the problem ${name} can be read`, () => {
        const { code } = transformSync(
          `const objective = ${Function.prototype.toString.call(objective)}; globalThis.__descendObjective = objective;`,
          { loader: "js", ...options },
        );
        const translated = new Function(
          `${code}; const f = globalThis.__descendObjective; delete globalThis.__descendObjective; return f;`,
        )() as AnyFunction;
        expectSameAsCalled(translated, start.length, { points: [[...start]], rtol: 1e-10 });
      });
    }
  });
}

describe("texts in the style of other tools", () => {
  const cases: Readonly<Record<string, string>> = {
    "tsc for ES5": `var objective = function (_a) {
      var x = _a[0], y = _a[1], rest = _a.slice(2);
      var s = 0;
      for (var _i = 0, rest_1 = rest; _i < rest_1.length; _i++) { var v = rest_1[_i]; s += v * v; }
      return Math.pow(x, 2) + (s !== null && s !== void 0 ? s : 1) * y;
    }`,
    "the minifier of Vite":
      "const objective=e=>{let t=0;for(let n=0;n<e.length-1;n++){let r=e[n],i=e[n+1];r>0?t+=r*i:(t-=i,i<0&&(t*=1))}return e[0]>1?t:e[1]>0?-t:void 0===t?!0:t/2}",
    "a minifier that chains with && and commas":
      "const objective=(e,t=1,n)=>(n=0,e[0]>0&&(n+=e[1],n*=2),e[2]<0||(n-=e[3]),e.forEach((r,o)=>{o&1||(n+=r)}),n*t)",
    "type stripping, which leaves blanks":
      "const objective = (x          )         => {\n  const y         = x[0]  ;\n  return (y          ) * 2 + x[1] ;\n}",
    "coverage counters of istanbul": `
      function cov_1a2b() { return { s: [0, 0, 0, 0], f: [0, 0], b: [[0, 0], [0, 0]] }; }
      const objective = (x) => {
        cov_1a2b().f[0]++; cov_1a2b().s[0]++;
        let s = (cov_1a2b().s[1]++, 0);
        for (let i = 0; i < x.length; i++) { cov_1a2b().s[2]++; if (x[i] > 0) { cov_1a2b().b[0][0]++; cov_1a2b().s[3]++; s += x[i]; } else { cov_1a2b().b[0][1]++; } }
        return (cov_1a2b().b[1][0]++, s > 0) && (cov_1a2b().b[1][1]++, s < 2) ? s * 2 : s;
      }`,
    "coverage counters of istanbul, minified": `
      function cov_1a2b() { return { s: [0, 0, 0, 0], b: [[0, 0]] }; }
      const objective = (x) => {
        let s = 0, i;
        cov_1a2b().s[0]++, cov_1a2b().s[1]++;
        for (cov_1a2b().s[2]++, i = 0; i < x.length; i++) x[i] > 0 ? (cov_1a2b().b[0][0]++, s += x[i]) : cov_1a2b().b[0][1]++, i > 3 && cov_1a2b().s[3]++;
        do cov_1a2b().s[0]++; while (--i > 2);
        return s * i;
      }`,
    "names kept by esbuild on inner functions": `
      var __defProp = Object.defineProperty; var __name = (target, value) => __defProp(target, "name", { value, configurable: true });
      const objective = /* @__PURE__ */ __name((x) => { const f = /* @__PURE__ */ __name((v) => v * v, "f"); function g(v) { return f(v) + 1; } __name(g, "g"); return g(x[0]) + x[1]; }, "objective")`,
    "tsc's helpers for objects and arrays": `
      var __assign = Object.assign, __spreadArray = (a, b) => a.concat(b), __rest = (s, e) => Object.fromEntries(Object.entries(s).filter(([k]) => !e.includes(k)));
      var objective = function (x) { var o = __assign(__assign({}, { a: x[0], b: 2 }), { c: x[1] }); var a = o.a, rest = __rest(o, ["a"]); return a * rest.c + rest.b + __spreadArray(__spreadArray([], x, true), [1], false).length; };`,
    "spread arguments of tsc for ES5":
      'var objective = function (x) { var z = x.concat([1]); return Math.max.apply(Math, z) * Math.hypot.apply(void 0, z) + Math.pow.call(null, x[0], 2) + "".concat("a", 1).length; }',
    "tsc's iteration for ES5": `
      var __read = (o, n) => Array.from(o).slice(0, n);
      var objective = function (_a) { var _b = __read(_a, 2), x = _b[0], y = _b[1]; var _c = __read(_a), z = _c.slice(2); return x * y + z.length * z[0]; };`,
    "the helpers of swc": `
      var _sliced_to_array = (a, n) => a.slice(0, n), _to_array = (a) => a.slice(), _to_consumable_array = (a) => a.slice(), _object_spread = (...all) => Object.assign(...all), _object_spread_props = _object_spread;
      var _object_without_properties = (s, e) => Object.fromEntries(Object.entries(s).filter(([k]) => !e.includes(k)));
      var objective = function (x) { var _x = _sliced_to_array(x, 2), a = _x[0], _y = _to_array(x), rest = _y.slice(1); var o = _object_spread_props(_object_spread({}, { a: a, b: 1 }), { b: rest[0] }); var others = _object_without_properties(o, ["a"]); return a * others.b + [].concat(_to_consumable_array(rest), [2])[4]; };`,
    "the helpers of Babel": `
      var _slicedToArray = (a, n) => a.slice(0, n), _toArray = (a) => a.slice(), _arrayLikeToArray = _toArray, _toConsumableArray = _toArray, _objectSpread = (...all) => Object.assign(...all), _extends = _objectSpread;
      var _objectWithoutProperties = (s, e) => Object.fromEntries(Object.entries(s).filter(([k]) => !e.includes(k))), _objectWithoutPropertiesLoose = _objectWithoutProperties;
      function objective(x) { var _x = _slicedToArray(x, 2), a = _x[0], rest = _arrayLikeToArray(_toArray(x)).slice(1); var o = _extends({}, _objectSpread(_objectSpread({}, { a: a }), {}, { b: rest[1] })); return a * _objectWithoutProperties(o, ["a"]).b + Math.max.apply(Math, _toConsumableArray(rest)); }`,
    "an indirect call": "const objective = (x) => (0, Math.sin)(x[0]) + (0, ((v) => v * 2))(x[1])",
  };
  for (const [title, code] of Object.entries(cases)) {
    it(`${title} can be read`, () => {
      expectSameAsCalled(evaluated(code), 5, { points: [1, 2, 3, 4, 5, 6].map((seed) => samplePoint(5, seed)) });
    });
  }

  it("coverage counters do not hide other unknown names", () => {
    expect(() =>
      expectSameAsCalled(evaluated("const objective = (x) => { counters[0] += 1; return x[0]; }; const counters = [0];"), 2),
    ).toThrowError(expect.objectContaining({ code: "NAME_UNKNOWN" }));
    expect(() =>
      expectSameAsCalled(evaluated("const objective = (x) => { const n = counters[0]++; return x[0] + n; }; const counters = [0];"), 2),
    ).toThrowError(
      expect.objectContaining({
        details: expect.objectContaining({ construct: "the value of a counter that is defined outside of the function" }),
      }),
    );
  });
});
