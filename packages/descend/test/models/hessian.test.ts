import { describe, expect, it } from "vitest";
import { CurvatureProbe } from "../../src/minimize/objective/curvature-probe.js";
import { readObjective } from "../../src/minimize/objective/objective.js";
import { readTable, type TableData } from "../../src/minimize/objective/rows.js";
import type { FitOptions } from "../../src/models/fit-options.js";
import type { FitParams } from "../../src/models/fit-problem.js";
import { hessianMatrix } from "../../src/models/hessian.js";
import { readFit } from "../../src/models/read-fit.js";
import { threefryUniform } from "../../src/numeric/random.js";
import { flatten, unflatten } from "../../src/tree/tree.js";
import { compile } from "../../src/wasm/compile.js";

const ROWS = 61;
const uniform = (stream: number): Float64Array => Float64Array.from({ length: ROWS }, (_, i) => threefryUniform(17, stream, i));
/** With zeros, which are passed over. */
const features = { a: uniform(1), b: uniform(2).map((u) => (u < 0.5 ? 0 : u)), c: uniform(3).map((u) => 100 * u) };
const classes = (count: number): string[] => Array.from(uniform(4), (u) => `class ${Math.floor(count * u)}`);
const weights = uniform(5).map((u) => Math.floor(3 * u));

const fits: readonly (readonly [string, FitOptions])[] = [
  ["least squares with a penalty", { model: { kind: "ridge", alpha: 2 }, features, target: uniform(6) }],
  ["Huber's loss", { model: { kind: "huber", delta: 0.1 }, features, target: uniform(6), weights }],
  ["a logistic model", { model: { kind: "logistic", lambda: 0.1 }, features, target: classes(2) }],
  ["one with weights and no intercept", { model: { kind: "logistic" }, features, target: classes(2), weights, intercept: false }],
  ["a softmax model", { model: { kind: "softmax", lambda: 0.1 }, features, target: classes(4), weights }],
  ["one without intercepts", { model: { kind: "softmax" }, features, target: classes(3), intercept: false }],
  ["one with weights of every class", { model: { kind: "softmax", lambda: 0.1, l1Ratio: 0.5 }, features, target: classes(3) }],
];

describe("the Hessian of a fit from its rows", () => {
  it.each(fits)("is that of its compiled objective, to 10⁻¹³: %s (oracle: forward over reverse differentiation)", (_, options) => {
    const { problem } = readFit(options);
    const { layout, values } = flatten(problem.start as never);
    const n = layout.size;
    const table = readTable(problem.data as TableData);
    const read = readObjective(problem.objective() as never, layout, {
      table,
      start: new Float64Array(layout.size),
      constants: {},
      sign: 1,
    });
    if (read.kind !== "graph") throw new Error(read.reason);
    const probe = new CurvatureProbe(read.graph, { layout, dtype: "float64", table, compile, compileOptions: {} });
    const at = values.map((_, i) => threefryUniform(23, 0, i) - 0.4);
    const hessian = hessianMatrix(problem, unflatten(layout, at) as unknown as FitParams);
    const multiply = probe.hessianVector(at);
    const scale = Math.max(...hessian.map(Math.abs));
    expect(scale).toBeGreaterThan(0.01);
    for (let j = 0; j < n; j++) {
      const column = multiply(new Float64Array(n).fill(1, j, j + 1));
      column.forEach((value, i) => expect(Math.abs(hessian[i * n + j]! - value)).toBeLessThanOrEqual(1e-13 * scale));
    }
  });
});
